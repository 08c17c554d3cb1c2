//! No input makes the compiler panic or hang, and the documentation's scripts are scripts.

use std::fs;
use std::path::Path;

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;

use crate::build::build;
use crate::random::Random;

/// Pieces that mutations are made of: each is somewhere special in the language.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ";",
    "\n",
    "\"",
    "'",
    "\\",
    "#",
    "=",
    "==",
    "-",
    "!",
    "~",
    "..",
    ".",
    ",",
    ":",
    ">>>",
    "&&",
    "||",
    "/",
    "%",
    "0",
    "1",
    "07",
    "0x",
    "-9223372036854775808",
    "9223372036854775807",
    "0xffffffffffffffff",
    "if",
    "else",
    "while",
    "loop",
    "break",
    "continue",
    "data",
    "mut",
    "space",
    "param",
    "argv",
    "envp",
    "argc",
    "word",
    "u64[",
    "u8[",
    "x",
    "x = ",
    "exit",
    "write(1, ",
    "read(0, ",
    "mmap(",
    "strlen(",
    "len(",
    "syscall(",
    "int 0..9",
    "string",
    "ipv4 1.2.3.4",
    "ipv6 ::1",
    "align 8",
    "zero 9",
    "\u{e9}",
    "\0",
    "\u{1F600}",
];

fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sys"));
    files.sort();
    let mut texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    texts.extend(documented());
    texts
}

/// The blocks of `docs/script.md` that are scripts.
fn documented() -> Vec<String> {
    let page = include_str!("../../docs/script.md");
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.map(str::to_owned).filter(|block| !block.contains("script     =")).collect()
}

fn mutated(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(6) {
        let at = random.below(bytes.len() as u64 + 1) as usize;
        let end = (at + random.below(12) as usize).min(bytes.len());
        match random.below(4) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let piece = PIECES[random.below(PIECES.len() as u64) as usize];
                bytes.splice(at..at, piece.bytes());
            }
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len() as u64 + 1) as usize;
                bytes.splice(to..to, copy);
            }
            _ => bytes.insert(at, random.next() as u8),
        }
    }
    bytes
}

#[test]
fn mutated_scripts_are_refused_or_built_but_never_panic() {
    let texts = texts();
    let mut random = Random::new(11);
    for _ in 0..1500 {
        let text = &texts[random.below(texts.len() as u64) as usize];
        let bytes = mutated(text, &mut random);
        let text = String::from_utf8_lossy(&bytes);
        let machine = Machine::ALL[random.below(4) as usize];
        let layout = [Kind::Standard, Kind::Compact][random.below(2) as usize];
        let outcome = std::panic::catch_unwind(|| drop(build(&text, machine, layout)));
        assert!(outcome.is_ok(), "{} {layout:?}\n{text}", machine.name());
    }
}

#[test]
fn deep_and_long_scripts_are_taken_or_refused_with_a_message() {
    let deep = format!("x = {}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(build(&deep, Machine::X86_64, Kind::Compact).unwrap_err().contains("nested more than"));
    let deep = format!("x = {}1", "-".repeat(5000));
    assert!(build(&deep, Machine::X86_64, Kind::Compact).unwrap_err().contains("nested more than"));
    let deep = "if argc { ".repeat(5000);
    assert!(build(&deep, Machine::X86_64, Kind::Compact).unwrap_err().contains("nested more than"));
    let long = format!("x = argc{}", " + argc".repeat(5000));
    assert!(build(&long, Machine::X86_64, Kind::Compact).unwrap_err().contains("operators"));
    let long = "x = x + argc\nwrite(1, \"a\")\n".repeat(1000);
    for machine in Machine::ALL {
        build(&long, machine, Kind::Compact).unwrap();
    }
}

#[test]
fn the_scripts_of_the_documentation_are_built_for_every_machine() {
    let blocks = documented();
    assert!(blocks.len() >= 2);
    for text in blocks {
        for machine in Machine::ALL {
            build(&text, machine, Kind::Standard).unwrap_or_else(|wrong| panic!("{text}\n{wrong}"));
        }
    }
}

#[test]
fn branches_reach_over_large_bodies() {
    // Each call is a dozen bytes or more, so the loop is longer than the short branches of every machine reach.
    let body = "if n == 1000 { write(2, \"never\") }\nm = m + n * 3\n".repeat(700);
    let text = format!("n = 0\nm = 0\nwhile n < 3 {{\n{body}n = n + 1\n}}\nif m == 6300 {{ exit(7) }}");
    for machine in Machine::ALL {
        let bytes = build(&text, machine, Kind::Compact).unwrap();
        if let Some(output) = crate::build::run(machine, &bytes, &[], b"") {
            assert_eq!(output.status.code(), Some(7), "{}", machine.name());
        }
    }
}
