//! Sources from the command line: files, and standard input as `-`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::pipeline::{Language, Source};
use crate::source::{DiskLoader, Loader as _};

/// Reads every source.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Source>> {
    files.iter().map(|file| one(file)).collect()
}

fn one(file: &Path) -> Result<Source> {
    if file != Path::new("-") {
        let language = match file.extension() {
            Some(extension) if extension == "sys" => Language::Script(BTreeMap::new()),
            _ => Language::Nasm,
        };
        return Ok(Source { name: file.to_owned(), text: DiskLoader.load(file)?, strict: false, language });
    }
    let mut text = Vec::new();
    std::io::stdin().lock().read_to_end(&mut text).context("cannot read standard input")?;
    let name = PathBuf::from("<stdin>");
    Ok(Source { name, text: Arc::from(text), strict: false, language: Language::Nasm })
}

/// What the default output is called after: `hello` for `src/hello.asm`, `stdin` for `-`.
pub(super) fn stem(files: &[PathBuf]) -> PathBuf {
    match files.first() {
        Some(file) if file != Path::new("-") => file.file_stem().unwrap_or("program".as_ref()).into(),
        _ => PathBuf::from("stdin"),
    }
}
