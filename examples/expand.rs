//! Prints a NASM source after its macros were expanded: `cargo run --example expand FILE`.

use std::io::Write as _;
use std::path::Path;

use tinyelf::nasm::preproc::{Options, Plain, preprocess};
use tinyelf::source::{Diagnostics, DiskLoader, Loader as _, SourceMap};

#[expect(clippy::print_stderr, reason = "an example is a command")]
fn main() -> std::io::Result<()> {
    let path = std::env::args().nth(1).ok_or_else(|| std::io::Error::other("expected a file"))?;
    let text = DiskLoader.load(Path::new(&path)).map_err(std::io::Error::other)?;
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let file = map.add(Path::new(&path), text).ok_or_else(|| std::io::Error::other("too much text"))?;
    let options = Options { format: b"bin".to_vec(), ..Options::default() };
    let mut host = Plain { map: &mut map, diagnostics: &mut diagnostics, loader: &DiskLoader };
    let out = preprocess(options, file, &mut host);
    std::io::stdout().write_all(&out)?;
    for diagnostic in diagnostics.iter() {
        eprintln!("{}", diagnostic.short(&map));
    }
    Ok(())
}
