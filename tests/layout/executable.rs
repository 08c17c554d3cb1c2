//! Executables against readelf, objdump, eu-elflint, nm and the kernel; sizes pinned so that one lost byte shows.

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;
use tinyelf::pipeline::{self, Options};
use tinyelf::source::{Diagnostics, SourceMap};
use tinyelf::unit::{Builder, Field, FixupKind, SectionFlags, SectionKind, Unit, Value};

use crate::host;
use crate::program::Program;

/// mov al,60 / syscall: every register is zero when a process starts.
fn exit() -> Unit {
    let mut builder = Builder::new(Machine::X86_64);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let start = builder.symbol("_start");
    builder.define(start, text).unwrap();
    builder.global(start);
    builder.instruction(text, &[0xb0, 60], &[]).unwrap();
    builder.instruction(text, &[0x0f, 0x05], &[]).unwrap();
    builder.entry(start);
    builder.finish().unwrap()
}

/// Writes 14 bytes from a section of that name and leaves; `relative` takes their address from rip.
fn hello(section: &str, flags: SectionFlags, relative: bool) -> Unit {
    let mut builder = Builder::new(Machine::X86_64);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let data = builder.section(section, SectionKind::Progbits, flags);
    let (start, message) = (builder.symbol("_start"), builder.symbol("message"));
    let value = Value::Symbol { symbol: message, addend: 0 };
    builder.define(start, text).unwrap();
    builder.instruction(text, &[0xb0, 1], &[]).unwrap(); // mov al,1
    builder.instruction(text, &[0x89, 0xc7], &[]).unwrap(); // mov edi,eax
    if relative {
        let field = Field { offset: 3, width: 4, kind: FixupKind::Relative { end: 4 } };
        builder.instruction(text, &[0x48, 0x8d, 0x35, 0, 0, 0, 0], &[(field, value)]).unwrap(); // lea rsi,[rel message]
    } else {
        let field = Field { offset: 1, width: 4, kind: FixupKind::Absolute };
        builder.instruction(text, &[0xbe, 0, 0, 0, 0], &[(field, value)]).unwrap(); // mov esi,message
    }
    builder.instruction(text, &[0xb2, 14], &[]).unwrap(); // mov dl,14
    builder.instruction(text, &[0x0f, 0x05], &[]).unwrap();
    builder.instruction(text, &[0xb0, 60], &[]).unwrap(); // mov al,60
    builder.instruction(text, &[0x31, 0xff], &[]).unwrap(); // xor edi,edi
    builder.instruction(text, &[0x0f, 0x05], &[]).unwrap();
    builder.define(message, data).unwrap();
    builder.data(data, b"Hello, World!\n", &[]).unwrap();
    builder.entry(start);
    builder.finish().unwrap()
}

fn build(unit: &Unit, change: impl FnOnce(&mut Options)) -> Result<Vec<u8>, String> {
    let mut options = Options::new(Machine::X86_64);
    change(&mut options);
    let mut diagnostics = Diagnostics::new();
    let bytes = pipeline::finish(unit, &options, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|one| one.short(&SourceMap::new())).collect();
    bytes.ok_or_else(|| said.join("\n"))
}

/// Size, output, and that no reader warns.
fn check(unit: &Unit, size: usize, stdout: &str, change: impl FnOnce(&mut Options)) -> Program {
    let bytes = build(unit, change).unwrap();
    assert_eq!(bytes.len(), size);
    let program = Program::new(&bytes);
    for (tool, arguments) in [("readelf", &["-aW"][..]), ("objdump", &["-dx"])] {
        if let Some(said) = program.judged_by(tool, arguments) {
            assert_eq!(String::from_utf8_lossy(&said.stderr), "", "{tool}");
        }
    }
    if host::runs_x86_64() {
        let output = program.run(b"");
        assert_eq!(
            (output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()),
            (Some(0), stdout)
        );
    }
    program
}

fn lint(program: &Program) {
    if let Some(said) = program.judged_by("eu-elflint", &["--strict"]) {
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}

const HELLO: &str = "Hello, World!\n";

#[test]
fn standard_is_small_and_accepted_by_every_reader() {
    lint(&check(&exit(), 392, "", |_| {}));
    lint(&check(&hello(".rodata", SectionFlags::RODATA, false), 496, HELLO, |_| {}));
}

#[test]
fn compact_is_headers_and_contents() {
    let compact = |options: &mut Options| options.layout.kind = Kind::Compact;
    check(&exit(), 124, "", compact);
    check(&hello(".rodata", SectionFlags::RODATA, false), 153, HELLO, compact);
    check(&hello(".data", SectionFlags::DATA, false), 209, HELLO, compact);
}

#[test]
fn compact_with_sections_is_disassembled() {
    let sections = |options: &mut Options| {
        options.layout.kind = Kind::Compact;
        options.layout.sections = true;
    };
    let check = |unit: &Unit, size, stdout| {
        let program = check(unit, size, stdout, sections);
        if let Some(said) = program.judged_by("objdump", &["-d"]) {
            assert!(String::from_utf8_lossy(&said.stdout).contains("syscall"));
        }
    };
    check(&exit(), 256, "");
    check(&hello(".rodata", SectionFlags::RODATA, false), 289, HELLO);
    check(&hello(".data", SectionFlags::DATA, false), 478, HELLO);
}

#[test]
fn symbols_are_listed_by_nm() {
    let program = check(&exit(), 600, "", |options| options.layout.symbols = true);
    lint(&program);
    if let Some(said) = program.judged_by("nm", &[]) {
        assert_eq!(String::from_utf8_lossy(&said.stdout), "00000000004000b0 T _start\n");
    }
}

#[test]
fn separate_code_keeps_data_out_of_the_executable_segment() {
    let unit = hello(".rodata", SectionFlags::RODATA, false);
    let program = check(&unit, 552, HELLO, |options| options.layout.separate_code = true);
    lint(&program);
    if let Some(said) = program.judged_by("readelf", &["-lW"]) {
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let rights: Vec<_> = text
            .lines()
            .filter(|line| line.contains("LOAD"))
            .map(|line| {
                line.split_whitespace().skip(6).take_while(|word| *word != "0x1000").collect::<String>()
            })
            .collect();
        assert_eq!(rights, ["R", "RE"]);
    }
}

#[test]
fn a_position_independent_program_has_no_absolute_addresses() {
    let pie = |options: &mut Options| options.layout.pie = true;
    check(&hello(".rodata", SectionFlags::RODATA, true), 496, HELLO, pie);
    let error = build(&hello(".rodata", SectionFlags::RODATA, false), pie).unwrap_err();
    assert_eq!(error, "error: an absolute address in a position-independent program");
}

#[test]
fn limits_and_contradictions_are_errors() {
    let error = |change: fn(&mut Options)| build(&exit(), change).unwrap_err();
    assert_eq!(
        error(|options| options.max_size = Some(391)),
        "error: the file has 392 bytes, 1 more than `--max-size 391`"
    );
    assert_eq!(
        error(|options| options.layout.image_base = Some(0x1234)),
        "error: the image base 0x1234 is no multiple of the page, 0x1000"
    );
}
