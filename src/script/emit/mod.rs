//! Operations to instructions: one driver for all machines, and one file for each that knows its instructions.
//!
//! The driver walks the operations in order and keeps, for every register, what it is known to hold ([`state`]).
//! In the tracked form a value that is wanted in a register costs nothing when it is there already, and else the
//! fewest bytes that the machine finds given what all registers hold.  The registers of a call are set in the
//! order that costs least ([`order`]).  Knowledge at a label is what all jumps to it have in common; a loop's
//! jump back is only seen later, so the walk is repeated, knowing ever less, until nothing changes.
//!
//! The plain form uses none of it: every register of a call is set by the obvious instruction.

mod aarch64;
mod allocate;
mod order;
mod riscv64;
mod source;
mod state;
mod unit;
mod x86;

use super::ir::{Condition, DataId, Label, Op, Operand, Operator, Place, Program, Width};
use super::{Options, fold};
use crate::elf::records::Machine;
use crate::source::Span;
use crate::unit::Unit;
use allocate::{Allocation, Home};
use state::{State, Val};

/// A machine register, by its number in encodings.
type Reg = u8;
/// A set of registers, bit by number.
type RegSet = u32;

/// What the driver has to know of a machine's registers.
struct Registers {
    number: Reg,
    arguments: [Reg; 6],
    result: Reg,
    /// What a call destroys besides the result.
    clobbered: RegSet,
    /// For intermediate values within one operation; never a home.
    work: [Reg; 2],
    /// In the order of preference.
    homes: &'static [Reg],
    /// All that may be read and copied from.
    general: RegSet,
    /// Zero at process entry, by the kernel's word.
    zero_at_entry: RegSet,
}

/// An operand that an instruction can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Src {
    Reg(Reg),
    Const(i64),
    Data(DataId, i64),
    Stack(i64),
}

/// A place in the program that an instruction refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Label(Label),
    Data(DataId, i64),
}

/// A machine.
trait Isa {
    type Inst: Clone + std::fmt::Debug;

    fn registers(&self) -> &'static Registers;
    /// Registers that an operation destroys besides its result and the work registers.
    fn clobbers(&self, op: &Op) -> RegSet;
    /// Bytes of an instruction; of a jump, when it is short.
    fn size(&self, inst: &Self::Inst) -> usize;
    /// Ways to put a number in a register; with a state, also those that use what registers hold.
    fn constant(&self, to: Reg, value: i64, known: Option<&State>) -> Vec<Vec<Self::Inst>>;
    /// Ways to put an address in a register.
    fn address(&self, to: Reg, data: DataId, offset: i64, known: Option<&State>) -> Vec<Vec<Self::Inst>>;
    fn copy(&self, to: Reg, from: Reg) -> Self::Inst;
    /// The stack pointer at entry, moved: `offset` counts from the stack pointer now.
    fn stack_address(&self, to: Reg, offset: i64) -> Vec<Self::Inst>;
    fn load_slot(&self, to: Reg, offset: i64) -> Self::Inst;
    fn store_slot(&self, from: Reg, offset: i64) -> Self::Inst;
    /// Room for the slots, at entry.
    fn reserve(&self, bytes: i64) -> Vec<Self::Inst>;
    fn system_call(&self) -> Self::Inst;
    fn jump(&self, target: Label) -> Self::Inst;
    fn binary(&self, out: &mut Emitter<'_, Self>, operator: Operator, to: Reg, left: Src, right: Src)
    where
        Self: Sized;
    fn set(&self, out: &mut Emitter<'_, Self>, condition: Condition, to: Reg, left: Src, right: Src)
    where
        Self: Sized;
    fn branch(&self, out: &mut Emitter<'_, Self>, condition: Condition, left: Src, right: Src, target: Label)
    where
        Self: Sized;
    fn load(&self, out: &mut Emitter<'_, Self>, width: Width, to: Reg, address: Src, offset: i64)
    where
        Self: Sized;
    fn store(&self, out: &mut Emitter<'_, Self>, width: Width, address: Src, offset: i64, value: Src)
    where
        Self: Sized;
}

/// One step of the finished code.
#[derive(Clone, Debug)]
enum Step<I> {
    Label(Label),
    Inst(I),
}

/// The finished code of a script.
struct Code<I> {
    steps: Vec<(Step<I>, Span)>,
}

/// The state of one walk.
struct Emitter<'a, M: Isa> {
    isa: &'a M,
    machine: Machine,
    program: &'a Program,
    allocation: &'a Allocation,
    plain: bool,
    state: State,
    /// Whether control comes here.
    reached: bool,
    steps: Vec<(Step<M::Inst>, Span)>,
    span: Span,
    frame: i64,
    word: i64,
}

/// Compiles operations to the unit that layout takes.
pub(super) fn emit(program: &Program, options: &Options) -> Unit {
    match options.machine {
        Machine::X86_64 | Machine::I386 => {
            let isa = x86::X86::new(options.machine);
            unit::x86(program, &code(&isa, program, options), options)
        }
        Machine::Aarch64 => unit::aarch64(program, &code(&aarch64::A64, program, options), options),
        Machine::Riscv64 => unit::riscv64(program, &riscv64_code(program, options), options),
    }
}

/// Code with short addresses, or with long ones where the program may be too large for them.
fn riscv64_code(program: &Program, options: &Options) -> Code<riscv64::Inst> {
    /// `c.lui` reaches 31 pages; the program begins at the sixteenth (`image_base` in `layout`), and the page of a
    /// second segment and the headers are taken off.
    const ROOM: u64 = (31 - 16 - 2) << 12;
    /// A branch that is far away takes two instructions.
    const LONGEST: u64 = 8;
    let isa = riscv64::Rv64 { plain: options.plain, low: options.low };
    let short = code(&isa, program, options);
    let starts = latest_starts(program, short.steps.len() as u64 * LONGEST);
    let reaches = |step: &Step<riscv64::Inst>| match step {
        Step::Inst(riscv64::Inst { target: Some((Target::Data(DataId(id), offset), _)), .. }) => {
            starts[*id as usize].checked_add_signed(*offset).is_some_and(|at| at <= ROOM)
        }
        _ => true,
    };
    if !isa.low || short.steps.iter().all(|(step, _)| reaches(step)) {
        return short;
    }
    code(&riscv64::Rv64 { low: false, ..isa }, program, options)
}

/// Where each datum begins at the latest, when so many bytes of code stand before all of them.
fn latest_starts(program: &Program, code: u64) -> Vec<u64> {
    let mut starts = vec![0; program.data.len()];
    let mut end = code;
    for place in [Place::ReadOnly, Place::Mutable, Place::Space] {
        let own = || (0..).zip(&program.data).filter(move |(_, datum)| datum.place == place);
        for (at, datum) in own() {
            let at: usize = at;
            starts[at] = end.saturating_add(datum.align);
            end = starts[at].saturating_add(datum.size).saturating_add(u64::from(datum.terminated));
        }
        if place == Place::ReadOnly {
            // It may be found inside of what comes later.
            own().for_each(|(at, _)| starts[at] = end);
        }
    }
    starts
}

/// Compiles operations to source text for the machine's assembler; `lines` finds a script's line for a comment.
pub(super) fn source(
    program: &Program,
    options: &Options,
    lines: &dyn Fn(Span) -> Option<(u32, String)>,
) -> String {
    let writer = source::Writer::new(program, options, lines);
    match options.machine {
        Machine::X86_64 | Machine::I386 => {
            source::x86(writer, &code(&x86::X86::new(options.machine), program, options))
        }
        Machine::Aarch64 => source::aarch64(writer, &code(&aarch64::A64, program, options)),
        Machine::Riscv64 => source::riscv64(writer, &riscv64_code(program, options)),
    }
}

/// Walks until what is known at every label holds on all paths.
fn code<M: Isa>(isa: &M, program: &Program, options: &Options) -> Code<M::Inst> {
    let registers = isa.registers();
    let allocation = allocate::allocate(program, registers, |op| isa.clobbers(op));
    let word = i64::from(fold::word_bits(options.machine) / 8);
    // Every machine here keeps its stack pointer at a multiple of 16 (AAPCS64 demands it of each access).
    let frame = (allocation.slots as i64 * word + 15) / 16 * 16;
    let mut labels: Vec<Option<State>> = vec![None; program.labels as usize];
    loop {
        let zero = if options.plain { 0 } else { registers.zero_at_entry };
        let mut emitter = Emitter {
            isa,
            machine: options.machine,
            program,
            allocation: &allocation,
            plain: options.plain,
            state: State::at_entry(zero, allocation.slots),
            reached: true,
            steps: Vec::new(),
            span: Span::NONE,
            frame,
            word,
        };
        if frame > 0 {
            emitter.extend(isa.reserve(frame));
        }
        if !emitter.walk(&mut labels) {
            return Code { steps: emitter.steps };
        }
    }
}

/// Adds what is known on one more path to a label; whether the label now knows less.
fn flow(label: &mut Option<State>, state: &State) -> bool {
    let met = match &*label {
        None => state.renamed(),
        Some(before) => before.meet(state),
    };
    let changed = label.as_ref() != Some(&met);
    *label = Some(met);
    changed
}

impl<M: Isa> Emitter<'_, M> {
    fn push(&mut self, inst: M::Inst) {
        self.steps.push((Step::Inst(inst), self.span));
    }

    fn extend(&mut self, insts: Vec<M::Inst>) {
        insts.into_iter().for_each(|inst| self.push(inst));
    }

    /// One walk; whether a label that was passed already lost knowledge.
    fn walk(&mut self, labels: &mut [Option<State>]) -> bool {
        let mut again = false;
        let mut passed = vec![false; labels.len()];
        for at in 0..self.program.ops.len() {
            let (op, span) = &self.program.ops[at];
            self.span = *span;
            if let Op::Label(label) = op {
                let index = label.0 as usize;
                passed[index] = true;
                if self.reached {
                    flow(&mut labels[index], &self.state);
                }
                self.reached = labels[index].is_some();
                if let Some(state) = &labels[index] {
                    self.state = state.clone();
                    self.steps.push((Step::Label(*label), *span));
                }
                continue;
            }
            if !self.reached {
                continue;
            }
            let unused = self.allocation.dead[at];
            match op {
                Op::Jump(target) => {
                    again |= self.jump(at, *target, labels, &passed);
                    self.reached = false;
                }
                Op::Branch { condition, left, right, target } => {
                    self.branch(*condition, *left, *right, *target);
                    let index = target.0 as usize;
                    again |= flow(&mut labels[index], &self.state) && passed[index];
                }
                Op::Call { number, arguments, result, ends } => {
                    self.call(*number, arguments, result.filter(|_| !unused));
                    self.reached = !ends;
                }
                _ if unused => {}
                _ => self.simple(op),
            }
        }
        again
    }

    /// A jump, unless what follows is its target, or the test there is known to lead right behind the jump.
    fn jump(&mut self, at: usize, target: Label, labels: &mut [Option<State>], passed: &[bool]) -> bool {
        let next = self.program.ops[at + 1..].iter().map(|(op, _)| op);
        if next.clone().take_while(|op| matches!(op, Op::Label(_))).any(|op| *op == Op::Label(target)) {
            return flow(&mut labels[target.0 as usize], &self.state) && passed[target.0 as usize];
        }
        if !self.plain
            && let Some(Op::Label(here)) = next.clone().next()
            && self.test_is_known(target, *here)
        {
            return flow(&mut labels[here.0 as usize], &self.state) && passed[here.0 as usize];
        }
        let inst = self.isa.jump(target);
        self.push(inst);
        flow(&mut labels[target.0 as usize], &self.state) && passed[target.0 as usize]
    }

    /// Whether the operation at `test` is a branch to `back` that is taken, given what is known here.
    fn test_is_known(&self, test: Label, back: Label) -> bool {
        let ops = &self.program.ops;
        let Some(place) = ops.iter().position(|(op, _)| *op == Op::Label(test)) else { return false };
        let Some((Op::Branch { condition, left, right, target }, _)) = ops.get(place + 1) else {
            return false;
        };
        match (self.value_of(*left), self.value_of(*right)) {
            (Some(Val::Const(left)), Some(Val::Const(right))) => {
                *target == back && condition.holds(left, right)
            }
            _ => false,
        }
    }

    /// What is known of an operand; `None` for an address on the stack.
    fn value_of(&self, operand: Operand) -> Option<Val> {
        match operand {
            Operand::Const(number) => Some(Val::Const(number)),
            Operand::Data(id, offset) => Some(Val::Data(id, offset)),
            Operand::Stack(_) => None,
            Operand::Reg(register) => match self.allocation.homes[register.0 as usize] {
                Home::Register(home) => Some(self.state.get(home)),
                Home::Slot(slot) => Some(self.state.slot(slot)),
                Home::None => None,
            },
        }
    }

    /// The operand as an instruction can name it; a value on the stack is fetched to `work`.
    fn source(&mut self, operand: Operand, work: Reg) -> Src {
        match operand {
            Operand::Const(number) => Src::Const(number),
            Operand::Data(id, offset) => Src::Data(id, offset),
            Operand::Stack(offset) => Src::Stack(offset + self.frame),
            Operand::Reg(register) => match self.allocation.homes[register.0 as usize] {
                Home::Register(home) => Src::Reg(home),
                Home::Slot(slot) => {
                    self.fetch(work, slot);
                    Src::Reg(work)
                }
                Home::None => Src::Const(0),
            },
        }
    }

    fn fetch(&mut self, to: Reg, slot: usize) {
        let value = self.state.slot(slot);
        if !self.plain && self.state.get(to) == value {
            return;
        }
        let inst = self.isa.load_slot(to, slot as i64 * self.word);
        self.push(inst);
        self.state.set(to, value);
    }

    /// Puts an operand in a register of the machine's choice: where it is already, or `work`.
    fn in_register(&mut self, source: Src, work: Reg) -> Reg {
        match source {
            Src::Reg(register) => register,
            Src::Const(number) => {
                if let Some(holder) = self.holder(Val::Const(number), work) {
                    return holder;
                }
                self.set_value(work, Val::Const(number));
                work
            }
            Src::Data(id, offset) => {
                if let Some(holder) = self.holder(Val::Data(id, offset), work) {
                    return holder;
                }
                self.set_value(work, Val::Data(id, offset));
                work
            }
            Src::Stack(offset) => {
                let insts = self.isa.stack_address(work, offset);
                self.extend(insts);
                self.state.forget(work);
                work
            }
        }
    }

    /// A register that holds a value already.  The other work register does not count: the operation's next
    /// operand may be put there before this one is used.
    fn holder(&self, value: Val, work: Reg) -> Option<Reg> {
        let registers = self.isa.registers();
        let others = registers.work.iter().filter(|&&other| other != work);
        let among = others.fold(registers.general, |among, other| among & !(1 << other));
        if self.plain { None } else { self.state.holders(value, among).next() }
    }

    /// Makes a register hold a value, in the fewest bytes.
    fn set_value(&mut self, to: Reg, value: Val) {
        if let Some(insts) = self.ways(to, value, &self.state) {
            self.extend(insts);
        }
        self.state.set(to, value);
    }

    /// The shortest way to make a register hold a value; `None` when there is none: an unknown value that no
    /// register holds.
    fn ways(&self, to: Reg, value: Val, state: &State) -> Option<Vec<M::Inst>> {
        if !self.plain && state.get(to) == value {
            return Some(Vec::new());
        }
        let known = (!self.plain).then_some(state);
        let mut found = match value {
            Val::Const(number) => self.isa.constant(to, number, known),
            Val::Data(id, offset) => self.isa.address(to, id, offset, known),
            Val::Something(_) => Vec::new(),
        };
        if !self.plain || matches!(value, Val::Something(_)) {
            let holder = state.holders(value, self.isa.registers().general).find(|&from| from != to);
            found.extend(holder.map(|from| vec![self.isa.copy(to, from)]));
        }
        let size = |insts: &Vec<M::Inst>| insts.iter().map(|inst| self.isa.size(inst)).sum::<usize>();
        found.into_iter().min_by_key(size)
    }

    /// Puts the value of an operand in a register.
    fn place(&mut self, to: Reg, operand: Operand) {
        match operand {
            Operand::Stack(offset) => {
                let insts = self.isa.stack_address(to, offset + self.frame);
                self.extend(insts);
                self.state.forget(to);
            }
            Operand::Reg(register) => match self.allocation.homes[register.0 as usize] {
                Home::Register(home) if home == to => {}
                Home::Register(home) if self.plain => {
                    let inst = self.isa.copy(to, home);
                    self.push(inst);
                    self.state.set(to, self.state.get(home));
                }
                Home::Register(home) => self.set_value(to, self.state.get(home)),
                Home::Slot(slot) => {
                    let value = self.state.slot(slot);
                    match self.ways(to, value, &self.state) {
                        Some(insts) if !self.plain => {
                            self.extend(insts);
                            self.state.set(to, value);
                        }
                        _ => self.fetch(to, slot),
                    }
                }
                Home::None => self.set_value(to, Val::Const(0)),
            },
            Operand::Const(number) => self.set_value(to, Val::Const(number)),
            Operand::Data(id, offset) => self.set_value(to, Val::Data(id, offset)),
        }
    }

    /// The register in which an operation shall leave its result, and the slot that it goes to then.
    fn destination(&self, to: super::ir::VReg) -> (Reg, Option<usize>) {
        match self.allocation.homes[to.0 as usize] {
            Home::Register(home) => (home, None),
            Home::Slot(slot) => (self.isa.registers().work[0], Some(slot)),
            Home::None => (self.isa.registers().work[0], None),
        }
    }

    fn finish(&mut self, register: Reg, slot: Option<usize>) {
        if let Some(slot) = slot {
            let inst = self.isa.store_slot(register, slot as i64 * self.word);
            self.push(inst);
            self.state.set_slot(slot, self.state.get(register));
        }
    }

    fn simple(&mut self, op: &Op) {
        let [first, second] = self.isa.registers().work;
        let isa = self.isa;
        match op {
            Op::Copy { to, from } => {
                let (register, slot) = self.destination(*to);
                self.place(register, *from);
                self.finish(register, slot);
            }
            Op::Binary { operator, to, left, right } => {
                let known = match (self.value_of(*left), self.value_of(*right)) {
                    (Some(Val::Const(left)), Some(Val::Const(right))) => {
                        Some(Val::Const(fold::apply(self.machine, *operator, left, right)))
                    }
                    (Some(Val::Data(id, at)), Some(Val::Const(moved))) if *operator == Operator::Add => {
                        Some(Val::Data(id, fold::wrap(self.machine, at.wrapping_add(moved))))
                    }
                    _ => None,
                };
                let (register, slot) = self.destination(*to);
                let left = self.source(*left, first);
                let right = self.source(*right, second);
                isa.binary(self, *operator, register, left, right);
                self.state.forget_all(isa.clobbers(op));
                match known {
                    Some(value) if !self.plain => self.state.set(register, value),
                    _ => self.state.forget(register),
                }
                self.finish(register, slot);
            }
            Op::Set { condition, to, left, right } => {
                let (register, slot) = self.destination(*to);
                let left = self.source(*left, first);
                let right = self.source(*right, second);
                isa.set(self, *condition, register, left, right);
                self.state.forget(register);
                self.finish(register, slot);
            }
            Op::Load { to, width, address, offset } => {
                let (register, slot) = self.destination(*to);
                let address = self.source(*address, first);
                isa.load(self, *width, register, address, *offset);
                self.state.forget(register);
                self.finish(register, slot);
            }
            Op::Store { width, address, offset, value } => {
                let value = self.source(*value, first);
                let address = self.source(*address, second);
                isa.store(self, *width, address, *offset, value);
            }
            Op::Call { .. } | Op::Label(_) | Op::Jump(_) | Op::Branch { .. } => {}
        }
    }

    fn branch(&mut self, condition: Condition, left: Operand, right: Operand, target: Label) {
        let [first, second] = self.isa.registers().work;
        let left = self.source(left, first);
        let right = self.source(right, second);
        let isa = self.isa;
        isa.branch(self, condition, left, right, target);
    }

    fn call(&mut self, number: Operand, arguments: &[Operand], result: Option<super::ir::VReg>) {
        let registers = self.isa.registers();
        let places = registers.arguments.iter().copied().zip(arguments.iter().copied());
        let mut wanted: Vec<(Reg, Operand)> = places.collect();
        // In plain code the number goes first, as people write it; a number on the stack of values goes last.
        wanted.insert(0, (registers.number, number));
        if self.plain {
            // A value in a register that another argument takes would be lost; homes are never such.
            wanted.into_iter().for_each(|(to, operand)| self.place(to, operand));
        } else {
            self.place_in_best_order(wanted);
        }
        let inst = self.isa.system_call();
        self.push(inst);
        self.state.forget_all(registers.clobbered);
        self.state.forget(registers.result);
        let Some(result) = result else { return };
        match self.allocation.homes[result.0 as usize] {
            Home::Register(home) if home != registers.result => {
                let inst = self.isa.copy(home, registers.result);
                self.push(inst);
                self.state.set(home, self.state.get(registers.result));
            }
            Home::Slot(slot) => self.finish(registers.result, Some(slot)),
            _ => {}
        }
    }
}
