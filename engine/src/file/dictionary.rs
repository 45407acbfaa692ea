//! Texts of a column as numbers: each different text has a code, the same in all row groups. Grouping and filtering by codes touches
//! each text once, and not once a row.

use std::sync::{Arc, RwLock, RwLockReadGuard};

use arrow::array::{StringViewArray, StringViewBuilder, UInt32Array};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// How many different texts a column may have to be held as codes.
pub(crate) const MAX_TEXTS: u64 = 1 << 16;

/// The texts of a column that have been seen so far. It only grows.
#[derive(Debug, Default)]
pub(crate) struct Dictionary(RwLock<Texts>);

#[derive(Debug, Default)]
pub(crate) struct Texts {
    texts: Vec<Arc<str>>,
    codes: HashTable<u32>,
}

impl Dictionary {
    /// The codes of texts, those that are new included.
    pub(crate) fn codes<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<u32> {
        let mut known = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        texts.map(|text| known.code(text)).collect()
    }

    /// What is known.
    pub(crate) fn texts(&self) -> RwLockReadGuard<'_, Texts> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The texts of codes.
    pub(crate) fn decode(&self, codes: &UInt32Array) -> StringViewArray {
        let known = self.texts();
        let mut texts = StringViewBuilder::with_capacity(codes.len()).with_deduplicate_strings();
        for code in codes {
            texts.append_option(code.and_then(|code| known.get(code)));
        }
        texts.finish()
    }
}

impl Texts {
    /// All texts, in the order of their codes.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    /// The text of a code.
    pub(crate) fn get(&self, code: u32) -> Option<&str> {
        self.texts.get(usize::try_from(code).ok()?).map(|text| &**text)
    }

    fn code(&mut self, text: &str) -> u32 {
        use std::hash::BuildHasher as _;
        let hasher = FixedState::default();
        let Self { texts, codes } = self;
        let at = |code: u32| -> &str { &texts[code as usize] };
        let hash = hasher.hash_one(text);
        if let Some(code) = codes.find(hash, |code| at(*code) == text) {
            return *code;
        }
        // A column with more texts than codes is not held so.
        let code = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        codes.insert_unique(hash, code, |code| hasher.hash_one(at(*code)));
        texts.push(text.into());
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_code() {
        let dictionary = Dictionary::default();
        assert_eq!(dictionary.codes(["b", "a", "b"].into_iter()), [0, 1, 0]);
        assert_eq!(dictionary.codes(["c", "a", ""].into_iter()), [2, 1, 3]);
        let texts = dictionary.decode(&UInt32Array::from(vec![Some(3), None, Some(0)]));
        assert_eq!(texts.iter().collect::<Vec<_>>(), [Some(""), None, Some("b")]);
    }
}
