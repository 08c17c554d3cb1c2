//! From a chosen form to bytes, through iced-x86's encoder.
//!
//! The encoder is given everything but the prefixes that NASM puts first (`wait`, `rep`, `lock`, and sizes that the
//! instruction itself has no use for); those are written before its bytes.  Values that are not known are encoded as
//! zero and their places read from the encoder.

use iced_x86::{Code, ConstantOffsets, Encoder, OpKind, RoundingControl};

use super::address::{Address, mode_width};
use super::fields::{cut_off, fill_fields, has_fields};
use super::fit::Measured;
use super::form::{Form, Wrapping, kind, source};
use super::pattern::Places;
use super::prefix::{Bytes, has_leading, is_legacy_prefix, is_wait, reorder};
use super::{Bits, Instruction, Known, OperandKind, Register, RegisterClass, Rounding, Size};
use crate::unit::{Encoding, Field, Value};

/// Bytes, and which value goes where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Encoded {
    pub(super) encoding: Encoding,
    pub(super) fields: [Option<(Field, Value)>; 2],
}

/// How to encode the displacement of a value that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// No displacement at all: the value is zero.
    None,
    /// One byte.
    Byte,
    /// As wide as the address allows.
    Full,
}

/// The bytes of the widest vector: every unit of an EVEX displacement divides it.
pub(super) const LARGEST_UNIT: i64 = 64;

/// One encoder for each mode, made when it is first needed.
#[derive(Default)]
pub(super) struct Encoders {
    modes: [Option<Encoder>; 3],
}

impl std::fmt::Debug for Encoders {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Encoders")
    }
}

/// Everything about a line that the encoder needs.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) bits: Bits,
    pub(super) instruction: &'a Instruction<'a>,
    pub(super) measured: &'a [Measured; 5],
    /// `o16` …, or what the level of optimisation has instead.
    pub(super) operand_size: Option<Size>,
}

fn iced(register: Register) -> iced_x86::Register {
    iced_x86::Register::try_from(usize::from(register.0)).unwrap_or(iced_x86::Register::None)
}

/// The register of the same number in the file of general registers of `width` bits, or of vectors of 128.
fn converted(register: Register, width: u8) -> Register {
    use RegisterClass::{General8, General16, General32, General64, Zmm};
    let general = matches!(register.class(), General8 | General16 | General32 | General64);
    match width {
        128 if register.class() == Zmm => Register(77 + register.number()),
        16 if general => Register(21 + register.number()),
        32 if general => Register(37 + register.number()),
        64 if general => Register(53 + register.number()),
        _ => register,
    }
}

fn number(value: Known) -> i64 {
    match value {
        Known::Number(number) => number,
        Known::Address(_) | Known::Later(_) => 0,
    }
}

impl Encoders {
    /// `None` if the encoder refuses the combination.
    pub(super) fn encode(&mut self, line: Line<'_>, form: &Form, room: Room) -> Option<Encoded> {
        let encoder =
            self.modes[mode(line.bits)].get_or_insert_with(|| Encoder::new(u32::from(mode_width(line.bits))));
        let instruction = build(line, form, room)?;
        let prevent = line.instruction.prefixes.encoding == 3;
        if prevent {
            encoder.set_prevent_vex2(true);
        }
        let done = encoder.encode(&instruction, 0);
        if prevent {
            encoder.set_prevent_vex2(false);
        }
        let mut buffer = encoder.take_buffer();
        if form.is_3dnow() {
            with_3dnow_opcode(form, &mut buffer);
        } else if form.opcode_given() {
            with_opcode(form.immediate, &mut buffer);
        }
        let two_bytes = line.instruction.prefixes.encoding != 2 || is_vex2(&buffer);
        let out = done
            .ok()
            .filter(|_| two_bytes)
            .and_then(|_| finish(line, form, &buffer, encoder.get_constant_offsets()));
        buffer.clear();
        encoder.set_buffer(buffer);
        out
    }
}

/// Whether the opcode is wrapped in the two-byte VEX prefix.
fn is_vex2(bytes: &[u8]) -> bool {
    bytes.iter().find(|byte| !is_legacy_prefix(**byte)) == Some(&0xc5)
}

/// 3DNow instructions are encoded as this one: the encoder forgets the REX prefix of theirs.
const LIKE_3DNOW: Code = Code::Pmulhw_mm_mmm64;

/// 0F E5 becomes 0F 0F, and the opcode comes last, where an immediate would stand.
fn with_3dnow_opcode(form: &Form, bytes: &mut Vec<u8>) {
    with_opcode(0x0f, bytes);
    bytes.push(form.immediate);
}

/// Puts another byte behind the first 0F, which no prefix is.
fn with_opcode(opcode: u8, bytes: &mut [u8]) {
    if let Some(at) = bytes.iter().position(|byte| *byte == 0x0f)
        && let Some(second) = bytes.get_mut(at + 1)
    {
        *second = opcode;
    }
}

impl Encoders {
    /// Where the instruction that was encoded last has its numbers; `None` where bytes were put before the encoder's.
    pub(super) fn places(&self, line: Line<'_>, form: &Form) -> Option<Places> {
        if form.heavy16() && line.bits == Bits::B16 || has_leading(line) {
            return None;
        }
        let offsets = self.modes[mode(line.bits)].as_ref()?.get_constant_offsets();
        Some(Places {
            displacement: (offsets.displacement_offset(), offsets.displacement_size()),
            immediate: (offsets.immediate_offset(), offsets.immediate_size()),
        })
    }
}

fn mode(bits: Bits) -> usize {
    match bits {
        Bits::B16 => 0,
        Bits::B32 => 1,
        Bits::B64 => 2,
    }
}

fn build(line: Line<'_>, form: &Form, room: Room) -> Option<iced_x86::Instruction> {
    let mut out = iced_x86::Instruction::default();
    let code = if form.is_3dnow() { LIKE_3DNOW } else { Code::try_from(usize::from(form.code)).ok()? };
    out.set_code(code);
    let count = out.op_count();
    let mut immediates = 0;
    for operand in 0..count {
        match form.source(operand) {
            source::IMPLIED => set_register(&mut out, operand, Register(217)),
            source::ST1 => set_register(&mut out, operand, Register(218)),
            source::DX => set_register(&mut out, operand, Register(23)),
            source::ACCUMULATOR => {
                let number = match form.operand_size() {
                    16 => 21,
                    32 => 37,
                    64 => 53,
                    _ => 1,
                };
                set_register(&mut out, operand, Register(number));
            }
            source::IMMEDIATE => {
                // `hint_nop5` stands for a register number, the others for an immediate.
                if count == 2 && operand == 1 && form.kinds[0] <= 17 {
                    let base = match form.kinds[0] {
                        14 => 21,
                        15 => 37,
                        _ => 53,
                    };
                    set_register(&mut out, operand, Register(base + form.immediate));
                } else {
                    set_immediate(
                        &mut out,
                        operand,
                        kind::IMM8,
                        i64::from(form.immediate),
                        immediates,
                        line.bits,
                    );
                    immediates += 1;
                }
            }
            string @ source::SEG_RSI..=source::SEG_RBX_AL => set_string(&mut out, operand, string, line)?,
            written => {
                let at = usize::from(written);
                let written = line.instruction.operands.get(at)?;
                match &written.kind {
                    OperandKind::Register(register) => {
                        // `ah` to `bh` are no part of a wider register's low end.
                        if form.convert() != 0 && (5..=8).contains(&register.0) {
                            return None;
                        }
                        let register = match register.class() {
                            RegisterClass::Segment if form.opcode_given() => Register(37 + register.number()),
                            _ => converted(*register, form.convert()),
                        };
                        set_register(&mut out, operand, register);
                    }
                    OperandKind::Memory(memory) => {
                        set_memory(&mut out, operand, line.measured[at].address.as_ref()?, form, room)?;
                        if let Some(segment) = memory.segment {
                            out.set_segment_prefix(iced(segment));
                        }
                        out.set_is_broadcast(written.broadcast != 0);
                    }
                    OperandKind::Immediate(value) => {
                        let kind = form.kinds[at];
                        set_immediate(&mut out, operand, kind, number(*value), immediates, line.bits);
                        immediates += 1;
                    }
                    OperandKind::Far { segment, offset } => {
                        let far16 = form.kinds[at] == kind::FAR16;
                        let kind = if far16 { OpKind::FarBranch16 } else { OpKind::FarBranch32 };
                        out.set_op_kind(operand, kind);
                        if far16 {
                            out.set_far_branch16(number(*offset) as u16);
                        } else {
                            out.set_far_branch32(number(*offset) as u32);
                        }
                        out.set_far_branch_selector(number(*segment) as u16);
                    }
                }
            }
        }
    }
    decorate(&mut out, line);
    Some(out)
}

fn decorate(out: &mut iced_x86::Instruction, line: Line<'_>) {
    for operand in line.instruction.operands {
        if operand.mask != 0 {
            out.set_op_mask(iced(Register(173 + operand.mask)));
        }
        if operand.zeroing {
            out.set_zeroing_masking(true);
        }
        match operand.rounding {
            None => {}
            Some(Rounding::SuppressOnly) => out.set_suppress_all_exceptions(true),
            Some(Rounding::Nearest) => out.set_rounding_control(RoundingControl::RoundToNearest),
            Some(Rounding::Down) => out.set_rounding_control(RoundingControl::RoundDown),
            Some(Rounding::Up) => out.set_rounding_control(RoundingControl::RoundUp),
            Some(Rounding::Zero) => out.set_rounding_control(RoundingControl::RoundTowardZero),
        }
    }
    if let Some(segment) = line.instruction.prefixes.segment {
        out.set_segment_prefix(iced(segment));
    }
}

#[inline]
fn set_register(out: &mut iced_x86::Instruction, operand: u32, register: Register) {
    out.set_op_kind(operand, OpKind::Register);
    out.set_op_register(operand, iced(register));
}

fn set_immediate(
    out: &mut iced_x86::Instruction,
    operand: u32,
    kind: u8,
    value: i64,
    before: u32,
    mode: Bits,
) {
    let op_kind = match kind {
        kind::IMM8 | kind::BARE_IMM8 | kind::IMM4 | kind::ONE if before > 0 => OpKind::Immediate8_2nd,
        kind::IMM8 | kind::BARE_IMM8 | kind::IMM4 | kind::ONE => OpKind::Immediate8,
        kind::IMM8SEX16 => OpKind::Immediate8to16,
        kind::IMM8SEX32 => OpKind::Immediate8to32,
        kind::IMM8SEX64 => OpKind::Immediate8to64,
        kind::IMM16 => OpKind::Immediate16,
        kind::IMM32 | kind::FITS_UNSIGNED => OpKind::Immediate32,
        kind::IMM32SEX64 | kind::FITS_SIGNED => OpKind::Immediate32to64,
        kind::IMM64 => OpKind::Immediate64,
        95 | 98 | 103 => OpKind::NearBranch16,
        96 | 99 | 104 => OpKind::NearBranch32,
        // `xbegin` goes by the mode.
        101 | 102 => match mode {
            Bits::B16 | Bits::B32 => OpKind::NearBranch32,
            Bits::B64 => OpKind::NearBranch64,
        },
        _ => OpKind::NearBranch64,
    };
    out.set_op_kind(operand, op_kind);
    // The encoder insists on the one, also where the value is known only later.
    let value = if kind == kind::ONE { 1 } else { value };
    match op_kind {
        OpKind::Immediate8_2nd => out.set_immediate8_2nd(value as u8),
        OpKind::Immediate8 => out.set_immediate8(value as u8),
        OpKind::Immediate8to16 => out.set_immediate8to16(i16::from(value as i8)),
        OpKind::Immediate8to32 => out.set_immediate8to32(i32::from(value as i8)),
        OpKind::Immediate8to64 => out.set_immediate8to64(i64::from(value as i8)),
        OpKind::Immediate16 => out.set_immediate16(value as u16),
        OpKind::Immediate32 => out.set_immediate32(value as u32),
        OpKind::Immediate32to64 => out.set_immediate32to64(i64::from(value as i32)),
        OpKind::Immediate64 => out.set_immediate64(value as u64),
        // A jump to its own start is in reach of every form; the field is zeroed afterwards.
        OpKind::NearBranch16 => out.set_near_branch16(0),
        OpKind::NearBranch32 => out.set_near_branch32(0),
        _ => out.set_near_branch64(0),
    }
}

fn set_string(out: &mut iced_x86::Instruction, operand: u32, string: u8, line: Line<'_>) -> Option<()> {
    let width = match line.instruction.prefixes.address_size {
        Some(Size::Word) => 16,
        Some(Size::Dword) => 32,
        Some(Size::Qword) => 64,
        _ => mode_width(line.bits),
    };
    let pick = |kinds: [OpKind; 3]| match width {
        16 => kinds[0],
        32 => kinds[1],
        _ => kinds[2],
    };
    let op_kind = match string {
        source::SEG_RSI => pick([OpKind::MemorySegSI, OpKind::MemorySegESI, OpKind::MemorySegRSI]),
        source::ES_RDI => pick([OpKind::MemoryESDI, OpKind::MemoryESEDI, OpKind::MemoryESRDI]),
        source::SEG_RDI => pick([OpKind::MemorySegDI, OpKind::MemorySegEDI, OpKind::MemorySegRDI]),
        _ => {
            out.set_memory_base(iced(Register(match width {
                16 => 24,
                32 => 40,
                _ => 56,
            })));
            out.set_memory_index(iced_x86::Register::AL);
            OpKind::Memory
        }
    };
    out.set_op_kind(operand, op_kind);
    Some(())
}

fn set_memory(
    out: &mut iced_x86::Instruction,
    operand: u32,
    address: &Address,
    form: &Form,
    room: Room,
) -> Option<()> {
    out.set_op_kind(operand, OpKind::Memory);
    let is_evex = form.wrapping() == Wrapping::Evex;
    let value = match address.displacement {
        _ if cut_off(address, form) => 1,
        // The largest unit, so that the byte shows how large this one is.
        Known::Later(_) if is_evex && room == Room::Byte => LARGEST_UNIT,
        displacement => number(displacement),
    };
    let full = u32::from(address.width / 8);
    let moffs = form.source(operand) < 5 && form.kinds[usize::from(form.source(operand))] == kind::MEM_OFFS;
    if address.relative && !moffs {
        out.set_memory_base(match address.width {
            64 => iced_x86::Register::RIP,
            _ => iced_x86::Register::EIP,
        });
        out.set_memory_displ_size(full);
        return Some(());
    }
    if let Some(base) = address.base {
        out.set_memory_base(iced(base));
    }
    if let Some(index) = address.index {
        out.set_memory_index(iced(index));
        out.set_memory_index_scale(u32::from(address.scale));
    }
    let bare = address.base.is_none() && address.index.is_none();
    let wrapped = match address.width {
        16 if bare => value & 0xffff,
        16 => i64::from(value as i16),
        32 if bare || moffs => value & 0xffff_ffff,
        32 => i64::from(value as i32),
        _ if moffs => value,
        _ => i64::from(value as i32),
    };
    let size = match (address.displacement, address.forced) {
        _ if bare => full,
        // An index alone always has its four bytes, and nothing scales them.
        _ if address.base.is_none() => full,
        (Known::Number(_), 0) if wrapped == 0 => 0,
        (Known::Number(_), 0 | 1) => 1,
        (Known::Number(_), _) => full,
        (Known::Address(_) | Known::Later(_), 1) if !is_evex => 1,
        (Known::Address(_) | Known::Later(_), _) => match room {
            Room::None => 0,
            Room::Byte => 1,
            Room::Full => full,
        },
    };
    // `[byte …]` is what was asked for, whatever the number.
    let wrapped = if address.forced == 1 && size == 1 && form.wrapping() != Wrapping::Evex {
        i64::from(wrapped as i8)
    } else {
        wrapped
    };
    // With a register, a 64-bit address has four bytes of displacement all the same.
    out.set_memory_displ_size(size);
    out.set_memory_displacement64(wrapped as u64);
    Some(())
}

fn finish(line: Line<'_>, form: &Form, own: &[u8], offsets: ConstantOffsets) -> Option<Encoded> {
    let heavy = form.heavy16() && line.bits == Bits::B16;
    let reordered =
        heavy || form.own_rep() || own.first() == Some(&0x9b) || is_wait(own) || has_leading(line);
    if !reordered && !has_fields(line, form, offsets) {
        return Some(Encoded { encoding: Encoding::new(own)?, fields: [None; 2] });
    }
    let mut bytes = Bytes::default();
    if reordered {
        reorder(line, form, own, &mut bytes);
    } else {
        bytes.extend(own);
    }
    let shift = bytes.length as isize - own.len() as isize;
    let mut encoded = Encoded { encoding: Encoding::default(), fields: [None; 2] };
    let length = bytes.length;
    fill_fields(line, form, offsets, shift, &mut bytes.bytes[..length], &mut encoded.fields);
    encoded.encoding = Encoding::new(bytes.as_slice())?;
    Some(encoded)
}
