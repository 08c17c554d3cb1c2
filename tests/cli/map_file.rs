//! `[map]` of flat output, beside nasm's own file.

use crate::oracle;
use crate::tool::Folder;

const PARTS: &str = "org 0x100
k equ 5
start: mov ax, first
.loop: jmp short .loop
%macro mark 0
%%here: nop
%endmacro
mark
section .data align=16
first: dw 1
second equ first + 1
section far vstart=0x1000 follows=.data valign=8
far1: db 2
section late start=0x400 align=32
l: dd far1
section behind vfollows=far
section averylongsectionnamethatisofmorethansixtyfourcharactersinallandmore
db 1
section .bss
room: resb 10
section more nobits align=32
resb 3
absolute 0x50
a: resw 1
section .text
..@own: nop
ahead equ behind_all + 2
behind_all: nop
extern never
";

/// Both assemble the source; what they print and every file they leave must be alike.
#[track_caller]
fn check(map: &str, source: &str) {
    let Some(nasm) = oracle::find("nasm") else { return };
    let (ours, theirs) = (Folder::new(), Folder::new());
    let source = format!("{map}\n{source}");
    ours.write("a.asm", &source);
    theirs.write("a.asm", &source);
    let words = ["-fbin", "a.asm", "-oout"];
    let own = ours.tinyelf(["nasm"].into_iter().chain(words)).output();
    let other = theirs.command(&nasm, &words).output();
    assert_eq!(own.status.code(), other.status.code(), "{source}");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&own.stdout), text(&other.stdout), "{source}");
    if own.status.success() {
        assert_eq!(text(&own.stderr), text(&other.stderr), "{source}");
        let path = |folder: &Folder| folder.path("a.map").exists();
        assert_eq!(path(&ours), path(&theirs), "{source}");
        if path(&ours) {
            assert_eq!(text(&ours.read("a.map")), text(&theirs.read("a.map")), "{source}");
        }
    } else {
        assert!(!ours.path("a.map").exists(), "{source}: nothing is left after an error");
    }
}

#[test]
fn maps_are_nasms() {
    for parts in ["all", "brief", "sections", "segments", "symbols", "Brief symbols", "symbols sections", ""]
    {
        check(&format!("[map {parts} a.map]"), PARTS);
    }
    check("[map all]", PARTS);
    check("[map stdout all]", PARTS);
    check("[map brief stderr]", PARTS);
    check("[map brief a.map b.map]\n[map symbols]", PARTS);
    check("%define FILE a.map\n[map all FILE]", "");
    check("[map all a.map]", "section .data\ndb 1\nsection x start=0x80 align=16\ndb 1\nalign 8\n");
    check(
        "[map all a.map]",
        "bits 64\ns: jmp e\ntimes 200 nop\nm: jz s\ne: ret\nlen equ e - s\nx: equ e + 1\n",
    );
    check("[map all a.map]", "no such line\n");
    check("[map all a.map]", "struc s\n.x: resd 1\nendstruc\ni: istruc s\nat .x, dd 5\niend\nv equ -1\n");
}

#[test]
fn a_map_never_replaces_its_source() {
    let folder = Folder::new();
    folder.write("a.asm", "[map all a.asm]\ndb 1\n");
    assert_eq!(folder.tinyelf(["nasm", "a.asm", "-oout"]).output().status.code(), Some(1));
    assert_eq!(folder.tinyelf(["build", "-fbin", "a.asm", "-oout"]).output().status.code(), Some(2));
    assert_eq!(folder.read("a.asm"), b"[map all a.asm]\ndb 1\n");
    assert!(!folder.path("out").exists());
}
