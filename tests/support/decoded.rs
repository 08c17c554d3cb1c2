//! Bytes that nasm made, taken apart by the decoder into what a front end hands to the assembler.

use iced_x86::{Decoder, DecoderOptions, OpKind, RoundingControl};
use tinyelf::isa::x86::{
    Bits, Instruction, Known, Memory, Operand, OperandKind, Prefixes, Register, Rounding, Size, mnemonic,
};
use tinyelf::source::Span;

/// A line as it is handed to the assembler.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) bits: Bits,
    mnemonic: u16,
    prefixes: Prefixes,
    operands: Vec<Operand>,
}

impl Line {
    pub(crate) fn instruction(&self) -> Instruction<'_> {
        Instruction {
            mnemonic: self.mnemonic,
            prefixes: self.prefixes,
            operands: &self.operands,
            default_rel: false,
            span: Span::default(),
        }
    }
}

/// The lines of a table of `hex<TAB>source`, but for those that have more to them than registers, numbers and memory.
pub(crate) fn lines(bits: Bits, data: &str) -> Vec<Line> {
    let digits = data.lines().filter_map(|line| line.split_once('\t'));
    digits.filter_map(|(digits, _)| line(bits, digits)).collect()
}

/// The instructions that stand behind each other.
#[allow(dead_code, reason = "each user has its part")]
pub(crate) fn instructions(bits: Bits, bytes: &[u8]) -> Vec<Line> {
    let decoder = Decoder::new(width(bits), bytes, DecoderOptions::NONE);
    decoder.into_iter().filter_map(|one| decoded(bits, &one)).collect()
}

fn line(bits: Bits, digits: &str) -> Option<Line> {
    let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(pair).collect();
    decoded(bits, &Decoder::new(width(bits), &bytes?, DecoderOptions::NONE).decode())
}

fn width(bits: Bits) -> u32 {
    match bits {
        Bits::B16 => 16,
        Bits::B32 => 32,
        Bits::B64 => 64,
    }
}

fn decoded(bits: Bits, one: &iced_x86::Instruction) -> Option<Line> {
    let name = format!("{:?}", one.mnemonic()).to_lowercase();
    let operands: Option<Vec<Operand>> = (0..one.op_count()).map(|at| operand(one, at)).collect();
    let prefixes = Prefixes { lock: one.has_lock_prefix(), ..Prefixes::default() };
    let mut operands = operands?;
    if let Some(first) = operands.first_mut() {
        first.mask = one.op_mask().number() as u8;
        first.zeroing = one.zeroing_masking();
    }
    let vector = operands.iter_mut().rev().find(|one| matches!(one.kind, OperandKind::Register(_)));
    if let Some(last) = vector {
        last.rounding = rounding(one);
    }
    Some(Line { bits, mnemonic: mnemonic(name.as_bytes())?, prefixes, operands })
}

fn rounding(one: &iced_x86::Instruction) -> Option<Rounding> {
    match one.rounding_control() {
        RoundingControl::RoundToNearest => Some(Rounding::Nearest),
        RoundingControl::RoundDown => Some(Rounding::Down),
        RoundingControl::RoundUp => Some(Rounding::Up),
        RoundingControl::RoundTowardZero => Some(Rounding::Zero),
        RoundingControl::None => one.suppress_all_exceptions().then_some(Rounding::SuppressOnly),
    }
}

fn operand(one: &iced_x86::Instruction, at: u32) -> Option<Operand> {
    let register = |register: iced_x86::Register| Some(Register(register as u8)).filter(|it| it.0 != 0);
    let mut size = None;
    let kind = match one.op_kind(at) {
        OpKind::Register => OperandKind::Register(register(one.op_register(at))?),
        OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64 => {
            OperandKind::Immediate(Known::Number(one.near_branch_target() as i64))
        }
        OpKind::Memory if one.memory_base() != iced_x86::Register::RIP => {
            size = keyword(one.memory_size().size());
            OperandKind::Memory(Memory {
                base: register(one.memory_base()),
                index: register(one.memory_index()),
                scale: one.memory_index_scale() as u8,
                displacement: Known::Number(one.memory_displacement64() as i64),
                segment: register(one.segment_prefix()),
                ..Memory::NOWHERE
            })
        }
        _ => OperandKind::Immediate(Known::Number(one.try_immediate(at).ok()? as i64)),
    };
    let span = Span::default();
    let (distance, strict, to, following, mask, zeroing, broadcast, rounding) =
        (None, false, false, 0, 0, false, 0, None);
    Some(Operand { kind, size, distance, strict, to, following, mask, zeroing, broadcast, rounding, span })
}

fn keyword(bytes: usize) -> Option<Size> {
    use Size::{Byte, Dword, Oword, Qword, Tword, Word, Yword, Zword};
    [Byte, Word, Dword, Qword, Tword, Oword, Yword, Zword]
        .into_iter()
        .find(|size| usize::from(size.bytes()) == bytes)
}
