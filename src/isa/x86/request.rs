//! A line before forms are tried: its operands measured, and the sizes that it asks for.

use super::address::Reason;
use super::encode::Line;
use super::fit::{Measured, measure};
use super::form::mode_bit;
use super::mnemonic::mnemonic_name;
use super::{
    Bits, Distance, Instruction, Known, Memory, Operand, OperandKind, Optimize, Options, RegisterClass, Size,
};

/// A line with its operands measured.
pub(super) struct Request<'a> {
    pub(super) line: Line<'a>,
    pub(super) mode: u32,
    pub(super) options: Options,
    /// Of any operand, for forms with opcode wrappings.
    pub(super) high: bool,
    pub(super) memory: Option<usize>,
    pub(super) jumps: bool,
    /// The size of operands asked for by `o16` … or by a size keyword on a pushed number or a jump target.
    pub(super) operand_size: u8,
    /// Whether no form has that size, so that the prefix is written for its own sake.
    pub(super) size_ignored: bool,
    /// The same for the size of addresses.
    pub(super) address_ignored: bool,
}

/// The two operands of a line that NASM lets one write otherwise: `lea eax,5` for `lea eax,[5]`, and the index of a
/// bound-table address as an operand of its own.
#[cold]
pub(super) fn other_spelling(instruction: &Instruction<'_>) -> Option<[Operand; 2]> {
    let name = mnemonic_name(instruction.mnemonic);
    match (name, instruction.operands) {
        ("lea", [register, number]) => {
            let OperandKind::Immediate(displacement) = number.kind else { return None };
            let relative = Some(instruction.default_rel && !matches!(displacement, Known::Number(_)));
            let kind = OperandKind::Memory(Memory { relative, displacement, ..Memory::NOWHERE });
            Some([*register, Operand { kind, size: None, strict: false, ..*number }])
        }
        ("bndldx", [bound, memory, index]) => Some([*bound, indexed(memory, index)?]),
        ("bndstx", [memory, one, other]) => match indexed(memory, one) {
            Some(memory) => Some([memory, *other]),
            None => Some([indexed(memory, other)?, *one]),
        },
        _ => None,
    }
}

/// An address with a general register as its index, in place of the one that it may have had.
fn indexed(memory: &Operand, index: &Operand) -> Option<Operand> {
    let (OperandKind::Memory(address), OperandKind::Register(register)) = (memory.kind, index.kind) else {
        return None;
    };
    let general = matches!(register.class(), RegisterClass::General32 | RegisterClass::General64);
    let address = Memory { index: Some(register), scale: 1, ..address };
    general.then_some(Operand { kind: OperandKind::Memory(address), ..*memory })
}

/// The size of a general register that is moved from or to a segment register, where it is not shortened to the
/// one that needs no prefix.
pub(super) fn segment_move(options: &Options, instruction: &Instruction<'_>) -> Option<Size> {
    let [first, second] = instruction.operands else { return None };
    let class = |operand: &Operand| match operand.kind {
        OperandKind::Register(register) => Some(register.class()),
        _ => None,
    };
    let general = match (class(first), class(second)) {
        (Some(RegisterClass::Segment), other) | (other, Some(RegisterClass::Segment)) => other?,
        _ => return None,
    };
    if options.optimize == Optimize::Full {
        return None;
    }
    match general {
        RegisterClass::General16 => Some(Size::Word),
        RegisterClass::General32 => Some(Size::Dword),
        RegisterClass::General64 => Some(Size::Qword),
        _ => None,
    }
}

/// The operands measured, or which of them cannot be encoded.
#[inline]
pub(super) fn measure_all(
    bits: Bits,
    options: &Options,
    instruction: &Instruction<'_>,
) -> Result<[Measured; 5], (usize, Reason)> {
    let mut measured = [const { Measured { kinds: 0, address: None, size: 0, high: false } }; 5];
    let memory = instruction.operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_)));
    let keep = memory && keeps_address(instruction);
    let asked = match instruction.prefixes.address_size {
        None if memory => address_register(instruction),
        asked => asked,
    };
    for (at, (operand, measured)) in instruction.operands.iter().zip(&mut measured).enumerate() {
        *measured = measure(bits, operand, asked, options.optimize, keep).map_err(|reason| (at, reason))?;
    }
    Ok(measured)
}

/// Bound-table and tile addresses are kept as written: their index is not added.
fn keeps_address(instruction: &Instruction<'_>) -> bool {
    let Some(memory) = instruction.operands.iter().find(|one| matches!(one.kind, OperandKind::Memory(_)))
    else {
        return false;
    };
    let OperandKind::Memory(memory) = memory.kind else { return false };
    memory.index.is_some()
        && matches!(
            mnemonic_name(instruction.mnemonic),
            "bndldx" | "bndstx" | "bndmk" | "tileloadd" | "tileloaddt1" | "tilestored"
        )
}

/// `movdir64b` and `enqcmd` have an address in a register beside the one in brackets, of the same size.
fn address_register(instruction: &Instruction<'_>) -> Option<Size> {
    let [Operand { kind: OperandKind::Register(first), .. }, Operand { kind: OperandKind::Memory(_), .. }] =
        instruction.operands
    else {
        return None;
    };
    if !matches!(mnemonic_name(instruction.mnemonic), "movdir64b" | "enqcmd" | "enqcmds") {
        return None;
    }
    match first.class() {
        RegisterClass::General16 => Some(Size::Word),
        RegisterClass::General32 => Some(Size::Dword),
        RegisterClass::General64 => Some(Size::Qword),
        _ => None,
    }
}

pub(super) fn request<'a>(line: Line<'a>, options: Options) -> Request<'a> {
    let operands = line.instruction.operands;
    let memory = operands.iter().position(|operand| matches!(operand.kind, OperandKind::Memory(_)));
    let single = operands.len() == 1;
    let target = single && !matches!(operands[0].kind, OperandKind::Register(_));
    let jumps = target && matches!(mnemonic_name(line.instruction.mnemonic), "jmp" | "call");
    let mut operand_size = line.instruction.prefixes.operand_size.map_or(0, |size| size.bytes() * 8);
    if target
        && memory.is_none()
        && let Some(size) = operands[0].size
        && matches!(size, Size::Word | Size::Dword | Size::Qword)
        && !mnemonic_name(line.instruction.mnemonic).starts_with("ret")
    {
        operand_size = match (line.bits, mnemonic_name(line.instruction.mnemonic), size) {
            // Four bytes are pushed as eight where nothing else can be; the distance of `xbegin` has four and is called
            // eight, nothing else.
            (Bits::B64, "push", Size::Dword) => 64,
            (Bits::B64, "xbegin", Size::Qword) => 32,
            (Bits::B64, "xbegin", Size::Dword) => 16,
            _ => size.bytes() * 8,
        };
    }
    if jumps
        && memory.is_some()
        && let Some(size) = operands[0].size
        && operands[0].distance == Some(Distance::Far)
    {
        // No form has a size that is none of a far pointer's offset.
        operand_size = size.bytes().saturating_mul(8);
    }
    Request {
        line,
        mode: mode_bit(line.bits),
        options,
        high: line.measured.iter().any(|one| one.high),
        memory,
        jumps,
        operand_size,
        size_ignored: false,
        address_ignored: false,
    }
}
