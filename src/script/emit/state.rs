//! What each register is known to hold, and how that knowledge meets where paths of control join.
//!
//! A value is a number, an address, or *something*: a token that stands for one unknown word, so that two
//! registers with the same token hold the same word.  Tokens never outlive a label: there all are given new
//! names, class by class, so that a token made in one turn of a loop is not taken for that of the next.

use std::collections::BTreeMap;

use super::super::ir::DataId;
use super::{Reg, RegSet};

/// The contents of a register or stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Val {
    Const(i64),
    Data(DataId, i64),
    Something(u32),
}

/// What all registers and slots hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    registers: [Val; 32],
    slots: Vec<Val>,
    next: u32,
}

impl State {
    /// At process entry: `zero` are known to be zero, nothing else is known.
    pub(super) fn at_entry(zero: RegSet, slots: usize) -> Self {
        let mut state = State { registers: [Val::Const(0); 32], slots: Vec::new(), next: 0 };
        for register in (0..32).filter(|register| zero & (1 << register) == 0) {
            state.forget(register);
        }
        state.slots = (0..slots).map(|_| state.something()).collect();
        state
    }

    /// A value that equals no other.
    pub(super) fn something(&mut self) -> Val {
        self.next += 1;
        Val::Something(self.next)
    }

    pub(super) fn get(&self, register: Reg) -> Val {
        self.registers[usize::from(register)]
    }

    pub(super) fn set(&mut self, register: Reg, value: Val) {
        self.registers[usize::from(register)] = value;
    }

    pub(super) fn forget(&mut self, register: Reg) {
        let value = self.something();
        self.set(register, value);
    }

    pub(super) fn forget_all(&mut self, registers: RegSet) {
        for register in (0..32).filter(|register| registers & (1 << register) != 0) {
            self.forget(register);
        }
    }

    pub(super) fn slot(&self, slot: usize) -> Val {
        self.slots[slot]
    }

    pub(super) fn set_slot(&mut self, slot: usize, value: Val) {
        self.slots[slot] = value;
    }

    /// The registers that hold a value.
    pub(super) fn holders(&self, value: Val, among: RegSet) -> impl Iterator<Item = Reg> + '_ {
        (0..32).filter(move |&register| among & (1 << register) != 0 && self.get(register) == value)
    }

    /// What is true on both paths: numbers that agree, and equality that holds on both.  The result's tokens are
    /// numbered by first appearance, so equal knowledge is equal data.
    pub(super) fn meet(&self, other: &State) -> State {
        let mut classes: BTreeMap<(Val, Val), u32> = BTreeMap::new();
        let mut join = |left: Val, right: Val| {
            if left == right && !matches!(left, Val::Something(_)) {
                return left;
            }
            let fresh = u32::try_from(classes.len()).unwrap_or(u32::MAX) + 1;
            Val::Something(*classes.entry((left, right)).or_insert(fresh))
        };
        let mut registers = self.registers;
        for (value, other) in registers.iter_mut().zip(other.registers) {
            *value = join(*value, other);
        }
        let slots = self.slots.iter().zip(&other.slots).map(|(left, right)| join(*left, *right)).collect();
        let next = u32::try_from(classes.len()).unwrap_or(u32::MAX);
        State { registers, slots, next }
    }

    /// The same knowledge with tokens renamed.
    pub(super) fn renamed(&self) -> State {
        self.meet(self)
    }
}
