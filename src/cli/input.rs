//! Sources from the command line: files, and standard input as `-`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::arguments::LanguageName;
use crate::pipeline::{Language, Source};
use crate::source::Loader;

/// Reads every source; files that end in `.sys` are scripts unless `lang` says otherwise.
pub(super) fn read(
    files: &[PathBuf],
    lang: Option<LanguageName>,
    loader: &dyn Loader,
) -> Result<Vec<Source>> {
    let sources: Vec<_> = files.iter().map(|file| one(file, lang, loader)).collect::<Result<_>>()?;
    let is_script = |source: &Source| matches!(source.language, Language::Script(_));
    if sources.iter().any(is_script) && !sources.iter().all(is_script) {
        bail!("one program has one language: NASM sources and `.sys` scripts do not mix");
    }
    if sources.len() > 1 && is_script(&sources[0]) {
        bail!("a script is a whole program: name one file");
    }
    Ok(sources)
}

/// Whether the first file is a script.
pub(super) fn is_script(files: &[PathBuf], lang: Option<LanguageName>) -> bool {
    files.first().is_some_and(|file| written_in(file, lang) == LanguageName::Sys)
}

fn written_in(file: &Path, lang: Option<LanguageName>) -> LanguageName {
    lang.unwrap_or(match file.extension() {
        Some(ending) if ending == "sys" => LanguageName::Sys,
        _ => LanguageName::Nasm,
    })
}

fn one(file: &Path, lang: Option<LanguageName>, loader: &dyn Loader) -> Result<Source> {
    let language = match written_in(file, lang) {
        LanguageName::Sys => Language::Script(BTreeMap::new()),
        LanguageName::Nasm => Language::Nasm,
    };
    if file != Path::new("-") {
        return Ok(Source { name: file.to_owned(), text: loader.load(file)?, strict: false, language });
    }
    Ok(Source { name: PathBuf::from("<stdin>"), text: stdin()?, strict: false, language })
}

/// All of standard input.
pub(super) fn stdin() -> Result<Arc<[u8]>> {
    let mut text = Vec::new();
    std::io::stdin().lock().read_to_end(&mut text).context("cannot read standard input")?;
    Ok(Arc::from(text))
}

/// What the default output is called after: `hello` for `src/hello.asm`, `stdin` for `-`.
pub(super) fn stem(files: &[PathBuf]) -> PathBuf {
    match files.first() {
        Some(file) if file != Path::new("-") => file.file_stem().unwrap_or("program".as_ref()).into(),
        _ => PathBuf::from("stdin"),
    }
}
