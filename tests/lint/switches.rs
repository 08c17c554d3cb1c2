//! `-Wno-NAME` and its kin, and what is not looked at.

use crate::{example, lints, tool};

#[test]
fn each_lint_can_be_turned_off_and_made_an_error() {
    for lint in lints() {
        let program = example(&lint, "fails.asm");
        let folder = tool::Folder::new();
        folder.write("a.asm", &program.text);
        let build = |switches: &[&str]| {
            folder.tinyelf([&["build", "-q", "a.asm", "-o", "a"], switches].concat()).said()
        };
        for off in [["-W", &format!("no-{lint}")], ["-w", &format!("-{lint}")]] {
            let off: &[&str] = &[&off.concat()];
            assert_eq!(build(off).stderr, "", "{lint} {off:?}");
        }
        let back = build(&["-w-all", &format!("-w+{lint}")]);
        assert!(back.status == 0 && back.stderr.contains(&format!("[{lint}]")), "{lint}: {}", back.stderr);
        let fatal = build(&[&format!("-Werror={lint}")]);
        assert!(
            fatal.status == 1 && fatal.stderr.contains(&format!("error[{lint}]")),
            "{lint}: {}",
            fatal.stderr
        );
    }
}

#[test]
fn notes_stay_notes_under_werror_alone() {
    let folder = tool::Folder::new();
    folder.write("a.asm", &example("exit-status-unset", "fails.asm").text);
    let said = folder.tinyelf(["build", "-q", "-Werror", "a.asm", "-o", "a"]).said();
    assert!(said.status == 0 && said.stderr.starts_with("note[exit-status-unset]"), "{}", said.stderr);
    folder.write("b.asm", &example("no-exit", "fails.asm").text);
    let said = folder.tinyelf(["build", "-q", "-Werror", "b.asm", "-o", "b"]).said();
    assert!(said.status == 1 && said.stderr.starts_with("error[no-exit]"), "{}", said.stderr);
}

/// They may become part of a program that is right.
#[test]
fn objects_flat_files_and_nasm_command_lines_are_not_looked_at() {
    for lint in lints() {
        let program = example(&lint, "fails.asm");
        let folder = tool::Folder::new();
        folder.write("a.asm", &program.text);
        folder.tinyelf(["build", "-q", "-c", "a.asm", "-o", "a.o"]).says(0, "", "");
        folder.tinyelf(["nasm", "-f", "elf64", "a.asm", "-o", "b.o"]).says(0, "", "");
        folder.write("flat.asm", format!("bits 64\n{}", program.text.replace("global _start\n", "")));
        folder.tinyelf(["build", "-q", "-f", "bin", "flat.asm", "-o", "a.bin"]).says(0, "", "");
    }
}

#[test]
fn programs_of_several_files_are_looked_at_as_one() {
    let folder = tool::Folder::new();
    folder.write("a.asm", "global _start\nextern quit\nsection .text\n_start:\n    call quit\n");
    folder
        .write("b.asm", "global quit\nsection .text\nquit:\n    mov eax,60\n    xor edi,edi\n    syscall\n");
    folder
        .write("c.asm", "global quit\nsection .text\nquit:\n    mov eax,61\n    xor edi,edi\n    syscall\n");
    folder.tinyelf(["build", "-q", "a.asm", "b.asm", "-o", "a"]).says(0, "", "");
    let said =
        folder.tinyelf(["build", "-q", "a.asm", "c.asm", "-o", "a", "--message-format", "short"]).said();
    assert_eq!(
        said.stderr,
        "c.asm:6:5: warning: execution runs off the end of the code behind this [no-exit]\n"
    );
}
