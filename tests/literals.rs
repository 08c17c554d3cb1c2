//! Literals against nasm: thousands of generated ones, bit for bit.

#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/patience.rs"]
mod patience;
#[path = "support/tool.rs"]
mod tool;

use std::fmt::Write as _;

use tinyelf::nasm::value::{Float, FloatFormat, FloatMode, unquote};

/// A small generator of numbers; the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn digits(&mut self, most: u64, radix: u64) -> String {
        let count = 1 + self.below(most);
        (0..count).map(|_| char::from_digit(self.below(radix) as u32, 16).unwrap()).collect()
    }

    /// A literal near the range that the format `bytes` wide can hold.
    fn literal(&mut self, bytes: u64) -> String {
        let reach = match bytes {
            1 => 4,
            2 => 9,
            4 => 50,
            8 => 330,
            _ => 4990,
        };
        let exponent = self.below(2 * reach) as i64 - reach as i64;
        match self.below(8) {
            0 => format!("{}.{}", self.digits(3, 10), self.digits(12, 10)),
            1 => format!("{}.", self.digits(8, 10)),
            2 => format!("{}e{exponent}", self.digits(4, 10)),
            3 => format!("0.{}e{exponent}", self.digits(60, 10)),
            4 => format!("0x{}.{}p{}", self.digits(20, 16), self.digits(40, 16), exponent * 3),
            5 => format!("0b1.{}p{}", self.digits(9, 2), exponent * 3),
            6 => format!("0o{}.{}p{}", self.digits(5, 8), self.digits(70, 8), exponent * 3),
            // Halfway between two values of a short format.
            _ => format!("{}.{}", self.below(40), self.below(4096) as f64 / 4096.0).replace(".0.", "."),
        }
    }
}

/// What nasm makes of a source as flat output.
fn nasm(source: &str) -> Option<Vec<u8>> {
    let nasm = oracle::find("nasm")?;
    let folder = tool::Folder::new();
    folder.write("a.asm", source);
    folder.command(nasm, ["-f", "bin", "-w-all", "a.asm", "-o", "a.bin"]).succeeds();
    Some(folder.read("a.bin"))
}

fn check_floats(options: &str) {
    let mut numbers = Numbers(options.len() as u64);
    let mut mode = FloatMode::default();
    let mut source = String::new();
    for option in options.split(' ') {
        assert!(mode.set(option.as_bytes()));
        writeln!(source, "float {option}").unwrap();
    }
    let mut literals = Vec::new();
    for (directive, bytes) in [("db", 1), ("dw", 2), ("dd", 4), ("dq", 8), ("dt", 10), ("do", 16)] {
        for _ in 0..300 {
            let (literal, negative) = (numbers.literal(bytes), numbers.below(2) == 1);
            let line = format!("{directive} {}{literal}", if negative { "-" } else { "+" });
            writeln!(source, "{line}").unwrap();
            let format = FloatFormat::of_size(bytes as u8).unwrap();
            let float = Float::parse(literal.as_bytes(), negative, format, mode);
            literals.push((line, float.unwrap().as_slice().to_owned()));
        }
    }
    let Some(expected) = nasm(&source) else { return };
    let mut at = 0;
    for (line, bytes) in literals {
        assert_eq!(bytes, expected[at..at + bytes.len()], "{options}: {line}");
        at += bytes.len();
    }
}

#[test]
fn floats_round_as_nasm_rounds_in_every_mode() {
    for options in ["near", "up", "down", "zero", "near daz", "up daz"] {
        check_floats(options);
    }
}

#[test]
fn special_floats_are_nasms() {
    let mut source = String::new();
    let mut ours = Vec::new();
    for (directive, bytes) in [("db", 1), ("dw", 2), ("dd", 4), ("dq", 8), ("dt", 10), ("do", 16)] {
        for literal in
            ["__?Infinity?__", "__?NaN?__", "__?QNaN?__", "__?SNaN?__", "0.0", "1_0.0_1e+0_1", "1e9999"]
        {
            writeln!(source, "{directive} -{literal}").unwrap();
            let format = FloatFormat::of_size(bytes).unwrap();
            let float = Float::parse(literal.as_bytes(), true, format, FloatMode::default()).unwrap();
            ours.extend_from_slice(float.as_slice());
        }
    }
    for literal in ["1234p", "12_345_678_901_234_567_890p", "0p7"] {
        writeln!(source, "dt {literal}").unwrap();
        let float = Float::parse(literal.as_bytes(), false, FloatFormat::F80, FloatMode::default()).unwrap();
        ours.extend_from_slice(float.as_slice());
    }
    if let Some(expected) = nasm(&source) {
        assert_eq!(ours, expected);
    }
}

#[test]
fn escapes_are_nasms() {
    let mut source = String::new();
    let mut ours = Vec::new();
    let letters = [
        "a", "b", "c", "d", "e", "f", "n", "o", "q", "r", "t", "v", "x", "X", "u", "U", "^", "?", "0", "7",
        "8", "'", "\"", "\\", "`", "{",
    ];
    for letter in letters {
        for rest in ["", "1", "12", "4a7", "0041x", "00000041x", "{41}", "?"] {
            let text = format!("`<\\{letter}{rest}>`");
            writeln!(source, "db {text}").unwrap();
            ours.extend_from_slice(&unquote(text.as_bytes()));
        }
    }
    if let Some(expected) = nasm(&source) {
        assert_eq!(ours, expected);
    }
}
