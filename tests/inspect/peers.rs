//! The same as other tools say: readelf's headers, objdump's instructions.

use tinyelf::inspect::{self, ByteMap, Sections};

use crate::files;
use crate::oracle;
use crate::tool::Folder;

fn shown(bytes: &[u8], parts: Sections) -> String {
    let mut text = Vec::new();
    inspect::text(&ByteMap::new(bytes).unwrap(), parts, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Whole files; the damaged and the golfed ones are read differently by every tool.
fn sound() -> impl Iterator<Item = (String, Vec<u8>)> {
    files::all().into_iter().filter(|(name, _)| !name.starts_with("damaged") && !name.starts_with("golf"))
}

#[test]
fn instruction_lengths_are_those_of_objdump() {
    let Some(objdump) = oracle::find("objdump") else { return };
    let folder = Folder::new();
    for (name, bytes) in sound().filter(|(name, _)| name.contains("x86") || name.contains("i386")) {
        // Without sections objdump sees no code.
        if ByteMap::new(&bytes).unwrap().file.shdrs.is_empty() {
            continue;
        }
        folder.write(&name, &bytes);
        let said = folder.command(&objdump, ["-d", "-w", &name]).succeeds();
        let address = |line: &str| {
            let (address, rest) = line.trim_start().split_once(':')?;
            (!rest.trim().is_empty()).then(|| u64::from_str_radix(address, 16).ok())?
        };
        let theirs: Vec<u64> = said.stdout.lines().filter_map(address).collect();
        let parts = Sections { code: true, ..Sections::default() };
        let ours: Vec<u64> =
            shown(&bytes, parts).lines().filter(|line| line.starts_with("  ")).filter_map(address).collect();
        assert_eq!(ours.len(), theirs.len(), "{name}");
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn sections_and_symbols_are_those_of_readelf() {
    let Some(readelf) = oracle::find("readelf") else { return };
    let folder = Folder::new();
    for (name, bytes) in sound() {
        folder.write(&name, &bytes);
        let said = folder.command(&readelf, ["-W", "-S", &name]).said();
        let theirs: Vec<Vec<String>> = said
            .stdout
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix('[')?.split_once("] ."))
            .map(|(_, rest)| rest.split_whitespace().take(4).map(str::to_owned).collect())
            .collect();
        let text = shown(&bytes, Sections { sections: true, ..Sections::default() });
        let ours: Vec<Vec<String>> = text
            .lines()
            .filter_map(|line| line.split_once(" ."))
            .filter(|(number, _)| number.trim().parse::<u32>().is_ok())
            .map(|(_, rest)| rest.split_whitespace().take(4).map(str::to_owned).collect())
            .collect();
        assert_eq!(ours.len(), theirs.len(), "{name}\n{text}");
        for (own, their) in ours.iter().zip(&theirs) {
            let number = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16).unwrap();
            assert_eq!(own[0], their[0], "{name}");
            assert_eq!(number(&own[2]), number(&their[2]), "{name}: address of {}", own[0]);
            assert_eq!(number(&own[3]), number(&their[3]), "{name}: offset of {}", own[0]);
        }
        let said = folder.command(&readelf, ["-W", "-s", &name]).said();
        let their_symbols = said.stdout.lines().filter(|line| line.split_once(": 0").is_some()).count();
        let text = shown(&bytes, Sections { symbols: true, ..Sections::default() });
        assert_eq!(
            text.lines().filter(|line| line.starts_with("  0x")).count(),
            their_symbols,
            "{name}\n{text}"
        );
    }
}
