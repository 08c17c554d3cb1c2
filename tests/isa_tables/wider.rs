//! What NASM takes beside the operands of the decoder's metadata: registers of other sizes where only a part of
//! them is read or written, memory under a further size keyword, operands that stand for themselves.

use std::collections::BTreeMap;

use iced_x86::{Code, OpCodeOperandKind as Kind};

use crate::row::{EDX, Row};

const R8: u8 = Kind::r8_reg as u8;
const R16: u8 = Kind::r16_rm as u8;
const R32: u8 = Kind::r32_rm as u8;
const R64: u8 = Kind::r64_rm as u8;

/// Another register in place of the one that the metadata names; encoded is the form's own.
struct Registers {
    names: &'static [&'static str],
    of: &'static [Code],
    /// The kind that is replaced.
    from: Kind,
    to: &'static [u8],
    /// The file that the register is taken from instead: 32 for `eax` where `al` is written, 128 for `xmm0`.
    convert: u8,
}

const REGISTERS: &[Registers] = &[
    // One element goes into a vector, whatever is above it.
    Registers {
        names: &["pinsrw"],
        of: &[Code::Pinsrw_mm_r32m16_imm8, Code::Pinsrw_xmm_r32m16_imm8],
        from: Kind::r32_or_mem,
        to: &[R16],
        convert: 32,
    },
    Registers {
        names: &["pinsrb", "vpinsrb"],
        of: &[Code::Pinsrb_xmm_r32m8_imm8, Code::VEX_Vpinsrb_xmm_xmm_r32m8_imm8],
        from: Kind::r32_or_mem,
        to: &[R8],
        convert: 32,
    },
    Registers {
        names: &["vpinsrw"],
        of: &[Code::VEX_Vpinsrw_xmm_xmm_r32m16_imm8],
        from: Kind::r32_or_mem,
        to: &[R16],
        convert: 32,
    },
    Registers {
        names: &["vpbroadcastb"],
        of: &[
            Code::EVEX_Vpbroadcastb_xmm_k1z_r32,
            Code::EVEX_Vpbroadcastb_ymm_k1z_r32,
            Code::EVEX_Vpbroadcastb_zmm_k1z_r32,
        ],
        from: Kind::r32_rm,
        to: &[R8, R16, R64],
        convert: 32,
    },
    Registers {
        names: &["vpbroadcastw"],
        of: &[
            Code::EVEX_Vpbroadcastw_xmm_k1z_r32,
            Code::EVEX_Vpbroadcastw_ymm_k1z_r32,
            Code::EVEX_Vpbroadcastw_zmm_k1z_r32,
        ],
        from: Kind::r32_rm,
        to: &[R16, R64],
        convert: 32,
    },
    // One element comes out of a vector, and the rest of the register is zero.
    Registers {
        names: &["vpextrb"],
        of: &[Code::EVEX_Vpextrb_r32m8_xmm_imm8],
        from: Kind::r32_or_mem,
        to: &[R8, R16],
        convert: 32,
    },
    Registers {
        names: &["vpextrw"],
        of: &[Code::EVEX_Vpextrw_r32m16_xmm_imm8],
        from: Kind::r32_or_mem,
        to: &[R16],
        convert: 32,
    },
    Registers {
        names: &["vpextrd"],
        of: &[Code::VEX_Vpextrd_rm32_xmm_imm8],
        from: Kind::r32_or_mem,
        to: &[R64],
        convert: 32,
    },
    // A mask goes into or comes out of a register of any size.
    Registers {
        names: &["kmov", "kmovb"],
        of: &[Code::VEX_Kmovb_kr_r32],
        from: Kind::r32_rm,
        to: &[R8],
        convert: 32,
    },
    Registers {
        names: &["kmovw"],
        of: &[Code::VEX_Kmovw_kr_r32],
        from: Kind::r32_rm,
        to: &[R16],
        convert: 32,
    },
    // A selector has 16 bits.
    Registers {
        names: &["lar", "lsl"],
        of: &[Code::Lar_r16_rm16, Code::Lsl_r16_rm16],
        from: Kind::r16_or_mem,
        to: &[R32, R64],
        convert: 16,
    },
    Registers {
        names: &["lar", "lsl"],
        of: &[Code::Lar_r32_r32m16, Code::Lsl_r32_r32m16],
        from: Kind::r32_or_mem,
        to: &[R16, R64],
        convert: 32,
    },
    Registers {
        names: &["lar", "lsl"],
        of: &[Code::Lar_r64_r64m16, Code::Lsl_r64_r64m16],
        from: Kind::r64_or_mem,
        to: &[R16, R32],
        convert: 64,
    },
    Registers { names: &["rdpid"], of: &[Code::Rdpid_r64], from: Kind::r64_rm, to: &[R32], convert: 64 },
];

/// A size keyword for memory that the metadata gives another size.
struct Memory {
    names: &'static [&'static str],
    of: fn(&Row) -> bool,
    bytes: u8,
}

fn is_mmx(row: &Row) -> bool {
    row.kinds.first() == Some(&(Kind::mm_reg as u8))
}

fn compares_single(row: &Row) -> bool {
    row.code == Code::VEX_Vcmpss_xmm_xmm_xmmm32_imm8
}

fn has_yword_or_zword(row: &Row) -> bool {
    row.kinds.contains(&(Kind::ymm_or_mem as u8)) || row.kinds.contains(&(Kind::zmm_or_mem as u8))
}

const MEMORY: &[Memory] = &[
    // Half of it is used.
    Memory { names: &["punpcklbw", "punpcklwd", "punpckldq"], of: is_mmx, bytes: 8 },
    // NASM's own size for these, and the only one it takes.
    Memory { names: &["vcmp"], of: compares_single, bytes: 8 },
    Memory { names: &["cmpsd"], of: |row| row.code == Code::Cmpsd_xmm_xmmm64_imm8, bytes: 16 },
    Memory { names: &["psubq", "pmuludq"], of: is_mmx, bytes: 16 },
    Memory { names: &["vdpbf16ps", "vp2intersectd"], of: has_yword_or_zword, bytes: 16 },
];

/// Memory of a size that NASM does not let be said.
const UNSIZED: u8 = 255;

/// The only size keyword of some memory, for all forms of a name.
const ONLY: &[(&str, u8)] = &[
    ("prefetch", 8),
    ("prefetchw", 8),
    ("bndcl", UNSIZED),
    ("bndcn", UNSIZED),
    ("bndcu", UNSIZED),
    ("bound", UNSIZED),
    ("cldemote", UNSIZED),
    ("clflush", UNSIZED),
    ("clflushopt", UNSIZED),
    ("clwb", UNSIZED),
    ("lds", UNSIZED),
    ("les", UNSIZED),
    ("lgdt", UNSIZED),
    ("lidt", UNSIZED),
    ("lfs", UNSIZED),
    ("lgs", UNSIZED),
    ("lss", UNSIZED),
    ("sgdt", UNSIZED),
    ("sidt", UNSIZED),
    ("vmclear", UNSIZED),
    ("vmptrld", UNSIZED),
    ("vmptrst", UNSIZED),
    ("vmxon", UNSIZED),
];

type Table = BTreeMap<String, Vec<Row>>;

/// Adds the rows.
pub(crate) fn widen(table: &mut Table) {
    for one in REGISTERS {
        for name in one.names {
            let rows = table.get_mut(*name).expect("a name of the decoder");
            let more: Vec<Row> = rows
                .iter()
                .filter(|row| one.of.contains(&row.code))
                .flat_map(|row| registers(one, row))
                .collect();
            assert!(!more.is_empty(), "{name} is not widened");
            rows.extend(more);
        }
    }
    for one in MEMORY {
        let starts = |name: &str| {
            one.names.iter().any(|start| name == *start || *start == "vcmp" && name.starts_with(start))
        };
        for (_, rows) in table.iter_mut().filter(|(name, _)| starts(name)) {
            let more: Vec<Row> = rows.iter().filter(|row| (one.of)(row)).cloned().collect();
            rows.extend(more.into_iter().map(|row| Row { bytes: one.bytes, ..row }));
        }
    }
    for (name, bytes) in ONLY {
        let rows = table.get_mut(*name).expect("a name of the decoder");
        rows.iter_mut().for_each(|row| row.bytes = *bytes);
    }
    bounds(table);
    moves(table);
    masks(table);
    vectors(table);
    written_only(table);
}

fn registers(one: &Registers, row: &Row) -> Vec<Row> {
    let Some(at) = row.kinds.iter().position(|kind| *kind == one.from as u8) else { return Vec::new() };
    let other = |to: &u8| {
        let mut row = row.clone();
        row.kinds[at] = *to;
        row.convert = one.convert;
        row.modes &= if matches!(*to, R64) { 4 } else { 7 };
        (row.auto, row.memory_auto) = (row.modes, row.modes);
        row
    };
    one.to.iter().map(other).collect()
}

/// `movd` of 64 bits is `movq` with REX.W, and so is a segment register's move from and to 64 bits of memory.
fn moves(table: &mut Table) {
    let wide = [Code::Movq_mm_rm64, Code::Movq_rm64_mm].map(Row::new);
    table.get_mut("movd").expect("a name of the decoder").extend(wide);
    let segments = [Code::Mov_Sreg_r64m16, Code::Mov_r64m16_Sreg].map(|code| {
        let mut row = Row { bytes: 8, late: 1, ..Row::new(code) };
        row.kinds
            .iter_mut()
            .filter(|kind| **kind == Kind::r64_or_mem as u8)
            .for_each(|kind| *kind = Kind::mem as u8);
        row
    });
    table.get_mut("mov").expect("a name of the decoder").extend(segments);
}

/// `kmov` moves as many bits as its other operand has, eight if that does not say.
fn masks(table: &mut Table) {
    let mut all = table["kmov"].clone();
    for (late, name) in (1..).zip(["kmovd", "kmovq", "kmovw"]) {
        all.extend(table[name].iter().map(|row| Row { late, ..row.clone() }));
    }
    table.insert("kmov".to_owned(), all);
}

/// The scalar forms of AVX512-4FMAPS are written with the registers of the packed ones.
fn vectors(table: &mut Table) {
    for name in ["v4fmaddss", "v4fnmaddss"] {
        let rows = table.get_mut(name).expect("a name of the decoder");
        let mut row = rows[0].clone();
        row.kinds[0] = Kind::zmm_reg as u8;
        row.kinds[1] = Kind::zmmp3_vvvv as u8;
        row.convert = 128;
        rows.push(row);
    }
}

/// In NASM the bounds of a register and of an address are two forms, of which `o64` widens the second.
fn bounds(table: &mut Table) {
    for name in ["bndcl", "bndcn", "bndcu"] {
        let rows = table.get_mut(name).expect("a name of the decoder");
        let mut more = Vec::new();
        for row in rows.iter_mut().filter(|row| row.kinds[1] == Kind::r64_or_mem as u8) {
            let mut memory = row.clone();
            memory.kinds[1] = Kind::mem as u8;
            more.push(memory);
            row.kinds[1] = R64;
        }
        rows.extend(more);
    }
}

/// Operands that the instruction has anyway.
fn written_only(table: &mut Table) {
    let eax = Kind::eax as u8;
    for (name, tail) in [("hreset", &[eax][..]), ("tpause", &[EDX, eax]), ("umwait", &[EDX, eax])] {
        let rows = table.get_mut(name).expect("a name of the decoder");
        let mut more = rows.clone();
        more.iter_mut().for_each(|row| row.kinds.extend(tail));
        rows.extend(more);
    }
}
