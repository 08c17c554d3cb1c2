//! Prefixes that the encoder is not told of, in NASM's order before its bytes.

use super::address::mode_width;
use super::encode::Line;
use super::form::{Form, Wrapping};
use super::{Bits, Size};

/// Segments and sizes.
pub(super) fn is_legacy_prefix(byte: u8) -> bool {
    matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67)
}

/// A few bytes in order.
#[derive(Default)]
pub(super) struct Bytes {
    pub(super) bytes: [u8; 32],
    pub(super) length: usize,
}

impl Bytes {
    pub(super) fn put(&mut self, byte: u8, wanted: bool) {
        if wanted && let Some(room) = self.bytes.get_mut(self.length) {
            *room = byte;
            self.length += 1;
        }
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.put(*byte, true);
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Whether it is `fwait` behind a segment's prefix.
pub(super) fn is_wait(own: &[u8]) -> bool {
    matches!(own, [prefix, 0x9b] if is_legacy_prefix(*prefix))
}

/// `{rex}` as [`super::Prefixes::encoding`].
pub(super) const REX: u8 = 5;

/// Whether the line has prefixes that the encoder was not told of.
pub(super) fn has_leading(line: Line<'_>) -> bool {
    let prefixes = &line.instruction.prefixes;
    let super::Prefixes { lock, rep, repne, xacquire, xrelease, bnd, notrack, wait, .. } = *prefixes;
    let sizes = line.operand_size.is_some() || prefixes.address_size.is_some();
    let rex = prefixes.encoding == REX;
    lock | rep | repne | xacquire | xrelease | bnd | notrack | wait | sizes | rex
}

/// NASM's order: wait, F2 and F3, lock, segment, 66, 67; then what belongs to the opcode.
pub(super) fn reorder(line: Line<'_>, form: &Form, own: &[u8], out: &mut Bytes) {
    let prefixes = &line.instruction.prefixes;
    // The wait of `fstcw` is an instruction of its own and precedes everything.
    let waits = own.first() == Some(&0x9b) || is_wait(own);
    let own = match own {
        [0x9b, rest @ ..] => rest,
        [prefix, 0x9b] if waits => std::slice::from_ref(prefix),
        _ => own,
    };
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
    out.put(0x66, form.heavy16() && mode == 16 && line.operand_size.is_none());
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
