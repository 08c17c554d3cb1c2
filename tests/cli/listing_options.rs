//! `-L` and `%pragma list options`, beside nasm's own listings.

use crate::oracle;
use crate::tool::Folder;

const CALLS: &str = "%macro quiet 1.nolist
shown %1
%define LAST %1
%endmacro
%macro shown 1
db %1
%endmacro
%macro defaults 0-3 1,{2,3},4
db %1,%2,%3
%endmacro
quiet 4
first: shown 5
second shown 6
defaults
defaults 5, 6
defaults {7,8}
%rep .nolist 3
db 1
shown 4
%endrep
%rep 2
quiet 9
%endrep
times 20 db 3
resw 300
";

const DEFINITIONS: &str = "%define PAIR(x,=y,&z) x+y,z
dw PAIR(1,2,3)
%push outer
%define %$a 4
%push
%define %$$b 5
%idefine low  4 + 5
%assign n %$$b
%assign n n+1
%defstr text a b c
%defalias other n
%xdefine now PAIR(1,2,q)
%strcat both \"a\",\"b\"
%pop
%define rest(x,y+) x y
db rest(1 , 2,  3) ; remark
%if 0
%define never 1
%endif
label:
\tdb other
%warning beware
";

const SWITCHES: &str = "[list +]
nop
[list -]
db 1
[list +]
%if 0
[list -]
%endif
%macro off 0
[list -]
%endmacro
nop
off
db 2
[list +]
db 3
";

/// What nasm and we list; lines of number 0 are about each one's own macros.
#[track_caller]
fn check(flags: &str, source: &str) {
    let Some(nasm) = oracle::find("nasm") else { return };
    let folder = Folder::new();
    folder.write("a.asm", source).write("bytes", "0123456789abcdef");
    let words = |name: &str| {
        let mut words =
            vec!["-fbin".to_owned(), format!("-l{name}.lst"), format!("-o{name}"), "a.asm".to_owned()];
        words.extend(flags.split_whitespace().map(str::to_owned));
        words
    };
    folder.command(&nasm, words("theirs")).succeeds();
    folder.tinyelf(["nasm".to_owned()].into_iter().chain(words("ours"))).succeeds();
    let lines = |name: &str| {
        let text = String::from_utf8_lossy(&folder.read(name)).into_owned();
        text.lines()
            .filter(|line| !line.starts_with("     0 "))
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(lines("ours.lst"), lines("theirs.lst"), "{flags}: {source}");
    assert_eq!(folder.read("ours"), folder.read("theirs"), "{flags}: {source}");
}

#[test]
fn options_of_listings_are_nasms() {
    for flags in ["-Lb", "-Ld", "-Le", "-Lf", "-Lm", "-Lp", "-Ls", "-Lw", "-L+", "-L dm", "-Lem -Lf -L8"] {
        for source in [DEFINITIONS, SWITCHES] {
            check(flags, source);
        }
        // What is zeroed is told of in other words, also in a listing.
        check(&format!("{flags} -w-zeroing"), CALLS);
    }
    check("-Ld", "incbin \"bytes\"\n");
}

#[test]
fn a_source_changes_the_options_from_its_first_line_on() {
    for options in ["+d", "-d", "+dm", "d", "-d+m", "+m-d", "+d -m", "+e", "+Q%", ""] {
        check("-w-zeroing", &format!("{CALLS}%pragma list options {options}\n"));
        check("-Ld -w-zeroing", &format!("%pragma list options {options}\n{CALLS}"));
    }
}

#[test]
fn what_every_source_finds_defined_is_shown() {
    let folder = Folder::new();
    folder.write("a.asm", "nop\n");
    folder.tinyelf(["nasm", "-Lb", "-la.lst", "-oa", "a.asm"]).succeeds();
    let listing = String::from_utf8_lossy(&folder.read("a.lst")).into_owned();
    assert!(listing.starts_with("     0                              <1> %"), "{listing}");
    assert!(listing.ends_with("     1 00000000 90                      nop\n"), "{listing}");
}
