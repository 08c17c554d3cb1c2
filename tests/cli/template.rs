//! The templates with plain words, as programs; their sizes are pinned by the README's table.

use crate::host;
use crate::tool::Folder;

#[test]
fn programs_run_in_every_layout() {
    for (machine, runs) in [("x86_64", host::runs_x86_64()), ("i386", host::runs_i386())] {
        for layout in ["standard", "compact"] {
            if !runs {
                continue;
            }
            let folder = Folder::new();
            let build = |words: &[&str]| {
                folder
                    .tinyelf([words, &["-q", "-o", "p", "--arch", machine, "--layout", layout]].concat())
                    .says(0, "", "");
                folder.program("p", [""; 0])
            };
            build(&["hello"]).says(0, "Hello, World!\n", "");
            build(&["hello", "Grüße"]).says(0, "Grüße\n", "");
            build(&["hello", "-n", "a\tb\nc`\\x41"]).says(0, "a\tb\nc`\\x41", "");
            build(&["hello", ""]).says(0, "\n", "");
            build(&["hello", "-n", ""]).says(0, "", "");
            build(&["exit"]).says(0, "", "");
            build(&["exit", "255"]).says(255, "", "");
            build(&["exit", "0x2A"]).says(42, "", "");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_message_is_written_as_given_whatever_its_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    let message: Vec<u8> = (1..=255).collect();
    let words = [
        OsStr::new("hello"),
        OsStr::new("-q"),
        OsStr::new("-n"),
        OsStr::new("--"),
        OsStr::from_bytes(&message),
    ];
    folder.tinyelf(words).says(0, "", "");
    assert_eq!(folder.program("out/hello", [""; 0]).output().stdout, message);
    let long = "x".repeat(100_000);
    folder.tinyelf(["hello", "-q", &long]).says(0, "", "");
    assert_eq!(folder.program("out/hello", [""; 0]).output().stdout.len(), 100_001);
}
