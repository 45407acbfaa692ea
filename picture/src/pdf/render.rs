//! Pages as a PDF file.
//!
//! The file is made as PDF/UA-1, which the library checks. What a client wrote can have what that standard refuses, such as a
//! character in a chart that no font has: then the same pages are made without the check. They are tagged as well.

use std::io;

use krilla::color::rgb;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt as _, SvgSettings};

use super::page::{CONTENT_WIDTH, FOOTER, Item, MARGIN, Side, Style, WIDTH};
use super::shape::{Fonts, clean};
use super::structure::{LANGUAGE, Structure};
use crate::font::{self, Weight};
use crate::report::Report;
use crate::theme::{Color, Theme};

const FOOTER_SIZE: f32 = 8.0;

/// A heading that readers show beside the pages.
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// What a file is made of.
pub(super) struct Content {
    pub(super) pages: Vec<Vec<Item>>,
    pub(super) structure: Structure,
    pub(super) headings: Vec<Heading>,
}

/// Writes the file.
pub(super) fn write(report: &Report<'_>, content: &Content) -> io::Result<Vec<u8>> {
    let checked = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    match write_as(checked, report, content) {
        Err(KrillaError::Validation(_)) => write_as(Configuration::default(), report, content),
        written => written,
    }
    .map_err(|error| io::Error::other(format!("{error:?}")))
}

fn write_as(
    configuration: Configuration,
    report: &Report<'_>,
    content: &Content,
) -> Result<Vec<u8>, KrillaError> {
    let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let mut fonts = Fonts::default();
    let mut drawn: Vec<Vec<Identifier>> = Vec::new();
    drawn.resize_with(content.structure.len(), Vec::new);
    for (index, items) in content.pages.iter().enumerate() {
        let mut page = document.start_page_with(PageSettings::default());
        let mut surface = page.surface();
        for item in items {
            if let Some((slot, identifier)) = draw(&mut surface, &mut fonts, item) {
                drawn[slot].push(identifier);
            }
        }
        footer(&mut surface, &mut fonts, report.title, index + 1, content.pages.len());
        surface.finish();
        page.finish();
    }
    let mut outline = Outline::new();
    for heading in &content.headings {
        let target = XyzDestination::new(heading.page, Point::from_xy(0.0, heading.y));
        outline.push_child(OutlineNode::new(clean(&heading.text), target));
    }
    document.set_outline(outline);
    document.set_tag_tree(content.structure.tree(drawn));
    document.set_metadata(metadata(report));
    document.finish()
}

fn draw(surface: &mut Surface<'_>, fonts: &mut Fonts, item: &Item) -> Option<(usize, Identifier)> {
    let (slot, tag) = match item {
        Item::Text { slot: Some(slot), .. } => (Some(*slot), ContentTag::Span(SpanTag::empty())),
        Item::Drawing { slot: Some(slot), .. } => (Some(*slot), ContentTag::Other),
        _ => (None, ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))),
    };
    let identifier = surface.start_tagged(tag);
    match item {
        Item::Text { text, x, y, side, style, .. } => {
            draw_text(surface, fonts, text, (*x, *y), *side, *style);
        }
        Item::Box { x, y, width, height, color } => {
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                let mut path = PathBuilder::new();
                path.push_rect(rect);
                surface.set_fill(Some(fill(*color)));
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
            }
        }
        Item::Drawing { svg, x, y, width, height, .. } => draw_svg(surface, svg, (*x, *y), (*width, *height)),
    }
    surface.end_tagged();
    slot.map(|slot| (slot, identifier))
}

fn draw_text(
    surface: &mut Surface<'_>,
    fonts: &mut Fonts,
    text: &str,
    (x, y): (f32, f32),
    side: Side,
    style: Style,
) {
    let runs = fonts.shape(text, style.weight);
    let width: f32 = runs.iter().map(|run| run.width * style.size).sum();
    let mut left = if side == Side::Right { x - width } else { x };
    surface.set_fill(Some(fill(style.color)));
    for run in runs {
        surface.draw_glyphs(Point::from_xy(left, y), &run.glyphs, run.font, &run.text, style.size, false);
        left += run.width * style.size;
    }
}

fn draw_svg(surface: &mut Surface<'_>, svg: &str, (x, y): (f32, f32), (width, height): (f32, f32)) {
    let options = usvg::Options {
        fontdb: font::database(),
        font_family: font::FACES[0].family.to_owned(),
        ..usvg::Options::default()
    };
    let (Ok(tree), Some(size)) = (usvg::Tree::from_str(svg, &options), Size::from_wh(width, height)) else {
        return;
    };
    surface.push_transform(&Transform::from_translate(x, y));
    // Nothing is drawn only where a size is not positive.
    let _ = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.pop();
}

fn footer(surface: &mut Surface<'_>, fonts: &mut Fonts, title: &str, page: usize, pages: usize) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let style = Style { size: FOOTER_SIZE, weight: Weight::Regular, color: Theme::Light.colors().quiet_text };
    let number = format!("Page {page} of {pages}");
    let available = CONTENT_WIDTH - style.width(&number) - 20.0;
    let title = font::shorten(title, available.into(), FOOTER_SIZE.into(), Weight::Regular);
    draw_text(surface, fonts, &title, (MARGIN, FOOTER), Side::Left, style);
    draw_text(surface, fonts, &number, (WIDTH - MARGIN, FOOTER), Side::Right, style);
    surface.end_tagged();
}

fn fill(color: Color) -> Fill {
    let [red, green, blue] = color.parts();
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }
}

fn metadata(report: &Report<'_>) -> Metadata {
    let made_at = jiff::tz::TimeZone::UTC.to_datetime(report.made_at.into());
    // The calendar's numbers are small and positive where a year is.
    let small = |number: i8| u8::try_from(number).unwrap_or_default();
    let title = match clean(report.title) {
        title if title.trim().is_empty() => "Report".to_owned(),
        title => title,
    };
    Metadata::new()
        .title(title)
        .description(clean(report.description))
        .language(LANGUAGE.to_owned())
        .authors(vec![clean(report.made_by)])
        .creator("claribi".to_owned())
        .creation_date(
            DateTime::new(u16::try_from(made_at.year()).unwrap_or_default())
                .month(small(made_at.month()))
                .day(small(made_at.day()))
                .hour(small(made_at.hour()))
                .minute(small(made_at.minute()))
                .second(small(made_at.second()))
                .utc_offset_hour(0)
                .utc_offset_minute(0),
        )
}
