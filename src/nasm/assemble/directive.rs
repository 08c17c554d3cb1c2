//! Directives, in their bracketed and their plain form (nasmdoc chapter 7).

use super::declare::Declared;
use super::{Cursor, Failure, padding};
use crate::isa::x86::{self, Bits, Level};
use crate::nasm::expr::Term;
use crate::nasm::lex::{Directive, Keyword, Kind, keyword};
use crate::source::Diagnostic;
use crate::unit::{Align, BinaryOp, FragmentKind, Item, ItemKind, Nops, SectionKind, Shown};

impl Cursor<'_, '_> {
    /// What follows the directive's name.
    pub(super) fn directive(&mut self, directive: Directive) -> Result<(), Failure> {
        self.program.start = self.program.end();
        match directive {
            Directive::Section => self.section_directive(),
            Directive::Absolute => self.absolute(),
            Directive::Align => self.align(false),
            Directive::Alignb => self.align(true),
            Directive::Nopalign => self.nop_align(),
            Directive::Sectalign => self.sectalign(),
            Directive::Bits => self.bits(),
            Directive::Use16 => self.mode(Bits::B16),
            Directive::Use32 => self.mode(Bits::B32),
            Directive::Use64 => self.mode(Bits::B64),
            Directive::Default => self.default(),
            Directive::Extern => self.names(|cursor| cursor.declare(Declared::Extern)),
            Directive::Required => self.names(|cursor| cursor.declare(Declared::Required)),
            Directive::Global => self.names(|cursor| cursor.declare(Declared::Global)),
            Directive::Static => self.names(|cursor| cursor.declare(Declared::Static)),
            Directive::Common => self.names(Cursor::common),
            Directive::Org => self.org(),
            Directive::Float => self.float(),
            Directive::Warning => self.warning_directive(),
            Directive::Cpu => self.cpu(),
            Directive::Map if !self.program.flat => self.fail("`map` belongs to flat output (-f bin)"),
            Directive::Map => self.map_file(),
            Directive::List => self.list(),
            Directive::Debug => Ok(()),
            Directive::Pragma => self.pragma(),
            Directive::Osabi => self.osabi(),
        }
    }

    fn absolute(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        let term = self.critical("`absolute`")?;
        if term.has_registers() {
            return self.fail_from(start, "`absolute` takes a number or an address");
        }
        self.end()?;
        self.program.absolute = Some(term);
        Ok(())
    }

    /// `[list +]` and `[list -]`.
    fn list(&mut self) -> Result<(), Failure> {
        let on = match self.lex.text().get(self.token.start) {
            Some(b'+') => true,
            Some(b'-') => false,
            _ => return self.fail("expected `+` or `-`"),
        };
        if self.options.preprocessor.lists {
            let line =
                self.program.listed_line(Shown::Switch(on), self.line.span(0..1), 0, self.diagnostics.len());
            self.program.unit.lines_read.push(line);
        }
        self.skip_rest();
        Ok(())
    }

    fn bits(&mut self) -> Result<(), Failure> {
        // No expression: as in nasm, what stands behind the digits is not read.
        let text = &self.lex.text()[self.token.start..];
        let bits = match &text[..text.iter().take_while(|byte| byte.is_ascii_digit()).count()] {
            b"16" => Bits::B16,
            b"32" => Bits::B32,
            b"64" => Bits::B64,
            _ => return self.fail("expected 16, 32 or 64"),
        };
        self.skip_rest();
        self.mode(bits)
    }

    fn mode(&mut self, bits: Bits) -> Result<(), Failure> {
        self.end()?;
        let first = match bits {
            Bits::B16 => Level::I8086,
            Bits::B32 => Level::I386,
            Bits::B64 => Level::X64,
        };
        if self.x86.cpu().level < first {
            let found = match bits {
                Bits::B64 => "64-bit code needs `cpu x64` or newer",
                _ => "32-bit code needs `cpu 386` or newer",
            };
            return self.fail(found);
        }
        self.program.bits = bits;
        Ok(())
    }

    /// Names of processors and kinds of encodings, with commas or spaces; the last of each holds.
    fn cpu(&mut self) -> Result<(), Failure> {
        let text = self.lex.text();
        let start = self.token.start;
        let end =
            text[start..].iter().position(|&byte| byte == b';').map_or(text.len(), |length| start + length);
        let words = text[start..end].split(|byte| matches!(byte, b' ' | b'\t' | b','));
        if words.clone().all(<[u8]>::is_empty) {
            return self.fail("expected the name of a processor: `386`, `x64`, `any`");
        }
        let mut at = start;
        for word in words {
            if !word.is_empty() && !self.x86.cpu().set(word) {
                let span = self.line.span(at..at + word.len());
                let problem = format!("there is no processor `{}`", String::from_utf8_lossy(word));
                return Err(Diagnostic::error(span, problem)
                    .note(format!("there are {}", x86::Cpu::NAMES))
                    .into());
            }
            at += word.len() + 1;
        }
        self.skip_rest();
        Ok(())
    }

    fn default(&mut self) -> Result<(), Failure> {
        match self.word().to_ascii_lowercase().as_slice() {
            b"rel" => self.program.default_rel = true,
            b"abs" => self.program.default_rel = false,
            b"bnd" => self.program.default_bnd = true,
            b"nobnd" => self.program.default_bnd = false,
            _ => return self.fail("expected `rel`, `abs`, `bnd` or `nobnd`"),
        }
        self.advance();
        if self.token.kind != Kind::End {
            let message = "`default` takes one word: the rest is ignored".to_owned();
            self.warn(self.token, "default-rest", message);
        }
        Ok(())
    }

    fn float(&mut self) -> Result<(), Failure> {
        while self.token.kind != Kind::End {
            let word = self.word();
            if !self.program.float_mode.set(word) {
                return self.fail("expected daz, nodaz, near, up, down, zero or default");
            }
            self.advance();
            if self.token.kind == Kind::Comma {
                self.advance();
            }
        }
        Ok(())
    }

    /// `osabi NUMBER[,VERSION]`.
    fn osabi(&mut self) -> Result<(), Failure> {
        if self.program.flat {
            return self.fail("`osabi` belongs to ELF: flat output has no header");
        }
        for index in 0..2 {
            let start = self.token.start;
            let number = self.number_argument()?;
            let Ok(byte) = u8::try_from(number) else {
                return self.fail_from(start, format!("{number} does not fit in a byte of the header"));
            };
            self.program.unit.osabi[index] = byte;
            if self.token.kind != Kind::Comma {
                break;
            }
            self.advance();
        }
        self.end()
    }

    fn org(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        if !self.program.flat {
            let problem = "`org` belongs to flat output (-f bin): an executable's addresses are the layout's";
            return self.fail_from(start, problem);
        }
        let number = self.number_argument()?;
        self.skip_rest();
        let flat = &mut self.program.unit.sections[0].flat;
        if flat.org.is_some_and(|old| old != number as u64) {
            return self.fail_from(start, "the program has an `org` already");
        }
        flat.org = Some(number as u64);
        Ok(())
    }

    /// `[warning +NAME]` and its kin, which hold for what follows; `push` and `pop` keep the state and go back to it.
    fn warning_directive(&mut self) -> Result<(), Failure> {
        let text = self.lex.text();
        let switch = String::from_utf8_lossy(text[self.token.start..].trim_ascii()).to_ascii_lowercase();
        match switch.as_str() {
            "push" => self.program.warnings.push(self.diagnostics.policy().clone()),
            "pop" => match self.program.warnings.pop() {
                Some(policy) => *self.diagnostics.policy_mut() = policy,
                None => {
                    let message = "`warning pop` without a `warning push`".to_owned();
                    self.warn(self.token, "warn-stack-empty", message);
                    *self.diagnostics.policy_mut() = self.program.given_warnings.clone();
                }
            },
            // What is unknown is passed over, so that sources for newer versions of nasm work.
            _ => {
                if let Err(unknown) = self.diagnostics.policy_mut().set(switch.trim_start_matches(' ')) {
                    self.warn(self.token, "unknown-warning", unknown.to_string());
                }
            }
        }
        Ok(())
    }

    fn sectalign(&mut self) -> Result<(), Failure> {
        if matches!(self.word().to_ascii_lowercase().as_slice(), b"on" | b"off") {
            self.program.sectalign = self.word().eq_ignore_ascii_case(b"on");
            self.advance();
            return self.end();
        }
        let boundary = self.boundary()?;
        self.end()?;
        if self.program.absolute.is_none() {
            let section = &mut self.program.unit.sections[self.program.section.0 as usize];
            section.align = section.align.max(boundary);
        }
        Ok(())
    }

    /// Whether what stands behind the boundary reserves room.
    fn fills_with_room(&self, reserve: bool) -> bool {
        let mut ahead = self.lex;
        match self.token.kind {
            Kind::End => reserve,
            Kind::Comma => match ahead.next_token().kind {
                Kind::End => reserve,
                Kind::Word(key) => matches!(keyword(key), Some(Keyword::Reserve(_))),
                _ => false,
            },
            _ => false,
        }
    }

    fn boundary(&mut self) -> Result<u64, Failure> {
        let start = self.token.start;
        let number = self.number_argument()?;
        match u64::try_from(number) {
            Ok(boundary) if boundary.is_power_of_two() => Ok(boundary),
            _ => self.fail_from(start, format!("an alignment of {number} is not a power of two")),
        }
    }

    /// `align boundary, filler` and `alignb`: as nasm's macros, `times GAP filler`, but the gap is found by layout.
    fn align(&mut self, reserve: bool) -> Result<(), Failure> {
        let start = self.token.start;
        let boundary = self.boundary()?;
        let nobits = self.program.unit.sections[self.program.section.0 as usize].kind == SectionKind::Nobits;
        if let Some(place) = self.program.absolute {
            let from = self.program.section_start();
            let distance = self.program.apply(BinaryOp::Sub, place, from);
            let distance = distance.or_else(|problem| self.fail_from(start, problem))?;
            let Some(distance) = self.number_of(&distance) else {
                return self
                    .fail_from(start, "the distance to this place must be a number that is known here");
            };
            let gap = (distance as u64).wrapping_neg() & (boundary - 1);
            if gap > 0 && !self.fills_with_room(reserve) {
                return self.fail_from(start, "no section is current here: only room can fill the gap");
            }
            self.program.absolute = Some(Term { number: place.number.wrapping_add(gap as i64), ..place });
            self.skip_rest();
            return Ok(());
        }
        if self.program.sectalign {
            let section = &mut self.program.unit.sections[self.program.section.0 as usize];
            section.align = section.align.max(boundary);
        }
        let before = self.program.end();
        let fixups = self.program.unit.sections[self.program.section.0 as usize].fixups.len();
        let is_room = self.filler(reserve)?;
        let index = self.program.section.0 as usize;
        let section = &mut self.program.unit.sections[index];
        if section.end().fragment != before.fragment || section.fixups.len() != fixups {
            return self.fail_from(start, "what fills the gap must be constant");
        }
        let pattern = section.literal.split_off(before.literal as usize);
        if pattern.is_empty() {
            return Ok(());
        }
        let offset = self.program.known_offset();
        let gap = offset.map(|offset| (offset as u64).wrapping_neg() & (boundary - 1));
        if nobits && !is_room && gap != Some(0) {
            let message = "a section without contents is filled with zeroes".to_owned();
            let span = self.span_from(start);
            self.warn_at(span, "other", message);
        }
        match gap {
            Some(0) => return Ok(()),
            Some(gap) if !nobits && gap * pattern.len() as u64 <= 4096 => {
                let literal = self.program.literal();
                (0..gap).for_each(|_| literal.extend_from_slice(&pattern));
            }
            _ => self.align_fragment(boundary, &pattern, None, gap, start),
        }
        let span = self.span_from(start);
        if let Some(items) = &mut self.program.unit.sections[index].items {
            items.push(Item { position: before, kind: ItemKind::Padding, span });
        }
        Ok(())
    }

    /// `[nopalign boundary, threshold, kind]`, which `align` is with `%use smartalign`.
    fn nop_align(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        let boundary = self.boundary()?;
        self.comma()?;
        let most = u64::try_from(self.number_argument()?).ok();
        self.comma()?;
        let near = if self.program.bits == Bits::B16 { 2 } else { 4 };
        let Some(rows) = padding::rows(self.word()) else { return self.fail("expected a kind of padding") };
        self.advance();
        self.end()?;
        let nops = Nops { rows, most, near };
        let before = self.program.end();
        let offset = self.program.known_offset();
        match offset.map(|offset| (offset as u64).wrapping_neg() & (boundary - 1)) {
            Some(0) => return Ok(()),
            Some(gap) if gap <= 4096 => nops.fill(gap as usize, self.program.literal()),
            gap => self.align_fragment(boundary, &[], Some(nops), gap, start),
        }
        let span = self.span_from(start);
        let index = self.program.section.0 as usize;
        if let Some(items) = &mut self.program.unit.sections[index].items {
            items.push(Item { position: before, kind: ItemKind::Padding, span });
        }
        Ok(())
    }

    fn comma(&mut self) -> Result<(), Failure> {
        if self.token.kind != Kind::Comma {
            return self.fail("expected a comma");
        }
        self.advance();
        Ok(())
    }

    fn align_fragment(
        &mut self,
        boundary: u64,
        pattern: &[u8],
        nops: Option<Nops>,
        gap: Option<u64>,
        start: usize,
    ) {
        let span = self.span_from(start);
        let section = &mut self.program.unit.sections[self.program.section.0 as usize];
        let at = |length: usize| u32::try_from(length).expect("a pattern was a line of source");
        let from = at(section.patterns.len());
        section.patterns.extend_from_slice(pattern);
        let pattern_range = from..at(section.patterns.len());
        let size = gap.map(|gap| if nops.is_some() { gap } else { gap * pattern.len() as u64 });
        let align = Align { boundary, pattern: pattern_range, nops };
        self.program.push_fragment(FragmentKind::Align(align), size, span);
    }

    /// What stands after the boundary, or `nop` for `align` and a zero byte for `alignb`; whether it is room only.
    fn filler(&mut self, reserve: bool) -> Result<bool, Failure> {
        if self.token.kind == Kind::Comma {
            self.advance();
        }
        let default: u8 = if reserve { 0 } else { 0x90 };
        let mut is_room = reserve && self.token.kind == Kind::End;
        match self.token.kind {
            Kind::End => self.program.literal().push(default),
            Kind::Word(key) => match keyword(key) {
                Some(Keyword::Reserve(width)) => {
                    self.advance();
                    let count = self.number_argument()?;
                    let bytes = usize::try_from(count).unwrap_or(0).min(4096) * usize::from(width);
                    let literal = self.program.literal();
                    literal.resize(literal.len() + bytes, 0);
                    is_room = true;
                }
                Some(Keyword::Define(width)) => {
                    self.advance();
                    self.define_data(width)?;
                }
                Some(Keyword::Times) => self.times()?,
                _ => self.instruction()?,
            },
            _ => return self.fail("expected what fills the gap"),
        }
        self.end().map(|()| is_room)
    }

    pub(super) fn skip_rest(&mut self) {
        while self.token.kind != Kind::End {
            self.advance();
        }
    }
}
