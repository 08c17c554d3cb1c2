//! `tinyelf nasm` beside nasm itself: the same words, the same output.

use crate::oracle;
use crate::tool::Folder;

/// Runs both with the same words and compares what they print and the file they write.
#[track_caller]
fn check(words: &[&str], output: Option<&str>) {
    let Some(nasm) = oracle::find("nasm") else { return };
    let sources = |folder: &Folder| {
        std::fs::create_dir(folder.path("inc")).unwrap();
        folder.write("inc/values.inc", "%define BAR 3\n");
        folder.write("main.asm", MAIN).write("first.inc", "%define FIRST 8\n");
        folder.write("sizes.asm", "bits 64\na: add eax,1\njz a\njmp a\nmov rax,1\nmov ds,ax\n");
    };
    let (ours, theirs) = (Folder::new(), Folder::new());
    sources(&ours);
    sources(&theirs);
    let all: Vec<&str> = std::iter::once("nasm").chain(words.iter().copied()).collect();
    let own = ours.tinyelf(all).env("GREETING", "7").output();
    let other = theirs.command(&nasm, words).env("GREETING", "7").output();
    assert_eq!(own.status.code(), other.status.code(), "{words:?}: {}", String::from_utf8_lossy(&own.stderr));
    assert_eq!(String::from_utf8_lossy(&own.stdout), String::from_utf8_lossy(&other.stdout), "{words:?}");
    if let Some(name) = output {
        assert_eq!(ours.read(name), theirs.read(name), "{words:?}");
    }
}

const MAIN: &str = "%include \"values.inc\"
%ifdef FOO
db FOO, %!GREETING
%else
db 9
%endif
%ifdef FIRST
dw FIRST
%endif
dw BAR
";

#[test]
fn macros_come_from_the_command_line() {
    check(&["-f", "bin", "-DFOO=5", "-I", "inc", "main.asm", "-o", "out.bin"], Some("out.bin"));
    check(&["-fbin", "-dFOO=1", "-uFOO", "-iinc", "main.asm", "-oout.bin"], Some("out.bin"));
    check(&["-fbin", "-Pfirst.inc", "-Iinc", "main.asm", "-oout.bin"], Some("out.bin"));
}

#[test]
fn expanded_source_and_dependencies_are_printed() {
    check(&["-E", "-DFOO=5", "-Iinc", "main.asm"], None);
    check(&["-M", "-Iinc", "main.asm"], None);
    check(&["-E", "-Iinc", "main.asm", "-o", "main.i"], Some("main.i"));
}

#[test]
fn levels_of_optimisation_change_sizes() {
    for level in ["-O0", "-O1", "-O2", "-Ox", "-Ov0", "-O1x"] {
        check(&[level, "-fbin", "sizes.asm", "-oout.bin"], Some("out.bin"));
    }
}
