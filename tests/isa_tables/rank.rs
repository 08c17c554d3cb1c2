//! NASM's order of choice, and which operand size is meant when none is written.

use iced_x86::{Code, CpuidFeature, EncodingKind, OpCodeOperandKind as Kind};

use crate::row::{FITS_SIGNED, FITS_UNSIGNED, Row, has_memory};

/// Extensions whose EVEX forms come first; `{vex}` asks for the other.
fn evex_first(code: Code) -> bool {
    code.cpuid_features().iter().any(|feature| {
        matches!(
            feature,
            CpuidFeature::AVX_VNNI
                | CpuidFeature::AVX_IFMA
                | CpuidFeature::AVX512_VNNI
                | CpuidFeature::AVX512_IFMA
        )
    })
}

fn shape(row: &Row) -> u8 {
    let kind = |wanted: &[Kind]| row.kinds.iter().any(|one| wanted.iter().any(|other| *other as u8 == *one));
    if row.kinds.contains(&FITS_SIGNED) {
        return 1;
    }
    if row.kinds == [Kind::r64_or_mem as u8, Kind::imm32sex64 as u8] && row.code == Code::Mov_rm64_imm32 {
        return 6;
    }
    if row.kinds.contains(&FITS_UNSIGNED)
        || kind(&[Kind::imm8_const_1, Kind::mem_offs, Kind::br16_1, Kind::br32_1, Kind::br64_1])
    {
        0
    } else if kind(&[Kind::imm8sex16, Kind::imm8sex32, Kind::imm8sex64]) {
        1
    } else if kind(&[Kind::al, Kind::ax, Kind::eax, Kind::rax]) {
        2
    } else if kind(&[Kind::r8_opcode, Kind::r16_opcode, Kind::r32_opcode, Kind::r64_opcode]) {
        3
    } else {
        4
    }
}

/// General registers: the store form first; vectors: the load form first.
fn direction(row: &Row) -> u8 {
    let (Some(first), Some(_)) = (row.kinds.first(), row.kinds.get(1)) else { return 0 };
    let stores = has_memory(*first);
    let general = row.kinds.iter().any(|kind| (25..=40).contains(kind) || (13..=18).contains(kind));
    let vector = row.kinds.iter().any(|kind| (19..=24).contains(kind) || (42..=62).contains(kind));
    u8::from(if general && !vector { !stores } else { stores })
}

pub(crate) fn set_ranks(rows: &mut [Row]) {
    for row in rows.iter_mut() {
        let info = row.code.op_code();
        let evex = info.encoding() == EncodingKind::EVEX;
        let evex = u8::from(evex != evex_first(row.code));
        // `movq xmm0,[rax]` is F3 0F 7E, not 66 REX.W 0F 6E; `pextrw` is 0F C5 first.
        let late = match row.code {
            Code::Movq_xmm_rm64
            | Code::Movq_rm64_xmm
            | Code::Movq_mm_rm64
            | Code::Movq_rm64_mm
            | Code::VEX_Vmovq_xmm_rm64
            | Code::VEX_Vmovq_rm64_xmm
            | Code::Pextrw_r32m16_xmm_imm8
            | Code::Pextrw_r64m16_xmm_imm8
            | Code::VEX_Vpextrw_r32m16_xmm_imm8
            | Code::VEX_Vpextrw_r64m16_xmm_imm8
            | Code::EVEX_Vmovq_xmm_xmmm64
            | Code::EVEX_Vmovq_xmmm64_xmm
            | Code::EVEX_Vpextrw_r32_xmm_imm8
            | Code::EVEX_Vpextrw_r64_xmm_imm8 => 2,
            // `fadd st0,st0` is DC C0.
            _ if row.kinds == [Kind::st0 as u8, Kind::sti_opcode as u8] => 2,
            // Four registers: the form with W comes first here alone.
            Code::XOP_Vpperm_xmm_xmm_xmmm128_xmm => 1,
            _ => 0,
        };
        row.rank = (
            evex,
            shape(row) + (late + row.late) * 8,
            u8::from(row.swapped),
            direction(row),
            row.code as u16,
        );
    }
    rows.sort_by_key(|row| (row.kinds.len(), row.rank));
}

fn cheapest(rows: &mut [Row], same: impl Fn(&Row, &Row) -> bool, bits: impl Fn(&mut Row) -> &mut u8) {
    for index in 0..rows.len() {
        for mode in 0..3 {
            let mine = rows[index].cost(mode);
            let beaten = (0..rows.len()).any(|other| {
                other != index
                    && rows[other].modes & 1 << mode != 0
                    && !rows[other].explicit
                    && same(&rows[index], &rows[other])
                    && (rows[other].cost(mode), other) < (mine, index)
            });
            if beaten || rows[index].explicit {
                *bits(&mut rows[index]) &= !(1 << mode);
            }
        }
    }
}

/// Operands whose size cannot be seen in source.
fn sizeless(kinds: &[u8]) -> Vec<u8> {
    let alone = kinds.len() == 1;
    let one = |kind: &u8| match kind {
        1 | 2 => 1,
        84..=86 if alone => 84,
        87..=89 if alone => 87,
        95..=97 => 95,
        98..=100 => 98,
        101 | 102 => 101,
        103 | 104 => 103,
        other => *other,
    };
    kinds.iter().map(one).collect()
}

fn encoding(row: &Row) -> (EncodingKind, bool, u32) {
    let info = row.code.op_code();
    (info.encoding(), row.to, info.address_size())
}

/// Of rows that read the same in source, only the one that needs no prefix is meant.
pub(crate) fn set_automatic(rows: &mut [Row]) {
    cheapest(
        rows,
        |a, b| {
            sizeless(&a.kinds) == sizeless(&b.kinds)
                && a.memory() == b.memory()
                && encoding(a) == encoding(b)
                && a.code.op_code().operand_size() != b.code.op_code().operand_size()
        },
        |row| &mut row.auto,
    );
    cheapest(
        rows,
        |a, b| {
            let (Some(mine), Some(other)) = (a.memory_position(), b.memory_position()) else { return false };
            let rest = |row: &Row, at: usize| {
                let mut kinds = row.kinds.clone();
                kinds.remove(at);
                kinds
            };
            let (a_size, b_size) = (a.memory(), b.memory());
            // A far pointer is told by `far`, not by its size.
            let far = |row: &Row, at: usize| row.kinds.len() == 1 && row.kinds[at] == Kind::mem as u8;
            mine == other
                && far(a, mine) == far(b, other)
                && rest(a, mine) == rest(b, other)
                && (a_size == b_size)
                && encoding(a) == encoding(b)
                && a.code.op_code().operand_size() != b.code.op_code().operand_size()
        },
        |row| &mut row.memory_auto,
    );
}

/// A class of registers or immediates: operands of different classes never fit both.
fn class(kind: u8) -> u8 {
    match kind {
        13 | 25 | 26 => 1,
        14 | 27..=30 => 2,
        15 | 16 | 31..=35 => 3,
        17 | 18 | 36..=40 => 4,
        20 | 48..=53 => 5,
        21 | 54..=58 => 6,
        22 | 59..=62 => 7,
        19 | 46 | 47 => 8,
        24 | 42..=45 => 9,
        23 | 66 => 10,
        82..=90 => 11,
        other => other,
    }
}

fn compatible(a: &Row, b: &Row, memory: usize) -> bool {
    a.kinds.len() == b.kinds.len()
        && a.kinds
            .iter()
            .zip(&b.kinds)
            .enumerate()
            .all(|(at, (mine, other))| if at == memory { has_memory(*other) } else { loose(*mine, *other) })
}

fn loose(a: u8, b: u8) -> bool {
    class(a) == class(b)
        || matches!((a, class(b)), (73 | 74, 1) | (75 | 76, 2) | (77, 3) | (78, 4))
        || matches!((b, class(a)), (73 | 74, 1) | (75 | 76, 2) | (77, 3) | (78, 4))
}

/// The size that an unsized memory operand has although others fit, by name.
fn default_size(name: &str, row: &Row) -> bool {
    let size = row.memory();
    let evex = row.code.op_code().encoding() == EncodingKind::EVEX;
    match name {
        "movzx" | "movsx" => size == 1 && row.kinds[0] == Kind::r16_reg as u8,
        _ if name.contains("si2s") && !name.contains("usi2s") => size == 4 && !evex,
        "movd" | "vmovd" => size == 4,
        "vcvtpd2ps" | "vcvtpd2dq" | "vcvttpd2dq" => size == 16 && !evex,
        "vcvtdq2ph" | "vcvtudq2ph" | "vcvtqq2ph" | "vcvtuqq2ph" | "vcvtpd2ph" | "vcvtneps2bf16" => size == 16,
        _ => false,
    }
}

/// An unsized memory operand is refused where another row differs in nothing but its size.
pub(crate) fn set_needs_size(name: &str, rows: &mut [Row]) {
    let jumps = matches!(name, "jmp" | "call");
    for index in 0..rows.len() {
        let Some(memory) = rows[index].memory_position() else { continue };
        let size = rows[index].memory();
        let row = &rows[index];
        // A further keyword for the same memory leaves nothing open.
        let ambiguous = rows.iter().filter(|other| other.bytes == 0).any(|other| {
            other.memory_position() == Some(memory)
                && other.modes & row.modes != 0
                && other.memory() != size
                && other.memory() != 0
                && size != 0
                && encoding(other).0 == encoding(row).0
                && compatible(row, other, memory)
        });
        // A mask is stored as a byte where nothing is said.
        let stored = name == "kmov" && memory == 0;
        let told = jumps || stored || row.bytes != 0 || default_size(name, row);
        rows[index].needs_size = ambiguous && !told;
    }
}
