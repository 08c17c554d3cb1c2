//! What a system call will do: which call the number means, whether it comes back, and what its author meant.
//!
//! A number that belongs to the other convention, or was written in the wrong base, is read as its author meant it
//! from there on, so that one mistake is not reported as three.

use super::graph::{Graph, Kind, Node};
use super::program::Program;
use super::state::{PROGRAM, State};
use super::text;
use super::value::{Ins, Value};
use crate::elf::records::Machine;
use crate::syscall::{self, Parameter, Syscall};

/// Numbers of registers in the order of the arguments.
const SYSCALL: [u8; 6] = [7, 6, 2, 10, 8, 9];
const INT_80: [u8; 6] = [3, 1, 2, 6, 7, 5];
const BX: u8 = 3;
const CX: u8 = 1;

/// Why the number does not mean what its author thought.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mistake {
    /// `int 0x80` was given what `syscall` takes.
    Int80(&'static Syscall),
    /// `syscall` was given what `int 0x80` takes.
    Syscall(&'static Syscall),
    /// `$60` was meant as decimal.
    Dollar(&'static Syscall),
}

/// A system call whose number is known.
pub(super) struct Call {
    /// The convention that the instruction obeys.
    pub(super) machine: Machine,
    pub(super) number: u16,
    pub(super) call: &'static Syscall,
    pub(super) mistake: Option<Mistake>,
}

/// Whether execution goes on behind a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Returns,
    MayEnd,
    Ends,
}

/// Calls that end or replace the process if all goes well.
const MAY_END: [&str; 9] =
    ["execve", "execveat", "kill", "tkill", "tgkill", "reboot", "pause", "rt_sigsuspend", "sigsuspend"];

/// The call at an instruction; `None` when its number is not known or means nothing.
pub(super) fn call(program: &Program<'_>, graph: &Graph, ins: Ins, state: &State) -> Option<Call> {
    let node = graph.node(ins);
    let machine = convention(program, node);
    let number = u16::try_from(state.registers[0].constant()? & 0xffff_ffff).ok()?;
    let call = named(machine, number)?;
    let mut found = Call { machine, number, call, mistake: None };
    let decimal = text::meant_in_decimal(program, graph, state.writers[0], number);
    let dollar = decimal.and_then(|number| named(machine, number)).map(Mistake::Dollar);
    found.mistake = dollar.or_else(|| match (node.kind, program.is_64()) {
        (Kind::Int80, true) => int_80(number, state).map(Mistake::Int80),
        (Kind::Syscall, _) => old_number(&found, state).map(Mistake::Syscall),
        _ => None,
    });
    Some(found)
}

fn convention(program: &Program<'_>, node: &Node) -> Machine {
    if program.is_64() && node.kind == Kind::Syscall { Machine::X86_64 } else { Machine::I386 }
}

/// The call with a number.
fn named(machine: Machine, number: u16) -> Option<&'static Syscall> {
    syscall::number_names(number).find(|(other, _)| *other == machine).map(|(_, call)| call)
}

/// Whether a call gives a new thread its own stack: behind it there are two.
pub(super) fn changes_stack(program: &Program<'_>, graph: &Graph, ins: Ins, state: &State) -> bool {
    call(program, graph, ins, state).is_some_and(|call| match call.call.name {
        "clone" => state.registers[usize::from(call.registers()[1])] != Value::Const(0),
        name => name == "clone3",
    })
}

/// Whether a call may make pages writable, or change what is in them whatever their protection.
pub(super) fn changes_memory(call: &Call, state: &State) -> bool {
    match call.call.name {
        "mprotect" | "pkey_mprotect" | "mremap" | "ptrace" | "process_vm_writev" => true,
        // Where the kernel chooses the place, nothing of the program lies.
        "mmap" | "mmap2" => state.registers[usize::from(call.registers()[0])] != Value::Const(0),
        _ => false,
    }
}

/// Whether execution goes on behind the system call at an instruction.
pub(super) fn fate(program: &Program<'_>, graph: &Graph, ins: Ins, state: &State) -> Fate {
    let Some(call) = call(program, graph, ins, state) else { return Fate::MayEnd };
    let meant = call.meant();
    match meant.ends_process() {
        true => Fate::Ends,
        false if MAY_END.contains(&meant.name) => Fate::MayEnd,
        false => Fate::Returns,
    }
}

impl Call {
    /// The call that the author had in mind.
    pub(super) fn meant(&self) -> &'static Syscall {
        match self.mistake {
            Some(Mistake::Int80(call) | Mistake::Syscall(call) | Mistake::Dollar(call)) => call,
            None => self.call,
        }
    }

    /// The registers with the arguments, in order.
    pub(super) fn registers(&self) -> [u8; 6] {
        arguments(self.machine)
    }

    /// Parameters that take one register each, with the number of that register.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (u8, Parameter)> {
        simple(self.call, self.machine)
            .zip(self.registers())
            .map(|(parameter, register)| (register, parameter))
    }
}

fn arguments(machine: Machine) -> [u8; 6] {
    if machine == Machine::X86_64 { SYSCALL } else { INT_80 }
}

/// The parameters up to the first that i386 passes in two registers.
fn simple(call: &'static Syscall, machine: Machine) -> impl Iterator<Item = Parameter> {
    let all = call.parameters(machine).unwrap_or_default().iter().copied();
    all.take_while(move |one| machine == Machine::X86_64 || one.kind != syscall::Kind::Off64)
}

/// Whether a register has what it had when the process started, on every path.
pub(super) fn never_set(state: &State, register: u8) -> bool {
    state.began == PROGRAM && matches!(state.registers[usize::from(register)], Value::Start(_))
}

/// What `int 0x80` would be for `syscall`, when the arguments were put where `syscall` takes them: they were written
/// and nothing has read them, and the first register of `int 0x80` was never touched.
fn int_80(number: u16, state: &State) -> Option<&'static Syscall> {
    let meant = named(Machine::X86_64, number)?;
    // A call without arguments has nothing in the wrong place.
    if named(Machine::I386, number)?.parameters(Machine::I386)?.is_empty() {
        return None;
    }
    let count = meant.parameters(Machine::X86_64)?.len().min(2);
    let waits = |register: &u8| state.pending >> register & 1 == 1;
    (count > 0 && SYSCALL[..count].iter().all(waits) && never_set(state, BX)).then_some(meant)
}

/// What `syscall` would be for `int 0x80`, when the arguments are where `int 0x80` takes them, or are of a kind that
/// the other call takes and this one cannot.
fn old_number(found: &Call, state: &State) -> Option<&'static Syscall> {
    let meant = named(Machine::I386, found.number)?;
    let own = found.call.parameters(Machine::X86_64)?;
    let theirs: Vec<Parameter> = simple(meant, Machine::I386).collect();
    if theirs.is_empty() || own.is_empty() {
        return None;
    }
    let waits = |register: u8| state.pending >> register & 1 == 1;
    let untouched = SYSCALL[..own.len().min(2)].iter().all(|&register| never_set(state, register));
    if untouched && waits(BX) && (own.len() > 1 || waits(CX)) {
        // More arguments than the other call takes: the number is right, and the registers are wrong.
        let more = INT_80.iter().take_while(|&&register| waits(register)).count() > theirs.len();
        return Some(if more { found.call } else { meant });
    }
    let impossible = own.iter().zip(&theirs).zip(SYSCALL).any(|((own, theirs), register)| {
        match state.registers[usize::from(register)] {
            // No page is mapped there (vm.mmap_min_addr), so that the call can only fail.
            Value::Const(1..0x1000) => {
                own.kind.is_address() && own.kind != syscall::Kind::Ptr && !theirs.kind.is_address()
            }
            Value::Address(..) => own.kind == syscall::Kind::Fd && theirs.kind.is_address(),
            _ => false,
        }
    });
    impossible.then_some(meant)
}
