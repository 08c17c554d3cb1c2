//! The text of every file, compared completely; `BLESS=1` rewrites it, and a person reads the difference.

use std::fs;

use tinyelf::inspect::{self, ByteMap, Sections};

use crate::files;

#[test]
fn the_text_of_every_file_is_as_it_was_read() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, bytes) in files::all() {
        let map = ByteMap::new(&bytes).unwrap();
        let mut text = Vec::new();
        inspect::text(&map, Sections::default(), &mut text).unwrap();
        let parts = Sections { header: false, segments: true, sections: true, symbols: true, code: true };
        inspect::text(&map, parts, &mut text).unwrap();
        let path = files::folder().join("files").join(format!("{name}.txt"));
        if bless {
            fs::write(&path, &text).unwrap();
        } else if fs::read(&path).unwrap_or_default() != text {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "the text of these changed: {wrong:?}; BLESS=1 shows how");
}

/// Golf puts code into the page before a segment's first byte, and the kernel maps whole pages.
#[test]
fn the_code_of_golfed_files_is_found() {
    for machine in ["x86_64", "i386"] {
        let name = format!("golf-linux-{machine}");
        let (_, bytes) = files::all().into_iter().find(|(other, _)| *other == name).unwrap();
        let mut text = Vec::new();
        let parts = Sections { code: true, ..Sections::default() };
        inspect::text(&ByteMap::new(&bytes).unwrap(), parts, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let call = if machine == "i386" { "int 0x80" } else { "syscall" };
        assert_eq!(text.matches(call).count(), 2, "{text}");
        assert!(!text.contains("in no executable segment"), "{text}");
    }
}

/// What is odd on purpose is told apart from what is missing.
#[test]
fn golfed_files_have_no_problems_and_files_cut_short_have() {
    let text = |bytes: &[u8]| {
        let mut text = Vec::new();
        inspect::text(&ByteMap::new(bytes).unwrap(), Sections::default(), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    };
    let mut odd = 0;
    for (name, bytes) in files::all() {
        let whole = text(&bytes);
        assert!(name.starts_with("damaged") || !whole.contains("\nProblems:"), "{name}: {whole}");
        odd += u32::from(whole.contains("\nOdd, but Linux starts the file (4.14+):"));
        if matches!(name.as_str(), "own-x86_64-standard" | "x86_64-linked" | "aarch64-linked") {
            let map = ByteMap::new(&bytes).unwrap();
            let end = map.file.phdrs.iter().map(|one| one.p_offset.0 + one.p_filesz).max().unwrap();
            let cut = text(&bytes[..end as usize - 1]);
            assert!(cut.contains("\nProblems:") && !cut.contains("\nOdd"), "{name}: {cut}");
        }
    }
    assert!(odd >= 4, "{odd} files are odd");
}
