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
        folder.write("parts.asm", "%include \"first.inc\"\nincbin \"inc/values.inc\"\n");
        folder.write("missing.asm", "%include \"made.inc\"\n%include \"first.inc\"\n");
        folder.write("raw.asm", "[bits 64]\n%define x 5\nmov eax,1 ; x\n[section .data]\ndb 1\n");
        folder.write(
            "names.asm",
            "global f\nextern g\nf: call g\n.l: nop\nstatic s\ns: nop\nx equ 5\ncommon c 4\n",
        );
        folder.write("list.asm", "%macro m 1\nmov ax,%1\n%endmacro\nm 5\ndb \"hello world, hello\"\n");
        folder.write("bare", "db 1\n").write("words", "-f bin\n-DFOO=4\n");
        folder.write("sizes.asm", "bits 64\na: add eax,1\njz a\njmp a\nmov rax,1\nmov ds,ax\n");
    };
    let (ours, theirs) = (Folder::new(), Folder::new());
    sources(&ours);
    sources(&theirs);
    let all: Vec<&str> = std::iter::once("nasm").chain(words.iter().copied()).collect();
    let environment = if words.contains(&"bare") { "" } else { "-DENVIRONMENT" };
    let run = |run: crate::tool::Run| run.env("GREETING", "7").env("NASMENV", environment).output();
    let (own, other) = (run(ours.tinyelf(all)), run(theirs.command(&nasm, words)));
    assert_eq!(own.status.code(), other.status.code(), "{words:?}: {}", String::from_utf8_lossy(&own.stderr));
    assert_eq!(String::from_utf8_lossy(&own.stdout), String::from_utf8_lossy(&other.stdout), "{words:?}");
    if let Some(name) = output {
        assert_eq!(ours.read(name), theirs.read(name), "{words:?}");
    }
}

const MAIN: &str = "%include \"values.inc\"
%ifdef ENVIRONMENT
db 77
%endif
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

/// The words, split at spaces, and the file to compare after `->`.
#[track_caller]
fn check_lines(lines: &[&str]) {
    for line in lines {
        let (words, output) =
            line.split_once(" -> ").map_or((*line, None), |(words, file)| (words, Some(file)));
        check(&words.split(' ').collect::<Vec<_>>(), output);
    }
}

#[test]
fn letters_take_their_values_attached_or_apart() {
    check_lines(&[
        "-f bin -D FOO=5 -I inc/ main.asm -o o -> o",
        "-fbin -dFOO=5 -i inc main.asm -oo -> o",
        "-fbin -UFOO -DFOO=5 -Iinc main.asm -oo -> o",
        "-fbin -p first.inc -Iinc main.asm -oo -> o",
        "-fbin --include first.inc -Iinc main.asm -oo -> o",
        "-Iinc --before=%define\tFIRST\t3 main.asm -> main",
        "main.asm -Iinc -> main",
        "-felf64 names.asm -> names.o",
        "-f elf names.asm -> names.o",
        "bare -> nasm.out",
        "-O 0 -fbin sizes.asm -oo -> o",
        "-O 5 -fbin sizes.asm -oo -> o",
        "-@ words -Iinc main.asm -oo -> o",
        "-@words -Iinc main.asm -oo -> o",
        "-a -f bin raw.asm -o o -> o",
        "-a -f elf64 raw.asm -o o -> o",
        "-l l.lst list.asm -oo -> l.lst",
        "-ll.lst list.asm -oo -> l.lst",
        "--limit-rep=500 list.asm -oo -> o",
        "--reproducible -Iinc main.asm -oo -> o",
    ]);
}

#[test]
fn symbols_get_their_affixes() {
    check_lines(&[
        "-f elf64 --prefix=_ names.asm -oo -> o",
        "-f elf32 --postfix _ names.asm -oo -> o",
        "-f elf64 --gprefix=_ --lprefix=L names.asm -oo -> o",
        "-f elf64 --lpostfix=Q --gpostfix=P names.asm -oo -> o",
    ]);
}

#[test]
fn rules_for_make_list_every_file() {
    check_lines(&[
        "-M parts.asm",
        "-M parts.asm -o x.o",
        "-M -felf64 parts.asm",
        "-M -MP parts.asm",
        "-M -MT target parts.asm",
        "-M -MQ t$g parts.asm",
        "-M -MF x.d parts.asm -> x.d",
        "-MG missing.asm",
        "-M missing.asm",
        "-MG -MP -MT q missing.asm",
        "-MD x.d list.asm -oo -> x.d",
        "-MD -MF x.d list.asm -oo -> x.d",
        "-MD -MF x.d -MT t list.asm -oo -> x.d",
        "-MD -MF x.d -MQ t$g -MP list.asm -oo -> x.d",
    ]);
}

#[test]
fn what_nasm_refuses_is_refused() {
    check_lines(&[
        "-f foo main.asm",
        "-Oq main.asm",
        "-O -fbin main.asm",
        "-Xfoo main.asm",
        "-Q main.asm",
        "-V",
        "--bogus main.asm",
        "-@ nothere main.asm",
        "main.asm bare",
        "nothere.asm",
        "-o o",
        "-Iinc main.asm -o main.asm",
        "-Iinc main.asm -o /nonexistent/x",
        "-f",
        "-o",
        "-E nothere.asm",
        "-Werror=user --before %warning main.asm -Iinc -oo",
    ]);
}

#[test]
fn the_version_is_one_that_build_systems_accept() {
    let folder = Folder::new();
    for word in ["-v", "--v", "--version"] {
        let said = folder.tinyelf(["nasm", word]).succeeds();
        assert!(said.stdout.starts_with("NASM version 2.16.01"), "{}", said.stdout);
    }
}

#[test]
fn messages_go_where_and_look_as_they_are_told() {
    let folder = Folder::new();
    folder.write("a.asm", "nop\n%warning beware\n");
    let gnu = "a.asm:2: warning: beware [-w+user]\n";
    let vc = "a.asm(2) : warning: beware [-w+user]\n";
    folder.tinyelf(["nasm", "-Xgnu", "a.asm"]).says(0, "", gnu);
    folder.tinyelf(["nasm", "-X", "vc", "a.asm"]).says(0, "", vc);
    folder.tinyelf(["nasm", "-s", "a.asm"]).says(0, gnu, "");
    folder.tinyelf(["nasm", "-Z", "said", "a.asm"]).says(0, "", "");
    assert_eq!(folder.read("said"), gnu.as_bytes());
    folder.tinyelf(["nasm", "-w-user", "a.asm"]).says(0, "", "");
    // What nasm has no name for stays silent, also when every warning is an error.
    folder.write("b.asm", "extern unused\nglobal nowhere\nnop\n");
    folder.tinyelf(["nasm", "-felf64", "-Wall", "-Werror", "b.asm"]).says(0, "", "");
}
