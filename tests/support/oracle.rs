//! External tools that judge our output.  A test whose oracle is missing says loudly what it leaves out; with
//! `TINYELF_REQUIRE_ORACLES` set, as in `.ci/run`, that is a failure.

#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::print_stderr, reason = "what a test leaves out must be seen")]

use std::path::PathBuf;

/// Where a program lies, looked for on PATH.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.or_else(|| {
        left_out(program);
        None
    })
}

/// A file or folder that an oracle's package installs.
pub(crate) fn find_file(path: &str) -> Option<PathBuf> {
    let file = PathBuf::from(path);
    if file.exists() {
        return Some(file);
    }
    left_out(path);
    None
}

/// Says what a test cannot do here.
pub(crate) fn left_out(what: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    eprintln!("left out: {test} needs {what}");
    assert!(std::env::var_os("TINYELF_REQUIRE_ORACLES").is_none(), "{test} needs {what}");
}
