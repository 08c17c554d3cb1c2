//! What is said about wrong sources, kind by kind: `diagnostics/NAME.asm` holds the mistakes, `NAME.txt` commands behind
//! `$ ` and everything they print.  `BLESS=1` writes what they print now; a person reads the difference.

use std::fs;
use std::path::{Path, PathBuf};

use crate::oracle;
use crate::tool::Folder;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/diagnostics");

fn cases(extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|one| one == extension)).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

/// A folder with every source of the cases.
fn folder() -> Folder {
    let folder = Folder::new();
    for path in cases("asm") {
        folder.write(path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap());
    }
    folder
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// What the commands of a case print, standard error after standard output.
fn outcome(folder: &Folder, text: &str) -> String {
    let mut out = String::new();
    for command in text.lines().filter_map(|line| line.strip_prefix("$ tinyelf ")) {
        let said = folder.tinyelf(command.split(' ')).said();
        out.push_str(&format!("$ tinyelf {command}\n{}{}status {}\n", said.stdout, said.stderr, said.status));
    }
    out
}

#[test]
fn every_mistake_is_told_with_its_place_and_what_to_do() {
    let folder = folder();
    let mut failed = String::new();
    for source in cases("asm") {
        let path = source.with_extension("txt");
        let default = || format!("$ tinyelf build -q {}.asm\n", name(&source));
        let expected = fs::read_to_string(&path).unwrap_or_else(|_| default());
        let found = outcome(&folder, &expected);
        if found == expected {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, found).unwrap();
        } else {
            failed.push_str(&format!("--- {}: expected\n{expected}--- found\n{found}", name(&source)));
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// The lines and classes of warnings, each once.
fn warnings(text: &str, open: &str, close: char) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = text
        .lines()
        .filter(|line| line.contains(": warning: "))
        .filter_map(|line| {
            let (_, number) = line.split_once(':')?;
            let number = number.split(':').next()?.parse().ok()?;
            let class = line.rsplit_once(open)?.1.strip_suffix(close)?;
            Some((number, class.to_owned()))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Files whose names begin with `nasm_warns_`.
#[test]
fn nasm_warns_of_the_same_lines_under_the_same_names() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let folder = folder();
    for path in cases("asm").iter().map(|path| name(path)).filter(|name| name.starts_with("nasm_warns_")) {
        let file = format!("{path}.asm");
        let theirs = folder.command(&nasm, ["-f", "elf64", "-o", "theirs.o", &file]).succeeds().stderr;
        let words = ["build", "-c", "-q", "-o", "ours.o", "--message-format", "short", &file];
        let ours = folder.tinyelf(words).succeeds().stderr;
        let (ours, theirs) = (warnings(&ours, " [", ']'), warnings(&theirs, "[-w+", ']'));
        assert!(!theirs.is_empty(), "{file}");
        assert_eq!(ours, theirs, "{file}");
    }
}

/// The first line of what is said about a source of these bytes, and how many errors there are.
fn about(text: &[u8]) -> (String, usize) {
    let folder = Folder::new();
    folder.write("a.asm", text);
    let said = folder.tinyelf(["build", "-q", "--message-format", "short", "a.asm"]).said();
    assert_eq!((said.status, said.stdout.as_str()), (1, ""), "{}", said.stderr);
    assert_eq!(folder.list("."), ["a.asm"]);
    (said.stderr.lines().next().unwrap().to_owned(), said.stderr.lines().count())
}

#[test]
fn what_is_no_source_is_told_in_one_message() {
    let check = |text: &[u8], message: &str| assert_eq!(about(text), (message.to_owned(), 1));
    check(b"\x7fELF\x02\x01\x01\0mvo\n1\n", "a.asm:1:1: error: this is an ELF file, not a source");
    check(b"\xff\xfes\0e\0c\0", "a.asm:1:1: error: this text is in UTF-16");
    check(b"nop\nx: db 1,\0\n mvo\nfoo 5\n", "a.asm:2:9: error: this is no text: it contains the byte 0");
    check(
        b"; \xe9t\xe9\nmsg: db 'caf\xe9', \xe9\nmvo 5\n",
        "a.asm:2:17: error: this text is not in UTF-8: the byte 0xe9 stands here",
    );
    check("\u{feff}section .text\n".as_bytes(), "a.asm:1:1: error: a byte order mark stands before the text");
    check(b"", "error: there is no code to start at");
    check(b"; only a comment\n\n", "error: there is no code to start at");
}

#[test]
fn bytes_of_any_encoding_stand_in_strings_and_comments() {
    let folder = Folder::new();
    folder.write("a.asm", b"; \xe9t\xe9\n_start: ret\ndb 'caf\xe9'\n");
    folder.tinyelf(["build", "-q", "-f", "bin", "a.asm"]).says(0, "", "");
    assert_eq!(folder.read("out/a.bin"), b"\xc3caf\xe9");
}

#[test]
fn a_line_of_a_megabyte_is_read_and_told_of_in_a_few_lines() {
    let folder = Folder::new();
    let list = "1,".repeat(500_000);
    folder.write("a.asm", format!("db {list}1\n"));
    folder.tinyelf(["build", "-q", "-f", "bin", "a.asm"]).says(0, "", "");
    assert_eq!(folder.read("out/a.bin").len(), 500_001);
    let name = "x".repeat(1_000_000);
    folder.write("b.asm", format!("mov eax, {name}\n"));
    for format in ["human", "short"] {
        let said = folder.tinyelf(["build", "-q", "--message-format", format, "b.asm"]).said();
        assert_eq!(said.status, 1);
        assert!(said.stderr.contains("b.asm:1:10") && said.stderr.len() < 4000, "{}", said.stderr);
    }
}
