//! One program in one template: rewritten for its addresses, packed, and jumps lengthened until all of them reach.

use super::compose::Composition;
use super::header::{Entry, PAGE, Template};
use super::pack::{self, Op, Packing, Piece, Place, pack};
use super::program::{Pieces, Target, bits};
use crate::elf::records::Machine;
use crate::isa::x86::Flow;
use crate::unit::Unit;
use std::ops::Range;
use std::rc::Rc;

/// Below this an address is one of 31 bits, which every instruction can hold.
pub(super) const LOW: u64 = 0x7fff_0000;

/// Up to so many instructions each is moved on its own; of more, those at the start and at the entry.
const MOVED: usize = 128;

/// A program on its way through the templates.
pub(super) struct Fitter<'a> {
    unit: &'a Unit,
    pieces: &'a Pieces,
    nodes: u64,
    /// The program for a file below 2 GiB, above, and anywhere; filled in when first wanted.
    variants: [Option<Option<Rc<Pieces>>>; 3],
}

impl<'a> Fitter<'a> {
    /// `nodes` are the steps that all templates together may take.
    pub(super) fn new(unit: &'a Unit, pieces: &'a Pieces, nodes: u64) -> Self {
        Fitter { unit, pieces, nodes, variants: [None, None, None] }
    }

    /// The pieces written for the addresses of a template.
    pub(super) fn fitted(&mut self, template: &Template) -> Option<Rc<Pieces>> {
        self.variant(template).clone()
    }

    /// Those of every template whose addresses are alike; `None` where the program cannot be written for them.
    fn variant(&mut self, template: &Template) -> &mut Option<Rc<Pieces>> {
        let bits = bits(self.unit.machine);
        let movable = template.is_movable();
        let low = !movable && template.data().base < LOW;
        let variant = if movable { 2 } else { usize::from(!low) };
        let pieces = self.pieces;
        self.variants[variant].get_or_insert_with(|| pieces.for_base(low, bits, movable).ok().map(Rc::new))
    }

    /// The best placement in a template below `limit` bytes.
    pub(super) fn fit(&mut self, template: &Template, limit: usize) -> Option<Composition> {
        let mut fitted = self.fitted(template)?;
        let page = usize::try_from(PAGE).expect("4096");
        let limit = if template.follows_file() { limit } else { limit.min(page + 1) };
        loop {
            let found = self.packed(template, &fitted, limit)?;
            let far = found.too_far();
            if far.is_empty() {
                // The jumps that are long in one template are so in the next.
                if large(&fitted) {
                    *self.variant(template) = Some(Rc::clone(&fitted));
                }
                let in_reach = template.data().base >= LOW || found.highest() < LOW;
                return (in_reach && found.is_loadable(self.unit)).then_some(found);
            }
            // One after the other where a search is cheap: the first that is longer may bring the next in reach.
            let count = if large(&fitted) { far.len() } else { 1 };
            for op in far.into_iter().take(count) {
                if !Rc::make_mut(&mut fitted).lengthen(op) {
                    return None;
                }
            }
        }
    }

    /// The best placement of the pieces as they are; jumps may turn out to be too short.
    fn packed(&mut self, template: &Template, fitted: &Rc<Pieces>, limit: usize) -> Option<Composition> {
        let place = place(template, fitted, self.unit.machine)?;
        if place.lower_bound(fitted.bytes()) >= limit {
            return None;
        }
        let outline = Outline::new(fitted);
        // Each template gets a share, so that one hopeless search does not eat the others' steps; and always enough
        // for the first placement that it comes to.
        let first = 8 * (outline.program.code.len() + outline.program.data.len()) as u64 + 64;
        let mut share = (self.nodes / 8).max(1000).min(self.nodes).max(first);
        let before = share;
        let composition = |packing: &Packing| {
            Composition::new(template.clone(), Rc::clone(fitted), outline.expanded(packing, fitted))
        };
        let accept = |packing: &Packing| {
            let composition = composition(packing);
            let far = composition.too_far();
            !far.iter().any(|&op| fitted.is_short_for_good(op))
                && (!far.is_empty() || composition.is_loadable(self.unit))
        };
        let packing = pack(&outline.program, &place, limit, &mut share, &accept);
        self.nodes = self.nodes.saturating_sub(before - share);
        packing.as_ref().map(composition)
    }
}

/// Whether most instructions stay beside their neighbours.
fn large(pieces: &Pieces) -> bool {
    pieces.code.len() > MOVED
}

/// The free bytes of a template as the packer wants them.
pub(super) fn place(template: &Template, pieces: &Pieces, machine: Machine) -> Option<Place> {
    let mut gaps = template.gaps();
    // The last gap and the room behind the headers are one.
    let tail = match gaps.last() {
        Some(&(start, end)) if end == template.bytes.len() => {
            gaps.pop();
            start
        }
        _ => template.bytes.len(),
    };
    let entry = match template.entry {
        Entry::Anywhere => None,
        Entry::At(at) | Entry::Magic(at) | Entry::Jg(at) => Some(at),
    };
    let x86 = bits(machine).is_some();
    if entry.is_some() && !(x86 && matches!(pieces.entry, Target::Op(_, 0))) {
        return None;
    }
    Some(Place {
        gaps,
        tail,
        end: template.end,
        entry,
        behind_rex: matches!(template.entry, Entry::Magic(_)),
        jumps: x86,
    })
}

/// What the packer needs to know of the pieces: in a long program most instructions stay beside their neighbours.
pub(super) struct Outline {
    pub(super) program: pack::Program,
    /// The instructions of each of the packer's.
    groups: Vec<Range<usize>>,
}

impl Outline {
    pub(super) fn new(pieces: &Pieces) -> Self {
        let entry = match pieces.entry {
            Target::Op(op, _) => op,
            Target::Data(..) | Target::Zeroes(_) | Target::Number(_) => 0,
        };
        let groups = groups(pieces, entry);
        let code = groups
            .iter()
            .map(|group| Op {
                length: group.clone().map(|op| pieces.code[op].0.bytes.len()).sum(),
                falls: pieces.code[group.end - 1].1.flow != Flow::Leaves,
                flags_dead: pieces.flags_dead(group.start),
                bears_rex: pieces.code[group.start].1.bears_rex,
                align: pieces.code[group.start].0.align,
            })
            .collect();
        let entry = groups.iter().position(|group| group.contains(&entry)).unwrap_or(0);
        let data = pieces.data.iter().map(|piece| (piece.bytes.len(), piece.align)).collect();
        Outline { program: pack::Program { code, entry, data }, groups }
    }

    /// A packing of the packer's instructions as one of the program's.
    fn expanded(&self, packing: &Packing, pieces: &Pieces) -> Packing {
        let mut out = Vec::with_capacity(packing.pieces.len());
        for &(at, piece) in &packing.pieces {
            match piece {
                Piece::Op(group) => {
                    let mut at = at;
                    for op in self.groups[group].clone() {
                        out.push((at, Piece::Op(op)));
                        at += pieces.code[op].0.bytes.len();
                    }
                }
                Piece::Jump(group) => out.push((at, Piece::Jump(self.groups[group].start))),
                Piece::Cross | Piece::Nop | Piece::Data(_) => out.push((at, piece)),
            }
        }
        Packing { end: packing.end, pieces: out }
    }
}

fn groups(pieces: &Pieces, entry: usize) -> Vec<Range<usize>> {
    let count = pieces.code.len();
    let near = |start: usize, op: usize| (start..start + MOVED / 3).contains(&op);
    let alone = |op: usize| {
        count <= MOVED || near(0, op) || near(entry, op) || pieces.code[op].0.align > 1 || op == entry
    };
    let mut groups: Vec<Range<usize>> = Vec::new();
    for op in 0..count {
        match groups.last_mut() {
            Some(last) if !alone(op) && !alone(last.start) => last.end = op + 1,
            _ => groups.push(op..op + 1),
        }
    }
    groups
}
