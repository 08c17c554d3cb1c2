//! Where the fields of every record lie, in both classes, by the names of elf.h.

use super::records::Class;

/// A field of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// As elf.h spells it.
    pub name: &'static str,
    /// Bytes from the start of the record, in ELF32 and in ELF64.
    at: [u8; 2],
    /// Bytes, in ELF32 and in ELF64.
    size: [u8; 2],
}

impl Field {
    const fn new(name: &'static str, at32: u8, size32: u8, at64: u8, size64: u8) -> Self {
        Field { name, at: [at32, at64], size: [size32, size64] }
    }

    /// One byte that is at the same place in both classes.
    pub(super) const fn byte(name: &'static str, at: u8) -> Self {
        Field::new(name, at, 1, at, 1)
    }

    /// Its first byte, counted from the start of the record.
    pub fn start(&self, class: Class) -> u64 {
        u64::from(self.at[usize::from(class == Class::Elf64)])
    }

    /// How many bytes it has.
    pub fn size(&self, class: Class) -> u64 {
        u64::from(self.size[usize::from(class == Class::Elf64)])
    }
}

macro_rules! record {
    ($(#[$doc:meta])* $table:ident: $($name:ident $text:literal $at32:literal $size32:literal $at64:literal $size64:literal;)*) => {
        $(
            #[doc = concat!("`", $text, "`")]
            pub const $name: Field = Field::new($text, $at32, $size32, $at64, $size64);
        )*
        $(#[$doc])*
        pub const $table: &[Field] = &[$($name),*];
    };
}

record! {
    /// `Elf32_Ehdr` and `Elf64_Ehdr` (gABI ch. 4), `e_ident` byte by byte.
    EHDR:
    EI_MAG "e_ident[EI_MAG]" 0 4 0 4;
    EI_CLASS "e_ident[EI_CLASS]" 4 1 4 1;
    EI_DATA "e_ident[EI_DATA]" 5 1 5 1;
    EI_VERSION "e_ident[EI_VERSION]" 6 1 6 1;
    EI_OSABI "e_ident[EI_OSABI]" 7 1 7 1;
    EI_ABIVERSION "e_ident[EI_ABIVERSION]" 8 1 8 1;
    EI_PAD "e_ident[EI_PAD]" 9 7 9 7;
    E_TYPE "e_type" 16 2 16 2;
    E_MACHINE "e_machine" 18 2 18 2;
    E_VERSION "e_version" 20 4 20 4;
    E_ENTRY "e_entry" 24 4 24 8;
    E_PHOFF "e_phoff" 28 4 32 8;
    E_SHOFF "e_shoff" 32 4 40 8;
    E_FLAGS "e_flags" 36 4 48 4;
    E_EHSIZE "e_ehsize" 40 2 52 2;
    E_PHENTSIZE "e_phentsize" 42 2 54 2;
    E_PHNUM "e_phnum" 44 2 56 2;
    E_SHENTSIZE "e_shentsize" 46 2 58 2;
    E_SHNUM "e_shnum" 48 2 60 2;
    E_SHSTRNDX "e_shstrndx" 50 2 62 2;
}

record! {
    /// `Elf32_Phdr` and `Elf64_Phdr` (gABI ch. 5), in the order of ELF64.
    PHDR:
    P_TYPE "p_type" 0 4 0 4;
    P_FLAGS "p_flags" 24 4 4 4;
    P_OFFSET "p_offset" 4 4 8 8;
    P_VADDR "p_vaddr" 8 4 16 8;
    P_PADDR "p_paddr" 12 4 24 8;
    P_FILESZ "p_filesz" 16 4 32 8;
    P_MEMSZ "p_memsz" 20 4 40 8;
    P_ALIGN "p_align" 28 4 48 8;
}

record! {
    /// `Elf32_Shdr` and `Elf64_Shdr` (gABI ch. 4).
    SHDR:
    SH_NAME "sh_name" 0 4 0 4;
    SH_TYPE "sh_type" 4 4 4 4;
    SH_FLAGS "sh_flags" 8 4 8 8;
    SH_ADDR "sh_addr" 12 4 16 8;
    SH_OFFSET "sh_offset" 16 4 24 8;
    SH_SIZE "sh_size" 20 4 32 8;
    SH_LINK "sh_link" 24 4 40 4;
    SH_INFO "sh_info" 28 4 44 4;
    SH_ADDRALIGN "sh_addralign" 32 4 48 8;
    SH_ENTSIZE "sh_entsize" 36 4 56 8;
}

record! {
    /// `Elf32_Sym` and `Elf64_Sym` (gABI ch. 4).
    SYM:
    ST_NAME "st_name" 0 4 0 4;
    ST_INFO "st_info" 12 1 4 1;
    ST_OTHER "st_other" 13 1 5 1;
    ST_SHNDX "st_shndx" 14 2 6 2;
    ST_VALUE "st_value" 4 4 8 8;
    ST_SIZE "st_size" 8 4 16 8;
}

record! {
    /// `Elf32_Rela` and `Elf64_Rela`; `Elf32_Rel` and `Elf64_Rel` end before the addend.
    RELA:
    R_OFFSET "r_offset" 0 4 0 8;
    R_INFO "r_info" 4 4 8 8;
    R_ADDEND "r_addend" 8 4 16 8;
}

record! {
    /// `Elf32_Dyn` and `Elf64_Dyn`.
    DYN:
    D_TAG "d_tag" 0 4 0 8;
    D_VAL "d_val" 4 4 8 8;
}
