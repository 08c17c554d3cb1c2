//! From a name to the call that it means on a machine, or to the reason why there is none.

use super::constants::CONSTANTS;
use super::table::CALLS;
use super::{Syscall, index};
use crate::elf::records::Machine;

/// Why a name is no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No machine has it.
    Unknown,
    /// Other machines have it.
    Absent {
        /// What does the same there, ready to be pasted.
        instead: Option<&'static str>,
    },
}

/// Other spellings of a meaning: the C library's, and the one call that is `fstatat`, `newfstatat` and `fstatat64`
/// on different machines.
const ALIASES: &[(&str, &[&str])] = &[
    ("fstatat", &["newfstatat", "fstatat", "fstatat64"]),
    ("fstatat64", &["fstatat64", "newfstatat", "fstatat"]),
    ("newfstatat", &["newfstatat", "fstatat", "fstatat64"]),
    ("pread", &["pread64"]),
    ("prlimit", &["prlimit64"]),
    ("pwrite", &["pwrite64"]),
    ("sendfile", &["sendfile64", "sendfile"]),
    ("umount", &["umount2"]),
    ("posix_fadvise", &["fadvise64"]),
];

/// On i386 the plain names are the oldest calls: 16-bit user numbers, offsets in bytes through a pointer, small
/// structures (arch/x86/entry/syscalls/syscall_32.tbl).  A script means the call that the name is elsewhere.
const I386: &[(&str, &str)] = &[
    ("chown", "chown32"),
    ("fchown", "fchown32"),
    ("fcntl", "fcntl64"),
    ("fstat", "fstat64"),
    ("ftruncate", "ftruncate64"),
    ("getegid", "getegid32"),
    ("geteuid", "geteuid32"),
    ("getgid", "getgid32"),
    ("getgroups", "getgroups32"),
    ("getresgid", "getresgid32"),
    ("getresuid", "getresuid32"),
    ("getrlimit", "ugetrlimit"),
    ("getuid", "getuid32"),
    ("lchown", "lchown32"),
    ("lstat", "lstat64"),
    ("mmap", "mmap2"),
    ("select", "_newselect"),
    ("setfsgid", "setfsgid32"),
    ("setfsuid", "setfsuid32"),
    ("setgid", "setgid32"),
    ("setgroups", "setgroups32"),
    ("setregid", "setregid32"),
    ("setresgid", "setresgid32"),
    ("setresuid", "setresuid32"),
    ("setreuid", "setreuid32"),
    ("setuid", "setuid32"),
    ("stat", "stat64"),
    ("truncate", "truncate64"),
];

/// What the newer machines have in place of the calls that they left out (include/uapi/asm-generic/unistd.h).
const INSTEAD: &[(&str, &str)] = &[
    ("access", "faccessat(AT_FDCWD, path, mode)"),
    ("alarm", "setitimer(ITIMER_REAL, new_value)"),
    ("chmod", "fchmodat(AT_FDCWD, path, mode)"),
    ("chown", "fchownat(AT_FDCWD, path, owner, group)"),
    ("creat", "openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode)"),
    ("dup2", "dup3(oldfd, newfd)"),
    ("epoll_create", "epoll_create1()"),
    ("epoll_wait", "epoll_pwait(epfd, events, maxevents, timeout)"),
    ("eventfd", "eventfd2(initval)"),
    ("fork", "clone(SIGCHLD)"),
    ("futimesat", "utimensat(dirfd, path, times)"),
    ("getdents", "getdents64(fd, dirp, count)"),
    ("getpgrp", "getpgid(0)"),
    ("inotify_init", "inotify_init1()"),
    ("lchown", "fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW)"),
    ("link", "linkat(AT_FDCWD, oldpath, AT_FDCWD, newpath)"),
    ("lstat", "newfstatat(AT_FDCWD, path, statbuf, AT_SYMLINK_NOFOLLOW)"),
    ("mkdir", "mkdirat(AT_FDCWD, path, mode)"),
    ("mknod", "mknodat(AT_FDCWD, path, mode, dev)"),
    ("open", "openat(AT_FDCWD, path, flags)"),
    ("pause", "ppoll(NULL, 0, NULL)"),
    ("pipe", "pipe2(pipefd)"),
    ("poll", "ppoll(fds, nfds, tmo_p)"),
    ("readlink", "readlinkat(AT_FDCWD, path, buf, bufsiz)"),
    ("rename", "renameat2(AT_FDCWD, oldpath, AT_FDCWD, newpath)"),
    ("renameat", "renameat2(olddirfd, oldpath, newdirfd, newpath)"),
    ("rmdir", "unlinkat(AT_FDCWD, path, AT_REMOVEDIR)"),
    ("select", "pselect6(nfds, readfds, writefds, exceptfds, timeout)"),
    ("send", "sendto(sockfd, buf, len)"),
    ("signalfd", "signalfd4(fd, mask, 8)"),
    ("stat", "newfstatat(AT_FDCWD, path, statbuf)"),
    ("symlink", "symlinkat(target, AT_FDCWD, linkpath)"),
    ("time", "clock_gettime(CLOCK_REALTIME, tp)"),
    ("unlink", "unlinkat(AT_FDCWD, path)"),
    ("utime", "utimensat(AT_FDCWD, path, times)"),
    ("utimes", "utimensat(AT_FDCWD, path, times)"),
    ("vfork", "clone(CLONE_VM | CLONE_VFORK | SIGCHLD)"),
    ("waitpid", "wait4(pid, wstatus, options)"),
];

/// The call that `name` means on `machine`.
///
/// # Errors
/// When no machine has it, or this one lacks it.
pub fn find(name: &str, machine: Machine) -> Result<&'static Syscall, Missing> {
    let own = (machine == Machine::I386).then(|| look_up(I386, name)).flatten();
    let alias = look_up(ALIASES, name).unwrap_or(&[]);
    let mut spellings = own.into_iter().chain(alias.iter().copied()).chain([name]);
    let here = |spelling: &str| exact(spelling).filter(|call| call.number(machine).is_some());
    if let Some(call) = spellings.find_map(here) {
        return Ok(call);
    }
    let instead = instead(name);
    if exact(name).is_some() || !alias.is_empty() || instead.is_some() {
        return Err(Missing::Absent { instead });
    }
    Err(Missing::Unknown)
}

/// What newer machines have in place of an older call, ready to be pasted.
pub fn instead(name: &str) -> Option<&'static str> {
    look_up(INSTEAD, name)
}

/// Every call, in the order of names.
pub fn names() -> impl Iterator<Item = &'static Syscall> {
    CALLS.iter()
}

/// The calls that bear `number`, with the machine on which they do.
pub fn number_names(number: u16) -> impl Iterator<Item = (Machine, &'static Syscall)> {
    let bears = move |machine| CALLS.iter().filter(move |call| call.number(machine) == Some(number));
    Machine::ALL.into_iter().flat_map(move |machine| bears(machine).map(move |call| (machine, call)))
}

/// The value of a constant (`O_RDONLY`, `SIGTERM`, `ENOENT` …) on a machine.
pub fn constant(name: &str, machine: Machine) -> Option<i64> {
    let at = CONSTANTS.binary_search_by(|(other, _)| (*other).cmp(name)).ok()?;
    Some(CONSTANTS[at].1[index(machine)])
}

/// Every constant's name, in order.
pub fn constants() -> impl Iterator<Item = &'static str> {
    CONSTANTS.iter().map(|(name, _)| *name)
}

fn exact(name: &str) -> Option<&'static Syscall> {
    let at = CALLS.binary_search_by(|call| call.name.cmp(name)).ok()?;
    Some(&CALLS[at])
}

fn look_up<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(other, _)| *other == name).map(|&(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: [Option<u16>; 4]) {
        let found =
            Machine::ALL.map(|machine| find(name, machine).ok().and_then(|call| call.number(machine)));
        assert_eq!(found, expected, "{name}");
    }

    // Expected numbers: the kernel's syscall_64.tbl, syscall_32.tbl and asm-generic/unistd.h.
    #[test]
    fn one_name_has_one_meaning_on_every_machine() {
        check("write", [Some(1), Some(4), Some(64), Some(64)]);
        check("mmap", [Some(9), Some(192), Some(222), Some(222)]);
        check("getuid", [Some(102), Some(199), Some(174), Some(174)]);
        check("select", [Some(23), Some(142), None, None]);
        check("fstatat", [Some(262), Some(300), Some(79), Some(79)]);
        check("newfstatat", [Some(262), Some(300), Some(79), Some(79)]);
        check("open", [Some(2), Some(5), None, None]);
        check("nonsense", [None; 4]);
    }

    #[test]
    fn a_call_that_a_machine_lacks_names_the_one_it_has() {
        let found = find("open", Machine::Aarch64).unwrap_err();
        assert_eq!(found, Missing::Absent { instead: Some("openat(AT_FDCWD, path, flags)") });
        assert_eq!(find("opne", Machine::Aarch64).unwrap_err(), Missing::Unknown);
    }

    #[test]
    fn constants_have_the_value_of_the_machine() {
        let directory = Machine::ALL.map(|machine| constant("O_DIRECTORY", machine));
        assert_eq!(directory, [Some(0o200_000), Some(0o200_000), Some(0o40_000), Some(0o200_000)]);
        assert_eq!(constant("O_NOTHING", Machine::X86_64), None);
    }

    #[test]
    fn the_order_of_clones_parameters_is_the_machines() {
        let last = |machine| find("clone", machine).unwrap().parameters(machine).unwrap()[4].name;
        assert_eq!(last(Machine::X86_64), "tls");
        assert_eq!(last(Machine::Aarch64), "child_tid");
    }
}
