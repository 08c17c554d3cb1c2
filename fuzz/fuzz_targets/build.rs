//! One source through all stages, without any files.

use std::path::PathBuf;
use std::sync::Arc;

use tinyelf::elf::records::Machine;
use tinyelf::nasm::preproc::Limits;
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::{Diagnostics, MemoryLoader, SourceMap};

/// Builds it; what comes of it does not matter.
pub(crate) fn build(text: &[u8], language: Language, format: Format) {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let source = Source { name: PathBuf::from("fuzz"), text: Arc::from(text), strict: false, language };
    let loader = MemoryLoader::default();
    let _ = pipeline::build(&[source], &options(format), &loader, &mut map, &mut diagnostics);
}

/// A mebibyte of output, and so many turns as end within seconds: what a source may ask for, however small it is.
fn options(format: Format) -> Options {
    let mut options = Options { format, max_size: Some(1 << 20), ..Options::new(Machine::X86_64) };
    options.preprocessor.limits =
        Limits { macro_tokens: 20_000, macro_levels: 300, macros: 1_000, rep: 300, ..Limits::default() };
    options
}
