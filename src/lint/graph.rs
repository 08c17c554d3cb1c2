//! The control-flow graph: every instruction that may be reached from the entry point, decoded once.
//!
//! Edges are those of the instructions alone; which of them can be taken is decided when values are known
//! ([`super::flow`]).  Bytes that a `db` wrote are no instructions here, even where somebody means them to be.

use iced_x86::{ConditionCode, Instruction, InstructionInfoFactory, Mnemonic, OpKind, Register};

use super::decode::{Walk, decode};
use super::program::{Field, Place, Program, Stretch};
use super::starts::Starts;
use super::value::{Ins, NOWHERE};
use crate::source::Span;
use crate::unit::{ItemKind, SectionId};

/// Where control goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// To the next instruction.
    Plain,
    /// To a target, or somewhere that is not known.
    Jump,
    /// To a target if the flags allow it, else on.
    Branch(ConditionCode),
    /// `jrcxz` and its like: to a target if rcx is zero, else on.
    IfZero,
    /// `loop` and its like: to a target or on.
    Loop,
    /// To a function, and on when that returns.
    Call,
    /// To the caller; more bytes are taken from the stack.
    Return(u16),
    /// Into the kernel and on: `syscall`.
    Syscall,
    /// The same by `int 0x80`.
    Int80,
    /// Perhaps on: another interrupt, `sysenter`.
    Perhaps,
    /// Nowhere: `hlt`, `ud2`, a return of another kind.
    Stop,
}

/// What stands behind an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Another one.
    Ins(Ins),
    /// Nothing: the section ends.
    End,
    /// Data.
    Data(Place),
    /// Bytes that are neither.
    Other,
}

/// One instruction.
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) code: Instruction,
    pub(super) kind: Kind,
    pub(super) next: Next,
    /// Where it jumps to or what it calls.
    pub(super) target: Option<Ins>,
    /// What its immediate and its displacement refer to, where they hold addresses.
    pub(super) immediate: Option<Field>,
    pub(super) displacement: Option<Field>,
    /// General-purpose registers that it reads and writes, one bit each.
    pub(super) reads: u16,
    pub(super) writes: u16,
    /// The registers that address the memory that it writes to: base and index of an operand, or of a string
    /// instruction.
    pub(super) stores: Option<Store>,
    /// Whether more than one way leads here, so that a block begins.
    pub(super) leads: bool,
}

/// A write to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Store {
    /// To the explicit operand.
    Operand,
    /// To where rdi points.
    String,
}

/// All of them.
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    pub(super) entry: Ins,
    /// For each section: the number of the instruction that begins at each offset.
    at: Vec<Starts>,
}

/// More instructions than these are not followed: that nobody wrote by hand, and the time is the user's.  So the
/// lints cost at most what assembling 25,000 lines does.
const MOST_NODES: usize = 20 << 10;

/// The number of a general-purpose register, whatever its width.
pub(super) fn number(register: Register) -> Option<u8> {
    let full = register.full_register();
    (full.is_gpr()).then(|| u8::try_from(full.number()).unwrap_or(0))
}

impl Graph {
    /// `None` when the entry point is no instruction, or too many are reached.
    pub(super) fn new(program: &Program<'_>) -> Option<Graph> {
        let at = program.sections().map(|_| Starts::default()).collect();
        let mut graph = Graph { nodes: Vec::new(), entry: 0, at };
        let mut info = InstructionInfoFactory::new();
        let mut walk = Walk::new(program);
        graph.entry = graph.visit(&mut walk, program.entry)?;
        graph.nodes[0].leads = true;
        while let Some(from) = walk.waiting.pop() {
            if graph.nodes.len() > MOST_NODES {
                return None;
            }
            graph.connect(&mut walk, from);
        }
        graph.nodes.iter_mut().for_each(|node| node.describe(&mut info));
        Some(graph)
    }

    pub(super) fn node(&self, ins: Ins) -> &Node {
        &self.nodes[ins as usize]
    }

    /// The statement that made an instruction, if the instruction is all of it.
    pub(super) fn span(&self, program: &Program<'_>, ins: Ins) -> Option<Span> {
        let place = self.node(ins).place;
        let item = program.item(place)?;
        (item.kind == ItemKind::Instruction && item.start == place.offset && !item.span.is_none())
            .then_some(item.span)
    }

    /// The same for the instruction that wrote a register, where there is one.
    pub(super) fn span_of(&self, program: &Program<'_>, writer: Ins) -> Option<Span> {
        if writer == NOWHERE { None } else { self.span(program, writer) }
    }

    /// The instruction that a byte belongs to.
    fn around(&self, place: Place) -> Option<&Node> {
        let at = self.at.get(place.section.0 as usize)?;
        let offset = usize::try_from(place.offset).ok()?;
        let ins = (offset.saturating_sub(14)..=offset).rev().find_map(|start| at.get(start))?;
        let node = self.node(ins);
        (node.place.offset + node.code.len() as u64 > place.offset).then_some(node)
    }

    /// Whether the field at a place belongs to an instruction that reads memory there and does nothing else.
    pub(super) fn only_loads(&self, field: Place) -> bool {
        self.around(field).is_some_and(|node| {
            node.displacement.is_some() && node.stores.is_none() && node.code.mnemonic() != Mnemonic::Lea
        })
    }

    /// Whether the field at a place may belong to an instruction that writes to memory there.
    pub(super) fn may_store(&self, field: Place) -> bool {
        self.around(field)
            .is_none_or(|node| node.stores == Some(Store::Operand) && node.displacement.is_some())
    }

    /// Whether the field at a place is the target of a jump or a call.
    pub(super) fn jumps(&self, field: Place) -> bool {
        self.around(field).is_some_and(|node| {
            matches!(node.kind, Kind::Jump | Kind::Branch(_) | Kind::IfZero | Kind::Loop | Kind::Call)
        })
    }

    /// Whether the program calls its entry point like a function.
    pub(super) fn calls_entry(&self) -> bool {
        self.nodes.iter().any(|node| node.kind == Kind::Call && node.target == Some(self.entry))
    }

    /// Whether there are system calls in code that was not reached: behind a jump whose target is not known.
    pub(super) fn misses_calls(&self, program: &Program<'_>) -> bool {
        program.code_sections().any(|section| {
            let pairs = (0..).zip(program.bytes(section).windows(2));
            pairs.filter(|(_, pair)| matches!(pair, [0x0f, 0x05] | [0xcd, 0x80])).any(|(offset, _)| {
                let item = || program.item(Place { section, offset });
                let is_reached = self.at[section.0 as usize].get(offset as usize).is_some();
                let call = |item: Stretch| item.kind == ItemKind::Instruction && item.start == offset;
                !is_reached && item().is_some_and(|item| call(item) && item.end == offset + 2)
            })
        })
    }

    /// Whether `mprotect` may be called: its number is loaded somewhere, or a number that is not known is used.
    pub(super) fn may_change_protection(&self) -> bool {
        let loads = |node: &Node, wanted: u64| {
            let code = &node.code;
            (0..code.op_count()).any(|index| {
                matches!(
                    code.op_kind(index),
                    OpKind::Immediate8
                        | OpKind::Immediate32
                        | OpKind::Immediate64
                        | OpKind::Immediate8to32
                        | OpKind::Immediate8to64
                        | OpKind::Immediate32to64
                ) && code.immediate(index) == wanted
            })
        };
        let calls = |kind: Kind| self.nodes.iter().any(|node| node.kind == kind);
        // mprotect is 10 for `syscall` and 125 for `int 0x80`.
        calls(Kind::Syscall) && self.nodes.iter().any(|node| loads(node, 10) && sets_number(node))
            || calls(Kind::Int80) && self.nodes.iter().any(|node| loads(node, 125) && sets_number(node))
    }

    /// The instruction that begins at a place, decoded if it is new.
    fn visit(&mut self, walk: &mut Walk<'_>, place: Place) -> Option<Ins> {
        let offset = usize::try_from(place.offset).ok()?;
        let known = self.at.get(place.section.0 as usize)?.get(offset);
        if known.is_some() {
            return known;
        }
        if !is_code(walk.program, place, walk.program.item(place)) {
            return None;
        }
        self.add(walk, place)
    }

    /// Decodes an instruction that is new.
    fn add(&mut self, walk: &mut Walk<'_>, place: Place) -> Option<Ins> {
        let node = decode(walk, place)?;
        let ins = Ins::try_from(self.nodes.len()).ok()?;
        self.at.get_mut(place.section.0 as usize)?.set(usize::try_from(place.offset).ok()?, ins);
        self.nodes.push(node);
        walk.waiting.push(ins);
        Some(ins)
    }

    /// Finds what follows an instruction.
    fn connect(&mut self, walk: &mut Walk<'_>, from: Ins) {
        let node = self.node(from);
        let (kind, place) = (node.kind, node.place);
        let after = Place { offset: place.offset + node.code.len() as u64, ..place };
        let target = match kind {
            Kind::Jump | Kind::Branch(_) | Kind::IfZero | Kind::Loop | Kind::Call => target(node),
            _ => None,
        };
        if !matches!(kind, Kind::Jump | Kind::Return(_) | Kind::Stop) {
            let next = self.next(walk, after);
            // A call's way back is one of several when the callee is called elsewhere too.
            if let (Next::Ins(next), false) =
                (next, matches!(kind, Kind::Plain | Kind::Syscall | Kind::Int80 | Kind::Perhaps))
            {
                self.nodes[next as usize].leads = true;
            }
            self.nodes[from as usize].next = next;
        }
        if let Some(target) = target.and_then(|target| self.visit(walk, target)) {
            self.nodes[target as usize].leads = true;
            self.nodes[from as usize].target = Some(target);
        }
    }

    fn next(&mut self, walk: &mut Walk<'_>, after: Place) -> Next {
        if after.offset >= walk.program.size(after.section) {
            return Next::End;
        }
        let known =
            usize::try_from(after.offset).ok().and_then(|at| self.at[after.section.0 as usize].get(at));
        if let Some(known) = known {
            return Next::Ins(known);
        }
        match walk.program.item(after) {
            Some(item) if item.kind == ItemKind::Data => Next::Data(after),
            item if is_code(walk.program, after, item) => {
                self.add(walk, after).map_or(Next::Other, Next::Ins)
            }
            _ => Next::Other,
        }
    }
}

/// Whether a byte may begin an instruction: padding of zeroes and data do not.
fn is_code(program: &Program<'_>, place: Place, item: Option<Stretch>) -> bool {
    match item {
        Some(item) => match item.kind {
            ItemKind::Instruction => true,
            ItemKind::Data => false,
            ItemKind::Padding => {
                let bytes = program.bytes(place.section);
                bytes.get(place.offset as usize..item.end as usize).is_some_and(|b| b.iter().any(|&b| b != 0))
            }
        },
        None => false,
    }
}

/// Whether an instruction may put the number of a system call into place.
fn sets_number(node: &Node) -> bool {
    node.writes & 1 == 1 || node.code.mnemonic() == Mnemonic::Push
}

/// Where a jump or a call goes.
fn target(node: &Node) -> Option<Place> {
    if !matches!(node.code.op0_kind(), OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64) {
        return None;
    }
    match node.immediate {
        Some(Field::Address(section, offset)) => Some(Place { section, offset: u64::try_from(offset).ok()? }),
        Some(Field::Other) => None,
        None => Some(Place { offset: node.code.near_branch_target(), ..node.place }),
    }
}

/// A place in a section.
pub(super) fn place(section: SectionId, offset: i64) -> Option<Place> {
    Some(Place { section, offset: u64::try_from(offset).ok()? })
}
