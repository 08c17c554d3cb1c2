//! The records of symbol tables, in objects and in executables.

use crate::elf::records::{Class, elf};
use crate::unit::{Binding, Symbol, SymbolKind, Visibility};

/// What `st_shndx` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The section with this header; 0 for a symbol of elsewhere.
    Section(u32),
    /// `SHN_ABS`.
    Absolute,
    /// `SHN_COMMON`.
    Common,
}

/// A symbol, in the spec's words without `st_`.
pub(super) struct Record {
    pub(super) name: u32,
    pub(super) info: u8,
    pub(super) other: u8,
    pub(super) place: Place,
    pub(super) value: u64,
    pub(super) size: u64,
}

impl Record {
    /// No name, no value, of elsewhere.
    pub(super) const NONE: Record =
        Record { name: 0, info: 0, other: 0, place: Place::Section(0), value: 0, size: 0 };
}

/// A table of records in the class's form.
pub(super) struct Records {
    class: Class,
    bytes: Vec<u8>,
    count: usize,
    /// The headers' numbers, once one of them does not fit `st_shndx`.
    wide: Vec<u32>,
}

impl Records {
    /// The table with the record that every table begins with.
    pub(super) fn new(class: Class) -> Self {
        let mut this = Records { class, bytes: Vec::new(), count: 0, wide: Vec::new() };
        this.push(&Record::NONE);
        this
    }

    /// gABI ch. 4, "Symbol Table"; the two classes order the fields differently.
    pub(super) fn push(&mut self, record: &Record) {
        let (value, size) = (record.value, record.size);
        let shndx = self.shndx(record.place);
        self.count += 1;
        self.bytes.extend(record.name.to_le_bytes());
        if self.class == Class::Elf32 {
            self.bytes.extend((value as u32).to_le_bytes());
            self.bytes.extend((size as u32).to_le_bytes());
        }
        self.bytes.extend([record.info, record.other]);
        self.bytes.extend(shndx.to_le_bytes());
        if self.class == Class::Elf64 {
            self.bytes.extend(value.to_le_bytes());
            self.bytes.extend(size.to_le_bytes());
        }
    }

    /// `st_shndx`: numbers from `SHN_LORESERVE` on stand in a table of their own.
    fn shndx(&mut self, place: Place) -> u16 {
        let header = match place {
            Place::Section(header) => header,
            Place::Absolute | Place::Common => 0,
        };
        let is_wide = header >= u32::from(elf::SHN_LORESERVE);
        if is_wide {
            self.wide.resize(self.count, 0);
        }
        if is_wide || !self.wide.is_empty() {
            self.wide.push(if is_wide { header } else { 0 });
        }
        match place {
            Place::Absolute => elf::SHN_ABS.0,
            Place::Common => elf::SHN_COMMON.0,
            Place::Section(_) if is_wide => elf::SHN_XINDEX.0,
            Place::Section(header) => header as u16,
        }
    }

    /// The table's bytes, and those of `SHT_SYMTAB_SHNDX` where one is needed.
    pub(super) fn finish(self) -> (Vec<u8>, Option<Vec<u8>>) {
        let wide = self.wide.iter().flat_map(|header| header.to_le_bytes()).collect();
        (self.bytes, Some(wide).filter(|wide: &Vec<u8>| !wide.is_empty()))
    }
}

pub(super) fn binding(symbol: &Symbol) -> u8 {
    match symbol.binding {
        Binding::Local => elf::STB_LOCAL.0,
        Binding::Global => elf::STB_GLOBAL.0,
        Binding::Weak => elf::STB_WEAK.0,
    }
}

pub(super) fn st_type(kind: SymbolKind) -> u8 {
    match kind {
        SymbolKind::None => elf::STT_NOTYPE.0,
        SymbolKind::Object => elf::STT_OBJECT.0,
        SymbolKind::Func => elf::STT_FUNC.0,
        SymbolKind::Tls => elf::STT_TLS.0,
    }
}

pub(super) fn visibility(symbol: &Symbol) -> u8 {
    match symbol.visibility {
        Visibility::Default => elf::STV_DEFAULT.0,
        Visibility::Internal => elf::STV_INTERNAL.0,
        Visibility::Hidden => elf::STV_HIDDEN.0,
        Visibility::Protected => elf::STV_PROTECTED.0,
    }
}
