//! The shipped fonts, as what sets the text of an SVG finds them.

use std::sync::{Arc, OnceLock};

use fontdb::{Database, Source};

use super::FACES;

/// All faces, read once.
pub(crate) fn database() -> Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    let database = DATABASE.get_or_init(|| {
        let mut database = Database::new();
        for face in &FACES {
            database.load_font_source(Source::Binary(Arc::new(face.bytes)));
        }
        database.set_sans_serif_family(FACES[0].family);
        Arc::new(database)
    });
    Arc::clone(database)
}
