//! The same as other tools say: readelf's headers, objdump's instructions.

use std::collections::BTreeMap;

use tinyelf::inspect::{self, ByteMap, Item, Owner, Sections};

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

/// The values of a header's fields, by name, in the order of the file.
fn fields(map: &ByteMap<'_>, wanted: impl Fn(Owner) -> bool) -> Vec<BTreeMap<String, u64>> {
    let number = |item: &Item| {
        let bytes = map.file.slice(item.start, item.end - item.start);
        bytes.iter().take(8).rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    };
    let regions = map.regions.iter().filter(|region| wanted(region.owner));
    regions.map(|region| map.items(region).map(|item| (item.name.clone(), number(&item))).collect()).collect()
}

#[test]
fn header_fields_are_those_of_readelf() {
    let Some(readelf) = oracle::find("readelf") else { return };
    let folder = Folder::new();
    // readelf reads golfed headers by the same rules; of damaged ones it shows what it can.
    for (name, bytes) in files::all().into_iter().filter(|(name, _)| !name.starts_with("damaged")) {
        let map = ByteMap::new(&bytes).unwrap();
        // Golf keeps code where readelf reads the class, and the smallest file ends before the last fields.
        if name.starts_with("golf-linux") || map.file.size() < 52 {
            continue;
        }
        folder.write(&name, &bytes);
        let said = folder.command(&readelf, ["-W", "-h", &name]).said().stdout;
        let theirs = |label: &str| {
            let line = said.lines().find(|line| line.trim_start().starts_with(label));
            let value =
                line.unwrap_or_else(|| panic!("{name}: {label} in {said}")).split_once(':').unwrap().1;
            let value = value.split_whitespace().next().unwrap().trim_end_matches(',');
            match value.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16).unwrap(),
                None => value.parse().unwrap(),
            }
        };
        let ehdr = fields(&map, |owner| owner == Owner::Ehdr).remove(0);
        for (field, label) in [
            ("e_entry", "Entry point address"),
            ("e_phoff", "Start of program headers"),
            ("e_shoff", "Start of section headers"),
            ("e_flags", "Flags"),
            ("e_ehsize", "Size of this header"),
            ("e_phentsize", "Size of program headers"),
            ("e_phnum", "Number of program headers"),
            ("e_shentsize", "Size of section headers"),
            ("e_shnum", "Number of section headers"),
            ("e_shstrndx", "Section header string table index"),
        ] {
            assert_eq!(ehdr[field], theirs(label), "{name}: {field}");
        }
        let said = folder.command(&readelf, ["-W", "-l", &name]).said().stdout;
        let theirs: Vec<Vec<u64>> = said
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|words| words.len() > 6 && words[1].starts_with("0x"))
            .map(|words| {
                words[1..6].iter().map(|word| u64::from_str_radix(&word[2..], 16).unwrap()).collect()
            })
            .collect();
        let phdrs = fields(&map, |owner| matches!(owner, Owner::Phdr(_)));
        let names = ["p_offset", "p_vaddr", "p_paddr", "p_filesz", "p_memsz"];
        let ours: Vec<Vec<u64>> = phdrs.iter().map(|one| names.map(|name| one[name]).to_vec()).collect();
        assert_eq!(ours, theirs, "{name}\n{said}");
    }
}
