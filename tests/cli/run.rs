//! `tinyelf run`: builds in memory, executes, passes the status on, leaves nothing.

use crate::host;
use crate::tool::Folder;

#[test]
fn what_cannot_be_built_or_started_is_125() {
    let folder = Folder::new();
    folder.write("bad.sys", "frobnicate(1)\n");
    assert_eq!(folder.tinyelf(["run", "bad.sys"]).said().status, 125);
    folder.tinyelf(["run", "none.asm"]).says(
        125,
        "",
        "error: cannot read `none.asm`: No such file or directory (os error 2)\n",
    );
    folder.tinyelf(["run", "exit", "256"]).says(125, "", "error: STATUS: 256 is out of range: 0-255\n");
    assert_eq!(folder.list("."), ["bad.sys"]);
}

#[test]
fn templates_run_with_their_own_words() {
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    folder.tinyelf(["run", "exit", "3"]).says(3, "", "");
    folder.tinyelf(["run", "hello"]).says(0, "Hello, World!\n", "");
    folder.tinyelf(["run", "hello", "-n", "Hi `you`\\n \u{e9}"]).says(0, "Hi `you`\\n \u{e9}", "");
    folder.tinyelf(["run", "hello", "--layout=compact", ""]).says(0, "\n", "");
    folder.tinyelf(["run", "--layout=compact", "hello", "--", "ignored"]).says(0, "Hello, World!\n", "");
    if host::runs_i386() {
        folder.tinyelf(["run", "exit", "4", "--arch", "i386"]).says(4, "", "");
    }
    assert!(folder.list(".").is_empty());
}

#[test]
fn scripts_run_from_files_standard_input_and_the_command_line() {
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    folder.write("a.sys", "write(1, argv[1], strlen(argv[1]))\nexit(argc)\n");
    folder.tinyelf(["run", "a.sys", "--", "-one", "two"]).says(3, "-one", "");
    folder.tinyelf(["run", "--lang", "sys", "-"]).stdin("exit(5)").says(5, "", "");
    folder.tinyelf(["run", "sys", "write(1, \"hi\\n\")", "exit(3)"]).says(3, "hi\n", "");
    folder.tinyelf(["run", "sys", "exit(argc)", "--layout", "compact", "--", "x"]).says(2, "", "");
}

#[test]
fn a_signal_is_128_and_its_number_with_one_line_that_explains_it() {
    if host::runs_x86_64() {
        let why = "it touched memory that it may not touch, or ran past its end: \
                   the last thing it does must be an exit";
        let message = format!("note: `sys` was ended by SIGSEGV (11): {why}\n");
        Folder::new().tinyelf(["run", "sys", "exit(u8[0])"]).says(139, "", &message);
        let message = "note: `sys` was ended by SIGTERM (15): it was told to stop\n";
        Folder::new().tinyelf(["run", "sys", "kill(getpid(), SIGTERM)"]).says(143, "", message);
    }
}
