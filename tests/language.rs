//! Sources of one idea each, assembled flat and compared with nasm byte for byte.

#[path = "support/oracle.rs"]
mod oracle;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tinyelf::elf::records::Machine;
use tinyelf::pipeline::{self, Format, Language, Options, Source};
use tinyelf::source::{Diagnostics, DiskLoader, Severity, SourceMap};

fn sources() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/language");
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    assert!(found.len() > 5, "the sources were not found");
    found
}

fn flat(name: &Path, text: &[u8]) -> Result<Vec<u8>, String> {
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let source =
        Source { name: name.to_owned(), text: Arc::from(text), strict: false, language: Language::Nasm };
    let mut options = Options::new(Machine::X86_64);
    options.format = Format::Flat;
    let made = pipeline::build(&[source], &options, &DiskLoader, &mut map, &mut diagnostics);
    made.ok_or_else(|| {
        let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
        errors.map(|one| one.short(&map)).collect::<Vec<_>>().join("\n")
    })
}

fn compare(path: &Path, nasm: &Path) -> Option<String> {
    let out = std::env::temp_dir().join(format!(
        "tinyelf-language-{}-{}",
        std::process::id(),
        path.file_stem().unwrap().to_string_lossy()
    ));
    let ran = Command::new(nasm).args(["-f", "bin", "-w-all", "-o"]).arg(&out).arg(path).output().unwrap();
    assert!(ran.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&ran.stderr));
    let expected = fs::read(&out).unwrap();
    fs::remove_file(&out).unwrap();
    match flat(path, &fs::read(path).unwrap()) {
        Err(errors) => Some(errors),
        Ok(bytes) if bytes == expected => None,
        Ok(bytes) => {
            let at = bytes.iter().zip(&expected).take_while(|(a, b)| a == b).count();
            let around = |bytes: &[u8]| {
                bytes[at.saturating_sub(4).min(bytes.len())..(at + 12).min(bytes.len())].to_vec()
            };
            Some(format!(
                "{} differs at {at:#x}: {} bytes against nasm's {}; from 4 bytes before: {:02x?} nasm: {:02x?}",
                path.display(),
                bytes.len(),
                expected.len(),
                around(&bytes),
                around(&expected)
            ))
        }
    }
}

#[test]
fn every_source_gives_nasms_bytes() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let wrong: Vec<_> = sources().iter().filter_map(|path| compare(path, &nasm)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
