//! Operands of instructions: keywords, registers, immediates, `[…]`, `segment:offset`, decorators.

use super::assemble::{Cursor, Failure};
use super::expr::{Hint, Term};
use super::lex::{Keyword, Kind, keyword};
use crate::isa::x86::{
    Distance, Known, Memory, Operand, OperandKind, Register, RegisterClass, Rounding, Size,
};
use crate::source::Span;

/// The keywords before an operand.
#[derive(Clone, Copy, Default)]
struct Modifiers {
    size: Option<Size>,
    distance: Option<Distance>,
    strict: bool,
    to: bool,
    /// `ptr` of `%use masm`: what follows is memory, brackets or not.
    memory: bool,
}

/// What stands in braces behind an operand.
#[derive(Clone, Copy, Default)]
struct Decorators {
    mask: u8,
    zeroing: bool,
    broadcast: u8,
    rounding: Option<Rounding>,
}

impl Cursor<'_, '_> {
    /// One operand, into a place that holds a bare one.
    #[inline]
    pub(super) fn operand(&mut self, out: &mut Operand) -> Result<(), Failure> {
        let start = self.token.start;
        if let Some(kind) = self.single_token() {
            out.kind = kind;
            self.advance();
        } else {
            self.composed_operand(out)?;
        }
        out.span = self.span_from(start);
        Ok(())
    }

    /// The operand that is one token: a register or a number, most often.
    #[inline]
    fn single_token(&self) -> Option<OperandKind> {
        let kind = match self.token.kind {
            Kind::Number(number) => OperandKind::Immediate(Known::Number(number)),
            Kind::Word(key) => match keyword(key) {
                Some(Keyword::Register(register)) => OperandKind::Register(register),
                _ => return None,
            },
            _ => return None,
        };
        self.lex.ends_operand().then_some(kind)
    }

    fn composed_operand(&mut self, out: &mut Operand) -> Result<(), Failure> {
        let modifiers = self.modifiers();
        out.size = modifiers.size;
        out.distance = modifiers.distance;
        out.strict = modifiers.strict;
        out.to = modifiers.to;
        out.kind = match self.token.kind {
            Kind::OpenBracket => {
                self.advance();
                self.memory(Memory::NOWHERE, None)?
            }
            _ if modifiers.memory => self.bare_memory(None)?,
            _ => self.plain_operand(out)?,
        };
        if let (true, OperandKind::Memory(memory)) = (self.program.tasm, &mut out.kind) {
            // In TASM a size in the brackets is that of the operand.
            out.size = memory.displacement_size.take().or(out.size);
        }
        if self.token.kind == Kind::Braces {
            let mut decorators = Decorators::default();
            self.decorators(&mut decorators)?;
            out.mask = decorators.mask;
            out.zeroing = decorators.zeroing;
            out.broadcast = decorators.broadcast;
            out.rounding = decorators.rounding;
        }
        Ok(())
    }

    /// A rounding that is written as an operand belongs to the one before it.
    pub(super) fn rounding(&mut self, before: &mut Operand) -> Result<(), Failure> {
        let mut decorators = Decorators::default();
        self.decorators(&mut decorators)?;
        if before.rounding.is_some() && decorators.rounding.is_some() {
            return self.fail("the rounding is chosen already");
        }
        before.rounding = before.rounding.or(decorators.rounding);
        Ok(())
    }

    #[inline]
    fn modifiers(&mut self) -> Modifiers {
        let mut out = Modifiers::default();
        while let Kind::Word(key) = self.token.kind {
            match keyword(key) {
                None if self.word() == b"__?masm_ptr?__" => out.memory = true,
                // As in NASM, the first of several sizes counts.
                Some(Keyword::Size(size)) => out.size = out.size.or(Some(size)),
                Some(Keyword::Distance(distance)) => out.distance = Some(distance),
                Some(Keyword::Strict) => out.strict = true,
                Some(Keyword::To) => out.to = true,
                _ => break,
            }
            self.advance();
        }
        out
    }

    /// A register and how many follow it, an immediate, or a far pointer.
    #[inline]
    fn plain_operand(&mut self, out: &mut Operand) -> Result<OperandKind, Failure> {
        let start = self.token.start;
        let term = self.expression()?;
        if self.token.kind == Kind::Colon {
            return self.far(start, &term, out);
        }
        if self.token.kind == Kind::OpenBracket {
            self.advance();
            return self.memory(Memory::NOWHERE, Some(term));
        }
        if let Some(register) = term.as_register() {
            return Ok(OperandKind::Register(register));
        }
        if let Some((register, count)) = term.as_registers() {
            out.following = count;
            return Ok(OperandKind::Register(register));
        }
        if term.has_registers() {
            return self.fail_from(start, "an expression with registers stands in brackets: [ ]");
        }
        Ok(OperandKind::Immediate(self.program.known(&term)))
    }

    /// `segment:offset`, or memory: `es:[…]`, `es:address`.
    fn far(&mut self, start: usize, first: &Term, out: &mut Operand) -> Result<OperandKind, Failure> {
        self.advance();
        if let Some(register) = first.as_register() {
            return self.bare_memory(Some(register));
        }
        // The size of the offset may stand before either of the two.
        if let Kind::Word(key) = self.token.kind
            && matches!(keyword(key), Some(Keyword::Size(_) | Keyword::Strict))
        {
            let modifiers = self.modifiers();
            if out.size.is_some() && modifiers.size.is_some() {
                return self.fail_from(start, "a far pointer has one size");
            }
            if modifiers.distance.is_some() || modifiers.to {
                return self.fail("expected the offset of the far pointer");
            }
            out.size = out.size.or(modifiers.size);
        }
        let second = self.expression()?;
        if first.has_registers() || second.has_registers() {
            return self.fail_from(start, "`segment:offset` takes numbers and symbols");
        }
        let segment = self.program.known(first);
        let offset = self.program.known(&second);
        Ok(OperandKind::Far { segment, offset })
    }

    /// Memory that does not begin with a bracket: `address`, `es:address`, `address[index]`.
    fn bare_memory(&mut self, segment: Option<Register>) -> Result<OperandKind, Failure> {
        let start = self.token.start;
        if self.word() == b"__?masm_flat?__" && self.peek() == Kind::Colon {
            self.advance();
            self.advance();
        }
        let mut memory = Memory { segment, ..Memory::NOWHERE };
        self.memory_keywords(&mut memory);
        if self.token.kind == Kind::OpenBracket {
            self.advance();
            return self.memory(memory, None);
        }
        let address = self.address(&mut memory)?;
        if self.token.kind == Kind::OpenBracket {
            self.advance();
            return self.memory(memory, Some(address));
        }
        self.fill_memory(&mut memory, &address, start)?;
        Ok(OperandKind::Memory(memory))
    }

    /// What follows `[`, up to and with `]`.  `displacement[index]` is the same as `[displacement + index]`.
    fn memory(&mut self, mut memory: Memory, displacement: Option<Term>) -> Result<OperandKind, Failure> {
        let start = self.token.start;
        let mut term = self.address(&mut memory)?;
        if self.token.kind == Kind::Comma {
            self.advance();
            term = self.split_address(term)?;
        }
        if self.token.kind != Kind::CloseBracket {
            return self.fail("expected `]`");
        }
        self.advance();
        if let Some(displacement) = displacement {
            // What is in the brackets says which of two registers is the base.
            let hint = match term.hint {
                Hint::First if displacement.has_registers() => Hint::Second,
                Hint::Second if displacement.has_registers() => Hint::First,
                hint => hint,
            };
            term = match self.program.apply(crate::unit::BinaryOp::Add, displacement, term) {
                Ok(sum) => Term { hint, ..sum },
                Err(problem) => return self.fail_from(start, problem),
            };
        }
        self.fill_memory(&mut memory, &term, start)?;
        Ok(OperandKind::Memory(memory))
    }

    /// Keywords, a segment register and `:`, an expression.
    fn address(&mut self, memory: &mut Memory) -> Result<Term, Failure> {
        let start = self.token.start;
        self.memory_keywords(memory);
        let term = if self.token.kind == Kind::Comma { Term::number(0) } else { self.expression()? };
        if self.token.kind != Kind::Colon {
            return Ok(term);
        }
        let Some(register) = term.as_register() else {
            return self.fail_from(start, "only a segment register stands before `:` of an address");
        };
        if memory.segment.is_some() {
            return self.fail_from(start, "an address has one segment register");
        }
        memory.segment = Some(register);
        self.advance();
        self.memory_keywords(memory);
        self.expression()
    }

    /// `[base+displacement, index*scale]`, the form of mib operands.
    fn split_address(&mut self, base: Term) -> Result<Term, Failure> {
        let start = self.token.start;
        let index = self.expression()?;
        let hint = if base.has_registers() { Hint::First } else { Hint::Second };
        match self.program.apply(crate::unit::BinaryOp::Add, base, index) {
            Ok(sum) => Ok(Term { hint, ..sum }),
            Err(problem) => self.fail_from(start, problem),
        }
    }

    fn memory_keywords(&mut self, memory: &mut Memory) {
        while let Kind::Word(key) = self.token.kind {
            match keyword(key) {
                Some(Keyword::Size(size)) => memory.displacement_size = Some(size),
                Some(Keyword::Nosplit) => memory.nosplit = true,
                // `abs` wins, whichever is written first.
                Some(Keyword::Rel) => memory.relative = memory.relative.or(Some(true)),
                Some(Keyword::Abs) => memory.relative = Some(false),
                Some(Keyword::Prefix(super::lex::Prefix::Address(size))) => memory.address_size = Some(size),
                _ => break,
            }
            self.advance();
        }
    }

    /// Base, index and displacement from a term.
    #[inline]
    fn fill_memory(&mut self, memory: &mut Memory, term: &Term, start: usize) -> Result<(), Failure> {
        memory.displacement = self.program.known(term);
        let mut bad = None;
        let mut registers = term.registers;
        if term.hint == Hint::Summed && registers[0].1 == 2 && registers[1].1 == 0 {
            registers = [(registers[0].0, 1); 2];
        }
        if registers[1].1 == 1 {
            let [first, second] = registers.map(|one| one.0);
            let second_is_base = match term.hint {
                _ if is_vector(first) => true,
                _ if registers[0].1 != 1 || is_vector(second) => false,
                Hint::Summed => second.name() < first.name(),
                hint => hint == Hint::Second,
            };
            if second_is_base {
                registers.swap(0, 1);
            }
        }
        if registers[1].1 == 0 && unsplit(memory, term) {
            registers[0].1 = 0;
        }
        for &(register, factor) in registers.iter().filter(|one| one.1 != 0) {
            match factor {
                1 if memory.base.is_none() && !is_vector(register) => memory.base = Some(register),
                1 | 2 | 3 | 4 | 5 | 8 | 9 if memory.index.is_none() => {
                    memory.index = Some(register);
                    memory.scale = factor as u8;
                }
                _ => bad = Some(factor),
            }
        }
        if let Some(factor) = bad {
            let problem = format!(
                "a register cannot be scaled by {factor} here: 1, 2, 4 and 8 are possible, and for one register 3, 5 and 9"
            );
            return self.fail_from(start, problem);
        }
        // nasm: `default rel` reaches addresses without registers that are not overridden by fs or gs.
        let number = matches!(memory.displacement, Known::Number(_));
        if memory.relative.is_none() && self.program.default_rel && !term.has_registers() {
            let own_segment = memory.segment.is_some_and(|register| matches!(register.name(), "fs" | "gs"));
            if !own_segment {
                memory.relative = Some(true);
            }
        }
        if memory.relative == Some(true) && !number {
            // Only the short displacement is relative.
            memory.displacement_size = None;
        }
        if memory.relative == Some(true)
            && !term.has_registers()
            && number
            && self.program.bits == crate::isa::x86::Bits::B64
        {
            let span = self.line.span(start..self.token.start);
            self.warn_at(span, "ea-absolute", "absolute address can not be RIP-relative".to_owned());
        }
        Ok(())
    }

    fn decorators(&mut self, out: &mut Decorators) -> Result<(), Failure> {
        while self.token.kind == Kind::Braces {
            let text = &self.lex.text()[self.token.start + 1..self.token.end - 1];
            let text = text.trim_ascii().to_ascii_lowercase();
            match text.as_slice() {
                b"z" => out.zeroing = true,
                b"rn-sae" => out.rounding = Some(Rounding::Nearest),
                b"rd-sae" => out.rounding = Some(Rounding::Down),
                b"ru-sae" => out.rounding = Some(Rounding::Up),
                b"rz-sae" => out.rounding = Some(Rounding::Zero),
                b"sae" => out.rounding = Some(Rounding::SuppressOnly),
                b"1to2" => out.broadcast = 2,
                b"1to4" => out.broadcast = 4,
                b"1to8" => out.broadcast = 8,
                b"1to16" => out.broadcast = 16,
                b"1to32" => out.broadcast = 32,
                [b'k', b'1'..=b'7'] if out.mask != 0 => return self.fail("the operand has a mask already"),
                [b'k', digit @ b'1'..=b'7'] => out.mask = digit - b'0',
                b"k0" => return self.fail("opmask register k0 means no mask and cannot be written as one"),
                _ => {
                    let found = String::from_utf8_lossy(&text).into_owned();
                    return self.fail(format!("unknown decorator `{{{found}}}`"));
                }
            }
            self.advance();
        }
        Ok(())
    }

    /// The source of everything from `start` to the token before the current one.
    pub(super) fn span_from(&self, start: usize) -> Span {
        self.line.span(start..self.last_end.max(start))
    }
}

/// `[rdx*1]` has an index only, unless it is made shorter, and `[nosplit rdx+rdx]` base and index.
fn unsplit(memory: &mut Memory, term: &Term) -> bool {
    let (register, factor) = term.registers[0];
    match factor {
        1 if term.hint == Hint::Second => memory.index = Some(register),
        2 if term.hint == Hint::Summed && memory.nosplit => {
            (memory.base, memory.index) = (Some(register), Some(register))
        }
        _ => return false,
    }
    true
}

fn is_vector(register: Register) -> bool {
    matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
}
