//! Forms in words: operand shapes as in the manuals, the modes, the extension.

use iced_x86::{Code, CpuidFeature};

use super::form::{Form, Wrapping, keyword};
use super::mnemonic::{all_forms, mnemonic_name};
use super::{Size, mnemonic, mnemonics};

/// A form of an instruction, for listings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormDescription {
    /// `add r/m32,imm8`.
    pub text: String,
    /// In which of 16, 32, 64-bit mode it exists.
    pub modes: [bool; 3],
    /// The extensions that it needs, by their CPUID names; the processor for the oldest.
    pub extensions: Vec<String>,
    /// `legacy`, `vex`, `evex`, `xop`.
    pub encoding: &'static str,
    /// Whether it takes a `lock` prefix.
    pub lock: bool,
}

/// The forms of a mnemonic in the order in which they are tried; `None` if there is no such mnemonic.
pub fn describe(name: &str) -> Option<Vec<FormDescription>> {
    let number = mnemonic(name.as_bytes())?;
    let mut list: Vec<FormDescription> = Vec::new();
    let forms = all_forms(number);
    for (at, form) in forms.iter().enumerate() {
        // A further size keyword for the same memory is no further form.
        let same = |other: &Form| other.code == form.code && other.kinds == form.kinds;
        if forms[..at].iter().any(|other| same(other) && other.memory != form.memory) {
            continue;
        }
        // What stands in for an instruction is not of its extension.
        let own = |other: &&Form| !other.opcode_given() && other.kinds == form.kinds;
        let named = forms.iter().find(own).filter(|_| form.opcode_given()).unwrap_or(form);
        let one = description(mnemonic_name(number), form, named);
        // Forms that differ in what source does not show (the size of a jump's operands) are one.
        let same =
            |other: &&mut FormDescription| FormDescription { modes: one.modes, ..(*other).clone() } == one;
        match list.iter_mut().find(same) {
            Some(other) => (0..3).for_each(|mode| other.modes[mode] |= one.modes[mode]),
            None => list.push(one),
        }
    }
    Some(list)
}

/// The other mnemonics with the very same forms: `jz` for `je`.
pub fn other_names(name: &str) -> Vec<&'static str> {
    let Some(number) = mnemonic(name.as_bytes()) else { return Vec::new() };
    let of = |number: u16| all_forms(number).iter().map(|form| (form.code, form.kinds, form.immediate));
    let same = |other: &u16| *other != number && of(*other).eq(of(number));
    (0..mnemonics().len() as u16).filter(same).map(mnemonic_name).collect()
}

fn description(name: &str, one: &Form, named: &Form) -> FormDescription {
    let code = Code::try_from(usize::from(named.code)).unwrap_or_default();
    FormDescription {
        text: form(name, one),
        modes: [one.in_mode(1), one.in_mode(2), one.in_mode(4)],
        extensions: code.cpuid_features().iter().map(|feature| extension(*feature)).collect(),
        encoding: match one.wrapping() {
            Wrapping::Legacy => "legacy",
            Wrapping::Vex => "vex",
            Wrapping::Evex => "evex",
            Wrapping::Xop => "xop",
        },
        lock: named.takes_lock(),
    }
}

fn extension(feature: CpuidFeature) -> String {
    let name = format!("{feature:?}");
    name.strip_prefix("INTEL").map_or(name.clone(), str::to_owned)
}

/// A form as a line with shapes for operands.
pub(super) fn form(name: &str, form: &Form) -> String {
    let mut text = name.to_owned();
    for (at, kind) in form.kinds.iter().take(form.count()).enumerate() {
        text.push(if at == 0 { ' ' } else { ',' });
        if form.to() && at == 0 {
            text.push_str("to ");
        }
        match (*kind, name) {
            // A pointer: the offset, and the two bytes of a segment.
            (4, "call" | "jmp") => text.push_str(&format!("far m{}", form.operand_size() + 16)),
            _ => text.push_str(&operand(*kind, form)),
        }
        if at == 0 && form.takes_mask() {
            text.push_str(if form.takes_zeroing() { "{k}{z}" } else { "{k}" });
        }
    }
    if form.takes_rounding() {
        text.push_str(",{er}");
    } else if form.takes_sae() {
        text.push_str(",{sae}");
    }
    text
}

/// The size keyword for some bytes.
pub(super) fn size(bytes: u8) -> Option<&'static str> {
    Some(match keyword(bytes)? {
        Size::Byte => "byte",
        Size::Word => "word",
        Size::Dword => "dword",
        Size::Qword => "qword",
        Size::Tword => "tword",
        Size::Oword => "oword",
        Size::Yword => "yword",
        Size::Zword => "zword",
    })
}

fn operand(kind: u8, form: &Form) -> String {
    let memory = match form.memory {
        0 | 255 => "mem".to_owned(),
        bytes => format!("m{}", u32::from(bytes) * 8),
    };
    let broadcast = match form.element {
        0 => String::new(),
        element => format!("/m{}bcst", u32::from(element) * 8),
    };
    let or_memory = |register: &str| format!("{register}/{memory}{broadcast}");
    let plain = match kind {
        1 | 2 => "seg:offset",
        3 => return format!("[{memory} moffs]"),
        4..=6 | 105 => return memory,
        7 | 8 => "mem[xmm]",
        9 | 10 => "mem[ymm]",
        11 | 12 => "mem[zmm]",
        13 => return or_memory("r8"),
        14 => return or_memory("r16"),
        15 | 16 => return or_memory("r32"),
        17 | 18 => return or_memory("r64"),
        19 => return or_memory("mm"),
        20 => return or_memory("xmm"),
        21 => return or_memory("ymm"),
        22 => return or_memory("zmm"),
        23 => return or_memory("bnd"),
        24 => return or_memory("k"),
        25 | 26 => "r8",
        27..=30 => "r16",
        31..=35 => "r32",
        36..=40 => "r64",
        41 => "sreg",
        42..=45 => "k",
        46 | 47 => "mm",
        48..=53 => "xmm",
        54..=58 => "ymm",
        59..=62 => "zmm",
        63 => "cr",
        64 => "dr",
        65 => "tr",
        66 => "bnd",
        67 => "es",
        68 => "cs",
        69 => "ss",
        70 => "ds",
        71 => "fs",
        72 => "gs",
        73 => "al",
        74 => "cl",
        75 => "ax",
        76 => "dx",
        77 => "eax",
        78 => "rax",
        79 => "st0",
        80 => "sti",
        81 | 82 | 116 => "imm8",
        83 => "1",
        84..=86 => "simm8",
        87 => "imm16",
        88 | 114 => "imm32",
        89 | 115 => "simm32",
        90 => "imm64",
        95..=97 => "rel8",
        98 | 101 | 103 => "rel16",
        99 | 100 | 102 | 104 => "rel32",
        106..=108 => "tmm",
        109 => "xmm0",
        110 => "ecx",
        111 => "edx",
        112 => "cx",
        113 => "rcx",
        _ => "?",
    };
    plain.to_owned()
}
