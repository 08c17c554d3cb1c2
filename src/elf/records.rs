//! Machines, addresses and the constants of elf.h that every stage may name.
//!
//! Constants come from the `object` crate, which keeps elf.h's spelling; the records here add what it has no
//! type for: which machine a program is for, and the two kinds of position that must not be mixed.

use std::fmt;

pub use object::elf;

/// A byte's distance from the start of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileOffset(pub u64);

/// A byte's address in the running process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtAddr(pub u64);

impl fmt::Display for FileOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

impl fmt::Display for VirtAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// `EI_CLASS`: how wide the file's addresses are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// `ELFCLASS32`.
    Elf32,
    /// `ELFCLASS64`.
    Elf64,
}

impl Class {
    /// Bytes of the file header (`e_ehsize`).
    pub fn ehdr_size(self) -> u64 {
        match self {
            Class::Elf32 => 52,
            Class::Elf64 => 64,
        }
    }

    /// Bytes of a program header (`e_phentsize`).
    pub fn phdr_size(self) -> u64 {
        match self {
            Class::Elf32 => 32,
            Class::Elf64 => 56,
        }
    }

    /// Bytes of a section header (`e_shentsize`).
    pub fn shdr_size(self) -> u64 {
        match self {
            Class::Elf32 => 40,
            Class::Elf64 => 64,
        }
    }
}

/// A machine that programs are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Machine {
    /// AMD64, ELF64.
    X86_64,
    /// i386 and later, ELF32.
    I386,
    /// Arm 64-bit, little-endian, ELF64.
    Aarch64,
    /// RISC-V 64-bit, ELF64.
    Riscv64,
}

impl Machine {
    /// Every machine, in the order in which lists show them.
    pub const ALL: [Machine; 4] = [Machine::X86_64, Machine::I386, Machine::Aarch64, Machine::Riscv64];

    /// The name that `--arch` takes and messages show.
    pub fn name(self) -> &'static str {
        match self {
            Machine::X86_64 => "x86_64",
            Machine::I386 => "i386",
            Machine::Aarch64 => "aarch64",
            Machine::Riscv64 => "riscv64",
        }
    }

    /// `e_machine`.
    pub fn e_machine(self) -> u16 {
        match self {
            Machine::X86_64 => elf::EM_X86_64.0,
            Machine::I386 => elf::EM_386.0,
            Machine::Aarch64 => elf::EM_AARCH64.0,
            Machine::Riscv64 => elf::EM_RISCV.0,
        }
    }

    /// `EI_CLASS`.
    pub fn class(self) -> Class {
        match self {
            Machine::I386 => Class::Elf32,
            _ => Class::Elf64,
        }
    }

    /// The largest page a kernel for this machine may use, in bytes: segments must not share one with different
    /// rights.  (aarch64: 64 KiB, Documentation/arch/arm64/memory.rst.)
    pub fn max_page_size(self) -> u64 {
        match self {
            Machine::Aarch64 => 0x1_0000,
            _ => 0x1000,
        }
    }
}
