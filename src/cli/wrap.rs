//! `tinyelf wrap CODE.bin | --hex '…'`: machine code to an executable.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::arguments::{TargetOptions, WriteOptions};
use super::message::Messages;
use super::output::{self, Mode};
use super::status::{self, Made};
use super::{SOURCE_IS_WRONG, emit, inspect, make};
use crate::elf::records::Machine;
use crate::pipeline::{self, Built, Format};
use crate::source::{Diagnostics, SourceMap};
use crate::unit::{Builder, SectionFlags, SectionKind, Unit};

/// `wrap`.
#[derive(Debug, Args)]
pub(super) struct WrapOptions {
    /// Machine code, executed from its first byte; `-` is standard input
    #[arg(value_name = "CODE", required_unless_present = "hex")]
    file: Option<PathBuf>,
    /// Machine code as hexadecimal digits; blanks, commas, `0x` and `\x` are skipped
    #[arg(long, value_name = "DIGITS", conflicts_with = "file")]
    hex: Option<String>,
    #[command(flatten)]
    target: TargetOptions,
    #[command(flatten)]
    write: WriteOptions,
}

/// Puts headers round the code and writes the program.
pub(super) fn wrap(options: &WrapOptions, messages: Messages) -> Result<ExitCode> {
    emit::refuse_source(options.write.emit)?;
    let machine = make::one_machine(&options.target)?;
    let stem = options.file.as_deref().and_then(Path::file_stem).filter(|stem| *stem != "-");
    let stem = stem.map_or_else(|| "wrap".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let target = options.write.target(Path::new(&stem));
    if let Some(file) = &options.file {
        output::refuse_inputs(&target, std::slice::from_ref(file))?;
    }
    options.write.see.check(&target, &[], Format::Executable)?;
    let code = match (&options.hex, &options.file) {
        (Some(digits), _) => bytes(digits)?,
        (None, Some(file)) => inspect::read(file)?,
        (None, None) => bail!("no code was given"),
    };
    if code.is_empty() {
        bail!("there is no code: at least one instruction is needed");
    }
    if code.starts_with(b"\x7fELF") {
        bail!("this is an ELF file already: `wrap` takes machine code without headers");
    }
    if options.target.debug {
        bail!("`-g` describes the lines of a source, and machine code has none");
    }
    let unit = unit(machine, &code).context("the code cannot be wrapped")?;
    let how = make::options(machine, &options.target)?;
    let mut diagnostics = Diagnostics::new();
    let built = pipeline::finish(&unit, &how, &mut diagnostics);
    messages.show_all(&diagnostics, &SourceMap::new());
    let Some(bytes) = built else { return Ok(ExitCode::from(SOURCE_IS_WRONG)) };
    emit::write(&target, &bytes, Mode::Executable, options.write.emit, &stem)?;
    if !options.write.quiet {
        status::print(&[Made { target: &target, size: bytes.len(), options: &how }]);
    }
    options.write.see.show(&Built { bytes, origins: vec![], map_file: None }, &target)?;
    Ok(ExitCode::SUCCESS)
}

/// A program whose only contents are these bytes, and whose entry is the first of them.
fn unit(machine: Machine, code: &[u8]) -> Result<Unit> {
    let mut builder = Builder::new(machine);
    let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
    let start = builder.symbol("_start");
    builder.define(start, text)?;
    builder.data(text, code, &[])?;
    builder.entry(start);
    Ok(builder.finish()?)
}

/// The bytes that digits stand for: `6a3c58`, `6a 3c 58`, `0x6a,0x3c`, `\x6a\x3c`.
fn bytes(text: &str) -> Result<Vec<u8>> {
    let plain = text.replace("\\x", " ").replace("0x", " ").replace("0X", " ");
    let mut bytes = Vec::new();
    for word in plain.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        if let Some(other) = word.chars().find(|c| !c.is_ascii_hexdigit()) {
            bail!("`{other}` in `{text}` is no hexadecimal digit");
        }
        if word.len() % 2 != 0 {
            bail!("`{word}` has {} digits: every byte has two", word.len());
        }
        for at in (0..word.len()).step_by(2) {
            bytes.push(u8::from_str_radix(&word[at..at + 2], 16).context("digits were checked")?);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn digits_become_bytes_in_every_usual_spelling() {
        for text in ["6a3c58", "6a 3c 58", "0x6a, 0x3c,0X58", "\\x6a\\x3c\\x58", "6A3C\n58"] {
            assert_eq!(bytes(text).unwrap(), [0x6a, 0x3c, 0x58], "{text}");
        }
        assert_eq!(bytes("6a3").unwrap_err().to_string(), "`6a3` has 3 digits: every byte has two");
        assert_eq!(bytes("6ag0").unwrap_err().to_string(), "`g` in `6ag0` is no hexadecimal digit");
    }
}
