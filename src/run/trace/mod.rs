//! `--trace`: the system calls of a program, in strace's look.
//!
//! ```text
//! execve("hello", ["hello"], [/* 30 vars */]) = 0
//! write(1, "Hello, World!\n", 14)         = 14
//! exit(0)                                 = ?
//! +++ exited with 0 +++
//! ```
//!
//! The part of a line that is known when a call begins is given out before the call is made, so that a program that
//! waits shows what for.  Names, parameters and constants are those of [`crate::syscall`].

mod argument;
mod names;
mod structure;

use std::fmt::Write as _;

use super::memory::Memory;
use super::quote::quote;
use super::tracee::{Entered, Event, Until};
use super::{Outcome, Program, RunError, Tracee};
use crate::elf::records::{Class, Machine};
use crate::syscall::{self, Kind, Parameter};
use argument::{Call, address};

/// Results stand in this column.
const RESULT_COLUMN: usize = 40;

/// Runs a program to its end; `say` is given each piece of text as soon as it is known.
///
/// # Errors
/// When it could not be started, or not be traced.
pub(super) fn follow(
    tracee: &mut Tracee,
    program: &Program<'_>,
    variables: usize,
    say: &mut dyn FnMut(&str),
) -> Result<Outcome, RunError> {
    say(&first_line(program, variables));
    let mut open: Option<Open> = None;
    let mut signal = None;
    loop {
        match tracee.resume(Until::Call, signal.take())? {
            Event::Call => match open.take() {
                None => {
                    let mut line = Open::new(tracee.entered()?, tracee);
                    say(&line.begin(tracee));
                    open = Some(line);
                }
                Some(line) => say(&line.end(tracee, tracee.result()?)),
            },
            Event::Signal(number) => {
                let name = signal_name(number);
                let code = tracee.signal_code().map_or_else(String::new, |code| signal_code(number, code));
                say(&format!("--- {name} {{si_signo={name}{code}}} ---\n"));
                signal = Some(number);
            }
            Event::Executed | Event::Exiting => {}
            Event::Ended(outcome, dumped) => {
                if let Some(line) = open {
                    say(&line.never());
                }
                say(&match outcome {
                    Outcome::Exited(status) => format!("+++ exited with {status} +++\n"),
                    Outcome::Killed(number) => {
                        let dumped = if dumped { " (core dumped)" } else { "" };
                        format!("+++ killed by {}{dumped} +++\n", signal_name(number))
                    }
                });
                return Ok(outcome);
            }
        }
    }
}

/// The call that began the program, which was made before anybody traced it.
fn first_line(program: &Program<'_>, variables: usize) -> String {
    let name = quote(program.name.as_bytes());
    let words = program.arguments.iter().map(|word| quote(word.as_encoded_bytes()));
    let words: Vec<String> = [name.clone()].into_iter().chain(words).collect();
    let ending = if variables == 1 { "" } else { "s" };
    format!("execve({name}, [{}], [/* {variables} var{ending} */]) = 0\n", words.join(", "))
}

fn signal_name(number: i32) -> String {
    names::signal(i64::from(number), Machine::X86_64)
        .map_or_else(|| format!("signal {number}"), str::to_owned)
}

/// Why a signal came, as siginfo.h names it.
fn signal_code(signal: i32, code: i32) -> String {
    let name = match (signal, code) {
        (_, 0) => "SI_USER",
        (_, 0x80) => "SI_KERNEL",
        (_, -1) => "SI_QUEUE",
        (_, -2) => "SI_TIMER",
        (_, -6) => "SI_TKILL",
        (4, 1) => "ILL_ILLOPC",
        (4, 2) => "ILL_ILLOPN",
        (5, 1) => "TRAP_BRKPT",
        (5, 2) => "TRAP_TRACE",
        (7, 1) => "BUS_ADRALN",
        (7, 2) => "BUS_ADRERR",
        (8, 1) => "FPE_INTDIV",
        (8, 2) => "FPE_INTOVF",
        (11, 1) => "SEGV_MAPERR",
        (11, 2) => "SEGV_ACCERR",
        (17, 1) => "CLD_EXITED",
        (17, 2) => "CLD_KILLED",
        (17, 3) => "CLD_DUMPED",
        _ => return format!(", si_code={code}"),
    };
    format!(", si_code={name}")
}

/// A call that was entered.
struct Open {
    name: String,
    known: Option<&'static str>,
    machine: Machine,
    arguments: Vec<(Parameter, u64)>,
    /// What a length was before the kernel replaced it.
    length_before: Option<u64>,
    /// How many arguments were shown, and how many characters.
    shown: usize,
    column: usize,
}

impl Open {
    fn new(entered: Entered, memory: &dyn Memory) -> Self {
        let Entered { machine, number, mut arguments } = entered;
        let bears = |call: &&syscall::Syscall| call.number(machine).map(u64::from) == Some(number);
        let mut call = syscall::names().find(bears);
        if let Some((meant, given)) = call.and_then(|call| inner_call(call, &arguments, memory)) {
            (call, arguments) = (Some(meant), given);
        }
        let parameters = call.and_then(|call| call.parameters(machine));
        let name = call.map_or_else(|| format!("syscall_{number:#x}"), |call| call.name.to_owned());
        let arguments = match parameters {
            Some(parameters) => paired(&name, machine, parameters, &arguments),
            None => {
                let unknown = Parameter { name: "", kind: Kind::Ptr, optional: false };
                arguments.into_iter().map(|argument| (unknown, argument)).collect()
            }
        };
        let known = call.map(|call| call.name);
        Open { name, known, machine, arguments, length_before: None, shown: 0, column: 0 }
    }

    /// Everything up to the first argument that the kernel writes.
    fn begin(&mut self, memory: &dyn Memory) -> String {
        let mut text = format!("{}(", self.name);
        let length = self.arguments.iter().find(|(one, _)| one.name == "addrlen" && one.kind == Kind::Inout);
        self.length_before = length.and_then(|&(_, at)| memory.word(at, 4));
        self.put(&mut text, memory, None);
        if self.shown == self.arguments.len() {
            text.push(')');
        }
        self.column = text.chars().count();
        text
    }

    /// The rest, with the result.
    fn end(mut self, memory: &dyn Memory, result: i64) -> String {
        let mut text = String::new();
        if self.shown < self.arguments.len() {
            self.put(&mut text, memory, Some(result));
            text.push(')');
            self.column += text.chars().count();
        }
        self.tab(&mut text);
        let name = self.known.unwrap_or("");
        let call =
            Call { name, machine: self.machine, memory, arguments: &self.arguments, length_before: None };
        let more = call.outcome(result).unwrap_or_default();
        let _ = writeln!(text, "{}{more}", self.result(result));
        text
    }

    /// The call that never comes back.
    fn never(mut self) -> String {
        let mut text = String::new();
        if self.shown < self.arguments.len() {
            text.push_str(" <unfinished ...>)");
            self.column += text.len();
        }
        self.tab(&mut text);
        text.push_str("?\n");
        text
    }

    fn tab(&self, text: &mut String) {
        let spaces = RESULT_COLUMN.saturating_sub(self.column).max(1);
        text.extend(std::iter::repeat_n(' ', spaces));
        text.push_str("= ");
    }

    /// Appends arguments until one is not known yet.
    fn put(&mut self, text: &mut String, memory: &dyn Memory, result: Option<i64>) {
        let name = self.known.unwrap_or("");
        let arguments = &self.arguments;
        let call = Call { name, machine: self.machine, memory, arguments, length_before: self.length_before };
        while self.shown < self.arguments.len() {
            let Some(argument) = call.argument(self.shown, result) else { return };
            text.push_str(&argument);
            self.shown += 1;
            if self.shown < self.arguments.len() {
                text.push_str(", ");
            }
        }
    }

    /// `fcntl(fd, F_GETFL)`.
    fn is_asked_for_flags(&self) -> bool {
        let asked = syscall::constant("F_GETFL", self.machine).map(|value| value as u64);
        self.arguments.get(1).map(|&(_, command)| command) == asked
    }

    fn result(&self, result: i64) -> String {
        match (-result, self.name.as_str()) {
            (512, _) => "? ERESTARTSYS (To be restarted if SA_RESTART is set)".to_owned(),
            (513, _) => "? ERESTARTNOINTR (To be restarted)".to_owned(),
            (514, _) => "? ERESTARTNOHAND (To be restarted if no handler)".to_owned(),
            (516, _) => "? ERESTART_RESTARTBLOCK (Interrupted by signal)".to_owned(),
            (number @ 1..=4095, _) => error(number, self.machine),
            (_, "mmap" | "mmap2" | "brk" | "mremap" | "shmat") => match self.machine.class() {
                Class::Elf64 => address(result.cast_unsigned()),
                Class::Elf32 => address(u64::from(result as u32)),
            },
            (_, "fcntl" | "fcntl64") if self.is_asked_for_flags() => {
                let flags = names::named("fcntl", "file flags", result.cast_unsigned(), self.machine);
                let number = if result == 0 { "0".to_owned() } else { format!("{result:#x}") };
                format!("{number} (flags {})", flags.unwrap_or_default())
            }
            (_, "rt_sigtimedwait" | "rt_sigtimedwait_time64") => {
                let name = names::signal(result, self.machine);
                name.map_or_else(|| result.to_string(), |name| format!("{result} ({name})"))
            }
            (_, "umask") => format!("0{result:02o}"),
            _ => result.to_string(),
        }
    }
}

/// What `socketcall` of i386 does: another call, whose arguments stand in memory.
fn inner_call(
    call: &syscall::Syscall,
    arguments: &[u64; 6],
    memory: &dyn Memory,
) -> Option<(&'static syscall::Syscall, [u64; 6])> {
    /// net.h, from SYS_SOCKET = 1 on; what only `socketcall` has is shown as it is.
    const CALLS: [&str; 20] = [
        "socket",
        "bind",
        "connect",
        "listen",
        "accept",
        "getsockname",
        "getpeername",
        "socketpair",
        "",
        "",
        "sendto",
        "recvfrom",
        "shutdown",
        "setsockopt",
        "getsockopt",
        "sendmsg",
        "recvmsg",
        "accept4",
        "recvmmsg",
        "sendmmsg",
    ];
    if call.name != "socketcall" {
        return None;
    }
    let name = CALLS.get(usize::try_from(arguments[0]).ok()?.checked_sub(1)?)?;
    let meant = syscall::names().find(|other| other.name == *name)?;
    let count = meant.parameters(Machine::I386)?.len();
    let mut given = [0; 6];
    for (place, argument) in (0..).zip(&mut given[..count.min(6)]) {
        *argument = memory.word(arguments[1].wrapping_add(4 * place), 4)?;
    }
    Some((meant, given))
}

/// `-1 ENOENT (No such file or directory)`.
fn error(number: i64, machine: Machine) -> String {
    let name = names::error(number, machine).map_or_else(|| format!("E{number}"), str::to_owned);
    let raw = i32::try_from(number).unwrap_or(0);
    let text = std::io::Error::from_raw_os_error(raw).to_string();
    let meaning = text.strip_suffix(&format!(" (os error {raw})")).unwrap_or(&text);
    format!("-1 {name} ({meaning})")
}

/// Parameters with their arguments: i386 passes 64 bits in two registers, and some parameters depend on others.
fn paired(
    name: &str,
    machine: Machine,
    parameters: &[Parameter],
    registers: &[u64; 6],
) -> Vec<(Parameter, u64)> {
    let mut registers = registers.iter().copied();
    let mut next = || registers.next().unwrap_or(0);
    let wide = |kind| kind == Kind::Off64 && machine == Machine::I386 && name.ends_with("64");
    let mut pairs: Vec<(Parameter, u64)> = Vec::new();
    for &parameter in parameters {
        let low = next();
        let value = if wide(parameter.kind) { low | next() << 32 } else { low };
        pairs.push((parameter, value));
    }
    let value = |pairs: &[(Parameter, u64)], wanted: &str| {
        pairs.iter().find(|(parameter, _)| parameter.name == wanted).map_or(0, |&(_, value)| value)
    };
    let constant = |name| syscall::constant(name, machine).map_or(0, |value| value as u64);
    match name {
        "open" | "openat" => {
            let flags = value(&pairs, "flags");
            let temporary = constant("O_TMPFILE");
            if flags & constant("O_CREAT") == 0 && flags & temporary != temporary {
                pairs.pop();
            }
        }
        "fcntl" | "fcntl64" => depend(&mut pairs, machine, FCNTL),
        "prctl" => depend(&mut pairs, machine, PRCTL),
        // Waiting takes a time, waking nothing more.
        "futex" => match value(&pairs, "futex_op") & 0x7f {
            0 => pairs.truncate(4),
            1 => pairs.truncate(3),
            _ => {}
        },
        _ => {}
    }
    pairs
}

/// What stands behind a command: its name, and the name and kind of the argument; none for a command without one.
type Commands = &'static [(&'static str, Option<(&'static str, Kind)>)];

const FCNTL: Commands = &[
    ("F_SETFD", Some(("descriptor flags", Kind::Flags))),
    ("F_SETFL", Some(("file flags", Kind::Flags))),
    ("F_DUPFD", Some(("arg", Kind::Int))),
    ("F_DUPFD_CLOEXEC", Some(("arg", Kind::Int))),
    ("F_SETOWN", Some(("arg", Kind::Int))),
    ("F_SETPIPE_SZ", Some(("arg", Kind::Int))),
    ("F_GETFD", None),
    ("F_GETFL", None),
    ("F_GETOWN", None),
    ("F_GETPIPE_SZ", None),
    ("F_GET_SEALS", None),
];

const PRCTL: Commands = &[
    ("PR_SET_NAME", Some(("name", Kind::Str))),
    ("PR_SET_PDEATHSIG", Some(("signal", Kind::Sig))),
    ("PR_SET_CHILD_SUBREAPER", Some(("set", Kind::Long))),
];

/// Replaces the arguments behind a command, where that is known, by the one that the command takes.
fn depend(pairs: &mut Vec<(Parameter, u64)>, machine: Machine, commands: Commands) {
    let at = pairs.iter().position(|(parameter, _)| matches!(parameter.name, "cmd" | "option"));
    let Some((_, rest)) = at.and_then(|at| pairs.split_at_checked(at)) else { return };
    let [(_, command), (_, argument), ..] = *rest else { return };
    let found = commands
        .iter()
        .find(|(name, _)| syscall::constant(name, machine).is_some_and(|value| value as u64 == command));
    let Some((_, takes)) = found else { return };
    let kept = pairs.len() - rest.len() + 1;
    pairs.truncate(kept);
    if let Some((name, kind)) = *takes {
        pairs.push((Parameter { name, kind, optional: false }, argument));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::memory::tests::At;

    fn check(machine: Machine, number: u64, arguments: [u64; 6], result: i64, expected: &str) {
        let mut memory = b"hello\0world\n\xff".to_vec();
        memory.resize(64, 0);
        for word in [0x1000u64, 5, 0x1006, 7, 0x1000, 0, 3 << 8 | 4 << 32] {
            memory.extend(word.to_le_bytes());
        }
        let memory = At(0x1000, memory);
        let mut open = Open::new(Entered { machine, number, arguments }, &memory);
        let begun = open.begin(&memory);
        let line = begun + &open.end(&memory, result);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&line), words(expected));
    }

    #[test]
    fn calls_look_as_in_strace() {
        use Machine::{I386, X86_64};
        // From strace 6.1.
        check(X86_64, 1, [1, 0x1000, 12, 0, 0, 0], 12, r#"write(1, "hello\0world\n", 12)             = 12"#);
        check(I386, 4, [1, 0x1006, 6, 0, 0, 0], 6, r#"write(1, "world\n", 6)                  = 6"#);
        check(
            X86_64,
            257,
            [(-100_i64) as u64, 0x1000, 0, 7, 0, 0],
            -2,
            r#"openat(AT_FDCWD, "hello", O_RDONLY)     = -1 ENOENT (No such file or directory)"#,
        );
        check(
            X86_64,
            2,
            [0x1000, 0o1101, 0o644, 0, 0, 0],
            3,
            r#"open("hello", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3"#,
        );
        check(X86_64, 0, [0, 0x1000, 64, 0, 0, 0], 5, r#"read(0, "hello", 64)                    = 5"#);
        check(
            X86_64,
            0,
            [0, 0x10, 64, 0, 0, 0],
            -14,
            "read(0, 0x10, 64)                       = -1 EFAULT (Bad address)",
        );
        check(X86_64, 22, [0x1070, 0, 0, 0, 0, 0], 0, "pipe([768, 4])                          = 0");
        check(
            X86_64,
            61,
            [u64::MAX, 0x1070, 0, 0, 0, 0],
            9,
            "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 9",
        );
        check(
            X86_64,
            20,
            [1, 0x1040, 2, 0, 0, 0],
            12,
            r#"writev(1, [{iov_base="hello", iov_len=5}, {iov_base="world\n\377", iov_len=7}], 2) = 12"#,
        );
        check(X86_64, 35, [0x1048, 0, 0, 0, 0, 0], 0, "nanosleep({tv_sec=5, tv_nsec=4102}, NULL) = 0");
        check(
            X86_64,
            9,
            [0, 4096, 3, 0x22, u64::MAX, 0],
            0x7f00_0000_0000,
            "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000",
        );
        // The arguments are the words 5, 0.
        check(I386, 102, [4, 0x1048, 0, 0, 0, 0], 0, "listen(5, 0)                            = 0");
        check(X86_64, 39, [0; 6], 77, "getpid()                                = 77");
        check(X86_64, 62, [77, 15, 0, 0, 0, 0], 0, "kill(77, SIGTERM)                       = 0");
        check(X86_64, 90, [0x1000, 0o7, 0, 0, 0, 0], 0, r#"chmod("hello", 007)                     = 0"#);
        check(X86_64, 72, [1, 1, 0, 0, 0, 0], 1, "fcntl(1, F_GETFD)                       = 1");
        check(X86_64, 14, [0, 0x1040, 0, 8, 0, 0], 0, "rt_sigprocmask(SIG_BLOCK, [PIPE], NULL, 8) = 0");
        check(
            X86_64,
            34,
            [0; 6],
            -514,
            "pause()                                 = ? ERESTARTNOHAND (To be restarted if no handler)",
        );
        check(
            X86_64,
            999,
            [1, 2, 3, 4, 5, 6],
            -38,
            "syscall_0x3e7(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)",
        );
    }

    #[test]
    fn a_call_that_never_returns_has_a_question_mark() {
        let entered = Entered { machine: Machine::X86_64, number: 60, arguments: [3, 0, 0, 0, 0, 0] };
        let mut open = Open::new(entered, &At(0, Vec::new()));
        let begun = open.begin(&At(0, Vec::new()));
        assert_eq!(begun + &open.never(), "exit(3)                                 = ?\n");
    }
}
