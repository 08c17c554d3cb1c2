//! What is known before an instruction: registers, a few stack slots, which flags are possible.

use super::flags::Flags;
use super::value::{Ins, Lost, NOWHERE, Value};

/// The number of the stack pointer.
pub(super) const SP: usize = 4;

/// So many slots are remembered.
const MOST_SLOTS: usize = 24;

/// What began the code that runs: bits, because code may be shared.
pub(super) const PROGRAM: u8 = 1;
/// A function.
pub(super) const FUNCTION: u8 = 2;

/// Everything that is known at one point.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) registers: [Value; 16],
    /// The instruction that wrote each register last; [`NOWHERE`] when there are several.
    pub(super) writers: [Ins; 16],
    /// Registers that were written and not read since, on every path.
    pub(super) pending: u16,
    pub(super) flags: Flags,
    /// Values on the stack by their distance from where the stack pointer began.
    slots: Vec<(i64, Value)>,
    /// Whether the word at the distance 0, where a function's return address is, is what it was.
    pub(super) return_intact: bool,
    /// The beginnings (as in `began`) from which a path leads here on which every call is known to return.
    pub(super) certain: u8,
    /// [`PROGRAM`], [`FUNCTION`] or both.
    pub(super) began: u8,
}

impl Clone for State {
    fn clone(&self) -> Self {
        State { slots: self.slots.clone(), ..*self }
    }

    /// Keeps the room for the slots: every instruction takes a copy of what was before it.
    fn clone_from(&mut self, other: &Self) {
        let mut slots = std::mem::take(&mut self.slots);
        slots.clone_from(&other.slots);
        *self = State { slots, ..*other };
    }
}

impl State {
    /// At the beginning of the program or of a function.
    pub(super) fn new(began: u8, certain: u8) -> State {
        let mut registers = [Value::Unknown; 16];
        for (number, value) in (0..).zip(&mut registers) {
            *value = Value::Start(number);
        }
        registers[SP] = Value::Stack(0);
        State {
            registers,
            writers: [NOWHERE; 16],
            pending: 0,
            flags: Flags::ALL,
            slots: Vec::new(),
            return_intact: true,
            certain,
            began,
        }
    }

    /// Takes in another path; whether anything changed.
    pub(super) fn join(&mut self, other: &State) -> bool {
        let mut changed = false;
        for (own, theirs) in self.registers.iter_mut().zip(&other.registers) {
            changed |= put(own, own.join(*theirs));
        }
        for (own, theirs) in self.writers.iter_mut().zip(&other.writers) {
            changed |= *own != *theirs && put(own, NOWHERE);
        }
        let slots = self.slots.len();
        self.slots.retain(|slot| other.slots.contains(slot));
        changed |= self.slots.len() != slots;
        let pending = self.pending & other.pending;
        changed |= put(&mut self.pending, pending);
        let flags = self.flags.union(other.flags);
        changed |= put(&mut self.flags, flags);
        let return_intact = self.return_intact & other.return_intact;
        changed |= put(&mut self.return_intact, return_intact);
        let (certain, began) = (self.certain | other.certain, self.began | other.began);
        changed |= put(&mut self.certain, certain);
        changed | put(&mut self.began, began)
    }

    /// Puts a value into a register.
    pub(super) fn set(&mut self, register: u8, value: Value, by: Ins) {
        self.registers[usize::from(register)] = value;
        self.writers[usize::from(register)] = by;
        self.pending |= 1 << register;
    }

    /// The value at a distance on the stack.
    pub(super) fn slot(&self, at: i64) -> Option<Value> {
        self.slots.iter().find(|slot| slot.0 == at).map(|slot| slot.1)
    }

    /// Puts a value on the stack; words of `width` bytes that overlap it are forgotten.
    pub(super) fn put_slot(&mut self, at: i64, value: Value, width: i64) {
        let apart = |from: i64, to: i64| from.wrapping_sub(to).unsigned_abs() >= width.unsigned_abs();
        self.slots.retain(|slot| apart(slot.0, at));
        if self.slots.len() < MOST_SLOTS {
            self.slots.push((at, value));
        }
        if !apart(at, 0) {
            self.return_intact = false;
        }
    }

    /// Something was written somewhere on the stack.
    pub(super) fn forget_slots(&mut self) {
        self.slots.clear();
        self.return_intact = false;
    }

    /// The state behind a call, from the state before it and the state in which the function returns.
    pub(super) fn after_call(&self, callee: &State) -> State {
        let mut after = self.clone();
        for (index, value) in callee.registers.iter().enumerate() {
            if index == SP || *value == Value::Start(u8::try_from(index).unwrap_or(0)) {
                continue;
            }
            let own = |register: u8| self.registers[usize::from(register)];
            after.registers[index] = match *value {
                Value::Start(register) => own(register),
                Value::Stack(_) => Value::OnStack,
                Value::Clobbered(at, Lost::Start(register)) => match own(register) {
                    value if value.is_set() => Value::Clobbered(at, Lost::Set),
                    _ => Value::Clobbered(at, Lost::Nothing),
                },
                other => other,
            };
            after.writers[index] = callee.writers[index];
        }
        if let Value::Stack(top) = self.registers[SP] {
            after.slots.retain(|slot| slot.0 >= top);
        }
        if let Value::Stack(more) = callee.registers[SP] {
            after.registers[SP] = after.registers[SP].plus(more);
        }
        after.pending = 0;
        after.flags = Flags::ALL;
        after.certain = if callee.certain == 0 { 0 } else { self.certain };
        after
    }

    /// The state behind a call of something that is not known.
    pub(super) fn after_unknown_call(&self) -> State {
        let mut after = self.clone();
        let sp = self.registers[SP];
        after.registers = [Value::Unknown; 16];
        after.registers[SP] = sp;
        after.writers = [NOWHERE; 16];
        after.pending = 0;
        after.flags = Flags::ALL;
        after.forget_slots();
        after.certain = 0;
        after
    }
}

/// Replaces a value; whether it was another.
fn put<T: PartialEq>(place: &mut T, value: T) -> bool {
    let changed = *place != value;
    *place = value;
    changed
}
