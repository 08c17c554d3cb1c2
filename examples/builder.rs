//! A program from bytes, without source or assembler: writes `out/built` (or the path given), which prints a line.
//!
//! ```text
//! cargo run --example builder && ./out/built
//! ```

use std::error::Error;

use tinyelf::elf::records::Machine;
use tinyelf::elf::write::write;
use tinyelf::layout::{Kind, Options, executable, relax};
use tinyelf::source::Diagnostics;
use tinyelf::unit::{Builder, Field, FixupKind, SectionFlags, SectionKind, Unit, Value};

fn program() -> Result<Unit, Box<dyn Error>> {
    let mut builder = Builder::new(Machine::X86_64);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let rodata = builder.section(".rodata", SectionKind::Progbits, SectionFlags::RODATA);
    let (start, message) = (builder.symbol("_start"), builder.symbol("message"));

    builder.define(start, text)?;
    builder.instruction(text, &[0xb8, 1, 0, 0, 0], &[])?; // mov eax,1 (write)
    builder.instruction(text, &[0xbf, 1, 0, 0, 0], &[])?; // mov edi,1
    let address = Field { offset: 1, width: 4, kind: FixupKind::Absolute };
    let value = Value::Symbol { symbol: message, addend: 0 };
    builder.instruction(text, &[0xbe, 0, 0, 0, 0], &[(address, value)])?; // mov esi,message
    builder.instruction(text, &[0xba, 6, 0, 0, 0], &[])?; // mov edx,6
    builder.instruction(text, &[0x0f, 0x05], &[])?; // syscall
    builder.instruction(text, &[0xb8, 60, 0, 0, 0], &[])?; // mov eax,60 (exit)
    builder.instruction(text, &[0x31, 0xff], &[])?; // xor edi,edi
    builder.instruction(text, &[0x0f, 0x05], &[])?; // syscall

    builder.define(message, rodata)?;
    builder.data(rodata, b"built\n", &[])?;
    builder.entry(start);
    Ok(builder.finish()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "out/built".to_owned());
    let unit = program()?;
    let mut diagnostics = Diagnostics::new();
    let options = Options { kind: Kind::Standard, ..Options::default() };
    let image = relax(&unit, &mut diagnostics)
        .and_then(|sizes| executable(&unit, &sizes, &options, &mut diagnostics))
        .ok_or("the program does not fit together")?;
    std::fs::write(&path, write(&image))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
