//! Names of elf.h for the values of header fields, as they are written on a command line.
//!
//! The numbers come from the `object` crate, whose own name tables go only from number to name.

use super::records::elf;

/// A name and its number.
pub type Named = (&'static str, u64);

macro_rules! names {
    ($($name:ident)*) => { &[$((stringify!($name), elf::$name.0 as u64)),*] };
}

const TYPES: &[Named] = names!(ET_NONE ET_REL ET_EXEC ET_DYN ET_CORE);
const MACHINES: &[Named] = names!(
    EM_NONE EM_SPARC EM_386 EM_68K EM_MIPS EM_PARISC EM_PPC EM_PPC64 EM_S390 EM_ARM EM_SH EM_SPARCV9 EM_IA_64
    EM_X86_64 EM_AVR EM_AARCH64 EM_RISCV EM_BPF EM_CSKY EM_LOONGARCH
);
const CLASSES: &[Named] = names!(ELFCLASSNONE ELFCLASS32 ELFCLASS64);
const DATA: &[Named] = names!(ELFDATANONE ELFDATA2LSB ELFDATA2MSB);
const VERSIONS: &[Named] = names!(EV_NONE EV_CURRENT);
const OSABIS: &[Named] = names!(
    ELFOSABI_NONE ELFOSABI_SYSV ELFOSABI_HPUX ELFOSABI_NETBSD ELFOSABI_GNU ELFOSABI_SOLARIS ELFOSABI_AIX
    ELFOSABI_IRIX ELFOSABI_FREEBSD ELFOSABI_TRU64 ELFOSABI_MODESTO ELFOSABI_OPENBSD ELFOSABI_ARM
    ELFOSABI_STANDALONE
);
const FLAGS: &[Named] = names!(
    EF_RISCV_RVC EF_RISCV_FLOAT_ABI_SINGLE EF_RISCV_FLOAT_ABI_DOUBLE EF_RISCV_RVE EF_RISCV_TSO
);
const COUNTS: &[Named] = &[("PN_XNUM", elf::PN_XNUM as u64)];
const SECTIONS: &[Named] = names!(SHN_UNDEF SHN_ABS SHN_COMMON SHN_XINDEX);
const SEGMENT_TYPES: &[Named] = names!(
    PT_NULL PT_LOAD PT_DYNAMIC PT_INTERP PT_NOTE PT_SHLIB PT_PHDR PT_TLS PT_GNU_EH_FRAME PT_GNU_STACK
    PT_GNU_RELRO PT_GNU_PROPERTY
);
const SEGMENT_FLAGS: &[Named] = names!(PF_X PF_W PF_R);
const SECTION_TYPES: &[Named] = names!(
    SHT_NULL SHT_PROGBITS SHT_SYMTAB SHT_STRTAB SHT_RELA SHT_HASH SHT_DYNAMIC SHT_NOTE SHT_NOBITS SHT_REL
    SHT_SHLIB SHT_DYNSYM SHT_INIT_ARRAY SHT_FINI_ARRAY SHT_PREINIT_ARRAY SHT_GROUP SHT_SYMTAB_SHNDX
    SHT_GNU_HASH SHT_GNU_VERDEF SHT_GNU_VERNEED SHT_GNU_VERSYM
);
const SECTION_FLAGS: &[Named] = names!(
    SHF_WRITE SHF_ALLOC SHF_EXECINSTR SHF_MERGE SHF_STRINGS SHF_INFO_LINK SHF_LINK_ORDER SHF_OS_NONCONFORMING
    SHF_GROUP SHF_TLS SHF_COMPRESSED SHF_EXCLUDE
);
/// `st_info` is two fields in one byte: STB_ is the upper half.
const SYMBOL_INFO: &[Named] = &[
    ("STB_LOCAL", (elf::STB_LOCAL.0 as u64) << 4),
    ("STB_GLOBAL", (elf::STB_GLOBAL.0 as u64) << 4),
    ("STB_WEAK", (elf::STB_WEAK.0 as u64) << 4),
    ("STT_NOTYPE", elf::STT_NOTYPE.0 as u64),
    ("STT_OBJECT", elf::STT_OBJECT.0 as u64),
    ("STT_FUNC", elf::STT_FUNC.0 as u64),
    ("STT_SECTION", elf::STT_SECTION.0 as u64),
    ("STT_FILE", elf::STT_FILE.0 as u64),
    ("STT_COMMON", elf::STT_COMMON.0 as u64),
    ("STT_TLS", elf::STT_TLS.0 as u64),
];
const VISIBILITIES: &[Named] = names!(STV_DEFAULT STV_INTERNAL STV_HIDDEN STV_PROTECTED);

/// The names that elf.h has for values of a field; none for addresses, offsets and sizes.
pub fn values(field: &str) -> &'static [Named] {
    match field {
        "e_ident[EI_CLASS]" => CLASSES,
        "e_ident[EI_DATA]" => DATA,
        "e_ident[EI_VERSION]" | "e_version" => VERSIONS,
        "e_ident[EI_OSABI]" => OSABIS,
        "e_type" => TYPES,
        "e_machine" => MACHINES,
        "e_flags" => FLAGS,
        "e_phnum" => COUNTS,
        "e_shstrndx" | "st_shndx" => SECTIONS,
        "p_type" => SEGMENT_TYPES,
        "p_flags" => SEGMENT_FLAGS,
        "sh_type" => SECTION_TYPES,
        "sh_flags" => SECTION_FLAGS,
        "st_info" => SYMBOL_INFO,
        "st_other" => VISIBILITIES,
        _ => &[],
    }
}
