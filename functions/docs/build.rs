//! Takes what the page needs of Swagger UI out of the archive that comes with its crate: two files of its many.

use std::borrow::Cow;
use std::error::Error;
use std::fs;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for file in FILES {
        // The folder in the archive is named after the version.
        let suffix = format!("/dist/{file}");
        let names: Vec<_> = archive.file_names().filter_map(Result::ok).map(Cow::into_owned).collect();
        let name = names.iter().find(|name| name.ends_with(&suffix)).ok_or(format!("no {suffix}"))?;
        let mut text = String::new();
        archive.by_name(name)?.read_to_string(&mut text)?;
        fs::write(folder.join(file), text)?;
    }
    Ok(())
}
