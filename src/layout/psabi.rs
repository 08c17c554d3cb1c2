//! Relocation formulas of the fixed-width machines, by their psABI numbers.
//!
//! AAELF64 ("ELF for the Arm 64-bit Architecture", section 5.7) and the RISC-V ELF psABI ("Relocations").  In: the
//! instruction with its field zero, S + A, and the place P.  Out: the field filled in, or why it cannot be.

use crate::elf::records::{Machine, elf};

/// Writes `value` into an instruction of `bytes` as relocation type `kind` says.
///
/// # Errors
/// When the type is not known for the machine, or the value does not fit.
pub(super) fn apply(
    machine: Machine,
    kind: u32,
    bytes: &mut [u8],
    value: i64,
    place: u64,
) -> Result<(), String> {
    let field = match machine {
        Machine::Aarch64 => aarch64(kind, value, place)?,
        Machine::Riscv64 => riscv64(kind, value, place)?,
        Machine::X86_64 | Machine::I386 => None,
    };
    let Some(field) = field else {
        return Err(format!("relocation type {kind} of {} cannot be applied", machine.name()));
    };
    for (byte, bits) in bytes.iter_mut().zip(field.to_le_bytes()) {
        *byte |= bits;
    }
    Ok(())
}

fn aarch64(kind: u32, value: i64, place: u64) -> Result<Option<u32>, String> {
    let distance = value.wrapping_sub(place.cast_signed());
    let page = |address: i64| address & !0xfff;
    Ok(Some(match elf::RelocationType(kind) {
        elf::R_AARCH64_ADR_PREL_LO21 => {
            let distance = fits(distance, 21, 1)?;
            bits(distance, 0, 2) << 29 | bits(distance, 2, 19) << 5
        }
        elf::R_AARCH64_ADR_PREL_PG_HI21 => {
            let pages = fits(page(value).wrapping_sub(page(place.cast_signed())), 33, 4096)? >> 12;
            bits(pages, 0, 2) << 29 | bits(pages, 2, 19) << 5
        }
        elf::R_AARCH64_ADD_ABS_LO12_NC => bits(value, 0, 12) << 10,
        elf::R_AARCH64_TSTBR14 => bits(fits(distance, 16, 4)?, 2, 14) << 5,
        elf::R_AARCH64_CONDBR19 => bits(fits(distance, 21, 4)?, 2, 19) << 5,
        elf::R_AARCH64_JUMP26 | elf::R_AARCH64_CALL26 => bits(fits(distance, 28, 4)?, 2, 26),
        _ => return Ok(None),
    }))
}

fn riscv64(kind: u32, value: i64, place: u64) -> Result<Option<u32>, String> {
    let distance = value.wrapping_sub(place.cast_signed());
    // The lower 12 bits are added as a signed number, so the upper part is rounded.
    let upper = |value: i64| value.wrapping_add(0x800) >> 12;
    Ok(Some(match elf::RelocationType(kind) {
        elf::R_RISCV_HI20 => bits(upper(fits(value, 32, 1)?), 0, 20) << 12,
        elf::R_RISCV_LO12_I => bits(value, 0, 12) << 20,
        elf::R_RISCV_LO12_S => bits(value, 5, 7) << 25 | bits(value, 0, 5) << 7,
        elf::R_RISCV_PCREL_HI20 => bits(upper(fits(distance, 32, 1)?), 0, 20) << 12,
        elf::R_RISCV_RVC_LUI => {
            let upper = fits(upper(value), 6, 1)?;
            if upper == 0 {
                return Err(format!("the address {value:#x} has no upper part for `c.lui`"));
            }
            bits(upper, 5, 1) << 12 | bits(upper, 0, 5) << 2
        }
        elf::R_RISCV_BRANCH => {
            let d = fits(distance, 13, 2)?;
            bits(d, 12, 1) << 31 | bits(d, 5, 6) << 25 | bits(d, 1, 4) << 8 | bits(d, 11, 1) << 7
        }
        elf::R_RISCV_JAL => {
            let d = fits(distance, 21, 2)?;
            bits(d, 20, 1) << 31 | bits(d, 1, 10) << 21 | bits(d, 11, 1) << 20 | bits(d, 12, 8) << 12
        }
        elf::R_RISCV_RVC_BRANCH => {
            let d = fits(distance, 9, 2)?;
            let high = bits(d, 8, 1) << 12 | bits(d, 3, 2) << 10;
            high | bits(d, 6, 2) << 5 | bits(d, 1, 2) << 3 | bits(d, 5, 1) << 2
        }
        elf::R_RISCV_RVC_JUMP => {
            let d = fits(distance, 12, 2)?;
            let high = bits(d, 11, 1) << 12 | bits(d, 4, 1) << 11 | bits(d, 8, 2) << 9 | bits(d, 10, 1) << 8;
            high | bits(d, 6, 1) << 7 | bits(d, 7, 1) << 6 | bits(d, 1, 3) << 3 | bits(d, 5, 1) << 2
        }
        _ => return Ok(None),
    }))
}

/// `width` bits of a number, from bit `low` up.
fn bits(number: i64, low: u32, width: u32) -> u32 {
    ((number >> low) & ((1 << width) - 1)) as u32
}

/// The number, if it is a multiple of `step` and a signed number of `width` bits.
fn fits(number: i64, width: u32, step: i64) -> Result<i64, String> {
    let limit = 1_i64 << (width - 1);
    if !(-limit..limit).contains(&number) {
        let last = limit - step;
        return Err(format!(
            "{number} does not fit the instruction, which reaches from {} to {last}",
            -limit
        ));
    }
    if number % step != 0 {
        return Err(format!("{number} is not a multiple of {step}, as the instruction wants"));
    }
    Ok(number)
}
