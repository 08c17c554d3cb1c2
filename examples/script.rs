//! A system-call script from Rust: the same text for every machine, without the command line.
//!
//! `cargo run --example script > count && chmod +x count && ./count`

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use tinyelf::elf::records::Machine;
use tinyelf::layout;
use tinyelf::pipeline;
use tinyelf::script;
use tinyelf::source::{Diagnostics, SourceMap};

const TEXT: &str = "n = 0
while n < 3 {
  write(1, \"tick\\n\")
  n = n + 1
}
";

fn main() -> Result<(), Box<dyn Error>> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let file = map.add(Path::new("count.sys"), TEXT.as_bytes().into()).ok_or("too long")?;
    let machine = Machine::X86_64;
    let unit = script::compile(&map, file, &script::Options::new(machine), &mut diagnostics);
    let mut options = pipeline::Options::new(machine);
    options.layout.kind = layout::Kind::Compact;
    let program = unit.and_then(|unit| pipeline::finish(&unit, &options, &mut diagnostics));
    for diagnostic in diagnostics.iter() {
        writeln!(std::io::stderr(), "{}", diagnostic.short(&map))?;
    }
    std::io::stdout().write_all(&program.ok_or("not built")?)?;
    Ok(())
}
