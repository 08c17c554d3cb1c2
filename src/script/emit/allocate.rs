//! A home for every virtual register: a machine register that nothing disturbs while the value is alive, or else
//! a slot of the stack.
//!
//! Liveness is found by iteration over the basic blocks; then the registers are coloured greedily, the most used
//! value first, each with the first of its preferred registers that no neighbour and no call in between wants.
//! The preferences are where a value comes from and where it goes, so that most arguments need no move.

use std::collections::BTreeMap;

use super::super::ir::{Label, Op, Operand, Program, VReg};
use super::{Reg, RegSet, Registers};

/// Where a virtual register lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Register(Reg),
    Slot(usize),
    /// It is never alive.
    None,
}

/// The outcome.
#[derive(Clone, Debug)]
pub(super) struct Allocation {
    pub(super) homes: Vec<Home>,
    pub(super) slots: usize,
    /// Operations whose result nothing uses; a call is made all the same.
    pub(super) dead: Vec<bool>,
}

type Bits = Vec<u64>;

fn has(set: &Bits, register: VReg) -> bool {
    set[register.0 as usize / 64] >> (register.0 % 64) & 1 != 0
}

fn add(set: &mut Bits, register: VReg) {
    set[register.0 as usize / 64] |= 1 << (register.0 % 64);
}

fn remove(set: &mut Bits, register: VReg) {
    set[register.0 as usize / 64] &= !(1 << (register.0 % 64));
}

fn members(set: &Bits) -> impl Iterator<Item = VReg> + '_ {
    set.iter().enumerate().flat_map(|(word, &bits)| {
        (0..64).filter(move |bit| bits >> bit & 1 != 0).map(move |bit| VReg(word as u32 * 64 + bit))
    })
}

struct Blocks {
    /// First and last-plus-one operation of each block.
    ranges: Vec<(usize, usize)>,
    successors: Vec<Vec<usize>>,
}

fn blocks(program: &Program) -> Blocks {
    let mut ranges = Vec::new();
    let mut of_label: BTreeMap<Label, usize> = BTreeMap::new();
    let mut start = 0;
    for (at, (op, _)) in program.ops.iter().enumerate() {
        if let Op::Label(label) = op {
            if at > start {
                ranges.push((start, at));
                start = at;
            }
            of_label.insert(*label, ranges.len());
        }
        if matches!(op, Op::Jump(_) | Op::Branch { .. } | Op::Call { ends: true, .. }) {
            ranges.push((start, at + 1));
            start = at + 1;
        }
    }
    if start < program.ops.len() {
        ranges.push((start, program.ops.len()));
    }
    let successors = ranges.iter().enumerate().map(|(block, &(_, end))| {
        let next = (block + 1 < ranges.len()).then_some(block + 1);
        match &program.ops[end - 1].0 {
            Op::Jump(target) => vec![of_label[target]],
            Op::Branch { target, .. } => next.into_iter().chain([of_label[target]]).collect(),
            Op::Call { ends: true, .. } => Vec::new(),
            _ => next.into_iter().collect(),
        }
    });
    let successors = successors.collect();
    Blocks { ranges, successors }
}

/// Goes backwards through a block; `see` gets each operation that has an effect with what is alive behind it.
fn walk(
    program: &Program,
    (start, end): (usize, usize),
    live: &mut Bits,
    mut see: impl FnMut(usize, &Op, &Bits, bool),
) {
    for at in (start..end).rev() {
        let op = &program.ops[at].0;
        let pure = !matches!(op, Op::Call { .. });
        let dead = pure && op.defines().is_some_and(|register| !has(live, register));
        see(at, op, live, dead);
        if dead {
            continue;
        }
        if let Some(register) = op.defines() {
            remove(live, register);
        }
        op.uses_registers(|register| add(live, register));
    }
}

/// What is alive behind each block.
fn live_behind(program: &Program, blocks: &Blocks) -> Vec<Bits> {
    let words = (program.registers as usize).div_ceil(64);
    let mut live_in = vec![vec![0_u64; words]; blocks.ranges.len()];
    let mut live_out = live_in.clone();
    let mut changed = true;
    while changed {
        changed = false;
        for block in (0..blocks.ranges.len()).rev() {
            let mut live = vec![0_u64; words];
            for &next in &blocks.successors[block] {
                live.iter_mut().zip(&live_in[next]).for_each(|(bits, more)| *bits |= more);
            }
            live_out[block].clone_from(&live);
            walk(program, blocks.ranges[block], &mut live, |_, _, _, _| {});
            if live != live_in[block] {
                live_in[block] = live;
                changed = true;
            }
        }
    }
    live_out
}

/// What is known of one virtual register before it gets its home.
#[derive(Clone, Default)]
struct Wish {
    weight: u64,
    forbidden: RegSet,
    /// Registers that would save a move, the best first.
    hints: Vec<Reg>,
    neighbours: Vec<u32>,
    /// Others that would best share the home.
    friends: Vec<u32>,
}

/// Finds the homes.  `clobbers` says which registers an operation destroys, apart from calls.
pub(super) fn allocate(
    program: &Program,
    registers: &Registers,
    clobbers: impl Fn(&Op) -> RegSet,
) -> Allocation {
    let blocks = blocks(program);
    let live_out = live_behind(program, &blocks);
    let depths = depths(program);
    let mut wishes = vec![Wish::default(); program.registers as usize];
    let mut dead = vec![false; program.ops.len()];
    for (range, live) in blocks.ranges.iter().zip(live_out) {
        let mut live = live;
        walk(program, *range, &mut live, |at, op, behind, is_dead| {
            dead[at] = op.defines().is_some_and(|register| !has(behind, register));
            if is_dead {
                return;
            }
            note(op, behind, registers, clobbers(op), 8_u64.pow(depths[at].min(6)), &mut wishes);
        });
    }
    let (homes, slots) = colour(&mut wishes, registers);
    Allocation { homes, slots, dead }
}

/// How many loops are around each operation: a jump backwards closes one.
fn depths(program: &Program) -> Vec<u32> {
    let mut place: BTreeMap<Label, usize> = BTreeMap::new();
    let mut change = vec![0_i32; program.ops.len() + 1];
    for (at, (op, _)) in program.ops.iter().enumerate() {
        match op {
            Op::Label(label) => drop(place.insert(*label, at)),
            Op::Jump(target) | Op::Branch { target, .. } => {
                if let Some(&start) = place.get(target) {
                    change[start] += 1;
                    change[at + 1] -= 1;
                }
            }
            _ => {}
        }
    }
    let mut depth = 0;
    let running = change.iter().take(program.ops.len()).map(|step| {
        depth += step;
        depth.unsigned_abs()
    });
    running.collect()
}

fn note(op: &Op, behind: &Bits, registers: &Registers, clobbered: RegSet, weight: u64, wishes: &mut [Wish]) {
    op.uses_registers(|register| wishes[register.0 as usize].weight += weight);
    let defined = op.defines();
    if let Some(to) = defined {
        wishes[to.0 as usize].weight += weight;
        let same = match op {
            Op::Copy { from: Operand::Reg(from), .. } => Some(*from),
            _ => None,
        };
        for other in members(behind).filter(|other| *other != to && Some(*other) != same) {
            wishes[to.0 as usize].neighbours.push(other.0);
            wishes[other.0 as usize].neighbours.push(to.0);
        }
    }
    let mut across = clobbered;
    if let Op::Call { arguments, result, number, .. } = op {
        across |= registers.clobbered | 1 << registers.number | 1 << registers.result;
        let used = &registers.arguments[..arguments.len()];
        used.iter().for_each(|register| across |= 1 << register);
        if let Some(result) = result {
            wishes[result.0 as usize].hints.push(registers.result);
        }
        note_arguments(*number, arguments, registers, wishes);
    }
    if across != 0 {
        for other in members(behind).filter(|other| Some(*other) != defined) {
            wishes[other.0 as usize].forbidden |= across;
        }
    }
    if let Op::Copy { to, from: Operand::Reg(from) } = op {
        wishes[to.0 as usize].friends.push(from.0);
        wishes[from.0 as usize].friends.push(to.0);
    }
    if let Op::Binary { to, left: Operand::Reg(left), .. } = op {
        wishes[to.0 as usize].friends.push(left.0);
        wishes[left.0 as usize].friends.push(to.0);
    }
}

/// A value that is an argument may live in that argument's register, and in no other argument's: then the
/// registers of a call can be set in any order.
fn note_arguments(number: Operand, arguments: &[Operand], registers: &Registers, wishes: &mut [Wish]) {
    let all =
        registers.arguments[..arguments.len()].iter().fold(0, |set: RegSet, register| set | 1 << register);
    let all = all | 1 << registers.number;
    let places = arguments.iter().zip(registers.arguments).chain([(&number, registers.number)]);
    for (argument, place) in places {
        if let Operand::Reg(register) = argument {
            let once =
                arguments.iter().filter(|other| *other == argument).count() == 1 && number != *argument;
            let wish = &mut wishes[register.0 as usize];
            wish.forbidden |= if once && place != registers.number { all & !(1 << place) } else { all };
            wish.hints.push(place);
        }
    }
}

fn colour(wishes: &mut [Wish], registers: &Registers) -> (Vec<Home>, usize) {
    let mut order: Vec<usize> = (0..wishes.len()).filter(|&at| wishes[at].weight > 0).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(wishes[at].weight), at));
    let mut homes = vec![Home::None; wishes.len()];
    let mut slots = 0;
    for at in order {
        let mut wish = std::mem::take(&mut wishes[at]);
        wish.neighbours.sort_unstable();
        wish.neighbours.dedup();
        let mut taken = wish.forbidden;
        let mut taken_slots = Vec::new();
        for &other in &wish.neighbours {
            match homes[other as usize] {
                Home::Register(register) => taken |= 1 << register,
                Home::Slot(slot) => taken_slots.push(slot),
                Home::None => {}
            }
        }
        let friends = wish.friends.iter().filter_map(|&other| match homes[other as usize] {
            Home::Register(register) => Some(register),
            _ => None,
        });
        let allowed = |register: &Reg| taken & (1 << register) == 0 && registers.homes.contains(register);
        let wanted =
            friends.chain(wish.hints.iter().copied()).chain(registers.homes.iter().copied()).find(allowed);
        homes[at] = match wanted {
            Some(register) => Home::Register(register),
            None => {
                let slot = (0..).find(|slot| !taken_slots.contains(slot)).unwrap_or(0);
                slots = slots.max(slot + 1);
                Home::Slot(slot)
            }
        };
    }
    (homes, slots)
}
