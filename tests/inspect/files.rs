//! The files that are looked at: made elsewhere, kept as hexadecimal text under `tests/inspect/files/`.

use std::fs;
use std::path::PathBuf;

/// The folder of this area.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inspect"))
}

/// Name and bytes of every file.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder().join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hex"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, bytes(&fs::read_to_string(&path).unwrap()))
        })
        .collect();
    files.sort();
    assert!(files.len() >= 8, "the files are gone");
    files
}

/// Text of two digits for each byte; `#` begins a comment, `ZZ*N` is N zeroes.
fn bytes(text: &str) -> Vec<u8> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let mut bytes = Vec::new();
    for word in lines.flat_map(str::split_whitespace) {
        match word.strip_prefix("ZZ*") {
            Some(count) => bytes.resize(bytes.len() + count.parse::<usize>().unwrap(), 0),
            None => {
                for at in (0..word.len()).step_by(2) {
                    bytes.push(u8::from_str_radix(&word[at..at + 2], 16).unwrap());
                }
            }
        }
    }
    bytes
}
