//! Standard executables in the hands of standard tools: none warns, none finds anything to take away.

use crate::tool::{Folder, Said};
use crate::{host, oracle};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/sources");

/// What `tests/programs` runs as well, and what comes with tinyelf.
const PROGRAMS: [(&str, &[&str]); 8] = [
    ("exit", &["exit", "3"]),
    ("hello", &["hello"]),
    ("cat", &["cat"]),
    ("init", &["init"]),
    ("hello_i386", &["hello", "--arch", "i386"]),
    ("sort", &["build", "sort.asm"]),
    ("int80", &["build", "hello_int80.asm"]),
    ("elf32", &["build", "-f", "elf32", "hello_i386.asm"]),
];

/// A folder with every program in it.
fn folder() -> Folder {
    let folder = Folder::new();
    for (name, words) in PROGRAMS {
        let words: Vec<String> = words
            .iter()
            .map(|word| if word.ends_with(".asm") { format!("{SOURCES}/{word}") } else { (*word).to_owned() })
            .chain(["-q".to_owned(), "-o".to_owned(), name.to_owned()])
            .collect();
        folder.tinyelf(words).succeeds();
    }
    folder
}

/// What a tool says about each program, if the tool is here.
fn each(tool: &str, words: &[&str], check: impl Fn(&str, Said)) {
    let Some(tool) = oracle::find(tool) else { return };
    let folder = folder();
    for (name, _) in PROGRAMS {
        let words = words.iter().copied().chain([name]);
        check(name, folder.command(&tool, words).env("LC_ALL", "C").said());
    }
}

#[test]
fn objdump_shows_the_code_without_a_warning() {
    each("objdump", &["-d"], |name, said| {
        assert_eq!((said.status, said.stderr.as_str()), (0, ""), "{name}");
        assert!(said.stdout.contains("<.text>:\n"), "{name}: {}", said.stdout);
        assert!(said.stdout.contains("syscall") || said.stdout.contains("int    $0x80"), "{name}");
        assert!(!said.stdout.contains("(bad)"), "{name}: {}", said.stdout);
    });
}

#[test]
fn readelf_reads_everything_without_a_warning() {
    each("readelf", &["-aW"], |name, said| {
        assert_eq!((said.status, said.stderr.as_str()), (0, ""), "{name}");
        assert!(!said.stdout.contains("arning") && said.stdout.contains(" .shstrtab "), "{name}");
    });
}

#[test]
fn file_calls_it_static_and_stripped() {
    each("file", &["-b"], |name, said| {
        assert!(said.stdout.contains("statically linked, stripped"), "{name}: {}", said.stdout);
        assert!(
            !said.stdout.contains("corrupt") && !said.stdout.contains("missing"),
            "{name}: {}",
            said.stdout
        );
    });
}

#[test]
fn eu_elflint_finds_no_errors() {
    // It does not count .bss, so a segment of nothing else looks empty to it: also in the files of GNU ld.
    const BARE_BSS: &str = "loadable segment [1] is writable but contains no writable sections\n";
    each("eu-elflint", &["--strict"], |name, said| match name {
        "cat" | "init" | "sort" => assert_eq!(said.stdout, BARE_BSS, "{name}"),
        _ => assert_eq!((said.status, said.stdout.as_str()), (0, "No errors\n"), "{name}"),
    });
}

#[test]
fn ldd_finds_no_dynamic_executable() {
    each("ldd", &[], |name, said| {
        assert_eq!((said.stdout + &said.stderr).trim(), "not a dynamic executable", "{name}");
    });
}

#[test]
fn strip_cannot_make_it_smaller() {
    let Some(strip) = oracle::find("strip") else { return };
    let folder = folder();
    for (name, _) in PROGRAMS {
        folder.command(&strip, ["-o", "stripped", name]).succeeds();
        let sizes = (folder.read(name).len(), folder.read("stripped").len());
        assert!(sizes.0 <= sizes.1, "{name}: {sizes:?}");
    }
}

#[test]
fn gdb_stops_at_the_entry_and_shows_the_registers() {
    let (Some(gdb), Some(readelf)) = (oracle::find("gdb"), oracle::find("readelf")) else { return };
    if !host::runs_x86_64() {
        return;
    }
    let folder = folder();
    for name in ["exit", "hello"] {
        let header = folder.command(&readelf, ["-h", name]).env("LC_ALL", "C").succeeds().stdout;
        let line = header.lines().find(|line| line.contains("Entry point address:")).unwrap();
        let entry = line.split_whitespace().last().unwrap();
        let stop = format!("break *{entry}");
        let words = ["-batch", "-nx", "-ex", &stop, "-ex", "run", "-ex", "info registers rip", name];
        let said = folder.command(&gdb, words).env("LC_ALL", "C").said();
        let text = said.stdout + &said.stderr;
        // Where processes may not be traced, gdb cannot run anything.
        if text.contains("ptrace: Operation not permitted") {
            continue;
        }
        assert!(text.contains("Breakpoint 1, ") && text.contains("rip "), "{name}: {text}");
        assert!(text.lines().any(|line| line.starts_with("rip") && line.contains(entry)), "{name}: {text}");
    }
}

fn size(words: &[&str]) -> usize {
    let folder = Folder::new();
    folder.write("int80.asm", INT_80);
    folder.tinyelf(words.iter().copied().chain(["-q", "-o", "p"])).succeeds();
    folder.read("p").len()
}

/// 39 bytes of code and 13 of data.
const INT_80: &str = "section .text
global _start
_start: mov eax, 4
mov ebx, 1
mov rcx, strict qword message
mov edx, 13
int 0x80
mov eax, 1
mov ebx, 0
int 0x80
section .data
message: db 'Hello world!', 10
";

#[test]
fn programs_are_as_small_as_promised() {
    assert!(size(&["exit", "0"]) <= 400);
    assert!(size(&["hello"]) <= 512);
    assert!(size(&["build", "int80.asm", "-Wno-int80-abi", "-Wno-int80-pointer"]) <= 568);
    assert!(size(&["build", "int80.asm", "-z", "nognustack"]) <= 512);
    // 64 + 56 and 52 + 32 bytes of headers, and the code.
    assert_eq!(size(&["wrap", "--hex", "6a2a5f6a3c580f05", "--layout", "compact"]), 120 + 8);
    assert_eq!(size(&["wrap", "--hex", "6a2a5f6a3c580f05", "--layout", "compact", "--arch", "i386"]), 84 + 8);
}
