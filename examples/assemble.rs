//! Source text to the bytes of a program, stage by stage and in memory: `assemble`, `finish`.
//!
//! `cargo run --example assemble > hello && chmod +x hello && ./hello`

use std::error::Error;
use std::io::Write as _;
use std::path::Path;

use tinyelf::elf::records::Machine;
use tinyelf::nasm::{Answers, Options, assemble};
use tinyelf::pipeline;
use tinyelf::source::{Diagnostics, DiskLoader, SourceMap};

const SOURCE: &str = "
        section .text
_start: mov     eax, 1
        mov     edi, 1
        mov     esi, text
        mov     edx, length
        syscall
        mov     eax, 60
        xor     edi, edi
        syscall
        section .rodata
text:   db      `assembled in memory\\n`
length  equ     $ - text
";

fn main() -> Result<(), Box<dyn Error>> {
    let machine = Machine::X86_64;
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let file = map.add(Path::new("memory.asm"), SOURCE.as_bytes().into()).ok_or("too long")?;
    let mut answers = Answers::default();
    let options = Options::new(machine);
    let unit = assemble(&mut map, &DiskLoader, file, &options, &mut answers, &mut diagnostics);
    let program =
        unit.and_then(|unit| pipeline::finish(&unit, &pipeline::Options::new(machine), &mut diagnostics));
    for diagnostic in diagnostics.iter() {
        writeln!(std::io::stderr(), "{}", diagnostic.short(&map))?;
    }
    std::io::stdout().write_all(&program.ok_or("not built")?)?;
    Ok(())
}
