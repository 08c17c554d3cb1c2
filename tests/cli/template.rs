//! Every template on every machine and in every layout: it builds, its size is pinned, it behaves.

use crate::host;
use crate::tool::Folder;

/// (template, machine, standard, compact): bytes.
const SIZES: &[(&str, &str, usize, usize)] = &[
    ("exit", "x86_64", 400, 124),
    ("exit", "i386", 264, 87),
    ("exit", "aarch64", 400, 128),
    ("exit", "riscv64", 400, 128),
    ("hello", "x86_64", 504, 154),
    ("hello", "i386", 348, 115),
    ("hello", "aarch64", 504, 166),
    ("hello", "riscv64", 504, 160),
];

fn size(folder: &Folder, words: &[&str]) -> usize {
    folder.tinyelf(words).says(0, "", "");
    folder.read("p").len()
}

#[test]
fn sizes_are_pinned() {
    let folder = Folder::new();
    let mut found = String::new();
    let mut expected = String::new();
    for &(template, machine, standard, compact) in SIZES {
        let sizes = ["standard", "compact"]
            .map(|layout| size(&folder, &[template, "-q", "-o", "p", "--arch", machine, "--layout", layout]));
        found.push_str(&format!("(\"{template}\", \"{machine}\", {}, {}),\n", sizes[0], sizes[1]));
        expected.push_str(&format!("(\"{template}\", \"{machine}\", {standard}, {compact}),\n"));
    }
    assert!(found == expected, "{found}");
}

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
