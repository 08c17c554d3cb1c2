//! A process under ptrace(2), stopped before its first instruction.
//!
//! Only a process itself may ask to be traced before its first instruction, between `fork` and `execve`.  So a
//! *starter*, a program of our own, is started first: it asks, and executes the program.
//!
//! ```text
//! we ── spawn ──> starter ── PTRACE_TRACEME ── execve ──> program, stopped ──> first line of trace, stack, counters
//! ```

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;

use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::unistd::Pid;
use rustix::process::{WaitOptions, WaitStatus, waitpid};

use super::memory::Memory;
use super::{InMemory, Outcome, Program, RunError};
use crate::elf::records::Machine;
use crate::pipeline::{self, Language, Options, Source};
use crate::source::{Diagnostics, MemoryLoader, SourceMap};

/// Its words are the program's path, and then the program's own from `argv[0]` on.  It ends with the error's number
/// when the kernel refuses.
const STARTER: &str = "
_start: xor     edi, edi                ; ptrace(PTRACE_TRACEME)
        mov     eax, 101
        syscall
        test    eax, eax
        js      failed
        mov     rcx, [rsp]              ; execve(argv[0], argv + 1, envp)
        mov     rdi, [rsp + 8]
        lea     rsi, [rsp + 16]
        lea     rdx, [rsp + rcx * 8 + 16]
        mov     eax, 59
        syscall
failed: neg     eax
        mov     edi, eax                ; exit(errno)
        mov     eax, 60
        syscall
";

fn starter() -> Vec<u8> {
    let text = Arc::from(STARTER.as_bytes());
    let source = Source { name: "<starter>".into(), text, strict: true, language: Language::Nasm };
    let options = Options::new(Machine::X86_64);
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let built = pipeline::build(&[source], &options, &MemoryLoader::default(), &mut map, &mut diagnostics);
    built.expect("a program of ours that a test builds")
}

/// Until when a process runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// The next time that it enters or leaves the kernel.
    Call,
    /// After one instruction.
    Step,
    /// Its end, or a signal.
    End,
}

/// Why it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// It enters or leaves the kernel.
    Call,
    /// A signal is to be delivered; `SIGTRAP` after a step.
    Signal(i32),
    /// It executed another program.
    Executed,
    /// It is about to be gone; only where that was asked for.
    Exiting,
    /// It is no more; whether its memory was written to a file.
    Ended(Outcome, bool),
}

/// A system call at its beginning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entered {
    /// Whose numbers it uses.
    pub(super) machine: Machine,
    pub(super) number: u64,
    pub(super) arguments: [u64; 6],
}

/// The registers that matter here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Registers {
    pub(super) instruction: u64,
    pub(super) stack: u64,
    pub(super) machine: Machine,
}

/// A traced process.
pub(super) struct Tracee {
    pid: Pid,
    memory: File,
    /// Kept open for as long as the program may be read.
    _program: InMemory,
}

/// `CS` of 32-bit code (arch/x86/include/asm/segment.h, __USER32_CS).
const CODE_32: u64 = 0x23;

impl Tracee {
    /// Starts a program and stops it before its first instruction.
    pub(super) fn start(program: &Program<'_>) -> Result<Self, RunError> {
        let file = InMemory::new(program.name, program.bytes)?;
        let starter = InMemory::new("starter", &starter())?;
        let child = Command::new(starter.own_path())
            .arg0(file.path())
            .arg(OsString::from(program.name))
            .args(program.arguments)
            .spawn()
            .map_err(RunError::Start)?;
        let pid = Pid::from_raw(child.id().cast_signed());
        let status = wait(pid)?;
        if let Some(error) = status.exit_status() {
            return Err(RunError::Start(io::Error::from_raw_os_error(error)));
        }
        ptrace::setoptions(pid, options()).map_err(refused)?;
        Ok(Tracee { pid, memory: open_memory(pid)?, _program: file })
    }

    /// The number of the process.
    pub(super) fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Lets it run on, with a signal if one is to be delivered.
    pub(super) fn resume(&mut self, until: Until, signal: Option<i32>) -> Result<Event, RunError> {
        // Signals without a name (the real-time ones) are not passed on.
        let signal = signal.and_then(|number| Signal::try_from(number).ok());
        match until {
            Until::Call => ptrace::syscall(self.pid, signal),
            Until::Step => ptrace::step(self.pid, signal),
            Until::End => ptrace::cont(self.pid, signal),
        }
        .map_err(refused)?;
        let status = wait(self.pid)?;
        if let Some(event) = ended(status) {
            return Ok(event);
        }
        const CALL: i32 = 5 | 0x80;
        const EXECUTED: i32 = 4;
        const EXITING: i32 = 6;
        match status.stopping_signal() {
            Some(CALL) => Ok(Event::Call),
            Some(5) if status.as_raw() >> 16 == EXITING => Ok(Event::Exiting),
            Some(5) if status.as_raw() >> 16 == EXECUTED => {
                self.memory = open_memory(self.pid)?;
                Ok(Event::Executed)
            }
            other => Ok(Event::Signal(other.unwrap_or(0))),
        }
    }

    /// Lets it run to its end.
    pub(super) fn finish(&mut self) -> Result<Outcome, RunError> {
        let mut signal = None;
        loop {
            match self.resume(Until::End, signal.take())? {
                Event::Signal(number) => signal = Some(number),
                Event::Ended(outcome, _) => return Ok(outcome),
                Event::Call | Event::Executed | Event::Exiting => {}
            }
        }
    }

    /// From here on it stops once more when it is about to be gone.
    pub(super) fn stop_at_exit(&self) -> Result<(), RunError> {
        ptrace::setoptions(self.pid, options() | ptrace::Options::PTRACE_O_TRACEEXIT).map_err(refused)
    }

    /// Page faults so far: `minflt` and `majflt` of proc_pid_stat(5).
    pub(super) fn page_faults(&self) -> Result<u64, RunError> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).map_err(RunError::Trace)?;
        // The name in parentheses may hold anything; the third field follows it.
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).and_then(|field| field.parse::<u64>().ok());
        Ok(field(10).unwrap_or(0) + field(12).unwrap_or(0))
    }

    /// Whether a signal would neither end nor stop it, nor be handled: it runs on as if there had been none.
    pub(super) fn ignores(&self, signal: i32) -> Result<bool, RunError> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).map_err(RunError::Trace)?;
        let set = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok()).unwrap_or(0)
        };
        let bit = 1u64 << (signal - 1).clamp(0, 63);
        // By default SIGCHLD, SIGURG and SIGWINCH are ignored, SIGCONT has done its work (signal(7)).
        let by_default = matches!(signal, 17 | 18 | 23 | 28);
        Ok(set("SigIgn:") & bit != 0 || by_default && set("SigCgt:") & bit == 0)
    }

    /// Where it stands.
    pub(super) fn registers(&self) -> Result<Registers, RunError> {
        let all = ptrace::getregs(self.pid).map_err(refused)?;
        let machine = if all.cs == CODE_32 { Machine::I386 } else { Machine::X86_64 };
        Ok(Registers { instruction: all.rip, stack: all.rsp, machine })
    }

    /// The call that it is about to make.
    pub(super) fn entered(&self) -> Result<Entered, RunError> {
        let all = ptrace::getregs(self.pid).map_err(refused)?;
        // `int 0x80` has i386's numbers in 64-bit code as well.
        let old = all.cs == CODE_32 || self.bytes(all.rip.wrapping_sub(2), 2) == Some(vec![0xcd, 0x80]);
        let narrow = |registers: [u64; 6]| registers.map(|register| register & 0xffff_ffff);
        Ok(if old {
            let arguments = narrow([all.rbx, all.rcx, all.rdx, all.rsi, all.rdi, all.rbp]);
            Entered { machine: Machine::I386, number: all.orig_rax & 0xffff_ffff, arguments }
        } else {
            let arguments = [all.rdi, all.rsi, all.rdx, all.r10, all.r8, all.r9];
            Entered { machine: Machine::X86_64, number: all.orig_rax, arguments }
        })
    }

    /// What the call gave back.
    pub(super) fn result(&self) -> Result<i64, RunError> {
        let all = ptrace::getregs(self.pid).map_err(refused)?;
        Ok(match all.cs {
            CODE_32 => i64::from((all.rax as u32).cast_signed()),
            _ => all.rax.cast_signed(),
        })
    }

    /// Why the signal came that it stopped for.
    pub(super) fn signal_code(&self) -> Option<i32> {
        ptrace::getsiginfo(self.pid).ok().map(|info| info.si_code)
    }
}

impl Memory for Tracee {
    fn read(&self, address: u64, into: &mut [u8]) -> usize {
        let mut done = 0;
        while done < into.len() {
            let Some(at) = address.checked_add(done as u64) else { break };
            match self.memory.read_at(&mut into[done..], at) {
                Ok(0) | Err(_) => break,
                Ok(count) => done += count,
            }
        }
        done
    }
}

fn wait(pid: Pid) -> Result<WaitStatus, RunError> {
    let pid = rustix::process::Pid::from_raw(pid.as_raw());
    loop {
        match waitpid(pid, WaitOptions::empty()) {
            Ok(Some((_, status))) => return Ok(status),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(RunError::Trace(error.into())),
        }
    }
}

fn ended(status: WaitStatus) -> Option<Event> {
    const DUMPED: i32 = 0x80;
    if let Some(status) = status.exit_status() {
        return Some(Event::Ended(Outcome::Exited(status), false));
    }
    let signal = status.terminating_signal()?;
    Some(Event::Ended(Outcome::Killed(signal), status.as_raw() & DUMPED != 0))
}

fn options() -> ptrace::Options {
    ptrace::Options::PTRACE_O_TRACESYSGOOD
        | ptrace::Options::PTRACE_O_EXITKILL
        | ptrace::Options::PTRACE_O_TRACEEXEC
}

fn open_memory(pid: Pid) -> Result<File, RunError> {
    File::open(format!("/proc/{pid}/mem")).map_err(RunError::Trace)
}

fn refused(error: nix::errno::Errno) -> RunError {
    RunError::Trace(error.into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_starter_can_be_built() {
        assert!(super::starter().starts_with(b"\x7fELF"));
    }
}
