//! Every template on every machine and in every layout: it builds, its size is pinned, it behaves.

use crate::host;
use crate::tool::Folder;

/// (template, machine, standard, compact): bytes.
const SIZES: &[(&str, &str, usize, usize)] = &[
    ("args", "x86_64", 504, 218),
    ("args", "i386", 368, 172),
    ("args", "aarch64", 520, 248),
    ("args", "riscv64", 472, 204),
    ("cat", "x86_64", 944, 479),
    ("cat", "i386", 764, 431),
    ("cat", "aarch64", 992, 568),
    ("cat", "riscv64", 888, 446),
    ("crash", "x86_64", 424, 143),
    ("crash", "i386", 288, 104),
    ("crash", "aarch64", 424, 152),
    ("crash", "riscv64", 416, 148),
    ("echo", "x86_64", 728, 351),
    ("echo", "i386", 564, 297),
    ("echo", "aarch64", 744, 401),
    ("echo", "riscv64", 656, 309),
    ("env", "x86_64", 504, 221),
    ("env", "i386", 364, 175),
    ("env", "aarch64", 512, 244),
    ("env", "riscv64", 472, 202),
    ("exit", "x86_64", 400, 124),
    ("exit", "i386", 264, 87),
    ("exit", "aarch64", 400, 128),
    ("exit", "riscv64", 400, 128),
    ("false", "x86_64", 400, 126),
    ("false", "i386", 268, 88),
    ("false", "aarch64", 400, 132),
    ("false", "riscv64", 400, 130),
    ("hello", "x86_64", 504, 154),
    ("hello", "i386", 348, 115),
    ("hello", "aarch64", 504, 166),
    ("hello", "riscv64", 504, 160),
    ("init", "x86_64", 1096, 592),
    ("init", "i386", 856, 494),
    ("init", "aarch64", 1112, 671),
    ("init", "riscv64", 1016, 565),
    ("pause", "x86_64", 568, 206),
    ("pause", "i386", 404, 164),
    ("pause", "aarch64", 584, 232),
    ("pause", "riscv64", 560, 206),
    ("sleep", "x86_64", 1120, 639),
    ("sleep", "i386", 860, 529),
    ("sleep", "aarch64", 1160, 724),
    ("sleep", "riscv64", 1096, 638),
    ("spin", "x86_64", 392, 122),
    ("spin", "i386", 256, 86),
    ("spin", "aarch64", 392, 124),
    ("spin", "riscv64", 392, 122),
    ("true", "x86_64", 400, 124),
    ("true", "i386", 264, 87),
    ("true", "aarch64", 400, 128),
    ("true", "riscv64", 400, 128),
    ("yes", "x86_64", 504, 151),
    ("yes", "i386", 344, 112),
    ("yes", "aarch64", 504, 162),
    ("yes", "riscv64", 496, 152),
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
