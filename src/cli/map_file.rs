//! Writes the map that a source of flat output asks for (`[map]`), where it asks for it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::emit;
use super::output::{self, Target};
use crate::pipeline::MapFile;
use crate::unit::MapTarget;

/// Refuses a map that would take the place of an input or of the output.
pub(super) fn check(map: Option<&MapFile>, inputs: &[PathBuf], output: &Target) -> Result<()> {
    let Some(Target::File(path)) = map.and_then(file) else { return Ok(()) };
    output::refuse_inputs(&Target::File(path.clone()), inputs)?;
    if *output == Target::File(path.clone()) {
        bail!("the map would take the place of the output `{}`; name another file", path.display());
    }
    Ok(())
}

/// Writes it.
pub(super) fn write(map: &MapFile) -> Result<()> {
    match file(map) {
        Some(target) => emit::write_text(&target, &map.text),
        None => io::stderr().write_all(map.text.as_bytes()).context("cannot write to standard error"),
    }
}

/// The name of its file, where it has one.
pub(super) fn name(map: &MapFile) -> String {
    file(map).map_or_else(|| "standard error".to_owned(), |target| target.name())
}

/// `None` for standard error.
fn file(map: &MapFile) -> Option<Target> {
    match &map.target {
        MapTarget::Stdout => Some(Target::Stdout),
        MapTarget::Stderr => None,
        MapTarget::File(name) => Some(Target::File(Path::new(&*String::from_utf8_lossy(name)).to_owned())),
    }
}
