//! Output files: all or nothing, devices written and not replaced, inputs never overwritten.

use crate::tool::Folder;

const SOURCE: &str = "exit(0)\n";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("a.sys", SOURCE);
    folder
}

#[test]
fn the_status_line_names_path_size_and_layout() {
    let folder = folder();
    let hint = "(--layout compact makes it smaller)";
    let said = folder.tinyelf(["exit", "-o", "e"]).succeeds();
    let size = folder.read("e").len();
    assert_eq!(said.stdout, format!("e: {size} bytes, standard {hint}\n"));
    let said = folder.tinyelf(["exit", "--layout", "compact"]).succeeds();
    let size = folder.read("out/exit").len();
    assert_eq!(said.stdout, format!("out/exit: {size} bytes, compact\n"));
    let said = folder.tinyelf(["hello", "--arch", "x86_64,i386"]).succeeds();
    let sizes = ["out/hello.x86_64", "out/hello.i386"].map(|name| folder.read(name).len());
    let expected = format!(
        "out/hello.x86_64: {} bytes, standard {hint}\nout/hello.i386: {} bytes, standard\n",
        sizes[0], sizes[1]
    );
    assert_eq!(said.stdout, expected);
}

#[test]
fn standard_output_takes_the_program_and_standard_error_the_status() {
    let folder = folder();
    let output = folder.tinyelf(["exit", "-o", "-"]).output();
    assert_eq!(&output.stdout[..4], b"\x7fELF");
    let status = format!("standard output: {} bytes, standard ", output.stdout.len());
    assert!(String::from_utf8_lossy(&output.stderr).starts_with(&status));
    assert_eq!(folder.list("."), ["a.sys"]);
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = folder();
    let message = "error: the output `./a.sys` is also an input (`a.sys`); choose another name with `-o`\n";
    folder.tinyelf(["build", "a.sys", "-o", "./a.sys"]).says(2, "", message);
    assert_eq!(folder.read("a.sys"), SOURCE.as_bytes());
    folder.write("a.asm", "nop\n");
    let said = folder.tinyelf(["build", "a.asm", "-l", "a.asm"]).said();
    assert!(said.status == 2 && said.stderr.contains("is also an input"), "{}", said.stderr);
    for option in ["-l", "-MF"] {
        let said = folder.tinyelf(["nasm", "-MD", option, "a.asm", "-o", "a", "a.asm"]).said();
        assert!(said.status == 1 && said.stderr.contains("is also an input"), "{}", said.stderr);
    }
    assert_eq!(folder.read("a.asm"), b"nop\n");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.sys", folder.path("link")).unwrap();
        std::fs::hard_link(folder.path("a.sys"), folder.path("hard")).unwrap();
        for name in ["link", "hard"] {
            let said = folder.tinyelf(["build", "a.sys", "-o", name]).said();
            assert_eq!(said.status, 2, "{}", said.stderr);
            assert!(said.stderr.contains("is also an input"), "{}", said.stderr);
        }
        assert_eq!(folder.read("a.sys"), SOURCE.as_bytes());
    }
}

#[test]
fn after_an_error_nothing_is_left_and_an_older_file_is_untouched() {
    let folder = folder();
    folder.write("bad.sys", "frobnicate(1)\n").write("old", "old");
    let said = folder.tinyelf(["build", "bad.sys", "-o", "old"]).said();
    assert_eq!((said.status, said.stdout.as_str()), (1, ""));
    assert_eq!(folder.read("old"), b"old");
    let said = folder.tinyelf(["build", "bad.sys"]).said();
    assert_eq!(said.status, 1);
    assert_eq!(folder.list("."), ["a.sys", "bad.sys", "old"]);
}

#[test]
fn a_folder_that_the_user_named_must_exist() {
    let folder = folder();
    let message = "error: cannot write `bin/x`: No such file or directory (os error 2)\n";
    folder.tinyelf(["exit", "-o", "bin/x"]).says(2, "", message);
    folder.write("bin/y", "");
    folder.tinyelf(["exit", "-q", "-o", "bin/x"]).succeeds();
    folder.tinyelf(["exit", "-o", "bin"]).says(2, "", "error: cannot write `bin`: it is a folder\n");
    assert_eq!(folder.list("bin"), ["x", "y"]);
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};

    use super::*;

    fn mode(folder: &Folder, name: &str) -> u32 {
        fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn programs_are_executable_less_the_umask() {
        let folder = folder();
        let tinyelf = env!("CARGO_BIN_EXE_tinyelf");
        folder.command("sh", ["-c", &format!("umask 027; {tinyelf} exit -q -o e")]).succeeds();
        assert_eq!(mode(&folder, "e"), 0o750);
        // An older file's mode does not stay: it was no program.
        fs::set_permissions(folder.path("e"), Permissions::from_mode(0o600)).unwrap();
        folder.command("sh", ["-c", &format!("umask 022; {tinyelf} exit -q -o e")]).succeeds();
        assert_eq!(mode(&folder, "e"), 0o755);
    }

    #[test]
    fn a_symbolic_link_is_followed() {
        let folder = folder();
        fs::create_dir(folder.path("real")).unwrap();
        symlink("real/program", folder.path("link")).unwrap();
        symlink("link", folder.path("link2")).unwrap();
        folder.tinyelf(["exit", "-q", "-o", "link2"]).succeeds();
        assert!(fs::symlink_metadata(folder.path("link2")).unwrap().is_symlink());
        assert!(fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
        assert_eq!(&folder.read("real/program")[..4], b"\x7fELF");
        symlink("loop", folder.path("loop")).unwrap();
        let message = "error: cannot write `loop`: too many levels of symbolic links\n";
        folder.tinyelf(["exit", "-o", "loop"]).says(2, "", message);
    }

    #[test]
    fn a_device_is_written_and_not_replaced() {
        let folder = folder();
        if !fs::metadata("/dev/null").unwrap().file_type().is_char_device() {
            return;
        }
        folder.tinyelf(["exit", "-q", "-o", "/dev/null"]).says(0, "", "");
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        if !std::path::Path::new("/dev/full").exists() {
            return;
        }
        let message = "error: cannot write `/dev/full`: No space left on device (os error 28)\n";
        folder.tinyelf(["exit", "-o", "/dev/full"]).says(2, "", message);
        assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
    }

    #[test]
    fn a_full_disk_leaves_the_older_file_whole() {
        let folder = folder();
        folder.write("old", "old");
        // A limit on file sizes fails as a full disk does; SIGXFSZ is ignored so that write() says so.
        let script = format!("trap '' XFSZ; ulimit -f 0; {} exit -o old", env!("CARGO_BIN_EXE_tinyelf"));
        let message = "error: cannot write `old`: File too large (os error 27)\n";
        folder.command("sh", ["-c", &script]).says(2, "", message);
        assert_eq!(folder.read("old"), b"old");
        assert_eq!(folder.list("."), ["a.sys", "old"]);
    }

    #[test]
    fn a_fifo_is_written() {
        let folder = folder();
        let script =
            format!("mkfifo pipe; {} exit -q -o pipe & head -c 4 pipe; wait", env!("CARGO_BIN_EXE_tinyelf"));
        let said = folder.command("sh", ["-c", &script]).succeeds();
        assert_eq!(said.stdout, "\u{7f}ELF");
        assert!(fs::metadata(folder.path("pipe")).unwrap().file_type().is_fifo());
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let folder = folder();
        for words in ["--help", "syscalls", "exit -o -", "man"] {
            let script =
                format!("( {} {words}; echo $? >status ) | true; cat status", env!("CARGO_BIN_EXE_tinyelf"));
            let said = folder.command("sh", ["-c", &script]).said();
            assert_eq!(said.stdout, "0\n", "{words}: {}", said.stderr);
        }
    }
}
