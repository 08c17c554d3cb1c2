//! `tinyelf build`: names of outputs, formats, machines, entries, standard input and output.

use crate::tool::Folder;

const EXIT: &str = "_start: mov eax,60\nxor edi,edi\nsyscall\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.asm", EXIT).write("dir/b.c.asm", EXIT);
    folder
}

#[test]
fn outputs_are_named_after_the_first_file() {
    let check = |words: &[&str], name: &str| {
        let folder = folder();
        let said = folder.tinyelf(words).stdin(EXIT).succeeds();
        assert!(said.stdout.starts_with(&format!("out/{name}: ")), "{}", said.stdout);
        assert_eq!(folder.list("out"), [name]);
    };
    check(&["build", "a.asm"], "a");
    check(&["build", "dir/b.c.asm"], "b.c");
    check(&["build", "-"], "stdin");
    check(&["build", "-fbin", "a.asm"], "a.bin");
    check(&["build", "-f", "bin", "-"], "stdin.bin");
    check(&["build", "-c", "a.asm"], "a.o");
    check(&["build", "-felf32", "a.asm"], "a");
}

#[test]
fn a_status_line_tells_the_format() {
    let folder = folder();
    folder.tinyelf(["build", "-fbin", "a.asm"]).says(0, "out/a.bin: 11 bytes, flat\n", "");
    let said = folder.tinyelf(["build", "-c", "a.asm"]).succeeds();
    assert!(said.stdout.ends_with(" bytes, relocatable\n"), "{}", said.stdout);
    folder.tinyelf(["build", "-q", "a.asm"]).says(0, "", "");
}

#[test]
fn the_format_and_the_machine_mean_the_same() {
    let folder = folder();
    for (name, words) in [
        ("format", &["-f", "elf32"][..]),
        ("attached", &["-felf32"]),
        ("machine", &["--arch", "i386"]),
        ("triple", &["--arch=i686-unknown-linux-gnu"]),
        ("docker", &["--arch", "linux/386", "-f", "elf32"]),
    ] {
        let words = [&["build", "-q", "a.asm", "-o", name], words].concat();
        folder.tinyelf(words).says(0, "", "");
        assert_eq!(folder.read(name), folder.read("format"), "{name}");
    }
    assert_eq!(folder.read("format")[4], 1, "ELFCLASS32");
}

#[test]
fn flat_bytes_are_16_bit_code_and_levels_of_optimisation_act() {
    let folder = folder();
    folder.write("b.asm", "add eax, 1\njmp later\nlater:\n");
    let bytes = |level: &str| {
        folder.tinyelf(["build", "-q", "-fbin", level, "b.asm", "-o", "b"]).says(0, "", "");
        folder.read("b")
    };
    assert_eq!(bytes("-Ox"), [0x66, 0x83, 0xc0, 1, 0xeb, 0]);
    assert_eq!(bytes("-O0"), [0x66, 0x05, 1, 0, 0, 0, 0xe9, 0, 0]);
}

#[test]
fn standard_output_takes_the_bytes_alone() {
    let folder = folder();
    let output = folder.tinyelf(["build", "-", "-f", "bin", "-o", "-"]).stdin("nop\n").output();
    assert_eq!(output.stdout, [0x90]);
    assert_eq!(output.stderr, b"standard output: 1 bytes, flat\n");
    assert_eq!(folder.list("."), ["a.asm", "dir"]);
}

#[test]
fn a_program_without_start_begins_elsewhere_with_a_note() {
    let check = |source: &str, words: &[&str], notes: &str| {
        let folder = Folder::new();
        folder.write("a.asm", source);
        let words = [&["build", "-q", "--message-format", "short", "a.asm"], words].concat();
        folder.tinyelf(words).says(0, "", notes);
    };
    let body = "mov eax,60\nxor edi,edi\nsyscall\n";
    check(&format!("_start: {body}"), &[], "");
    let main = "a.asm:1:1: note: there is no `_start`: the program starts at `main`\n";
    check(&format!("main: {body}"), &[], main);
    let text = "note: there is no `_start`: the program starts at the beginning of `.text`\n";
    check(&format!("begin: {body}"), &[], text);
    check(&format!("begin: {body}"), &["-e", "begin"], "");
    check(&format!("begin: {body}"), &["--entry=begin"], "");
}

#[test]
fn several_files_are_one_program() {
    let folder = Folder::new();
    folder.write("a.asm", "extern status\nglobal _start\n_start: mov eax,60\nmov edi,[status]\nsyscall\n");
    folder.write("b.asm", "global status\nsection .data\nstatus: dd 7\n");
    folder.tinyelf(["build", "-q", "a.asm", "b.asm", "-o", "p"]).says(0, "", "");
    if crate::host::runs_x86_64() {
        folder.program("p", [""; 0]).says(7, "", "");
    }
    let message = "a.asm:1:8: error: undefined symbol `status`\n";
    folder.tinyelf(["build", "-q", "--message-format=short", "a.asm"]).says(1, "", message);
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let folder = folder();
    for layout in ["standard", "compact", "golf"] {
        for name in ["one", "two"] {
            folder.tinyelf(["hello", "-q", "--layout", layout, "-o", name]).succeeds();
        }
        assert_eq!(folder.read("one"), folder.read("two"), "{layout}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let folder = Folder::new();
    folder.write("a.asm", "mvo 1\n");
    let coloured = |words: &[&str], no_color: bool| {
        let run = folder.tinyelf([words, &["build", "a.asm"]].concat());
        let run = if no_color { run.env("NO_COLOR", "1") } else { run };
        run.said().stderr.contains('\x1b')
    };
    assert!(!coloured(&[], false));
    assert!(coloured(&["--color", "always"], false));
    assert!(coloured(&["--color=always"], true), "who asks on the command line is obeyed");
    assert!(!coloured(&["--color", "never"], false));
}
