//! Relocatable objects: byte for byte those of nasm, and linked by gcc into programs that run.
//!
//! A file in `sources/` is a test, of one idea.  Comments before the first other line say more:
//!
//! ```text
//! ; format: elf32          or elfx32; without it: elf64
//! ; runs: 3                ld makes a program of it, which ends with this status
//! ```

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/objects/sources");

/// Every source, with its format.
fn sources() -> Vec<(PathBuf, &'static str)> {
    let mut paths: Vec<_> = fs::read_dir(SOURCES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 40, "the sources were not found");
    let format = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let named = |name: &&&str| text.contains(&format!("; format: {name}\n"));
        ["elf32", "elfx32"].iter().find(named).copied().unwrap_or("elf64")
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

/// The symbols as readelf lists them, without their numbers and without those of sections.
fn symbols(folder: &tool::Folder, readelf: &Path, name: &str) -> Vec<String> {
    let text = folder.command(readelf, ["-sW", name]).succeeds().stdout;
    let fields = |line: &str| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ");
    text.lines().skip(3).map(fields).filter(|line| !line.contains(" SECTION ")).collect()
}

#[test]
fn debug_information_leaves_the_symbols_as_nasm_has_them() {
    let (Some(nasm), Some(readelf)) = (oracle::find("nasm"), oracle::find("readelf")) else { return };
    for name in ["types_of_data", "visibility", "common", "absolute_symbols"] {
        let folder = tool::Folder::new();
        folder.write("source.asm", fs::read(Path::new(SOURCES).join(format!("{name}.asm"))).unwrap());
        folder.tinyelf(["nasm", "-f", "elf64", "-g", "source.asm", "-o", "ours.o"]).succeeds();
        folder.command(&nasm, ["-f", "elf64", "-g", "source.asm", "-o", "theirs.o"]).succeeds();
        let (ours, theirs) = (symbols(&folder, &readelf, "ours.o"), symbols(&folder, &readelf, "theirs.o"));
        assert_eq!(ours, theirs, "{name}");
    }
}

#[test]
fn ld_links_objects_into_programs_that_run() {
    let Some(ld) = oracle::find("ld") else { return };
    let mut ran = 0;
    for (source, format) in sources() {
        let text = fs::read_to_string(&source).unwrap();
        let Some(status) = text.lines().find_map(|line| line.strip_prefix("; runs: ")) else { continue };
        let folder = tool::Folder::new();
        assemble(&folder, &source, format);
        let (emulation, runs) = match format {
            "elf32" => ("elf_i386", host::runs_i386()),
            // Few kernels have the system calls of x32: it is linked only.
            "elfx32" => ("elf32_x86_64", false),
            _ => ("elf_x86_64", host::runs_x86_64()),
        };
        folder.command(&ld, ["-m", emulation, "ours.o", "-o", "program"]).succeeds();
        ran += 1;
        if runs {
            let said = folder.program("program", [""; 0]).said();
            assert_eq!(said.status.to_string(), status, "{}", source.display());
        }
    }
    assert!(ran > 10, "the sources that run were not found");
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

/// More sections than the fields of the ELF header and of symbols have numbers for (gABI ch. 4, "Sections").
#[test]
fn sections_may_be_more_than_the_header_can_count() {
    let folder = tool::Folder::new();
    let source = "global _start\n%assign n 0\n%rep 65400\nsection .s %+ n exec\nl %+ n: nop\n%assign n n+1\n%endrep\n\
                  _start: mov eax,60\nmov edi,7\njmp l65399.end\nl65399.end: syscall\n";
    folder.write("source.asm", source);
    folder.tinyelf(["build", "-q", "-c", "source.asm", "-o", "ours.o"]).succeeds();
    folder.tinyelf(["build", "-q", "--symbols", "source.asm", "-o", "program"]).succeeds();
    if host::runs_x86_64() {
        folder.program("program", [""; 0]).says(7, "", "");
    }
    if let Some(nasm) = oracle::find("nasm") {
        folder.command(&nasm, ["-f", "elf64", "source.asm", "-o", "theirs.o"]).succeeds();
        assert!(folder.read("ours.o") == folder.read("theirs.o"), "{}", difference(&folder));
    }
    if let Some(readelf) = oracle::find("readelf") {
        let said = folder.command(&readelf, ["-hsW", "program"]).succeeds();
        assert_eq!(said.stderr, "");
        // The null one, the tables of symbols, names, wide numbers and names of sections.
        assert!(said.stdout.contains(" 0 (65405)\n"));
        assert!(said.stdout.contains(" LOCAL  DEFAULT 65400 l65399\n"));
    }
}
