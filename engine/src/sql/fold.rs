//! Finding a text whatever its case, as a regular expression that needs no rules for cases: each letter becomes the class of all its
//! forms. So it finds the same in every database, whatever its locale, as where rows are in files.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

/// A pattern that finds the text whatever its case.
pub(crate) fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() * 4);
    for character in text.chars() {
        let mut forms = ClassUnicode::new([ClassUnicodeRange::new(character, character)]);
        forms.case_fold_simple();
        let forms: Vec<char> = forms.iter().flat_map(|range| range.start()..=range.end()).collect();
        if forms.len() > 1 {
            pattern.push('[');
            pattern.extend(forms);
            pattern.push(']');
        } else {
            // Only what could mean something: a letter after a backslash would.
            if character.is_ascii_punctuation() {
                pattern.push('\\');
            }
            pattern.push(character);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_in_all_their_forms() {
        assert_eq!(pattern("k1"), "[Kk\u{212a}]1");
        assert_eq!(pattern("é %"), "[Éé] \\%");
        assert_eq!(pattern("ß"), "[ß\u{1e9e}]");
        assert_eq!(pattern("日🎉"), "日🎉");
        assert_eq!(pattern(".*[\\"), "\\.\\*\\[\\\\");
    }
}
