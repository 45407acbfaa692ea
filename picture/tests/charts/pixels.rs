//! Drawings as pixels. With `PICTURES=folder` each sample is written there, to be looked at.

use std::path::PathBuf;

use picture::{Theme, png};

use crate::samples::samples;

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];

#[test]
fn samples_are_drawn_as_png() {
    let folder = std::env::var_os("PICTURES").map(PathBuf::from);
    for sample in samples() {
        for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let svg = sample.draw(theme);
            if folder.is_none() && theme == Theme::Dark {
                continue;
            }
            let scale = if folder.is_some() { 2.0 } else { 1.0 };
            let bytes = png(&svg, scale).unwrap();
            assert_eq!(bytes[..8], SIGNATURE);
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{}.{suffix}.png", sample.name)), bytes).unwrap();
                std::fs::write(folder.join(format!("{}.{suffix}.svg", sample.name)), svg).unwrap();
            }
        }
    }
}

#[test]
fn what_is_no_svg_or_too_large_is_refused() {
    assert!(png("<html>", 1.0).is_err());
    assert!(png("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4000\" height=\"4000\"/>", 4.0).is_err());
}
