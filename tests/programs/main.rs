//! Whole programs: built by `tinyelf`, executed here, output and status compared with what their first lines say;
//! and their sections compared with those that nasm and ld make for the same addresses.
//!
//! A program is a file in `sources/`; its comments before the first blank line say how it runs:
//!
//! ```text
//! ; format: elf32          without it: elf64
//! ; with: second.inc …     further files of the same program
//! ; args: one "two words"
//! ; stdin: text\n
//! ; stdout: text\n
//! ; status: 3
//! ; needs: int80           64-bit code that calls the 32-bit way
//! ; tables: …              why sections are not compared with those of ld
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

use object::{Object as _, ObjectSection as _};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/sources");

/// Where the sources find the files that they include.
const INCLUDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/sources/");

/// What the first lines of a source say.
#[derive(Default)]
struct Program {
    path: PathBuf,
    elf32: bool,
    int_80: bool,
    tables: bool,
    more: Vec<String>,
    args: Vec<String>,
    stdin: String,
    stdout: String,
    status: i32,
}

impl Program {
    fn read(path: PathBuf) -> Program {
        let text = fs::read_to_string(&path).unwrap();
        let mut program = Program { path, ..Program::default() };
        for line in text.lines().take_while(|line| !line.is_empty()) {
            let Some((key, value)) = line.strip_prefix("; ").and_then(|line| line.split_once(": ")) else {
                continue;
            };
            match key {
                "format" => program.elf32 = value == "elf32",
                "tables" => program.tables = true,
                "needs" => program.int_80 = value == "int80",
                "with" => program.more = value.split(' ').map(str::to_owned).collect(),
                "args" => program.args = words(value),
                "stdin" => program.stdin = value.replace("\\n", "\n"),
                "stdout" => program.stdout = value.replace("\\n", "\n"),
                "status" => program.status = value.parse().unwrap(),
                _ => {}
            }
        }
        program
    }

    fn name(&self) -> String {
        self.path.file_stem().unwrap().to_string_lossy().into_owned()
    }

    fn format(&self) -> &'static str {
        if self.elf32 { "elf32" } else { "elf64" }
    }

    fn files(&self) -> Vec<PathBuf> {
        let more = self.more.iter().map(|name| Path::new(SOURCES).join(name));
        std::iter::once(self.path.clone()).chain(more).collect()
    }

    fn runs_here(&self) -> bool {
        match (self.elf32, self.int_80) {
            (true, _) => host::runs_i386(),
            (false, true) => host::runs_int_80(),
            (false, false) => host::runs_x86_64(),
        }
    }
}

/// Words between spaces; quotes keep spaces.
fn words(text: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = text.split(|c: char| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    });
    parts.map(|part| part.replace('"', "")).collect()
}

fn programs() -> Vec<Program> {
    let mut paths: Vec<_> = fs::read_dir(SOURCES).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "asm"));
    paths.sort();
    assert!(paths.len() > 15, "the programs were not found");
    paths.into_iter().map(Program::read).collect()
}

fn build(program: &Program, folder: &tool::Folder, layout: &str) {
    let mut words = vec!["build".into(), "-q".into(), "-f".into(), program.format().into()];
    words.extend([
        "--layout".into(),
        layout.into(),
        "-o".into(),
        "program".into(),
        "-I".into(),
        INCLUDE.into(),
    ]);
    words.extend(program.files().into_iter().map(PathBuf::into_os_string));
    folder.tinyelf(words).succeeds();
}

fn runs_as_it_says(layout: &str) {
    let mut wrong = Vec::new();
    for program in programs() {
        let folder = tool::Folder::new();
        build(&program, &folder, layout);
        if !program.runs_here() {
            continue;
        }
        let said = folder.program("program", &program.args).stdin(&program.stdin).said();
        if (said.status, said.stdout.as_str()) != (program.status, program.stdout.as_str()) {
            wrong.push(format!("{}: status {}, {:?}", program.name(), said.status, said.stdout));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_program_runs_in_the_standard_layout() {
    runs_as_it_says("standard");
}

#[test]
fn every_program_runs_in_the_compact_layout() {
    runs_as_it_says("compact");
}

/// Name, address and bytes of the sections that have contents.
fn sections(file: &[u8]) -> Vec<(String, u64, Vec<u8>)> {
    let file = object::File::parse(file).unwrap();
    let mut out: Vec<_> = file
        .sections()
        .filter(|section| section.size() > 0)
        .filter(|section| {
            !matches!(section.kind(), object::SectionKind::Metadata | object::SectionKind::Other)
        })
        .map(|section| {
            (section.name().unwrap().to_owned(), section.address(), section.data().unwrap().to_vec())
        })
        .collect();
    out.sort();
    out
}

/// The program as nasm and ld build it, its sections at our addresses.
fn with_nasm_and_ld(
    program: &Program,
    folder: &tool::Folder,
    ours: &[(String, u64, Vec<u8>)],
) -> Option<Vec<u8>> {
    let [nasm, ld, objcopy] = ["nasm", "ld", "objcopy"].map(oracle::find);
    let (nasm, ld, objcopy) = (nasm?, ld?, objcopy?);
    let mut link = vec!["-m".to_owned(), if program.elf32 { "elf_i386" } else { "elf_x86_64" }.to_owned()];
    link.extend(["-o".to_owned(), "theirs".to_owned()]);
    link.extend(ours.iter().map(|(name, address, _)| format!("--section-start={name}={address:#x}")));
    for (number, file) in program.files().iter().enumerate() {
        let object = format!("{number}.o");
        let file = file.to_str().unwrap();
        folder.command(&nasm, ["-f", program.format(), "-I", INCLUDE, file, "-o", &object]).succeeds();
        // Executables of ours keep the alignment that the source asks for, not the one that objects imply.
        let implied: Vec<_> = object::File::parse(folder.read(&object).as_slice())
            .unwrap()
            .sections()
            .filter(|section| section.align() == if section.name() == Ok(".text") { 16 } else { 4 })
            .map(|section| format!("{}=1", section.name().unwrap()))
            .flat_map(|setting| ["--set-section-alignment".to_owned(), setting])
            .collect();
        folder.command(&objcopy, implied.iter().chain([&object])).succeeds();
        link.push(object);
    }
    folder.command(ld, &link).succeeds();
    Some(folder.read("theirs"))
}

#[test]
fn sections_equal_those_of_nasm_and_ld() {
    for program in programs().into_iter().filter(|program| !program.tables) {
        let folder = tool::Folder::new();
        build(&program, &folder, "standard");
        let ours = sections(&folder.read("program"));
        let Some(theirs) = with_nasm_and_ld(&program, &folder, &ours) else { return };
        let theirs = sections(&theirs);
        assert_eq!(ours, theirs, "{}", program.name());
    }
}

#[test]
fn programs_end_as_those_of_nasm_and_ld() {
    let [Some(nasm), Some(ld)] = ["nasm", "ld"].map(oracle::find) else { return };
    for program in programs().into_iter().filter(Program::runs_here) {
        let folder = tool::Folder::new();
        let emulation = if program.elf32 { "elf_i386" } else { "elf_x86_64" };
        let mut link = ["-m", emulation, "-o", "theirs"].map(str::to_owned).to_vec();
        for (number, file) in program.files().iter().enumerate() {
            let object = format!("{number}.o");
            let file = file.to_str().unwrap();
            folder.command(&nasm, ["-f", program.format(), "-I", INCLUDE, file, "-o", &object]).succeeds();
            link.push(object);
        }
        folder.command(&ld, &link).succeeds();
        let said = folder.program("theirs", &program.args).stdin(&program.stdin).said();
        assert_eq!(said.status, program.status, "{}", program.name());
    }
}

#[test]
fn flat_files_equal_those_of_nasm() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let mut wrong = Vec::new();
    let flat = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/flat");
    for entry in fs::read_dir(flat).unwrap() {
        let source = entry.unwrap().path().into_os_string().into_string().unwrap();
        let folder = tool::Folder::new();
        folder.tinyelf(["build", "-q", "-f", "bin", &source, "-o", "ours"]).succeeds();
        folder.command(&nasm, ["-f", "bin", &source, "-o", "theirs"]).succeeds();
        let (ours, theirs) = (folder.read("ours"), folder.read("theirs"));
        if ours != theirs {
            let at = ours.iter().zip(&theirs).position(|(one, other)| one != other);
            wrong.push(format!(
                "{source}: {} and {} bytes, first difference at {at:?}",
                ours.len(),
                theirs.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
