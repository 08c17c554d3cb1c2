//! The generated file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iced_x86::EncodingKind;

use crate::row::Row;

const SLOTS: usize = 8192;

/// The hash of `src/isa/x86/mnemonic.rs`.
fn hash(name: &[u8]) -> usize {
    let mut words = [0u64; 2];
    for (at, byte) in name.iter().take(16).enumerate() {
        words[at / 8] |= u64::from(*byte) << (at % 8 * 8);
    }
    let mixed = (words[0] ^ words[1].rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 51) as usize % SLOTS
}

fn slots(names: &[&str]) -> Vec<u16> {
    let mut slots = vec![u16::MAX; SLOTS];
    for (index, name) in names.iter().enumerate() {
        let mut at = hash(name.as_bytes());
        while slots[at] != u16::MAX {
            at = (at + 1) % SLOTS;
        }
        slots[at] = index as u16;
    }
    slots
}

fn size_bits(bits: u32) -> u32 {
    match bits {
        16 => 1,
        32 => 2,
        64 => 3,
        _ => 0,
    }
}

/// The bits of `Form::flags`.
fn flags(row: &Row) -> u64 {
    let info = row.code.op_code();
    let encoding = match info.encoding() {
        EncodingKind::VEX => 1,
        EncodingKind::EVEX => 2,
        EncodingKind::XOP => 3,
        _ => 0,
    };
    let mut flags = u64::from(row.modes) | u64::from(row.auto) << 3 | encoding << 6;
    let bits = [
        info.can_use_op_mask_register(),
        info.require_op_mask_register(),
        info.can_use_zeroing_masking(),
        info.can_use_rounding_control(),
        info.can_suppress_all_exceptions(),
        info.can_use_lock_prefix(),
        info.can_use_rep_prefix(),
        info.can_use_repne_prefix(),
        info.can_use_xacquire_prefix(),
        info.can_use_xrelease_prefix(),
        info.can_use_bnd_prefix(),
        info.can_use_notrack_prefix(),
    ];
    for (at, bit) in bits.into_iter().enumerate() {
        flags |= u64::from(bit) << (8 + at);
    }
    flags |= u64::from(size_bits(info.operand_size())) << 20;
    flags |= u64::from(size_bits(info.address_size())) << 22;
    flags |= u64::from(row.needs_size) << 24;
    flags |= u64::from(row.to) << 25;
    flags |= u64::from(row.memory_auto) << 26;
    flags |= u64::from(row.shorthand) << 29;
    flags |= u64::from(info.default_op_size64() || info.force_op_size64()) << 30;
    // NASM writes these with 66 in 16-bit code, though they have 32-bit operands whatever it says.
    let name = format!("{:?}", row.code);
    let heavy = ["Incsspd", "Rdsspd", "Rdshr", "Wrshr", "Wrussd"].iter().any(|stem| name.starts_with(stem));
    flags | u64::from(heavy) << 31
}

fn form(row: &Row) -> String {
    let mut kinds = row.kinds.clone();
    kinds.resize(5, 0);
    let sources =
        row.sources.iter().enumerate().fold(0u32, |sum, (at, from)| sum | u32::from(*from) << (4 * at))
            | size_bits(u32::from(row.convert)) << 20;
    format!(
        "f({},{sources:#x},{},{},{},{:#x},{kinds:?}),",
        row.code as u16,
        row.memory(),
        row.element(),
        row.immediate,
        flags(row),
    )
    .replace(", ", ",")
}

fn numbers(out: &mut String, list: impl Iterator<Item = String>) {
    let mut width = 0;
    for text in list {
        width += text.len();
        out.push_str(&text);
        if width > 150 {
            out.push('\n');
            width = 0;
        }
    }
}

/// The text of `src/isa/x86/tables.rs`.
pub(crate) fn tables(table: &BTreeMap<String, Vec<Row>>) -> String {
    let mut out = String::from(
        "//! @generated from iced-x86's metadata by `BLESS=1 cargo test --test isa_tables`; do not edit.\n//!\n\
         //! Mnemonics in alphabetical order, a hash table of them, and for each its forms by operand count in NASM's\n\
         //! order of choice.\n\nuse super::form::{Form, form as f};\n\n",
    );
    let names: Vec<&str> = table.keys().map(String::as_str).collect();
    let _ = writeln!(out, "pub(super) static NAMES: [&str; {}] = [", names.len());
    numbers(&mut out, names.iter().map(|name| format!("{name:?},")));
    let _ = writeln!(out, "];\n\npub(super) static SLOTS: [u16; {SLOTS}] = [");
    numbers(&mut out, slots(&names).iter().map(|slot| format!("{slot},")));
    let _ = writeln!(
        out,
        "];\n\n/// For each name, where the forms with 0, 1, 2, 3, 4, 5 operands begin, and their end."
    );
    let _ = writeln!(out, "pub(super) static GROUPS: [[u16; 7]; {}] = [", names.len());
    let mut start = 0;
    numbers(
        &mut out,
        table.values().map(|rows| {
            let starts: Vec<String> = (0..6)
                .map(|count| (start + rows.iter().filter(|row| row.kinds.len() < count).count()).to_string())
                .collect();
            start += rows.len();
            format!("[{},{start}],", starts.join(","))
        }),
    );
    let _ = writeln!(out, "];\n\npub(super) static FORMS: [Form; {start}] = [");
    numbers(&mut out, table.values().flatten().map(form));
    out.push_str("];\n");
    out
}
