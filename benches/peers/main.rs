//! tinyelf beside nasm, yasm, GNU as and fasm, all measured in one run.
//!
//! ```text
//! cargo bench --bench peers                    # everything, a few minutes (nasm is slow on dense labels)
//! cargo bench --bench peers -- mixed startup   # only these
//! cargo bench --bench peers -- write DIR       # only writes the sources, for profilers
//! ```
//!
//! Subjects: `mixed` (1,000,000 lines of straight x86-64 code, `-f bin`), `labels` (225,000 lines, a label in every
//! fifth, a jump in every fourth), `macros` (nested macros, `%rep`, `%rotate`; both sides write ELF objects),
//! `scale` (1 and 4 million lines), `startup` (a three-line file, and `tinyelf exit 0`).
//!
//! Each figure is the best of several runs, since the others tell about the machine's other work.  Peak memory is
//! `VmHWM`, polled, so a very short process may show none.  A peer that is not installed is said to be left out.
//! Nothing here decides a test.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod sources;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sources::Dialect;

/// One program to measure: its name, what it reads, and its arguments, in which `IN` and `OUT` stand for files.
struct Peer {
    name: &'static str,
    program: &'static str,
    dialect: Dialect,
    arguments: &'static [&'static str],
}

const TINYELF: &str = env!("CARGO_BIN_EXE_tinyelf");

const FLAT: [Peer; 5] = [
    Peer {
        name: "tinyelf",
        program: TINYELF,
        dialect: Dialect::Nasm,
        arguments: &["build", "-q", "-f", "bin", "IN", "-o", "OUT"],
    },
    Peer {
        name: "fasm",
        program: "fasm",
        dialect: Dialect::Fasm,
        arguments: &["-m", "1000000", "IN", "OUT"],
    },
    Peer { name: "GNU as", program: "as", dialect: Dialect::Gas, arguments: &["IN", "-o", "OUT"] },
    Peer {
        name: "yasm",
        program: "yasm",
        dialect: Dialect::Nasm,
        arguments: &["-f", "bin", "IN", "-o", "OUT"],
    },
    Peer {
        name: "nasm",
        program: "nasm",
        dialect: Dialect::Nasm,
        arguments: &["-f", "bin", "IN", "-o", "OUT"],
    },
];

const OBJECT: [Peer; 2] = [
    Peer {
        name: "tinyelf",
        program: TINYELF,
        dialect: Dialect::Nasm,
        arguments: &["build", "-q", "-c", "-f", "elf64", "IN", "-o", "OUT"],
    },
    Peer {
        name: "nasm",
        program: "nasm",
        dialect: Dialect::Nasm,
        arguments: &["-f", "elf64", "IN", "-o", "OUT"],
    },
];

/// The best time of `runs`, and the highest memory seen in any, in KiB.  `None` when the program is not there.
fn measure(program: &str, arguments: &[String], runs: u32) -> Option<(Duration, u64)> {
    let mut best = Duration::MAX;
    let mut peak = 0;
    for _ in 0..runs {
        let start = Instant::now();
        let mut child =
            Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let status = format!("/proc/{}/status", child.id());
        let outcome = loop {
            if let Some(outcome) = child.try_wait().ok()? {
                break outcome;
            }
            peak = peak.max(high_water(&status).unwrap_or(0));
            std::thread::sleep(Duration::from_micros(200));
        };
        best = best.min(start.elapsed());
        if !outcome.success() {
            println!("    {program} failed: {outcome}");
            return None;
        }
    }
    Some((best, peak))
}

fn high_water(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}

/// Where sources and outputs go.
fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
    fs::create_dir_all(&dir).expect("the target folder can be written");
    dir.join(name)
}

fn compare(title: &str, peers: &[Peer], source: impl Fn(Dialect) -> String, runs: u32) {
    println!("{title}");
    let mut own = None;
    for peer in peers {
        let input = scratch("in.asm");
        fs::write(&input, source(peer.dialect)).expect("the target folder can be written");
        let arguments: Vec<String> = peer
            .arguments
            .iter()
            .map(|&argument| match argument {
                "IN" => input.display().to_string(),
                "OUT" => scratch("out.bin").display().to_string(),
                other => other.to_owned(),
            })
            .collect();
        let Some((time, peak)) = measure(peer.program, &arguments, runs) else {
            println!("    {:8} left out", peer.name);
            continue;
        };
        let own = *own.get_or_insert(time);
        let ratio = time.as_secs_f64() / own.as_secs_f64();
        println!(
            "    {:8} {:9.1} ms  {ratio:6.2} x  {:6.1} MiB",
            peer.name,
            millis(time),
            peak as f64 / 1024.0
        );
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn scale() {
    println!("scale: 4,000,000 lines against 1,000,000");
    let time = |lines| {
        let input = scratch("scale.asm");
        fs::write(&input, sources::mixed(lines, Dialect::Nasm)).expect("the target folder can be written");
        let paths = [input, scratch("scale.bin")].map(|path| path.display().to_string());
        let [input, output] = paths;
        let arguments = ["build", "-q", "-f", "bin", &input, "-o", &output].map(str::to_owned);
        measure(TINYELF, &arguments, 3)
    };
    if let (Some((one, _)), Some((four, _))) = (time(1_000_000), time(4_000_000)) {
        println!(
            "    {:.1} ms, {:.1} ms: {:.2} x",
            millis(one),
            millis(four),
            four.as_secs_f64() / one.as_secs_f64()
        );
    }
}

fn startup() {
    println!("startup");
    let input = scratch("three.asm");
    fs::write(&input, "bits 64\nmov eax,60\nsyscall\n").expect("the target folder can be written");
    let path = |path: PathBuf| path.display().to_string();
    let runs: [(&str, &str, Vec<String>); 3] = [
        (
            "nasm",
            "nasm",
            ["-f", "bin", &path(input.clone()), "-o", &path(scratch("three.bin"))].map(String::from).into(),
        ),
        (
            "tinyelf build",
            TINYELF,
            ["build", "-q", "-f", "bin", &path(input), "-o", &path(scratch("three.bin"))]
                .map(String::from)
                .into(),
        ),
        (
            "tinyelf exit 0",
            TINYELF,
            ["exit", "0", "-q", "-o", &path(scratch("exit"))].map(String::from).into(),
        ),
    ];
    for (name, program, arguments) in runs {
        match measure(program, &arguments, 50) {
            Some((time, _)) => println!("    {name:14} {:6.2} ms", millis(time)),
            None => println!("    {name:14} left out"),
        }
    }
}

fn write_all(dir: &Path) {
    fs::create_dir_all(dir).expect("the folder can be made");
    for (dialect, name) in [(Dialect::Nasm, "nasm"), (Dialect::Fasm, "fasm"), (Dialect::Gas, "gas")] {
        fs::write(dir.join(format!("mixed.{name}")), sources::mixed(1_000_000, dialect))
            .expect("it can be written");
        fs::write(dir.join(format!("labels.{name}")), sources::labels(225_000, dialect))
            .expect("it can be written");
    }
    fs::write(dir.join("macros.nasm"), sources::macros(20_000)).expect("it can be written");
}

fn main() {
    let mut arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [command, dir] = arguments.as_slice()
        && command == "write"
    {
        return write_all(Path::new(dir));
    }
    if arguments.is_empty() {
        arguments = ["mixed", "labels", "macros", "scale", "startup"].map(String::from).into();
    }
    for subject in &arguments {
        match subject.as_str() {
            "mixed" => {
                compare("mixed: 1,000,000 lines", &FLAT, |dialect| sources::mixed(1_000_000, dialect), 3);
            }
            "labels" => {
                compare("labels: 225,000 lines", &FLAT, |dialect| sources::labels(225_000, dialect), 1)
            }
            "macros" => compare("macros: 20,000 uses", &OBJECT, |_| sources::macros(20_000), 3),
            "scale" => scale(),
            "startup" => startup(),
            other => println!("no such subject: {other} (mixed, labels, macros, scale, startup, write DIR)"),
        }
    }
}
