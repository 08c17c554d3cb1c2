//! Instructions written anew for where the file will lie.
//!
//! ```text
//!            source                 below 2 GiB            above, or position independent
//! mov rsi,m  48 be imm64        →   be imm32               48 8d 35 rel32
//! lea rsi,[rel m] 48 8d 35 rel32 →  be imm32               48 8d 35 rel32
//! mov al,[m] 8a 04 25 abs32     →   as it is               8a 05 rel32
//! ```

use super::{Piece, Pieces, Reference, Target, Whole};
use crate::isa::x86::{Bits, absolute_memory, effect, register_uses};
use crate::unit::FixupKind;

impl Pieces {
    /// The same program for a file that lies below 2 GiB (`low`) or anywhere; `bits` is `None` for machines whose
    /// instructions are left as they are.
    ///
    /// # Errors
    /// When an address is used in a way that only works below 2 GiB.
    pub(in super::super) fn for_base(
        &self,
        low: bool,
        bits: Option<Bits>,
        position_independent: bool,
    ) -> Result<Pieces, Whole> {
        let mut out = self.clone();
        if let Some(bits) = bits {
            for (piece, effect_of) in out.code.iter_mut().filter(|(piece, _)| piece.soft) {
                for index in 0..piece.references.len() {
                    adapt(piece, index, low, bits);
                }
                *effect_of = effect(bits, &piece.bytes).ok_or(Whole::Entangled)?;
            }
        }
        let is_address =
            |reference: &Reference| matches!(reference.kind, FixupKind::Absolute | FixupKind::AbsoluteSigned);
        let too_narrow = |reference: &Reference| {
            is_address(reference) && (position_independent || !low && reference.width < 8)
        };
        // A jump to an absolute address has no distance in a program that may lie anywhere.
        let lost = |reference: &Reference| {
            matches!(reference.target, Target::Number(_)) && (position_independent || !low)
        };
        let too_high = out.all().flat_map(|piece| &piece.references).any(|one| too_narrow(one) || lost(one));
        let high = position_independent || !low;
        if too_high || high && bits == Some(Bits::B64) && out.cuts_addresses() {
            Err(Whole::TooHigh)
        } else {
            Ok(out)
        }
    }

    /// Whether 32 bits or fewer may be read of an address, which are all of it below 2 GiB only.  The order of
    /// instructions plays no part: whatever an address could be copied to holds one.
    fn cuts_addresses(&self) -> bool {
        let mut uses = Vec::new();
        for (piece, _) in &self.code {
            let Some(of_piece) = register_uses(&piece.bytes) else { return true };
            uses.extend(of_piece);
        }
        let (mut holders, mut stored) = (0, false);
        loop {
            let before = (holders, stored);
            for one in &uses {
                if one.takes_address || one.reads & holders != 0 || stored && one.loads {
                    holders |= one.writes;
                }
                stored |= one.stores && one.reads & holders != 0;
            }
            if before == (holders, stored) {
                break;
            }
        }
        uses.iter().any(|one| one.reads_part & holders != 0 || stored && one.loads_part)
    }
}

/// Rewrites one reference of an instruction for the place where the file lies.
fn adapt(piece: &mut Piece, index: usize, low: bool, bits: Bits) {
    let Reference { at, width, kind, target } = piece.references[index];
    if matches!(target, Target::Number(_)) || bits != Bits::B64 {
        return;
    }
    let load = match (piece.bytes.as_slice(), kind) {
        // REX.W B8+r imm64 and B8+r imm32.
        ([rex @ 0x48..=0x49, opcode @ 0xb8..=0xbf, ..], FixupKind::Absolute) if width == 8 => {
            Some((opcode & 7) | (rex & 1) << 3)
        }
        ([0x41, opcode @ 0xb8..=0xbf, _, _, _, _], FixupKind::Absolute) => Some((opcode & 7) | 8),
        ([opcode @ 0xb8..=0xbf, _, _, _, _], FixupKind::Absolute) => Some(opcode & 7),
        // REX.W C7 /0 imm32, sign-extended.
        ([rex @ 0x48..=0x49, 0xc7, modrm @ 0xc0..=0xc7, ..], FixupKind::AbsoluteSigned) => {
            Some((modrm & 7) | (rex & 1) << 3)
        }
        // REX.W 8D mod 00 rm 101: lea r64,[rip+rel32].
        ([rex, 0x8d, modrm, ..], FixupKind::Relative { .. }) if rex & 0xfb == 0x48 && modrm & 0xc7 == 5 => {
            Some((modrm >> 3 & 7) | (rex & 4) << 1)
        }
        _ => None,
    };
    if let Some(register) = load {
        write_load(piece, index, register, low);
        return;
    }
    // ModRM mod 00 rm 100, SIB 25: [abs32].  Relative to rip it is a byte shorter, and right everywhere; but a 67
    // prefix would cut the address.
    if absolute_memory(&piece.bytes) == Some(at) && piece.bytes[0] != 0x67 {
        piece.bytes[at - 2] |= 1;
        piece.bytes.remove(at - 1);
        let end = u8::try_from(piece.bytes.len() - (at - 1)).expect("at most 15");
        let moved = Reference { at: at - 1, width: 4, kind: FixupKind::Relative { end }, target };
        piece.references[index] = moved;
        for other in piece.references.iter_mut().filter(|other| other.at > at) {
            other.at -= 1;
        }
    }
}

/// The shortest load of an address into a register.
fn write_load(piece: &mut Piece, index: usize, register: u8, low: bool) {
    let extended = register >> 3;
    let (bytes, kind) = if low {
        let mut bytes = if extended == 1 { vec![0x41] } else { vec![] };
        bytes.push(0xb8 | register & 7);
        (bytes, FixupKind::Absolute)
    } else {
        let bytes = vec![0x48 | extended << 2, 0x8d, (register & 7) << 3 | 5];
        (bytes, FixupKind::Relative { end: 4 })
    };
    piece.references[index] = Reference { at: bytes.len(), width: 4, kind, ..piece.references[index] };
    piece.bytes = bytes;
    piece.bytes.extend([0; 4]);
}
