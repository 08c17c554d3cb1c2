//! Executes what was built, from memory: nothing is left on the disk.
//!
//! In: the bytes of a program, its arguments.  Out: how it ended, and what was seen on the way: its system calls, its
//! stack at entry, how many instructions it took.  The program lies in a memfd and is started through `/proc`, so the
//! kernel reads exactly the bytes that `build` would have written.  A program for another machine is given to
//! qemu-user where the caller has found one.

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod memory;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod quote;
mod signal;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod stack;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod stat;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod trace;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod tracee;

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::time::Duration;

pub use signal::{describe, name};

use crate::elf::records::Machine;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
use tracee::Tracee;

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal, with this number.
    Killed(i32),
}

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Only Linux executes Linux programs.
    #[error("this system does not execute Linux programs: build the program and copy it to a Linux machine")]
    NotLinux,
    /// There is no room for it, or memfd is not there.
    #[error("cannot hold the program in memory: {0}")]
    Memory(#[source] io::Error),
    /// The kernel refused it.
    #[error("the kernel does not start the program: {0}")]
    Start(#[source] io::Error),
    /// The kernel refused to show it.
    #[error("the kernel does not let the program be traced: {0}")]
    Trace(#[source] io::Error),
    /// Only here a process can be looked into.
    #[error("only Linux on x86-64 shows what a program does, and only of programs for x86_64 and i386")]
    CannotTrace,
}

impl RunError {
    /// Whether the kernel takes the file for no program of this machine (`ENOEXEC`).
    pub fn is_foreign(&self) -> bool {
        const ENOEXEC: i32 = 8;
        matches!(self, RunError::Start(error) if error.raw_os_error() == Some(ENOEXEC))
    }
}

/// A program to be run; it inherits the standard streams and the environment.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// `argv[0]`.
    pub name: &'a str,
    /// The other arguments.
    pub arguments: &'a [OsString],
}

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// How it ended.
    pub outcome: Outcome,
    /// Instructions in user mode; unknown where the processor's counters were taken away in between.
    pub instructions: Option<u64>,
    /// Cycles in user mode; only counters of the processor know them.
    pub cycles: Option<u64>,
    /// Whether the instructions were counted by the processor; else one by one, as the program was stepped through.
    pub by_counters: bool,
    /// Page faults from the first instruction to the end; without counters, only those for data.
    pub page_faults: u64,
    /// From the order to start it to its first instruction.
    pub start: Duration,
    /// From there to its end.
    pub run: Duration,
}

/// The names that qemu-user has for a machine.
pub fn emulators(machine: Machine) -> [String; 2] {
    ["", "-static"].map(|kind| format!("qemu-{}{kind}", machine.name()))
}

/// Runs a program to its end.
///
/// # Errors
/// When it could not be started.
#[cfg(target_os = "linux")]
pub fn execute(program: &Program<'_>) -> Result<Outcome, RunError> {
    use std::os::unix::process::CommandExt as _;

    let file = InMemory::new(program.name, program.bytes)?;
    let mut command = std::process::Command::new(file.own_path());
    finish(command.arg0(program.name).args(program.arguments))
}

/// Runs a program for another machine to its end; the emulator prints its system calls where they are wanted.
///
/// # Errors
/// When the emulator could not be started.
#[cfg(target_os = "linux")]
pub fn emulate(program: &Program<'_>, emulator: &Path, trace: bool) -> Result<Outcome, RunError> {
    let file = InMemory::new(program.name, program.bytes)?;
    let mut command = std::process::Command::new(emulator);
    if trace {
        command.arg("-strace");
    }
    finish(command.args(["-0", program.name]).arg(file.path()).args(program.arguments))
}

#[cfg(target_os = "linux")]
fn finish(command: &mut std::process::Command) -> Result<Outcome, RunError> {
    use std::os::unix::process::ExitStatusExt as _;

    let status = command.status().map_err(RunError::Start)?;
    Ok(match status.signal() {
        Some(signal) => Outcome::Killed(signal),
        None => Outcome::Exited(status.code().expect("a process that no signal ended has a status")),
    })
}

/// Runs a program to its end.
///
/// # Errors
/// Always: this is no Linux.
#[cfg(not(target_os = "linux"))]
pub fn execute(_: &Program<'_>) -> Result<Outcome, RunError> {
    Err(RunError::NotLinux)
}

/// Runs a program for another machine to its end.
///
/// # Errors
/// Always: this is no Linux.
#[cfg(not(target_os = "linux"))]
pub fn emulate(_: &Program<'_>, _: &Path, _: bool) -> Result<Outcome, RunError> {
    Err(RunError::NotLinux)
}

/// What is to be seen of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    /// The stack at entry.
    pub stack: bool,
    /// The system calls.
    pub calls: bool,
    /// How many variables the environment has.
    pub variables: usize,
}

/// Runs a program to its end and says what is to be seen, piece by piece, as soon as it is known.
///
/// # Errors
/// When it could not be started, or not be traced.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub fn watch(program: &Program<'_>, watch: Watch, say: &mut dyn FnMut(&str)) -> Result<Outcome, RunError> {
    let mut tracee = Tracee::start(program)?;
    // An interrupt from the keyboard is for the program: what it does about it is to be seen.
    let keyboard: nix::sys::signal::SigSet =
        [nix::sys::signal::SIGINT, nix::sys::signal::SIGQUIT].into_iter().collect();
    // Without it the interrupt only ends both.
    let _ = keyboard.thread_block();
    if watch.stack {
        say(&stack::table(&tracee)?);
    }
    let outcome = match watch.calls {
        true => trace::follow(&mut tracee, program, watch.variables, say),
        false => tracee.finish(),
    };
    let _ = keyboard.thread_unblock();
    outcome
}

/// Runs a program to its end and measures what it took.
///
/// # Errors
/// As [`watch`].
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub fn measure(program: &Program<'_>) -> Result<Measured, RunError> {
    stat::measure(program)
}

/// Runs a program to its end and says what is to be seen.
///
/// # Errors
/// Always: it takes Linux on x86-64.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub fn watch(_: &Program<'_>, _: Watch, _: &mut dyn FnMut(&str)) -> Result<Outcome, RunError> {
    Err(RunError::CannotTrace)
}

/// Runs a program to its end and measures what it took.
///
/// # Errors
/// Always: it takes Linux on x86-64.
#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub fn measure(_: &Program<'_>) -> Result<Measured, RunError> {
    Err(RunError::CannotTrace)
}

/// Whether 64-bit programs may use `int 0x80` here: kernels without 32-bit emulation answer with a signal.
pub fn runs_int_80() -> bool {
    let probe = Program { bytes: &signal::INT_80_PROBE, name: "probe", arguments: &[] };
    matches!(execute(&probe), Ok(Outcome::Exited(0)))
}

/// A file that lies nowhere; close-on-exec, so that a program finds only the three standard streams open.
#[cfg(target_os = "linux")]
struct InMemory(std::fs::File);

#[cfg(target_os = "linux")]
impl InMemory {
    fn new(name: &str, bytes: &[u8]) -> Result<Self, RunError> {
        use std::io::Write as _;

        use rustix::fs::{MemfdFlags, memfd_create};

        let fd = memfd_create(name, MemfdFlags::CLOEXEC).map_err(|error| RunError::Memory(error.into()))?;
        let mut file = std::fs::File::from(fd);
        file.write_all(bytes).map_err(RunError::Memory)?;
        Ok(InMemory(file))
    }

    /// Where the process that is about to execute it finds it.
    fn own_path(&self) -> String {
        use std::os::fd::AsRawFd as _;
        format!("/proc/self/fd/{}", self.0.as_raw_fd())
    }

    /// Where other processes find it, for as long as this one holds it.
    fn path(&self) -> String {
        use std::os::fd::AsRawFd as _;
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd())
    }
}
