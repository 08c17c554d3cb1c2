//! One argument of a system call as text.
//!
//! What the kernel reads is shown when the call begins, what it writes when the call has come back; that is why an
//! argument is asked for with the result, or with `None` before there is one.

use super::names::{named, signal};
use crate::elf::records::{Class, Machine};
use crate::run::memory::Memory;
use crate::run::quote::{SHOWN, quote, quote_buffer};
use crate::syscall::{Kind, Parameter};

/// A call on its way.
pub(super) struct Call<'a> {
    pub(super) name: &'static str,
    pub(super) machine: Machine,
    pub(super) memory: &'a dyn Memory,
    /// The parameters with their arguments, in order.
    pub(super) arguments: &'a [(Parameter, u64)],
    /// What the length was that the kernel then replaced by its own.
    pub(super) length_before: Option<u64>,
}

/// Elements of an array that are shown.
const ELEMENTS: u64 = 32;

impl Call<'_> {
    /// The text of an argument; `None` when it takes the result to know it.
    pub(super) fn argument(&self, index: usize, result: Option<i64>) -> Option<String> {
        let (parameter, value) = self.arguments[index];
        if parameter.kind.is_written() && result.is_none() {
            return None;
        }
        let dependent = self.dependent(parameter.name, value);
        if let Some(text) = dependent.or_else(|| named(self.name, parameter.name, value, self.machine)) {
            return Some(text);
        }
        let next = self.arguments.get(index + 1).map_or(0, |&(_, next)| next);
        let length = self.arguments.get(index + 1).filter(|(next, _)| next.kind == Kind::Len);
        Some(match parameter.kind {
            Kind::Fd if self.signed(value) == -100 => "AT_FDCWD".to_owned(),
            Kind::Fd | Kind::Int | Kind::Pid => (value as u32).cast_signed().to_string(),
            Kind::Uint => (value as u32).to_string(),
            Kind::Long | Kind::Off64 => self.signed(value).to_string(),
            Kind::Size | Kind::Len | Kind::Count => value.to_string(),
            Kind::Flags if value == 0 => "0".to_owned(),
            Kind::Flags => format!("{value:#x}"),
            Kind::Mode => format!("0{:02o}", value as u32),
            Kind::Sig => signal(self.signed(value), self.machine)
                .map_or_else(|| self.signed(value).to_string(), str::to_owned),
            Kind::Path | Kind::Str => self.text(value),
            Kind::Page if value == 0 => "0".to_owned(),
            Kind::Page => format!("{:#x}", value * if self.machine == Machine::I386 { 4096 } else { 1 }),
            Kind::Ptr => address(value),
            Kind::In | Kind::Out | Kind::Inout if value == 0 => "NULL".to_owned(),
            Kind::In => match (self.given(parameter.name, value, next), length) {
                (Some(text), _) => text,
                (None, Some(&(_, length))) => self.buffer(value, length),
                (None, None) => self.read_structure(parameter.name, value, index),
            },
            Kind::Out | Kind::Inout => {
                let result = result.unwrap_or(-1);
                let made = (result >= 0).then(|| self.made(parameter.name, value, next, result)).flatten();
                match length {
                    _ if result < 0 => address(value),
                    _ if made.is_some() => made.unwrap_or_default(),
                    // The result counts the NUL that ends the path.
                    Some(_) if self.name == "getcwd" => self.text(value),
                    Some(&(_, length)) => self.buffer(value, length.min(result as u64)),
                    None => self.written_structure(parameter.name, value, result),
                }
            }
        })
    }

    /// Arguments whose names depend on another argument.
    fn dependent(&self, parameter: &str, value: u64) -> Option<String> {
        let first = self.arguments.first().map(|&(_, first)| first);
        let second = self.arguments.get(1).map(|&(_, second)| second);
        match (self.name, parameter) {
            // Of the families that know TCP and UDP.
            ("socket", "protocol") if matches!(first, Some(2 | 10)) => {
                named("socket", "internet protocol", value, self.machine)
            }
            ("setsockopt" | "getsockopt", "optname") if second == Some(1) => {
                named(self.name, "socket option", value, self.machine)
            }
            ("futex", "futex_op") => {
                let private = if value & 0x80 == 0 { "" } else { "_PRIVATE" };
                Some(named("futex", "operation", value & !0x80, self.machine)? + private)
            }
            ("statx", "flags") if value == 0 => Some("AT_STATX_SYNC_AS_STAT".to_owned()),
            ("statx", "mask") => Some(self.status_mask(value)),
            _ => None,
        }
    }

    pub(super) fn signed(&self, value: u64) -> i64 {
        match self.machine.class() {
            Class::Elf64 => value.cast_signed(),
            Class::Elf32 => i64::from((value as u32).cast_signed()),
        }
    }

    /// Bytes of a pointer and of a `long`.
    pub(super) fn width(&self) -> usize {
        if self.machine.class() == Class::Elf64 { 8 } else { 4 }
    }

    fn text(&self, at: u64) -> String {
        const LONGEST: usize = 4096;
        match self.memory.text(at, LONGEST) {
            _ if at == 0 => "NULL".to_owned(),
            None => address(at),
            Some((text, true)) => quote(&text),
            Some((text, false)) => quote(&text) + "...",
        }
    }

    fn buffer(&self, at: u64, length: u64) -> String {
        let shown = usize::try_from(length).unwrap_or(usize::MAX).min(SHOWN);
        match self.memory.bytes(at, shown) {
            // Nobody expects text in them.
            Some(bytes) if self.name == "getrandom" => {
                let digits: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
                format!("\"{digits}\"{}", if length > shown as u64 { "..." } else { "" })
            }
            Some(bytes) => quote_buffer(&bytes, length > shown as u64),
            None => address(at),
        }
    }

    /// What a pointer to something that the kernel reads leads to, as far as its form is known here.
    fn read_structure(&self, name: &str, at: u64, index: usize) -> String {
        let count = self.arguments.get(index + 1).map_or(0, |&(_, count)| count);
        let known = match name {
            "argv" => self.strings(at).map(|words| format!("[{}]", words.join(", "))),
            "envp" => self.strings(at).map(|words| {
                let ending = if words.len() == 1 { "" } else { "s" };
                format!("{at:#x} /* {} var{ending} */", words.len())
            }),
            "iov" => self.vector(at, count),
            "set" | "mask" | "sigmask" => self.memory.word(at, 8).map(|set| self.signals(set)),
            "req" | "request" | "tp" | "tmo_p" => self.time(at),
            "timeout" if self.name.starts_with("futex") => self.time(at),
            "new_value" => self.interval(at),
            _ => None,
        };
        known.unwrap_or_else(|| address(at))
    }

    /// The same for what the kernel wrote.
    fn written_structure(&self, name: &str, at: u64, result: i64) -> String {
        let known = match name {
            "pipefd" | "sv" => self.pair(at),
            "wstatus" if result > 0 => self.memory.word(at, 4).map(|word| format!("[{}]", ended(word))),
            "tp" | "res" => self.time(at),
            "curr_value" | "old_value" => self.interval(at),
            "oldset" => self.memory.word(at, 8).map(|set| self.signals(set)),
            _ => None,
        };
        known.unwrap_or_else(|| address(at))
    }

    /// An array of addresses of texts that ends in a null.
    fn strings(&self, at: u64) -> Option<Vec<String>> {
        let mut words = Vec::new();
        loop {
            let word = self.memory.word(at + (words.len() * self.width()) as u64, self.width())?;
            if word == 0 {
                return Some(words);
            }
            words.push(self.text(word));
        }
    }

    /// `struct iovec`s.
    fn vector(&self, at: u64, count: u64) -> Option<String> {
        let width = self.width() as u64;
        let mut parts = Vec::new();
        for index in 0..count.min(ELEMENTS) {
            let base = self.memory.word(at + index * 2 * width, self.width())?;
            let length = self.memory.word(at + (index * 2 + 1) * width, self.width())?;
            parts.push(format!("{{iov_base={}, iov_len={length}}}", self.buffer(base, length)));
        }
        if count > ELEMENTS {
            parts.push("...".to_owned());
        }
        Some(format!("[{}]", parts.join(", ")))
    }

    /// `struct timespec`.
    fn time(&self, at: u64) -> Option<String> {
        let [seconds, nanoseconds] = self.longs(at)?;
        Some(format!("{{tv_sec={seconds}, tv_nsec={nanoseconds}}}"))
    }

    /// `struct itimerval`, or `struct itimerspec` for the younger timers.
    fn interval(&self, at: u64) -> Option<String> {
        let unit = if self.name.ends_with("itimer") { "tv_usec" } else { "tv_nsec" };
        let [every, every_part, first, first_part] = self.longs(at)?;
        Some(format!(
            "{{it_interval={{tv_sec={every}, {unit}={every_part}}}, it_value={{tv_sec={first}, {unit}={first_part}}}}}"
        ))
    }

    /// Words of time; i386's later calls have wide ones.
    fn longs<const N: usize>(&self, at: u64) -> Option<[i64; N]> {
        let width = if self.name.ends_with("64") { 8 } else { self.width() };
        let mut longs = [0; N];
        for (index, long) in longs.iter_mut().enumerate() {
            let word = self.memory.word(at + (index * width) as u64, width)?;
            *long = if width == 4 { self.signed(word) } else { word.cast_signed() };
        }
        Some(longs)
    }

    fn pair(&self, at: u64) -> Option<String> {
        let number = |at| self.memory.word(at, 4).map(|word| (word as u32).cast_signed());
        Some(format!("[{}, {}]", number(at)?, number(at + 4)?))
    }

    /// `[INT TERM]`, and `~[…]` where most are in the set.
    pub(super) fn signals(&self, set: u64) -> String {
        let most = set.count_ones() > 32;
        let shown = if most { !set } else { set };
        let numbers = (1..=64).filter(|number| shown >> (number - 1) & 1 == 1);
        let names = numbers.map(|number: i64| match signal(number, self.machine) {
            Some(name) => name.trim_start_matches("SIG").to_owned(),
            None if number == 32 => "RTMIN".to_owned(),
            None if number > 32 => format!("RT_{}", number - 32),
            None => number.to_string(),
        });
        let names = names.collect::<Vec<_>>().join(" ");
        if most { format!("~[{names}]") } else { format!("[{names}]") }
    }
}

/// An address, or null.
pub(super) fn address(value: u64) -> String {
    if value == 0 { "NULL".to_owned() } else { format!("{value:#x}") }
}

/// What a wait status says (wait(2)).
fn ended(status: u64) -> String {
    let (low, high) = (status & 0x7f, status >> 8 & 0xff);
    let name = |number: u64| {
        let name = i64::try_from(number).ok().and_then(|number| signal(number, Machine::X86_64));
        name.map_or_else(|| number.to_string(), str::to_owned)
    };
    match (status, low) {
        (0xffff, _) => "{WIFCONTINUED(s)}".to_owned(),
        (_, 0) => format!("{{WIFEXITED(s) && WEXITSTATUS(s) == {high}}}"),
        (_, 0x7f) => format!("{{WIFSTOPPED(s) && WSTOPSIG(s) == {}}}", name(high)),
        _ if status & 0x80 != 0 => {
            format!("{{WIFSIGNALED(s) && WTERMSIG(s) == {} && WCOREDUMP(s)}}", name(low))
        }
        _ => format!("{{WIFSIGNALED(s) && WTERMSIG(s) == {}}}", name(low)),
    }
}
