//! The structures that calls take and fill, as strace writes them, in the layouts of x86-64 and i386.
//!
//! ```text
//! fstat(3, {st_mode=S_IFREG|0755, st_size=3, ...})
//! bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("127.0.0.1")}, 16)
//! ```
//!
//! What is not known here stays an address.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::argument::{Call, address};
use super::names::named;
use crate::run::quote::quote;

/// `SA_RESTORER`, which only libraries set (asm/signal.h).
const SA_RESTORER: u64 = 0x0400_0000;
const SA_SIGINFO: u64 = 4;
/// Elements of an array that are shown.
const ELEMENTS: u64 = 32;

impl Call<'_> {
    /// What the kernel reads behind a pointer.
    pub(super) fn given(&self, parameter: &str, at: u64, next: u64) -> Option<String> {
        match (self.name, parameter) {
            ("bind" | "connect", "addr") | ("sendto", "dest_addr") => self.socket_address(at, next),
            ("rt_sigaction", "act") => self.action(at),
            ("setsockopt", "optval") if next == 4 => Some(format!("[{}]", self.int(at, 0)?)),
            ("settimeofday", "tv") => self.time_value(at, 0),
            ("setrlimit", "rlim") => self.limit(at, self.long()),
            ("prlimit64", "new_limit") => self.limit(at, 8),
            ("epoll_ctl", "event") => self.event(at),
            ("sigaltstack", "ss") => self.signal_stack(at),
            _ => None,
        }
    }

    /// What it wrote there.
    pub(super) fn made(&self, parameter: &str, at: u64, next: u64, result: i64) -> Option<String> {
        match (self.name, parameter) {
            (
                "stat" | "fstat" | "lstat" | "newfstatat" | "fstatat" | "stat64" | "fstat64" | "lstat64"
                | "fstatat64",
                "statbuf",
            ) => self.status(at),
            ("statx", "statxbuf") => self.extended_status(at),
            ("accept" | "accept4" | "getsockname" | "getpeername", "addr") | ("recvfrom", "src_addr") => {
                let length = self.memory.word(next, 4)?.min(self.length_before?);
                self.socket_address(at, length)
            }
            (_, "addrlen") => {
                let (before, after) = (self.length_before?, self.memory.word(at, 4)?);
                Some(if before == after { format!("[{after}]") } else { format!("[{before} => {after}]") })
            }
            ("rt_sigaction", "oldact") => self.action(at),
            ("uname", "buf") => {
                let [system, node] = [at, at + 65].map(|at| self.memory.text(at, 65));
                Some(format!("{{sysname={}, nodename={}, ...}}", quote(&system?.0), quote(&node?.0)))
            }
            ("gettimeofday", "tv") => self.time_value(at, 0),
            ("getrlimit" | "ugetrlimit", "rlim") => self.limit(at, self.long()),
            ("prlimit64", "old_limit") => self.limit(at, 8),
            ("poll" | "ppoll", "fds") => self.polled(at, next, "events"),
            ("epoll_wait" | "epoll_pwait", "events") => {
                let events = (0..result.cast_unsigned()).map(|index| self.event(at + 12 * index));
                Some(format!("[{}]", events.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            ("sysinfo", "info") => self.system(at),
            (_, "usage" | "rusage") => Some(format!(
                "{{ru_utime={}, ru_stime={}, ...}}",
                self.time_value(at, 0)?,
                self.time_value(at, 2 * self.long())?
            )),
            ("sigaltstack", "old_ss") => self.signal_stack(at),
            ("getdents64", "dirp") => self.entries(at, result.cast_unsigned()),
            _ => None,
        }
    }

    /// What strace puts behind a result: which files are ready.
    pub(super) fn outcome(&self, result: i64) -> Option<String> {
        let [(_, at), (_, count), ..] = self.arguments else { return None };
        match self.name {
            "poll" | "ppoll" if result == 0 => Some(" (Timeout)".to_owned()),
            "poll" | "ppoll" if result > 0 => Some(format!(" ({})", self.polled(*at, *count, "revents")?)),
            _ => None,
        }
    }

    /// Bytes of a `long`.
    fn long(&self) -> u64 {
        self.width() as u64
    }

    fn word(&self, at: u64, offset: u64, width: u64) -> Option<u64> {
        self.memory.word(at.checked_add(offset)?, width as usize)
    }

    fn int(&self, at: u64, offset: u64) -> Option<i32> {
        self.word(at, offset, 4).map(|word| (word as u32).cast_signed())
    }

    /// A signed `long`.
    fn count(&self, at: u64, offset: u64) -> Option<i64> {
        self.word(at, offset, self.long()).map(|word| self.signed(word))
    }

    /// `struct stat` and `stat64`: asm/stat.h.
    fn status(&self, at: u64) -> Option<String> {
        let (mode, rdev, size) = match self.long() {
            8 => (24, 40, 48),
            _ if self.name.ends_with("64") => (16, 32, 44),
            _ => return None,
        };
        let (mode, rdev) = (self.word(at, mode, 4)?, self.word(at, rdev, 8)?);
        let rest = match mode >> 12 {
            2 | 6 => format!("st_rdev={}", device(rdev)),
            _ => format!("st_size={}", self.word(at, size, 8)?),
        };
        Some(format!("{{st_mode={}, {rest}, ...}}", file_mode(mode)))
    }

    /// Which fields of `struct statx`: STATX_ALL, which the kernel no longer adds to, and those behind it.
    pub(super) fn status_mask(&self, mask: u64) -> String {
        const ALL: u64 = 0xfff;
        let rest = match mask & !ALL {
            0 => String::new(),
            0x1000 => "|STATX_MNT_ID".to_owned(),
            other => format!("|{}", hexadecimal(other)),
        };
        match mask & ALL {
            ALL => format!("STATX_ALL{rest}"),
            _ => named("statx", "mask", mask, self.machine).unwrap_or_else(|| hexadecimal(mask)),
        }
    }

    /// `struct statx`: linux/stat.h.
    fn extended_status(&self, at: u64) -> Option<String> {
        let mask = self.status_mask(self.word(at, 0, 4)?);
        let (attributes, mode, size) = (self.word(at, 8, 8)?, self.word(at, 28, 2)?, self.word(at, 40, 8)?);
        let attributes = hexadecimal(attributes);
        let mode = file_mode(mode);
        Some(format!(
            "{{stx_mask={mask}, stx_attributes={attributes}, stx_mode={mode}, stx_size={size}, ...}}"
        ))
    }

    fn socket_address(&self, at: u64, length: u64) -> Option<String> {
        let family = self.memory.word(at, 2).filter(|_| length >= 2)?;
        let big_endian = |offset: usize, bytes: &[u8]| u16::from_be_bytes([bytes[offset], bytes[offset + 1]]);
        match family {
            1 => {
                let path = self.memory.bytes(at + 2, usize::try_from(length - 2).ok()?.min(108))?;
                Some(match path.split_first() {
                    None => "{sa_family=AF_UNIX}".to_owned(),
                    // A name that is in no folder.
                    Some((0, name)) => format!("{{sa_family=AF_UNIX, sun_path=@{}}}", quote(name)),
                    Some(_) => {
                        let path = path.split(|&byte| byte == 0).next().unwrap_or_default();
                        format!("{{sa_family=AF_UNIX, sun_path={}}}", quote(path))
                    }
                })
            }
            2 => {
                let bytes = self.memory.bytes(at, 16).filter(|_| length >= 16)?;
                let host = Ipv4Addr::from(<[u8; 4]>::try_from(&bytes[4..8]).ok()?);
                let port = big_endian(2, &bytes);
                Some(format!("{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"{host}\")}}"))
            }
            10 => {
                let bytes = self.memory.bytes(at, 28).filter(|_| length >= 28)?;
                let host = Ipv6Addr::from(<[u8; 16]>::try_from(&bytes[8..24]).ok()?);
                let port = big_endian(2, &bytes);
                let flow = u32::from_be_bytes(<[u8; 4]>::try_from(&bytes[4..8]).ok()?);
                let scope = self.word(at, 24, 4)?;
                Some(format!(
                    "{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl({flow}), \
                     inet_pton(AF_INET6, \"{host}\", &sin6_addr), sin6_scope_id={scope}}}"
                ))
            }
            _ => None,
        }
    }

    /// The kernel's `struct sigaction`, whose mask comes last.
    fn action(&self, at: u64) -> Option<String> {
        let long = self.long();
        let [handler, flags, restorer] =
            [0, 1, 2].map(|index| self.word(at, index * long, long)).map(Option::unwrap_or_default);
        let mask = self.signals(self.word(at, 3 * long, 8)?);
        let handler_name = if flags & SA_SIGINFO == 0 { "sa_handler" } else { "sa_sigaction" };
        let handler = match handler {
            0 => "SIG_DFL".to_owned(),
            1 => "SIG_IGN".to_owned(),
            other => address(other),
        };
        let mut words = Vec::new();
        if flags & SA_RESTORER != 0 {
            words.push("SA_RESTORER".to_owned());
        }
        if flags & !SA_RESTORER != 0 || words.is_empty() {
            words.push(named("rt_sigaction", "sa_flags", flags & !SA_RESTORER, self.machine)?);
        }
        let restorer = match flags & SA_RESTORER {
            0 => String::new(),
            _ => format!(", sa_restorer={}", address(restorer)),
        };
        Some(format!("{{{handler_name}={handler}, sa_mask={mask}, sa_flags={}{restorer}}}", words.join("|")))
    }

    /// `struct timeval`.
    fn time_value(&self, at: u64, offset: u64) -> Option<String> {
        let (seconds, micros) = (self.count(at, offset)?, self.count(at, offset + self.long())?);
        Some(format!("{{tv_sec={seconds}, tv_usec={micros}}}"))
    }

    /// `struct rlimit` with fields of so many bytes.
    fn limit(&self, at: u64, width: u64) -> Option<String> {
        let number = |offset| {
            Some(match self.word(at, offset, width)? {
                u64::MAX => "RLIM64_INFINITY".to_owned(),
                0xffff_ffff if width == 4 => "RLIM_INFINITY".to_owned(),
                number if number > 1024 && number % 1024 == 0 => format!("{}*1024", number / 1024),
                number => number.to_string(),
            })
        };
        Some(format!("{{rlim_cur={}, rlim_max={}}}", number(0)?, number(width)?))
    }

    /// `struct epoll_event`, packed on both machines.
    fn event(&self, at: u64) -> Option<String> {
        let (events, data) = (self.word(at, 0, 4)?, self.word(at, 4, 8)?);
        let events = named("epoll_ctl", "events", events, self.machine)?;
        Some(format!("{{events={events}, data={{u32={}, u64={data}}}}}", data as u32))
    }

    /// `struct pollfd`s: those with a result, or what was asked of all.
    fn polled(&self, at: u64, count: u64, field: &str) -> Option<String> {
        let mut parts = Vec::new();
        for index in 0..count.min(ELEMENTS) {
            let at = at.checked_add(8 * index)?;
            let events = self.word(at, if field == "events" { 4 } else { 6 }, 2)?;
            if field == "events" || events != 0 {
                let events = named("poll", "events", events, self.machine)?;
                parts.push(format!("{{fd={}, {field}={events}}}", self.int(at, 0)?));
            }
        }
        if count > ELEMENTS {
            parts.push("...".to_owned());
        }
        Some(format!("[{}]", parts.join(", ")))
    }

    /// `struct sysinfo`: linux/sysinfo.h.
    fn system(&self, at: u64) -> Option<String> {
        let long = self.long();
        let field = |index: u64| self.word(at, index * long, long);
        let names = ["totalram", "freeram", "sharedram", "bufferram", "totalswap", "freeswap"];
        let amounts = (4..).zip(names).map(|(index, name)| Some(format!("{name}={}", field(index)?)));
        let amounts = amounts.collect::<Option<Vec<_>>>()?.join(", ");
        Some(format!(
            "{{uptime={}, loads=[{}, {}, {}], {amounts}, procs={}, totalhigh={}, freehigh={}, mem_unit={}}}",
            field(0)?,
            field(1)?,
            field(2)?,
            field(3)?,
            self.word(at, 10 * long, 2)?,
            field(11)?,
            field(12)?,
            self.word(at, 13 * long, 4)?
        ))
    }

    /// `stack_t`.
    fn signal_stack(&self, at: u64) -> Option<String> {
        let long = self.long();
        let (start, flags, size) =
            (self.word(at, 0, long)?, self.word(at, long, 4)?, self.word(at, 2 * long, long)?);
        let flags = match flags {
            0 => "0".to_owned(),
            1 => "SS_ONSTACK".to_owned(),
            2 => "SS_DISABLE".to_owned(),
            other => hexadecimal(other),
        };
        Some(format!("{{ss_sp={}, ss_flags={flags}, ss_size={size}}}", address(start)))
    }

    /// How many `struct linux_dirent64` there are.
    fn entries(&self, at: u64, length: u64) -> Option<String> {
        let (mut place, mut count) = (0, 0);
        while place < length {
            let size = self.word(at, place + 16, 2)?;
            place += size.max(1);
            count += 1;
        }
        let ending = if count == 1 { "entry" } else { "entries" };
        Some(format!("{} /* {count} {ending} */", address(at)))
    }
}

/// As `%#x` writes it: nothing before a zero.
fn hexadecimal(number: u64) -> String {
    if number == 0 { "0".to_owned() } else { format!("{number:#x}") }
}

/// `makedev(0x88, 0x1)`: linux/kdev_t.h.
fn device(number: u64) -> String {
    let major = number >> 8 & 0xfff | number >> 32 & 0xffff_f000;
    let minor = number & 0xff | number >> 12 & 0xffff_ff00;
    format!("makedev({}, {})", hexadecimal(major), hexadecimal(minor))
}

/// `S_IFREG|S_ISUID|0755`.
fn file_mode(mode: u64) -> String {
    let kind = match mode & 0o170_000 {
        0o140_000 => "S_IFSOCK|",
        0o120_000 => "S_IFLNK|",
        0o100_000 => "S_IFREG|",
        0o060_000 => "S_IFBLK|",
        0o040_000 => "S_IFDIR|",
        0o020_000 => "S_IFCHR|",
        0o010_000 => "S_IFIFO|",
        _ => "",
    };
    let special = [(0o4000, "S_ISUID|"), (0o2000, "S_ISGID|"), (0o1000, "S_ISVTX|")];
    let special: String = special.iter().filter(|(bit, _)| mode & bit != 0).map(|(_, name)| *name).collect();
    format!("{kind}{special}0{:03o}", mode & 0o777)
}
