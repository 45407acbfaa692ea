//! Pictures of pixels, from SVG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, Options, Tree};

use crate::font::{self, FACES};

/// How many pixels a picture has at most: 4,000 × 4,000 CSS pixels.
const MAX_PIXELS: u64 = 16_000_000;

/// Why there is no picture. None of it is the client's doing: what `chart` writes can be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// It is no SVG.
    #[error("reads no SVG: {0}")]
    Svg(#[from] usvg::Error),
    /// It is too large.
    #[error("would have more than 16,000,000 pixels")]
    TooLarge,
    /// It could not be encoded.
    #[error("does not encode: {0}")]
    Encode(String),
}

/// Draws SVG as PNG, with `scale` pixels for each CSS pixel, 1 to 4. It is set in the fonts that are shipped; nothing outside of the SVG
/// is read. A picture that would have more than 16 million pixels is refused.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let scale = if scale.is_finite() { scale.clamp(1.0, 4.0) } else { 1.0 };
    let tree = Tree::from_str(svg, &options())?;
    let size = tree.size().to_int_size().scale_by(scale).ok_or(PngError::TooLarge)?;
    if u64::from(size.width()) * u64::from(size.height()) > MAX_PIXELS {
        return Err(PngError::TooLarge);
    }
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or(PngError::TooLarge)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PngError::Encode(error.to_string()))
}

fn options() -> Options<'static> {
    Options { fontdb: font::database(), font_family: FACES[0].family.to_owned(), ..Options::default() }
}
