//! Each sample's outline in both themes, as `expected/` has it. `UPDATE=1 cargo test -p picture` writes them anew.

use std::path::Path;

use picture::Theme;

use crate::outline::outline;
use crate::samples::samples;

#[test]
fn drawings_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts/expected");
    let mut different = Vec::new();
    for sample in samples() {
        for (theme, suffix) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let drawn = outline(&sample.draw(theme));
            let path = folder.join(format!("{}.{suffix}.txt", sample.name));
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, drawn).unwrap();
            } else if std::fs::read_to_string(&path).unwrap_or_default() != drawn {
                different.push(path);
            }
        }
    }
    assert!(different.is_empty(), "differ from what is expected: {different:#?}");
}
