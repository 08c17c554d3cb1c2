//! Runs the command `tinyelf` in an empty folder and compares everything it says.

#![allow(dead_code, reason = "each test binary uses its part")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty folder that goes away with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!(
            "{}-{}-{number}",
            env!("CARGO_CRATE_NAME"),
            std::process::id()
        ));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in the folder, sorted.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(name)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// `tinyelf` with these words, in this folder.
    pub(crate) fn tinyelf<I: IntoIterator<Item: AsRef<OsStr>>>(&self, words: I) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tinyelf"));
        for name in
            ["NO_COLOR", "COLUMNS", "NASMENV", "SOURCE_DATE_EPOCH", "TINYELF_TEMPLATES", "CLICOLOR_FORCE"]
        {
            command.env_remove(name);
        }
        command.current_dir(&self.0).args(words);
        Run { command, input: Vec::new() }
    }

    /// Another program in this folder.
    pub(crate) fn command<I: IntoIterator<Item: AsRef<OsStr>>>(
        &self,
        program: impl AsRef<OsStr>,
        words: I,
    ) -> Run {
        let mut command = Command::new(program);
        command.current_dir(&self.0).args(words);
        Run { command, input: Vec::new() }
    }

    /// A program that was written here.
    pub(crate) fn program<I: IntoIterator<Item: AsRef<OsStr>>>(&self, name: &str, words: I) -> Run {
        self.command(self.path(name), words)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A command to be run.
pub(crate) struct Run {
    command: Command,
    input: Vec<u8>,
}

/// What a command said, as text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.input = text.as_ref().to_owned();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    pub(crate) fn output(mut self) -> Output {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = crate::patience::spawn(&mut self.command);
        let mut child = started.unwrap_or_else(|error| panic!("{:?}: {error}", self.command));
        // Who does not read its input closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(&self.input);
        child.wait_with_output().unwrap()
    }

    pub(crate) fn said(self) -> Said {
        let output = self.output();
        Said {
            // A signal is shown as a shell does.
            status: output.status.code().unwrap_or_else(|| 128 + signal(&output)),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Compares status, standard output and standard error, each completely.
    #[track_caller]
    pub(crate) fn says(self, status: i32, stdout: &str, stderr: &str) {
        let said = self.said();
        let expected = Said { status, stdout: stdout.to_owned(), stderr: stderr.to_owned() };
        assert!(
            said == expected,
            "status {}\n--- stdout\n{}--- stderr\n{}--- expected status {status}\n--- stdout\n{stdout}--- stderr\n{stderr}",
            said.status,
            said.stdout,
            said.stderr
        );
    }

    /// Nothing but a status of zero is expected.
    #[track_caller]
    pub(crate) fn succeeds(self) -> Said {
        let said = self.said();
        assert!(said.status == 0, "status {}\n{}{}", said.status, said.stdout, said.stderr);
        said
    }
}

#[cfg(unix)]
fn signal(output: &Output) -> i32 {
    std::os::unix::process::ExitStatusExt::signal(&output.status).unwrap_or(0)
}

#[cfg(not(unix))]
fn signal(_: &Output) -> i32 {
    0
}
