//! Instructions of processors that had no 64-bit mode, which NASM assembles there as well.
//!
//! The encoder refuses them, so that another instruction of two bytes with the same operands stands in for each, and
//! its second byte is put right afterwards.

use std::collections::BTreeMap;

use iced_x86::{
    Code, CpuidFeature as Feature, EncodingKind, MandatoryPrefix, OpCodeOperandKind as Kind, OpCodeTableKind,
};

use crate::row::Row;

const FEATURES: [Feature; 13] = [
    Feature::UMOV,
    Feature::INTEL286_ONLY,
    Feature::INTEL386_ONLY,
    Feature::INTEL386_A0_ONLY,
    Feature::INTEL486_A_ONLY,
    Feature::CYRIX_D3NOW,
    Feature::CYRIX_DDI,
    Feature::CYRIX_DMI,
    Feature::CYRIX_EMMI,
    Feature::CYRIX_SHR,
    Feature::CYRIX_SMM,
    Feature::CYRIX_SMINT,
    Feature::CYRIX_SMINT_0F7E,
];

/// An instruction with the same operands, and which of them each of its own is.
fn stand_in(row: &Row) -> Option<(Code, &'static [u8])> {
    const R8: u8 = Kind::r8_reg as u8;
    const R8M: u8 = Kind::r8_or_mem as u8;
    const R16: u8 = Kind::r16_reg as u8;
    const R16M: u8 = Kind::r16_or_mem as u8;
    const R32: u8 = Kind::r32_reg as u8;
    const R32M: u8 = Kind::r32_or_mem as u8;
    const MM: u8 = Kind::mm_reg as u8;
    const MMM: u8 = Kind::mm_or_mem as u8;
    const MEMORY: u8 = Kind::mem as u8;
    const SEGMENT: u8 = Kind::seg_reg as u8;
    Some(match row.kinds[..] {
        [] => (Code::Ud2, &[]),
        [MM, MMM] => (Code::Pmulhw_mm_mmm64, &[0, 1]),
        [MM, MEMORY] => (Code::Pmulhw_mm_mmm64, &[0, 1]),
        [R8M, R8] => (Code::Xadd_rm8_r8, &[0, 1]),
        [R16M, R16] => (Code::Xadd_rm16_r16, &[0, 1]),
        [R32M, R32] | [MEMORY, SEGMENT] => (Code::Xadd_rm32_r32, &[0, 1]),
        [R8, R8M] => (Code::Xadd_rm8_r8, &[1, 0]),
        [R16, R16M] => (Code::Xadd_rm16_r16, &[1, 0]),
        [R32, R32M] | [SEGMENT, MEMORY] => (Code::Xadd_rm32_r32, &[1, 0]),
        [MEMORY] => (Code::Sete_rm8, &[0]),
        [R32M] => (Code::Nop_rm32, &[0]),
        _ => return None,
    })
}

fn in_64(row: &Row) -> Option<Row> {
    let info = row.code.op_code();
    let obsolete = row.code.cpuid_features().iter().any(|feature| FEATURES.contains(feature));
    if row.modes & 4 != 0 || !obsolete {
        return None;
    }
    if info.encoding() == EncodingKind::D3NOW {
        return Some(Row { modes: 4, auto: 4, memory_auto: 4, ..row.clone() });
    }
    let plain = info.encoding() == EncodingKind::Legacy
        && info.table() == OpCodeTableKind::T0F
        && info.mandatory_prefix() == MandatoryPrefix::None
        && info.op_code_len() == 1
        && info.group_index() <= 0;
    let (code, sources) = stand_in(row).filter(|_| plain)?;
    Some(Row {
        code,
        sources: sources.to_vec(),
        immediate: info.op_code() as u8,
        opcode_given: true,
        modes: 4,
        auto: 4,
        memory_auto: 4,
        bytes: row.memory(),
        ..row.clone()
    })
}

/// Adds a form for 64-bit mode to each of those without one.
pub(crate) fn in_64_bit_mode(table: &mut BTreeMap<String, Vec<Row>>) {
    for (name, rows) in table {
        let more: Vec<Row> = rows.iter().filter_map(in_64).collect();
        rows.extend(more);
        if matches!(name.as_str(), "ud1" | "ud2b") {
            let mut row = Row::new(Code::Ud2);
            (row.opcode_given, row.immediate) = (true, 0xb9);
            rows.push(row);
        }
    }
}
