//! Programs of these tests: assembled from source, written to a file, judged by tools, executed.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tinyelf::elf::records::Machine;
use tinyelf::layout::Promise;
use tinyelf::pipeline::{self, Language, Options, Source};
use tinyelf::source::{Diagnostics, DiskLoader, SourceMap};

use crate::{host, oracle, patience};

/// NASM source to a program; what was said instead.
pub(crate) fn assemble(
    machine: Machine,
    text: &str,
    change: impl FnOnce(&mut Options),
) -> Result<Vec<u8>, String> {
    let mut options = Options::new(machine);
    change(&mut options);
    let source = source(text);
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let bytes = pipeline::build(&[source], &options, &DiskLoader, &mut map, &mut diagnostics);
    let said: Vec<_> = diagnostics.iter().map(|one| one.short(&map)).collect();
    bytes.ok_or_else(|| said.join("\n"))
}

fn source(text: &str) -> Source {
    Source { name: "a.asm".into(), text: Arc::from(text.as_bytes()), strict: false, language: Language::Nasm }
}

/// What golf cannot go below; `None` for programs that it does not take apart.
pub(crate) fn lower_bound(machine: Machine, text: &str, promise: Promise) -> Option<usize> {
    pipeline::lower_bound(&[source(text)], &Options::new(machine), promise, &DiskLoader)
}

/// Whether programs for a machine are executed here.
pub(crate) fn runs(machine: Machine) -> bool {
    match machine {
        Machine::I386 => host::runs_i386(),
        _ => host::runs_x86_64(),
    }
}

/// A file that may be executed and goes away with the value.
pub(crate) struct Program(pub(crate) PathBuf);

impl Program {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let path = path.join(format!("program-{}-{number}", std::process::id()));
        fs::write(&path, bytes).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        Program(path)
    }

    /// What a tool says of it; `None` when the tool is missing.
    pub(crate) fn judged_by(&self, tool: &str, arguments: &[&str]) -> Option<Output> {
        let tool = oracle::find(tool)?;
        Some(Command::new(tool).args(arguments).arg(&self.0).output().unwrap())
    }

    /// Starts it; an error that is the file's stays one.
    pub(crate) fn start(&self) -> std::io::Result<Child> {
        let mut command = Command::new(&self.0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        patience::spawn(&mut command)
    }

    pub(crate) fn run(&self, input: &[u8]) -> Output {
        let mut child = self.start().unwrap();
        // Who does not read its input closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
