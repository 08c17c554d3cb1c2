//! Every line of `tests/data/x86` gives nasm's bytes.

use tinyelf::isa::x86::{Assembler, Bits};

use crate::parse::bytes;

fn check(bits: Bits, data: &str) {
    let mut assembler = Assembler::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in data.lines() {
        let Some((expected, text)) = line.split_once('\t') else { continue };
        count += 1;
        let found = match bytes(&mut assembler, bits, text) {
            Ok(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Err(reason) => reason,
        };
        if found != expected {
            wrong.push(format!("{text}\n    nasm  {expected}\n    ours  {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} lines differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_people_type_in_64_bit_mode() {
    check(Bits::B64, include_str!("../data/x86/idioms64.tsv"));
}

#[test]
fn generated_lines_in_64_bit_mode() {
    check(Bits::B64, include_str!("../data/x86/nasm64.tsv"));
}

#[test]
fn generated_lines_in_32_bit_mode() {
    check(Bits::B32, include_str!("../data/x86/nasm32.tsv"));
}

#[test]
fn generated_lines_in_16_bit_mode() {
    check(Bits::B16, include_str!("../data/x86/nasm16.tsv"));
}
