//! A program without source text: sections, bytes, a symbol, a field that refers to it, an entry.
//!
//! `cargo run --example builder > hello && chmod +x hello && ./hello`

use std::error::Error;
use std::io::Write as _;

use tinyelf::elf::records::Machine;
use tinyelf::pipeline::{self, Options};
use tinyelf::source::{Diagnostics, SourceMap};
use tinyelf::unit::{Builder, Field, FixupKind, SectionFlags, SectionKind, Value};

const MESSAGE: &[u8] = b"built from bytes\n";

fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = Builder::new(Machine::X86_64);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let rodata = builder.section(".rodata", SectionKind::Progbits, SectionFlags::RODATA);
    let start = builder.symbol("_start");
    let message = builder.symbol("message");

    builder.define(start, text)?;
    builder.instruction(text, &[0xb8, 1, 0, 0, 0], &[])?; // mov eax,1: write
    builder.instruction(text, &[0xbf, 1, 0, 0, 0], &[])?; // mov edi,1: standard output
    let address = Field { offset: 1, width: 4, kind: FixupKind::Absolute };
    let value = Value::Symbol { symbol: message, addend: 0 };
    builder.instruction(text, &[0xbe, 0, 0, 0, 0], &[(address, value)])?; // mov esi,message
    builder.instruction(text, &[0xba, MESSAGE.len() as u8, 0, 0, 0], &[])?; // mov edx,length
    builder.instruction(text, &[0x0f, 0x05], &[])?; // syscall
    builder.instruction(text, &[0xb8, 60, 0, 0, 0], &[])?; // mov eax,60: exit
    builder.instruction(text, &[0x31, 0xff], &[])?; // xor edi,edi
    builder.instruction(text, &[0x0f, 0x05], &[])?; // syscall

    builder.define(message, rodata)?;
    builder.data(rodata, MESSAGE, &[])?;
    builder.entry(start);
    let unit = builder.finish()?;

    let mut diagnostics = Diagnostics::new();
    let file = pipeline::finish(&unit, &Options::new(Machine::X86_64), &mut diagnostics);
    for diagnostic in diagnostics.iter() {
        writeln!(std::io::stderr(), "{}", diagnostic.short(&SourceMap::new()))?;
    }
    std::io::stdout().write_all(&file.ok_or("not built")?)?;
    Ok(())
}
