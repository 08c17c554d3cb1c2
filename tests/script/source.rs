//! `--emit asm`: the text goes through nasm or GNU as and a linker, and what comes out is compared with what we
//! write: every section, byte by byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use object::{Object as _, ObjectSection as _, ObjectSegment as _, ObjectSymbol as _};
use tinyelf::elf::records::Machine;
use tinyelf::layout;
use tinyelf::pipeline;
use tinyelf::script;
use tinyelf::source::{Diagnostics, SourceMap};

use crate::oracle;
use crate::templates;

/// Assembler with its words, linker with its words.
type Tools = (&'static str, &'static [&'static str], &'static str, &'static [&'static str]);

fn tools(machine: Machine) -> Tools {
    match machine {
        Machine::X86_64 => ("nasm", &["-f", "elf64"], "ld", &["-m", "elf_x86_64"]),
        Machine::I386 => ("nasm", &["-f", "elf32"], "ld", &["-m", "elf_i386"]),
        Machine::Aarch64 => ("aarch64-linux-gnu-as", &[], "aarch64-linux-gnu-ld", &[]),
        Machine::Riscv64 => {
            ("riscv64-linux-gnu-as", &["-march=rv64gc"], "riscv64-linux-gnu-ld", &["--no-relax"])
        }
    }
}

fn succeeds(program: &Path, arguments: &[String], place: &str) {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{place}: {}: {said}", program.display());
}

/// What tinyelf writes, with section headers, and the source for the machine's assembler.
fn both(text: &str, machine: Machine, kind: layout::Kind) -> (Vec<u8>, String) {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let file = map.add(Path::new("t.sys"), text.as_bytes().into()).unwrap();
    let mut options = script::Options::new(machine);
    options.plain = kind == layout::Kind::Standard;
    let source = script::assembler_source(&map, file, &options, &mut diagnostics);
    let unit = script::compile(&map, file, &options, &mut diagnostics);
    let mut how = pipeline::Options::new(machine);
    how.layout.kind = kind;
    how.layout.symbols = true;
    let bytes = unit.and_then(|unit| pipeline::finish(&unit, &how, &mut diagnostics));
    (bytes.unwrap(), source.unwrap())
}

/// A section of the assembler's, and where it lies in what we write: its first symbol says it.
struct Part {
    name: String,
    address: u64,
}

fn parts(ours: &object::File<'_>, theirs: &object::File<'_>) -> Vec<Part> {
    let named = |symbol: &object::Symbol<'_, '_>| symbol.name().unwrap().to_owned();
    let address = |wanted: &str| {
        let plain = wanted.replace("string_", "string.");
        let plain = plain.strip_prefix("data_").unwrap_or(&plain).to_owned();
        let found = ours.symbols().find(|symbol| named(symbol) == plain);
        found.unwrap_or_else(|| panic!("no symbol {plain}")).address()
    };
    let mut parts: Vec<Part> = Vec::new();
    for symbol in theirs.symbols() {
        let Some(index) = symbol.section_index() else { continue };
        let name = theirs.section_by_index(index).unwrap().name().unwrap().to_owned();
        let text = named(&symbol);
        let known = text == "_start" || text.starts_with("data_") || text.starts_with("string_");
        if known && parts.iter().all(|part| part.name != name) {
            parts.push(Part { name, address: address(&text) - symbol.address() });
        }
    }
    parts
}

/// What the loaded file holds at an address.
fn memory<'a>(file: &object::File<'a>, address: u64, size: usize) -> &'a [u8] {
    let found = file.segments().find_map(|segment| {
        let from = usize::try_from(address.checked_sub(segment.address())?).ok()?;
        segment.data().unwrap().get(from..from + size)
    });
    found.unwrap_or_else(|| panic!("{size} bytes at {address:#x} are not in the file"))
}

fn check(place: &str, text: &str, machine: Machine, kind: layout::Kind) {
    let (assembler, assembler_words, linker, linker_words) = tools(machine);
    let (Some(assembler), Some(linker)) = (oracle::find(assembler), oracle::find(linker)) else { return };
    let (bytes, source) = both(text, machine, kind);
    let place = format!("{place} {} {kind:?}", machine.name());
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("source-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = |end: &str| folder.join(format!("p{number}{end}")).to_str().unwrap().to_owned();
    fs::write(path(".s"), &source).unwrap();
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut arguments = words(assembler_words);
    arguments.extend(words(&["-o", &path(".o"), &path(".s")]));
    succeeds(&assembler, &arguments, &format!("{place}\n{source}"));
    let ours = object::File::parse(&*bytes).unwrap();
    let assembled = fs::read(path(".o")).unwrap();
    let parts = parts(&ours, &object::File::parse(&*assembled).unwrap());
    let mut arguments = words(linker_words);
    // Sections go exactly where we put them, without room for headers.
    arguments.extend(words(&["-N", "-o", &path(""), &path(".o")]));
    arguments.extend(parts.iter().map(|part| format!("--section-start={}={:#x}", part.name, part.address)));
    succeeds(&linker, &arguments, &format!("{place}\n{source}"));
    let linked = fs::read(path("")).unwrap();
    let linked = object::File::parse(&*linked).unwrap();
    for Part { name, address } in parts.iter().filter(|part| part.name != ".bss") {
        let theirs = linked.section_by_name(name).unwrap();
        assert_eq!(theirs.address(), *address, "{place} {name}");
        let theirs = theirs.data().unwrap();
        let found = memory(&ours, *address, theirs.len());
        assert!(found == theirs, "{place} {name}\n{source}\nours {found:02x?}\ntheirs {theirs:02x?}");
    }
}

const SCRIPTS: &[(&str, &str)] = &[
    ("empty", ""),
    (
        "data",
        r#"
        data rax = "a\"b\\c\n\0\x80 \e"
        mut data list { word "one", rax, buffer + 3; align 16; u64be 5; bytes "x", 0; word "one" }
        space buffer 100; space words 16
        mut data x0 { u8 1 }
        write(1, rax)
        word[list] = 5
        word[words] = word[list + WORD]
        u8[x0] = u8[rax + 1] + i16[buffer + 2]
        i32[buffer] = argc
        exit(strlen("two") + len(buffer) + u16[words + argc])
        "#,
    ),
    (
        "arithmetic",
        "a = argc * 0x12345; b = (a << 3) + (a >> argc) - (a >>> 5) * 7\n\
         c = a / 10 + b % 7 ^ 0x55 | a & ~b; d = -c; e = !d && a < b || ult(a, c)\n\
         while a < 0x7fffffff { a = a * 3 + (b == c) + (c != d) * (d <= e) ; if a > 99 { break } }\n\
         f = e + a; g = f + b; h = g * c; i = h - d; j = i + f; k = j + g; l = k * h; m = l + i; n = m + j\n\
         kill(getpid(), a + b + c + d + e + f + g + h + i + j + k + l + m + n & 1)",
    ),
];

#[test]
fn the_source_of_every_template_assembles_to_the_same_bytes() {
    for name in templates::names() {
        for machine in Machine::ALL {
            for kind in [layout::Kind::Standard, layout::Kind::Compact] {
                check(&name, &templates::text(&name), machine, kind);
            }
        }
    }
}

#[test]
fn the_source_of_any_script_assembles_to_the_same_bytes() {
    // Branches over more than a branch of riscv64 reaches.
    let far =
        format!("loop {{ if argc > 5 {{ {} }}; if argc > 1 {{ break }} }}", "kill(argc, argc)\n".repeat(600));
    for (name, text) in SCRIPTS.iter().copied().chain([("far", far.as_str())]) {
        for machine in Machine::ALL {
            for kind in [layout::Kind::Standard, layout::Kind::Compact] {
                check(name, text, machine, kind);
            }
        }
    }
    for seed in 0..6 {
        for machine in Machine::ALL {
            check("random", &crate::equal::script(seed), machine, layout::Kind::Compact);
        }
    }
}

#[test]
fn the_source_for_nasm_makes_the_same_program_in_tinyelf() {
    use tinyelf::source::DiskLoader;
    for name in templates::names() {
        for machine in [Machine::X86_64, Machine::I386] {
            let text = templates::text(&name);
            let source = both(&text, machine, layout::Kind::Compact).1;
            let mut map = SourceMap::new();
            let mut diagnostics = Diagnostics::new();
            let source = pipeline::Source {
                name: "p.asm".into(),
                text: source.into_bytes().into(),
                strict: false,
                language: pipeline::Language::Nasm,
            };
            let mut how = pipeline::Options::new(machine);
            how.layout.kind = layout::Kind::Compact;
            let again = pipeline::build(&[source], &how, &DiskLoader, &mut map, &mut diagnostics);
            let direct = crate::build::build(&text, machine, layout::Kind::Compact).unwrap();
            assert!(again == Some(direct), "{name} {}", machine.name());
        }
    }
}

#[test]
fn the_lines_of_the_script_stand_as_comments() {
    let (_, source) = both("x = 3 # three \\\nexit(x)\n", Machine::X86_64, layout::Kind::Compact);
    let lines: Vec<_> = source.lines().collect();
    assert_eq!(
        lines,
        [
            "; nasm -f elf64 -o p.o p.asm && ld -o p p.o",
            "global _start",
            "section .text align=1",
            "_start:",
            "; x = 3 # three",
            "    push 3",
            "    pop rdi",
            "; exit(x)",
            "    mov al, 60",
            "    syscall"
        ]
    );
}
