//! ELF files of either class and byte order, ours or not, whole or damaged: headers in, nothing assumed.
//!
//! Every field is read through a [`Field`], which knows its name in elf.h and its place in both classes; the same
//! tables serve whoever shows the fields.  What does not fit in the file is cut off and said in [`File::problems`];
//! counts are capped by the room that the file has, so that a header cannot ask for more memory than it takes.

use super::fields::{
    E_ENTRY, E_MACHINE, E_PHENTSIZE, E_PHNUM, E_PHOFF, E_SHENTSIZE, E_SHNUM, E_SHOFF, E_SHSTRNDX, E_TYPE,
    Field, P_ALIGN, P_FILESZ, P_FLAGS, P_MEMSZ, P_OFFSET, P_PADDR, P_TYPE, P_VADDR, SH_ADDR, SH_ADDRALIGN,
    SH_ENTSIZE, SH_FLAGS, SH_INFO, SH_LINK, SH_NAME, SH_OFFSET, SH_SIZE, SH_TYPE,
};
use super::records::elf::{self, FileType};
use super::records::{Class, FileOffset, VirtAddr};
use crate::layout::{Phdr, Shdr};

/// How the bytes of a file are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// How wide its records are.
    pub class: Class,
    /// Whether the first byte of a number is its most significant one.
    pub big_endian: bool,
}

impl Form {
    /// The number at `offset`; bytes behind the end of the file count as zero.
    pub fn number(self, bytes: &[u8], offset: u64, size: u64) -> u64 {
        let byte = |index: u64| {
            let at = offset.checked_add(index).and_then(|at| usize::try_from(at).ok());
            u64::from(at.and_then(|at| bytes.get(at)).copied().unwrap_or(0))
        };
        (0..size.min(8)).fold(0, |number, index| {
            number << 8 | byte(if self.big_endian { index } else { size.min(8) - 1 - index })
        })
    }

    /// A field of the record at `offset`.
    pub fn field(self, bytes: &[u8], offset: u64, field: &Field) -> u64 {
        self.number(bytes, offset.saturating_add(field.start(self.class)), field.size(self.class))
    }
}

/// Something that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The byte that says it.
    pub offset: FileOffset,
    /// What is wrong.
    pub message: String,
}

/// Why bytes are no ELF file at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotElf {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It does not begin as ELF files do.
    #[error("it begins with {0}, an ELF file begins with 7f 45 4c 46")]
    Magic(String),
}

/// The headers of a file.
#[derive(Clone, Debug)]
pub struct File<'a> {
    /// All of it.
    pub bytes: &'a [u8],
    /// How it is to be read.
    pub form: Form,
    /// `e_type`.
    pub e_type: FileType,
    /// `e_machine`.
    pub e_machine: elf::Machine,
    /// `e_entry`.
    pub e_entry: VirtAddr,
    /// `e_phoff`.
    pub e_phoff: FileOffset,
    /// `e_shoff`.
    pub e_shoff: FileOffset,
    /// The distance of two section headers, bytes.
    pub shdr_step: u64,
    /// The section of the section names; 0 for none.
    pub shstrndx: u64,
    /// The program headers that the file has room for.
    pub phdrs: Vec<Phdr>,
    /// The section headers that the file has room for.
    pub shdrs: Vec<Shdr>,
    /// What is wrong, in order of discovery; at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
}

/// No more problems are listed than this: a damaged table has one in every line.
pub const MOST_PROBLEMS: usize = 100;

/// Reads the headers.
pub fn read(bytes: &[u8]) -> Result<File<'_>, NotElf> {
    if bytes.is_empty() {
        return Err(NotElf::Empty);
    }
    if !bytes.starts_with(&elf::ELFMAG) {
        let found: Vec<String> = bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        return Err(NotElf::Magic(found.join(" ")));
    }
    let form = form(bytes);
    let get = |field: &Field| form.field(bytes, 0, field);
    let mut file = File {
        bytes,
        form,
        e_type: FileType(narrow(get(&E_TYPE))),
        e_machine: elf::Machine(narrow(get(&E_MACHINE))),
        e_entry: VirtAddr(get(&E_ENTRY)),
        e_phoff: FileOffset(get(&E_PHOFF)),
        e_shoff: FileOffset(get(&E_SHOFF)),
        shdr_step: get(&E_SHENTSIZE).max(form.class.shdr_size()),
        shstrndx: get(&E_SHSTRNDX),
        phdrs: Vec::new(),
        shdrs: Vec::new(),
        problems: Vec::new(),
    };
    file.check_header();
    file.read_sections();
    file.read_segments();
    file.check_segments();
    file.check_sections();
    Ok(file)
}

/// The class as the file says it; where `e_ident` says nothing sensible (the kernel does not read it, and golfed
/// files keep code there) `e_machine`, by which the kernel goes, decides.
fn form(bytes: &[u8]) -> Form {
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let little = Form { class: Class::Elf64, big_endian: false };
    match (byte(4), byte(5), byte(6)) {
        (class @ (1 | 2), data @ (1 | 2), 1) => {
            let class = if class == 1 { Class::Elf32 } else { Class::Elf64 };
            Form { class, big_endian: data == 2 }
        }
        _ => match elf::Machine(narrow(little.number(bytes, 18, 2))) {
            elf::EM_386 | elf::EM_ARM => Form { class: Class::Elf32, ..little },
            _ => little,
        },
    }
}

fn narrow<T: TryFrom<u64> + Default>(number: u64) -> T {
    T::try_from(number).unwrap_or_default()
}

impl<'a> File<'a> {
    /// How many bytes the file has.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The bytes of a range, as far as the file has them.
    pub fn slice(&self, offset: u64, size: u64) -> &'a [u8] {
        let from = offset.min(self.size());
        let to = offset.saturating_add(size).min(self.size());
        // Both are at most `bytes.len()`.
        self.bytes.get(from as usize..to as usize).unwrap_or_default()
    }

    /// A field of the record at `offset`.
    pub fn field(&self, offset: u64, field: &Field) -> u64 {
        self.form.field(self.bytes, offset, field)
    }

    /// The text at `index` of a string table, up to its end; `None` behind the table.
    pub fn string(&self, table: &Shdr, index: u64) -> Option<&'a [u8]> {
        if table.sh_type == elf::SHT_NOBITS.0 {
            return None;
        }
        let bytes = self.slice(table.sh_offset.0, table.sh_size).get(usize::try_from(index).ok()?..)?;
        // A name is shown to people; what is longer than this is no name.
        let bytes = &bytes[..bytes.len().min(LONGEST_NAME)];
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        (!bytes.is_empty()).then(|| &bytes[..end])
    }

    /// A section's name; empty where the file has none.
    pub fn section_name(&self, section: &Shdr) -> &'a [u8] {
        let table = usize::try_from(self.shstrndx).ok().filter(|&index| index > 0);
        let table = table.and_then(|index| self.shdrs.get(index));
        table.and_then(|table| self.string(table, u64::from(section.sh_name))).unwrap_or_default()
    }

    /// The file offset of the byte at `address`: of a segment, or else of the pages that it is loaded with.
    pub fn offset_of(&self, address: u64) -> Option<u64> {
        let stretches = self.loads().map(stretch).chain(self.loads().map(pages));
        let distance = |one: &Stretch| address.checked_sub(one.address).filter(|&far| far < one.size);
        let mut found = stretches.filter_map(|one| one.offset.checked_add(distance(&one)?));
        found.find(|&offset| offset < self.size())
    }

    /// The address at which a byte of the file is loaded.
    pub fn address_of(&self, offset: u64) -> Option<u64> {
        let mut stretches = self.loads().map(stretch).chain(self.loads().map(pages));
        stretches.find_map(|one| {
            let distance = offset.checked_sub(one.offset).filter(|&far| far < one.size)?;
            one.address.checked_add(distance)
        })
    }

    /// The loaded segments.
    pub fn loads(&self) -> impl Iterator<Item = &Phdr> {
        self.phdrs.iter().filter(|one| one.p_type == elf::PT_LOAD.0)
    }

    /// Where a section header lies.
    pub fn shdr_offset(&self, index: u64) -> u64 {
        self.e_shoff.0.saturating_add(index.saturating_mul(self.shdr_step))
    }

    /// Where a program header lies.
    pub fn phdr_offset(&self, index: u64) -> u64 {
        self.e_phoff.0.saturating_add(index.saturating_mul(self.form.class.phdr_size()))
    }

    fn problem(&mut self, offset: u64, message: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { offset: FileOffset(offset), message: message.into() });
        }
    }

    fn check_header(&mut self) {
        let class = self.form.class;
        if self.size() < class.ehdr_size() {
            let (size, wanted) = (self.size(), class.ehdr_size());
            self.problem(size, format!("the file header is cut off: {size} of {wanted} bytes are there"));
        }
        let (phnum, phentsize) = (self.field(0, &E_PHNUM), self.field(0, &E_PHENTSIZE));
        if phnum > 0 && phentsize != class.phdr_size() {
            let wanted = class.phdr_size();
            let at = E_PHENTSIZE.start(class);
            self.problem(at, format!("e_phentsize is {phentsize}, the kernel accepts only {wanted}"));
        }
    }

    fn read_sections(&mut self) {
        let class = self.form.class;
        if self.e_shoff.0 == 0 {
            return;
        }
        let (shnum, shentsize) = (self.field(0, &E_SHNUM), self.field(0, &E_SHENTSIZE));
        let room = self.size().saturating_sub(self.e_shoff.0) / self.shdr_step;
        // "If the number of sections is 0xff00 or more, e_shnum is 0 and the number is in sh_size of entry 0."
        let count = if shnum == 0 && room > 0 { self.field(self.e_shoff.0, &SH_SIZE) } else { shnum };
        if count > 0 && shentsize < class.shdr_size() {
            let wanted = class.shdr_size();
            let at = E_SHENTSIZE.start(class);
            self.problem(at, format!("e_shentsize is {shentsize}, a section header has {wanted} bytes"));
        }
        if count > room {
            let (at, shoff) = (E_SHNUM.start(class), self.e_shoff);
            self.problem(at, format!("{count} section headers at {shoff}: the file has room for {room}"));
        }
        self.shdrs = (0..count.min(room)).map(|index| self.read_shdr(self.shdr_offset(index))).collect();
        if self.shstrndx == u64::from(elf::SHN_XINDEX.0) {
            self.shstrndx = self.shdrs.first().map_or(0, |first| u64::from(first.sh_link));
        }
        if self.shstrndx != 0 && self.shstrndx >= self.shdrs.len() as u64 {
            let message = format!(
                "e_shstrndx is {}, there are {} section headers: names are unknown",
                self.shstrndx,
                self.shdrs.len()
            );
            self.problem(E_SHSTRNDX.start(class), message);
        }
    }

    fn read_shdr(&self, offset: u64) -> Shdr {
        let get = |field: &Field| self.field(offset, field);
        Shdr {
            sh_name: narrow(get(&SH_NAME)),
            sh_type: narrow(get(&SH_TYPE)),
            sh_flags: get(&SH_FLAGS),
            sh_addr: VirtAddr(get(&SH_ADDR)),
            sh_offset: FileOffset(get(&SH_OFFSET)),
            sh_size: get(&SH_SIZE),
            sh_link: narrow(get(&SH_LINK)),
            sh_info: narrow(get(&SH_INFO)),
            sh_addralign: get(&SH_ADDRALIGN),
            sh_entsize: get(&SH_ENTSIZE),
        }
    }

    fn read_segments(&mut self) {
        let class = self.form.class;
        let mut count = self.field(0, &E_PHNUM);
        if count == u64::from(elf::PN_XNUM) && !self.shdrs.is_empty() {
            count = u64::from(self.shdrs[0].sh_info);
        }
        let room = self.size().saturating_sub(self.e_phoff.0) / class.phdr_size();
        if count > room {
            let (at, phoff) = (E_PHNUM.start(class), self.e_phoff);
            self.problem(at, format!("{count} program headers at {phoff}: the file has room for {room}"));
        }
        self.phdrs = (0..count.min(room)).map(|index| self.read_phdr(self.phdr_offset(index))).collect();
    }

    fn read_phdr(&self, offset: u64) -> Phdr {
        let get = |field: &Field| self.field(offset, field);
        Phdr {
            p_type: narrow(get(&P_TYPE)),
            p_flags: narrow(get(&P_FLAGS)),
            p_offset: FileOffset(get(&P_OFFSET)),
            p_vaddr: VirtAddr(get(&P_VADDR)),
            p_paddr: VirtAddr(get(&P_PADDR)),
            p_filesz: get(&P_FILESZ),
            p_memsz: get(&P_MEMSZ),
            p_align: get(&P_ALIGN),
        }
    }

    fn check_segments(&mut self) {
        for index in 0..self.phdrs.len() {
            let (at, segment) = (self.phdr_offset(index as u64), self.phdrs[index].clone());
            let (offset, filesz) = (segment.p_offset.0, segment.p_filesz);
            let size = self.size();
            if filesz > 0 && offset.checked_add(filesz).is_none_or(|end| end > size) {
                let message = format!(
                    "segment {index} has {filesz:#x} bytes at {offset:#x}, the file ends at {size:#x}"
                );
                self.problem(at, message);
            }
            if segment.p_type != elf::PT_LOAD.0 {
                continue;
            }
            if filesz > segment.p_memsz {
                let memsz = segment.p_memsz;
                self.problem(
                    at,
                    format!("segment {index}: p_filesz {filesz:#x} is above p_memsz {memsz:#x}"),
                );
            }
            if segment.p_align > 1 && (offset ^ segment.p_vaddr.0) & (segment.p_align.min(0x1000) - 1) != 0 {
                let message = format!(
                    "segment {index}: p_offset {offset:#x} and p_vaddr {} differ within a page",
                    segment.p_vaddr
                );
                self.problem(at, message);
            }
        }
        let entry = self.e_entry.0;
        let executed = self.loads().any(|load| {
            load.p_flags & elf::PF_X.0 != 0
                && entry
                    .checked_sub(pages(load).address)
                    .is_some_and(|far| far < load.p_memsz.max(pages(load).size))
        });
        let runs = self.e_type == elf::ET_EXEC || (self.e_type == elf::ET_DYN && entry != 0);
        if runs && !executed && self.loads().next().is_some() {
            let at = E_ENTRY.start(self.form.class);
            self.problem(at, format!("e_entry {entry:#x} is in no executable segment"));
        }
    }

    fn check_sections(&mut self) {
        for index in 1..self.shdrs.len() {
            let (at, section) = (self.shdr_offset(index as u64), self.shdrs[index].clone());
            let (offset, length, size) = (section.sh_offset.0, section.sh_size, self.size());
            let in_file = section.sh_type != elf::SHT_NOBITS.0 && section.sh_type != elf::SHT_NULL.0;
            if in_file && offset.checked_add(length).is_none_or(|end| end > size) {
                let message = format!(
                    "section {index} has {length:#x} bytes at {offset:#x}, the file ends at {size:#x}"
                );
                self.problem(at, message);
            }
            if section.sh_link as usize >= self.shdrs.len() {
                let link = section.sh_link;
                self.problem(at, format!("section {index}: sh_link {link} is no section"));
            }
        }
    }
}

/// Bytes of the file and where they are in memory.
struct Stretch {
    offset: u64,
    address: u64,
    size: u64,
}

fn stretch(load: &Phdr) -> Stretch {
    Stretch { offset: load.p_offset.0, address: load.p_vaddr.0, size: load.p_filesz }
}

/// The kernel maps whole pages (elf_map in fs/binfmt_elf.c): what stands before a segment in its first page is loaded
/// with it, and what stands behind it in its last page as well, unless zeroes follow there.
fn pages(load: &Phdr) -> Stretch {
    const PAGE: u64 = 0x1000;
    let before = load.p_vaddr.0 % PAGE;
    if load.p_offset.0 % PAGE != before {
        return stretch(load);
    }
    let end = before.saturating_add(load.p_filesz);
    let size =
        if load.p_memsz > load.p_filesz { end } else { end.checked_next_multiple_of(PAGE).unwrap_or(end) };
    Stretch { offset: load.p_offset.0 - before, address: load.p_vaddr.0 - before, size }
}

/// Bytes.
const LONGEST_NAME: usize = 4096;
