//! Which constants an argument is written in: `PROT_READ|PROT_WRITE` for 3, where the parameter is `prot`.
//!
//! The values come from the tables of [`crate::syscall`]; here is only which names belong to which parameter.

use crate::elf::records::Machine;
use crate::syscall;

/// The constants of one parameter.
#[derive(Clone, Copy, Debug)]
struct Family {
    /// The calls, by name; none for all.
    calls: &'static [&'static str],
    /// The parameter's name.
    parameter: &'static str,
    /// How they are put together.
    form: Form,
    /// Names; one that ends in `*` means all that begin so.
    names: &'static [&'static str],
    /// Names that begin so and mean something else.
    except: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The value is one of them.
    One,
    /// The value is some of them added up.
    Bits,
    /// Two bits for reading and writing, then others (`open`).
    Open,
    /// Four bits for one of them, then others (`socket`).
    Socket,
}

const fn family(
    calls: &'static [&'static str],
    parameter: &'static str,
    form: Form,
    names: &'static [&'static str],
) -> Family {
    Family { calls, parameter, form, names, except: &[] }
}

use Form::{Bits, One, Open, Socket};

static FAMILIES: &[Family] = &[
    family(&[], "prot", Bits, &["PROT_*"]),
    family(&["mmap", "mmap2"], "flags", Bits, &["MAP_*"]),
    family(&["mremap"], "flags", Bits, &["MREMAP_*"]),
    Family {
        calls: &["open", "openat"],
        parameter: "flags",
        form: Open,
        names: &["O_*"],
        except: &["O_ACCMODE", "O_WRONLY", "O_RDWR"],
    },
    family(&["pipe2", "dup3"], "flags", Bits, &["O_CLOEXEC", "O_NONBLOCK", "O_DIRECT"]),
    family(&[], "whence", One, &["SEEK_*"]),
    family(&["access", "faccessat", "faccessat2"], "mode", Bits, &["R_OK", "W_OK", "X_OK", "F_OK"]),
    Family {
        calls: &["fcntl", "fcntl64"],
        parameter: "cmd",
        form: One,
        names: &["F_*"],
        except: &["F_OK", "F_RDLCK", "F_WRLCK", "F_UNLCK", "F_SEAL_"],
    },
    family(&["fcntl", "fcntl64"], "descriptor flags", Bits, &["FD_CLOEXEC"]),
    Family {
        calls: &["fcntl", "fcntl64"],
        parameter: "file flags",
        form: Open,
        names: &["O_*"],
        except: &["O_ACCMODE", "O_WRONLY", "O_RDWR"],
    },
    family(&[], "clockid", One, &["CLOCK_*"]),
    family(&["clock_nanosleep", "clock_nanosleep_time64"], "flags", Bits, &["TIMER_ABSTIME"]),
    family(&["timerfd_settime", "timerfd_settime64"], "flags", Bits, &["TFD_TIMER_*"]),
    family(&["timerfd_create"], "flags", Bits, &["TFD_CLOEXEC", "TFD_NONBLOCK"]),
    family(&["socket", "socketpair"], "domain", One, &["AF_*"]),
    family(&["socket", "socketpair"], "type", Socket, &["SOCK_*"]),
    family(&["accept4"], "flags", Bits, &["SOCK_CLOEXEC", "SOCK_NONBLOCK"]),
    family(&["sendto", "recvfrom", "sendmsg", "recvmsg"], "flags", Bits, &["MSG_*"]),
    family(&["shutdown"], "how", One, &["SHUT_*"]),
    family(&["setsockopt", "getsockopt"], "level", One, &["SOL_SOCKET"]),
    family(&["getrandom"], "flags", Bits, &["GRND_*"]),
    family(&["memfd_create"], "flags", Bits, &["MFD_*"]),
    family(&["madvise"], "advice", One, &["MADV_*"]),
    family(&["msync"], "flags", Bits, &["MS_ASYNC", "MS_INVALIDATE", "MS_SYNC"]),
    family(&["mlockall"], "flags", Bits, &["MCL_*"]),
    family(&[], "resource", One, &["RLIMIT_*"]),
    family(&["getitimer", "setitimer"], "which", One, &["ITIMER_*"]),
    family(&["getpriority", "setpriority"], "which", One, &["PRIO_*"]),
    family(&["getrusage"], "who", One, &["RUSAGE_*"]),
    family(&[], "policy", One, &["SCHED_*"]),
    family(&["mount"], "mountflags", Bits, &["MS_*"]),
    family(&["renameat2"], "flags", Bits, &["RENAME_*"]),
    family(&["unlinkat"], "flags", Bits, &["AT_REMOVEDIR"]),
    family(&["linkat"], "flags", Bits, &["AT_SYMLINK_FOLLOW", "AT_EMPTY_PATH"]),
    family(
        &["newfstatat", "fstatat64", "fstatat", "statx", "utimensat", "fchownat", "execveat"],
        "flags",
        Bits,
        &["AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH", "AT_NO_AUTOMOUNT"],
    ),
    family(&["faccessat2"], "flags", Bits, &["AT_EACCESS", "AT_SYMLINK_NOFOLLOW", "AT_EMPTY_PATH"]),
    family(&["statx"], "mask", Bits, &["STATX_*"]),
    family(&["flock"], "operation", Bits, &["LOCK_*"]),
    family(&["epoll_ctl"], "op", One, &["EPOLL_CTL_*"]),
    family(&["epoll_ctl"], "events", Bits, &["EPOLLIN", "EPOLLOUT", "EPOLLERR", "EPOLLHUP", "EPOLLET"]),
    family(&["poll"], "events", Bits, &["POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLNVAL"]),
    family(&["rt_sigaction"], "sa_flags", Bits, &["SA_*"]),
    family(&["socket"], "internet protocol", One, &["IPPROTO_*"]),
    family(&["setsockopt", "getsockopt"], "socket option", One, &["SO_*"]),
    family(&["futex"], "operation", One, &["FUTEX_WAIT", "FUTEX_WAKE"]),
    family(&["epoll_create1"], "flags", Bits, &["EPOLL_CLOEXEC"]),
    family(&["eventfd2"], "flags", Bits, &["EFD_*"]),
    family(&["inotify_init1"], "flags", Bits, &["IN_CLOEXEC", "IN_NONBLOCK"]),
    family(&["inotify_add_watch"], "mask", Bits, &["IN_*"]),
    family(&["signalfd4"], "flags", Bits, &["SFD_*"]),
    family(&["rt_sigprocmask"], "how", One, &["SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"]),
    family(
        &["wait4", "waitpid", "waitid"],
        "options",
        Bits,
        &["WNOHANG", "WUNTRACED", "WEXITED", "WCONTINUED", "WNOWAIT"],
    ),
    family(&["waitid"], "idtype", One, &["P_*"]),
    family(&["prctl"], "option", One, &["PR_*"]),
    family(&["ioctl"], "request", One, &["TCGETS", "TCSETS", "TIOC*", "FIONREAD", "FICLONE", "BLKGETSIZE64"]),
    family(&["clone"], "flags", Bits, &["CLONE_*", "SIGCHLD"]),
    family(&["unshare", "setns"], "flags", Bits, &["CLONE_*"]),
    family(&["reboot"], "magic", One, &["LINUX_REBOOT_MAGIC1"]),
    family(&["reboot"], "magic2", One, &["LINUX_REBOOT_MAGIC2"]),
    family(&["reboot"], "op", One, &["LINUX_REBOOT_CMD_*"]),
];

/// The argument in the words of its parameter; `None` where it has none.
pub(super) fn named(call: &str, parameter: &str, value: u64, machine: Machine) -> Option<String> {
    let found = FAMILIES.iter().find(|family| {
        family.parameter == parameter && (family.calls.is_empty() || family.calls.contains(&call))
    })?;
    // Every one of these is 32 bits wide.
    let value = value & 0xffff_ffff;
    match found.form {
        One => one(found, value, machine),
        Bits => Some(bits(found, value, machine)),
        Open => {
            let access = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"][(value & 3) as usize];
            Some(and_others(access, found, value & !3, machine))
        }
        Socket => {
            let kind = one(found, value & 0xf, machine)?;
            Some(and_others(&kind, found, value & !0xf, machine))
        }
    }
}

/// The name of the signal with this number.
pub(super) fn signal(number: i64, machine: Machine) -> Option<&'static str> {
    let signals = syscall::constants().filter(|name| name.starts_with("SIG") && !name.starts_with("SIG_"));
    signals.into_iter().find(|name| syscall::constant(name, machine) == Some(number))
}

/// The name of an error number.
pub(super) fn error(number: i64, machine: Machine) -> Option<&'static str> {
    let error = |name: &&str| name.starts_with('E') && !name.contains('_') && *name != "EWOULDBLOCK";
    syscall::constants().filter(error).find(|name| syscall::constant(name, machine) == Some(number))
}

fn and_others(first: &str, family: &Family, rest: u64, machine: Machine) -> String {
    match rest {
        0 => first.to_owned(),
        _ => format!("{first}|{}", bits(family, rest, machine)),
    }
}

/// The constants of a family with their values.
fn constants(family: &Family, machine: Machine) -> impl Iterator<Item = (&'static str, u64)> {
    let belongs = move |name: &&str| {
        let place = place(family, name);
        place.is_some() && !family.except.iter().any(|other| name.starts_with(other))
    };
    let all = syscall::constants().filter(belongs);
    all.filter_map(move |name| Some((name, syscall::constant(name, machine)? as u64 & 0xffff_ffff)))
}

/// Which of the family's names or beginnings a name fits.
fn place(family: &Family, name: &str) -> Option<usize> {
    family.names.iter().position(|wanted| match wanted.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *wanted,
    })
}

fn one(family: &Family, value: u64, machine: Machine) -> Option<String> {
    constants(family, machine).find(|&(_, other)| other == value).map(|(name, _)| name.to_owned())
}

/// Names of several bits come before those of some of them (`O_SYNC` has the bit of `O_DSYNC`); what no name has is
/// written as a number.  They stand in the order of the family, then of their values.
fn bits(family: &Family, value: u64, machine: Machine) -> String {
    if value == 0 {
        return one(family, 0, machine).unwrap_or_else(|| "0".to_owned());
    }
    let mut known: Vec<_> = constants(family, machine).filter(|&(_, bits)| bits != 0).collect();
    known.sort_by_key(|&(_, bits)| (std::cmp::Reverse(bits.count_ones()), bits));
    let mut rest = value;
    let mut found = Vec::new();
    for (name, bits) in known {
        if rest & bits == bits {
            rest &= !bits;
            found.push((place(family, name), bits, name));
        }
    }
    found.sort_unstable();
    let mut words: Vec<String> = found.into_iter().map(|(_, _, name)| name.to_owned()).collect();
    if rest != 0 {
        words.push(format!("{rest:#x}"));
    }
    words.join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_names_of_their_parameter() {
        let check = |call, parameter, value, expected: &str| {
            let found = named(call, parameter, value, Machine::X86_64);
            assert_eq!(found.as_deref(), (!expected.is_empty()).then_some(expected), "{call} {parameter}");
        };
        // As strace 6.1 writes them.
        check("mmap", "prot", 3, "PROT_READ|PROT_WRITE");
        check("mprotect", "prot", 0, "PROT_NONE");
        check("mmap", "flags", 0x22, "MAP_PRIVATE|MAP_ANONYMOUS");
        check("open", "flags", 0, "O_RDONLY");
        check("openat", "flags", 0x241, "O_WRONLY|O_CREAT|O_TRUNC");
        check("openat", "flags", 0x0010_1002, "O_RDWR|O_SYNC");
        check("openat", "flags", 0x0041_0002, "O_RDWR|O_TMPFILE");
        check("access", "mode", 0, "F_OK");
        check("access", "mode", 6, "R_OK|W_OK");
        check("fcntl", "cmd", 2, "F_SETFD");
        check("fcntl", "cmd", 0, "F_DUPFD");
        check("socket", "type", 0x0008_0001, "SOCK_STREAM|SOCK_CLOEXEC");
        check("getrusage", "who", 0xffff_ffff, "RUSAGE_CHILDREN");
        check("pipe2", "flags", 0, "0");
        check("pipe2", "flags", 0x8000_0000, "0x80000000");
        check("ioctl", "request", 0x5413, "TIOCGWINSZ");
        check("write", "fd", 1, "");
        assert_eq!(signal(17, Machine::X86_64), Some("SIGCHLD"));
        assert_eq!(error(11, Machine::X86_64), Some("EAGAIN"));
    }
}
