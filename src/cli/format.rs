//! Names of output formats: those that are written, and nasm's others, for which sources are only expanded.

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormatName {
    Elf64,
    /// Objects for the x32 ABI.
    ElfX32,
    Elf32,
    /// The same file, but `__?OUTPUT_FORMAT?__` tells them apart.
    Elf,
    Bin,
}

impl FormatName {
    /// What `__?OUTPUT_FORMAT?__` is: the name as given.
    pub(super) fn name(self) -> &'static str {
        match self {
            FormatName::Elf64 => "elf64",
            FormatName::ElfX32 => "elfx32",
            FormatName::Elf32 => "elf32",
            FormatName::Elf => "elf",
            FormatName::Bin => "bin",
        }
    }
}

/// nasm's other formats: name, and what it is.
const OTHERS: [(&str, &str); 15] = [
    ("aout", "an object format of old Linux"),
    ("aoutb", "an object format of the BSDs"),
    ("as86", "an object format of Minix"),
    ("coff", "an object format of DJGPP"),
    ("dbg", "a trace of the assembler"),
    ("ieee", "the object format of IEEE 695"),
    ("ith", "Intel's hex format"),
    ("macho", "an object format of macOS"),
    ("macho32", "an object format of macOS"),
    ("macho64", "an object format of macOS"),
    ("obj", "an object format of DOS"),
    ("srec", "Motorola's hex format"),
    ("win", "an object format of Windows"),
    ("win32", "an object format of Windows"),
    ("win64", "an object format of Windows"),
];

/// What is written under a name, in capitals or not.
pub(super) fn parse(name: &str) -> Result<FormatName, String> {
    match (name.to_ascii_lowercase().as_str(), other(name)) {
        ("elf64", _) => Ok(FormatName::Elf64),
        ("elfx32", _) => Ok(FormatName::ElfX32),
        ("elf32", _) => Ok(FormatName::Elf32),
        ("elf", _) => Ok(FormatName::Elf),
        ("bin", _) => Ok(FormatName::Bin),
        (_, Some(what)) => Err(format!("`{name}` is {what}; there are elf64, elf32, elfx32, bin")),
        _ => Err(format!("no format is called `{name}`; there are elf64, elf32, elfx32, bin")),
    }
}

/// What one of nasm's others is; sources may be expanded for it.
pub(super) fn other(name: &str) -> Option<&'static str> {
    OTHERS.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, what)| what)
}
