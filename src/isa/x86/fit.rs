//! What a written operand fits: a bit for each kind of operand, so that testing a form is one shift an operand.

use super::address::{self, Address, Reason};
use super::form::kind;
use super::{Bits, Distance, Known, Operand, OperandKind, Optimize, Register, RegisterClass, Size};
use crate::unit::Accept;

/// Said of a register that this mode cannot name.
pub(super) const NEEDS_64_BIT: Reason = "this register exists in 64-bit mode only";

/// A set of kinds.
pub(super) type Kinds = u128;

const fn bit(kind: u8) -> Kinds {
    1 << kind
}

const fn span(first: u8, last: u8) -> Kinds {
    (((1 << (last - first + 1)) - 1) as Kinds) << first
}

/// Everything that is memory and nothing else, but for vector indices, moffs and SIB memory.
const MEMORY: Kinds = span(4, 6) | span(13, 24) | bit(kind::SIBMEM);
/// Memory with a base or an index.
#[cfg(test)]
pub(super) const ADDRESSED: Kinds = MEMORY | span(kind::VSIB32X, kind::VSIB64Z);
/// One general register, st0 or xmm0 each.
pub(super) const SINGLE_REGISTERS: Kinds =
    span(73, 79) | bit(kind::XMM0) | bit(kind::ECX) | bit(kind::EDX) | bit(kind::CX) | bit(kind::RCX);
/// All but the single registers that no form asks for beside [`ADDRESSED`]: those are cl (the count of a shift), xmm0.
pub(super) const BESIDE_MEMORY: Kinds = !SINGLE_REGISTERS | bit(74) | bit(kind::XMM0);
const MASKED_IMMEDIATES: Kinds = bit(kind::IMM8) | bit(kind::IMM4) | bit(kind::BARE_IMM8);
const BRANCHES: Kinds = span(95, 104);

/// An operand, measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) kinds: Kinds,
    pub(super) address: Option<Address>,
    /// The size keyword in bytes, or 0.
    pub(super) size: u8,
    /// A vector register that only EVEX can name.
    pub(super) high: bool,
}

pub(super) const fn register_kinds(number: u8) -> Kinds {
    match number {
        0 => 0,
        1 => bit(13) | bit(25) | bit(26) | bit(73),
        2 => bit(13) | bit(25) | bit(26) | bit(74),
        3..=20 => bit(13) | bit(25) | bit(26),
        21..=36 => {
            let any = bit(14) | span(27, 30);
            match number {
                21 => any | bit(75),
                22 => any | bit(kind::CX),
                23 => any | bit(76),
                _ => any,
            }
        }
        37..=52 => {
            let any = bit(15) | bit(16) | span(31, 35);
            match number {
                37 => any | bit(77),
                38 => any | bit(kind::ECX),
                39 => any | bit(kind::EDX),
                _ => any,
            }
        }
        53..=68 => {
            let any = bit(17) | bit(18) | span(36, 40);
            match number {
                53 => any | bit(78),
                54 => any | bit(kind::RCX),
                _ => any,
            }
        }
        71..=76 => bit(41) | bit(67 + number - 71),
        77 => bit(20) | span(48, 53) | bit(kind::XMM0),
        78..=108 => bit(20) | span(48, 53),
        109..=140 => bit(21) | span(54, 58),
        141..=172 => bit(22) | span(59, 62),
        173..=180 => bit(24) | span(42, 45),
        181..=184 => bit(23) | bit(66),
        185..=200 => bit(63),
        201..=216 => bit(64),
        217 => bit(79) | bit(80),
        218..=224 => bit(80),
        225..=232 => bit(19) | bit(46) | bit(47),
        233..=240 => bit(65),
        241..=248 => span(106, 108),
        _ => 0,
    }
}

const fn all_register_kinds() -> [Kinds; 256] {
    let mut table = [0; 256];
    let mut number = 0;
    while number < 256 {
        table[number] = register_kinds(number as u8);
        number += 1;
    }
    table
}

static REGISTER_KINDS: [Kinds; 256] = all_register_kinds();

/// The kinds that a register fits.
pub(super) fn register_kinds_of(register: Register) -> Kinds {
    REGISTER_KINDS[usize::from(register.0)]
}

fn is_high(register: Register) -> bool {
    matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
        && register.number() >= 16
}

/// Measures one operand.
#[inline]
pub(super) fn measure(
    bits: Bits,
    operand: &Operand,
    asked: Option<Size>,
    optimize: Optimize,
    keep: bool,
) -> Result<Measured, Reason> {
    let size = operand.size.map_or(0, Size::bytes);
    let mut measured = Measured { kinds: 0, address: None, size, high: false };
    match &operand.kind {
        OperandKind::Register(register) => {
            // AMD's processors reach cr8 from 32-bit code by a lock prefix.
            let cr8 = *register == Register(193);
            // The low bytes of the stack and index registers may stand for those registers.
            let low = (9..=12).contains(&register.0);
            if bits != Bits::B64 && register.needs_64_bit() && !cr8 && !low {
                return Err(NEEDS_64_BIT);
            }
            measured.kinds = register_kinds_of(*register);
            if operand.following != 0 {
                let group =
                    if operand.following == 3 { bit(kind::XMM_GROUP) | bit(kind::ZMM_GROUP) } else { 0 };
                measured.kinds &= group;
            }
            measured.high = is_high(*register);
        }
        OperandKind::Immediate(value) => measured.kinds = immediate(value, operand, optimize),
        OperandKind::Far { .. } => measured.kinds = bit(kind::FAR16) | bit(kind::FAR32),
        OperandKind::Memory(memory) => {
            if bits != Bits::B64
                && [memory.base, memory.index].into_iter().flatten().any(Register::needs_64_bit)
            {
                return Err(NEEDS_64_BIT);
            }
            let address = address::resolve(bits, memory, asked, keep)?;
            measured.high = address.index.is_some_and(is_high);
            measured.kinds = memory_kinds(&address);
            measured.address = Some(address);
        }
    }
    Ok(measured)
}

fn memory_kinds(address: &Address) -> Kinds {
    match address.index.map(Register::class) {
        Some(RegisterClass::Xmm) => bit(kind::VSIB32X) | bit(kind::VSIB64X),
        Some(RegisterClass::Ymm) => bit(kind::VSIB32Y) | bit(kind::VSIB64Y),
        Some(RegisterClass::Zmm) => bit(kind::VSIB32Z) | bit(kind::VSIB64Z),
        _ if address.offset_only => MEMORY | bit(kind::MEM_OFFS),
        _ => MEMORY,
    }
}

/// The kinds that an immediate or a jump target fits.
fn immediate(value: &Known, operand: &Operand, optimize: Optimize) -> Kinds {
    let branches = match operand.distance {
        Some(Distance::Short) => bit(95) | bit(96) | bit(97),
        Some(Distance::Near) => BRANCHES & !(bit(95) | bit(96) | bit(97)),
        Some(Distance::Far) => bit(kind::FAR16) | bit(kind::FAR32),
        None => BRANCHES,
    };
    let mut kinds = MASKED_IMMEDIATES | span(kind::IMM8SEX16, kind::IMM64) | bit(kind::ONE);
    if optimize == Optimize::Full {
        kinds |= bit(kind::FITS_UNSIGNED) | bit(kind::FITS_SIGNED);
    }
    if optimize == Optimize::None || operand.strict {
        let mut long = span(kind::IMM16, kind::IMM64) | MASKED_IMMEDIATES | bit(kind::ONE);
        if operand.size == Some(Size::Byte) {
            long |= span(kind::IMM8SEX16, kind::IMM8SEX64);
        }
        kinds &= long;
    }
    match operand.size {
        None => {}
        Some(Size::Byte) => {
            kinds &= bit(kind::IMM8) | bit(kind::IMM4) | span(kind::IMM8SEX16, kind::IMM8SEX64);
        }
        Some(Size::Word) => kinds &= bit(kind::IMM16) | bit(kind::IMM8SEX16),
        Some(Size::Dword) => {
            kinds &= bit(kind::IMM32)
                | bit(kind::IMM32SEX64)
                | bit(kind::IMM8SEX32)
                | bit(kind::IMM8SEX64)
                | bit(kind::FITS_SIGNED);
        }
        Some(Size::Qword) => {
            kinds &= bit(kind::IMM64)
                | bit(kind::IMM32SEX64)
                | bit(kind::IMM8SEX64)
                | bit(kind::FITS_UNSIGNED)
                | bit(kind::FITS_SIGNED);
        }
        Some(_) => kinds = 0,
    }
    let kinds = match value {
        Known::Number(number) => kinds & fitting(*number, operand.size == Some(Size::Byte)),
        // A field of one byte would have to hold an address; layout says so if it does not.
        Known::Address(_) if operand.size == Some(Size::Byte) => {
            kinds & !(bit(kind::ONE) | bit(kind::FITS_UNSIGNED) | bit(kind::FITS_SIGNED))
        }
        Known::Address(_) => {
            kinds
                & !(span(kind::IMM8SEX16, kind::IMM8SEX64)
                    | bit(kind::ONE)
                    | bit(kind::FITS_UNSIGNED)
                    | bit(kind::FITS_SIGNED))
        }
        Known::Later(_) => kinds,
    };
    kinds | branches
}

fn fitting(number: i64, byte: bool) -> Kinds {
    let mut kinds = !0;
    let mut refuse = |kind: u8| kinds &= !bit(kind);
    for narrow in [kind::IMM8SEX16, kind::IMM8SEX32, kind::IMM8SEX64, kind::ONE] {
        if !accept(narrow).takes(number) && !byte {
            refuse(narrow);
        }
    }
    for wide in [kind::FITS_UNSIGNED, kind::FITS_SIGNED] {
        if !accept(wide).takes(number) {
            refuse(wide);
        }
    }
    kinds
}

/// Which numbers a kind takes; NASM's test of a signed byte wraps at the operand's size, and at 32 bits for 64.
pub(super) fn accept(kind: u8) -> Accept {
    let signed_byte = |wrap| Accept::Scalar { low: -128, high: 127, wrap };
    match kind {
        kind::IMM8SEX16 => signed_byte(16),
        kind::IMM8SEX32 | kind::IMM8SEX64 => signed_byte(32),
        kind::ONE => Accept::Exactly(1),
        kind::FITS_UNSIGNED => Accept::Scalar { low: 0, high: 0xffff_ffff, wrap: 64 },
        kind::FITS_SIGNED => Accept::Scalar { low: i64::from(i32::MIN), high: i64::from(i32::MAX), wrap: 64 },
        _ => Accept::Any,
    }
}
