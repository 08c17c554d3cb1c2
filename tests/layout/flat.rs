//! Flat output against nasm: random sections, each described twice, as source for nasm and as a unit for us.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use tinyelf::elf::records::Machine;
use tinyelf::elf::write;
use tinyelf::layout;
use tinyelf::source::{Diagnostics, SourceMap, Span};
use tinyelf::unit::{
    Definition, Fixup, FixupKind, Position, Section, SectionFlags, SectionId, SectionKind, Symbol, SymbolId,
    Unit, Value,
};

use crate::oracle;
use crate::random::Random;

const NAMES: [&str; 6] = [".text", ".data", ".bss", "one", "two", "three"];

/// A program for both sides.
struct Pair {
    source: String,
    unit: Unit,
}

fn pair(random: &mut Random) -> Pair {
    let mut pair = Pair { source: "bits 64\n".into(), unit: Unit::new(Machine::X86_64) };
    let org = random.one_in(2).then(|| random.below(0x2000));
    if let Some(org) = org {
        writeln!(pair.source, "org {org}").unwrap();
    }
    let mut names: Vec<&str> = NAMES.into_iter().filter(|_| !random.one_in(3)).collect();
    for at in (1..names.len()).rev() {
        names.swap(at, random.below(at as u64 + 1) as usize);
    }
    if names.is_empty() {
        names.push(".text");
    }
    for (index, name) in names.iter().enumerate() {
        section(&mut pair, random, name, &names);
        let position = pair.unit.sections[index].end();
        let label = pair.unit.names.intern(format!("l{index}").as_bytes());
        let section = SectionId(index as u32);
        let definition = Definition::Label { section, position };
        pair.unit.symbols.push(Symbol { definition, ..Symbol::new(label, Span::NONE) });
        writeln!(pair.source, "l{index}:").unwrap();
    }
    for section in &mut pair.unit.sections {
        section.flat.org = org;
    }
    addresses(&mut pair, &names);
    pair
}

/// A section with random attributes and some bytes.
fn section(pair: &mut Pair, random: &mut Random, name: &str, names: &[&str]) {
    let id = pair.unit.names.intern(name.as_bytes());
    let nobits = name == ".bss" || (!name.starts_with('.') && random.one_in(4));
    let kind = if nobits { SectionKind::Nobits } else { SectionKind::Progbits };
    let mut section = Section::new(id, kind, SectionFlags::DATA, Span::NONE);
    write!(pair.source, "section {name}").unwrap();
    if nobits && name != ".bss" {
        write!(pair.source, " nobits").unwrap();
    }
    let mut attribute = |name: &str, value: u64| {
        write!(pair.source, " {name}={value}").unwrap();
        Some(value)
    };
    match random.below(6) {
        0 => section.flat.align = attribute("align", 1 << random.below(6)),
        1 => section.flat.start = attribute("start", 0x2000 + random.below(8) * 0x40),
        _ => {}
    }
    match random.below(8) {
        0 => section.flat.valign = attribute("valign", 1 << random.below(6)),
        1 => section.flat.vstart = attribute("vstart", random.below(0x1_0000)),
        _ => {}
    }
    let other = names[random.below(names.len() as u64) as usize];
    let other_id = pair.unit.names.intern(other.as_bytes());
    if random.one_in(6) && section.flat.start.is_none() && other != name {
        write!(pair.source, " follows={other}").unwrap();
        section.flat.follows = Some(other_id);
    } else if random.one_in(6) && section.flat.vstart.is_none() && other != name {
        write!(pair.source, " vfollows={other}").unwrap();
        section.flat.vfollows = Some(other_id);
    }
    let length = if random.one_in(4) { 0 } else { random.below(60) };
    if nobits {
        section.literal.resize(length as usize, 0);
        writeln!(pair.source, "\nresb {length}").unwrap();
    } else {
        section.literal.resize(length as usize, 0x90);
        writeln!(pair.source, "\ntimes {length} db 0x90").unwrap();
    }
    pair.unit.sections.push(section);
}

/// At the end of the first section with contents: where every label lies and every section begins, and distances.
fn addresses(pair: &mut Pair, names: &[&str]) {
    let Some(place) = pair.unit.sections.iter().position(|section| section.kind == SectionKind::Progbits)
    else {
        return;
    };
    writeln!(pair.source, "section {}", names[place]).unwrap();
    let mut put = |value, width: u8, kind| {
        let section = &mut pair.unit.sections[place];
        let position = Position { fragment: 0, literal: section.literal.len() as u32 };
        section.fixups.push(Fixup { position, width, kind, value, span: Span::NONE });
        section.literal.resize(section.literal.len() + usize::from(width), 0);
    };
    for (index, name) in names.iter().enumerate() {
        writeln!(pair.source, "dq l{index}\ndd l{index}-$\ndq section.{name}.start, section.{name}.vstart")
            .unwrap();
        let mut symbol = |suffix: &str| {
            let name = pair.unit.names.intern(format!("section.{name}.{suffix}").as_bytes());
            pair.unit.symbols.push(Symbol::new(name, Span::NONE));
            Value::Symbol { symbol: SymbolId(pair.unit.symbols.len() as u32 - 1), addend: 0 }
        };
        let label = Value::Symbol { symbol: SymbolId(index as u32), addend: 0 };
        put(label, 8, FixupKind::Absolute);
        put(label, 4, FixupKind::Relative { end: 0 });
        put(symbol("start"), 8, FixupKind::Absolute);
        put(symbol("vstart"), 8, FixupKind::Absolute);
    }
}

fn ours(unit: &Unit) -> Result<Vec<u8>, String> {
    let mut diagnostics = Diagnostics::new();
    let sizes = layout::relax(unit, &mut diagnostics).unwrap();
    let flat = layout::flat(unit, &sizes, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|one| one.short(&SourceMap::new())).collect();
    flat.map(|flat| write::write(&flat.image)).ok_or_else(|| said.join("\n"))
}

fn nasm(program: &Path, source: &str, folder: &Path) -> Result<Vec<u8>, String> {
    let (input, output) = (folder.join("flat.asm"), folder.join("flat.bin"));
    fs::write(&input, source).unwrap();
    let said =
        Command::new(program).args(["-w-all", "-f", "bin", "-o"]).arg(&output).arg(&input).output().unwrap();
    if said.status.success() {
        Ok(fs::read(&output).unwrap())
    } else {
        Err(String::from_utf8_lossy(&said.stderr).into_owned())
    }
}

#[test]
fn random_sections_lie_where_nasm_puts_them() {
    let Some(program) = oracle::find("nasm") else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("flat-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let count = std::env::var("TINYELF_TEST_COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(150);
    let mut compared = 0;
    for seed in 0..count {
        let pair = pair(&mut Random(seed));
        let found = ours(&pair.unit);
        // There nasm never comes to an end.
        if found.as_ref().is_err_and(|error| error.contains("in a circle")) {
            continue;
        }
        let expected = nasm(&program, &pair.source, &folder);
        compared += u64::from(expected.is_ok());
        assert_eq!(
            expected.as_ref().ok(),
            found.as_ref().ok(),
            "seed {seed}\n{}\n{:?}\n{:?}",
            pair.source,
            expected.as_ref().err(),
            found.as_ref().err()
        );
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(compared > count / 4, "only {compared} of {count} were accepted by nasm");
}
