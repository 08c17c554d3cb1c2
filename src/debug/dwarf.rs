//! Rows to DWARF 5, through `gimli`, which knows the encodings.
//!
//! One compilation unit describes the whole program, in the language that gas and nasm name.  Names of files stay as
//! they were written and the directory is `.`: a debugger that is started where the program was built finds them, and
//! the output does not depend on where that was.

use gimli::write::{
    Address, AttributeValue, DwarfUnit, EndianVec, Error, FileId as DwarfFile, LineProgram, LineString,
    Range, RangeList, RelocateWriter, Relocation, RelocationTarget, Sections, Writer as _,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian, SectionId as DwarfSection};

use super::lines::Sequence;
use crate::elf::records::{Class, Machine};
use crate::source::{FileId, SourceMap, Span};
use crate::unit::{
    BinaryOp, Expr, Fixup, FixupKind, Position, Section, SectionFlags, SectionId, SectionKind, Unit, Value,
};

const PRODUCER: &str = concat!("tinyelf ", env!("CARGO_PKG_VERSION"));
/// Names of files count from where the debugger is started.
const DIRECTORY: &[u8] = b".";

/// A section of DWARF: its bytes, and where addresses and offsets of other sections are to be put.
#[derive(Clone)]
pub(super) struct Described {
    id: DwarfSection,
    bytes: Vec<u8>,
    relocations: Vec<Relocation>,
}

/// The sections that describe some sequences.
pub(super) fn sections(
    machine: Machine,
    map: &SourceMap,
    sequences: &[Sequence],
) -> Result<Vec<Described>, Error> {
    let address_size = if machine.class() == Class::Elf64 { 8 } else { 4 };
    let encoding = Encoding { format: Format::Dwarf32, version: 5, address_size };
    let mut dwarf = DwarfUnit::new(encoding);
    let name = map.files().next().map_or(vec![], |(id, _)| file_name(map, id));
    dwarf.unit.line_program = line_program(encoding, map, &name, sequences);
    let ranges = sequences
        .iter()
        .map(|sequence| Range::StartLength { begin: start_of(sequence.section), length: sequence.length });
    let ranges = match sequences {
        [_] => None,
        _ => Some(dwarf.unit.ranges.add(RangeList(ranges.collect()))),
    };
    let root = dwarf.unit.root();
    let unit = dwarf.unit.get_mut(root);
    unit.set(gimli::DW_AT_producer, AttributeValue::String(PRODUCER.into()));
    unit.set(gimli::DW_AT_language, AttributeValue::Language(gimli::DW_LANG_Mips_Assembler));
    unit.set(gimli::DW_AT_name, AttributeValue::String(name));
    match (ranges, sequences) {
        (None, [only]) => {
            unit.set(gimli::DW_AT_low_pc, AttributeValue::Address(start_of(only.section)));
            unit.set(gimli::DW_AT_high_pc, AttributeValue::Udata(only.length));
        }
        (None, _) => {}
        (Some(ranges), _) => unit.set(gimli::DW_AT_ranges, AttributeValue::RangeListRef(ranges)),
    }
    let mut sections = Sections::new(Recorder::default());
    dwarf.write(&mut sections)?;
    let mut described = Vec::new();
    sections.for_each(|id, recorder| {
        if !recorder.bytes.slice().is_empty() {
            let (bytes, relocations) = (recorder.bytes.slice().to_vec(), recorder.relocations.clone());
            described.push(Described { id, bytes, relocations });
        }
        Ok::<(), Error>(())
    })?;
    described.push(address_ranges(encoding, sequences)?);
    Ok(described)
}

/// `.debug_aranges` (DWARF 5, section 6.1.2), which `gimli` does not write: elfutils finds the unit of an address by it.
fn address_ranges(encoding: Encoding, sequences: &[Sequence]) -> Result<Described, Error> {
    let size = encoding.address_size;
    let mut table = Recorder::default();
    table.write_u32(0)?;
    table.write_u16(2)?;
    table.write_offset(0, DwarfSection::DebugInfo, 4)?;
    table.write(&[size, 0])?;
    // Pairs of an address and a length begin at a multiple of their own size.
    let pair = 2 * usize::from(size);
    table.write(&vec![0; table.len().next_multiple_of(pair) - table.len()])?;
    for sequence in sequences {
        table.write_address(start_of(sequence.section), size)?;
        table.write_udata(sequence.length, size)?;
    }
    table.write(&vec![0; pair])?;
    table.write_udata_at(0, table.len() as u64 - 4, 4)?;
    let Recorder { bytes, relocations } = table;
    Ok(Described { id: DwarfSection::DebugAranges, bytes: bytes.into_vec(), relocations })
}

/// One sequence for each section: inside of it every distance is known.
fn line_program(encoding: Encoding, map: &SourceMap, name: &[u8], sequences: &[Sequence]) -> LineProgram {
    let main = LineString::String(name.to_vec());
    let directory = LineString::String(DIRECTORY.into());
    let mut program = LineProgram::new(encoding, LineEncoding::default(), directory, None, main, None);
    let mut files: Vec<Option<DwarfFile>> = vec![None; map.files().count()];
    for sequence in sequences {
        program.begin_sequence(Some(start_of(sequence.section)));
        for row in &sequence.rows {
            let known = files[row.file.0 as usize];
            let file = known.unwrap_or_else(|| {
                let directory = program.default_directory();
                program.add_file(LineString::String(file_name(map, row.file)), directory, None)
            });
            files[row.file.0 as usize] = Some(file);
            let current = program.row();
            current.address_offset = row.offset;
            current.file = file;
            current.line = u64::from(row.line);
            program.generate_row();
        }
        program.end_sequence(sequence.length);
    }
    program
}

/// A zero would end the name.
fn file_name(map: &SourceMap, file: FileId) -> Vec<u8> {
    let name = map.file(file).name.as_os_str().as_encoded_bytes();
    name.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()
}

fn start_of(section: SectionId) -> Address {
    Address::Symbol { symbol: section.0 as usize, addend: 0 }
}

/// Bytes, with a note of everything that depends on where a section lies.
#[derive(Clone)]
struct Recorder {
    bytes: EndianVec<LittleEndian>,
    relocations: Vec<Relocation>,
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder { bytes: EndianVec::new(LittleEndian), relocations: Vec::new() }
    }
}

impl RelocateWriter for Recorder {
    type Writer = EndianVec<LittleEndian>;

    fn writer(&self) -> &Self::Writer {
        &self.bytes
    }

    fn writer_mut(&mut self) -> &mut Self::Writer {
        &mut self.bytes
    }

    fn relocate(&mut self, relocation: Relocation) {
        self.relocations.push(relocation);
    }
}

/// Appends the sections to a unit; what was noted becomes fixups.
pub(super) fn add(unit: &mut Unit, described: Vec<Described>) {
    let first = unit.sections.len();
    let ids: Vec<DwarfSection> = described.iter().map(|section| section.id).collect();
    for section in described {
        let name = unit.names.intern(section.id.name().as_bytes());
        let fixups = section.relocations.iter().map(|relocation| {
            let index = match relocation.target {
                RelocationTarget::Symbol(index) => index,
                RelocationTarget::Section(id) => {
                    let place = ids.iter().position(|&other| other == id);
                    first + place.expect("gimli refers only to sections that it wrote")
                }
            };
            fixup(unit, relocation, index)
        });
        let fixups = fixups.collect();
        let kept = SectionFlags { alloc: false, ..SectionFlags::RODATA };
        unit.sections.push(Section {
            literal: section.bytes,
            fixups,
            ..Section::new(name, SectionKind::Progbits, kept, Span::NONE)
        });
    }
}

/// The start of a section plus the addend, into the field.
fn fixup(unit: &mut Unit, relocation: &Relocation, index: usize) -> Fixup {
    let section = SectionId(u32::try_from(index).expect("an index of the unit's sections"));
    let start = unit.exprs.push(Expr::SectionStart(section));
    let value = match relocation.addend {
        0 => start,
        addend => {
            let addend = unit.exprs.push(Expr::Value(Value::Const(addend)));
            unit.exprs.push(Expr::Binary(BinaryOp::Add, start, addend))
        }
    };
    let literal = u32::try_from(relocation.offset).expect("32-bit DWARF ends before 4 GiB");
    Fixup {
        position: Position { fragment: 0, literal },
        width: relocation.size,
        kind: FixupKind::Absolute,
        value: Value::Expr(value),
        span: Span::NONE,
    }
}
