//! Many lines assembled as one flat file, and taken apart again.
//!
//! Every line gets a label, and a table of the labels' addresses stands behind the code: so the bytes of each line
//! are known for every assembler that reads the same source.  A line that is refused is left out, and the rest is
//! assembled again.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tinyelf::elf::records::Machine;
use tinyelf::isa::x86::Bits;
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::{Diagnostics, DiskLoader, Severity, SourceMap};

/// What became of a line: its bytes, or what was said against it.
pub(crate) type Outcome = Result<Vec<u8>, String>;

/// The file, or the messages by line of source, from 1.
pub(crate) type Attempt = Result<Vec<u8>, BTreeMap<usize, String>>;

/// What becomes of each line in the hands of an assembler of whole sources.
pub(crate) fn outcomes<S: AsRef<str>>(
    bits: Bits,
    lines: &[S],
    mut assemble: impl FnMut(&str) -> Attempt,
) -> Vec<Outcome> {
    let mut refused: BTreeMap<usize, String> = BTreeMap::new();
    loop {
        let kept: Vec<usize> = (0..lines.len()).filter(|at| !refused.contains_key(at)).collect();
        match assemble(&source(bits, lines, &kept)) {
            Ok(file) => {
                let mut bytes = slices(&file, kept.len()).into_iter();
                return (0..lines.len())
                    .map(|at| match refused.remove(&at) {
                        Some(message) => Err(message),
                        None => Ok(bytes.next().expect("a slice for each line that was kept")),
                    })
                    .collect();
            }
            Err(messages) => {
                let before = refused.len();
                for (line, message) in messages {
                    let at = line.checked_sub(2).and_then(|at| kept.get(at));
                    let at = at.unwrap_or_else(|| panic!("line {line}: {message}"));
                    refused.entry(*at).or_insert(message);
                }
                assert!(refused.len() > before, "refused without naming a line");
            }
        }
    }
}

fn source<S: AsRef<str>>(bits: Bits, lines: &[S], kept: &[usize]) -> String {
    let mode = match bits {
        Bits::B16 => 16,
        Bits::B32 => 32,
        Bits::B64 => 64,
    };
    let mut text = format!("bits {mode}\n");
    for at in kept {
        text.push_str(&format!("l{at}: {}\n", lines[*at].as_ref()));
    }
    text.push_str("l_end:\nsection .table align=1\n");
    for at in kept {
        text.push_str(&format!("dd l{at}\n"));
    }
    text.push_str("dd l_end\n");
    text
}

/// The bytes between the addresses in the table.
fn slices(file: &[u8], count: usize) -> Vec<Vec<u8>> {
    let table = &file[file.len() - 4 * (count + 1)..];
    let addresses: Vec<usize> = table
        .chunks_exact(4)
        .map(|entry| u32::from_le_bytes(entry.try_into().expect("chunks of four")) as usize)
        .collect();
    addresses.windows(2).map(|pair| file[pair[0]..pair[1]].to_vec()).collect()
}

/// The whole front end and the flat layout.
pub(crate) fn tinyelf(text: &str) -> Attempt {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let text = Arc::from(text.as_bytes());
    let source = Source { name: PathBuf::from("lines"), text, strict: false, language: Language::Nasm };
    let mut options = Options::new(Machine::X86_64);
    options.format = Format::Flat;
    let made = pipeline::build(&[source], &options, &DiskLoader, &mut map, &mut diagnostics);
    made.ok_or_else(|| {
        let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
        errors
            .map(|one| {
                (map.line_column(one.span).map_or(0, |place| place.line as usize), one.message.clone())
            })
            .collect()
    })
}
