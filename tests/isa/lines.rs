//! Every line of `tests/data/x86` gives nasm's bytes.

use tinyelf::isa::x86::Bits;

use crate::batch;
use crate::mistakes::mistake;

fn check(bits: Bits, data: &str) {
    check_rows(bits, &data.lines().filter_map(|line| line.split_once('\t')).collect::<Vec<_>>());
}

fn check_rows(bits: Bits, rows: &[(&str, &str)]) {
    let lines: Vec<&str> = rows.iter().map(|(_, text)| *text).collect();
    let outcomes = batch::outcomes(bits, &lines, batch::tinyelf);
    let mut wrong = Vec::new();
    for ((expected, text), outcome) in rows.iter().zip(outcomes) {
        let found = match outcome {
            Ok(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Err(message) => message,
        };
        if found != *expected {
            wrong.push(format!("{text}\n    nasm  {expected}\n    ours  {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} lines differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
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

/// Rows with the mode before them.
fn check_modes(data: &'static str) {
    for (mode, bits) in [("16", Bits::B16), ("32", Bits::B32), ("64", Bits::B64)] {
        let of_mode = |line: &'static str| line.strip_prefix(mode)?.strip_prefix('\t')?.split_once('\t');
        let rows = data.lines().filter_map(of_mode).filter(|(_, line)| mistake(bits, line).is_none());
        check_rows(bits, &rows.collect::<Vec<_>>());
    }
}

#[test]
fn operands_that_nasm_lets_one_write_otherwise() {
    check_modes(include_str!("../data/x86/spellings.tsv"));
}

/// Every mnemonic of nasm's in each mode that it takes it in, with operands of the shapes that nasm itself names: with
/// prefixes that do nothing, with size keywords, obsolete instructions.
#[test]
fn shapes_of_nasms_own_table() {
    check_modes(include_str!("../data/x86/shapes.tsv"));
}
