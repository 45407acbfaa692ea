//! Names of columns: as the file has them, with numbers where they are missing or repeated.

use std::collections::HashSet;

use shared::model::import::ImportError;
use shared::model::table::MAX_NAME_CHARACTERS;

use crate::failure::{ImportFailure, Outcome, shown};
use crate::limits::Limits;

/// The names of a header's columns. An empty one becomes `column_3` after its place; one that is there already becomes `name (2)`,
/// `name (3)` and so on. What the file itself says goes first: a number that would make a name that is somewhere in the header is
/// passed over.
pub(crate) fn of_header(header: Vec<String>, row: u64, limits: &Limits) -> Outcome<Vec<String>> {
    check_count(header.len(), row, limits)?;
    for name in &header {
        check_length(name, row)?;
    }
    let mut taken: HashSet<String> = header.iter().filter(|name| !name.is_empty()).cloned().collect();
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(header.len());
    for (index, name) in header.into_iter().enumerate() {
        let name = if name.is_empty() {
            free(&format!("column_{}", index + 1), &mut taken)
        } else if seen.contains(&name) {
            free(&name, &mut taken)
        } else {
            name
        };
        seen.insert(name.clone());
        names.push(name);
    }
    Ok(names)
}

/// The names of the columns of a table without a header.
pub(crate) fn numbered(count: usize, row: u64, limits: &Limits) -> Outcome<Vec<String>> {
    check_count(count, row, limits)?;
    Ok((1..=count).map(|number| format!("column_{number}")).collect())
}

/// A name that is not taken yet: this one, or one with a number.
pub(crate) fn free(name: &str, taken: &mut HashSet<String>) -> String {
    if taken.insert(name.to_owned()) {
        return name.to_owned();
    }
    for number in 2_u64.. {
        let ending = format!(" ({number})");
        let room = MAX_NAME_CHARACTERS - ending.len();
        let numbered = name.chars().take(room).chain(ending.chars()).collect::<String>();
        if taken.insert(numbered.clone()) {
            return numbered;
        }
    }
    unreachable!("there are more numbers than names")
}

/// Refuses a table that is too wide.
pub(crate) fn check_count(count: usize, row: u64, limits: &Limits) -> Outcome<()> {
    if count <= limits.columns {
        return Ok(());
    }
    let reason = format!("The table has {count} columns. A table may have at most {}.", limits.columns);
    Err(ImportFailure::of(ImportError { row: Some(row), ..ImportError::of_all(reason) }))
}

/// Refuses a name that is too long, or has a character that is none.
pub(crate) fn check_length(name: &str, row: u64) -> Outcome<()> {
    let reason = if name.contains('\0') {
        "The name of a column has a NUL character. Remove it.".to_owned()
    } else if name.chars().nth(MAX_NAME_CHARACTERS).is_some() {
        format!("The name of a column may have at most {MAX_NAME_CHARACTERS} characters.")
    } else {
        return Ok(());
    };
    let value = Some(shown(name.as_bytes()));
    Err(ImportFailure::of(ImportError { row: Some(row), value, ..ImportError::of_all(reason) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &[&str]) -> Vec<String> {
        let header = header.iter().map(|&name| name.to_owned()).collect();
        of_header(header, 1, &Limits::default()).unwrap()
    }

    #[test]
    fn names_are_as_they_are() {
        assert_eq!(names(&[" a ", "B", "😀", "مرحبا"]), [" a ", "B", "😀", "مرحبا"]);
    }

    #[test]
    fn empty_and_repeated_ones_are_numbered_without_collision() {
        assert_eq!(names(&["a", "", "a", "a"]), ["a", "column_2", "a (2)", "a (3)"]);
        assert_eq!(names(&["", "column_1"]), ["column_1 (2)", "column_1"]);
        assert_eq!(names(&["a", "a", "a (2)"]), ["a", "a (3)", "a (2)"]);
        assert_eq!(names(&["a (2)", "a", "a"]), ["a (2)", "a", "a (3)"]);
        let long = "x".repeat(255);
        let twice = names(&[&long, &long]);
        assert_eq!(twice[1].chars().count(), 255);
        assert!(twice[1].ends_with("x (2)"));
    }

    #[test]
    fn too_many_and_too_long_ones_are_refused() {
        assert!(of_header(vec!["x".repeat(256)], 1, &Limits::default()).is_err());
        assert!(of_header(vec![String::new(); 2_001], 1, &Limits::default()).is_err());
        assert!(numbered(20_000, 1, &Limits::default()).is_err());
    }
}
