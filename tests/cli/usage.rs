//! Wrong use: status 2, one message, nothing written.

use crate::tool::Folder;

#[track_caller]
fn refused(words: &[&str], message: &str) {
    let folder = Folder::new();
    folder.write("a.asm", "");
    folder.tinyelf(words).says(2, "", &format!("error: {message}\n"));
    assert_eq!(folder.list("."), ["a.asm"]);
}

#[test]
fn a_status_out_of_range_names_the_range() {
    refused(&["exit", "256"], "STATUS: 256 is out of range: 0-255");
    refused(&["exit", "-1"], "STATUS: -1 is out of range: 0-255");
    refused(&["exit", "0x100"], "STATUS: 0x100 is out of range: 0-255");
    refused(&["exit", "one"], "STATUS: `one` is no number (decimal, or hexadecimal as 0x2a)");
}

#[test]
fn contradictions_are_refused() {
    let contradiction = "`-f elf32` and `--arch x86_64` contradict each other";
    refused(&["build", "-f", "elf32", "--arch", "x86_64", "a.asm"], contradiction);
    refused(
        &["build", "-felf64", "--arch=386", "a.asm"],
        "`-f elf64` and `--arch i386` contradict each other",
    );
    refused(
        &["build", "-z", "execstack", "-znognustack", "a.asm"],
        "`-z execstack` and `-z nognustack` contradict each other: PT_GNU_STACK is what makes it executable",
    );
    for (option, words) in [
        ("--layout", &["--layout", "compact"][..]),
        ("--arch", &["--arch", "i386"]),
        ("-e", &["-e", "main"]),
        ("-z", &["-z", "nognustack"]),
    ] {
        let words = [&["build", "-fbin", "a.asm"], words].concat();
        refused(
            &words,
            &format!("`-f bin` writes the bytes alone, without headers: `{option}` has no meaning there"),
        );
    }
    refused(
        &["hello", "--arch", "i386,x86_64", "-o", "-"],
        "`-o -` takes one program; name one machine with `--arch`",
    );
}

#[test]
fn nasm_source_is_for_one_x86_machine() {
    let message = "NASM source is x86 only, no program for aarch64 comes of it";
    refused(&["build", "--arch", "arm64", "a.asm"], message);
    let message = "NASM source is for one machine: name x86_64 or i386 with `--arch`";
    refused(&["build", "--arch", "all", "a.asm"], message);
}

#[test]
fn what_does_not_exist_is_refused_by_name() {
    let check = |words: &[&str], message: &str| {
        let said = Folder::new().tinyelf(words).said();
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{words:?}");
        let first = said.stderr.lines().next().unwrap();
        assert_eq!(first, format!("error: {message}"), "{words:?}");
    };
    let formats = "there are elf64, elf32, elfx32, bin";
    let format = "invalid value 'macho64' for '--format <FORMAT>': `macho64` is an object format of macOS; ";
    check(&["build", "-fmacho64", "a.asm"], &format!("{format}{formats}"));
    let format = "invalid value 'win64' for '--format <FORMAT>': `win64` is an object format of Windows; ";
    check(&["build", "-f", "win64", "a.asm"], &format!("{format}{formats}"));
    let arch = "invalid value 's390x' for '--arch <NAME>': programs for `s390x` are not supported; \
                there are x86_64, i386, aarch64, riscv64";
    check(&["hello", "--arch", "s390x"], arch);
    check(&["build", "-Oz", "a.asm"], "invalid value 'z' for '-O <LEVEL>': `-Oz`: the levels are 0, 1 and x");
    check(&["bilud"], "unrecognized subcommand 'bilud'");
    check(&["build"], "the following required arguments were not provided:");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    refused(&["build", "none.asm"], "cannot read `none.asm`: No such file or directory (os error 2)");
    refused(&["build", "."], "cannot read `.`: Is a directory (os error 21)");
}

#[test]
fn run_takes_a_word_without_dot_or_slash_as_a_template() {
    let message = "no template is called `helo`; did you mean `hello`? (a file is written `./helo`)";
    let message = format!("error: {message}\n");
    Folder::new().tinyelf(["run", "helo"]).says(125, "", &message);
    let message = "error: `-f bin` and `-c` make files that no kernel executes; leave them out\n";
    Folder::new().write("a.asm", "").tinyelf(["run", "-fbin", "a.asm"]).says(125, "", message);
}

#[test]
fn usage_errors_are_objects_too_with_json() {
    let said = Folder::new().tinyelf(["--message-format", "json", "exit", "256"]).said();
    assert_eq!(said.status, 2);
    let start = "{\"severity\":\"error\",\"name\":null,\"message\":\"STATUS: 256 is out of range: 0-255\",\"file\":null,";
    assert!(said.stderr.starts_with(start), "{}", said.stderr);
    assert!(said.stderr.ends_with("\"hint\":null}\n"), "{}", said.stderr);
}

#[test]
fn a_system_call_that_does_not_exist_is_refused_with_what_there_is() {
    refused(&["syscalls", "wirte"], "no system call is called `wirte`; did you mean `write`?");
    refused(&["syscalls", "65000"], "no system call has the number 65000");
    let message = "aarch64 has no `open`; there is openat(AT_FDCWD, path, flags)";
    refused(&["syscalls", "open", "--arch", "arm64"], message);
}

#[test]
fn scripts_and_nasm_sources_do_not_mix() {
    let check = |words: &[&str], message: &str| {
        let folder = Folder::new();
        folder.write("a.asm", "nop\n").write("a.sys", "exit(0)\n").write("b.sys", "exit(0)\n");
        folder.tinyelf(words).says(2, "", &format!("error: {message}\n"));
    };
    let mixed = "one program has one language: NASM sources and `.sys` scripts do not mix";
    check(&["build", "a.asm", "a.sys"], mixed);
    check(&["build", "a.sys", "a.asm"], mixed);
    check(&["build", "a.sys", "b.sys"], "a script is a whole program: name one file");
    check(&["build", "a.sys", "-f", "elf64"], "`-f` is for NASM sources, not for scripts");
    check(&["build", "a.sys", "-e", "main"], "`-e` is for NASM sources, not for scripts");
}
