//! The model of the kernel's loader: compared with the kernel on damaged files, then asked about golfed ones.

use std::time::{Duration, Instant};

use tinyelf::elf::fields::{self, EHDR, PHDR};
use tinyelf::elf::fixture::{Fixture, Override};
use tinyelf::elf::loader::{Kernel, Outcome, execute};
use tinyelf::elf::read::Form;
use tinyelf::elf::records::{Class, Machine};
use tinyelf::layout::{GolfOptions, Kind, Promise};

use crate::figures;
use crate::program::{Program, assemble, runs};
use crate::random::Random;

/// Leaves with 42; what a wrong entry finds is a trap.
const LEAVE: [(Machine, &str); 2] = [
    (Machine::X86_64, "_start: mov al,60\n mov dil,42\n syscall\n times 40 int3\n"),
    (Machine::I386, "_start: inc eax\n mov bl,42\n int 0x80\n times 40 int3\n"),
];

/// What was seen of a file, in the words of the model; `None` for a process that did not end by itself.
fn seen(bytes: &[u8]) -> Option<Outcome> {
    let program = Program::new(bytes);
    let Ok(mut child) = program.start() else { return Some(Outcome::Refused("")) };
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(2) {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(match status.code() {
                Some(42) => Outcome::Starts(0),
                _ => Outcome::Killed(""),
            });
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// A value that a check of the loader may turn on.
fn value(random: &mut Random, size: usize) -> u64 {
    let interesting = [
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        24,
        32,
        52,
        56,
        62,
        64,
        0x78,
        0xfff,
        0x1000,
        0x1001,
        0x2000,
        0x1_0000,
        0x40_0000,
        0x40_0054,
        0x40_0078,
        0x40_1000,
        0x7fff_f000,
        0xffff_d000,
        0xffff_e000,
        0xffff_ffff,
        1 << 32,
        1 << 46,
        (1 << 47) - 0x2000,
        (1 << 47) - 0x1000,
        1 << 47,
        1 << 62,
        u64::MAX,
        size as u64 - 1,
        size as u64,
        size as u64 + 1,
    ];
    match random.below(4) {
        0 => 1 << random.below(64),
        1 => random.below(256),
        _ => interesting[random.below(interesting.len() as u64) as usize],
    }
}

/// One to three fields of the headers overridden, or the file cut or lengthened.
fn damage(random: &mut Random, bytes: &[u8]) -> (Vec<u8>, String) {
    let mut fixture = Fixture::default();
    for _ in 0..=random.below(3) {
        let phdr = random.below(3) > 0;
        let fields = if phdr { PHDR } else { EHDR };
        let field = fields[random.below(fields.len() as u64) as usize];
        let place = if phdr { format!("phdr[0].{}", field.name) } else { field.name.to_owned() };
        let text = format!("{place}={:#x}", value(random, bytes.len()));
        let one: Override = text.parse().unwrap();
        let alone = Fixture { overrides: vec![one.clone()], ..Fixture::default() };
        if alone.apply(bytes.to_vec()).is_ok() {
            fixture.overrides.push(one);
        }
    }
    match random.below(12) {
        0 => fixture.truncate = Some(random.below(bytes.len() as u64 + 1)),
        1 => fixture.append_zeros = random.below(5000),
        _ => {}
    }
    (fixture.apply(bytes.to_vec()).unwrap(), fixture.to_string())
}

/// The numbers in the kernel's version; `None` where that is another system.
fn running() -> Option<Kernel> {
    let text = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok()?;
    let mut numbers = text.split(['.', '-']).map(|part| part.trim().parse().ok());
    Some(Kernel(numbers.next()??, numbers.next()??))
}

/// Files whose fate depends on what the model leaves open: how much memory there is, and who executes them.
fn is_open(outcome: Outcome, bytes: &[u8]) -> bool {
    let huge =
        bytes.len() > 120 && bytes[96..112].chunks(8).any(|size| size[4..].iter().any(|&byte| byte != 0));
    matches!(outcome, Outcome::Killed(reason) if reason.contains("mmap_min_addr")) || huge
}

/// Whether only bytes that the loader reads are different; golfed files keep code in the others.
fn is_code_whole(machine: Machine, bytes: &[u8], damaged: &[u8]) -> bool {
    let form = Form { class: machine.class(), big_endian: false };
    let table = form.field(bytes, 0, &fields::E_PHOFF);
    let count = form.field(bytes, 0, &fields::E_PHNUM);
    let size = if machine.class() == Class::Elf64 { 56 } else { 32 };
    let headers = (0..count).map(|index| table + index * size);
    let read = |offset: u64| {
        let inside = |record: u64, field: &fields::Field| {
            let start = record + field.start(form.class);
            (start..start + field.size(form.class)).contains(&offset)
        };
        [
            fields::E_TYPE,
            fields::E_MACHINE,
            fields::E_ENTRY,
            fields::E_PHOFF,
            fields::E_PHENTSIZE,
            fields::E_PHNUM,
        ]
        .iter()
        .any(|field| inside(0, field))
            || headers.clone().any(|header| {
                // Of a header that is passed over only the type is read.
                let loads = form.field(bytes, header, &PHDR[0]) == 1;
                let fields = PHDR[..PHDR.len() - 1].iter().filter(|field| field.name != "p_paddr");
                fields.take(if loads { PHDR.len() } else { 1 }).any(|field| inside(header, field))
            })
    };
    damaged.len() >= bytes.len() && (0..bytes.len()).all(|at| bytes[at] == damaged[at] || read(at as u64))
}

#[test]
fn the_model_agrees_with_the_running_kernel() {
    let Some(kernel) = running() else { return };
    let (mut random, mut counts, mut wrong) = (Random(1), [0; 3], Vec::new());
    for (machine, source) in LEAVE.into_iter().filter(|&(machine, _)| runs(machine)) {
        let golf = |promise| Kind::Golf(GolfOptions { promise, ..GolfOptions::default() });
        let kinds = [Kind::Compact, Kind::Standard, golf(Promise::Readers), golf(Promise::Linux)];
        for kind in kinds {
            let bytes = assemble(machine, source, |options| options.layout.kind = kind).unwrap();
            let Outcome::Starts(entry) = execute(&bytes, kernel) else { panic!("{kind:?} does not start") };
            for _ in 0..110 {
                let (damaged, how) = damage(&mut random, &bytes);
                let expected = execute(&damaged, kernel);
                if is_open(expected, &damaged) {
                    continue;
                }
                let (same, column) = match (expected, seen(&damaged)) {
                    (Outcome::Refused(_), Some(Outcome::Refused(_))) => (true, 0),
                    (Outcome::Killed(_), Some(Outcome::Killed(_))) => (true, 1),
                    (Outcome::Starts(at), Some(Outcome::Starts(_))) => {
                        (at == entry || kind != Kind::Compact, 2)
                    }
                    // It starts somewhere else, or with other code: a trap, a fault, a loop, but a process.
                    (Outcome::Starts(at), Some(Outcome::Killed(_)) | None) => {
                        (at != entry || !is_code_whole(machine, &bytes, &damaged), 1)
                    }
                    _ => (false, 0),
                };
                counts[column] += 1;
                if !same {
                    wrong.push(format!(
                        "{} {kind:?}{how}: {expected:?}, seen {:?}",
                        machine.name(),
                        seen(&damaged)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {counts:?}: {wrong:#?}", wrong.len());
    // No column is empty, or the comparison says nothing.
    let enough = counts.iter().all(|&count| count > 100) && counts.iter().sum::<usize>() >= 500;
    assert!(!runs(Machine::X86_64) || !runs(Machine::I386) || enough, "{counts:?}");
}

#[test]
fn every_file_of_the_figures_starts_on_the_kernels_of_its_layout() {
    figures::files(|machine, program, layout, _, bytes| {
        for kernel in Kernel::ALL {
            let outcome = execute(&bytes, kernel);
            let what = format!("{} {program} {:?} on {kernel}", machine.name(), layout.kind);
            let starts = matches!(outcome, Outcome::Starts(_));
            // Whatever runs, runs where it was tried; every promise is for all of them.
            let nothing = matches!(layout.kind, Kind::Golf(options) if options.promise == Promise::Nothing);
            assert!(starts || nothing && kernel < Kernel(6, 7), "{what}: {outcome:?}");
        }
    });
}
