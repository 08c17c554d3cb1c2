//! What a field's number means, and who reads it.
//!
//! That the kernel does not read a field is tried out: a test fills it with ones and executes the program.

use super::item::Item;
use super::region::Region;
use crate::elf::fields::{self, Field};
use crate::elf::read::File;
use crate::elf::records::elf;

/// Who reads a field of an executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The kernel, and every tool with it.
    Kernel,
    /// objdump, readelf, gdb, ld: not the kernel.
    Tools,
    /// Nobody.
    Nobody,
}

impl Reader {
    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Reader::Kernel => "kernel",
            Reader::Tools => "tools",
            Reader::Nobody => "nobody",
        }
    }
}

/// A fixed sentence for each field, and its reader.
const FIELDS: &[(&str, Reader, &str)] = &[
    ("e_ident[EI_MAG]", Reader::Kernel, "the magic number"),
    ("e_ident[EI_CLASS]", Reader::Tools, ""),
    ("e_ident[EI_DATA]", Reader::Tools, ""),
    ("e_ident[EI_VERSION]", Reader::Tools, ""),
    ("e_ident[EI_OSABI]", Reader::Tools, ""),
    ("e_ident[EI_ABIVERSION]", Reader::Tools, ""),
    ("e_ident[EI_PAD]", Reader::Nobody, "padding"),
    ("e_type", Reader::Kernel, ""),
    ("e_machine", Reader::Kernel, ""),
    ("e_version", Reader::Tools, "the version of ELF"),
    ("e_entry", Reader::Kernel, "where the process starts"),
    ("e_phoff", Reader::Kernel, "where the program headers lie in the file"),
    ("e_shoff", Reader::Tools, "where the section headers lie in the file"),
    ("e_flags", Reader::Tools, "flags of the machine"),
    ("e_ehsize", Reader::Tools, "bytes of this header"),
    ("e_phentsize", Reader::Kernel, "bytes of a program header"),
    ("e_phnum", Reader::Kernel, "how many program headers"),
    ("e_shentsize", Reader::Tools, "bytes of a section header"),
    ("e_shnum", Reader::Tools, "how many section headers"),
    ("e_shstrndx", Reader::Tools, "the section with the names of sections"),
    ("p_type", Reader::Kernel, ""),
    ("p_flags", Reader::Kernel, ""),
    ("p_offset", Reader::Kernel, "where its bytes lie in the file"),
    ("p_vaddr", Reader::Kernel, "where they are mapped"),
    ("p_paddr", Reader::Nobody, "a physical address, of no meaning on Linux"),
    ("p_filesz", Reader::Kernel, "bytes taken from the file"),
    ("p_memsz", Reader::Kernel, "bytes in memory, the rest zero"),
    ("p_align", Reader::Kernel, "alignment of the address"),
    ("sh_name", Reader::Tools, ""),
    ("sh_type", Reader::Tools, ""),
    ("sh_flags", Reader::Tools, ""),
    ("sh_addr", Reader::Tools, "its address in the process"),
    ("sh_offset", Reader::Tools, "where its bytes lie in the file"),
    ("sh_size", Reader::Tools, "how many bytes"),
    ("sh_link", Reader::Tools, "a section that belongs to it"),
    ("sh_info", Reader::Tools, "more, by type"),
    ("sh_addralign", Reader::Tools, "alignment of the address"),
    ("sh_entsize", Reader::Tools, "bytes of a record, in tables"),
];

/// Value, meaning and reader of a header's field.
pub(super) fn describe(file: &File<'_>, region: &Region, field: &Field, number: u64, item: &mut Item) {
    if let Some((_, reader, sentence)) = FIELDS.iter().find(|(name, ..)| *name == field.name) {
        item.reader = Some(*reader);
        (*sentence).clone_into(&mut item.meaning);
    }
    item.value = value(file, region, field.name, number);
    if field.name == "e_ident[EI_MAG]" {
        "\"\\x7fELF\"".clone_into(&mut item.value);
    }
}

fn value(file: &File<'_>, region: &Region, name: &str, number: u64) -> String {
    let names = elf::machine_names(file.e_machine);
    let byte = number.to_le_bytes()[0];
    let half = u16::from_le_bytes([byte, number.to_le_bytes()[1]]);
    let word = u32::try_from(number).unwrap_or(u32::MAX);
    match name {
        "e_ident[EI_CLASS]" => named(number, elf::FileClass(byte).name()),
        "e_ident[EI_DATA]" => named(number, elf::DataEncoding(byte).name()),
        "e_ident[EI_VERSION]" => named(number, elf::FileVersion(byte).name()),
        "e_ident[EI_OSABI]" => named(number, elf::OsAbi(byte).name()),
        "e_type" => named(number, names.et.name(elf::FileType(half))),
        "e_machine" => named(number, elf::Machine(half).name()),
        "p_type" => named(number, names.pt.name(elf::ProgramType(word))),
        "p_flags" => segment_flags(word),
        "sh_type" => named(number, names.sht.name(elf::SectionType(word))),
        "sh_flags" => section_flags(file, number),
        "sh_name" => {
            let index = (region.start.saturating_sub(file.e_shoff.0)) / file.shdr_step;
            let section = usize::try_from(index).ok().and_then(|index| file.shdrs.get(index));
            format!("{number} {}", section.map(|one| text(file.section_name(one))).unwrap_or_default())
                .trim_end()
                .to_owned()
        }
        "e_ehsize"
        | "e_phentsize"
        | "e_phnum"
        | "e_shentsize"
        | "e_shnum"
        | "e_shstrndx"
        | "e_ident[EI_ABIVERSION]"
        | "e_version"
        | "sh_link"
        | "sh_info"
        | "sh_addralign"
        | "sh_entsize" => number.to_string(),
        _ => format!("{number:#x}"),
    }
}

fn named(number: u64, name: Option<&str>) -> String {
    name.map_or_else(|| format!("{number:#x}"), |name| format!("{number} {name}"))
}

/// `PF_R | PF_X`.
pub(super) fn segment_flags(flags: u32) -> String {
    let mut words = Vec::new();
    let rest = elf::ProgramFlags::NAMES.bit_names(elf::ProgramFlags(flags), |_, name| words.push(name));
    joined(words, u64::from(rest))
}

/// `SHF_ALLOC | SHF_WRITE`.
fn section_flags(file: &File<'_>, flags: u64) -> String {
    let mut words = Vec::new();
    let names = elf::machine_names(file.e_machine).shf;
    let rest = names.bit_names(elf::SectionFlags(flags), |_, name| words.push(name));
    joined(words, rest)
}

fn joined(words: Vec<&str>, rest: u64) -> String {
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    if rest != 0 || words.is_empty() {
        words.push(format!("{rest:#x}"));
    }
    words.join(" | ")
}

/// A name for people: what does not print is a dot.
pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().map(|c| if c.is_control() { '.' } else { c }).collect()
}

/// A symbol's parts.
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) value: u64,
    pub(super) size: u64,
    pub(super) kind: String,
    pub(super) bind: String,
    pub(super) visibility: String,
    pub(super) section: String,
}

/// The symbol at an offset; its name is in the section `names`.
pub(super) fn read_symbol(file: &File<'_>, at: u64, names: u32) -> Symbol {
    let words = elf::machine_names(file.e_machine);
    let get = |field: &Field| file.field(at, field);
    let (info, shndx) = (get(&fields::ST_INFO), get(&fields::ST_SHNDX));
    let (bind, kind) = (low_byte(info >> 4), low_byte(info & 15));
    let other = low_byte(get(&fields::ST_OTHER) & 3);
    let short = |name: Option<&'static str>, number: u8| {
        name.and_then(|name| name.split_once('_'))
            .map_or_else(|| number.to_string(), |(_, word)| word.to_owned())
    };
    let table = file.shdrs.get(names as usize);
    let section = shndx.to_le_bytes();
    Symbol {
        name: table.and_then(|table| file.string(table, get(&fields::ST_NAME))).map(text).unwrap_or_default(),
        value: get(&fields::ST_VALUE),
        size: get(&fields::ST_SIZE),
        kind: short(words.stt.name(elf::SymbolType(kind)), kind),
        bind: short(words.stb.name(elf::SymbolBind(bind)), bind),
        visibility: short(elf::SymbolVisibility(other).name(), other),
        section: words
            .shn
            .name(elf::SymbolSection(u16::from_le_bytes([section[0], section[1]])))
            .map_or_else(|| shndx.to_string(), |name| name.trim_start_matches("SHN_").to_owned()),
    }
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

/// One line for a symbol.
pub(super) fn symbol(file: &File<'_>, at: u64, names: u32, item: &mut Item) {
    let one = read_symbol(file, at, names);
    item.name = format!("symbol {}", if one.name.is_empty() { "(no name)" } else { &one.name });
    item.value = format!("st_value {:#x}", one.value);
    item.meaning = format!(
        "st_size {}, STT_{}, STB_{}, STV_{}, section {}",
        one.size, one.kind, one.bind, one.visibility, one.section
    );
    item.reader = Some(Reader::Tools);
}

/// One line for a relocation.
pub(super) fn relocation(file: &File<'_>, at: u64, addend: bool, symbols: u32, item: &mut Item) {
    let names = elf::machine_names(file.e_machine).r;
    let info = file.field(at, &fields::R_INFO);
    let wide = fields::R_INFO.size(file.form.class) == 8;
    let (symbol, kind) = if wide { (info >> 32, info & 0xffff_ffff) } else { (info >> 8, info & 0xff) };
    let word = u32::try_from(kind).unwrap_or(u32::MAX);
    item.name =
        names.name(elf::RelocationType(word)).map_or_else(|| format!("relocation {kind}"), str::to_owned);
    item.value = format!("r_offset {:#x}", file.field(at, &fields::R_OFFSET));
    let table = file.shdrs.get(symbols as usize);
    let name = table.and_then(|table| {
        let size = if wide { 24 } else { 16 };
        let entry = table.sh_offset.0.checked_add(symbol.checked_mul(size)?)?;
        (entry < file.size()).then(|| read_symbol(file, entry, table.sh_link).name)
    });
    item.meaning = match name {
        Some(name) if !name.is_empty() => format!("symbol {symbol} {name}"),
        _ => format!("symbol {symbol}"),
    };
    if addend {
        let number = file.field(at, &fields::R_ADDEND);
        let signed = if wide { number.cast_signed() } else { i64::from((number as u32).cast_signed()) };
        item.meaning.push_str(&format!(", r_addend {signed}"));
    }
    item.reader = Some(Reader::Tools);
}

/// One line for an entry of the dynamic table.
pub(super) fn dynamic(file: &File<'_>, at: u64, item: &mut Item) {
    let names = elf::machine_names(file.e_machine).dt;
    let tag = file.field(at, &fields::D_TAG);
    let name = names.name(elf::DynamicTag(tag.cast_signed()));
    item.name = name.map_or_else(|| format!("d_tag {tag:#x}"), str::to_owned);
    item.value = format!("{:#x}", file.field(at, &fields::D_VAL));
    item.reader = Some(Reader::Tools);
}

/// Where a note's description begins, and where the note ends, both counted from its start (gABI ch. 5, "Note Section").
pub(super) fn note_extent(file: &File<'_>, at: u64, align: u8) -> (u64, u64) {
    let number = |distance| file.form.number(file.bytes, at.saturating_add(distance), 4);
    let align = u64::from(align);
    let description = (12 + number(0)).next_multiple_of(align);
    (description, (description + number(4)).next_multiple_of(align))
}

/// One line for a note whose description lies at a distance from its start.
pub(super) fn note(file: &File<'_>, at: u64, description: u64, item: &mut Item) {
    let number = |distance| file.form.number(file.bytes, at + distance, 4);
    let (namesz, descsz, kind) = (number(0), number(4), number(8));
    let name = file.slice(at + 12, namesz);
    let name = text(name.strip_suffix(b"\0").unwrap_or(name).get(..64.min(name.len())).unwrap_or(name));
    let known = match (name.as_str(), kind) {
        ("GNU", 1) => " NT_GNU_ABI_TAG",
        ("GNU", 3) => " NT_GNU_BUILD_ID",
        ("GNU", 5) => " NT_GNU_PROPERTY_TYPE_0",
        ("Go", 4) => " Go build ID",
        _ => "",
    };
    item.name = format!("note {name}");
    item.value = format!("n_type {kind}{known}");
    let description = file.slice(at.saturating_add(description), descsz.min(32));
    let hex: String = description.iter().map(|byte| format!("{byte:02x}")).collect();
    item.meaning = format!("n_descsz {descsz}: {hex}{}", if descsz > 32 { "…" } else { "" });
    item.reader = Some(Reader::Tools);
}
