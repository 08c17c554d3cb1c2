//! The placement written down: a unit whose only section is the whole file, headers included.

use super::header::{Late, Template, number};
use super::pack::{Packing, Piece as Put};
use super::program::{Origin, Piece, Pieces, Reference, Target};
use crate::elf::records::{FileOffset, VirtAddr};
use crate::layout::image::{Chunk, Image, Placement};
use crate::layout::patch::{Addresses, Patcher};
use crate::layout::relax::relax;
use crate::source::{Diagnostics, Span};
use crate::unit::{
    BinaryOp, Expr, Fixup, FixupKind, Position, Section, SectionFlags, SectionId, SectionKind, Unit, Value,
};
use std::rc::Rc;

/// The only section of the composed unit.
const FILE: SectionId = SectionId(0);

/// A template with a program placed in it.
#[derive(Clone, Debug)]
pub(super) struct Composition {
    pub(super) template: Template,
    pub(super) pieces: Rc<Pieces>,
    pub(super) packing: Packing,
    offsets: Offsets,
}

/// File offsets of instructions, data blocks and the zeroes behind the file.
#[derive(Clone, Debug)]
struct Offsets {
    code: Vec<usize>,
    data: Vec<usize>,
    zeroes: u64,
}

impl Offsets {
    fn new(pieces: &Pieces, packing: &Packing) -> Self {
        let mut code = vec![0; pieces.code.len()];
        let mut data = vec![0; pieces.data.len()];
        for &(at, put) in &packing.pieces {
            match put {
                Put::Op(op) => code[op] = at,
                Put::Data(block) => data[block] = at,
                Put::Jump(_) | Put::Cross | Put::Nop => {}
            }
        }
        Offsets { code, data, zeroes: (packing.end as u64).next_multiple_of(pieces.zeroes.1) }
    }

    /// Where a target lies, as an offset from the file's start.
    fn of(&self, target: Target) -> Option<i64> {
        match target {
            Target::Op(op, inside) => Some(self.code[op] as i64 + inside),
            Target::Data(block, inside) => Some(self.data[block] as i64 + inside),
            Target::Zeroes(inside) => Some(self.zeroes as i64 + inside),
            Target::Number(_) => None,
        }
    }
}

impl Composition {
    pub(super) fn new(template: Template, pieces: Rc<Pieces>, packing: Packing) -> Self {
        let offsets = Offsets::new(&pieces, &packing);
        Composition { template, pieces, packing, offsets }
    }

    /// Where the zeroes behind the file end, as an offset from its start.
    fn zeroes_end(&self) -> u64 {
        match self.pieces.zeroes.0 {
            0 => self.packing.end as u64,
            size => self.offsets.zeroes + size,
        }
    }

    /// The highest address that anything has.
    pub(super) fn highest(&self) -> u64 {
        self.template.data().base.saturating_add(self.zeroes_end())
    }

    /// The instructions with a one-byte distance that does not reach its target.
    pub(super) fn too_far(&self) -> Vec<usize> {
        let far = |&op: &usize| {
            let at = self.offsets.code[op];
            self.pieces.code[op].0.references.iter().any(|one| !self.reaches(at, one))
        };
        (0..self.pieces.code.len()).filter(far).collect()
    }

    fn reaches(&self, at: usize, reference: &Reference) -> bool {
        let FixupKind::Relative { end } = reference.kind else { return true };
        let from = (at + reference.at + usize::from(end)) as i64;
        match (reference.width, self.offsets.of(reference.target)) {
            (1, Some(to)) => (-128..=127).contains(&(to - from)),
            (width, _) => width > 1,
        }
    }

    /// The bytes of the headers and the pieces; fields of instructions and data still zero.
    fn raw_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.packing.end];
        for (byte, value) in bytes.iter_mut().zip(&self.template.bytes) {
            *byte = value.unwrap_or(0);
        }
        for &(at, value) in &self.template.defaults {
            bytes[at] = value;
        }
        for &(at, put) in &self.packing.pieces {
            match put {
                Put::Op(op) => copy(&mut bytes, at, &self.pieces.code[op].0.bytes),
                Put::Data(block) => copy(&mut bytes, at, &self.pieces.data[block].bytes),
                // The packer checked that it reaches.
                Put::Jump(op) => {
                    let distance = self.offsets.code[op] as i64 - at as i64 - 2;
                    copy(&mut bytes, at, &[0xeb, distance as u8]);
                }
                Put::Cross => copy(&mut bytes, at, &[0x3d]),
                Put::Nop => copy(&mut bytes, at, &[0x90]),
            }
        }
        for &(offset, width, late) in &self.template.late {
            let number = self.late(&bytes, width, late);
            bytes[offset..offset + width].copy_from_slice(&number.to_le_bytes()[..width]);
        }
        bytes
    }

    fn late(&self, bytes: &[u8], width: usize, late: Late) -> u64 {
        let segments = &self.template.segments;
        let file_size = |index: usize| self.packing.end as u64 - segments[index].p_offset;
        match late {
            // The high bytes are the base's, and stand there already.
            Late::Entry => {
                let entry = self.offsets.of(self.pieces.entry).unwrap_or(0);
                self.template.text().base.wrapping_add(entry as u64) & (u64::MAX >> (64 - 8 * width))
            }
            Late::FileSize(index) => file_size(index),
            Late::MemorySize(index) if index + 1 < segments.len() => file_size(index),
            Late::MemorySize(index) => {
                let (at, width) = segments[index].p_filesz;
                let in_memory = self.zeroes_end() - segments[index].p_offset;
                in_memory.max(number(bytes, at, width))
            }
        }
    }

    /// The file as a unit: bytes, and a fixup for each address and distance.
    fn unit(&self, old: &Unit) -> Unit {
        let mut unit = Unit { refuse_overflow: true, ..Unit::new(old.machine) };
        let name = unit.names.intern(b".text");
        let mut file = Section::new(name, SectionKind::Progbits, SectionFlags::TEXT, Span::NONE);
        file.literal = self.raw_bytes();
        let code = self.pieces.code.iter().zip(&self.offsets.code).map(|((piece, _), &at)| (piece, at));
        let data = self.pieces.data.iter().zip(&self.offsets.data).map(|(piece, &at)| (piece, at));
        for (piece, at) in code.chain(data) {
            for reference in &piece.references {
                let value = self.value(&mut unit, reference.target);
                let position = position(at + reference.at);
                let Reference { width, kind, .. } = *reference;
                file.fixups.push(Fixup { position, width, kind, value, span: Span::NONE });
            }
        }
        file.fixups.sort_by_key(|fixup| fixup.position);
        unit.sections.push(file);
        unit
    }

    fn value(&self, unit: &mut Unit, target: Target) -> Value {
        let Some(offset) = self.offsets.of(target) else {
            let Target::Number(number) = target else { return Value::Const(0) };
            return Value::Const(number);
        };
        let apart = if self.is_written(target) { self.template.apart() as i64 } else { 0 };
        let start = unit.exprs.push(Expr::Here(FILE, position(0)));
        let distance = unit.exprs.push(Expr::Value(Value::Const(offset + apart)));
        Value::Expr(unit.exprs.push(Expr::Binary(BinaryOp::Add, start, distance)))
    }

    /// Whether a target lies in the segment that is written to.
    fn is_written(&self, target: Target) -> bool {
        match target {
            Target::Op(op, _) => self.pieces.code[op].0.writable,
            Target::Data(block, _) => self.pieces.data[block].writable,
            Target::Zeroes(_) => true,
            Target::Number(_) => false,
        }
    }

    /// The finished file, if the kernel would load it.
    fn bytes(&self, old: &Unit, diagnostics: &mut Diagnostics) -> Option<Vec<u8>> {
        let before = diagnostics.error_count();
        let unit = self.unit(old);
        let sizes = relax(&unit, diagnostics)?;
        let base = VirtAddr(self.template.text().base);
        let addresses = Addresses { sections: vec![base], symbols: Default::default() };
        let mut bytes = Patcher {
            unit: &unit,
            sizes: &sizes,
            addresses: &addresses,
            cuts_addresses: false,
            movable: false,
        }
        .contents(FILE, diagnostics);
        // A field of an instruction may lie in a mirrored byte: the copy follows.
        for &(from, to) in &self.template.mirrors {
            bytes[to] = bytes[from];
        }
        let loadable = self.template.is_loadable(&bytes, self.zeroes_end());
        (diagnostics.error_count() == before && loadable).then_some(bytes)
    }

    /// Whether the kernel would load the finished file.
    pub(super) fn is_loadable(&self, old: &Unit) -> bool {
        self.bytes(old, &mut Diagnostics::new()).is_some()
    }

    /// The finished file as one chunk; `None` after an error was recorded.
    pub(super) fn image(
        &self,
        old: &Unit,
        origins: &[Origin],
        diagnostics: &mut Diagnostics,
    ) -> Option<Image> {
        let bytes = self.bytes(old, diagnostics)?;
        Some(Image {
            machine: old.machine,
            class: old.machine.class(),
            ehdr: None,
            phdrs: vec![],
            shdrs: vec![],
            chunks: vec![Chunk { offset: FileOffset(0), bytes }],
            placements: origins.iter().filter_map(|origin| self.placement(origin)).collect(),
        })
    }

    /// Where a piece went.
    fn placement(&self, origin: &Origin) -> Option<Placement> {
        let at = self.offsets.of(origin.piece)? as u64;
        let size = |piece: &Piece| piece.bytes.len() as u64;
        let (offset, size) = match origin.piece {
            Target::Op(op, _) => (Some(FileOffset(at)), size(&self.pieces.code[op].0)),
            Target::Data(block, _) => (Some(FileOffset(at)), size(&self.pieces.data[block])),
            Target::Zeroes(_) => (None, origin.end - origin.start),
            Target::Number(_) => return None,
        };
        let apart = if self.is_written(origin.piece) { self.template.apart() } else { 0 };
        Some(Placement {
            section: origin.section,
            start: origin.start,
            length: origin.end - origin.start,
            offset,
            address: Some(VirtAddr(self.template.text().base.wrapping_add(apart + at))),
            size,
        })
    }

    /// How many bytes of address space the largest segment takes.
    pub(super) fn mapped(&self) -> u64 {
        let bytes = self.raw_bytes();
        let sizes = self.template.segments.iter().map(|one| number(&bytes, one.p_memsz.0, one.p_memsz.1));
        sizes.max().unwrap_or(0)
    }
}

fn copy(bytes: &mut [u8], at: usize, from: &[u8]) {
    bytes[at..at + from.len()].copy_from_slice(from);
}

fn position(at: usize) -> Position {
    Position { fragment: 0, literal: u32::try_from(at).expect("golfed files are small") }
}
