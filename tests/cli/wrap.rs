//! `wrap` and `--emit`: what they write is executed, and compiled by the language it is written in.

use crate::oracle;
use crate::tool::Folder;

/// exit(42) for x86-64: push 42; pop rdi; push 60; pop rax; syscall.
const EXIT_42: &str = "6a2a5f6a3c580f05";

#[test]
fn code_becomes_a_program_in_every_layout() {
    for layout in ["standard", "compact"] {
        let folder = Folder::new();
        folder.tinyelf(["wrap", "--hex", EXIT_42, "--layout", layout, "-q", "-o", "a"]).says(0, "", "");
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            folder.program("a", [""; 0]).says(42, "", "");
        }
    }
    let folder = Folder::new();
    folder.write("code.bin", [0x6a, 42, 0x5f, 0x6a, 60, 0x58, 0x0f, 5]);
    folder.tinyelf(["wrap", "code.bin", "-q", "--layout", "compact"]).says(0, "", "");
    folder.tinyelf(["wrap", "--hex", EXIT_42, "-q", "--layout", "compact"]).says(0, "", "");
    assert_eq!(folder.read("out/code"), folder.read("out/wrap"));
    assert_eq!(folder.read("out/code").len(), 120 + 8);
}

#[test]
fn what_is_no_code_is_refused() {
    let folder = Folder::new();
    folder.write("empty", "").write("elf", b"\x7fELF");
    let empty = "error: there is no code: at least one instruction is needed\n";
    folder.tinyelf(["wrap", "empty"]).says(2, "", empty);
    let elf = "error: this is an ELF file already: `wrap` takes machine code without headers\n";
    folder.tinyelf(["wrap", "elf"]).says(2, "", elf);
    let digit = "error: `x` in `6x` is no hexadecimal digit\n";
    folder.tinyelf(["wrap", "--hex", "6x"]).says(2, "", digit);
    assert_eq!(folder.list("."), ["elf", "empty"]);
}

#[test]
fn an_array_in_c_is_the_program() {
    let folder = Folder::new();
    folder.tinyelf(["wrap", "--hex", EXIT_42, "-q", "-o", "a"]).says(0, "", "");
    let said = folder.tinyelf(["wrap", "--hex", EXIT_42, "--emit", "hex", "-q"]).succeeds();
    let digits: String = folder.read("a").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(said.stdout.replace('\n', ""), digits);
    let said = folder.tinyelf(["exit", "3", "--emit", "c", "-q"]).succeeds();
    let Some(gcc) = oracle::find("gcc") else { return };
    let main = "#include <stdio.h>\nint main(void) { fwrite(exit_elf, 1, exit_elf_len, stdout); }\n";
    folder.write("a.c", said.stdout + main);
    folder.command(gcc, ["-Wall", "-Werror", "-o", "writer", "a.c"]).says(0, "", "");
    folder.tinyelf(["exit", "3", "-q", "-o", "b"]).says(0, "", "");
    assert_eq!(folder.program("writer", [""; 0]).output().stdout, folder.read("b"));
}

#[test]
fn an_array_in_python_is_the_program() {
    let Some(python) = oracle::find("python3") else { return };
    let folder = Folder::new();
    let said = folder.tinyelf(["exit", "3", "--emit", "python", "-q"]).succeeds();
    folder.write("a.py", said.stdout + "import sys\nsys.stdout.buffer.write(exit_elf)\n");
    folder.tinyelf(["exit", "3", "-q", "-o", "b"]).says(0, "", "");
    assert_eq!(folder.command(python, ["a.py"]).output().stdout, folder.read("b"));
}

#[test]
fn inspect_says_what_is_no_elf_file() {
    let folder = Folder::new();
    folder.write("a.txt", "text");
    let message =
        "error: `a.txt` is no ELF file: it begins with 74 65 78 74, an ELF file begins with 7f 45 4c 46\n";
    folder.tinyelf(["inspect", "a.txt"]).says(1, "", message);
    folder.tinyelf(["wrap", "--hex", EXIT_42, "-q", "-o", "a"]).says(0, "", "");
    let said = folder.tinyelf(["inspect", "-d", "a"]).succeeds();
    assert!(said.stdout.contains("push 0x2a\n") && said.stdout.contains("syscall\n"), "{}", said.stdout);
}
