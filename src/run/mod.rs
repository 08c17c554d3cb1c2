//! Executes what was built, from memory: nothing is left on the disk.
//!
//! In: the bytes of a program, its arguments.  Out: how it ended.  The program lies in a memfd and is started
//! through `/proc/self/fd`, so the kernel reads exactly the bytes that `build` would have written.

mod signal;

use std::ffi::OsString;
use std::io;

pub use signal::{describe, name};

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
}

/// Runs a program to its end; it inherits the standard streams and the environment.
///
/// # Errors
/// When it could not be started.
#[cfg(target_os = "linux")]
pub fn execute(program: &[u8], name: &str, arguments: &[OsString]) -> Result<Outcome, RunError> {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};

    use rustix::fs::{MemfdFlags, memfd_create};

    // Close-on-exec: the program finds only the three standard streams open, as after `build`.
    let fd = memfd_create(name, MemfdFlags::CLOEXEC).map_err(|error| RunError::Memory(error.into()))?;
    let mut file = std::fs::File::from(fd);
    file.write_all(program).map_err(RunError::Memory)?;
    let mut command = std::process::Command::new(format!("/proc/self/fd/{}", file.as_raw_fd()));
    let status = command.arg0(name).args(arguments).status().map_err(RunError::Start)?;
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
pub fn execute(_: &[u8], _: &str, _: &[OsString]) -> Result<Outcome, RunError> {
    Err(RunError::NotLinux)
}

/// Whether 64-bit programs may use `int 0x80` here: kernels without 32-bit emulation answer with a signal.
pub fn runs_int_80() -> bool {
    matches!(execute(&signal::INT_80_PROBE, "probe", &[]), Ok(Outcome::Exited(0)))
}
