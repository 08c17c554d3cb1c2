//! How `build` is told to read NASM sources: in nasm's words, attached or apart, with nasm's result.

use crate::oracle;
use crate::tool::Folder;

const MAIN: &str = "%include \"values.inc\"
%ifdef FOO
db FOO
%else
db 9
%endif
%ifdef FIRST
dw FIRST
%endif
dw BAR
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("main.asm", MAIN).write("inc/values.inc", "%define BAR 3\n");
    folder.write("first.inc", "%define FIRST 8\n").write("raw.asm", "[bits 64]\nmov eax,[x]\nx: dd 5\n");
    folder.write("sizes.asm", "bits 64\na: add eax,1\njz a\njmp a\nmov rax,1\n");
    folder.write(
        "list.asm",
        "%macro two 1\nmov ax,%1\ndb %1\n%endmacro\ntwo 5\nmsg: db \"a long line of text\"\n",
    );
    folder.write("loud.asm", "%warning beware\ndb 300\n");
    folder.write("parts.asm", "%include \"first.inc\"\nincbin \"raw.asm\",0,4\ndw FIRST\n");
    folder.write("names.asm", "bits 64\nglobal f\nextern g\nf: call g\n.l: ret\n");
    folder
}

/// `build` with some words makes the file that nasm makes with others.
#[track_caller]
fn same(words: &str, nasms: &str) {
    let Some(nasm) = oracle::find("nasm") else { return };
    let (ours, theirs) = (folder(), folder());
    ours.tinyelf(split(&format!("build -q -o o {words}"))).succeeds();
    theirs.command(&nasm, split(&format!("-o o {nasms}"))).succeeds();
    assert_eq!(ours.read("o"), theirs.read("o"), "{words}");
}

/// Words at spaces; `~` is a space inside one.
fn split(words: &str) -> Vec<String> {
    words.split(' ').map(|word| word.replace('~', " ")).collect()
}

#[test]
fn macros_files_and_lines_come_before_the_source_in_their_order() {
    for words in [
        "-DFOO=5 -Iinc main.asm",
        "-D FOO=5 -I inc main.asm",
        "-dFOO=5 -iinc main.asm",
        "-d FOO=5 -i inc main.asm",
        "-Iinc main.asm -DFOO=7 -UFOO",
        "-Iinc -UFOO -DFOO=7 main.asm",
        "-Iinc -DFOO=1 -uFOO -dFOO=2 main.asm",
        "-Iinc -Pfirst.inc main.asm",
        "-Iinc -p first.inc main.asm",
        "-Iinc --include first.inc main.asm",
        "-Iinc --before %define~FIRST~3 main.asm",
        "-Iinc --pragma list~options~+b main.asm",
        "-a raw.asm",
        "-O0 sizes.asm",
        "-O1 sizes.asm",
        "-Ox sizes.asm",
    ] {
        same(&format!("-f bin {words}"), &format!("-f bin {words}"));
    }
    same("-c --prefix _ names.asm", "-f elf64 --prefix _ names.asm");
    same("-c --postfix=$1 names.asm", "-f elf64 --postfix=$1 names.asm");
}

#[test]
fn warnings_are_switched_as_in_nasm() {
    let folder = folder();
    let shown = |words: &str| {
        let said = folder.tinyelf(split(&format!("build -q -f bin -o o {words} loud.asm"))).said();
        (
            said.status,
            ["beware", "300"]
                .map(|text| said.stderr.lines().any(|line| line.contains("warning") && line.contains(text))),
        )
    };
    assert_eq!(shown("-Wall"), (0, [true, true]));
    assert_eq!(shown("-w-user"), (0, [false, true]));
    assert_eq!(shown("-w -number-overflow"), (0, [true, false]));
    assert_eq!(shown("-Wno-user"), (0, [false, true]));
    assert_eq!(shown("-w-all"), (0, [false, false]));
    assert_eq!(shown("-w-all -w+user"), (0, [true, false]));
    assert_eq!(shown("-Werror=user -w-number-overflow").0, 1);
    assert_eq!(shown("-Werror -Wno-error=user -w-number-overflow"), (0, [true, false]));
}

#[test]
fn expanded_source_listing_and_dependencies_are_nasms() {
    let Some(nasm) = oracle::find("nasm") else { return };
    let (ours, theirs) = (folder(), folder());
    ours.tinyelf(split("build -q -f bin -l o.lst -o o list.asm")).succeeds();
    theirs.command(&nasm, split("-l o.lst -o o list.asm")).succeeds();
    assert_eq!(ours.read("o.lst"), theirs.read("o.lst"));
    let expanded = ours.tinyelf(split("build -E -DFOO=2 -Iinc main.asm")).succeeds();
    assert_eq!(expanded, theirs.command(&nasm, split("-E -DFOO=2 -Iinc main.asm")).succeeds());
    ours.tinyelf(split("build -E -o o.i -Iinc main.asm")).says(0, "", "");
    theirs.command(&nasm, split("-E -o o.i -Iinc main.asm")).succeeds();
    assert_eq!(ours.read("o.i"), theirs.read("o.i"));
    let rule = theirs.command(&nasm, split("-M -o o parts.asm")).succeeds().stdout;
    ours.tinyelf(split("build -q -f bin -MD -o o parts.asm")).says(0, "", "");
    assert_eq!(ours.read("o.d"), rule.as_bytes());
    ours.tinyelf(split("build -q -f bin -MF x.d -o o parts.asm")).says(0, "", "");
    assert_eq!(ours.read("x.d"), rule.as_bytes());
}

#[test]
fn what_has_no_meaning_is_refused_and_not_ignored() {
    let folder = folder();
    let refused = |words: &str, reason: &str| {
        folder.tinyelf(split(words)).says(2, "", &format!("error: {reason}\n"));
    };
    for option in ["--symbols", "--sections", "--pie", "--image-base 4096", "-g", "-e x", "--keep tools"] {
        let name = option.split(' ').next().unwrap();
        refused(
            &format!("build -f bin {option} raw.asm"),
            &format!("`-f bin` writes the bytes alone, without headers: `{name}` has no meaning there"),
        );
    }
    refused(
        "build -c --pie raw.asm",
        "`-c` writes a relocatable file for a linker: `--pie` has no meaning there",
    );
    refused(
        "build --sections raw.asm",
        "`--sections` belongs to `--layout compact`: standard has section headers",
    );
    refused(
        "build --sections --layout golf raw.asm",
        "`--sections` belongs to `--layout compact`: golf has no room for headers",
    );
    refused("build -E raw.asm list.asm", "`-E` expands one source; name one");
    refused("build -l x raw.asm list.asm", "`-l` lists one source; name one");
    folder.write("s.sys", "exit(0)\n");
    refused("build -E s.sys", "`-E` is for NASM sources, not for scripts");
    refused("build -DX s.sys", "`-D, -U, -P, --pragma, --before` is for NASM sources, not for scripts");
}
