//! One source through all stages, without any files.

use std::path::PathBuf;
use std::sync::Arc;

use tinyelf::elf::records::Machine;
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::{Diagnostics, MemoryLoader, SourceMap};

/// Builds it; what comes of it does not matter.
pub(crate) fn build(text: &[u8], language: Language, format: Format) {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let source = Source { name: PathBuf::from("fuzz"), text: Arc::from(text), strict: false, language };
    let options = Options { format, ..Options::new(Machine::X86_64) };
    let loader = MemoryLoader::default();
    let _ = pipeline::build(&[source], &options, &loader, &mut map, &mut diagnostics);
}
