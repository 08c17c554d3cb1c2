//! How `run` starts a program and what it shows of it: `--trace`, `--stack`, `--stat`; qemu-user for other machines.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};

use super::arguments::WatchOptions;
use super::message::Messages;
use crate::elf::records::Machine;
use crate::pipeline::{self, Language, Options, Source};
use crate::run::{self, Measured, Outcome, Program, RunError, Watch};
use crate::source::{Diagnostics, DiskLoader, SourceMap};

/// Runs a program and shows what was asked for, on standard error.
pub(super) fn run(
    program: &Program<'_>,
    options: &Options,
    watched: WatchOptions,
    messages: Messages,
) -> Result<Outcome> {
    let outcome = if watched.stat {
        stat(program, options)
    } else if watched.trace || watched.stack {
        let variables = std::env::vars_os().count();
        let watch = Watch { stack: watched.stack, calls: watched.trace, variables };
        run::watch(program, watch, &mut say)
    } else {
        run::execute(program)
    };
    match outcome {
        Err(error) if error.is_foreign() && !is_own(options.machine) => {
            emulate(program, options.machine, watched, messages)
        }
        outcome => Ok(outcome?),
    }
}

/// Whether the processor is of this machine: then the kernel refuses the file, not its kind.
fn is_own(machine: Machine) -> bool {
    matches!(
        (std::env::consts::ARCH, machine),
        ("x86_64", Machine::X86_64)
            | ("x86", Machine::I386)
            | ("aarch64", Machine::Aarch64)
            | ("riscv64", Machine::Riscv64)
    )
}

/// What cannot be written is not missed: the program matters.
fn say(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn emulate(
    program: &Program<'_>,
    machine: Machine,
    watched: WatchOptions,
    messages: Messages,
) -> Result<Outcome> {
    let names = run::emulators(machine);
    let Some(emulator) = names.iter().find_map(|name| on_path(name)) else {
        bail!(
            "this machine executes no programs for {}, and there is no `{}` on PATH to do it (apt-get install \
             qemu-user)",
            machine.name(),
            names[0]
        );
    };
    if watched.stack {
        bail!("`--stack` reads the process itself, and under qemu-user that is the emulator");
    }
    if watched.stat {
        messages
            .note("under qemu-user instructions and faults would be the emulator's: only the size is shown");
        say(&format!("{:>12}  bytes in the file\n", program.bytes.len()));
    }
    Ok(run::emulate(program, &emulator, watched.trace)?)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file: &PathBuf| is_file(file))
}

fn is_file(file: &Path) -> bool {
    file.metadata().is_ok_and(|metadata| metadata.is_file())
}

/// An empty program first, then this one, in a table.
fn stat(program: &Program<'_>, options: &Options) -> Result<Outcome, RunError> {
    let empty = empty(options);
    let nothing = match &empty {
        Some(bytes) => Some(run::measure(&Program { bytes, name: "empty", arguments: &[] })?),
        None => None,
    };
    let measured = run::measure(program)?;
    let column = |bytes: usize, measured: &Measured| {
        [
            bytes.to_string(),
            or_dash(measured.instructions),
            or_dash(measured.cycles),
            measured.page_faults.to_string(),
            measured.start.as_micros().to_string(),
            measured.run.as_micros().to_string(),
        ]
    };
    let own = column(program.bytes.len(), &measured);
    let other = match (&empty, &nothing) {
        (Some(bytes), Some(nothing)) => column(bytes.len(), nothing),
        _ => std::array::from_fn(|_| "-".to_owned()),
    };
    let mut text = format!("{:>12} {:>12}\n", shortened(program.name), "exit(0)");
    for (meaning, (own, other)) in meanings(measured.by_counters).iter().zip(own.iter().zip(&other)) {
        text.push_str(&format!("{own:>12} {other:>12}  {meaning}\n"));
    }
    say(&text);
    Ok(measured.outcome)
}

fn or_dash(number: Option<u64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

fn shortened(name: &str) -> String {
    name.chars().take(12).collect()
}

fn meanings(by_counters: bool) -> [&'static str; 6] {
    if by_counters {
        [
            "bytes in the file",
            "instructions in user mode, by the processor's counters",
            "cycles in user mode, by the processor's counters",
            "page faults from the first instruction to the end",
            "µs to the first instruction",
            "µs from there to the end",
        ]
    } else {
        [
            "bytes in the file",
            "instructions in user mode, counted one by one",
            "cycles: this machine has no counters for us (perf_event)",
            "page faults for data (the counting itself brings code in)",
            "µs to the first instruction",
            "µs from there to the end, slowed by the counting",
        ]
    }
}

/// The least a program can do, in the same layout for the same machine.
fn empty(options: &Options) -> Option<Vec<u8>> {
    let mut plain = Options::new(options.machine);
    plain.layout.kind = options.layout.kind;
    let language = Language::Script(std::collections::BTreeMap::new());
    let source =
        Source { name: "<empty>".into(), text: Arc::from(&b"exit(0)\n"[..]), strict: true, language };
    let (mut map, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    pipeline::build(&[source], &plain, &DiskLoader, &mut map, &mut diagnostics)
}
