//! Scripts to files, and files to what they do.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tinyelf::elf::records::Machine;
use tinyelf::layout;
use tinyelf::pipeline;
use tinyelf::script;
use tinyelf::source::{Diagnostics, SourceMap};

use crate::{oracle, patience};

/// A script's bytes, or what is wrong with it in the short form.
pub(crate) fn build(text: &str, machine: Machine, kind: layout::Kind) -> Result<Vec<u8>, String> {
    build_with(text, machine, kind, &[])
}

pub(crate) fn build_with(
    text: &str,
    machine: Machine,
    kind: layout::Kind,
    parameters: &[(&str, &str)],
) -> Result<Vec<u8>, String> {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let file = map.add(Path::new("t.sys"), text.as_bytes().into()).unwrap();
    let mut options = script::Options::new(machine);
    options.plain = kind == layout::Kind::Standard;
    options.parameters =
        parameters.iter().map(|(name, value)| ((*name).into(), value.as_bytes().to_vec())).collect();
    let unit = script::compile(&map, file, &options, &mut diagnostics);
    let mut how = pipeline::Options::new(machine);
    how.layout.kind = kind;
    let bytes = unit.and_then(|unit| pipeline::finish(&unit, &how, &mut diagnostics));
    let said: Vec<String> = diagnostics
        .iter()
        .map(|one| one.hint.iter().fold(one.short(&map), |text, hint| format!("{text}\n  hint: {hint}")))
        .collect();
    bytes.ok_or_else(|| said.join("\n"))
}

/// What is said about a script that is built all the same.
pub(crate) fn said(text: &str, machine: Machine) -> String {
    let mut map = SourceMap::new();
    let mut diagnostics = Diagnostics::new();
    let file = map.add(Path::new("t.sys"), text.as_bytes().into()).unwrap();
    script::compile(&map, file, &script::Options::new(machine), &mut diagnostics);
    let lines: Vec<String> = diagnostics
        .iter()
        .map(|one| one.hint.iter().fold(one.short(&map), |text, hint| format!("{text}\n  hint: {hint}")))
        .collect();
    lines.join("\n")
}

/// How programs of a machine are started here; `None` says loudly that they cannot be.
pub(crate) fn runner(machine: Machine) -> Option<Vec<PathBuf>> {
    match machine {
        Machine::X86_64 if cfg!(all(target_os = "linux", target_arch = "x86_64")) => Some(Vec::new()),
        Machine::X86_64 => Some(vec![oracle::find("qemu-x86_64")?]),
        Machine::I386 if runs_i386() => Some(Vec::new()),
        Machine::I386 => Some(vec![oracle::find("qemu-i386")?]),
        Machine::Aarch64 => Some(vec![oracle::find("qemu-aarch64")?]),
        Machine::Riscv64 => Some(vec![oracle::find("qemu-riscv64")?]),
    }
}

/// Whether this kernel executes 32-bit programs itself.  `.ci/run` has them executed by qemu all the same.
fn runs_i386() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let asked = cfg!(all(target_os = "linux", target_arch = "x86_64"))
            && std::env::var_os("TINYELF_REQUIRE_ORACLES").is_none();
        asked && {
            let file = write(&build("exit(42)", Machine::I386, layout::Kind::Standard).unwrap());
            Command::new(file).status().is_ok_and(|status| status.code() == Some(42))
        }
    })
}

/// A file that can be executed, with a name of its own.
pub(crate) fn write(bytes: &[u8]) -> PathBuf {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("script-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("p{number}"));
    fs::write(&file, bytes).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    file
}

/// A command that starts a program of a machine.
pub(crate) fn command(machine: Machine, file: &Path) -> Option<Command> {
    let mut words = runner(machine)?;
    words.push(file.to_owned());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    Some(command)
}

/// Runs a program; `None` when this machine cannot.
pub(crate) fn run(machine: Machine, bytes: &[u8], arguments: &[&str], input: &[u8]) -> Option<Output> {
    let file = write(bytes);
    let mut command = command(machine, &file)?;
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = patience::spawn(&mut command).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    fs::remove_file(file).ok();
    Some(output)
}
