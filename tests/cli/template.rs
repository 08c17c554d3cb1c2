//! The templates with plain words, as programs; their sizes are pinned by the README's table.

use crate::host;
use crate::tool::Folder;

#[test]
fn programs_run_in_every_layout() {
    for (machine, runs) in [("x86_64", host::runs_x86_64()), ("i386", host::runs_i386())] {
        for layout in ["standard", "compact"] {
            if !runs {
                continue;
            }
            let folder = Folder::new();
            let build = |words: &[&str]| {
                folder
                    .tinyelf([words, &["-q", "-o", "p", "--arch", machine, "--layout", layout]].concat())
                    .says(0, "", "");
                folder.program("p", [""; 0])
            };
            build(&["hello"]).says(0, "Hello, World!\n", "");
            build(&["hello", "Grüße"]).says(0, "Grüße\n", "");
            build(&["hello", "-n", "a\tb\nc`\\x41"]).says(0, "a\tb\nc`\\x41", "");
            build(&["hello", ""]).says(0, "\n", "");
            build(&["hello", "-n", ""]).says(0, "", "");
            build(&["exit"]).says(0, "", "");
            build(&["exit", "255"]).says(255, "", "");
            build(&["exit", "0x2A"]).says(42, "", "");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_message_is_written_as_given_whatever_its_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    let message: Vec<u8> = (1..=255).collect();
    let words = [
        OsStr::new("hello"),
        OsStr::new("-q"),
        OsStr::new("-n"),
        OsStr::new("--"),
        OsStr::from_bytes(&message),
    ];
    folder.tinyelf(words).says(0, "", "");
    assert_eq!(folder.program("out/hello", [""; 0]).output().stdout, message);
    let long = "x".repeat(100_000);
    folder.tinyelf(["hello", "-q", &long]).says(0, "", "");
    assert_eq!(folder.program("out/hello", [""; 0]).output().stdout.len(), 100_001);
}

#[test]
fn templates_of_ones_own_are_commands_like_ours() {
    let folder = Folder::new();
    folder.write("own/nine.sys", "# exits with a number\nparam n: int 0..9 = 9 \"which\"\nexit(n)\n");
    folder.write("own/hello.sys", "# greets in its own way\nwrite(1, \"moin\\n\")\n");
    folder.write("own/two.x86_64.asm", "; two\n_start: mov eax, 60\n mov edi, 2\n syscall\n");
    folder.write("own/notes.txt", "not a template");
    let own = ["--templates", "own"];
    folder.tinyelf(own.into_iter().chain(["nine", "3", "-q", "-o", "p"])).says(0, "", "");
    folder.tinyelf(["nine", "10", "--templates=own", "-q"]).says(
        2,
        "",
        "error: N: 10 is out of range: 0-9\n",
    );
    let listed = folder.tinyelf(["templates"]).env("TINYELF_TEMPLATES", "own").succeeds().stdout;
    assert!(listed.contains("\nnine "), "{listed}");
    assert!(listed.contains("greets in its own way") && !listed.contains("prints a message"), "{listed}");
    assert!(
        folder.tinyelf(own.into_iter().chain(["--help"])).succeeds().stdout.contains("Exits with a number")
    );
    if host::runs_x86_64() {
        folder.program("p", [""; 0]).says(3, "", "");
        folder.tinyelf(["run", "hello"]).env("TINYELF_TEMPLATES", "own").says(0, "moin\n", "");
        // What is given on the command line wins.
        folder.tinyelf(["run", "--templates", "own", "two"]).env("TINYELF_TEMPLATES", "none").says(2, "", "");
    }
    assert_eq!(folder.tinyelf(["nine", "-q"]).env("TINYELF_TEMPLATES", "").said().status, 2);
}

#[test]
fn templates_that_cannot_be_commands_are_refused() {
    let check = |file: &str, text: &str, expected: &str| {
        let folder = Folder::new();
        folder.write(&format!("own/{file}"), text);
        let said = format!("error: the templates in `own`: {expected}\n");
        folder.tinyelf(["--templates", "own", "hello", "-q"]).says(2, "", &said);
        assert!(!folder.path("out").exists());
    };
    for name in ["build", "run", "sys", "help", "layouts", "nasm"] {
        let expected = format!("`{name}` is a command of tinyelf; give the template another name");
        check(&format!("{name}.sys"), "# x\n", &expected);
    }
    check(
        "a.sys",
        "# x\nparam --arch: port = 1 \"h\"\n",
        "`--arch` of the template `a` is an option of tinyelf; give it another name",
    );
    check(
        "a.sys",
        "exit(0)\n",
        "own/a.sys: the first line must be a comment that says what the template is for",
    );
    check("a.vax.asm", "; x\n", "`own/a.vax.asm`: a template is called NAME.sys or NAME.MACHINE.asm");
    let folder = Folder::new();
    folder.tinyelf(["--templates", "own", "hello"]).says(
        2,
        "",
        "error: the templates in `own`: No such file or directory (os error 2)\n",
    );
}

#[test]
fn a_script_is_shown_as_source_for_the_assembler() {
    let folder = Folder::new();
    let expected = "\
; nasm -f elf32 -o p.o p.asm && ld -m elf_i386 -o p p.o
global _start
section .text align=1
_start:
; exit(status)
    mov eax, 1
    mov ebx, 7
    int 128
";
    folder.tinyelf(["exit", "7", "--emit", "asm", "--arch", "i386"]).says(0, expected, "");
    folder.tinyelf(["sys", "exit(7)", "--emit", "asm", "-o", "p", "--arch", "all"]).says(0, "", "");
    assert_eq!(folder.list("."), ["p.aarch64", "p.i386", "p.riscv64", "p.x86_64"]);
    folder.write("a.asm", "nop\n");
    let refused =
        "error: `--emit asm` is for scripts and templates; other programs have their source already\n";
    folder.tinyelf(["build", "a.asm", "--emit", "asm"]).says(2, "", refused);
    folder.tinyelf(["wrap", "--hex", "90", "--emit", "asm"]).says(2, "", refused);
}
