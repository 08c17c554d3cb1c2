//! From a chosen form to bytes, through iced-x86's encoder.
//!
//! The encoder is given everything but the prefixes that NASM puts first (`wait`, `rep`, `lock`, and sizes that the
//! instruction itself has no use for); those are written before its bytes.  Values that are not known are encoded as
//! zero and their places read from the encoder.

use iced_x86::{Code, ConstantOffsets, Encoder, OpKind, RoundingControl};

use super::address::{Address, mode_width};
use super::fit::{Measured, accept};
use super::form::{Form, Wrapping, kind, source};
use super::pattern::Places;
use super::{Bits, Instruction, Known, OperandKind, Register, RegisterClass, Rounding, Size};
use crate::unit::overflow::{self, Meaning};
use crate::unit::{Encoding, Field, FixupKind, Value};

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

/// A value that layout puts in: one that is not known, and a number that does not fit, of which layout tells.
#[inline]
fn left_to_layout(value: Known, fits: impl FnOnce(i64) -> bool) -> Option<Value> {
    match value {
        Known::Number(number) if fits(number) => None,
        Known::Number(number) => Some(Value::Const(number)),
        Known::Address(value) | Known::Later(value) => Some(value),
    }
}

#[inline]
fn fits(width: usize, signed: bool, number: i64) -> bool {
    let kind = if signed { FixupKind::AbsoluteSigned } else { FixupKind::Absolute };
    let width = u8::try_from(width).expect("no field has more than 8 bytes");
    overflow::fits(Field { offset: 0, width, kind }, number, Meaning::Number)
}

/// Whether an immediate is written as it is; a byte that the processor extends stands for a whole operand.
#[inline]
fn immediate_fits(kind: u8, width: usize, number: i64) -> bool {
    match kind {
        kind::IMM8SEX16 => fits(2, false, number) && accept(kind).takes(number),
        kind::IMM8SEX32 => fits(4, false, number) && accept(kind).takes(number),
        kind::IMM8SEX64 => fits(4, true, number) && accept(kind).takes(number),
        kind::IMM32SEX64 | kind::FITS_SIGNED => fits(4, true, number),
        _ => fits(width, false, number),
    }
}

/// A value that is always put in by layout, as the target of a jump.
pub(super) fn target(value: Known) -> Value {
    match value {
        Known::Number(number) => Value::Const(number),
        Known::Address(value) | Known::Later(value) => value,
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

/// Segments and sizes.
fn is_legacy_prefix(byte: u8) -> bool {
    matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67)
}

/// 3DNow instructions are encoded as this one: the encoder forgets the REX prefix of theirs.
const LIKE_3DNOW: Code = Code::Pmulhw_mm_mmm64;

/// 0F E5 becomes 0F 0F, and the opcode comes last, where an immediate would stand.
fn with_3dnow_opcode(form: &Form, bytes: &mut Vec<u8>) {
    if let Some(at) = bytes.windows(2).position(|pair| pair == [0x0f, 0xe5]) {
        bytes[at + 1] = 0x0f;
        bytes.push(form.immediate);
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
                        set_register(&mut out, operand, converted(*register, form.convert()));
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
    let value = if cut_off(address, form) { 1 } else { number(address.displacement) };
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
        (Known::Address(_) | Known::Later(_), 1) => 1,
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

/// A few bytes in order.
#[derive(Default)]
struct Bytes {
    bytes: [u8; 32],
    length: usize,
}

impl Bytes {
    fn put(&mut self, byte: u8, wanted: bool) {
        if wanted && let Some(room) = self.bytes.get_mut(self.length) {
            *room = byte;
            self.length += 1;
        }
    }

    fn extend(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.put(*byte, true);
        }
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// `{rex}` as [`super::Prefixes::encoding`].
const REX: u8 = 5;

/// Whether the line has prefixes that the encoder was not told of.
fn has_leading(line: Line<'_>) -> bool {
    let prefixes = &line.instruction.prefixes;
    let super::Prefixes { lock, rep, repne, xacquire, xrelease, bnd, notrack, wait, .. } = *prefixes;
    let sizes = line.operand_size.is_some() || prefixes.address_size.is_some();
    let rex = prefixes.encoding == REX;
    lock | rep | repne | xacquire | xrelease | bnd | notrack | wait | sizes | rex
}

/// NASM's order: wait, F2 and F3, lock, segment, 66, 67; then what belongs to the opcode.
fn reorder(line: Line<'_>, form: &Form, own: &[u8], out: &mut Bytes) {
    let prefixes = &line.instruction.prefixes;
    // The wait of `fstcw` is an instruction of its own and precedes everything.
    let waits = own.first() == Some(&0x9b);
    let own = if waits { &own[1..] } else { own };
    let run = own.iter().take_while(|byte| is_legacy_prefix(**byte)).count();
    let (before, mut rest) = own.split_at(run.saturating_sub(usize::from(form.own_66())));
    if form.own_rep() && rest.first() == Some(&0xf3) {
        rest = &rest[1..];
    }
    out.put(0x9b, prefixes.wait || waits);
    let short_jump = rest.first() == Some(&0xeb);
    out.put(0xf2, prefixes.repne || prefixes.xacquire || prefixes.bnd && !short_jump);
    out.put(0xf3, prefixes.rep || prefixes.xrelease || form.own_rep() && !prefixes.repne);
    out.put(0x3e, prefixes.notrack);
    out.put(0xf0, prefixes.lock);
    for byte in before.iter().filter(|byte| !matches!(byte, 0x66 | 0x67)) {
        out.put(*byte, true);
    }
    let mode = mode_width(line.bits);
    let other_operands = match line.operand_size {
        Some(Size::Word) => mode != 16,
        Some(Size::Dword) => mode == 16,
        _ => false,
    };
    // What is asked for outdoes what the form has.
    let own_operands = line.operand_size.is_none() && before.contains(&0x66);
    out.put(0x66, other_operands || own_operands);
    out.put(0x66, form.heavy16() && mode == 16 && !other_operands);
    let other_addresses = match prefixes.address_size {
        Some(Size::Word) => mode == 32,
        Some(Size::Dword) => mode != 32,
        _ => false,
    };
    out.put(0x67, other_addresses || before.contains(&0x67));
    // An operand size that the form has no use for is REX.W; what the level of optimisation chose always is.
    let wide = line.operand_size == Some(Size::Qword)
        && (!form.wide() || prefixes.operand_size.is_none())
        && form.wrapping() == Wrapping::Legacy
        && line.bits == Bits::B64;
    if wide || prefixes.encoding == REX {
        while let Some((byte, tail)) = rest.split_first()
            && (matches!(byte, 0xf2 | 0xf3) || form.own_66() && *byte == 0x66)
        {
            out.put(*byte, true);
            rest = tail;
        }
        let rex = rest.first().copied().filter(|byte| (0x40..=0x4f).contains(byte));
        out.put(rex.unwrap_or(0x40) | u8::from(wide) << 3, true);
        rest = if rex.is_some() { &rest[1..] } else { rest };
    }
    out.extend(rest);
}

fn finish(line: Line<'_>, form: &Form, own: &[u8], offsets: ConstantOffsets) -> Option<Encoded> {
    let heavy = form.heavy16() && line.bits == Bits::B16;
    let reordered = heavy || form.own_rep() || own.first() == Some(&0x9b) || has_leading(line);
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

/// Whether any operand leaves a value for layout: unknown, relative to the instruction, or perhaps too large.
fn has_fields(line: Line<'_>, form: &Form, offsets: ConstantOffsets) -> bool {
    let plain = |value: Known, width: usize| match value {
        Known::Number(number) => i8::try_from(number).is_ok() || width == 4 && i32::try_from(number).is_ok(),
        Known::Address(_) | Known::Later(_) => false,
    };
    line.instruction.operands.iter().enumerate().any(|(at, operand)| match &operand.kind {
        OperandKind::Register(_) => false,
        OperandKind::Memory(_) => match &line.measured[at].address {
            Some(address) => address.relative || !plain(address.displacement, offsets.displacement_size()),
            None => true,
        },
        OperandKind::Immediate(value) => {
            kind::is_branch(form.kinds[at]) || !plain(*value, offsets.immediate_size())
        }
        OperandKind::Far { .. } => true,
    })
}

/// Whether `[byte …]` has no room for the number: layout cuts it off, and says so.
fn cut_off(address: &Address, form: &Form) -> bool {
    let byte = address.forced == 1 && address.base.is_some() && form.wrapping() != Wrapping::Evex;
    byte && matches!(address.displacement, Known::Number(number) if !(-128..=127).contains(&number))
}

/// Finds the places of the values that are not numbers, and zeroes them.
fn fill_fields(
    line: Line<'_>,
    form: &Form,
    offsets: ConstantOffsets,
    shift: isize,
    bytes: &mut [u8],
    fields: &mut [Option<(Field, Value)>; 2],
) {
    let mut next = 0;
    let total = bytes.len();
    let mut put = |offset: usize, width: usize, value: Value, relative: bool, signed: bool| {
        let offset = offset.saturating_add_signed(shift);
        let Some(room) = bytes.get_mut(offset..offset + width) else { return };
        if !matches!(value, Value::Const(_)) || relative {
            room.fill(0);
        }
        let kind = if relative {
            FixupKind::Relative { end: (total - offset) as u8 }
        } else if signed {
            FixupKind::AbsoluteSigned
        } else {
            FixupKind::Absolute
        };
        if let Some(slot) = fields.get_mut(next) {
            *slot = Some((Field { offset: offset as u8, width: width as u8, kind }, value));
            next += 1;
        }
    };
    let mut immediates = 0;
    for (at, operand) in line.instruction.operands.iter().enumerate() {
        match &operand.kind {
            OperandKind::Register(_) => {}
            OperandKind::Memory(_) => {
                let Some(address) = &line.measured[at].address else { continue };
                let moffs = form.kinds[at] == kind::MEM_OFFS;
                if address.relative && !moffs {
                    put(offsets.displacement_offset(), 4, target(address.displacement), true, false);
                } else if offsets.has_displacement() {
                    let width = offsets.displacement_size();
                    // EVEX takes `byte` for a wish.
                    let byte = address.forced == 1 && form.wrapping() != Wrapping::Evex;
                    let signed = address.width == 64 && width == 4 || byte;
                    // A short displacement is that of the address as it wraps round.
                    let room = usize::from(address.width / 8).min(4);
                    let fits =
                        |number| fits(if byte && address.base.is_some() { 1 } else { room }, signed, number);
                    if let Some(value) = left_to_layout(address.displacement, fits) {
                        put(offsets.displacement_offset(), width, value, false, signed);
                    }
                }
            }
            OperandKind::Immediate(value) => {
                let kind = form.kinds[at];
                let branch = kind::is_branch(kind);
                let first = immediates == 0;
                immediates += 1;
                let (offset, width) = if first {
                    (offsets.immediate_offset(), offsets.immediate_size())
                } else {
                    (offsets.immediate_offset2(), offsets.immediate_size2())
                };
                if width == 0 {
                    continue;
                }
                if branch {
                    put(offset, width, target(*value), true, false);
                } else {
                    if let Some(value) = left_to_layout(*value, |number| immediate_fits(kind, width, number))
                    {
                        // What is not known chose a byte by the number that it will be.
                        let known = matches!(value, Value::Const(_));
                        let byte = known && (kind::IMM8SEX16..=kind::IMM8SEX64).contains(&kind);
                        let signed = byte || matches!(kind, kind::IMM32SEX64 | kind::FITS_SIGNED);
                        put(offset, width, value, false, signed);
                    }
                }
            }
            OperandKind::Far { segment, offset } => {
                let parts = [
                    (offset, offsets.immediate_offset(), offsets.immediate_size()),
                    (segment, offsets.immediate_offset2(), offsets.immediate_size2()),
                ];
                for (part, at, width) in parts {
                    if let Some(value) = left_to_layout(*part, |number| fits(width, false, number)) {
                        put(at, width, value, false, false);
                    }
                }
            }
        }
    }
}
