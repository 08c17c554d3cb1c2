//! Effective addresses: from what stands between the brackets to base, index, scale and displacement.
//!
//! NASM's shortenings happen here: `[r*2]` is `[r+r]`, `[r*3]` is `[r+r*2]`, `[r*1]` is `[r]`, and the stack pointer
//! leaves the index.  `nosplit` and instructions that need a SIB byte as written (`keep`) switch them off.

use super::{Bits, Known, Memory, Register, RegisterClass, Size};

/// An address as it is encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    pub(super) base: Option<Register>,
    pub(super) index: Option<Register>,
    pub(super) scale: u8,
    /// 16, 32, 64.
    pub(super) width: u8,
    pub(super) displacement: Known,
    /// `[byte …]` is 1, a larger size 2; 0 where the value decides.
    pub(super) forced: u8,
    /// Relative to the next instruction.
    pub(super) relative: bool,
    /// Whether the accumulator's own moves, which have nothing but an offset, can have it.
    pub(super) offset_only: bool,
}

/// Why an address cannot be encoded, as a phrase.
pub(super) type Reason = &'static str;

pub(super) fn mode_width(bits: Bits) -> u8 {
    match bits {
        Bits::B16 => 16,
        Bits::B32 => 32,
        Bits::B64 => 64,
    }
}

fn is_vector(register: Register) -> bool {
    matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
}

fn is_stack_pointer(register: Register) -> bool {
    matches!(register.0, 41 | 57)
}

fn register_width(register: Register) -> Option<u8> {
    match register.class() {
        RegisterClass::General16 => Some(16),
        RegisterClass::General32 => Some(32),
        RegisterClass::General64 => Some(64),
        _ => None,
    }
}

fn width(bits: Bits, memory: &Memory, asked: Option<Size>) -> Result<u8, Reason> {
    let mut found = None;
    for register in [memory.base, memory.index].into_iter().flatten() {
        match (register_width(register), found) {
            (Some(width), None) => found = Some(width),
            (Some(width), Some(other)) if width == other => {}
            (None, _) if is_vector(register) => {}
            (Some(_), _) => return Err("base and index have different sizes"),
            (None, _) => return Err("this register cannot address memory"),
        }
    }
    let named = |size: Size| match size {
        Size::Word => Some(16),
        Size::Dword => Some(32),
        Size::Qword => Some(64),
        _ => None,
    };
    let explicit = memory.address_size.and_then(named).or_else(|| asked.and_then(named));
    let by_displacement = || {
        let size = memory.displacement_size.and_then(named);
        // `[dword x]` in 16-bit code is a 32-bit address, and `[word x]` elsewhere a 16-bit one.
        if bits == Bits::B64 && size != Some(16) { None } else { size }
    };
    if let (Some(width), Some(prefix)) = (found, explicit)
        && width != prefix
    {
        return Err("the size asked for the address is not that of its registers");
    }
    let width = match (found, explicit) {
        (Some(width), _) => width,
        (None, Some(width)) => width,
        (None, None) => by_displacement().unwrap_or(mode_width(bits)),
    };
    match (bits, width) {
        (Bits::B64, 16) => Err("16-bit addresses do not exist in 64-bit mode"),
        (Bits::B16 | Bits::B32, 64) => Err("64-bit addresses exist in 64-bit mode only"),
        _ => Ok(width),
    }
}

/// Works an address out.
pub(super) fn resolve(
    bits: Bits,
    memory: &Memory,
    asked: Option<Size>,
    keep: bool,
) -> Result<Address, Reason> {
    if memory.segment.is_some_and(|register| register.class() != RegisterClass::Segment) {
        return Err("only a segment register stands before `:` in an address");
    }
    let width = width(bits, memory, asked)?;
    let bare = memory.base.is_none() && memory.index.is_none();
    // A number is no distance; asked for as one, it still is none of the offsets.
    let relative = bits == Bits::B64 && bare && memory.relative == Some(true);
    // In 64-bit mode the offset has to be asked for in its whole width, or the address in half of it.
    let as_wide = memory.displacement_size == Some(Size::Qword);
    let mut address = Address {
        base: memory.base,
        index: memory.index,
        scale: memory.scale.max(1),
        width,
        displacement: memory.displacement,
        forced: match memory.displacement_size {
            None => 0,
            Some(Size::Byte) => 1,
            Some(_) => 2,
        },
        relative: relative && !matches!(memory.displacement, Known::Number(_)),
        offset_only: bare && !relative && (bits != Bits::B64 || as_wide == (width == 64)),
    };
    if width == 16 {
        order16(&mut address)?;
    } else {
        split(&mut address, memory.nosplit, keep)?;
    }
    Ok(address)
}

fn order16(address: &mut Address) -> Result<(), Reason> {
    if address.scale != 1 && address.index.is_some() {
        if address.base.is_some() || address.scale > 2 {
            return Err("16-bit addresses have no scale");
        }
        address.base = address.index;
    }
    if address.base.is_none() {
        address.base = address.index.take();
    }
    const BX: u8 = 24;
    const BP: u8 = 26;
    const SI: u8 = 27;
    const DI: u8 = 28;
    let ok = match (address.base.map(|one| one.0), address.index.map(|one| one.0)) {
        (None | Some(BX | BP | SI | DI), None) => true,
        (Some(BX | BP), Some(SI | DI)) => true,
        (Some(SI | DI), Some(BX | BP)) => {
            std::mem::swap(&mut address.base, &mut address.index);
            true
        }
        _ => false,
    };
    address.scale = 1;
    if ok { Ok(()) } else { Err("16-bit addresses are made of bx or bp, and si or di") }
}

fn split(address: &mut Address, nosplit: bool, keep: bool) -> Result<(), Reason> {
    let unchanged = nosplit || keep;
    // A vector register is always the index.
    if address.base.is_some_and(is_vector) {
        if address.scale != 1 && address.index.is_some() {
            return Err("the vector register must be the index");
        }
        std::mem::swap(&mut address.base, &mut address.index);
    }
    let Some(index) = address.index else { return Ok(()) };
    let vector = is_vector(index);
    if address.base.is_none() && !vector {
        match address.scale {
            // NASM takes r12 for the stack pointer here; the address is the same.
            1 if is_stack_pointer(index) || !keep && (!nosplit || index.number() & 7 == 4) => {
                (address.base, address.index) = (Some(index), None)
            }
            2 if !unchanged => (address.base, address.scale) = (Some(index), 1),
            3 | 5 | 9 => (address.base, address.scale) = (Some(index), address.scale - 1),
            _ => {}
        }
    }
    if let (Some(base), Some(index)) = (address.base, address.index)
        && is_stack_pointer(index)
        && address.scale == 1
        && !is_stack_pointer(base)
    {
        (address.base, address.index) = (Some(index), Some(base));
    }
    if address.index.is_some_and(is_stack_pointer) {
        return Err("the stack pointer cannot be an index");
    }
    if address.index.is_some() && !matches!(address.scale, 1 | 2 | 4 | 8) {
        return Err("an index is multiplied by 1, 2, 4 or 8");
    }
    Ok(())
}
