//! Names of sheets, as Excel allows them: <https://support.microsoft.com/office/rename-a-worksheet-3f1f7148>.

use std::collections::HashSet;

use super::text::{clean, prefix};

/// The UTF-16 units that a name has.
const MAX_UNITS: usize = 31;

/// What a sheet must not be called in any case, because Excel has one.
const RESERVED: &str = "history";

/// The names that are taken, in lower case: Excel does not tell names apart by it.
#[derive(Debug, Default)]
pub(super) struct SheetNames(HashSet<String>);

impl SheetNames {
    /// A name after a title that no sheet has yet.
    pub(super) fn take(&mut self, title: &str) -> String {
        let base = valid(title);
        let mut name = prefix(&base, MAX_UNITS).trim_end_matches(['\'', ' ']).to_owned();
        let mut number = 2_u32;
        while name.to_lowercase() == RESERVED || !self.0.insert(name.to_lowercase()) {
            let suffix = format!(" ({number})");
            name = prefix(&base, MAX_UNITS - suffix.len()).trim_end().to_owned() + &suffix;
            number += 1;
        }
        name
    }
}

/// The title without what no name may have. Not empty.
fn valid(title: &str) -> String {
    let is_forbidden = |character: char| {
        character.is_control() || matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\u{fffd}')
    };
    let replaced = clean(title).replace(is_forbidden, "_");
    match replaced.trim().trim_start_matches('\'').trim() {
        "" => "Sheet".to_owned(),
        name if name.chars().all(|character| character == '\'') => "Sheet".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names_of_sheets() {
        let name = |title: &str| SheetNames::default().take(title);
        assert_eq!(name("Revenue by region"), "Revenue by region");
        assert_eq!(name("[a]:*?/\\b"), "_a______b");
        assert_eq!(name("'quoted'"), "quoted");
        assert_eq!(name("''"), "Sheet");
        assert_eq!(name("\u{0}\n"), "__");
        assert_eq!(name("HISTORY"), "HISTORY (2)");
        assert_eq!(name(&"x".repeat(100)), "x".repeat(31));
        assert_eq!(name(&"🎉".repeat(100)), "🎉".repeat(15));
    }

    #[test]
    fn names_are_unique_whatever_their_case() {
        let mut names = SheetNames::default();
        assert_eq!(names.take("Sales"), "Sales");
        assert_eq!(names.take("SALES"), "SALES (2)");
        assert_eq!(names.take("sales"), "sales (3)");
        let long = "y".repeat(40);
        assert_eq!(names.take(&long), "y".repeat(31));
        assert_eq!(names.take(&long), format!("{} (2)", "y".repeat(27)));
    }
}
