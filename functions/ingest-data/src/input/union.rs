//! The columns of several files: the same where their names are, in the order in which they first appear.

use std::collections::HashMap;

/// The columns of the files so far.
#[derive(Debug, Default)]
pub(crate) struct Union {
    places: HashMap<String, usize>,
}

impl Union {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Where each of a file's columns is among all. Those that are new are added, to `new` as well.
    pub(crate) fn add(&mut self, names: &[String], new: &mut Vec<String>) -> Vec<usize> {
        let place = |name: &String| {
            let next = self.places.len();
            *self.places.entry(name.clone()).or_insert_with(|| {
                new.push(name.clone());
                next
            })
        };
        names.iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_same_where_their_names_are() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (mut union, mut new) = (Union::default(), Vec::new());
        assert_eq!(union.add(&names(&["a", "b"]), &mut new), [0, 1]);
        assert_eq!(union.add(&names(&["c", "a"]), &mut new), [2, 0]);
        assert_eq!((new, union.len()), (names(&["a", "b", "c"]), 3));
    }
}
