//! Lines and whole sources damaged by chance: whatever comes of them, it comes soon and without a panic.

use tinyelf::isa::x86::Optimize;

use crate::batch::tinyelf_at;
use crate::mutate::{Random, mutated};

const LINES: [&str; 3] = [
    include_str!("../data/x86/nasm64.tsv"),
    include_str!("../data/x86/nasm32.tsv"),
    include_str!("../data/x86/nasm16.tsv"),
];

/// Text that means something somewhere.
const PIECES: [&str; 40] = [
    "%",
    "%%",
    "$",
    "$$",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    ":",
    "'",
    "\"",
    "`",
    "\\",
    ";",
    "\n",
    "\t",
    "\0",
    "~",
    "0x",
    "1e400",
    "-9223372036854775808",
    "0xffffffffffffffff",
    "times -1 ",
    "times 3 ",
    "equ ",
    "%macro m 1-*",
    "%endmacro",
    "%if ",
    "%endif",
    "%rep 3",
    "%endrep",
    "%define x ",
    "section .x ",
    "db ",
    "resb ",
    "{k1}",
    "wrt ",
];

fn damaged(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(5) {
            0 if at < bytes.len() => bytes[at] = random.below(256) as u8,
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.truncate(at),
            3 => {
                let from = random.below(bytes.len() + 1).min(at);
                let copy = bytes[from..at.min(from + 40)].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
        }
    }
    bytes
}

#[test]
fn damaged_lines_end_in_bytes_or_messages() {
    let mut random = Random(7);
    let lines: Vec<Vec<&str>> = LINES.iter().map(|data| data.lines().collect()).collect();
    for _ in 0..300 {
        let mut text = Vec::new();
        for _ in 0..12 {
            let from = random.below(3);
            let Some((_, line)) = lines[from][random.below(lines[from].len())].split_once('\t') else {
                continue;
            };
            text.extend_from_slice(["bits 64\n", "bits 32\n", "bits 16\n"][random.below(3)].as_bytes());
            let line = mutated(&mut random, line);
            text.extend(damaged(&mut random, &line));
            text.push(b'\n');
        }
        let level = random.pick(&[Optimize::None, Optimize::One, Optimize::Full]);
        let _ = tinyelf_at(level, &String::from_utf8_lossy(&text));
    }
}
