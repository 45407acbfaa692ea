//! Text as glyphs: split by direction and by the font that has its characters, and shaped.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::ptr;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face as Shaper, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

use crate::font::{FACES, Face, Weight, face_for};

/// Stands for what no font has.
const REPLACEMENT: char = '\u{fffd}';

/// Glyphs of one font that follow each other, from left to right.
pub(super) struct Run {
    pub(super) font: Font,
    /// What the glyphs say, in reading order. Their ranges are of this.
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// In ems.
    pub(super) width: f32,
}

/// The fonts, each of which is read when it is first needed.
#[derive(Default)]
pub(super) struct Fonts(HashMap<usize, Loaded>);

struct Loaded {
    font: Font,
    shaper: Shaper<'static>,
    /// How a script is shaped, which takes longer to find out than to do.
    plans: HashMap<(bool, Script), ShapePlan>,
}

impl Fonts {
    /// The runs of a line, from left to right.
    pub(super) fn shape(&mut self, line: &str, weight: Weight) -> Vec<Run> {
        let line = clean(line);
        let mut runs = Vec::new();
        for (range, is_rtl) in directions(&line) {
            let mut pieces = by_face(&line, range, weight);
            if is_rtl {
                pieces.reverse();
            }
            for (face, range) in pieces {
                let Some(text) = line.get(range) else { continue };
                runs.extend(self.load(face).and_then(|loaded| loaded.shape(text, is_rtl)));
            }
        }
        runs
    }

    fn load(&mut self, index: usize) -> Option<&mut Loaded> {
        match self.0.entry(index) {
            Entry::Occupied(entry) => Some(entry.into_mut()),
            Entry::Vacant(entry) => {
                let bytes = FACES.get(index)?.bytes;
                let font = Font::new(bytes.into(), 0)?;
                let shaper = Shaper::from_slice(bytes, 0)?;
                Some(entry.insert(Loaded { font, shaper, plans: HashMap::new() }))
            }
        }
    }
}

impl Loaded {
    fn shape(&mut self, text: &str, is_rtl: bool) -> Option<Run> {
        if text.is_empty() {
            return None;
        }
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        let script = buffer.script();
        let plan = self
            .plans
            .entry((is_rtl, script))
            .or_insert_with(|| ShapePlan::new(&self.shaper, direction, Some(script), None, &[]));
        let shaped = rustybuzz::shape_with_plan(&self.shaper, plan, buffer);
        let clusters =
            Clusters::of(shaped.glyph_infos().iter().map(|info| info.cluster as usize), text.len());
        let units = self.font.units_per_em();
        // Distances in a font are far below 2^24.
        #[expect(clippy::cast_precision_loss, reason = "distances in a font are small")]
        let ems = |distance: i32| distance as f32 / units;
        let glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| {
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    ems(position.x_advance),
                    ems(position.x_offset),
                    ems(position.y_offset),
                    ems(position.y_advance),
                    clusters.range(info.cluster as usize),
                    None,
                )
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Some(Run { font: self.font.clone(), text: text.to_owned(), glyphs, width })
    }
}

/// Where the pieces of a text begin that have glyphs of their own.
struct Clusters {
    starts: Vec<usize>,
    end: usize,
}

impl Clusters {
    fn of(starts: impl Iterator<Item = usize>, end: usize) -> Self {
        let mut starts: Vec<usize> = starts.collect();
        starts.sort_unstable();
        starts.dedup();
        Self { starts, end }
    }

    fn range(&self, start: usize) -> Range<usize> {
        let after = self.starts.partition_point(|other| *other <= start);
        start..self.starts.get(after).copied().unwrap_or(self.end)
    }
}

/// The text without what a PDF must not have or nothing is drawn for, and with a sign for what no font has.
pub(super) fn clean(line: &str) -> String {
    line.chars()
        .filter(|character| {
            !matches!(
                character,
                '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'
                    ..='\u{e0fff}'
            )
        })
        .map(|character| match character {
            _ if character.is_control() => ' ',
            _ if is_joined(character) || face_for(character, Weight::Regular).is_some() => character,
            _ => REPLACEMENT,
        })
        .collect()
}

/// The pieces of one direction, from left to right, and whether they are read from right to left.
fn directions(line: &str) -> Vec<(Range<usize>, bool)> {
    // What is below the Hebrew block is written from left to right.
    if line.chars().all(|character| character < '\u{590}') {
        return vec![(0..line.len(), false)];
    }
    let bidi = BidiInfo::new(line, None);
    let mut pieces = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
        pieces.extend(runs.into_iter().map(|run| {
            let is_rtl = levels.get(run.start).is_some_and(Level::is_rtl);
            (run, is_rtl)
        }));
    }
    pieces
}

/// The pieces of a range that are of one face each. Marks and joiners stay with what they belong to.
fn by_face(line: &str, range: Range<usize>, weight: Weight) -> Vec<(usize, Range<usize>)> {
    let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
    let start = range.start;
    for (offset, character) in line.get(range).unwrap_or_default().char_indices() {
        let index = start + offset;
        let end = index + character.len_utf8();
        match pieces.last_mut() {
            Some((_, range)) if is_joined(character) => range.end = end,
            Some((face, range)) if *face == index_of_face(character, weight) => range.end = end,
            _ => pieces.push((index_of_face(character, weight), index..end)),
        }
    }
    pieces
}

fn index_of_face(character: char, weight: Weight) -> usize {
    let face = face_for(character, weight);
    let is_it = |other: &Face| face.is_some_and(|face| ptr::eq(face, other));
    FACES.iter().position(is_it).unwrap_or(usize::from(weight == Weight::Bold))
}

/// Whether a character has a place only together with the one before it: a mark, a joiner, a selector of a variant, a color of skin.
fn is_joined(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200c}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}')
}
