//! Many lines assembled as one flat file, and taken apart again.
//!
//! Every line gets a label, and a table of the labels' addresses stands behind the code: so the bytes of each line
//! are known for every assembler that reads the same source.  A line that is refused is left out, and the rest is
//! assembled again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tinyelf::elf::records::Machine;
use tinyelf::isa::x86::{Bits, Optimize};
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::{Diagnostics, DiskLoader, Severity, SourceMap};

/// Lines for each mode, and what the random numbers begin with; `TINYELF_ISA_LINES` and `TINYELF_ISA_SEED` ask for
/// others.
pub(crate) fn extent(lines: usize, seed: u64) -> (usize, u64) {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    (
        number("TINYELF_ISA_LINES").map_or(lines, |lines| lines as usize),
        number("TINYELF_ISA_SEED").unwrap_or(seed),
    )
}

/// What became of a line: its bytes, or what was said against it.
pub(crate) type Outcome = Result<Vec<u8>, String>;

/// The file, or the messages by line of source, from 1.
pub(crate) type Attempt = Result<Vec<u8>, BTreeMap<usize, String>>;

/// What becomes of each line in the hands of an assembler of whole sources.
pub(crate) fn outcomes<S: AsRef<str>>(
    bits: Bits,
    lines: &[S],
    assemble: impl FnMut(&str) -> Attempt,
) -> Vec<Outcome> {
    outcomes_between([&mode(bits), ""], lines, assemble)
}

/// The line that sets the mode.
pub(crate) fn mode(bits: Bits) -> String {
    match bits {
        Bits::B16 => "bits 16\n",
        Bits::B32 => "bits 32\n",
        Bits::B64 => "bits 64\n",
    }
    .to_owned()
}

/// The same with lines of source before and after them.
pub(crate) fn outcomes_between<S: AsRef<str>>(
    [before, after]: [&str; 2],
    lines: &[S],
    mut assemble: impl FnMut(&str) -> Attempt,
) -> Vec<Outcome> {
    let ahead = before.lines().count() + 1;
    let mut refused: BTreeMap<usize, String> = BTreeMap::new();
    loop {
        let kept: Vec<usize> = (0..lines.len()).filter(|at| !refused.contains_key(at)).collect();
        match assemble(&source([before, after], lines, &kept)) {
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
                    let at = line.checked_sub(ahead).and_then(|at| kept.get(at));
                    let at = at.unwrap_or_else(|| panic!("line {line}: {message}"));
                    refused.entry(*at).or_insert(message);
                }
                assert!(refused.len() > before, "refused without naming a line");
            }
        }
    }
}

fn source<S: AsRef<str>>([before, after]: [&str; 2], lines: &[S], kept: &[usize]) -> String {
    let mut text = before.to_owned();
    for at in kept {
        text.push_str(&format!("l{at}: {}\n", lines[*at].as_ref()));
    }
    text.push_str(&format!("l_end:\n{after}section .table align=1\n"));
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
    tinyelf_at(Optimize::Full, text)
}

/// The same at a level of optimisation.
pub(crate) fn tinyelf_at(level: Optimize, text: &str) -> Attempt {
    let (made, map, diagnostics) = built(level, text);
    made.ok_or_else(|| {
        let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
        errors
            .map(|one| {
                (map.line_column(one.span).map_or(0, |place| place.line as usize), one.message.clone())
            })
            .collect()
    })
}

/// The names of the warnings about a source, each once.
pub(crate) fn names_of_warnings(text: &str) -> BTreeSet<String> {
    let (_, _, diagnostics) = built(Optimize::Full, text);
    diagnostics.iter().filter_map(|one| one.name).map(str::to_owned).collect()
}

fn built(level: Optimize, text: &str) -> (Option<Vec<u8>>, SourceMap, Diagnostics) {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let text = Arc::from(text.as_bytes());
    let source = Source { name: PathBuf::from("lines"), text, strict: false, language: Language::Nasm };
    let mut options = Options::new(Machine::X86_64);
    (options.format, options.optimize) = (Format::Flat, level);
    let made = pipeline::build(&[source], &options, &DiskLoader, &mut map, &mut diagnostics);
    (made, map, diagnostics)
}

/// The names of nasm's warnings about a source, each once.
pub(crate) fn nasm_warnings(nasm: &Path, text: &str) -> BTreeSet<String> {
    let (said, _, _) = nasm_said(nasm, Optimize::Full, &[], text);
    let name = |line: &str| Some(line.rsplit_once("[-w+")?.1.trim_end_matches(']').to_owned());
    said.lines().filter_map(name).collect()
}

/// nasm at a level of optimisation, without its warnings.
pub(crate) fn nasm_at(nasm: &Path, level: Optimize, text: &str) -> Attempt {
    let (said, bytes, input) = nasm_said(nasm, level, &["-w-all"], text);
    let prefix = format!("{input}:");
    let place = |line: &str| {
        // A failed assertion of nasm's own is told as a panic.
        let rest = line.trim_start_matches("panic: ").strip_prefix(&prefix)?.to_owned();
        let (number, message) = rest.split_once(": ")?;
        Some((number.parse().ok()?, message.to_owned()))
    };
    let messages: BTreeMap<usize, String> = said.lines().filter_map(place).collect();
    if messages.is_empty() { Ok(bytes.unwrap_or_else(|| panic!("{said}"))) } else { Err(messages) }
}

/// What nasm says about a source, the file that it makes, and the name that it knows the source by.
fn nasm_said(
    nasm: &Path,
    level: Optimize,
    options: &[&str],
    text: &str,
) -> (String, Option<Vec<u8>>, String) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = |end| std::env::temp_dir().join(format!("tinyelf-isa-{}-{number}.{end}", std::process::id()));
    let (input, output) = (name("asm"), name("bin"));
    fs::write(&input, text).unwrap();
    let level = match level {
        Optimize::None => "-O0",
        Optimize::One => "-O1",
        Optimize::Full => "-Ox",
    };
    let mut command = Command::new(nasm);
    command.args(["-f", "bin"]).args(options).args([level, "-o"]).arg(&output).arg(&input);
    let said = String::from_utf8_lossy(&command.output().unwrap().stderr).into_owned();
    let bytes = fs::read(&output).ok();
    let _ = (fs::remove_file(&input), fs::remove_file(&output));
    (said, bytes, input.display().to_string())
}

/// Bytes or the message, to be read.
pub(crate) fn shown(outcome: &Outcome) -> String {
    match outcome {
        Ok(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(message) => format!("error: {message}"),
    }
}
