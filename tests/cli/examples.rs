//! The crate's examples, run as users run them: what they print is a program that runs, twice the same.

use std::path::PathBuf;

use crate::host;
use crate::tool::Folder;

/// Cargo builds the examples beside the tests; one test binary alone (`--test cli`) may not have them.
fn example(name: &str) -> Option<PathBuf> {
    let programs = std::path::Path::new(env!("CARGO_BIN_EXE_tinyelf")).parent()?;
    let path = programs.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    path.is_file().then_some(path)
}

#[test]
fn examples_print_programs_that_run() {
    for (name, expected) in [
        ("assemble", "assembled in memory\n"),
        ("builder", "built from bytes\n"),
        ("script", "tick\ntick\ntick\n"),
    ] {
        let Some(path) = example(name) else { continue };
        let folder = Folder::new();
        let [first, second] = [(); 2].map(|()| folder.command(&path, [""; 0]).output().stdout);
        assert_eq!(first, second, "{name}");
        assert_eq!(&first[..4], b"\x7fELF", "{name}");
        folder.write(name, &first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(folder.path(name), mode).unwrap();
        }
        if host::runs_x86_64() {
            folder.program(name, [""; 0]).says(0, expected, "");
        }
    }
}
