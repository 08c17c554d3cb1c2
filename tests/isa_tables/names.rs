//! Which rows belong to which mnemonic: the decoder's names, NASM's aliases and pseudo-operations, shorthand.

use std::collections::BTreeMap;

use iced_x86::{Code, EncodingKind, OpCodeOperandKind as Kind};

use crate::obsolete;
use crate::rank;
use crate::row::{
    ACCUMULATOR, BARE_IMM8, DX, ECX, EDX, FITS_SIGNED, FITS_UNSIGNED, IMMEDIATE, Row, ST1, XMM0, has_memory,
};
use crate::wider;

type Table = BTreeMap<String, Vec<Row>>;

/// Every mnemonic with its rows in the order in which they are tried.
pub(crate) fn named_rows() -> Table {
    let mut table = plain();
    shorthand(&mut table);
    compare_aliases(&mut table);
    synonyms(&mut table);
    sized_aliases(&mut table);
    moves(&mut table);
    bare_bytes(&mut table);
    jumps(&mut table);
    let widest = |row: &Row| row.code.op_code().operand_size() == 64;
    let wide = only(&table, "movsxd", widest);
    table.get_mut("movsx").expect("a name of the decoder").extend(wide);
    for (name, rows) in &mut table {
        narrow(name, rows);
    }
    wider::widen(&mut table);
    obsolete::in_64_bit_mode(&mut table);
    for (name, rows) in &mut table {
        rank::set_ranks(rows);
        rank::set_automatic(rows);
        rank::set_needs_size(name, rows);
    }
    table
}

fn left_out(code: Code) -> bool {
    let name = format!("{code:?}");
    let info = code.op_code();
    !info.is_instruction()
        || info.encoding() == EncodingKind::MVEX
        || name.starts_with("Sal_")
        || name.starts_with("Reservednop")
        || name.starts_with("VEX_KNC")
        || name.starts_with("Loadallreset")
        || name.starts_with("Cmpxchg486")
        || name == "Loadall286"
        || name == "Fsetpm"
        || matches!(
            code,
            Code::INVALID | Code::DeclareByte | Code::DeclareWord | Code::DeclareDword | Code::DeclareQword
        )
        || info.instruction_string().is_empty()
}

/// Two-byte forms that the decoder knows in a second, redundant spelling.
fn plain() -> Table {
    let mut table = Table::new();
    for code in Code::values() {
        if left_out(code) {
            continue;
        }
        let name = match code {
            Code::D3NOW_Pmulhrw_mm_mmm64 => "pmulhrwa".to_owned(),
            _ => format!("{:?}", code.mnemonic()).to_lowercase(),
        };
        let mut row = Row::new(code);
        if name.starts_with("ins") && row.kinds == [Kind::dx as u8] || name.starts_with("outs") {
            row = row.without(0, DX);
        }
        let strings = ["lods", "stos", "scas"].iter().any(|stem| name.starts_with(stem));
        if strings && row.kinds.len() == 1 {
            row = row.without(0, ACCUMULATOR);
        }
        let rows = table.entry(name.clone()).or_default();
        if matches!(name.as_str(), "xchg" | "test") && row.kinds.len() == 2 && row.kinds[1] < 80 {
            let mut other = row.clone();
            other.kinds.swap(0, 1);
            other.sources = vec![1, 0];
            other.swapped = name == "test";
            if name == "xchg" && !has_memory(row.kinds[0]) || name == "test" || has_memory(row.kinds[0]) {
                rows.push(other);
            }
            let mut row = row;
            row.swapped = name == "xchg";
            rows.push(row);
            continue;
        }
        rows.push(row);
    }
    for (from, to) in [("sysretq", "sysret"), ("sysexitq", "sysexit")] {
        let rows = table.get(from).cloned().unwrap_or_default();
        table.entry(to.to_owned()).or_default().extend(rows.into_iter().map(|mut row| {
            row.explicit = true;
            row
        }));
    }
    table
}

fn shorthand(table: &mut Table) {
    for (name, rows) in table.iter_mut() {
        let mut more = Vec::new();
        for row in rows.iter() {
            more.extend(shorter(name, row));
        }
        rows.extend(more);
    }
    x87(table);
    system(table);
}

fn is_vector(kind: u8) -> bool {
    (19..=22).contains(&kind) || (48..=62).contains(&kind)
}

/// The rows that leave out what NASM lets one leave out.
fn shorter(name: &str, row: &Row) -> Vec<Row> {
    let mut more = Vec::new();
    let kinds = &row.kinds;
    let vvvv = |at: usize| {
        kinds.get(at).is_some_and(|kind| {
            [Kind::xmm_vvvv, Kind::ymm_vvvv, Kind::zmm_vvvv].iter().any(|one| *one as u8 == *kind)
        })
    };
    let vector = row.code.op_code().encoding() != EncodingKind::Legacy;
    if vector && kinds.len() >= 2 && !has_memory(kinds[0]) && is_vector(kinds[0]) {
        let repeats = kinds.len() > 2 && vvvv(1) && group(kinds[0]) == group(kinds[1]);
        let shifts = vvvv(0) && kinds.len() == 3 && group(kinds[0]) == group(kinds[1]);
        // XOP's rotations have the vector in either place; left out, it is the one in the r/m field.
        let rotates = row.code.op_code().encoding() == EncodingKind::XOP
            && kinds.len() == 3
            && vvvv(2)
            && kinds[1] == 20;
        if (repeats || shifts || rotates) && may_repeat(name, row.code) {
            more.push(row.without(1, 0));
        }
    }
    // `vfrczps xmm1` and `vphaddbw xmm1` change a register in place.
    let in_place = ["vfrcz", "vphadd", "vphsub"].iter().any(|stem| name.starts_with(stem));
    if in_place && row.code.op_code().encoding() == EncodingKind::XOP {
        more.push(row.without(1, 0));
    }
    // The register that is shifted stands where memory could.
    let shifts = ["vpsha", "vpshl", "vprot"].iter().any(|stem| name.starts_with(stem));
    if shifts && row.code.op_code().encoding() == EncodingKind::XOP && kinds.len() == 3 && kinds[1] == 20 {
        more.push(row.without(1, 0));
    }
    if name == "imul" && kinds.len() == 3 {
        more.push(row.without(1, 0));
    }
    // The base is ten unless another is written.
    if matches!(name, "aam" | "aad") {
        let mut row = row.without(0, IMMEDIATE);
        row.immediate = 10;
        more.push(row);
    }
    if matches!(name, "blendvps" | "blendvpd" | "pblendvb" | "sha256rnds2") {
        let mut row = row.clone();
        row.kinds.push(XMM0);
        more.push(row);
    }
    if name.starts_with("loop") || matches!(name, "jcxz" | "jecxz" | "jrcxz") {
        let counter = match row.code.op_code().address_size() {
            16 => 112,
            32 => ECX,
            _ => 113,
        };
        if name.starts_with("loop") {
            let mut row = row.clone();
            row.kinds.push(counter);
            more.push(row);
        }
    }
    more
}

/// Whether NASM lets the second operand be left out where it repeats the first: not where the first is an operand
/// anyway, nor in conversions and the like that only EVEX has.
fn may_repeat(name: &str, code: Code) -> bool {
    let reads_first = ["132", "213", "231", "312", "123", "321"];
    let fused = name.starts_with("vf") && reads_first.iter().any(|order| name.contains(order));
    let never = [
        "vpermi2",
        "vpermt2",
        "vpblendm",
        "vblendm",
        "vpmadd52",
        "vpternlog",
        "vmaskmovp",
        "vcvtusi2",
        "vgetexps",
        "vgetmants",
    ];
    let evex = code.op_code().encoding() == EncodingKind::EVEX;
    let converts = ["vcvtsi2", "vcvtss2sd", "vcvtsd2ss"].iter().any(|stem| name.starts_with(stem));
    let refused = fused || never.iter().any(|stem| name.starts_with(stem)) || evex && converts;
    !refused
}

fn group(kind: u8) -> u8 {
    match kind {
        20 | 48..=53 => 1,
        21 | 54..=58 => 2,
        22 | 59..=62 => 3,
        _ => 0,
    }
}

fn x87(table: &mut Table) {
    let (st0, sti) = (Kind::st0 as u8, Kind::sti_opcode as u8);
    for (name, rows) in table.iter_mut() {
        let mut more = Vec::new();
        for row in rows.iter() {
            if row.kinds == [st0, sti] {
                more.push(row.without(0, crate::row::IMPLIED));
                if name == "fxch" {
                    let mut row = row.clone();
                    (row.kinds, row.sources) = (vec![sti, st0], vec![1, 0]);
                    more.push(row);
                }
            } else if row.kinds == [sti, st0] {
                let mut one = row.without(1, crate::row::IMPLIED);
                one.to = !name.ends_with('p');
                more.push(one.clone());
                if name.ends_with('p') {
                    one.to = true;
                    more.push(one);
                }
            }
        }
        rows.extend(more);
        let mut none = Vec::new();
        for row in rows.iter().filter(|row| row.kinds == [sti] && !row.to) {
            if !matches!(name.as_str(), "fadd" | "fsub" | "fsubr" | "fmul" | "fdiv" | "fdivr") {
                none.push(row.without(0, ST1));
            }
        }
        none.truncate(1);
        rows.extend(none);
    }
    for name in ["fadd", "fsub", "fsubr", "fmul", "fdiv", "fdivr"] {
        let pops = table.get(&format!("{name}p")).into_iter().flatten().filter(|row| row.kinds.is_empty());
        let pops: Vec<Row> = pops.cloned().collect();
        table.entry(name.to_owned()).or_default().extend(pops);
    }
}

/// `monitor rax,ecx,edx` and the like, whose operands the decoder does not show.
fn system(table: &mut Table) {
    let (ax, eax, rax) = (Kind::ax as u8, Kind::eax as u8, Kind::rax as u8);
    let mut add = |name: &str, tail: &[u8], full: bool| {
        let Some(rows) = table.get_mut(name) else { return };
        let mut more = Vec::new();
        for row in rows.iter().filter(|row| row.kinds.is_empty()) {
            let mut row = row.clone();
            row.kinds = Vec::new();
            if full {
                row.kinds.push(match row.code.op_code().address_size() {
                    16 => ax,
                    32 => eax,
                    _ => rax,
                });
            }
            row.kinds.extend(tail);
            more.push(row);
        }
        rows.extend(more);
    };
    add("monitor", &[ECX, EDX], true);
    add("monitorx", &[ECX, EDX], true);
    add("mwait", &[eax, ECX], false);
    add("mwaitx", &[eax, ECX], false);
    add("invlpga", &[ECX], true);
    add("clzero", &[], true);
}

const LEGACY: [&str; 8] = ["eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord"];

const VECTOR: [(&str, u8); 48] = [
    ("eq", 0),
    ("lt", 1),
    ("le", 2),
    ("unord", 3),
    ("neq", 4),
    ("nlt", 5),
    ("nle", 6),
    ("ord", 7),
    ("eq_uq", 8),
    ("nge", 9),
    ("ngt", 10),
    ("false", 11),
    ("neq_oq", 12),
    ("ge", 13),
    ("gt", 14),
    ("true", 15),
    ("eq_os", 16),
    ("lt_oq", 17),
    ("le_oq", 18),
    ("unord_s", 19),
    ("neq_us", 20),
    ("nlt_uq", 21),
    ("nle_uq", 22),
    ("ord_s", 23),
    ("eq_us", 24),
    ("nge_uq", 25),
    ("ngt_uq", 26),
    ("false_os", 27),
    ("neq_os", 28),
    ("ge_oq", 29),
    ("gt_oq", 30),
    ("true_us", 31),
    ("eq_oq", 0),
    ("lt_os", 1),
    ("le_os", 2),
    ("unord_q", 3),
    ("neq_uq", 4),
    ("nlt_us", 5),
    ("nle_us", 6),
    ("ord_q", 7),
    ("nge_us", 9),
    ("ngt_us", 10),
    ("false_oq", 11),
    ("ge_os", 13),
    ("gt_os", 14),
    ("true_uq", 15),
    ("neq_uq", 4),
    ("eq_oq", 0),
];

const INTEGER: [(&str, u8); 8] =
    [("eq", 0), ("lt", 1), ("le", 2), ("neq", 4), ("nlt", 5), ("ge", 5), ("nle", 6), ("gt", 6)];

fn with_immediate(rows: &[Row], immediate: u8) -> Vec<Row> {
    let last = |row: &&Row| row.kinds.last() == Some(&(Kind::imm8 as u8));
    rows.iter()
        .filter(last)
        .map(|row| {
            let mut row = row.without(row.kinds.len() - 1, IMMEDIATE);
            row.immediate = immediate;
            row
        })
        .collect()
}

fn alias(table: &mut Table, name: &str, rows: Vec<Row>) {
    assert!(!rows.is_empty(), "{name} has no rows");
    table.entry(name.to_owned()).or_insert(rows);
}

fn compare_aliases(table: &mut Table) {
    for suffix in ["ps", "pd", "ss", "sd"] {
        let rows = table[&format!("cmp{suffix}")].clone();
        for (value, name) in LEGACY.iter().enumerate() {
            alias(table, &format!("cmp{name}{suffix}"), with_immediate(&rows, value as u8));
        }
    }
    for suffix in ["ps", "pd", "ss", "sd"] {
        let rows = table[&format!("vcmp{suffix}")].clone();
        for (name, value) in VECTOR {
            alias(table, &format!("vcmp{name}{suffix}"), with_immediate(&rows, value));
        }
    }
    for suffix in ["b", "w", "d", "q", "ub", "uw", "ud", "uq"] {
        let rows = table[&format!("vpcmp{suffix}")].clone();
        for (name, value) in INTEGER.into_iter().chain([("ngt", 2)]) {
            // NASM itself takes these two, signed, for the instructions of the name alone.
            alias(table, &format!("vpcmp{name}{suffix}"), with_immediate(&rows, value));
        }
    }
    for (name, value) in [("lqlq", 0), ("hqlq", 1), ("lqhq", 16), ("hqhq", 17)] {
        for prefix in ["pclmul", "vpclmul"] {
            let rows = table[&format!("{prefix}qdq")].clone();
            alias(table, &format!("{prefix}{name}dq"), with_immediate(&rows, value));
        }
    }
}

const CONDITIONS: [&[&str]; 16] = [
    &["o"],
    &["no"],
    &["b", "nae", "c"],
    &["ae", "nb", "nc"],
    &["e", "z"],
    &["ne", "nz"],
    &["be", "na"],
    &["a", "nbe"],
    &["s"],
    &["ns"],
    &["p", "pe"],
    &["np", "po"],
    &["l", "nge"],
    &["ge", "nl"],
    &["le", "ng"],
    &["g", "nle"],
];

const SAME: [(&str, &str); 35] = [
    // The 287's; later processors ignore it, and NASM leaves out the wait.
    ("fsetpm", "fnsetpm"),
    ("fwait", "wait"),
    ("icebp", "int1"),
    ("int01", "int1"),
    ("smi", "int1"),
    ("int03", "int3"),
    ("loopz", "loope"),
    ("loopnz", "loopne"),
    ("retn", "ret"),
    ("ud2a", "ud2"),
    ("ud2b", "ud1"),
    ("xlat", "xlatb"),
    ("sal", "shl"),
    ("vbcstnebf16ps", "vbcstnebf162ps"),
    ("v4dpwssd", "vp4dpwssd"),
    ("v4dpwssds", "vp4dpwssds"),
    ("vendscaleph", "vrndscaleph"),
    ("vendscalesh", "vrndscalesh"),
    ("vfmulcpch", "vfmulcph"),
    ("vfcmulcpch", "vfcmulcph"),
    ("vgetmaxph", "vmaxph"),
    ("vgetmaxsh", "vmaxsh"),
    ("vgetminph", "vminph"),
    ("vgetminsh", "vminsh"),
    ("kadd", "kaddb"),
    ("kshiftl", "kshiftlb"),
    ("kshiftr", "kshiftrb"),
    ("ktest", "ktestb"),
    ("kunpck", "kunpckbw"),
    ("kand", "kandb"),
    ("kandn", "kandnb"),
    ("kmov", "kmovb"),
    ("knot", "knotb"),
    ("kor", "korb"),
    ("kortest", "kortestb"),
];

fn synonyms(table: &mut Table) {
    for group in CONDITIONS {
        for (before, after) in [("j", ""), ("set", ""), ("cmov", ""), ("cmp", "xadd")] {
            let spelt = |cc: &str| format!("{before}{cc}{after}");
            let known = group.iter().map(|cc| spelt(cc)).find(|name| table.contains_key(name));
            let rows = table[&known.expect("one spelling of each condition is the decoder's")].clone();
            for cc in group {
                alias(table, &spelt(cc), rows.clone());
            }
        }
    }
    for (name, of) in SAME.into_iter().chain([("kxor", "kxorb"), ("kxnor", "kxnorb")]) {
        let rows = table.get(of).unwrap_or_else(|| panic!("{of} is unknown")).clone();
        alias(table, name, rows);
    }
    let names: Vec<String> = table.keys().cloned().collect();
    for name in &names {
        for (order, other) in [("132", "312"), ("213", "123"), ("231", "321")] {
            let packed =
                name.ends_with("ps") || name.ends_with("pd") || name.ends_with("ss") || name.ends_with("sd");
            if name.starts_with("vf") && name.contains(order) && packed {
                let rows = only(table, name, |row| row.code.op_code().encoding() == EncodingKind::VEX);
                alias(table, &name.replace(order, other), rows);
            }
            if name.starts_with("vf")
                && name.contains(order)
                && (name.ends_with("ph") || name.ends_with("sh"))
            {
                let rows = table[name].clone();
                alias(table, &name.replacen("vf", "vp", 1), rows);
            }
        }
    }
}

fn only(table: &Table, of: &str, keep: impl Fn(&Row) -> bool) -> Vec<Row> {
    table.get(of).into_iter().flatten().filter(|row| keep(row)).cloned().collect()
}

fn sized_aliases(table: &mut Table) {
    for (letter, size) in [("w", 16), ("d", 32), ("q", 64)] {
        for name in ["ret", "retf", "retn"] {
            // `retw 5` has no prefix in any mode.
            let plain = |row: &Row| name == "ret" && letter == "w" && row.kinds.len() == 1;
            let rows = only(table, name, |row| row.code.op_code().operand_size() == size || plain(row));
            alias(table, &format!("{name}{letter}"), rows);
        }
    }
    for (name, of) in
        [("iretw", "iret"), ("popaw", "popa"), ("popfw", "popf"), ("pushaw", "pusha"), ("pushfw", "pushf")]
    {
        let rows = only(table, of, |row| row.code.op_code().operand_size() == 16);
        alias(table, name, rows);
    }
    // Without a letter the mode's own size is meant.
    for name in ["iret", "popa", "popf", "pusha", "pushf"] {
        for letter in ["d", "q"] {
            let rows = table.get(&format!("{name}{letter}")).cloned().unwrap_or_default();
            table.get_mut(name).expect("a name of the decoder").extend(rows);
        }
    }
    for (name, of) in
        [("vldqqu", "vlddqu"), ("vmovntqq", "vmovntdq"), ("vmovqqa", "vmovdqa"), ("vmovqqu", "vmovdqu")]
    {
        let ymm = |row: &Row| row.kinds.iter().any(|kind| (54..=58).contains(kind) || *kind == 21);
        let rows = only(table, of, |row| ymm(row) && row.code.op_code().encoding() == EncodingKind::VEX);
        alias(table, name, rows);
    }
    let by_name = |wanted: &[&str]| -> Vec<Row> {
        Code::values().filter(|code| wanted.contains(&format!("{code:?}").as_str())).map(Row::new).collect()
    };
    alias(table, "cmpxchg486", by_name(&["Cmpxchg486_rm8_r8", "Cmpxchg486_rm16_r16", "Cmpxchg486_rm32_r32"]));
    alias(table, "pmulhrwc", by_name(&["Pmulhrw_mm_mmm64"]));
    alias(table, "loadall286", by_name(&["Loadall286"]));
    alias(table, "smintold", by_name(&["Smint_0F7E"]));
    for opcode in 0..8 {
        for digit in 0..8 {
            let mut rows = Vec::new();
            for size in [16, 32, 64] {
                let like = if opcode == 7 && digit == 0 {
                    format!("Nop_rm{size}")
                } else {
                    format!("Reservednop_rm{size}_r{size}_0F{:X}", 0x18 + opcode)
                };
                for mut row in by_name(&[like.as_str()]) {
                    if row.kinds.len() == 2 {
                        row.kinds.pop();
                        row.sources[1] = IMMEDIATE;
                        row.immediate = digit;
                    }
                    rows.push(row);
                }
            }
            alias(table, &format!("hint_nop{}", opcode * 8 + digit), rows);
        }
    }
}

/// `mov r64,imm`: as 32 bits where that is the same, then sign-extended, then whole.
fn moves(table: &mut Table) {
    let rows = table.get_mut("mov").expect("a name of the decoder");
    let wide = Kind::r64_reg as u8;
    let mut short = Row::new(Code::Mov_r32_imm32);
    (short.kinds, short.modes, short.convert) = (vec![wide, FITS_UNSIGNED], 4, 32);
    let mut signed = Row::new(Code::Mov_rm64_imm32);
    signed.kinds = vec![wide, FITS_SIGNED];
    rows.extend([short, signed]);
}

/// Instructions whose number NASM refuses to be told the size of; `pextrw` with `byte` is SSE4.1's.
const BARE: [&str; 12] = [
    "enter", "extrq", "insertq", "palignr", "pextrw", "pinsrw", "pshufd", "pshufhw", "pshuflw", "pshufw",
    "shld", "shrd",
];

fn bare_bytes(table: &mut Table) {
    for (name, rows) in table {
        let shifts = ["psll", "psra", "psrl"].iter().any(|stem| name.starts_with(stem));
        for row in rows {
            let newer = matches!(row.code, Code::Pextrw_r32m16_xmm_imm8 | Code::Pextrw_r64m16_xmm_imm8);
            let bare = if shifts {
                row.kinds[0] == Kind::mm_reg as u8 || row.kinds[0] == Kind::mm_rm as u8
            } else {
                BARE.contains(&name.as_str())
            };
            for kind in row.kinds.iter_mut().filter(|kind| bare && !newer && **kind == Kind::imm8 as u8) {
                *kind = BARE_IMM8;
            }
        }
    }
}

/// Jumps of 16 bits do not exist in 64-bit mode: Intel's processors ignore the prefix.
fn jumps(table: &mut Table) {
    let short = [Kind::br16_1, Kind::br16_2, Kind::xbegin_2].map(|kind| kind as u8);
    for row in table.values_mut().flatten() {
        let through = matches!(row.code, Code::Jmp_rm16 | Code::Call_rm16);
        if through || row.kinds.iter().any(|kind| short.contains(kind)) {
            row.modes &= 3;
        }
    }
}

/// Where NASM encodes every size of general register as the one that needs no prefix.
fn narrow(name: &str, rows: &mut Vec<Row>) {
    let loads_segment = |row: &Row| name == "mov" && row.kinds.get(1) == Some(&(Kind::seg_reg as u8));
    let stores_table = |_: &Row| name == "sldt";
    let stores_wide = |row: &Row| name == "mov" && row.kinds.first() == Some(&(Kind::seg_reg as u8));
    let moves_mask = ["pmovmskb", "vpmovmskb", "pextrb", "vpextrb", "vpextrw", "vmovmskps", "vmovmskpd"];
    // VEX has the 64-bit register by REX.W, EVEX without.
    let evex = |row: &Row| name == "vextractps" && row.code.op_code().encoding() == EncodingKind::EVEX;
    let narrows = |row: &Row| moves_mask.contains(&name) || evex(row);
    let system = matches!(name, "arpl" | "lldt" | "ltr" | "verr" | "verw" | "lmsw");
    let mut more = Vec::new();
    for row in rows.iter_mut() {
        let size = row.code.op_code().operand_size();
        let wide = row.kinds.iter().position(|kind| matches!(kind, 14 | 15 | 17 | 36 | 38 | 37));
        let Some(at) = wide else { continue };
        if system || stores_wide(row) {
            // One of the three is native; the others are written with its registers.
            for (kind, _) in [(14, 16), (15, 32), (17, 64)] {
                let mut other = row.clone();
                if name == "arpl" {
                    if kind != 14 {
                        continue;
                    }
                    other.kinds[1] = Kind::r16_reg as u8;
                }
                other.kinds[at] = kind;
                (other.convert, other.modes) = (size as u8, native(size) & row.modes);
                more.push(other);
            }
            row.modes = 0;
        } else if ((loads_segment(row) || stores_table(row)) && size == 64)
            || (narrows(row) && matches!(row.kinds[at], 17 | 36))
        {
            row.modes = 0;
        } else if ((loads_segment(row) || stores_table(row)) && size == 32)
            || (narrows(row) && row.kinds.iter().any(|kind| matches!(kind, 15 | 31)))
        {
            let mut other = row.clone();
            other.kinds[at] = if row.kinds[at] == 15 { 17 } else { 36 };
            (other.convert, other.modes) = (32, 4);
            more.push(other);
        }
    }
    for row in rows.iter_mut().filter(|row| narrows(row) && row.kinds.contains(&31)) {
        let mut other = row.clone();
        other.kinds.iter_mut().filter(|kind| **kind == 31).for_each(|kind| *kind = 36);
        (other.convert, other.modes) = (32, 4);
        more.push(other);
    }
    rows.extend(more);
    rows.retain(|row| row.modes != 0);
    rows.iter_mut().for_each(|row| (row.auto, row.memory_auto) = (row.modes, row.modes));
}

/// The modes in which an operand size needs no prefix.
fn native(size: u32) -> u8 {
    match size {
        16 => 1,
        32 => 6,
        _ => 0,
    }
}
