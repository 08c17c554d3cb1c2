//! The generated file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iced_x86::{CpuidFeature, EncodingKind, MandatoryPrefix, OpCodeOperandKind as OpKind, OpCodeTableKind};

use crate::row::{FITS_UNSIGNED, Row};

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
    // `mov rax,5` is encoded with 32 bits and means 64.
    let size = if row.kinds.contains(&FITS_UNSIGNED) { 64 } else { info.operand_size() };
    flags |= u64::from(size_bits(size)) << 20;
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

/// The bits of `Form::sources` above the sources, from 22.
fn marks(name: &str, row: &Row) -> u32 {
    let info = row.code.op_code();
    let legacy = info.encoding() == EncodingKind::Legacy;
    let code = format!("{:?}", row.code);
    let own_66 = legacy && info.mandatory_prefix() == MandatoryPrefix::P66;
    let own_rep = ["Xcrypt", "Xsha", "Montmul"].iter().any(|stem| code.starts_with(stem));
    let operands_64 = row.kinds.iter().any(|kind| matches!(kind, 17 | 18 | 36..=40 | 78));
    let pushed = name == "push" && row.kinds.iter().all(|kind| matches!(kind, 84..=90));
    // nasm's MMX and 3DNow instructions take no REX.W either, but for those of later extensions.
    let mmx = row.kinds.starts_with(&[OpKind::mm_reg as u8, OpKind::mm_or_mem as u8])
        && !matches!(name, "movq" | "paddq")
        && info.table() == OpCodeTableKind::T0F;
    let without_operands = name == "jrcxz" || name.starts_with("ret") && name.ends_with('q');
    let wide =
        mmx || operands_64 && name != "clzero" || pushed && info.operand_size() == 64 || without_operands;
    // nasm has these for lines that ask for VEX; without it, it waits for an EVEX form.
    let on_request = row
        .code
        .cpuid_features()
        .iter()
        .any(|feature| matches!(feature, CpuidFeature::AVX_NE_CONVERT | CpuidFeature::AVX_VNNI_INT8));
    let amd = info.encoding() == EncodingKind::D3NOW;
    let bits = [own_66, own_rep, wide, on_request, amd];
    bits.into_iter().enumerate().fold(0, |sum, (at, bit)| sum | u32::from(bit) << at)
}

fn form(name: &str, row: &Row) -> String {
    let mut kinds = row.kinds.clone();
    kinds.resize(5, 0);
    let sources =
        row.sources.iter().enumerate().fold(0u32, |sum, (at, from)| sum | u32::from(*from) << (4 * at))
            | size_bits(u32::from(row.convert)) << 20
            | marks(name, row) << 22
            | u32::from(row.convert == 128) << 27
            | u32::from(row.opcode_given) << 28;
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
    let rows = table.iter().flat_map(|(name, rows)| rows.iter().map(move |row| form(name, row)));
    numbers(&mut out, rows);
    out.push_str("];\n");
    out
}
