//! The templates: built for every machine and layout, run, and compared with what coreutils do.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind, Promise};

use crate::build::{build_with, command, run, runner, write};
use crate::patience;

/// The layouts that a machine's programs are run in here: what golf makes for the kernel alone runs natively.
fn layouts(machine: Machine) -> Vec<Kind> {
    let golf = |promise| Kind::Golf(GolfOptions { promise, ..GolfOptions::default() });
    let mut layouts = vec![Kind::Standard, Kind::Compact, golf(Promise::Tools)];
    if runner(machine).is_some_and(|words| words.is_empty()) {
        layouts.extend([golf(Promise::Readers), golf(Promise::Linux)]);
    }
    layouts
}

pub(crate) fn text(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(format!("{name}.sys"));
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub(crate) fn program(name: &str, machine: Machine, layout: Kind, parameters: &[(&str, &str)]) -> Vec<u8> {
    build_with(&text(name), machine, layout, parameters)
        .unwrap_or_else(|wrong| panic!("{name} {} {layout:?}\n{wrong}", machine.name()))
}

/// Every machine that can be run here, in every layout.
pub(crate) fn everywhere(
    name: &str,
    parameters: &[(&str, &str)],
    mut check: impl FnMut(Machine, &[u8], &str),
) {
    for machine in Machine::ALL {
        for layout in layouts(machine) {
            let bytes = program(name, machine, layout, parameters);
            check(machine, &bytes, &format!("{name} {} {layout:?}", machine.name()));
        }
    }
}

fn check(
    name: &str,
    parameters: &[(&str, &str)],
    arguments: &[&str],
    input: &str,
    expected: &str,
    status: i32,
) {
    everywhere(name, parameters, |machine, bytes, place| {
        let Some(output) = run(machine, bytes, arguments, input.as_bytes()) else { return };
        assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{place}");
        assert_eq!(output.status.code(), Some(status), "{place} {:?}", output.status);
    });
}

/// What the system's own program of the name does.
fn real(name: &str, arguments: &[&str]) -> Output {
    Command::new(name).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn check_like_coreutils(name: &str, arguments: &[&str]) {
    let wanted = real(name, arguments);
    let printed = String::from_utf8(wanted.stdout).unwrap();
    check(name, &[], arguments, "", &printed, wanted.status.code().unwrap());
}

#[test]
fn hello_prints_its_message_and_ends_well_even_when_nobody_reads() {
    check("hello", &[], &[], "", "Hello, World!\n", 0);
    check("hello", &[("message", "Hi \u{e9}\n")], &[], "", "Hi \u{e9}\n", 0);
    everywhere("hello", &[], |machine, bytes, place| {
        let file = write(bytes);
        let Some(mut program) = command(machine, &file) else { return };
        let shell = format!("exec {:?} {:?} >&-", program.get_program(), file);
        let shell = if program.get_args().count() == 0 {
            format!("exec {:?} >&-", program.get_program())
        } else {
            shell
        };
        program = Command::new("sh");
        program.args(["-c", &shell]);
        assert_eq!(program.status().unwrap().code(), Some(0), "{place}");
    });
}

#[test]
fn exit_true_and_false_end_with_their_status() {
    check("exit", &[], &[], "", "", 0);
    check("exit", &[("status", "42")], &[], "", "", 42);
    for arguments in [&[][..], &["ignored"]] {
        check_like_coreutils("true", arguments);
        check_like_coreutils("false", arguments);
    }
}

#[test]
fn echo_is_like_the_real_one() {
    check_like_coreutils("echo", &[]);
    check_like_coreutils("echo", &["a", "", "b c", "-n"]);
    check_like_coreutils("echo", &["-n", "a", "b"]);
    check_like_coreutils("echo", &["-n"]);
    check_like_coreutils("echo", &["-"]);
}

#[test]
fn cat_copies_files_and_standard_input() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("cat-input");
    let long = "0123456789abcdef".repeat(10_000);
    fs::write(&file, &long).unwrap();
    let path = file.to_str().unwrap();
    check("cat", &[], &[path], "", &long, 0);
    check("cat", &[], &[], &long, &long, 0);
    check("cat", &[], &[path, "-", path], "in", &format!("{long}in{long}"), 0);
    check("cat", &[], &["/nonexistent", path], "", &long, 1);
    check("cat", &[], &["/"], "", "", 1);
    for arguments in [&[path][..], &[path, path], &["/nonexistent", path], &["--", "-"][1..], &["/"]] {
        check_like_coreutils("cat", arguments);
    }
}

#[test]
fn args_and_env_print_what_they_were_given() {
    check("args", &[], &["a", "", "b c"], "", "a\n\nb c\n", 0);
    check("args", &[], &[], "", "", 0);
    everywhere("env", &[], |machine, bytes, place| {
        let file = write(bytes);
        let Some(mut program) = command(machine, &file) else { return };
        program.env_clear().env("A", "1").env("B", "x=y").stdout(Stdio::piped());
        let output = patience::spawn(&mut program).unwrap().wait_with_output().unwrap();
        // qemu-user hands the environment on in the opposite order.
        let sorted = |output: &Output| {
            let printed = String::from_utf8_lossy(&output.stdout);
            let mut lines: Vec<_> = printed.lines().map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        let wanted = Command::new("env").env_clear().env("A", "1").env("B", "x=y").output().unwrap();
        assert_eq!(sorted(&output), sorted(&wanted), "{place}");
    });
}

#[test]
fn yes_repeats_its_line_until_nobody_reads() {
    everywhere("yes", &[("text", "no\n")], |machine, bytes, place| {
        use std::io::Read as _;
        let file = write(bytes);
        let Some(mut program) = command(machine, &file) else { return };
        let mut child = patience::spawn(program.stdout(Stdio::piped())).unwrap();
        let mut start = [0; 3000];
        child.stdout.take().unwrap().read_exact(&mut start).unwrap();
        assert_eq!(&start[..], "no\n".repeat(1000).as_bytes(), "{place}");
        assert!(!child.wait().unwrap().success(), "{place}");
    });
}

#[test]
fn sleep_waits_as_long_as_it_was_told() {
    everywhere("sleep", &[("seconds", "0.1")], |machine, bytes, place| {
        let start = Instant::now();
        let Some(output) = run(machine, bytes, &[], b"") else { return };
        assert_eq!(output.status.code(), Some(0), "{place}");
        assert!(start.elapsed() >= Duration::from_millis(100), "{place} {:?}", start.elapsed());
    });
    check("sleep", &[], &["0"], "", "", 0);
    check("sleep", &[], &["x"], "", "", 2);
    check("sleep", &[], &[], "", "", 2);
}

#[test]
fn sleep_takes_the_seconds_that_the_real_one_takes() {
    for word in
        ["0", "0.0", ".01", "0.", "00", "0.000001", "", ".", "x", "1x", "-1", "infinit", "infinityx", "0..1"]
    {
        let wanted = real("sleep", &["--", word]).status.success();
        for machine in Machine::ALL {
            let bytes = program("sleep", machine, Kind::Compact, &[]);
            if let Some(output) = run(machine, &bytes, &[word], b"") {
                assert_eq!(
                    output.status.code(),
                    Some(if wanted { 0 } else { 2 }),
                    "{} {word:?}",
                    machine.name()
                );
            }
        }
    }
}

#[test]
fn yes_is_like_the_real_one() {
    let shell = |command: &str| Command::new("sh").args(["-c", command]).output().unwrap().stdout;
    for parameters in [&[][..], &[("text", "a b\n")]] {
        let word = parameters.first().map_or("", |(_, text)| text.trim());
        let wanted = shell(&format!("yes {word} | head -c 5000"));
        everywhere("yes", parameters, |machine, bytes, place| {
            let file = write(bytes);
            let Some(program) = command(machine, &file) else { return };
            let words: Vec<_> = std::iter::once(program.get_program()).chain(program.get_args()).collect();
            let words: Vec<_> = words.iter().map(|word| word.to_str().unwrap()).collect();
            assert_eq!(shell(&format!("{} | head -c 5000", words.join(" "))), wanted, "{place}");
        });
    }
}

/// Starts a program, sends it a signal when it is asleep, and gives its status.
fn end_by(machine: Machine, bytes: &[u8], arguments: &[&str], signal: &str) -> Option<i32> {
    let file = write(bytes);
    let mut child = patience::spawn(command(machine, &file)?.args(arguments)).unwrap();
    std::thread::sleep(Duration::from_millis(150));
    assert!(child.try_wait().unwrap().is_none(), "it ended before the signal");
    Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
    child.wait().unwrap().code()
}

#[test]
fn sleep_and_pause_end_at_signals() {
    for machine in Machine::ALL {
        let sleep = program("sleep", machine, Kind::Compact, &[("seconds", "infinity")]);
        let pause = program("pause", machine, Kind::Compact, &[]);
        for (bytes, signal, status) in [(&sleep, "TERM", 143), (&pause, "TERM", 0), (&pause, "INT", 0)] {
            if crate::build::runner(machine).is_some() {
                assert_eq!(end_by(machine, bytes, &[], signal), Some(status), "{} {signal}", machine.name());
            }
        }
    }
}

#[test]
fn init_runs_its_arguments_and_passes_on_signals_and_status() {
    check("init", &[], &["/bin/sh", "-c", "echo $0; exit 7", "x"], "", "x\n", 7);
    check("init", &[], &["/bin/sh", "-c", "kill -KILL $$"], "", "", 137);
    check("init", &[], &["/nonexistent"], "", "", 127);
    check("init", &[], &[], "", "", 2);
    for machine in Machine::ALL {
        let init = program("init", machine, Kind::Compact, &[]);
        let waits = ["/bin/sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.01; done"];
        if crate::build::runner(machine).is_some() {
            assert_eq!(end_by(machine, &init, &waits, "TERM"), Some(5), "{}", machine.name());
        }
    }
}

#[test]
fn spin_uses_its_processor_until_it_is_ended() {
    everywhere("spin", &[], |machine, bytes, place| {
        let file = write(bytes);
        let Some(mut program) = command(machine, &file) else { return };
        let mut child = patience::spawn(&mut program).unwrap();
        let ticks = |id: u32| {
            let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
            let fields: Vec<String> =
                text.rsplit_once(')').unwrap().1.split(' ').map(str::to_owned).collect();
            fields[12].parse::<u64>().unwrap() + fields[13].parse::<u64>().unwrap()
        };
        let start = Instant::now();
        while ticks(child.id()) < 3 {
            assert!(start.elapsed() < Duration::from_secs(20), "{place}");
            assert!(child.try_wait().unwrap().is_none(), "{place}");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

#[cfg(unix)]
#[test]
fn crash_ends_by_its_signal() {
    use std::os::unix::process::ExitStatusExt as _;
    for (parameters, signal) in [(&[("signal", "9")][..], 9), (&[("signal", "15")][..], 15)] {
        everywhere("crash", parameters, |machine, bytes, place| {
            if let Some(output) = run(machine, bytes, &[], b"") {
                assert_eq!(output.status.signal(), Some(signal), "{place}");
            }
        });
    }
    // An emulator would leave its own core file.
    let bytes = program("crash", Machine::X86_64, Kind::Compact, &[]);
    if let Some(output) = run(Machine::X86_64, &bytes, &[], b"") {
        assert_eq!(output.status.signal(), Some(11));
    }
}

/// The templates that come with tinyelf.
pub(crate) fn names() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".sys").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 17);
    names
}

#[test]
fn every_template_builds_for_every_machine_and_layout() {
    for name in names() {
        everywhere(&name, &[], |_, bytes, place| assert!(!bytes.is_empty(), "{place}"));
    }
}
