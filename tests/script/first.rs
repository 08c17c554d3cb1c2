//! pause, sleep and init as the first process of a new PID namespace: no signal has a default effect there, and
//! every orphan becomes its child.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tinyelf::elf::records::Machine;
use tinyelf::layout::Kind;

use crate::build::{runner, write};
use crate::oracle;
use crate::templates::program;

/// A command that makes a namespace for the words that follow, where this user may.
fn unshare() -> Option<Command> {
    static WORKS: OnceLock<bool> = OnceLock::new();
    let unshare = oracle::find("unshare")?;
    let new = || {
        // Who tests in the background of a shell has SIGINT ignored, and so would all that is started here.
        let mut command = Command::new("env");
        command.arg("--default-signal").arg(&unshare).args(["-Upf", "--map-root-user", "--"]);
        command
    };
    let works = || new().arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !*WORKS.get_or_init(works) {
        oracle::left_out("a PID namespace (unshare -Upf)");
        return None;
    }
    Some(new())
}

/// A program that is process 1 of its namespace.
struct First {
    place: String,
    unshare: Child,
    /// Its number out here.
    process: u32,
    emulated: bool,
}

/// Starts the template on every machine at once; a shell runs `before` and becomes the program.
fn start(name: &str, before: &str, arguments: &[&str]) -> Vec<First> {
    let mut started = Vec::new();
    for machine in Machine::ALL {
        let (Some(mut command), Some(mut words)) = (unshare(), runner(machine)) else { continue };
        let file = write(&program(name, machine, Kind::Compact, &[]));
        let emulated = !words.is_empty();
        words.push(file.clone());
        command.args(["/bin/sh", "-c", &format!("{before}\nexec \"$@\""), "sh"]);
        command.args(&words).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let place = format!("{name} {}", machine.name());
        let first = First { place, process: 0, emulated, unshare: child };
        started.push((first, file));
    }
    started
        .into_iter()
        .map(|(mut first, file)| {
            let file = file.to_str().unwrap().to_owned();
            first.process = wait_for(&first.place, || {
                let child = *children(first.unshare.id()).first()?;
                let words = fs::read_to_string(format!("/proc/{child}/cmdline")).ok()?;
                (words.contains(&file) && !words.contains("exec")).then_some(child)
            });
            first
        })
        .collect()
}

fn wait_for<T>(place: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{place}: waited in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn children(process: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    text.split_whitespace().map(|word| word.parse().unwrap()).collect()
}

impl First {
    /// Processor time that it has used, in ticks of 10 ms.
    fn ticks(&self) -> u64 {
        let text = fs::read_to_string(format!("/proc/{}/stat", self.process)).unwrap();
        let fields: Vec<&str> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.process.to_string()]).status();
        assert!(status.unwrap().success(), "{}", self.place);
    }

    /// Its exit status, as its parent sees it.
    fn ends_with(mut self, status: i32) {
        let place = self.place.clone();
        let ended = wait_for(&place, || self.unshare.try_wait().unwrap());
        assert_eq!(ended.code(), Some(status), "{place} {ended:?}");
    }
}

impl Drop for First {
    /// Its namespace ends with it, also where a test fails.
    fn drop(&mut self) {
        if self.unshare.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = Command::new("kill").args(["-KILL", &self.process.to_string()]).status();
            let _ = self.unshare.wait();
        }
    }
}

/// Whoever waits uses no processor time for it.
fn all_wait_quietly(all: &[First]) {
    // An emulator translates what it meets first.
    std::thread::sleep(Duration::from_millis(300));
    let before: Vec<u64> = all.iter().map(First::ticks).collect();
    std::thread::sleep(Duration::from_millis(400));
    for (first, before) in all.iter().zip(before) {
        let used = first.ticks() - before;
        assert!(used <= 2, "{} used {used} ticks of 40", first.place);
    }
}

/// Children that end at once, children of theirs that end as orphans, and one that ends later.
const ORPHANS: &str = "true & (true & true &) ; (sleep 0.2 &) ; sleep 0.3 &";

#[test]
fn pause_reaps_waits_quietly_and_ends_at_signals() {
    for signal in ["TERM", "INT"] {
        let all = start("pause", ORPHANS, &[]);
        all_wait_quietly(&all);
        for first in all {
            wait_for(&first.place, || children(first.process).is_empty().then_some(()));
            // What it does not wait for does not end it; an emulator ends itself by it, and fails as process 1.
            if !first.emulated {
                first.signal("USR1");
                first.signal("HUP");
            }
            first.signal(signal);
            first.ends_with(0);
        }
    }
}

#[test]
fn sleep_as_the_first_process_ends_at_signals() {
    for (signal, status) in [("TERM", 143), ("INT", 130)] {
        let all = start("sleep", "", &["infinity"]);
        all_wait_quietly(&all);
        for first in all {
            first.signal(signal);
            first.ends_with(status);
        }
    }
}

#[test]
fn init_reaps_waits_quietly_and_ends_with_its_child() {
    // The shell's children are init's from the start, its grandchildren later; only the program counts.
    let all = start("init", ORPHANS, &["/bin/sh", "-c", "trap 'exit 5' TERM; while :; do sleep 0.05; done"]);
    all_wait_quietly(&all);
    for first in all {
        wait_for(&first.place, || (children(first.process).len() == 1).then_some(()));
        first.signal("TERM");
        first.ends_with(5);
    }
    let all = start("init", "", &["/bin/sh", "-c", "(sleep 0.1 &) ; sleep 0.5; kill -9 $$"]);
    for first in all {
        first.ends_with(137);
    }
    for signal in ["INT", "USR2"] {
        let all = start("init", "", &["/bin/sleep", "100"]);
        all_wait_quietly(&all);
        for first in all {
            first.signal(signal);
            first.ends_with(if signal == "INT" { 130 } else { 140 });
        }
    }
    for (arguments, status) in
        [(&["/bin/sh", "-c", "exit 7"][..], 7), (&["/nonexistent"], 127), (&["/"], 126)]
    {
        for machine in Machine::ALL {
            let (Some(mut command), Some(words)) = (unshare(), runner(machine)) else { continue };
            let file = write(&program("init", machine, Kind::Compact, &[]));
            command.args(&words).arg(file).args(arguments);
            let ended = command.stderr(Stdio::null()).status().unwrap();
            assert_eq!(ended.code(), Some(status), "{} {arguments:?}", machine.name());
        }
    }
}
