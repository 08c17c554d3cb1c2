//! `tinyelf inspect FILE`: what every byte of an ELF file is.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{ArgAction, Args};

use super::SOURCE_IS_WRONG;
use super::message::Messages;
use super::output::{self, Mode, Target};
use crate::inspect::{self, ByteMap, Sections};

/// `inspect`.
#[derive(Debug, Args)]
pub(super) struct InspectOptions {
    /// An ELF file of any machine, whole or damaged; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The file header
    #[arg(short = 'h')]
    header: bool,
    /// The program headers, and which sections lie in which segment
    #[arg(short = 'l')]
    segments: bool,
    /// The section headers
    #[arg(short = 'S')]
    sections: bool,
    /// The symbols
    #[arg(short = 's')]
    symbols: bool,
    /// The instructions (x86)
    #[arg(short = 'd')]
    code: bool,
    /// The whole map as one JSON object
    #[arg(long, conflicts_with_all = ["header", "segments", "sections", "symbols", "code"])]
    json: bool,
    /// The whole map as one HTML page that needs no network
    #[arg(long, conflicts_with_all = ["json", "header", "segments", "sections", "symbols", "code"])]
    html: bool,
    /// The file to write; `-` is standard output [default: -]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

/// Reads the file and prints its map.
pub(super) fn inspect(options: &InspectOptions, messages: Messages) -> Result<ExitCode> {
    let bytes = read(&options.file)?;
    let map = match ByteMap::new(&bytes) {
        Ok(map) => map,
        Err(error) => {
            let error = anyhow::Error::new(error);
            messages.failure(&error.context(format!("`{}` is no ELF file", options.file.display())));
            return Ok(ExitCode::from(SOURCE_IS_WRONG));
        }
    };
    match options.output.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let target = Target::File(path.to_owned());
            output::refuse_inputs(&target, std::slice::from_ref(&options.file))?;
            let mut text = Vec::new();
            write(options, &map, &mut text).context("cannot show the file")?;
            output::write(&target, &text, Mode::Plain)?;
        }
        None => {
            let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
            match write(options, &map, &mut out).and_then(|()| out.flush()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    return Err(error).context("cannot write to standard output");
                }
                _ => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The whole file, or standard input.
pub(super) fn read(file: &Path) -> Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))
}

fn write(options: &InspectOptions, map: &ByteMap<'_>, out: &mut dyn Write) -> io::Result<()> {
    if options.json {
        return inspect::json(map, out);
    }
    if options.html {
        let title = options.file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        return inspect::html(map, &title, out);
    }
    let parts = Sections {
        header: options.header,
        segments: options.segments,
        sections: options.sections,
        symbols: options.symbols,
        code: options.code,
    };
    inspect::text(map, parts, out)
}
