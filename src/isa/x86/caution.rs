//! What is odd about an instruction that can be encoded all the same: said once, as a warning, with the names that
//! NASM gives its warnings.

use super::address::mode_width;
use super::form::{Form, Wrapping, kind};
use super::mnemonic::mnemonic_name;
use super::{Bits, Instruction, Known, Memory, Operand, OperandKind, Size};

/// A warning about an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caution {
    /// The name that switches it off: `regsize`.
    pub name: &'static str,
    /// What it says.
    pub message: String,
    /// The operand it is about, from 0; `None` for the whole line.
    pub operand: Option<usize>,
}

/// Everything odd about an instruction in the form that was chosen for it; `size_ignored` when the operands
/// contradict its `o16`, `o32` or `o64`.
pub(super) fn cautions(
    bits: Bits,
    instruction: &Instruction<'_>,
    form: &Form,
    size_ignored: bool,
    out: &mut Vec<Caution>,
) {
    if size_ignored {
        out.push(operand_size(bits, instruction));
    }
    out.extend(lock(instruction, form));
    out.extend(elision(instruction, form));
    out.extend(segment(bits, instruction));
    for (at, operand) in instruction.operands.iter().enumerate() {
        let found = match &operand.kind {
            OperandKind::Register(register) => match operand.size {
                Some(size) if size.bytes() != register.bytes() => Some((
                    "regsize",
                    format!("`{}` has a size of its own; the keyword before it is ignored", register.name()),
                )),
                _ => None,
            },
            OperandKind::Memory(memory) => displacement(bits, memory, form.kinds[at]),
            OperandKind::Immediate(Known::Number(number)) => unsigned(instruction, form, at, *number),
            OperandKind::Immediate(_) | OperandKind::Far { .. } => None,
        };
        out.extend(found.map(|(name, message)| Caution { name, message, operand: Some(at) }));
    }
}

fn operand_size(bits: Bits, instruction: &Instruction<'_>) -> Caution {
    let written = instruction.prefixes.operand_size.map_or(0, |size| size.bytes() * 8);
    let changed = match (bits, written) {
        (Bits::B16, 16) | (Bits::B32, 32) => "no prefix is written",
        (_, 64) => "REX.W is written",
        (Bits::B64, 32) => "no prefix is written",
        _ => "66h is written",
    };
    let message = format!("`o{written}` is not the size of these operands; {changed} for it");
    Caution { name: "prefix-opsize", message, operand: None }
}

fn to_memory(instruction: &Instruction<'_>) -> bool {
    matches!(instruction.operands.first(), Some(Operand { kind: OperandKind::Memory(_), .. }))
}

fn lock(instruction: &Instruction<'_>, form: &Form) -> Option<Caution> {
    // AMD reaches cr8 by it.
    let control = form.kinds.contains(&63);
    let exchange = mnemonic_name(instruction.mnemonic) == "xchg"
        && instruction.operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_)));
    let takes = form.takes_lock() && (to_memory(instruction) || exchange) || control;
    if !instruction.prefixes.lock || takes {
        return None;
    }
    let message =
        format!("`{}` cannot be locked here; the processor refuses it", mnemonic_name(instruction.mnemonic));
    Some(Caution { name: "prefix-lock", message, operand: None })
}

/// `xacquire` and `xrelease`: for what is locked, `xchg`, and `xrelease` for stores.
fn elision(instruction: &Instruction<'_>, form: &Form) -> Option<Caution> {
    let prefixes = &instruction.prefixes;
    let word = match (prefixes.xacquire, prefixes.xrelease) {
        (true, _) => "xacquire",
        (_, true) => "xrelease",
        _ => return None,
    };
    let name = mnemonic_name(instruction.mnemonic);
    let takes = match name {
        "xchg" => instruction.operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_))),
        "mov" => prefixes.xrelease && to_memory(instruction),
        _ => form.takes_lock() && to_memory(instruction) && prefixes.lock,
    };
    let message = format!("`{word}` has no effect before this `{name}`");
    (!takes).then_some(Caution { name: "prefix-hle", message, operand: None })
}

/// `cs`, `ds`, `es` and `ss` in 64-bit code, where their segments begin at 0 whatever they hold.
fn segment(bits: Bits, instruction: &Instruction<'_>) -> Option<Caution> {
    let of_memory = instruction.operands.iter().find_map(|operand| match &operand.kind {
        OperandKind::Memory(memory) => memory.segment,
        _ => None,
    });
    let name = instruction.prefixes.segment.or(of_memory)?.name();
    if bits != Bits::B64 || !matches!(name, "cs" | "ds" | "es" | "ss") {
        return None;
    }
    let message = format!("`{name}` has no effect in 64-bit mode; its prefix is written all the same");
    Some(Caution { name: "prefix-seg", message, operand: None })
}

/// A size for the displacement of an address that has no register: its width is that of the address.
fn displacement(bits: Bits, memory: &Memory, kind: u8) -> Option<(&'static str, String)> {
    let bare = memory.base.is_none() && memory.index.is_none();
    if !bare || memory.relative == Some(true) || kind == kind::MEM_OFFS {
        return None;
    }
    let size = memory.displacement_size?;
    let width = memory.address_size.map_or(mode_width(bits), |size| size.bytes() * 8).min(32);
    // `[word x]` in 32-bit code asks for the address, not for the displacement.
    let asks = bits != Bits::B64 && matches!(size, Size::Word | Size::Dword);
    if asks || size.bytes() * 8 == width {
        return None;
    }
    let message = "an address without registers has a displacement of its own width; the keyword is ignored";
    Some(("ea-dispsize", message.to_owned()))
}

/// A negative number where the processor has none: a port, an interrupt, a count.
fn unsigned(
    instruction: &Instruction<'_>,
    form: &Form,
    at: usize,
    number: i64,
) -> Option<(&'static str, String)> {
    let byte = matches!(form.kinds[at], kind::IMM8 | kind::BARE_IMM8);
    let name = mnemonic_name(instruction.mnemonic);
    let negative = byte && (-0x100..0).contains(&number) && form.wrapping() == Wrapping::Legacy;
    if !negative || UNSIGNED.binary_search(&name).is_err() {
        return None;
    }
    let message =
        format!("{number} does not fit in an unsigned byte (0 to 255); {:#x} is written", number as u8);
    Some(("number-overflow", message))
}

/// Whose byte has no sign, in alphabetical order.
const UNSIGNED: [&str; 63] = [
    "aad",
    "aam",
    "blendpd",
    "blendps",
    "bt",
    "btc",
    "btr",
    "bts",
    "cmppd",
    "cmpps",
    "cmpsd",
    "cmpss",
    "dppd",
    "dpps",
    "enter",
    "extractps",
    "extrq",
    "in",
    "insertps",
    "insertq",
    "int",
    "mpsadbw",
    "out",
    "palignr",
    "pblendw",
    "pcmpestri",
    "pcmpestrm",
    "pcmpistri",
    "pcmpistrm",
    "pextrb",
    "pextrd",
    "pextrq",
    "pextrw",
    "pinsrb",
    "pinsrd",
    "pinsrq",
    "pinsrw",
    "pslld",
    "pslldq",
    "psllq",
    "psllw",
    "psrad",
    "psraw",
    "psrld",
    "psrldq",
    "psrlq",
    "psrlw",
    "rcl",
    "rcr",
    "rol",
    "ror",
    "roundpd",
    "roundps",
    "roundsd",
    "roundss",
    "sal",
    "sar",
    "shl",
    "shld",
    "shr",
    "shrd",
    "shufpd",
    "shufps",
];
