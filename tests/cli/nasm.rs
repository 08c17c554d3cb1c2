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
        folder.write(
            "format.asm",
            "%ifidn __OUTPUT_FORMAT__,macho32\ndb 1\n%endif\ndb %str(__?OUTPUT_FORMAT?__)\n",
        );
        folder.write("bare", "db 1\n").write("words", "-f bin\n-DFOO=4\n");
        folder.write("depends.asm", "%depend \"a b\"\n%depend \"c#d$\"\n%depend \"a b\"\ndb 1\n");
        folder.write("repeated.asm", "%rep 20\nnop\n%endrep\n");
        folder.write("tasm.asm", TASM);
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
fn sources_are_expanded_for_every_format() {
    for format in ["elf", "win64", "macho", "obj", "elfx32"] {
        check(&["-f", format, "-E", "format.asm"], None);
    }
    check(&["-f", "elf", "format.asm", "-o", "format.o"], Some("format.o"));
    check(&["-f", "ELF32", "format.asm", "-o", "format.o"], Some("format.o"));
    let said = Folder::new().tinyelf(["nasm", "-f", "win64", "a.asm"]).said();
    let message = "`win64` is an object format of Windows; there are elf64, elf32, elfx32, bin";
    assert_eq!(said.stderr, format!("nasm: fatal: unrecognised output format: {message}\n"));
}

const TASM: &str = "ideal
p386
ifdef CHOICE
first: mov eax,[dword bx]
@@next: mov [byte bx],5
ELSE
if 0
 no such line
 if 1
 endif
elif 1
first: nop
@@next: dw @@next, first@@next
endif
endif
second:
@@next: jmp @@next
ifdifi a,b
db 1
endif
include \"first.inc\"
db FIRST
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
        "--limit-rep 5k list.asm -oo -> o",
        "-oo -oo list.asm",
        "-fbin -Fdwarf list.asm -oo",
        "-felf64 -gstabs2 names.asm -oo",
        "--reproducible -Iinc main.asm -oo -> o",
        "--keep-all -Iinc main.asm -oo -> o",
        "--debug -Iinc main.asm -oo -> o",
        "--no-line -Iinc main.asm -oo -> o",
        "--limit-passes 9 -Iinc main.asm -oo -> o",
        "--limit-stalled-passes=9 -Iinc main.asm -oo -> o",
        "--limit-macro-levels 50 --limit-macro-tokens 500 --limit-mmacros 50 list.asm -oo -> o",
        "--limit-eval 500 --limit-lines 500 list.asm -oo -> o",
        "--limit-unknown 9 -Iinc main.asm -oo -> o",
        "-fbin -dFOO=5 -Iinc main.asm -o o -> o",
        "-fbin -d FOO=5 -u FOO -Iinc main.asm -o o -> o",
        "-fbin -U FOO -Iinc main.asm -oo -> o",
        "-fbin -pfirst.inc -Iinc main.asm -oo -> o",
        "-fbin -P first.inc -Iinc main.asm -oo -> o",
        "-fbin --before %define\tFIRST\t3 -Iinc main.asm -oo -> o",
        "-fbin --pragma asm\tnothing -w+all -Iinc main.asm -oo -> o",
        "-fbin --pragma=asm\tnothing -Iinc main.asm -oo -> o",
        "-e -Iinc main.asm",
        "-E -Iinc -DFOO=5 main.asm",
        "-E parts.asm",
        "-E list.asm",
        "-E names.asm",
        "-E missing.asm",
        "-L+ list.asm -oo -> o",
        "-fbin -Xgnu list.asm -oo -> o",
        "-fbin -X vc list.asm -oo -> o",
        "-fbin -s list.asm -oo -> o",
        "-fbin -Z z list.asm -oo -> o",
        "-fbin -Zz list.asm -oo -> o",
        "-w-all list.asm -oo -> o",
        "-w +user list.asm -oo -> o",
        "-Wno-user list.asm -oo -> o",
        "-Werror list.asm -oo -> o",
        "-Werror=user -w+error=number-overflow list.asm -oo -> o",
        "-f ELF64 names.asm -> names.o",
        "-l one -l two list.asm -oo",
        "-Z one -Z two list.asm -oo",
        "-Z z -s list.asm -oo -> z",
        "-XVC list.asm -oo -> o",
        "-L d -l l.lst list.asm -oo -> l.lst",
        "-L",
        "--LIMIT-rep 500 list.asm -oo -> o",
        "--limit-rep 0x10 repeated.asm -oo",
        "--limit-rep UNLIMITED repeated.asm -oo -> o",
        "--limit-lines 19 repeated.asm -oo",
        "--limit-lines 20 repeated.asm -oo -> o",
        "-w-orphan-labels -Wnone list.asm -oo -> o",
        "-a sizes.asm -oo",
        "-t tasm.asm -oo -> o",
        "-t -DCHOICE=1 tasm.asm -oo -> o",
        "-t sizes.asm -oo -> o",
        "tasm.asm -oo",
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
        "-MD x.d depends.asm -oo -> x.d",
        "-M -MW depends.asm -o x#$.o",
        "-MW -M -MP -MQ a#b depends.asm",
        "-MG -MD x.d missing.asm -> x.d",
        "-M -MD x.d -MT t depends.asm -> x.d",
        "-M -E parts.asm",
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

/// A listing of each, byte for byte as nasm's.
const LISTED: &[(&str, &str)] = &[
    ("plain", "bits 64\nmov eax,1\n; only a comment\n\nx: db 1,2,3\nlen equ $-x\nret\n"),
    ("long data", "text: db \"a line that is longer than the column\",10\ndq 1,2,3\ndt 1.5\n"),
    ("macro", "%macro two 2\nmov ax,%1\nadd ax,%2\n%endmacro\ntwo 1,2\nnop\ntwo 3,4 ; again\n"),
    (
        "macros in macros",
        "%macro in 1\ndb %1\n%endmacro\n%macro out 1\nin %1\nin 9\nnop\n%endmacro\nout 5\nout 7\n",
    ),
    ("silent macro", "%macro one 1.nolist\nmov ax,%1\n%endmacro\none 1\nnop\n"),
    ("switched off", "nop\n[list -]\nmov ax,1\n[list +]\nmov ax,3\n"),
    (
        "times",
        "times 5 db 1\ntimes 20 db 1,2\ntimes 3 nop\nx: times 2 mov ax,1\ntimes 100 db 0\ntimes 4 dq 1\n",
    ),
    ("large times", "bits 32\ntimes 5000 db 1\njmp x\ntimes 3000 dw 7\nx: nop\n"),
    ("incbin", "incbin \"words\"\nincbin \"words\",4,3\nx: incbin \"words\",0,9\n"),
    ("room", "section .bss\nx: resb 4\ny: resd 10\nresb 8\nresb 9\nsection .data\nz: dd 1\n"),
    ("include", "nop\n%include \"listed.inc\"\nnop\ndw word_1\n"),
    ("conditions", "%define A 1\n%if A\ndb 1\n%else\ndb 2\n%endif\nmov ax,A\n"),
    ("alignment", "nop\nalign 16\nnop\nalign 8, db 5\nalign 4\ndb 1\n"),
    ("joined lines", "db 1, \\\n2, \\\n3\nnop\nmov ax, \\\n5\n"),
    ("jumps", "a: jmp b\njmp a\ntimes 200 nop\nb: jmp a\nje a\nloop b\ncall a\njmp $\n"),
    ("warning", "nop\n%warning beware\nnop\n"),
    ("addresses", "bits 32\nx: dd x\nmov eax,[x]\ndw x\nsection .data\ny: dd x, y\n"),
    ("empty", ""),
    (
        "repetitions",
        "%assign i 0\n%rep 2\n db i\n%if i\n nop\n%endif\n%assign i i+1\n%endrep\n%rep 2\n%rep 2\n inc ax\n%endrep\n times 3 db 1\n%endrep\n",
    ),
    (
        "conditions in a macro",
        "%macro m 1-2 5\n mov ax,%1\n%if %2 > 4\n add ax,%2\n%endif\n%endmacro\n m 1\n m 2,3\n",
    ),
    (
        "repetition in a macro",
        "%macro m 1\n%rep %1\n db 3\n%endrep\n%endmacro\n m 2\n%rep 2\n m 1\n%endrep\n",
    ),
    (
        "macros in a macro",
        "%macro a 1\n db %1\n%endmacro\n%macro b 0\n a 1\n a 2\n nop\n%endmacro\n b\n%macro c 0.nolist\n nop\n b\n%endmacro\n c\n",
    ),
    (
        "structures",
        "struc s\n.a: resb 1\n.b: resw 2\n.c: resb 100\nendstruc\nabsolute 50\nx: resb 4\nsection .text\nnop\n",
    ),
    ("warning in a macro", "%macro m 0\n%warning beware\n db 1\n%endmacro\n nop\n m\n"),
    ("listing off", "nop\n[list -]\n db 1\n%macro m 0\n db 2\n%endmacro\n m\n[list +]\n m\n"),
    (
        "sections in a macro",
        "%macro m 1\n section .data\n%%a: db %1\n section .text\n mov ax,%%a\n%endmacro\n m 1\n m 2\n",
    ),
    (
        "unknown sizes",
        "%macro j 1\n jmp %1\n nop\n%endmacro\n j far_away\n align 8\n%rep 3\n j far_away\n%endrep\n times 200 db 0\nfar_away:\n",
    ),
];

#[test]
fn listings_are_nasms() {
    let Some(nasm) = oracle::find("nasm") else { return };
    for (name, text) in LISTED {
        let folder = Folder::new();
        folder.write("a.asm", text).write("words", "0123456789abcdef");
        folder.write("listed.inc", "db 3\n; a comment\nmov ax,[word_1]\nword_1: dw 5\n");
        folder.command(&nasm, ["-fbin", "-l", "n.lst", "-o", "n", "a.asm"]).succeeds();
        folder.tinyelf(["nasm", "-fbin", "-l", "o.lst", "-o", "o", "a.asm"]).succeeds();
        let shown = |file| String::from_utf8_lossy(&folder.read(file)).into_owned();
        assert_eq!(shown("o.lst"), shown("n.lst"), "{name}");
    }
}
