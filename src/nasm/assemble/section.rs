//! `section NAME attributes`: what the standard names mean, and what the attributes change (nasmdoc 8.9.2, 8.1.3).

use super::{Cursor, Failure, Program};
use crate::elf::records::Machine;
use crate::nasm::lex::Kind;
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
        b".text" | b".ltext" => (bits, SectionFlags::TEXT, 16),
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
        if let Some(index) = self.unit.sections.iter().position(|section| section.name == id) {
            return SectionId(u32::try_from(index).expect("each section was a line"));
        }
        let defaults = defaults(name, self.flat, if self.unit.machine == Machine::I386 { 4 } else { 8 });
        let mut section = Section::new(id, defaults.kind, defaults.flags, span);
        section.implicit_align = defaults.align;
        section.entsize = defaults.entsize;
        section.items = self.items.then(Default::default);
        self.unit.sections.push(section);
        self.note_section();
        SectionId(u32::try_from(self.unit.sections.len() - 1).expect("each section was a line"))
    }
}

impl Cursor<'_, '_> {
    /// `section NAME …`; the current token is the name's first.
    pub(super) fn section_directive(&mut self) -> Result<(), Failure> {
        let Some((start, end)) = self.raw_word() else {
            return self.fail("expected the name of a section");
        };
        let name = self.lex.text()[start..end].to_vec();
        let name = match name.first() {
            Some(b'"' | b'\'' | b'`') => crate::nasm::value::unquote(&name).into_owned(),
            _ => name,
        };
        let span = self.line.span(start..end);
        let id = self.program.section_named(&name, span);
        self.program.section = id;
        self.program.absolute = None;
        if self.program.unit.section(id).order == 0 {
            let order = self.program.next_in_order();
            let section = &mut self.program.unit.sections[id.0 as usize];
            section.order = order;
            section.span = span;
        }
        while self.token.kind != Kind::End {
            self.section_attribute(id)?;
        }
        Ok(())
    }

    fn section_attribute(&mut self, id: SectionId) -> Result<(), Failure> {
        let (start, end) = (self.token.start, self.token.end);
        let word = self.lex.text()[start..end].to_ascii_lowercase();
        self.advance();
        if self.token.kind == Kind::Equal {
            self.advance();
            return self.section_value(id, &word, start);
        }
        let index = id.0 as usize;
        let section = &mut self.program.unit.sections[index];
        let flags = &mut section.flags;
        match word.as_slice() {
            b"progbits" => section.kind = SectionKind::Progbits,
            b"nobits" => section.kind = SectionKind::Nobits,
            b"note" => section.kind = SectionKind::Note,
            b"preinit_array" => section.kind = SectionKind::PreinitArray,
            b"init_array" => section.kind = SectionKind::InitArray,
            b"fini_array" => section.kind = SectionKind::FiniArray,
            b"alloc" => flags.alloc = true,
            b"noalloc" => flags.alloc = false,
            b"exec" => flags.exec = true,
            b"noexec" => flags.exec = false,
            b"write" => flags.write = true,
            b"nowrite" => flags.write = false,
            b"tls" => flags.tls = true,
            b"notls" => flags.tls = false,
            b"merge" => flags.merge = true,
            b"nomerge" => flags.merge = false,
            b"strings" => flags.strings = true,
            b"nostrings" => flags.strings = false,
            b"byte" => section.entsize = 1,
            b"word" => section.entsize = 2,
            b"dword" => section.entsize = 4,
            b"qword" | b"pointer" => section.entsize = 8,
            b"use16" => self.program.bits = crate::isa::x86::Bits::B16,
            b"use32" => self.program.bits = crate::isa::x86::Bits::B32,
            b"use64" => self.program.bits = crate::isa::x86::Bits::B64,
            _ => {
                let span = self.line.span(start..end);
                let text = String::from_utf8_lossy(&word).into_owned();
                self.warn_at(span, "other", format!("unknown section attribute `{text}` is ignored"));
            }
        }
        Ok(())
    }

    /// `align=16` and the placements of flat output.
    fn section_value(&mut self, id: SectionId, word: &[u8], start: usize) -> Result<(), Failure> {
        if matches!(word, b"follows" | b"vfollows") {
            let Some((from, to)) = self.raw_word() else {
                return self.fail("expected the name of a section");
            };
            let name = self.program.unit.names.intern(&self.lex.text()[from..to]);
            let flat = &mut self.program.unit.sections[id.0 as usize].flat;
            *if word == b"follows" { &mut flat.follows } else { &mut flat.vfollows } = Some(name);
            return Ok(());
        }
        let number = self.number_argument()?;
        let Ok(number) = u64::try_from(number) else {
            return self.fail_from(start, format!("{number} is negative"));
        };
        let section = &mut self.program.unit.sections[id.0 as usize];
        match word {
            b"align" | b"valign" if !number.is_power_of_two() => {
                return self.fail_from(start, format!("an alignment of {number} is not a power of two"));
            }
            b"align" => section.align = section.align.max(number),
            b"valign" => section.flat.valign = Some(number),
            b"start" => section.flat.start = Some(number),
            b"vstart" => section.flat.vstart = Some(number),
            b"entsize" => section.entsize = number,
            b"type" => section.kind = SectionKind::Other(number as u32),
            _ => {
                let text = String::from_utf8_lossy(word).into_owned();
                let span = self.span_from(start);
                self.warn_at(span, "other", format!("unknown section attribute `{text}` is ignored"));
            }
        }
        Ok(())
    }
}
