//! `section NAME attributes` for ELF: what the standard names mean, and what attributes change (nasmdoc 8.9.2).
//!
//! Attributes are separated by spaces.  Those of the first declaration hold; a later one can only raise the alignment
//! and give the entries a size.

use super::{Cursor, Failure, Program};
use crate::nasm::value;
use crate::source::Span;
use crate::unit::{Section, SectionFlags, SectionId, SectionKind};

/// What a section is before the source says anything about it.
struct Defaults {
    kind: SectionKind,
    flags: SectionFlags,
    align: u64,
    entsize: u64,
}

/// nasm's table of known ELF sections (nasmdoc table 8.1).
fn defaults(name: &[u8], flat: bool, pointer: u64) -> Defaults {
    let bits = SectionKind::Progbits;
    let tls = SectionFlags { tls: true, ..SectionFlags::DATA };
    let none = SectionFlags::default();
    let (kind, flags, align) = match name {
        b".text" if flat => (bits, SectionFlags::TEXT, 1),
        b".bss" | b".lbss" => (SectionKind::Nobits, SectionFlags::DATA, 4),
        _ if flat => (bits, SectionFlags::DATA, 4),
        b".text" => (bits, SectionFlags::TEXT, 16),
        b".rodata" | b".lrodata" => (bits, SectionFlags::RODATA, 4),
        b".data" | b".ldata" => (bits, SectionFlags::DATA, 4),
        b".tdata" => (bits, tls, 4),
        b".tbss" => (SectionKind::Nobits, tls, 4),
        b".comment" => (bits, none, 1),
        b".preinit_array" => (SectionKind::PreinitArray, SectionFlags::RODATA, pointer),
        b".init_array" => (SectionKind::InitArray, SectionFlags::RODATA, pointer),
        b".fini_array" => (SectionKind::FiniArray, SectionFlags::RODATA, pointer),
        b".note" => (SectionKind::Note, none, 4),
        _ => (bits, SectionFlags::RODATA, 1),
    };
    // Arrays of pointers are tables of entries to nasm.
    let array = matches!(kind, SectionKind::PreinitArray | SectionKind::InitArray | SectionKind::FiniArray);
    Defaults { kind, flags, align, entsize: if array { pointer } else { 0 } }
}

impl Program {
    /// The section of that name, made if it is new.
    pub(super) fn section_named(&mut self, name: &[u8], span: Span) -> SectionId {
        let id = self.unit.names.intern(name);
        if let Some(&section) = self.section_of_name.get(&id) {
            return section;
        }
        let defaults = defaults(name, self.flat, self.pointer);
        let mut section = Section::new(id, defaults.kind, defaults.flags, span);
        section.implicit_align = defaults.align;
        section.entsize = defaults.entsize;
        section.items = self.items.then(Default::default);
        let number = SectionId(u32::try_from(self.unit.sections.len()).expect("each section was a line"));
        self.unit.sections.push(section);
        self.section_of_name.insert(id, number);
        self.note_section();
        number
    }
}

/// What the attributes of one declaration ask for.
#[derive(Default)]
struct Asked {
    /// Whether there are any, understood or not.
    any: bool,
    kind: Option<SectionKind>,
    /// Flags by name, and whether they are to be set.
    flags: Vec<(Flag, bool)>,
    align: u64,
    entsize: u64,
}

/// One of the flags.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    Alloc,
    Exec,
    Write,
    Tls,
    Merge,
    Strings,
}

impl Flag {
    fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"alloc" => Flag::Alloc,
            b"exec" => Flag::Exec,
            b"write" => Flag::Write,
            b"tls" => Flag::Tls,
            b"merge" => Flag::Merge,
            b"strings" => Flag::Strings,
            _ => return None,
        })
    }

    fn of(self, flags: &mut SectionFlags) -> &mut bool {
        match self {
            Flag::Alloc => &mut flags.alloc,
            Flag::Exec => &mut flags.exec,
            Flag::Write => &mut flags.write,
            Flag::Tls => &mut flags.tls,
            Flag::Merge => &mut flags.merge,
            Flag::Strings => &mut flags.strings,
        }
    }
}

impl Asked {
    fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&(flag, true))
    }

    /// A later flag takes the place of an earlier one.
    fn flag(&mut self, flag: Flag, value: bool) {
        self.flags.retain(|&(other, _)| other != flag);
        self.flags.push((flag, value));
    }

    /// The alignment that follows: what is written, or else that of the entries.
    fn alignment(&self) -> u64 {
        match (self.align, self.entsize) {
            (0, 0) => 1,
            (0, entsize) => entsize & entsize.wrapping_neg(),
            (align, _) => align,
        }
    }

    /// Attributes of the first declaration.
    fn begin(&self, section: &mut Section) {
        self.flags.iter().for_each(|&(flag, value)| *flag.of(&mut section.flags) = value);
        section.kind = self.kind.unwrap_or(section.kind);
        if self.any {
            section.implicit_align = 1;
        }
        self.raise(section);
    }

    /// Attributes of a later declaration; false when some of them are too late.
    fn again(&self, section: &mut Section) -> bool {
        let same_kind = self.kind.is_none_or(|kind| kind == section.kind);
        let same_flags = self.flags.iter().all(|&(flag, value)| *flag.of(&mut section.flags) == value);
        let same_size = self.entsize == 0 || section.entsize == 0 || self.entsize == section.entsize;
        self.raise(section);
        same_kind && same_flags && same_size
    }

    fn raise(&self, section: &mut Section) {
        section.align = section.align.max(self.alignment());
        if section.entsize == 0 {
            section.entsize = self.entsize;
        }
    }
}

impl Cursor<'_, '_> {
    /// `section NAME …`; the current token is the name's first.
    pub(super) fn section_directive(&mut self) -> Result<(), Failure> {
        let text = self.lex.text();
        let start = self.token.start;
        let Some((start, end)) = word_at(text, start) else {
            return self.fail("expected the name of a section");
        };
        let span = self.line.span(start..end);
        let id = self.program.section_named(&text[start..end], span);
        let first = self.program.unit.section(id).order == 0;
        if first {
            let order = self.program.next_in_order();
            let section = &mut self.program.unit.sections[id.0 as usize];
            section.order = order;
            section.span = span;
        }
        // `$` in an attribute is still the place before.
        let asked = match self.program.flat {
            true => self.flat_attributes(id, end).map(|()| Asked::default()),
            false => self.elf_attributes(end),
        };
        self.program.section = id;
        self.program.absolute = None;
        let asked = asked?;
        if self.program.flat {
            return Ok(());
        }
        let section = &mut self.program.unit.sections[id.0 as usize];
        if first {
            asked.begin(section);
        } else if !asked.again(section) {
            let name = String::from_utf8_lossy(&text[start..end]).into_owned();
            let message = format!("section `{name}` has other attributes already: these are ignored");
            self.warn_at(span, "other", message);
        }
        Ok(())
    }

    /// What is written from `at` on.
    fn elf_attributes(&mut self, mut at: usize) -> Result<Asked, Failure> {
        let text = self.lex.text();
        let mut asked = Asked::default();
        while let Some((start, end)) = word_at(text, at) {
            let split = (start..end).find(|&place| text[place] == b'=').unwrap_or(end);
            let word = text[start..split].to_ascii_lowercase();
            at = end;
            asked.any = true;
            let value = match word_at(text, split).filter(|&(start, _)| text[start] == b'=') {
                // `align = 16` with any spaces.
                Some((equal, to)) if equal + 1 == to => word_at(text, to),
                Some((equal, to)) => Some((equal + 1, to)),
                None => None,
            };
            at = value.map_or(at, |(_, to)| to.max(at));
            match (word.as_slice(), value) {
                (b"align", Some(value)) => asked.align = asked.align.max(self.elf_alignment(value)?),
                (b"align", None) => {
                    let span = self.line.span(start..end);
                    let error = crate::source::Diagnostic::error(span, "expected a number after `align`");
                    return Err(error.hint("align=16").into());
                }
                _ if !asked.word(&word, self.program.pointer) => {
                    let span = self.line.span(start..end);
                    let text = String::from_utf8_lossy(&word).into_owned();
                    self.warn_at(span, "other", format!("unknown section attribute `{text}` is ignored"));
                }
                _ => {}
            }
        }
        if asked.has(Flag::Merge) && asked.entsize == 0 {
            if !asked.has(Flag::Strings) {
                let problem = "`merge` needs the size of an entry (`byte` … `zword`) or `strings`";
                return self.fail_from(self.token.start, problem);
            }
            asked.entsize = 1;
        }
        Ok(asked)
    }

    /// The number that a value begins with; what begins with none asks for no alignment.
    fn elf_alignment(&mut self, (start, end): (usize, usize)) -> Result<u64, Failure> {
        let text = &self.lex.text()[start..end];
        let digits = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let number = value::number(&text[..digits]).map_or(0, |number| number.value);
        let span = self.line.span(start..end);
        let written = String::from_utf8_lossy(text).into_owned();
        let negative = text.starts_with(b"-");
        if negative || !(number == 0 || number.is_power_of_two()) || number > u64::from(u32::MAX) {
            let problem = format!("an alignment of {written} is not a power of two");
            return Err(crate::source::Diagnostic::error(span, problem).into());
        }
        if digits != text.len() {
            let message = format!("only a number stands after `align=`: `{written}` means {}", number.max(1));
            self.warn_at(span, "other", message);
        }
        Ok(number)
    }
}

impl Asked {
    /// An attribute without a value; false when there is none of that name.
    fn word(&mut self, word: &[u8], pointer: u64) -> bool {
        let kind = match word {
            b"progbits" => Some(SectionKind::Progbits),
            b"nobits" => Some(SectionKind::Nobits),
            b"note" => Some(SectionKind::Note),
            b"preinit_array" => Some(SectionKind::PreinitArray),
            b"init_array" => Some(SectionKind::InitArray),
            b"fini_array" => Some(SectionKind::FiniArray),
            _ => None,
        };
        let entsize = match word {
            b"byte" => 1,
            b"word" => 2,
            b"dword" => 4,
            b"qword" => 8,
            b"tword" => 10,
            b"oword" => 16,
            b"yword" => 32,
            b"zword" => 64,
            b"pointer" => pointer,
            b"preinit_array" | b"init_array" | b"fini_array" => pointer,
            _ => 0,
        };
        let flag = Flag::from_name(word).map(|flag| (flag, true));
        let flag = flag.or_else(|| Some((Flag::from_name(word.strip_prefix(b"no")?)?, false)));
        if let Some((flag, value)) = flag {
            self.flag(flag, value);
        }
        self.kind = kind.or(self.kind);
        self.entsize = if entsize == 0 { self.entsize } else { entsize };
        kind.is_some() || entsize != 0 || flag.is_some()
    }
}

/// The run of characters without spaces from a place on; `None` at the end of the statement.
pub(super) fn word_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let start = at + text.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if text[start] == b';' {
        return None;
    }
    let rest = &text[start..];
    let length = rest.iter().position(|&byte| byte.is_ascii_whitespace() || byte == b';');
    Some((start, start + length.unwrap_or(rest.len())))
}
