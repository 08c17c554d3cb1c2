//! `cpu`: the processors that NASM names, and which of them is the first with an instruction.
//!
//! The levels are NASM's own, since a source that says `cpu 386` was tried against them.  What has none there (SSSE3,
//! SSE4, XOP, virtual machines) is let through by every level.

use iced_x86::{Code, CpuidFeature};

use super::Bits;
use super::form::{Form, Wrapping, kind};

/// A level; each has what those before it have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the processor of its name")]
pub enum Level {
    I8086,
    I186,
    I286,
    I386,
    I486,
    Pentium,
    P6,
    Katmai,
    Willamette,
    Prescott,
    X64,
    Nehalem,
    Westmere,
    SandyBridge,
    #[default]
    Any,
}

impl Level {
    /// The word behind `cpu` for it.
    fn name(self) -> &'static str {
        match self {
            Level::I8086 => "8086",
            Level::I186 => "186",
            Level::I286 => "286",
            Level::I386 => "386",
            Level::I486 => "486",
            Level::Pentium => "586",
            Level::P6 => "686",
            Level::Katmai => "p3",
            Level::Willamette => "p4",
            Level::Prescott => "prescott",
            Level::X64 => "x64",
            Level::Nehalem => "nehalem",
            Level::Westmere => "westmere",
            Level::SandyBridge => "sandybridge",
            Level::Any => "any",
        }
    }
}

/// The word behind `cpu` for the first processor with one of some forms.
pub(super) fn first_with<'f>(
    forms: impl Iterator<Item = &'f Form>,
    written: Written,
) -> Option<&'static str> {
    forms.map(|form| level(form, written)).min().map(Level::name)
}

/// What `cpu` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cpu {
    /// The newest processor whose instructions are taken.
    pub level: Level,
    /// Whether VEX encodings are taken where `{vex}` does not ask for them.
    pub vex: bool,
    /// The same for EVEX.
    pub evex: bool,
}

impl Default for Cpu {
    fn default() -> Self {
        Cpu { level: Level::Any, vex: true, evex: true }
    }
}

/// Why a processor does not take a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    /// The instruction.
    Instruction,
    /// The permission to choose this encoding by itself.
    Encoding,
}

impl Cpu {
    /// The levels, to be shown.
    pub const NAMES: &str = "8086, 186, 286, 386, 486, 586, 686, p3, p4, prescott, x64, nehalem, westmere, sandybridge \
                             and any";

    /// Obeys one word behind `cpu`, in any case; false for one that NASM does not know.
    pub fn set(&mut self, word: &[u8]) -> bool {
        let word = word.to_ascii_lowercase();
        match word.as_slice() {
            b"vex" => self.vex = true,
            b"novex" => self.vex = false,
            b"evex" => self.evex = true,
            b"noevex" => self.evex = false,
            // Of two encodings it does not change the choice, and what has one only is always taken.
            b"latevex" | b"nolatevex" => {}
            name => match level_named(name) {
                Some(level) => *self = Cpu { level, ..Cpu::default() },
                None => return false,
            },
        }
        true
    }

    /// Whether it takes a form; `written` is asked only after a `cpu` that takes less than everything.
    #[inline]
    pub(super) fn takes(self, form: &Form, written: impl Fn() -> Written) -> Result<(), Lacks> {
        if self == Cpu::default() {
            return Ok(());
        }
        let encoding = match form.wrapping() {
            Wrapping::Vex | Wrapping::Xop => self.vex,
            Wrapping::Evex => self.evex,
            Wrapping::Legacy => true,
        };
        let written = written();
        if !encoding && !written.prefix {
            return Err(Lacks::Encoding);
        }
        if level(form, written) <= self.level { Ok(()) } else { Err(Lacks::Instruction) }
    }
}

fn level_named(name: &[u8]) -> Option<Level> {
    Some(match name {
        b"8086" => Level::I8086,
        b"186" => Level::I186,
        b"286" => Level::I286,
        b"386" => Level::I386,
        b"486" => Level::I486,
        b"586" | b"pentium" => Level::Pentium,
        b"686" | b"p6" | b"ppro" | b"pentiumpro" | b"p2" => Level::P6,
        b"p3" | b"katmai" => Level::Katmai,
        b"p4" | b"willamette" => Level::Willamette,
        b"prescott" => Level::Prescott,
        b"x64" | b"x86-64" => Level::X64,
        b"nehalem" => Level::Nehalem,
        b"westmere" => Level::Westmere,
        b"sandybridge" => Level::SandyBridge,
        b"any" | b"all" | b"default" | b"*" => Level::Any,
        b"ia64" | b"ia-64" | b"itanium" | b"itanic" | b"merced" => Level::Any,
        _ => return None,
    })
}

/// What of a line its level depends on, beside the form.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) name: &'static str,
    pub(super) bits: Bits,
    /// Whether an operand is memory.
    pub(super) memory: bool,
    /// Whether `{vex}` or `{evex}` stands before it.
    pub(super) prefix: bool,
}

/// The first level with a form.
fn level(form: &Form, written: Written) -> Level {
    if let Some(level) = of_any_size(form, written) {
        return level;
    }
    let code = Code::try_from(usize::from(form.code)).unwrap_or_default();
    let own = code.cpuid_features().iter().map(|feature| level_of(*feature)).max().unwrap_or_default();
    let wide = form.kinds.iter().any(|kind| matches!(kind, 17 | 18 | 36..=40 | 78));
    if wide { own.max(Level::X64) } else { own }
}

/// Instructions whose level is not that of their features: above all those that are as old in their 32 and 64-bit
/// forms as in their first, as NASM sees it.
fn of_any_size(form: &Form, written: Written) -> Option<Level> {
    let last = form.kinds[form.count().max(1) - 1];
    let immediate = (kind::IMM4..=kind::IMM64).contains(&last);
    Some(match written.name {
        "call" | "jmp" if written.bits == Bits::B16 && form.operand_size() == 32 => Level::I386,
        "call" | "jmp" if written.bits == Bits::B64 && form.kinds[0] == 4 => match form.operand_size() {
            16 => Level::I8086,
            32 => Level::I386,
            _ => Level::X64,
        },
        "call" | "jmp" if matches!(form.kinds[0], 1 | 2 | 4 | 95..=104) => Level::I8086,
        "jecxz" => Level::I386,
        name if name.starts_with("loop") && last == kind::ECX => Level::I386,
        _ if (95..=97).contains(&form.kinds[0]) && !written.name.starts_with("jrcxz") => Level::I8086,
        _ if (98..=100).contains(&form.kinds[0]) => Level::I386,
        "ret" | "retn" | "retf" | "retw" | "retd" | "retnw" | "retnd" | "retfw" | "retfd" => Level::I8086,
        "popf" | "pushf" => Level::I8086,
        "push" | "pop" if matches!(last, 41 | 67..=70) => Level::I8086,
        "mov" if form.kinds.contains(&41) && written.memory => Level::I8086,
        "fldenv" | "fnsave" | "fsave" | "fnstenv" | "fstenv" | "frstor" => Level::I8086,
        "invept" | "invvpid" => Level::I8086,
        "enter" | "pusha" | "popa" | "ud0" | "ud1" | "ud2" | "ud2a" | "ud2b" => Level::I186,
        "push" if immediate => Level::I186,
        "arpl" | "lgdt" | "lidt" | "lldt" | "lmsw" | "ltr" | "sgdt" | "sidt" | "verr" | "verw" => Level::I286,
        "sldt" | "smsw" | "str" if written.memory => Level::I286,
        "ffreep" => Level::I286,
        "fucom" | "fucomp" => Level::I386,
        "smintold" => Level::I486,
        "cmpxchg" => level_with(form, Level::Pentium),
        "smint" | "dmint" | "rdm" => Level::P6,
        "paddq" | "psubq" if form.kinds.contains(&46) => Level::Willamette,
        "fxsave64" | "fxrstor64" | "invlpga" | "skinit" => Level::X64,
        _ => return None,
    })
}

fn level_with(form: &Form, level: Level) -> Level {
    if form.operand_size() == 64 { Level::X64 } else { level }
}

/// The first level with a feature.
fn level_of(feature: CpuidFeature) -> Level {
    use CpuidFeature as F;
    match feature {
        F::INTEL8086 | F::INTEL8086_ONLY | F::FPU => Level::I8086,
        F::SSSE3 | F::SSE4_1 | F::SSE4_2 | F::SSE4A | F::XOP | F::FMA4 => Level::I8086,
        F::VMX | F::INVEPT | F::INVVPID | F::SVM | F::SKINIT_or_SVM | F::SEV_SNP => Level::I8086,
        F::MONITORX | F::PAUSE => Level::I8086,
        F::INTEL186 => Level::I186,
        F::INTEL286 | F::INTEL286_ONLY | F::FPU287 => Level::I286,
        F::INTEL386 | F::INTEL386_ONLY | F::INTEL386_A0_ONLY | F::FPU387 => Level::I386,
        F::MOV_TR | F::UMOV | F::LWP => Level::I386,
        F::INTEL486 | F::INTEL486_A_ONLY | F::CYRIX_SMM => Level::I486,
        F::CPUID | F::CX8 | F::TSC | F::MSR | F::MMX | F::SMM | F::PREFETCHW => Level::Pentium,
        F::D3NOW | F::D3NOWEXT | F::CYRIX_D3NOW | F::CYRIX_EMMI | F::CYRIX_DDI => Level::Pentium,
        F::PADLOCK_ACE | F::PADLOCK_PHE | F::PADLOCK_RNG | F::PADLOCK_PMM => Level::Pentium,
        F::CMOV | F::SYSCALL | F::SEP | F::FXSR | F::RDPMC | F::MULTIBYTENOP | F::LZCNT => Level::P6,
        F::CYRIX_SHR => Level::P6,
        F::SSE | F::SMX => Level::Katmai,
        F::SSE2 | F::CLFSH => Level::Willamette,
        F::SSE3 | F::MONITOR => Level::Prescott,
        F::X64 | F::CMPXCHG16B | F::RDTSCP => Level::X64,
        F::MOVBE | F::POPCNT | F::XSAVE => Level::Nehalem,
        F::AES | F::PCLMULQDQ => Level::Westmere,
        F::AVX => Level::SandyBridge,
        _ => Level::Any,
    }
}
