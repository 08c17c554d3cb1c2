//! In which order the registers of a call are set.
//!
//! A register that is set first can no longer serve as the source of another, but its new value can: on i386
//! `exit(0)` behind a `write` to 1 is `mov eax, ebx` (both are 1) and then `dec ebx`.  What registers hold depends
//! only on *which* of them have been set, not on the order, so the cheapest order is found over subsets.

use super::super::ir::Operand;
use super::state::{State, Val};
use super::{Emitter, Home, Isa, Reg};

impl<M: Isa> Emitter<'_, M> {
    /// Sets registers to operands, all of them as seen before the first is set.
    pub(super) fn place_in_best_order(&mut self, wanted: Vec<(Reg, Operand)>) {
        // Addresses on the stack and values in slots that no register holds are loaded; that needs no other
        // register, so they come last and cannot be in the way.
        let (known, loaded): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|(_, operand)| self.is_held(*operand));
        let goals: Vec<(Reg, Val)> = known
            .into_iter()
            .filter_map(|(register, operand)| Some((register, self.value_of(operand)?)))
            .filter(|(register, value)| self.state.get(*register) != *value)
            .collect();
        for at in self.best_order(&goals) {
            self.set_value(goals[at].0, goals[at].1);
        }
        loaded.into_iter().for_each(|(register, operand)| self.place(register, operand));
    }

    fn is_held(&self, operand: Operand) -> bool {
        match operand {
            Operand::Stack(_) => false,
            Operand::Reg(register) => match self.allocation.homes[register.0 as usize] {
                Home::Slot(slot) => !matches!(self.state.slot(slot), Val::Something(_)),
                Home::Register(_) => true,
                Home::None => false,
            },
            _ => true,
        }
    }

    fn best_order(&self, goals: &[(Reg, Val)]) -> Vec<usize> {
        let full = (1_usize << goals.len()) - 1;
        // For every set of goals reached: bytes so far, and the goal that was reached last.
        let mut best: Vec<Option<(usize, usize)>> = vec![None; full + 1];
        best[0] = Some((0, 0));
        for set in 0..full {
            let Some((cost, _)) = best[set] else { continue };
            let state = self.state_after(goals, set);
            for (at, &(register, value)) in goals.iter().enumerate().filter(|(at, _)| set >> at & 1 == 0) {
                let Some(insts) = self.ways(register, value, &state) else { continue };
                let total = cost + insts.iter().map(|inst| self.isa.size(inst)).sum::<usize>();
                let next = set | 1 << at;
                if best[next].is_none_or(|(before, _)| total < before) {
                    best[next] = Some((total, at));
                }
            }
        }
        let mut order = Vec::new();
        let mut set = full;
        while set != 0 {
            // Homes are chosen so that some order always exists; the written one is as good as any without.
            let Some((_, last)) = best[set] else { return (0..goals.len()).collect() };
            order.push(last);
            set &= !(1 << last);
        }
        order.reverse();
        order
    }

    fn state_after(&self, goals: &[(Reg, Val)], set: usize) -> State {
        let mut state = self.state.clone();
        for (at, &(register, value)) in goals.iter().enumerate() {
            if set >> at & 1 != 0 {
                state.set(register, value);
            }
        }
        state
    }
}
