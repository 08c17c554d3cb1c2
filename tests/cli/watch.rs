//! `tinyelf run --trace`, `--stack` and `--stat`: strace, the program itself and arithmetic say the same.

use crate::host;
use crate::oracle;
use crate::tool::Folder;

/// Many kinds of arguments and results.
const CALLS: &str = r#"
fd = open("/nonexistent", O_RDONLY)
fd = open("made", O_RDWR | O_CREAT | O_TRUNC, 0o644)
write(fd, "line one\n\"two\"\t\x01\x001\n")
lseek(fd, 0, SEEK_SET)
space b 64
read(fd, b, 64)
read(fd, b, 64)
close(fd)
close(77)
unlink("made")
unlink("no such file with a name that is longer than thirty-two characters")
p = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
mprotect(p, 4096, PROT_READ)
munmap(p, 4096)
space f 8
pipe(f)
fcntl(3, F_GETFD)
fcntl(3, F_SETFD, FD_CLOEXEC)
fcntl(0, F_GETFL)
fcntl(1, F_SETFL, O_APPEND | O_NONBLOCK)
fcntl(1, F_DUPFD, 20)
dup2(1, 9)
dup3(1, 30, O_CLOEXEC)
access("/", R_OK | X_OK)
access("/", F_OK)
umask(0o22)
chmod("/nonexistent", 7)
write(9, "a long line that is longer than thirty-two characters\n")
write(1, 16, 3)
kill(getpid(), 0)
socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
madvise(0, 4096, MADV_DONTNEED)
clock_gettime(CLOCK_MONOTONIC, 16)
ioctl(0, TCGETS, 16)
prctl(PR_SET_NAME, "x")
space cwd 512
getcwd(cwd, 512)
mut data time { seconds: word 0; word 1000000 }
nanosleep(time)
data mask { u64 0x14002 }
rt_sigprocmask(SIG_BLOCK, mask, 0, 8)
space w 8
pid = fork()
if pid == 0 { exit(5) }
wait4(pid, w, 0, 0)
exit(3)
"#;

/// Numbers that differ from run to run, and what strace takes out of `siginfo_t` beyond the reason.
fn without_numbers_of_the_run(text: &str) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    text.lines()
        .skip(1)
        .filter(|line| !line.starts_with("strace: ["))
        .map(|line| {
            let end = line.find(", si_pid=").or_else(|| line.find(", si_addr="));
            let line = end.map_or_else(|| line.to_owned(), |end| format!("{}}} ---", &line[..end]));
            line.replace(" (core dumped)", "")
        })
        .map(|line| {
            let words = line.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
            words
                .map(|word| {
                    let digits = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
                    let long = digits.starts_with("0x") && digits.len() > 8;
                    let process = digits.len() > 2
                        && digits.parse::<u32>().is_ok()
                        && (line.starts_with("getpid")
                            || line.starts_with("fork")
                            || seen.iter().any(|s| s == digits));
                    if process && !line.starts_with("write") {
                        seen.push(digits.to_owned());
                    }
                    if long || process { word.replace(digits, "N") } else { word.to_owned() }
                })
                .collect::<String>()
                // The column of a result depends on the length of such a number.
                .replace("  ", "")
        })
        .collect()
}

#[test]
fn traces_are_those_of_strace() {
    let Some(strace) = oracle::find("strace") else { return };
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    let sources = [
        ("calls", CALLS),
        ("fault", "exit(u8[0])\n"),
        ("killed", "kill(getpid(), SIGTERM)\n"),
        ("interrupted", "alarm(1)\npause()\n"),
    ];
    for (name, text) in sources {
        let file = format!("{name}.sys");
        folder.write(&file, text);
        for machine in ["x86_64", "i386"] {
            if machine == "i386" && !host::runs_i386() {
                continue;
            }
            folder.tinyelf(["build", "-q", "--arch", machine, &file, "-o", name]).says(0, "", "");
            let program = format!("./{name}");
            let theirs = folder.command(&strace, ["-o", "trace", &program]).said();
            if String::from_utf8_lossy(&folder.read("trace")).is_empty() {
                return;
            }
            let ours = folder.tinyelf(["run", "--trace", "--arch", machine, &file]).said();
            assert_eq!(ours.stdout, theirs.stdout);
            assert_eq!(ours.status, theirs.status, "{}", ours.stderr);
            let ours: String = ours
                .stderr
                .lines()
                .filter(|line| !line.starts_with("note: "))
                .map(|line| format!("{line}\n"))
                .collect();
            let theirs = String::from_utf8(folder.read("trace")).unwrap();
            let (ours, theirs) = (without_numbers_of_the_run(&ours), without_numbers_of_the_run(&theirs));
            assert_eq!(ours, theirs, "{name} on {machine}");
        }
    }
}

/// Every structure that is taken apart, one call each.
const STRUCTURES: &str = include_str!("watch/structures.asm");

#[test]
fn structures_are_those_of_strace() {
    let Some(strace) = oracle::find("strace") else { return };
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    folder.write("calls.asm", STRUCTURES).write("file", "abc");
    folder.tinyelf(["build", "-q", "calls.asm", "-o", "calls"]).says(0, "", "");
    let theirs = folder.command(&strace, ["-o", "trace", "./calls"]).said();
    if folder.read("trace").is_empty() {
        return;
    }
    let ours = folder.tinyelf(["run", "--trace", "calls.asm"]).said();
    assert_eq!((ours.status, theirs.status), (7, 7), "{}", ours.stderr);
    let theirs = String::from_utf8(folder.read("trace")).unwrap();
    // What a mapping's address is differs from run to run.
    let fixed = |text: &str| {
        let lines = text.lines().skip(1).filter(|line| !line.starts_with("m"));
        lines.map(|line| line.replace("  ", "")).collect::<Vec<_>>()
    };
    assert_eq!(fixed(&ours.stderr), fixed(&theirs));
    assert!(fixed(&theirs).len() > 40, "{theirs}");
}

#[test]
fn a_trace_begins_with_the_program_and_its_words() {
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    let said = folder.tinyelf(["run", "exit", "3", "--trace", "--", "a b", "\n"]).said();
    let lines: Vec<&str> = said.stderr.lines().collect();
    assert!(lines[0].starts_with("execve(\"exit\", [\"exit\", \"a b\", \"\\n\"], [/* "), "{}", lines[0]);
    assert_eq!(lines[1..], ["exit(3)                                 = ?", "+++ exited with 3 +++"]);
    assert_eq!(said.status, 3);
}

/// The number in front of a meaning in the table of `--stat`: of the program, and of the empty one.
fn counted(folder: &Folder, words: &[&str], meaning: &str) -> [u64; 2] {
    let said = folder.tinyelf([&["run", "--stat"], words].concat()).said();
    let line = said.stderr.lines().find(|line| line.contains(meaning));
    let line = line.unwrap_or_else(|| panic!("{meaning} in {}", said.stderr));
    let mut numbers = line.split_whitespace().map(|word| word.parse().unwrap_or(u64::MAX));
    [numbers.next().unwrap(), numbers.next().unwrap()]
}

/// Instructions that are easily miscounted, once each.
const ODD: &str = "
_start: mov     ecx, 1000
.loop:  dec     ecx
        jnz     .loop
        mov     rsi, from
        mov     rdi, there
        mov     ecx, 50
        rep     movsb
        mov     ecx, 0
        rep     stosb
        mov     ax, ss
        mov     ss, ax
        nop
        pushfq
        popfq
        xor     edi, edi
        mov     eax, 60
        syscall
section .bss
from:   resb    100
there:  resb    100
";

/// Sends itself a signal that it handles, and one that is ignored.
const SIGNALS: &str = "
_start: mov     eax, 13                 ; rt_sigaction(SIGUSR1, action, 0, 8)
        mov     edi, 10
        mov     rsi, action
        xor     edx, edx
        mov     r10d, 8
        syscall
        mov     eax, 39                 ; getpid()
        syscall
        mov     ebx, eax
        mov     edi, ebx                ; kill(pid, SIGUSR1)
        mov     esi, 10
        mov     eax, 62
        syscall
        mov     edi, ebx                ; kill(pid, SIGWINCH)
        mov     esi, 28
        mov     eax, 62
        syscall
        xor     edi, edi                ; exit(0)
        mov     eax, 60
        syscall
handler: ret
restore: mov    eax, 15                 ; rt_sigreturn()
        syscall
section .data
action: dq      handler, 0x04000000, restore, 0
";

#[test]
fn instructions_are_counted_exactly() {
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    let count = |words: &[&str]| counted(&folder, words, "instructions in user mode");
    assert_eq!(count(&["exit", "3"]), [3, 3]);
    if host::runs_i386() {
        assert_eq!(count(&["exit", "3", "--arch", "i386"]), [3, 3]);
    }
    folder.write("odd.asm", ODD).write("signals.asm", SIGNALS);
    // 1 before the loop, two in each turn, 13 behind it.
    assert_eq!(count(&["odd.asm"])[0], 1 + 2 * 1000 + 4 + 2 + 3 + 2 + 3);
    // 20 in line, one in the handler, two behind it.
    assert_eq!(count(&["signals.asm"])[0], 20 + 1 + 2);
    // The load that fails is not executed.
    folder.write("fault.asm", "_start: nop\n mov eax, [abs 0]\n");
    assert_eq!(count(&["fault.asm"])[0], 1);
    let size = counted(&folder, &["exit", "3"], "bytes in the file");
    assert_eq!(size, [400, 400]);
}

/// Writes its stack pointer and 64 KiB from there on, or what there is.
const DUMP: &str = "
_start: mov     rbx, rsp
        push    rsp
        mov     eax, 1
        mov     edi, 1
        mov     rsi, rsp
        mov     edx, 8
        syscall
        mov     eax, 1
        mov     edi, 1
        mov     rsi, rbx
        mov     edx, 1024
        syscall
        mov     eax, 60
        xor     edi, edi
        syscall
";

#[test]
fn the_stack_is_what_the_program_finds_there() {
    if !host::runs_x86_64() {
        return;
    }
    let folder = Folder::new();
    folder.write("dump.asm", DUMP);
    let output = folder.tinyelf(["run", "--stack", "dump.asm", "--", "one", "t\"wo"]).output();
    let word = |at: usize| u64::from_le_bytes(output.stdout[at..at + 8].try_into().unwrap());
    let stack = word(0);
    let text = String::from_utf8(output.stderr).unwrap();
    let mut rows = 0;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let mut number = || u64::from_str_radix(words.next().unwrap().trim_start_matches("0x"), 16).unwrap();
        let (address, value) = (number(), number());
        assert_eq!(address, stack + 8 * rows, "{line}");
        let place = 8 + 8 * rows as usize;
        if place + 8 <= output.stdout.len() {
            assert_eq!(value, word(place), "{line}");
        }
        rows += 1;
    }
    assert!(rows > 40, "{text}");
    for expected in [
        "0x3                 argc\n",
        "argv[0]  \"dump\"\n",
        "argv[2]  \"t\\\"wo\"\n",
        "AT_ENTRY\n",
        "AT_NULL\n",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(text.contains(&format!("{:#x}", 0x40_00b0)), "the entry point");
}

#[test]
fn other_machines_run_under_qemu() {
    let folder = Folder::new();
    for machine in ["aarch64", "riscv64"] {
        let message = format!(
            "error: `exit`, a program for {machine}: this machine executes no programs for {machine}, and there is no \
             `qemu-{machine}` on PATH to do it (apt-get install qemu-user)\n"
        );
        let native = folder.tinyelf(["run", "exit", "3", "--arch", machine]).env("PATH", "").said();
        if native.status == 3 {
            continue;
        }
        assert_eq!((native.status, native.stderr), (125, message));
        if oracle::find(&format!("qemu-{machine}")).is_none() {
            continue;
        }
        folder.tinyelf(["run", "hello", "--arch", machine]).says(0, "Hello, World!\n", "");
        folder.tinyelf(["run", "exit", "3", "--arch", machine]).says(3, "", "");
        folder.tinyelf(["run", "args", "--arch", machine, "--", "x y"]).says(0, "x y\n", "");
        let said = folder.tinyelf(["run", "exit", "3", "--arch", machine, "--trace"]).said();
        assert!(said.status == 3 && said.stderr.contains("exit(3)"), "{}", said.stderr);
        let said = folder.tinyelf(["run", "exit", "3", "--arch", machine, "--stat"]).said();
        assert!(said.status == 3 && said.stderr.contains("only the size is shown"), "{}", said.stderr);
        let said = folder.tinyelf(["run", "exit", "3", "--arch", machine, "--stack"]).said();
        assert!(said.status == 125 && said.stderr.contains("under qemu-user"), "{}", said.stderr);
    }
}
