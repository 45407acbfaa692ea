//! The font files, in the order in which they are asked for a character.

use std::sync::OnceLock;

/// How heavy text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    /// For running text.
    #[default]
    Regular,
    /// For headings. Only Latin, Greek and Cyrillic have it; other scripts stay regular.
    Bold,
}

/// A font file.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    /// What the font calls its family.
    pub family: &'static str,
    /// How heavy it is.
    pub weight: Weight,
    /// The file: TrueType, or OpenType with CFF outlines.
    pub bytes: &'static [u8],
}

macro_rules! face {
    ($family:literal, $weight:ident, $file:literal) => {
        Face {
            family: $family,
            weight: Weight::$weight,
            bytes: include_bytes!(concat!("../../fonts/", $file)),
        }
    };
}

/// The faces. The first two are Noto Sans, regular and bold; a character that they lack is set in the first of the others that has it.
pub static FACES: [Face; 19] = [
    face!("Noto Sans", Regular, "NotoSans-Regular.ttf"),
    face!("Noto Sans", Bold, "NotoSans-Bold.ttf"),
    face!("Noto Sans Arabic", Regular, "NotoSansArabic-Regular.ttf"),
    face!("Noto Sans Hebrew", Regular, "NotoSansHebrew-Regular.ttf"),
    face!("Noto Sans CJK SC", Regular, "NotoSansCJKsc-Regular.otf"),
    face!("Noto Sans Devanagari", Regular, "NotoSansDevanagari-Regular.ttf"),
    face!("Noto Sans Thai", Regular, "NotoSansThai-Regular.ttf"),
    face!("Noto Sans Bengali", Regular, "NotoSansBengali-Regular.ttf"),
    face!("Noto Sans Tamil", Regular, "NotoSansTamil-Regular.ttf"),
    face!("Noto Sans Telugu", Regular, "NotoSansTelugu-Regular.ttf"),
    face!("Noto Sans Gujarati", Regular, "NotoSansGujarati-Regular.ttf"),
    face!("Noto Sans Gurmukhi", Regular, "NotoSansGurmukhi-Regular.ttf"),
    face!("Noto Sans Kannada", Regular, "NotoSansKannada-Regular.ttf"),
    face!("Noto Sans Malayalam", Regular, "NotoSansMalayalam-Regular.ttf"),
    face!("Noto Sans Armenian", Regular, "NotoSansArmenian-Regular.ttf"),
    face!("Noto Sans Georgian", Regular, "NotoSansGeorgian-Regular.ttf"),
    face!("Noto Sans Symbols2", Regular, "NotoSansSymbols2-Regular.ttf"),
    face!("Noto Sans Math", Regular, "NotoSansMath-Regular.ttf"),
    face!("Noto Emoji", Regular, "NotoEmoji-Regular.ttf"),
];

/// A face whose tables have been found.
pub(super) struct Parsed {
    pub(super) face: &'static Face,
    pub(super) tables: ttf_parser::Face<'static>,
}

/// The faces, read once.
pub(super) fn parsed() -> &'static [Parsed] {
    static PARSED: OnceLock<Vec<Parsed>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let read =
            |face: &'static Face| Some(Parsed { face, tables: ttf_parser::Face::parse(face.bytes, 0).ok()? });
        FACES.iter().filter_map(read).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font_of_its_family() {
        assert_eq!(parsed().len(), FACES.len());
        for parsed in parsed() {
            let names = parsed.tables.names();
            let family = names
                .into_iter()
                .find(|name| name.name_id == 1 && name.is_unicode())
                .and_then(|name| name.to_string());
            assert_eq!(family.as_deref(), Some(parsed.face.family));
        }
    }
}
