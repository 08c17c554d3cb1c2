//! `--emit`: the bytes of a program as an array in a programming language, or a script as assembler source.

use std::fmt::Write as _;

use super::output::{self, Mode, Target};
use super::{help, output::Target::Stdout};
use anyhow::{Result, bail};

/// The languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Language {
    /// `unsigned char hello[] = {…}` and its length
    C,
    /// `pub const HELLO: [u8; N] = […]`
    Rust,
    /// Two digits for each byte, nothing else
    Hex,
    /// `hello = bytes.fromhex(…)`
    Python,
    /// A script's program as source text: NASM for x86, GNU as for the others
    Asm,
}

/// Writes the bytes themselves, or as an array where a language was asked for.
pub(super) fn write(
    target: &Target,
    bytes: &[u8],
    mode: Mode,
    language: Option<Language>,
    stem: &str,
) -> Result<()> {
    match language {
        None => output::write(target, bytes, mode),
        Some(language) => write_text(target, &array(bytes, language, &identifier(stem))),
    }
}

/// Text may go to a terminal.
pub(super) fn write_text(target: &Target, text: &str) -> Result<()> {
    match target {
        Stdout => help::print(text.as_bytes()).map(|_| ()),
        Target::File(_) => output::write(target, text.as_bytes(), Mode::Plain),
    }
}

/// Refuses what only scripts can be shown as.
pub(super) fn refuse_source(language: Option<Language>) -> Result<()> {
    if language == Some(Language::Asm) {
        bail!("`--emit asm` is for scripts and templates; other programs have their source already");
    }
    Ok(())
}

/// A name that every one of the languages accepts.
fn identifier(stem: &str) -> String {
    let mut name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    // `exit` and `sleep` are functions in C, `yield` and `loop` are words of the languages.
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    format!("{name}_elf")
}

fn array(bytes: &[u8], language: Language, name: &str) -> String {
    let size = bytes.len();
    match language {
        Language::C => {
            format!("unsigned char {name}[] = {{\n{}}};\nunsigned int {name}_len = {size};\n", listed(bytes))
        }
        Language::Rust => {
            format!("pub const {}: [u8; {size}] = [\n{}];\n", name.to_ascii_uppercase(), listed(bytes))
        }
        Language::Hex | Language::Asm => digits(bytes, "", ""),
        Language::Python => format!("{name} = bytes.fromhex(\n{})\n", digits(bytes, "    \"", "\"")),
    }
}

fn listed(bytes: &[u8]) -> String {
    let mut text = String::new();
    for row in bytes.chunks(12) {
        let row: Vec<String> = row.iter().map(|byte| format!("0x{byte:02x}")).collect();
        let _ = writeln!(text, "    {},", row.join(", "));
    }
    text
}

fn digits(bytes: &[u8], before: &str, after: &str) -> String {
    let mut text = String::new();
    for row in bytes.chunks(32) {
        let row: String = row.iter().map(|byte| format!("{byte:02x}")).collect();
        let _ = writeln!(text, "{before}{row}{after}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_those_of_the_language() {
        let check =
            |language, expected: &str| assert_eq!(array(&[0x7f, 0, 255], language, "a_elf"), expected);
        check(
            Language::C,
            "unsigned char a_elf[] = {\n    0x7f, 0x00, 0xff,\n};\nunsigned int a_elf_len = 3;\n",
        );
        check(Language::Rust, "pub const A_ELF: [u8; 3] = [\n    0x7f, 0x00, 0xff,\n];\n");
        check(Language::Hex, "7f00ff\n");
        check(Language::Python, "a_elf = bytes.fromhex(\n    \"7f00ff\"\n)\n");
        assert_eq!(identifier("9-lives"), "_9_lives_elf");
    }
}
