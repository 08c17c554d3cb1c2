//! Relocatable objects (`-c`), equal to nasm's in sections, symbols and relocations.
//!
//! ```text
//! ehdr | section headers | .text .data … | .shstrtab .symtab .strtab | .rela.text .rela.data …
//! ```
//!
//! Section 0 is null, the source's sections follow in the order in which it named them, then the three tables, then
//! one table of relocations for each section that has any.  Symbol 1 is the source file, then one symbol for each
//! section, then local and global ones, each in the order of definition.  Contents start at multiples of 16.

use super::contents::contents;
use super::headers::{null_header, number, sh_type};
use super::image::{Chunk, Ehdr, Image, Placement, Shdr};
use super::records::{Place, Record, Records, binding, st_type, visibility};
use super::relax::Sizes;
use super::relocation::{Relocation, Relocator, Target};
use crate::elf::records::{Class, FileOffset, Machine, VirtAddr, elf};
use crate::source::{Diagnostic, Diagnostics};
use crate::unit::{
    Base, Binding, Definition, Offsets, SectionId, SectionKind, Symbol, SymbolId, SymbolKind, Unit, Value,
    evaluate,
};

/// Writes the unit as a relocatable object; `file_name` is what its first symbol says.  `class` is the machine's own, or
/// for x86-64 the other one, which is the x32 ABI's.  `None` after an error was
/// recorded.
pub fn object(
    unit: &Unit,
    sizes: &Sizes,
    class: Class,
    file_name: &[u8],
    diagnostics: &mut Diagnostics,
) -> Option<Image> {
    let before = diagnostics.error_count();
    if !matches!(unit.machine, Machine::X86_64 | Machine::I386) {
        diagnostics.push(Diagnostic::error(
            crate::source::Span::NONE,
            format!("relocatable objects are made for x86_64 and i386, not for {}", unit.machine.name()),
        ));
        return None;
    }
    let kept = kept_sections(unit, sizes);
    let mut headers = vec![0; unit.sections.len()];
    for (header, id) in (1..).zip(&kept) {
        headers[id.0 as usize] = header;
    }
    let relocator = Relocator::new(unit, sizes, class);
    let mut writer = Writer { unit, sizes, class, kept, headers, relocator };
    let bodies: Vec<_> = writer.kept.clone().into_iter().map(|id| writer.body(id, diagnostics)).collect();
    let symbols = writer.symbols(file_name, diagnostics);
    let image = writer.image(bodies, symbols);
    (diagnostics.error_count() == before).then_some(image)
}

/// A section's bytes and relocations.
struct Body {
    id: SectionId,
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
}

/// The tables `.symtab` and `.strtab`.
struct Symbols {
    table: Vec<u8>,
    /// `.symtab_shndx`, where there is one.
    wide: Option<Vec<u8>>,
    strings: Vec<u8>,
    /// Index of the first global symbol: `sh_info`.
    first_global: u32,
    /// Index in the table of each symbol of the unit.
    index: Vec<u32>,
}

struct Writer<'a> {
    unit: &'a Unit,
    sizes: &'a Sizes,
    class: Class,
    /// The sections that are written, in order.
    kept: Vec<SectionId>,
    /// The number of each section's header, by section of the unit.
    headers: Vec<u32>,
    relocator: Relocator<'a>,
}

/// Every section but a `.text` that the source neither names nor uses.  One that it uses without naming comes last,
/// as nasm makes it only when the first byte arrives.
fn kept_sections(unit: &Unit, sizes: &Sizes) -> Vec<SectionId> {
    let mut has_label = vec![false; unit.sections.len()];
    for symbol in &unit.symbols {
        if let Definition::Label { section, .. } = symbol.definition {
            has_label[section.0 as usize] = true;
        }
    }
    let mut kept: Vec<SectionId> = unit
        .sections()
        .filter(|&(id, section)| section.order > 0 || sizes.section(unit, id) > 0 || has_label[id.0 as usize])
        .map(|(id, _)| id)
        .collect();
    // Zero wraps to the largest number: what nobody named comes last.
    kept.sort_by_key(|&id| unit.section(id).order.wrapping_sub(1));
    kept
}

impl Writer<'_> {
    fn body(&mut self, id: SectionId, diagnostics: &mut Diagnostics) -> Body {
        let mut relocations = Vec::new();
        let bytes = match self.unit.section(id).kind {
            SectionKind::Nobits => Vec::new(),
            _ => contents(self.unit, self.sizes, id, &mut |out, hole| {
                relocations.extend(self.relocator.fill(id, out, hole, diagnostics));
            }),
        };
        relocations.sort_by_key(|relocation| relocation.place);
        Body { id, bytes, relocations }
    }

    /// The number of a section's header; 0 for one that is not written.
    fn header(&self, id: SectionId) -> u32 {
        self.headers[id.0 as usize]
    }

    fn symbols(&self, file_name: &[u8], diagnostics: &mut Diagnostics) -> Symbols {
        let mut order: Vec<SymbolId> = (0..self.unit.symbols.len() as u32).map(SymbolId).collect();
        order.retain(|&id| self.is_written(id));
        order.sort_by_key(|&id| self.unit.symbol(id).order);
        let mut strings = vec![0];
        strings.extend_from_slice(file_name);
        strings.push(0);
        let mut records = Records::new(self.class);
        records.push(&Record { name: 1, info: elf::STT_FILE.0, place: Place::Absolute, ..Record::NONE });
        for &id in &self.kept {
            let place = Place::Section(self.header(id));
            records.push(&Record { info: elf::STT_SECTION.0, place, ..Record::NONE });
        }
        let names: Vec<u32> = order
            .iter()
            .map(|&id| {
                let name = u32::try_from(strings.len()).expect("names are shorter than the source");
                strings.extend_from_slice(self.unit.names.get(self.unit.symbol(id).name));
                strings.push(0);
                name
            })
            .collect();
        let mut index = vec![0; self.unit.symbols.len()];
        let mut next = 2 + number(self.kept.len());
        let mut first_global = next;
        for global in [false, true] {
            if global {
                first_global = next;
            }
            for (&id, &name) in order.iter().zip(&names) {
                if (self.unit.symbol(id).binding != Binding::Local) == global {
                    records.push(&Record { name, ..self.record(id, diagnostics) });
                    index[id.0 as usize] = next;
                    next += 1;
                }
            }
        }
        let (table, wide) = records.finish();
        Symbols { table, wide, strings, first_global, index }
    }

    /// Labels and `equ` always; what is defined elsewhere only when a relocation or `required` names it.
    fn is_written(&self, id: SymbolId) -> bool {
        let symbol = self.unit.symbol(id);
        let name = self.unit.names.get(symbol.name);
        if name.starts_with(b"..") && !name.starts_with(b"..@") {
            return false;
        }
        match symbol.definition {
            Definition::Undefined => symbol.required || self.relocator.used(id),
            _ => true,
        }
    }

    fn record(&self, id: SymbolId, diagnostics: &mut Diagnostics) -> Record {
        let symbol = self.unit.symbol(id);
        let (value, place) = match symbol.definition {
            Definition::Undefined => (0, Place::Section(0)),
            Definition::Common { align, .. } => (align, Place::Common),
            Definition::Label { section, position } => {
                (self.sizes.offset(section, position), Place::Section(self.header(section)))
            }
            Definition::Equ(value) => self.equ(symbol, value, diagnostics),
        };
        let size = match (symbol.definition, symbol.size) {
            (Definition::Common { size, .. }, _) => size,
            (_, Some(size)) => self.number(symbol, size, diagnostics),
            _ => 0,
        };
        let section = match place {
            Place::Section(header) => self.kept.get((header as usize).wrapping_sub(1)),
            Place::Absolute | Place::Common => None,
        };
        let kind = match section {
            Some(&section) if self.unit.section(section).flags.tls => SymbolKind::Tls,
            _ => symbol.kind,
        };
        Record {
            value,
            size,
            place,
            info: binding(symbol) << 4 | st_type(kind),
            other: visibility(symbol),
            name: 0,
        }
    }

    fn equ(&self, symbol: &Symbol, value: Value, diagnostics: &mut Diagnostics) -> (u64, Place) {
        match evaluate(self.unit, self.sizes, value) {
            Ok(found) => {
                let place = match found.plus {
                    Some(Base::Section(section)) => Place::Section(self.header(section)),
                    Some(Base::Symbol(_)) => Place::Section(0),
                    None => Place::Absolute,
                };
                // Behind a symbol of elsewhere there is no place to name.
                let value = if matches!(found.plus, Some(Base::Symbol(_))) { 0 } else { found.addend };
                (value as u64, place)
            }
            Err(error) => {
                diagnostics.error(symbol.span, error.to_string());
                (0, Place::Absolute)
            }
        }
    }

    fn number(&self, symbol: &Symbol, value: Value, diagnostics: &mut Diagnostics) -> u64 {
        match evaluate(self.unit, self.sizes, value) {
            Ok(found) if found.as_number().is_some() => found.addend as u64,
            Ok(_) => {
                diagnostics.error(symbol.span, "cannot use relocatable expression as symbol size");
                0
            }
            Err(error) => {
                diagnostics.error(symbol.span, error.to_string());
                0
            }
        }
    }

    fn image(&self, bodies: Vec<Body>, symbols: Symbols) -> Image {
        let class = self.class;
        let with_relocations = bodies.iter().filter(|body| !body.relocations.is_empty()).count();
        let count = 1 + bodies.len() + 3 + usize::from(symbols.wide.is_some()) + with_relocations;
        let mut layout = Layout {
            offset: SHOFF + count as u64 * class.shdr_size(),
            names: vec![0],
            shdrs: vec![null_header()],
            chunks: Vec::new(),
        };
        let mut placements = Vec::new();
        for body in &bodies {
            let section = self.unit.section(body.id);
            let name = layout.name(self.unit.names.get(section.name));
            let header = self.section_header(body.id, name);
            let size = header.sh_size;
            let offset = layout.push(header, body.bytes.clone());
            placements.push(Placement {
                section: body.id,
                start: 0,
                length: size,
                offset: (!body.bytes.is_empty()).then_some(offset),
                address: section.flags.alloc.then_some(VirtAddr(0)),
                size,
            });
        }
        let shstrtab = bodies.len() + 1;
        let native = if class == Class::Elf64 { 8 } else { 4 };
        let [shstrtab_name, symtab_name, strtab_name] =
            [&b".shstrtab"[..], b".symtab", b".strtab"].map(|name| layout.name(name));
        let wide_name = symbols.wide.is_some().then(|| layout.name(b".symtab_shndx"));
        let tables: Vec<_> = bodies.iter().filter(|body| !body.relocations.is_empty()).collect();
        let has_addends = self.unit.machine == Machine::X86_64;
        let prefix: &[u8] = if has_addends { b".rela" } else { b".rel" };
        let table_names: Vec<_> = tables
            .iter()
            .map(|body| {
                let name = self.unit.names.get(self.unit.section(body.id).name);
                layout.name(&[prefix, name].concat())
            })
            .collect();
        let strtab_kind =
            |sh_name| Shdr { sh_name, sh_type: elf::SHT_STRTAB.0, sh_addralign: 1, ..null_header() };
        layout.push(strtab_kind(shstrtab_name), layout.names.clone());
        let symtab = Shdr {
            sh_name: symtab_name,
            sh_type: elf::SHT_SYMTAB.0,
            sh_link: number(shstrtab + 2),
            sh_info: symbols.first_global,
            sh_addralign: native,
            sh_entsize: if class == Class::Elf64 { 24 } else { 16 },
            ..null_header()
        };
        layout.push(symtab, symbols.table);
        layout.push(strtab_kind(strtab_name), symbols.strings);
        let sh_link = number(shstrtab + 1);
        if let (Some(wide), Some(sh_name)) = (symbols.wide, wide_name) {
            // The records are words of four bytes (gABI ch. 4); nasm says neither.
            let header =
                Shdr { sh_name, sh_type: elf::SHT_SYMTAB_SHNDX.0, sh_link, sh_addralign: 1, ..null_header() };
            layout.push(header, wide);
        }
        for (body, sh_name) in tables.into_iter().zip(table_names) {
            let header = Shdr {
                sh_name,
                sh_type: if has_addends { elf::SHT_RELA.0 } else { elf::SHT_REL.0 },
                sh_link,
                sh_info: self.header(body.id),
                sh_addralign: native,
                sh_entsize: match (class, has_addends) {
                    (Class::Elf64, _) => 24,
                    (Class::Elf32, true) => 12,
                    (Class::Elf32, false) => 8,
                },
                ..null_header()
            };
            let bytes = self.relocation_table(&body.relocations, &symbols.index);
            layout.push(header, bytes);
        }
        let ehdr = Ehdr {
            ei_osabi: self.unit.osabi,
            e_type: elf::ET_REL.0,
            e_entry: VirtAddr(0),
            e_phoff: FileOffset(0),
            e_shoff: FileOffset(SHOFF),
            e_flags: 0,
            e_shstrndx: number(shstrtab),
        };
        Image {
            machine: self.unit.machine,
            class,
            ehdr: Some(ehdr),
            phdrs: Vec::new(),
            shdrs: layout.shdrs,
            chunks: layout.chunks,
            placements,
        }
    }

    fn section_header(&self, id: SectionId, sh_name: u32) -> Shdr {
        let section = self.unit.section(id);
        let flags = section.flags;
        let bits = [
            (flags.write, elf::SHF_WRITE),
            (flags.alloc, elf::SHF_ALLOC),
            (flags.exec, elf::SHF_EXECINSTR),
            (flags.merge, elf::SHF_MERGE),
            (flags.strings, elf::SHF_STRINGS),
            (flags.tls, elf::SHF_TLS),
        ];
        Shdr {
            sh_name,
            sh_type: sh_type(section.kind),
            sh_flags: bits.iter().filter(|(set, _)| *set).map(|(_, bit)| bit.0).sum(),
            sh_size: self.sizes.section(self.unit, id),
            sh_addralign: section.align.max(section.implicit_align),
            sh_entsize: section.entsize,
            ..null_header()
        }
    }

    fn relocation_table(&self, relocations: &[Relocation], index: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        for relocation in relocations {
            let symbol = match relocation.target {
                Target::None => 0,
                Target::Section(section) => self.header(section) + 1,
                Target::Symbol(symbol) => index[symbol.0 as usize],
            };
            self.relocation(&mut out, relocation, symbol);
        }
        out
    }

    /// gABI ch. 4, "Relocation": on x86-64 with addend, on i386 without, where it stands in the field.
    fn relocation(&self, out: &mut Vec<u8>, relocation: &Relocation, symbol: u32) {
        match self.class {
            Class::Elf64 => {
                out.extend(relocation.place.to_le_bytes());
                out.extend((u64::from(symbol) << 32 | u64::from(relocation.kind)).to_le_bytes());
                out.extend(relocation.addend.to_le_bytes());
            }
            Class::Elf32 => {
                out.extend((relocation.place as u32).to_le_bytes());
                out.extend((symbol << 8 | (relocation.kind & 0xff)).to_le_bytes());
                if self.unit.machine == Machine::X86_64 {
                    out.extend((relocation.addend as i32).to_le_bytes());
                }
            }
        }
    }
}

/// Where the section headers lie, in both classes: behind room for an ELF64 header.
const SHOFF: u64 = 64;

/// What is laid out so far.
struct Layout {
    offset: u64,
    names: Vec<u8>,
    shdrs: Vec<Shdr>,
    chunks: Vec<Chunk>,
}

impl Layout {
    fn name(&mut self, text: &[u8]) -> u32 {
        let start = u32::try_from(self.names.len()).expect("names are shorter than the source");
        self.names.extend_from_slice(text);
        self.names.push(0);
        start
    }

    /// Adds a section at the next multiple of 16; nasm fills the file up to one behind the last, too.
    fn push(&mut self, header: Shdr, mut bytes: Vec<u8>) -> FileOffset {
        let sh_offset = FileOffset(self.offset.next_multiple_of(16));
        let nobits = header.sh_type == elf::SHT_NOBITS.0;
        let sh_size = if nobits { header.sh_size } else { bytes.len() as u64 };
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        self.offset = sh_offset.0 + bytes.len() as u64;
        self.shdrs.push(Shdr { sh_offset, sh_size, ..header });
        if !bytes.is_empty() {
            self.chunks.push(Chunk { offset: sh_offset, bytes });
        }
        sh_offset
    }
}
