//! Whether a form takes a line, the cheapest test first, and if not how far it came.
//!
//! A form is never tried by encoding it: an error would cost more than all candidates together.

use iced_x86::{Code, CpuidFeature};

use super::cpu::{Lacks, Written};
use super::form::{Form, Wrapping, kind};
use super::mnemonic::{forms, mnemonic_name};
use super::reject::Misfit;
use super::request::Request;
use super::{Bits, Distance, Operand, OperandKind, Register, RegisterClass, Rounding, Size};

#[inline]
pub(super) fn first_fit(request: &Request<'_>, forms: &[Form]) -> Option<usize> {
    let written = request.line.instruction.operands.len();
    let kinds = request.line.measured[0].kinds;
    // Most forms fall at the first operand.
    let possible = |form: &Form| written == 0 || kinds >> form.kinds[0] & 1 != 0;
    forms.iter().position(|form| possible(form) && fits(request, form).is_ok())
}

/// Why no form fits: the complaint of the one that came farthest.
#[cold]
pub(super) fn misfit(request: &Request<'_>, forms: &[Form]) -> Misfit {
    let worst = |here: bool| {
        let forms = forms.iter().filter(|form| !here || form.in_mode(request.mode));
        forms.filter_map(|form| fits(request, form).err()).max()
    };
    // Another mode's forms matter where none of this one takes the operands.
    let here = worst(true).filter(|misfit| *misfit >= Misfit::Automatic);
    here.or_else(|| worst(false)).unwrap_or(Misfit::None)
}

#[inline]
pub(super) fn fits(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    let operands = request.line.instruction.operands;
    for at in 0..operands.len() {
        if request.line.measured[at].kinds >> form.kinds[at] & 1 == 0 {
            return Err(Misfit::Operand(at as u8));
        }
    }
    if !form.in_mode(request.mode) {
        return Err(Misfit::Mode);
    }
    mode_and_size(request, form)?;
    // 90 would be a no-operation: here the upper half is cleared.
    if form.code == XCHG_R32_EAX && request.line.bits == Bits::B64 && both_eax(operands) {
        return Err(Misfit::Automatic);
    }
    if let Some(memory) = request.memory {
        memory_size(request, form, memory)?;
    }
    for (at, operand) in operands.iter().enumerate() {
        if let (Some(size), OperandKind::Register(register)) = (operand.size, operand.kind)
            && !register_size(request, form, at, register, size)
        {
            return Err(Misfit::RegisterSize(at as u8));
        }
    }
    for (operand, kind) in operands.iter().zip(form.kinds) {
        match operand.kind {
            OperandKind::Immediate(_) if operand.size.is_some() => number_size(request, kind, operand)?,
            OperandKind::Far { .. } => pointer_size(operand)?,
            _ => {}
        }
    }
    if form.wrapping() != Wrapping::Legacy || request.high || request.line.instruction.prefixes.encoding != 0
    {
        wrapping(request, form)?;
    }
    let written = || Written {
        name: mnemonic_name(request.line.instruction.mnemonic),
        bits: request.line.bits,
        memory: request.memory.is_some(),
        prefix: request.line.instruction.prefixes.encoding != 0,
    };
    request.options.cpu.takes(form, written).map_err(|lacks| match lacks {
        Lacks::Instruction => Misfit::Cpu,
        Lacks::Encoding => Misfit::Unasked,
    })?;
    if let Some(first) = operands.first() {
        if first.to != form.to() {
            return Err(Misfit::Operand(0));
        }
        if let Some(at) = operands.iter().skip(1).position(|operand| operand.to) {
            return Err(Misfit::Operand(at as u8 + 1));
        }
        decorators(request.line.instruction.mnemonic, operands, form)?;
    }
    Ok(())
}

const XCHG_R32_EAX: u16 = iced_x86::Code::Xchg_r32_EAX as u16;

fn both_eax(operands: &[Operand]) -> bool {
    operands.iter().all(|operand| operand.kind == OperandKind::Register(Register(37)))
}

/// Among forms that read the same, the mode chooses, or the size that is asked for.
#[inline]
fn mode_and_size(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    if request.operand_size != 0 && form.operand_size() != 0 && !request.size_ignored {
        if form.operand_size() != request.operand_size {
            return Err(Misfit::Size);
        }
    } else {
        let automatic = match request.memory {
            Some(_) => form.memory_automatic(request.mode),
            None => form.automatic(request.mode),
        };
        // A far pointer's offset has the mode's size.
        let far = request.jumps && request.memory.is_some() && form.kinds[0] == 4;
        let natural = form.operand_size() == super::address::mode_width(request.line.bits);
        if far && !natural || !far && !automatic {
            return Err(Misfit::Automatic);
        }
    }
    address_size(request, form)
}

/// `a32 loop`, `jecxz`, `clzero`: forms that differ in the size of addresses.
#[inline]
fn address_size(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    if form.address_size() == 0 || request.memory.is_some() || request.address_ignored {
        return Ok(());
    }
    let names_register = request.line.instruction.operands.len() > 1
        || (100..=113).contains(&form.kinds[0])
        || form.kinds[0] == 77
        || form.kinds[0] == 78
        || form.kinds[0] == 75
        || (27..=40).contains(&form.kinds[0]);
    let wanted = match request.line.instruction.prefixes.address_size {
        Some(size) => size.bytes() * 8,
        None if names_register => return Ok(()),
        None if fixed_counter(request) => return Ok(()),
        None => super::address::mode_width(request.line.bits),
    };
    if form.address_size() == wanted { Ok(()) } else { Err(Misfit::Size) }
}

fn fixed_counter(request: &Request<'_>) -> bool {
    matches!(mnemonic_name(request.line.instruction.mnemonic), "jcxz" | "jecxz" | "jrcxz")
}

/// A size before a register.  NASM passes over it where the register alone tells its size; a vector has that of the
/// memory which could stand in its place.
fn register_size(request: &Request<'_>, form: &Form, at: usize, register: Register, size: Size) -> bool {
    use RegisterClass as Class;
    const STORES: [&str; 4] = ["movdqa", "movdqu", "movntdq", "movntpd"];
    let stored = || at == 1 && STORES.contains(&mnemonic_name(request.line.instruction.mnemonic));
    let legacy = form.wrapping() == Wrapping::Legacy;
    match register.class() {
        Class::Xmm | Class::Ymm | Class::Zmm | Class::Mmx if (19..=22).contains(&form.kinds[at]) => {
            size.bytes() == form.memory
        }
        Class::Mmx => legacy && size == Size::Qword && (form.memory == 8 || form.kinds[1] == 19),
        Class::Xmm if legacy && size == Size::Oword && form.memory == 16 && (at == 0 || stored()) => {
            let code = Code::try_from(usize::from(form.code)).unwrap_or_default();
            let packed = [CpuidFeature::SSE2, CpuidFeature::SSE3];
            code.cpuid_features().iter().any(|feature| packed.contains(feature))
        }
        Class::Xmm | Class::Ymm | Class::Zmm | Class::Mask | Class::Bound | Class::X87 | Class::Tile => false,
        _ => true,
    }
}

/// A size before a number or a target.
fn number_size(request: &Request<'_>, kind: u8, operand: &Operand) -> Result<(), Misfit> {
    let name = || mnemonic_name(request.line.instruction.mnemonic);
    let fits = match kind {
        // A sized target of a conditional jump needs `near`, and no target is short then.
        95..=97 => false,
        98..=100 => {
            let natural = matches!(operand.size, Some(Size::Word | Size::Dword | Size::Qword));
            natural && (request.jumps || operand.distance.is_some())
        }
        101..=104 => matches!(operand.size, Some(Size::Word | Size::Dword | Size::Qword)),
        // Four bytes for a number of eight: elsewhere NASM wants the operand's own size or none.
        kind::IMM32SEX64 if operand.size == Some(Size::Dword) => matches!(name(), "mov" | "imul" | "push"),
        kind::IMM8SEX64 if operand.size == Some(Size::Dword) => name() == "push",
        _ => true,
    };
    if fits { Ok(()) } else { Err(Misfit::Size) }
}

/// `segment:offset` is far without being called so, and the offset has two bytes or four.
fn pointer_size(operand: &Operand) -> Result<(), Misfit> {
    let size = matches!(operand.size, None | Some(Size::Word | Size::Dword));
    if size && operand.distance.is_none() { Ok(()) } else { Err(Misfit::Pointer) }
}

/// The size of memory that a number beside it tells: `cmp [0],byte 5`, where numbers of several sizes are possible.
fn size_of_number(request: &Request<'_>) -> u8 {
    let [_, Operand { kind: OperandKind::Immediate(_), size: Some(size), .. }] =
        request.line.instruction.operands
    else {
        return 0;
    };
    let several = forms(request.line.instruction.mnemonic, 2).iter().any(|form| form.kinds[1] == kind::IMM16);
    if several && matches!(size, Size::Byte | Size::Word | Size::Dword) { size.bytes() } else { 0 }
}

#[inline]
fn memory_size(request: &Request<'_>, form: &Form, at: usize) -> Result<(), Misfit> {
    let operand = &request.line.instruction.operands[at];
    if operand.broadcast != 0 && form.element == 0 {
        return Err(Misfit::Broadcast);
    }
    let size = request.line.measured[at].size;
    let prefixes = &request.line.instruction.prefixes;
    // Elision of a lock works for stores with a ModRM byte only.
    if at == 0 && form.kinds[0] == kind::MEM_OFFS && (prefixes.xacquire || prefixes.xrelease) {
        return Err(Misfit::Automatic);
    }
    if request.jumps {
        let far = operand.distance == Some(Distance::Far);
        if far != (form.kinds[0] == 4) {
            return Err(Misfit::Size);
        }
        if far {
            return Ok(());
        }
        if size == 0 && form.memory * 8 != super::address::mode_width(request.line.bits) {
            return Err(Misfit::Size);
        }
    }
    if operand.broadcast != 0 {
        if form.element == 0
            || u32::from(form.element) * u32::from(operand.broadcast) != u32::from(form.memory)
        {
            return Err(Misfit::Broadcast);
        }
        if size != 0 && size != form.element {
            return Err(Misfit::MemorySize);
        }
        return Ok(());
    }
    match size {
        0 if form.needs_size() => match size_of_number(request) {
            0 => Err(Misfit::Unclear),
            size if size == form.memory => Ok(()),
            _ => Err(Misfit::MemorySize),
        },
        0 => Ok(()),
        _ if form.memory == size => Ok(()),
        // What it is the address of is nothing to `lea`.
        _ if form.memory == 0 && mnemonic_name(request.line.instruction.mnemonic) == "lea" => Ok(()),
        _ => Err(Misfit::MemorySize),
    }
}

fn wrapping(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    let wrapping = form.wrapping();
    if request.high && wrapping != Wrapping::Evex {
        return Err(Misfit::NeedsEvex);
    }
    match request.line.instruction.prefixes.encoding {
        0 if form.on_request() => Err(Misfit::OnRequest),
        0 => Ok(()),
        4 if wrapping == Wrapping::Evex => Ok(()),
        1..=3 if matches!(wrapping, Wrapping::Vex | Wrapping::Xop) => Ok(()),
        5 if wrapping == Wrapping::Legacy && request.line.bits == Bits::B64 => Ok(()),
        _ => Err(Misfit::Wrapping),
    }
}

#[inline]
fn decorators(mnemonic: u16, operands: &[Operand], form: &Form) -> Result<(), Misfit> {
    let mut masked = false;
    for (at, operand) in operands.iter().enumerate() {
        if operand.broadcast != 0 && !matches!(operand.kind, OperandKind::Memory(_)) {
            return Err(Misfit::Broadcast);
        }
        let vector = is_vector(operand);
        if operand.rounding.is_some() && (!vector || operands[at + 1..].iter().any(is_vector)) {
            return Err(Misfit::Rounding);
        }
        if operand.mask != 0 || operand.zeroing {
            let memory = matches!(operand.kind, OperandKind::Memory(_));
            // Nothing in memory is zeroed; of these NASM takes it.
            let zeroed = form.takes_zeroing() && (!memory || mnemonic_name(mnemonic).starts_with("vmovdq"));
            if !form.takes_mask() || at != 0 || operand.zeroing && !zeroed {
                return Err(Misfit::Mask);
            }
            masked |= operand.mask != 0;
        }
        match operand.rounding {
            None => {}
            Some(Rounding::SuppressOnly) if form.takes_sae() && !form.takes_rounding() => {}
            Some(Rounding::SuppressOnly) => return Err(Misfit::Rounding),
            Some(_) if form.takes_rounding() => {}
            Some(_) => return Err(Misfit::Rounding),
        }
        if operand.rounding.is_some() && operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_)))
        {
            return Err(Misfit::Rounding);
        }
    }
    if form.needs_mask() && !masked { Err(Misfit::Mask) } else { Ok(()) }
}

fn is_vector(operand: &Operand) -> bool {
    let OperandKind::Register(register) = operand.kind else { return false };
    matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
}
