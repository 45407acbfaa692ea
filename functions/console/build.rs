//! Makes the console's files part of the function: each as it is and compressed, under one version for all of them.
//!
//! Modules import each other by relative paths, so a version for each file would mean rewriting them. One for the folder does not: it is
//! part of the path, and every import stays below it.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use data_encoding::HEXLOWER;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Where the files are, in one folder for each kind.
const FOLDER: &str = "assets";

/// What is told apart by the ends of names. Another kind fails the build.
const CONTENT_TYPES: [(&str, &str); 3] =
    [("css", "text/css; charset=utf-8"), ("js", "text/javascript; charset=utf-8"), ("svg", "image/svg+xml")];

/// As many bytes of the digest as tell versions apart.
const VERSION_BYTES: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={FOLDER}");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut digest = Sha256::new();
    let mut assets = String::new();
    for (index, name) in names()?.iter().enumerate() {
        let bytes = without_comments(&fs::read_to_string(PathBuf::from(FOLDER).join(name))?);
        let bytes = bytes.as_bytes();
        for part in [name.as_bytes(), bytes] {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        fs::write(out.join(index.to_string()), bytes)?;
        fs::write(out.join(format!("{index}.gz")), encoder.finish()?)?;
        let extension = name.rsplit('.').next().unwrap_or_default();
        let content_type = CONTENT_TYPES.iter().find(|(known, _)| *known == extension);
        let (_, content_type) =
            content_type.ok_or(format!("{name}: files of this kind have no content type"))?;
        let bytes = |file: &str| format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))");
        writeln!(
            assets,
            "    Asset {{ name: {name:?}, content_type: {content_type:?}, plain: {}, gzip: {} }},",
            bytes(&index.to_string()),
            bytes(&format!("{index}.gz")),
        )?;
    }
    let version = HEXLOWER.encode(&digest.finalize()[..VERSION_BYTES]);
    let code = format!(
        "pub(crate) const VERSION: &str = {version:?};\n\npub(crate) const ASSETS: &[Asset] = &[\n{assets}];\n"
    );
    fs::write(out.join("assets.rs"), code)?;
    Ok(())
}

/// A module or a style sheet without the comments that have lines of their own: they are a fifth of what is sent. Line breaks stay, so
/// that an error's line is the one in the source. A test holds that there are no texts of several lines.
fn without_comments(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut is_within = false;
    for line in source.lines() {
        let text = line.trim();
        let begins = !is_within && text.starts_with("/*");
        let is_comment = is_within || begins || text.starts_with("//");
        let ends_with_code = (is_within || begins) && text.contains("*/") && !text.ends_with("*/");
        is_within = (is_within || begins) && !text.contains("*/");
        if !is_comment || ends_with_code {
            kept.push_str(line);
        }
        kept.push('\n');
    }
    kept
}

/// The files in folders, such as `app/main.js`, in order. What is beside the folders is rendered, not handed out.
fn names() -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for folder in fs::read_dir(FOLDER)? {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(folder.path())? {
            let (folder, file) = (folder.file_name(), file?.file_name());
            names.push(format!("{}/{}", folder.to_string_lossy(), file.to_string_lossy()));
        }
    }
    names.sort();
    Ok(names)
}
