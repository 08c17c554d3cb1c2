//! Relocatable objects: byte for byte those of nasm, and linked by gcc into programs that run.
//!
//! A file in `sources/` is a test; `; format: elf32` in its first line makes it one.

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/tool.rs"]
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/objects/sources");

/// Every source, with its format.
fn sources() -> Vec<(PathBuf, &'static str)> {
    let mut paths: Vec<_> = fs::read_dir(SOURCES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 5, "the sources were not found");
    let format = |path: &Path| match fs::read_to_string(path).unwrap().contains("; format: elf32") {
        true => "elf32",
        false => "elf64",
    };
    paths.into_iter().map(|path| (path.clone(), format(&path))).collect()
}

/// The source, copied under the same name for both assemblers: the name stands in the object.
fn assemble(folder: &tool::Folder, source: &Path, format: &str) {
    folder.write("source.asm", fs::read(source).unwrap());
    folder.tinyelf(["build", "-q", "-c", "-f", format, "source.asm", "-o", "ours.o"]).succeeds();
}

#[test]
fn objects_equal_those_of_nasm() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let mut wrong = Vec::new();
    for (source, format) in sources() {
        let folder = tool::Folder::new();
        assemble(&folder, &source, format);
        folder.command(&nasm, ["-f", format, "source.asm", "-o", "theirs.o"]).succeeds();
        if folder.read("ours.o") != folder.read("theirs.o") {
            wrong.push(format!("{}\n{}", source.display(), difference(&folder)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first lines in which readelf's and objdump's views differ.
fn difference(folder: &tool::Folder) -> String {
    let Some(readelf) = oracle::find("readelf") else { return String::new() };
    let view = |name: &str| {
        let text = folder.command(&readelf, ["-SrsW", name]).said().stdout;
        let hex = folder.command("objdump", ["-s", name]).said().stdout;
        (text + &hex).replace(name, "")
    };
    let (ours, theirs) = (view("ours.o"), view("theirs.o"));
    let lines = ours.lines().zip(theirs.lines()).filter(|(one, other)| one != other);
    lines.take(6).map(|(one, other)| format!("  ours   {one}\n  theirs {other}\n")).collect()
}

#[test]
fn gcc_links_an_object_into_a_program() {
    let Some(gcc) = oracle::find("gcc") else { return };
    let folder = tool::Folder::new();
    assemble(&folder, &Path::new(SOURCES).join("libc_main.asm"), "elf64");
    folder.command(gcc, ["ours.o", "-o", "program"]).succeeds();
    if host::runs_x86_64() {
        folder.program("program", [""; 0]).says(0, "3 items\n", "");
    }
}
