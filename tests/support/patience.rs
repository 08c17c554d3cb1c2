//! Starting a program that was written a moment ago.

use std::io::ErrorKind;
use std::process::{Child, Command};
use std::time::Duration;

/// Another thread that forks while a program is open for writing makes `execve` fail with ETXTBSY for a moment.
pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Child> {
    for _ in 0..1000 {
        match command.spawn() {
            Err(error) if error.kind() == ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
    }
    Err(ErrorKind::ExecutableFileBusy.into())
}
