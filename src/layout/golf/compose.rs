//! The placement written down: a unit whose only section is the whole file, headers included.

use super::header::{Late, Template, task_size};
use super::pack::{Packing, Piece as Put};
use super::program::{Origin, Pieces, Reference, Target};
use crate::elf::records::{FileOffset, VirtAddr};
use crate::layout::image::{Chunk, Image, Placement};
use crate::layout::patch::{Addresses, Patcher};
use crate::layout::relax::relax;
use crate::source::{Diagnostics, Span};
use crate::unit::{
    Expr, Fixup, FixupKind, Position, Section, SectionFlags, SectionId, SectionKind, Unit, Value,
};

/// The only section of the composed unit.
const FILE: SectionId = SectionId(0);

/// File offsets of instructions and data blocks.
struct Offsets {
    code: Vec<usize>,
    data: Vec<usize>,
}

impl Offsets {
    fn new(pieces: &Pieces, packing: &Packing) -> Self {
        let mut offsets = Offsets { code: vec![0; pieces.code.len()], data: vec![0; pieces.data.len()] };
        for &(at, put) in &packing.pieces {
            match put {
                Put::Op(op) => offsets.code[op] = at,
                Put::Data(block) => offsets.data[block] = at,
                Put::Jump(_) | Put::Cross | Put::Nop => {}
            }
        }
        offsets
    }

    fn of(&self, target: Target) -> Option<usize> {
        match target {
            Target::Op(op) => Some(self.code[op]),
            Target::Data(block, inside) => Some(self.data[block] + inside),
            Target::Number(_) => None,
        }
    }
}

/// The first instruction with a one-byte distance that does not reach its target.
pub(super) fn too_far(pieces: &Pieces, packing: &Packing) -> Option<usize> {
    let offsets = Offsets::new(pieces, packing);
    let reaches = |at: usize, reference: &Reference| {
        let FixupKind::Relative { end } = reference.field.kind else { return true };
        let from = at + usize::from(reference.field.offset) + usize::from(end);
        match (reference.field.width, offsets.of(reference.target)) {
            (1, Some(to)) => (-128..=127).contains(&(to as i64 - from as i64)),
            (width, _) => width > 1,
        }
    };
    let far = |op: &usize| pieces.code[*op].0.references.iter().any(|one| !reaches(offsets.code[*op], one));
    (0..pieces.code.len()).find(far)
}

/// Whether what the mirrored size bytes hold is a size that can be mapped.
pub(super) fn fits_address_space(template: &Template, pieces: &Pieces, packing: &Packing) -> bool {
    if template.mirrors.is_empty() {
        return true;
    }
    let bytes = file_bytes(template, pieces, packing);
    let class = if template.bytes.len() > 64 {
        crate::elf::records::Class::Elf64
    } else {
        crate::elf::records::Class::Elf32
    };
    template.base.saturating_add(template.mapped(&bytes)) < task_size(class)
}

/// Every byte of the file; fields of instructions and data still zero.
fn file_bytes(template: &Template, pieces: &Pieces, packing: &Packing) -> Vec<u8> {
    let offsets = Offsets::new(pieces, packing);
    let mut bytes = vec![0; packing.end];
    for (byte, value) in bytes.iter_mut().zip(&template.bytes) {
        *byte = value.unwrap_or(0);
    }
    for &(at, put) in &packing.pieces {
        match put {
            Put::Op(op) => copy(&mut bytes, at, &pieces.code[op].0.bytes),
            Put::Data(block) => copy(&mut bytes, at, &pieces.data[block].bytes),
            // The packer checked that it reaches.
            Put::Jump(op) => copy(&mut bytes, at, &[0xeb, (offsets.code[op] as i64 - at as i64 - 2) as u8]),
            Put::Cross => copy(&mut bytes, at, &[0x3d]),
            Put::Nop => copy(&mut bytes, at, &[0x90]),
        }
    }
    for &(from, to) in &template.mirrors {
        bytes[to] = bytes[from];
    }
    bytes
}

fn copy(bytes: &mut [u8], at: usize, from: &[u8]) {
    bytes[at..at + from.len()].copy_from_slice(from);
}

/// The file as a unit: bytes, and a fixup for each address, distance and late header field.
pub(super) fn compose(old: &Unit, template: &Template, pieces: &Pieces, packing: &Packing) -> Unit {
    let offsets = Offsets::new(pieces, packing);
    let mut unit = Unit { refuse_overflow: true, ..Unit::new(old.machine) };
    let name = unit.names.intern(b".text");
    let mut file = Section::new(name, SectionKind::Progbits, SectionFlags::TEXT, Span::NONE);
    file.literal = file_bytes(template, pieces, packing);
    let code = pieces.code.iter().zip(&offsets.code).map(|((piece, _), &at)| (piece, at));
    let data = pieces.data.iter().zip(&offsets.data).map(|(piece, &at)| (piece, at));
    for (piece, at) in code.chain(data) {
        for reference in &piece.references {
            let value = value(&mut unit, &offsets, reference.target);
            let field = reference.field;
            file.fixups.push(fixup(at + usize::from(field.offset), field.width, field.kind, value));
        }
    }
    for &(offset, width, late) in &template.late {
        let number = match late {
            // The high bytes are the base's, and stand there already.
            Late::Entry => {
                let entry = offsets.of(pieces.entry).map_or(0, |at| template.base + at as u64);
                entry & (u64::MAX >> (64 - 8 * width))
            }
            Late::FileSize => packing.end as u64 - template.p_offset,
        };
        file.literal[offset..offset + width].copy_from_slice(&number.to_le_bytes()[..width]);
    }
    file.fixups.sort_by_key(|fixup| fixup.position);
    unit.sections.push(file);
    unit
}

fn fixup(at: usize, width: u8, kind: FixupKind, value: Value) -> Fixup {
    Fixup { position: position(at), width, kind, value, span: Span::NONE }
}

fn position(at: usize) -> Position {
    Position { fragment: 0, literal: u32::try_from(at).expect("golfed files are small") }
}

fn value(unit: &mut Unit, offsets: &Offsets, target: Target) -> Value {
    match (target, offsets.of(target)) {
        (Target::Number(number), _) => Value::Const(number),
        (_, Some(at)) => Value::Expr(unit.exprs.push(Expr::Here(FILE, position(at)))),
        (_, None) => Value::Const(0),
    }
}

/// Where every piece went.
pub(super) fn placements(
    origins: &[Origin],
    template: &Template,
    pieces: &Pieces,
    packing: &Packing,
) -> Vec<Placement> {
    let offsets = Offsets::new(pieces, packing);
    let place = |origin: &Origin| {
        let at = offsets.of(origin.piece)? as u64;
        let size = match origin.piece {
            Target::Op(op) => pieces.code[op].0.bytes.len(),
            Target::Data(block, _) => pieces.data[block].bytes.len(),
            Target::Number(_) => return None,
        };
        Some(Placement {
            section: origin.section,
            start: origin.start,
            length: origin.end - origin.start,
            offset: Some(FileOffset(at)),
            address: Some(VirtAddr(template.base.wrapping_add(at))),
            size: size as u64,
        })
    };
    origins.iter().filter_map(place).collect()
}

/// The finished file as one chunk.
pub(super) fn image(
    unit: &Unit,
    addresses: &Addresses,
    template: &Template,
    diagnostics: &mut Diagnostics,
) -> Option<Image> {
    let before = diagnostics.error_count();
    let sizes = relax(unit, diagnostics)?;
    let mut bytes = Patcher { unit, sizes: &sizes, addresses, cuts_addresses: false, movable: false }
        .contents(FILE, diagnostics);
    // A field of an instruction may lie in a mirrored byte: the copy follows.
    for &(from, to) in &template.mirrors {
        bytes[to] = bytes[from];
    }
    let chunk = Chunk { offset: FileOffset(0), bytes };
    let image = Image {
        machine: unit.machine,
        ehdr: None,
        phdrs: vec![],
        shdrs: vec![],
        chunks: vec![chunk],
        placements: vec![],
    };
    (diagnostics.error_count() == before).then_some(image)
}
