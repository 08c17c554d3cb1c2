//! `--stat`: what a run took.
//!
//! Where the machine has counters that we may use, the processor counts instructions and cycles in user mode.  Elsewhere
//! (virtual machines, `perf_event_paranoid`) the program is stepped through and its instructions are counted one by
//! one, which is exact and slow.  A step is one instruction, with four exceptions:
//!
//! - A signal that ends the program, or that it handles, takes the place of the instruction.
//! - An instruction that raises a signal was not executed, and is stepped to again.
//! - `rep movsb` and its like stop after each turn, and are one instruction.
//! - `mov ss` and `pop ss` hold the trap back: the step goes over the next instruction as well (SDM 3A 6.8.3).
//!
//! Before each step the kernel reads the instruction, which brings its page in: page faults for code are then not the
//! program's any more, and only those for data are counted.

use std::collections::BTreeMap;
use std::time::Instant;

use perf_event::events::{self, Hardware};
use perf_event::{Builder, Counter};

use super::memory::Memory;
use super::tracee::{Event, Tracee, Until};
use super::{Measured, Outcome, Program, RunError};
use crate::elf::records::Machine;

pub(super) fn measure(program: &Program<'_>) -> Result<Measured, RunError> {
    let ordered = Instant::now();
    let mut tracee = Tracee::start(program)?;
    let start = ordered.elapsed();
    tracee.stop_at_exit()?;
    let faults_before = tracee.page_faults()?;
    let counters = Counters::new(tracee.pid());
    let begun = Instant::now();
    let mut steps = Steps::default();
    let exiting = match counters {
        Some(_) => run_to_exit(&mut tracee)?,
        None => steps.run_to_exit(&mut tracee)?,
    };
    // Its memory is still there, so its faults can be asked for.
    let page_faults = match exiting {
        None => tracee.page_faults()?.saturating_sub(faults_before),
        Some(_) => 0,
    };
    let outcome = match exiting {
        None => tracee.finish()?,
        Some(outcome) => outcome,
    };
    let run = begun.elapsed();
    let by_counters = counters.is_some();
    let (instructions, cycles) = match counters {
        Some(counters) => counters.read(),
        None => (Some(steps.count), None),
    };
    Ok(Measured { outcome, instructions, cycles, by_counters, page_faults, start, run })
}

/// The processor's own counters.
struct Counters {
    instructions: Counter,
    cycles: Option<Counter>,
}

impl Counters {
    /// `None` where the machine has none, does not let us, or has some that stand still, as some virtual ones do.
    fn new(pid: i32) -> Option<Self> {
        let mut own = counter(Builder::new(Hardware::INSTRUCTIONS).observe_self())?;
        if own.read().ok()? == 0 {
            return None;
        }
        Self::of(pid, Hardware::INSTRUCTIONS, Hardware::CPU_CYCLES)
    }

    /// Two events of a process, of which the second may not be had.
    fn of(pid: i32, first: impl events::Event, second: impl events::Event) -> Option<Self> {
        Some(Counters {
            instructions: counter(Builder::new(first).observe_pid(pid))?,
            cycles: counter(Builder::new(second).observe_pid(pid)),
        })
    }

    fn read(mut self) -> (Option<u64>, Option<u64>) {
        (read(&mut self.instructions), self.cycles.as_mut().and_then(read))
    }
}

/// Counts what happens in user mode from here on.
fn counter(builder: &mut Builder<'_>) -> Option<Counter> {
    let mut counter = builder.exclude_kernel(true).exclude_hv(true).build().ok()?;
    counter.enable().ok()?;
    Some(counter)
}

/// `None` where other users had the counter for part of the time: what is left is no count.
fn read(counter: &mut Counter) -> Option<u64> {
    let data = counter.read_full().ok()?;
    (data.time_enabled() == data.time_running()).then_some(data.count())
}

/// Lets the program run until it is about to be gone; its end if that was not seen coming.
fn run_to_exit(tracee: &mut Tracee) -> Result<Option<Outcome>, RunError> {
    let mut signal = None;
    loop {
        match tracee.resume(Until::End, signal.take())? {
            Event::Signal(number) => signal = Some(number),
            Event::Exiting => return Ok(None),
            Event::Ended(outcome, _) => return Ok(Some(outcome)),
            Event::Call | Event::Executed => {}
        }
    }
}

/// Counts instructions one by one.
#[derive(Default)]
struct Steps {
    count: u64,
    /// Whether the instruction at an address holds the trap back.
    delays: BTreeMap<u64, bool>,
}

impl Steps {
    fn run_to_exit(&mut self, tracee: &mut Tracee) -> Result<Option<Outcome>, RunError> {
        let mut signal: Option<i32> = None;
        let mut registers = tracee.registers()?;
        loop {
            let delivered = signal.take();
            let executes = match delivered {
                None => true,
                Some(number) => tracee.ignores(number)?,
            };
            let at = registers.instruction;
            let long = registers.machine == Machine::X86_64;
            let event = tracee.resume(Until::Step, delivered)?;
            let instructions = if self.delays(tracee, at, long) { 2 } else { 1 };
            match event {
                Event::Signal(SIGTRAP) if tracee.signal_code().is_none_or(is_step) => {
                    registers = tracee.registers()?;
                    let again = registers.instruction == at && repeats(&code(tracee, at), long);
                    if executes && !again {
                        self.count += instructions;
                    }
                }
                Event::Signal(number) => {
                    // A breakpoint was executed before it raised its signal, anything else was not.
                    if number == SIGTRAP {
                        self.count += 1;
                    }
                    registers = tracee.registers()?;
                    signal = Some(number);
                }
                Event::Executed | Event::Call => {
                    self.count += 1;
                    self.delays.clear();
                    registers = tracee.registers()?;
                }
                Event::Exiting => {
                    self.count += u64::from(executes);
                    return Ok(None);
                }
                Event::Ended(outcome, _) => return Ok(Some(outcome)),
            }
        }
    }

    fn delays(&mut self, tracee: &Tracee, at: u64, long: bool) -> bool {
        *self.delays.entry(at).or_insert_with(|| holds_back_the_trap(&code(tracee, at), long))
    }
}

const SIGTRAP: i32 = 5;

/// `si_code` of a step: TRAP_BRKPT behind a system call, TRAP_TRACE, and SIGTRAP at the start of a handler.
/// A breakpoint has SI_KERNEL, other processes send zero or less.
fn is_step(code: i32) -> bool {
    matches!(code, 1 | 2 | SIGTRAP)
}

fn code(tracee: &Tracee, at: u64) -> Vec<u8> {
    const LONGEST: usize = 15;
    let mut bytes = vec![0; LONGEST];
    let count = tracee.read(at, &mut bytes);
    bytes.truncate(count);
    bytes
}

/// The first byte that is no prefix, what follows it, and whether there was a repeat prefix.
fn opcode(code: &[u8], long: bool) -> Option<(u8, &[u8], bool)> {
    let is_prefix = |byte: u8| {
        matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67 | 0xf0 | 0xf2 | 0xf3)
            || long && (0x40..=0x4f).contains(&byte)
    };
    let prefixes = code.iter().take_while(|&&byte| is_prefix(byte)).count();
    let (&opcode, rest) = code[prefixes..].split_first()?;
    Some((opcode, rest, code[..prefixes].iter().any(|byte| matches!(byte, 0xf2 | 0xf3))))
}

/// Whether it is a string instruction with a repeat prefix.
fn repeats(code: &[u8], long: bool) -> bool {
    matches!(opcode(code, long), Some((0xa4..=0xa7 | 0xaa..=0xaf | 0x6c..=0x6f, _, true)))
}

/// `mov ss, …` and `pop ss`.
fn holds_back_the_trap(code: &[u8], long: bool) -> bool {
    match opcode(code, long) {
        Some((0x8e, [modrm, ..], _)) => modrm >> 3 & 7 == 2,
        Some((0x17, _, _)) => !long,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_that_trap_otherwise_are_known() {
        for (code, long, expected) in [
            (&[0xf3, 0xa4][..], true, true),
            (&[0xf3, 0x48, 0xab], true, true),
            (&[0x66, 0xf2, 0xae], false, true),
            (&[0xa4], true, false),
            (&[0xf3, 0x0f, 0x1e, 0xfa], true, false),
            (&[0xeb, 0xfe], true, false),
            (&[0xf3], true, false),
        ] {
            assert_eq!(repeats(code, long), expected, "{code:x?}");
        }
        for (code, long, expected) in [
            (&[0x8e, 0xd0][..], true, true),
            (&[0x8e, 0xd8], true, false),
            (&[0x17], false, true),
            (&[0x17], true, false),
        ] {
            assert_eq!(holds_back_the_trap(code, long), expected, "{code:x?}");
        }
    }

    /// Writes a zero to each of so many pages of its .bss, and exits.
    #[cfg(target_arch = "x86_64")]
    fn toucher(pages: u32) -> Vec<u8> {
        let mut code = vec![0xbf, 0x00, 0x10, 0x40, 0x00]; // mov edi,0x401000
        code.push(0xb9); // mov ecx,pages
        code.extend(pages.to_le_bytes());
        code.extend([0xc6, 0x07, 0x00]); // again: mov byte [rdi],0
        code.extend([0x81, 0xc7, 0x00, 0x10, 0x00, 0x00]); // add edi,4096
        code.extend([0xff, 0xc9, 0x75, 0xf3]); // dec ecx / jnz again
        code.extend([0xb8, 0x3c, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05]); // exit(0)
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
        let mut words = vec![0x40_0078_u64, 64, 0]; // e_entry, e_phoff, e_shoff
        words.extend([0x0038_0040_0000_0000, 1]); // e_ehsize, e_phentsize; e_phnum
        words.extend([0x7_0000_0001, 0, 0x40_0000, 0x40_0000]); // PT_LOAD rwx, p_offset, p_vaddr, p_paddr
        let length = 120 + code.len() as u64;
        words.extend([length, 0x1000 + 4096 * u64::from(pages), 0x1000]);
        words.iter().for_each(|word| file.extend(word.to_le_bytes()));
        file.extend(code);
        file
    }

    /// The reading of counters, with those that the kernel itself keeps: every machine has them.
    #[cfg(target_arch = "x86_64")]
    #[allow(clippy::print_stderr, reason = "what was left out is said")]
    #[test]
    fn counters_of_the_kernel_count_the_faults_of_the_program() {
        use perf_event::events::Software;

        let bytes = toucher(5);
        let program = Program { bytes: &bytes, name: "toucher", arguments: &[] };
        let mut tracee = Tracee::start(&program).unwrap();
        tracee.stop_at_exit().unwrap();
        let before = tracee.page_faults().unwrap();
        let counters = Counters::of(tracee.pid(), Software::PAGE_FAULTS, Software::PAGE_FAULTS_MIN);
        assert!(run_to_exit(&mut tracee).unwrap().is_none(), "it ended before its exit");
        let faults = tracee.page_faults().unwrap() - before;
        assert!(faults >= 5, "{faults} page faults");
        match counters {
            Some(counters) => {
                let (all, minor) = counters.read();
                assert_eq!((all, minor), (Some(faults), Some(faults)));
            }
            None => eprintln!("left out: this machine does not let us count page faults"),
        }
        assert_eq!(tracee.finish().unwrap(), Outcome::Exited(0));
    }

    /// Without counters of the processor the steps are counted, and the answer says which of the two it is.
    #[cfg(target_arch = "x86_64")]
    #[test]
    fn instructions_are_counted_one_way_or_the_other() {
        let bytes = toucher(7);
        let program = Program { bytes: &bytes, name: "toucher", arguments: &[] };
        let measured = measure(&program).unwrap();
        assert_eq!(measured.outcome, Outcome::Exited(0));
        if measured.by_counters {
            // A counter may count an interrupted instruction twice.
            assert!(measured.instructions.is_none_or(|count| (33..50).contains(&count)), "{measured:?}");
        } else {
            assert_eq!((measured.instructions, measured.cycles), (Some(2 + 7 * 4 + 3), None));
        }
    }
}
