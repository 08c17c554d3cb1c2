//! No lint speaks about a correct program.

use std::path::Path;
use std::process::Command;

use tinyelf::elf::records::Machine;
use tinyelf::layout;
use tinyelf::pipeline::{self, Language, Options, Source};
use tinyelf::source::{Diagnostics, DiskLoader, SourceMap};

use crate::{FOLDER, oracle, programs, tool};

#[test]
fn correct_programs_get_no_message_and_run() {
    let programs = programs(&Path::new(FOLDER).join("correct"));
    assert!(programs.len() >= 40, "{} programs were found", programs.len());
    for program in programs {
        let folder = tool::Folder::new();
        assert_eq!(program.build(&folder), "", "{}", program.path.display());
        program.run(&folder);
    }
}

#[test]
fn nasm_takes_the_correct_programs_too() {
    let Some(nasm) = oracle::find("nasm") else { return };
    for program in programs(&Path::new(FOLDER).join("correct")) {
        let folder = tool::Folder::new();
        let object = folder.path("program.o");
        let words = ["-f", program.format(), "-o"];
        let output = Command::new(&nasm).args(words).args([&object, &program.path]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{}: {said}", program.path.display());
    }
}

/// Whole programs of other tests; those in several files are built by their own test.
#[test]
fn programs_of_other_tests_get_no_lint() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for folder in ["programs/sources", "language"] {
        let folder = tests.join(folder);
        for program in programs(&folder) {
            let scratch = tool::Folder::new();
            let mut include = folder.clone().into_os_string();
            include.push("/");
            let path = program.path.clone().into_os_string();
            let words = ["build", "-q", "--message-format", "short", "-o", "x", "-f", program.format(), "-I"];
            let words = words.map(Into::into).into_iter().chain([include, path]);
            let said = scratch.tinyelf(words.collect::<Vec<std::ffi::OsString>>()).said();
            for lint in tinyelf::lint::NAMES {
                assert!(!said.stderr.contains(&format!("[{lint}]")), "{}", said.stderr);
            }
        }
    }
}

/// Templates are scripts, which `build` does not look at: the code that comes of them is shown to the lints here.
#[test]
fn templates_have_no_lint() {
    let templates = tinyelf::template::catalogue();
    assert!(templates.len() > 10, "the templates were not found");
    for template in &templates {
        for machine in [Machine::X86_64, Machine::I386] {
            let file = format!("{}/templates/{}.sys", env!("CARGO_MANIFEST_DIR"), template.name);
            let source = Source {
                name: file.clone().into(),
                text: std::fs::read(&file).unwrap().into(),
                strict: true,
                language: Language::Script(Default::default()),
            };
            let options = Options { items: true, ..Options::new(machine) };
            let (mut map, mut said) = (SourceMap::new(), Diagnostics::new());
            let unit = pipeline::assemble(&source, &options, &DiskLoader, &mut map, &mut said).unwrap();
            let sizes = layout::relax(&unit, &mut said).unwrap();
            tinyelf::lint::check(&unit, &sizes, &map, &options.layout, &mut said);
            let texts: Vec<_> = said.iter().map(|one| one.short(&map)).collect();
            assert!(texts.is_empty(), "{} {machine:?}: {texts:?}", template.name);
        }
    }
}

/// Functions that share one tail, one function called from everywhere, sums at the edge of 64 bits: no panic, no wait.
#[test]
fn odd_programs_are_followed_in_time() {
    let functions: String = (0..4000).map(|n| format!("f{n}: mov eax,{n}\njmp tail\n")).collect();
    let calls: String = (0..4000).map(|n| format!("call f{n}\ncall tail\n")).collect();
    let exit = "mov eax,60\nxor edi,edi\nsyscall\n";
    let start = "global _start\nsection .text\n_start:\n";
    let edges = "mov rax,0x7fffffffffffffff\nadd rsp,rax\npop rbx\npush rax\npush rax\n\
                 pop qword [rsp-0x7fffffff]\nmovsx eax,byte [rax]\nlea rdi,[rsp+rax*8]\nmov [rdi],rax\nret 65535\n";
    let shared = format!("{start}{calls}{exit}{functions}tail: inc eax\njz .end\nnop\n.end: ret\n");
    for text in [shared, format!("{start}{edges}")] {
        let folder = tool::Folder::new();
        folder.write("a.asm", text);
        folder.tinyelf(["build", "-q", "a.asm", "-o", "a"]).says(0, "", "");
    }
}

/// However long the sources are, the code that the entry point reaches is followed, up to a number of instructions.
#[test]
fn long_sources_are_followed_and_endless_code_is_not() {
    let padding = "; a line that is only read\n".repeat(50_000);
    let table: String = (0..4_000).map(|n| format!("dd {n}\n")).collect();
    let nops = |count: usize| "nop\n".repeat(count);
    for (code, is_followed) in [(nops(100), true), (nops(30_000), false)] {
        let text =
            format!("{padding}section .data\n{table}\nsection .text\nglobal _start\n_start:\n{code}ret\n");
        let folder = tool::Folder::new();
        folder.write("a.asm", text);
        let said = folder.tinyelf(["build", "-q", "a.asm", "-o", "a"]).succeeds().stderr;
        assert_eq!(said.contains("ret-from-entry"), is_followed, "{said}");
    }
}
