//! `cpu`: the levels of processors that NASM names.

use iced_x86::{Code, CpuidFeature};

/// A level; each has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the processor of its name")]
pub enum Cpu {
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
    Any,
}

impl Cpu {
    /// The level of a name after `cpu`, in any case.
    pub fn from_name(name: &[u8]) -> Option<Cpu> {
        let name = name.to_ascii_lowercase();
        Some(match name.as_slice() {
            b"8086" => Cpu::I8086,
            b"186" | b"80186" | b"i186" => Cpu::I186,
            b"286" | b"80286" | b"i286" => Cpu::I286,
            b"386" | b"80386" | b"i386" => Cpu::I386,
            b"486" | b"80486" | b"i486" => Cpu::I486,
            b"586" | b"pentium" | b"i586" => Cpu::Pentium,
            b"686" | b"p6" | b"ppro" | b"pentiumpro" | b"p2" | b"i686" => Cpu::P6,
            b"p3" | b"katmai" => Cpu::Katmai,
            b"p4" | b"willamette" => Cpu::Willamette,
            b"prescott" => Cpu::Prescott,
            b"x64" | b"x86-64" | b"ia64" | b"ia-64" | b"itanium" | b"itanic" | b"merced" => Cpu::X64,
            b"any" | b"default" | b"all" | b"*" => Cpu::Any,
            _ => return None,
        })
    }

    /// Whether this level has an instruction of the encoder.
    pub(super) fn has(self, code: u16) -> bool {
        self == Cpu::Any
            || Code::try_from(usize::from(code))
                .unwrap_or_default()
                .cpuid_features()
                .iter()
                .all(|feature| level(*feature) <= self)
    }
}

/// The first level with a feature.
fn level(feature: CpuidFeature) -> Cpu {
    use CpuidFeature as F;
    match feature {
        F::INTEL8086 | F::INTEL8086_ONLY | F::FPU => Cpu::I8086,
        F::INTEL186 => Cpu::I186,
        F::INTEL286 | F::INTEL286_ONLY | F::FPU287 => Cpu::I286,
        F::INTEL386 | F::INTEL386_ONLY | F::INTEL386_A0_ONLY | F::FPU387 | F::MOV_TR | F::UMOV => Cpu::I386,
        F::INTEL486 | F::INTEL486_A_ONLY | F::SMM => Cpu::I486,
        F::CPUID | F::CX8 | F::TSC | F::MSR | F::MMX | F::RDPMC => Cpu::Pentium,
        F::CMOV | F::SYSCALL | F::SEP | F::FXSR | F::D3NOW | F::D3NOWEXT | F::MULTIBYTENOP => Cpu::P6,
        F::SSE => Cpu::Katmai,
        F::SSE2 | F::CLFSH | F::PAUSE => Cpu::Willamette,
        F::SSE3 | F::MONITOR => Cpu::Prescott,
        F::X64 | F::CMPXCHG16B => Cpu::X64,
        _ => Cpu::Any,
    }
}
