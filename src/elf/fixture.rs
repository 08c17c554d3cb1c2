//! Files that are wrong on purpose, for people who test what reads ELF: header fields overridden by their names in
//! elf.h, bytes cut off, zeros appended.
//!
//! ```text
//! e_phnum=0    e_ident[EI_CLASS]=ELFCLASS32    phdr[0].p_flags=PF_R|PF_X    shdr[.text].sh_type=SHT_NOTE
//! └ file header                                phdr[PT_GNU_STACK].p_align=3  sym[_start].st_value=-1
//! ```
//!
//! Records are found in the file as it was laid out, before any field is overridden, so the order of overrides does
//! not matter.  A number that does not fit the field is refused; one that fits is written however wrong.

use std::fmt;

use super::fields::{self, Field};
use super::names;
use super::read::{self, File, NotElf};
use super::records::Class;
use super::records::elf;

/// What is done to a written file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fixture {
    /// Fields that get another value.
    pub overrides: Vec<Override>,
    /// The size that the file is cut to.
    pub truncate: Option<u64>,
    /// How many zeros are appended, after that.
    pub append_zeros: u64,
}

/// One field and its new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// As it was written.
    text: String,
    record: Record,
    field: Field,
    value: i128,
}

/// Which record a field is in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Record {
    Header,
    Segment(Which),
    Section(Which),
    Symbol(Which),
}

/// One of several records.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Which {
    Index(u64),
    Name(String),
}

/// Why a file cannot be made wrong in this way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixtureError {
    /// No `=`, or nothing beside it.
    #[error("`{0}` overrides nothing: write FIELD=VALUE, such as `e_phnum=0` or `phdr[0].p_flags=PF_R`")]
    NoOverride(String),
    /// A field that elf.h does not know.
    #[error("no field is called `{name}`; there are {known}")]
    UnknownField {
        /// As written.
        name: String,
        /// The fields of that record.
        known: String,
    },
    /// A value that is neither a number nor one of the field's names.
    #[error("`{value}` is no value of `{field}`: write a number{known}")]
    UnknownValue {
        /// As written.
        value: String,
        /// The field.
        field: &'static str,
        /// The names that elf.h has for it.
        known: String,
    },
    /// A value with more bits than the field.
    #[error("`{text}`: the value does not fit, `{field}` has {bits} bits")]
    TooWide {
        /// As written.
        text: String,
        /// The field.
        field: &'static str,
        /// Its width.
        bits: u64,
    },
    /// The record is not in this file.
    #[error("`{text}`: {reason}")]
    NoRecord {
        /// As written.
        text: String,
        /// What there is.
        reason: String,
    },
    /// The file has no headers.
    #[error("`{text}`: {reason}")]
    NoHeader {
        /// As written.
        text: String,
        /// What the file begins with.
        reason: NotElf,
    },
    /// A cut behind the end.
    #[error("`--truncate {to}` is past the end: the file has {size} bytes")]
    PastEnd {
        /// Where it was to be cut.
        to: u64,
        /// Its size.
        size: u64,
    },
    /// More zeros than a file may have bytes.
    #[error("`--append-zeros {0}` is too much: a file may have 2 GiB")]
    TooLarge(u64),
}

/// What a file may have, as everywhere in tinyelf.
const LARGEST: u64 = 1 << 31;

impl Fixture {
    /// Whether it leaves every file as it is.
    pub fn is_empty(&self) -> bool {
        *self == Fixture::default()
    }

    /// Refuses values that do not fit their fields in files of this class.
    ///
    /// # Errors
    /// [`FixtureError::TooWide`]
    pub fn check(&self, class: Class) -> Result<(), FixtureError> {
        self.overrides.iter().try_for_each(|one| one.bits(class).map(|_| ()))
    }

    /// The file with everything done to it.
    ///
    /// # Errors
    /// When a field is not in this file, or it is to be cut behind its end.
    pub fn apply(&self, mut bytes: Vec<u8>) -> Result<Vec<u8>, FixtureError> {
        let original = if self.overrides.is_empty() { Vec::new() } else { bytes.clone() };
        for one in &self.overrides {
            one.apply(&original, &mut bytes)?;
        }
        if let Some(to) = self.truncate {
            let size = bytes.len() as u64;
            let cut = usize::try_from(to).ok().filter(|&cut| cut <= bytes.len());
            bytes.truncate(cut.ok_or(FixtureError::PastEnd { to, size })?);
        }
        let end = self.append_zeros.saturating_add(bytes.len() as u64);
        if end > LARGEST {
            return Err(FixtureError::TooLarge(self.append_zeros));
        }
        bytes.resize(usize::try_from(end).map_err(|_| FixtureError::TooLarge(self.append_zeros))?, 0);
        Ok(bytes)
    }
}

/// For the line that says what was made; nothing for a file that is as it should be.
impl fmt::Display for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.overrides {
            write!(f, ", {}", one.text)?;
        }
        if let Some(to) = self.truncate {
            write!(f, ", cut to {to}")?;
        }
        match self.append_zeros {
            0 => Ok(()),
            zeros => write!(f, ", {zeros} zeros appended"),
        }
    }
}

impl std::str::FromStr for Override {
    type Err = FixtureError;

    fn from_str(text: &str) -> Result<Self, FixtureError> {
        let nothing = || FixtureError::NoOverride(text.to_owned());
        let (place, value) = text.split_once('=').ok_or_else(nothing)?;
        let (place, value) = (place.trim(), value.trim());
        if place.is_empty() || value.is_empty() {
            return Err(nothing());
        }
        let (record, field) = parse_place(place)?;
        let value = parse_value(&field, value)?;
        Ok(Override { text: text.to_owned(), record, field, value })
    }
}

/// `e_type`, `phdr[0].p_flags`.
fn parse_place(place: &str) -> Result<(Record, Field), FixtureError> {
    // A section's name may have brackets of its own; the last dot stands before the field.
    if let Some((record, name)) = place.rsplit_once("].")
        && let Some((table, which)) = record.split_once('[')
    {
        let which = parse_which(which);
        let (record, fields) = match table {
            "phdr" => (Record::Segment(which), fields::PHDR),
            "shdr" => (Record::Section(which), fields::SHDR),
            "sym" => (Record::Symbol(which), fields::SYM),
            _ => (Record::Header, fields::EHDR),
        };
        return Ok((record, find(fields, name, place)?));
    }
    let field = ident_byte(place).map_or_else(|| find(fields::EHDR, place, place), Ok)?;
    Ok((Record::Header, field))
}

fn parse_which(text: &str) -> Which {
    parse_number(text)
        .and_then(|number| u64::try_from(number).ok())
        .map_or_else(|| Which::Name(text.to_owned()), Which::Index)
}

fn find(fields: &[Field], name: &str, place: &str) -> Result<Field, FixtureError> {
    fields.iter().find(|field| field.name == name).copied().ok_or_else(|| {
        let mut known = joined(fields.iter().map(|field| field.name));
        if fields == fields::EHDR {
            known.push_str("; and `phdr[N].p_…`, `shdr[NAME].sh_…`, `sym[NAME].st_…`");
        }
        FixtureError::UnknownField { name: place.to_owned(), known }
    })
}

/// `e_ident[7]`, `e_ident[EI_MAG0]`: any of its sixteen bytes.
fn ident_byte(place: &str) -> Option<Field> {
    let inside = place.strip_prefix("e_ident[")?.strip_suffix(']')?;
    let index = match inside.strip_prefix("EI_MAG") {
        Some(digit) => parse_number(digit).filter(|&number| number < 4),
        None => parse_number(inside).filter(|&number| number < 16),
    };
    let index = u8::try_from(index?).ok()?;
    let known = fields::EHDR
        .iter()
        .find(|one| (one.start(Class::Elf64), one.size(Class::Elf64)) == (index.into(), 1));
    Some(known.copied().unwrap_or(Field::byte("e_ident", index)))
}

/// `0x1000`, `-1`, `PF_R|PF_X`, `ET_CORE`.
fn parse_value(field: &Field, text: &str) -> Result<i128, FixtureError> {
    let known = names::values(field.name);
    let mut value = 0;
    for part in text.split('|').map(str::trim) {
        let named = known.iter().find(|(name, _)| *name == part).map(|&(_, number)| i128::from(number));
        value |= named.or_else(|| parse_number(part)).ok_or_else(|| {
            let list = joined(known.iter().map(|(name, _)| *name));
            let known = if known.is_empty() { list } else { format!(", or one of {list}") };
            FixtureError::UnknownValue { value: part.to_owned(), field: field.name, known }
        })?;
    }
    Ok(value)
}

/// Decimal, hexadecimal, octal and binary, with a sign.
fn parse_number(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    let number = u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with('+'))?;
    Some(if negative { -i128::from(number) } else { i128::from(number) })
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

impl Override {
    /// The value in the width of the field.
    fn bits(&self, class: Class) -> Result<u64, FixtureError> {
        let bits = 8 * self.field.size(class);
        let range = -(1i128 << (bits - 1))..1i128 << bits;
        if !range.contains(&self.value) {
            return Err(FixtureError::TooWide { text: self.text.clone(), field: self.field.name, bits });
        }
        let low = self.value & (u64::MAX as i128 >> (64 - bits));
        Ok(u64::try_from(low).expect("it was masked to at most 64 bits"))
    }

    /// Writes the value into `bytes`, whose headers are those of `original`.
    fn apply(&self, original: &[u8], bytes: &mut [u8]) -> Result<(), FixtureError> {
        let file = read::read(original)
            .map_err(|reason| FixtureError::NoHeader { text: self.text.clone(), reason })?;
        let class = file.form.class;
        let value = self.bits(class)?;
        let start = self.offset(&file)?.saturating_add(self.field.start(class));
        let size = self.field.size(class);
        if start.saturating_add(size) > file.size() {
            let size = file.size();
            return Err(self.missing(format!("the field lies at {start:#x}, the file ends at {size:#x}")));
        }
        // Both lie inside the file.
        for index in 0..size {
            let shift = 8 * if file.form.big_endian { size - 1 - index } else { index };
            bytes[(start + index) as usize] = (value >> shift) as u8;
        }
        Ok(())
    }

    fn missing(&self, reason: String) -> FixtureError {
        FixtureError::NoRecord { text: self.text.clone(), reason }
    }

    /// Where its record lies in the file.
    fn offset(&self, file: &File<'_>) -> Result<u64, FixtureError> {
        match &self.record {
            Record::Header => Ok(0),
            Record::Segment(which) => {
                let types: Vec<u64> = file.phdrs.iter().map(|one| u64::from(one.p_type)).collect();
                let named = |name: &str| {
                    let kind = names::values("p_type").iter().find(|(known, _)| *known == name)?.1;
                    types.iter().position(|&one| one == kind)
                };
                let index = self.index(which, types.len(), "program headers", named)?;
                Ok(file.phdr_offset(index))
            }
            Record::Section(which) => {
                let named =
                    |name: &str| file.shdrs.iter().position(|one| file.section_name(one) == name.as_bytes());
                let index = self.index(which, file.shdrs.len(), "section headers", named)?;
                Ok(file.shdr_offset(index))
            }
            Record::Symbol(which) => self.symbol(file, which),
        }
    }

    fn symbol(&self, file: &File<'_>, which: &Which) -> Result<u64, FixtureError> {
        let table = file.shdrs.iter().find(|one| one.sh_type == elf::SHT_SYMTAB.0);
        let table = table
            .ok_or_else(|| self.missing("the file has no symbols (`--symbols` gives it some)".to_owned()))?;
        let each = match file.form.class {
            Class::Elf64 => 24,
            Class::Elf32 => 16,
        };
        let strings = file.shdrs.get(table.sh_link as usize);
        let count = usize::try_from(table.sh_size / each).unwrap_or(0);
        let named = |name: &str| {
            (0..count).find(|&index| {
                let start = file.field(table.sh_offset.0 + index as u64 * each, &fields::ST_NAME);
                strings.and_then(|strings| file.string(strings, start)) == Some(name.as_bytes())
            })
        };
        let index = self.index(which, count, "symbols", named)?;
        Ok(table.sh_offset.0 + index * each)
    }

    fn index(
        &self,
        which: &Which,
        count: usize,
        what: &str,
        named: impl Fn(&str) -> Option<usize>,
    ) -> Result<u64, FixtureError> {
        match which {
            Which::Index(index) if *index < count as u64 => Ok(*index),
            Which::Index(_) => Err(self.missing(format!("the file has {count} {what}, counted from 0"))),
            Which::Name(name) => named(name)
                .map(|index| index as u64)
                .ok_or_else(|| self.missing(format!("none of the {count} {what} is called `{name}`"))),
        }
    }
}
