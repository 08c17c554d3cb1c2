//! A program without source text: for compilers, test generators and everybody else who has bytes already.
//!
//! In: sections, bytes, symbols, fields that refer to symbols, an entry.  Out: a [`Unit`] in which every value
//! must fit (`refuse_overflow`), with its item table filled, so that every layout can be made of it.

use super::{
    Align, Binding, Definition, Field, Fixup, Fragment, FragmentKind, Item, ItemKind, Items, Position,
    Section, SectionFlags, SectionId, SectionKind, Symbol, SymbolId, Unit, Value,
};
use crate::elf::records::Machine;
use crate::source::Span;

/// What a builder refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A symbol was defined a second time.
    #[error("symbol `{0}` is defined twice")]
    DefinedTwice(String),
    /// A symbol was mentioned and never defined.
    #[error("symbol `{0}` is not defined")]
    Undefined(String),
    /// A field reaches beyond the bytes it belongs to, or its width is none of 1, 2, 4, 8.
    #[error("a field of {width} bytes at offset {offset} does not fit into {length} bytes")]
    Field {
        /// Bytes from the start.
        offset: u8,
        /// Bytes.
        width: u8,
        /// Of the bytes it belongs to.
        length: usize,
    },
    /// An alignment that is no power of two.
    #[error("an alignment of {0} bytes is no power of two")]
    Alignment(u64),
    /// A section would reach 4 GiB.
    #[error("section `{0}` would reach 4 GiB")]
    TooLarge(String),
    /// Bytes were put into a section that has none in the file.
    #[error("section `{0}` holds no bytes: reserve room in it instead")]
    NoContents(String),
}

/// Makes a [`Unit`] piece by piece.
///
/// ```
/// use tinyelf::elf::records::Machine;
/// use tinyelf::unit::{Builder, SectionFlags, SectionKind};
///
/// let mut builder = Builder::new(Machine::X86_64);
/// let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
/// let start = builder.symbol("_start");
/// builder.define(start, text)?;
/// builder.instruction(text, &[0xb0, 60], &[])?; // mov al,60
/// builder.instruction(text, &[0x0f, 0x05], &[])?; // syscall
/// builder.entry(start);
/// let unit = builder.finish()?;
/// assert_eq!(unit.section(text).literal, [0xb0, 60, 0x0f, 0x05]);
/// # Ok::<(), tinyelf::unit::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    unit: Unit,
}

impl Builder {
    /// An empty program for a machine.
    pub fn new(machine: Machine) -> Self {
        Builder { unit: Unit { refuse_overflow: true, ..Unit::new(machine) } }
    }

    /// The section of that name; made with these attributes if it is not there yet.
    pub fn section(&mut self, name: &str, kind: SectionKind, flags: SectionFlags) -> SectionId {
        let name = self.unit.names.intern(name.as_bytes());
        let found = self.unit.sections.iter().position(|section| section.name == name);
        let index = found.unwrap_or_else(|| {
            let items = Some(Items::default());
            self.unit.sections.push(Section { items, ..Section::new(name, kind, flags, Span::NONE) });
            self.unit.sections.len() - 1
        });
        SectionId(u32::try_from(index).expect("each section was one call"))
    }

    /// The symbol of that name, to be defined before or after it is used.
    pub fn symbol(&mut self, name: &str) -> SymbolId {
        let name = self.unit.names.intern(name.as_bytes());
        let found = self.unit.symbols.iter().position(|symbol| symbol.name == name);
        let index = found.unwrap_or_else(|| {
            self.unit.symbols.push(Symbol::new(name, Span::NONE));
            self.unit.symbols.len() - 1
        });
        SymbolId(u32::try_from(index).expect("each symbol was one call"))
    }

    /// Makes a symbol stand for the current end of a section.
    ///
    /// # Errors
    /// When it is defined already.
    pub fn define(&mut self, symbol: SymbolId, section: SectionId) -> Result<(), BuildError> {
        let position = self.unit.section(section).end();
        self.set(symbol, Definition::Label { section, position })
    }

    /// Makes a symbol stand for a number.
    ///
    /// # Errors
    /// When it is defined already.
    pub fn constant(&mut self, symbol: SymbolId, number: i64) -> Result<(), BuildError> {
        self.set(symbol, Definition::Equ(Value::Const(number)))
    }

    /// Makes a symbol visible to other units and in the symbol table.
    pub fn global(&mut self, symbol: SymbolId) {
        self.unit.symbols[symbol.0 as usize].binding = Binding::Global;
    }

    /// Where the process starts.
    pub fn entry(&mut self, symbol: SymbolId) {
        self.unit.entry = Some(symbol);
    }

    /// Appends one instruction; each field of it takes a value.
    ///
    /// # Errors
    /// When a field lies outside of the bytes, or the section cannot take them.
    pub fn instruction(
        &mut self,
        section: SectionId,
        bytes: &[u8],
        fields: &[(Field, Value)],
    ) -> Result<Position, BuildError> {
        self.append(section, ItemKind::Instruction, bytes, fields)
    }

    /// Appends data; each field of it takes a value.
    ///
    /// # Errors
    /// As [`Builder::instruction`].
    pub fn data(
        &mut self,
        section: SectionId,
        bytes: &[u8],
        fields: &[(Field, Value)],
    ) -> Result<Position, BuildError> {
        self.append(section, ItemKind::Data, bytes, fields)
    }

    /// Appends room for `size` bytes that start as zeroes.
    pub fn reserve(&mut self, section: SectionId, size: u32) -> Position {
        let kind = FragmentKind::Reserve { size: Value::Const(i64::from(size)) };
        self.fragment(section, ItemKind::Data, kind)
    }

    /// Pads with `byte` up to a multiple of `boundary` bytes and gives the section at least that alignment.
    ///
    /// # Errors
    /// When `boundary` is no power of two.
    pub fn align(&mut self, section: SectionId, boundary: u64, byte: u8) -> Result<Position, BuildError> {
        if !boundary.is_power_of_two() {
            return Err(BuildError::Alignment(boundary));
        }
        let target = &mut self.unit.sections[section.0 as usize];
        target.align = target.align.max(boundary);
        let start = u32::try_from(target.patterns.len()).expect("one byte for each call");
        target.patterns.push(byte);
        let align = Align { boundary, pattern: start..start + 1, nops: None };
        Ok(self.fragment(section, ItemKind::Padding, FragmentKind::Align(align)))
    }

    /// The program.
    ///
    /// # Errors
    /// When a symbol was mentioned and never defined.
    pub fn finish(self) -> Result<Unit, BuildError> {
        let undefined = |symbol: &&Symbol| matches!(symbol.definition, Definition::Undefined);
        match self.unit.symbols.iter().find(undefined) {
            Some(symbol) => Err(BuildError::Undefined(self.text(symbol.name))),
            None => Ok(self.unit),
        }
    }

    fn text(&self, name: super::NameId) -> String {
        String::from_utf8_lossy(self.unit.names.get(name)).into_owned()
    }

    fn set(&mut self, symbol: SymbolId, definition: Definition) -> Result<(), BuildError> {
        let target = &mut self.unit.symbols[symbol.0 as usize];
        if !matches!(target.definition, Definition::Undefined) {
            let name = target.name;
            return Err(BuildError::DefinedTwice(self.text(name)));
        }
        target.definition = definition;
        Ok(())
    }

    fn append(
        &mut self,
        section: SectionId,
        kind: ItemKind,
        bytes: &[u8],
        fields: &[(Field, Value)],
    ) -> Result<Position, BuildError> {
        let target = self.unit.section(section);
        if target.kind == SectionKind::Nobits {
            return Err(BuildError::NoContents(self.text(target.name)));
        }
        if target.literal.len() + bytes.len() > u32::MAX as usize {
            return Err(BuildError::TooLarge(self.text(target.name)));
        }
        for (field, _) in fields {
            let inside = usize::from(field.offset) + usize::from(field.width) <= bytes.len();
            if !inside || !matches!(field.width, 1 | 2 | 4 | 8) {
                return Err(BuildError::Field {
                    offset: field.offset,
                    width: field.width,
                    length: bytes.len(),
                });
            }
        }
        let target = &mut self.unit.sections[section.0 as usize];
        let position = target.end();
        target.literal.extend_from_slice(bytes);
        if let Some(items) = &mut target.items {
            items.push(Item { position, kind, span: Span::NONE });
        }
        target.fixups.extend(fields.iter().map(|&(field, value)| Fixup {
            position: Position { literal: position.literal + u32::from(field.offset), ..position },
            width: field.width,
            kind: field.kind,
            value,
            span: Span::NONE,
        }));
        Ok(position)
    }

    fn fragment(&mut self, section: SectionId, kind: ItemKind, fragment: FragmentKind) -> Position {
        let target = &mut self.unit.sections[section.0 as usize];
        let position = target.end();
        if let Some(items) = &mut target.items {
            items.push(Item { position, kind, span: Span::NONE });
        }
        target.fragments.push(Fragment { literal: position.literal, span: Span::NONE, kind: fragment });
        position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::FixupKind;

    #[test]
    fn what_cannot_be_built_is_refused() {
        let mut builder = Builder::new(Machine::I386);
        let text = builder.section(".text", SectionKind::Progbits, SectionFlags::TEXT);
        let bss = builder.section(".bss", SectionKind::Nobits, SectionFlags::DATA);
        let symbol = builder.symbol("here");
        let field = Field { offset: 3, width: 2, kind: FixupKind::Absolute };
        let value = Value::Symbol { symbol, addend: 0 };
        let refused = builder.data(text, &[0; 4], &[(field, value)]);
        assert_eq!(refused, Err(BuildError::Field { offset: 3, width: 2, length: 4 }));
        assert_eq!(builder.data(bss, &[1], &[]), Err(BuildError::NoContents(".bss".into())));
        assert_eq!(builder.align(text, 12, 0), Err(BuildError::Alignment(12)));
        assert_eq!(builder.clone().finish().err(), Some(BuildError::Undefined("here".into())));
        builder.define(symbol, bss).unwrap();
        assert_eq!(builder.constant(symbol, 1), Err(BuildError::DefinedTwice("here".into())));
        assert!(builder.finish().unwrap().refuse_overflow);
    }
}
