//! Instructions: prefixes and operands in, and what encoding made of them into the section.

use super::{Cursor, Failure};
use crate::isa::x86::{
    self, Assembled, Instruction, Known, Operand, OperandKind, Prefixes, Register, RegisterClass,
};
use crate::nasm::expr::Rest;
use crate::nasm::lex::{Keyword, Kind, Prefix, keyword};
use crate::source::{Diagnostic, Span};
use crate::unit::{
    BinaryOp, Branch, Definition, Encoding, Expr, Field, First, Fixup, FixupKind, FragmentKind, Position,
    SectionId, Sized, Unit, Value,
};

/// The encoder, kept for the whole source, and how short it makes encodings.
pub(super) struct Encoder {
    assembler: x86::Assembler,
    options: x86::Options,
}

impl Encoder {
    pub(super) fn new(optimize: x86::Optimize) -> Self {
        Encoder {
            assembler: x86::Assembler::new(),
            options: x86::Options { optimize, cpu: x86::Cpu::default() },
        }
    }

    /// What `cpu` says.
    pub(super) fn cpu(&mut self) -> &mut x86::Cpu {
        &mut self.options.cpu
    }

    #[inline]
    fn assemble(
        &mut self,
        bits: x86::Bits,
        instruction: &Instruction<'_>,
    ) -> Result<Assembled<'_>, x86::Rejection> {
        self.assembler.assemble(bits, &self.options, instruction)
    }
}

/// No instruction has more operands.
const MOST_OPERANDS: usize = 5;

const NO_OPERAND: Operand = Operand {
    kind: OperandKind::Immediate(Known::Number(0)),
    size: None,
    distance: None,
    strict: false,
    to: false,
    following: 0,
    mask: 0,
    zeroing: false,
    broadcast: 0,
    rounding: None,
    span: Span::NONE,
};

impl Cursor<'_, '_> {
    /// Prefixes, mnemonic, operands.
    #[inline]
    pub(super) fn instruction(&mut self) -> Result<(), Failure> {
        let start = self.token.start;
        let mut prefixes = Prefixes::default();
        let mut mnemonic = x86::mnemonic(self.word());
        if mnemonic.is_none() || self.is_prefix() {
            if !self.prefixes(&mut prefixes)? {
                return self.prefixes_alone(start);
            }
            mnemonic = x86::mnemonic(self.word());
        }
        let Some(mnemonic) = mnemonic else { return self.prefixed_data() };
        self.instruction_of(mnemonic, prefixes, start)
    }

    /// An instruction from its mnemonic on; `start` is where its prefixes begin.
    #[inline]
    pub(super) fn instruction_of(
        &mut self,
        mnemonic: u16,
        mut prefixes: Prefixes,
        start: usize,
    ) -> Result<(), Failure> {
        let span = self.line.span(self.token.start..self.token.end);
        self.advance();
        let mut operands = [NO_OPERAND; MOST_OPERANDS];
        let forward = self.program.forward;
        let count = self.operands(&mut operands)?;
        let ahead = self.program.forward != forward;
        prefixes.bnd |= self.program.default_bnd && !prefixes.nobnd && takes_bnd(mnemonic);
        let default_rel = self.program.default_rel;
        let instruction = Instruction { mnemonic, prefixes, operands: &operands[..count], default_rel, span };
        let place = self.span_from(start);
        let assembled = match self.x86.assemble(self.program.bits, &instruction) {
            Ok(assembled) => assembled,
            Err(rejection) => {
                self.x86.assembler.cautions().clear();
                let blamed = self.line.text_of(rejection.span).unwrap_or("[...]".into());
                let error = rejection.diagnostic(&blamed);
                if rejection.is_of_another_mode() && self.program.other_mode.is_none() {
                    self.program.other_mode = Some(error.span);
                }
                return Err(error.into());
            }
        };
        match assembled {
            Assembled::Fixed { encoding, fields } => self.program.fixed(&encoding, &fields, place),
            Assembled::Branch(branch) => self.program.branch(branch, place),
            Assembled::Sized { values, candidates } => {
                let unit = &self.program.unit;
                let first = match ahead {
                    true if operands[..count].iter().any(|operand| is_far(unit, operand)) => First::Longest,
                    true => First::Shortest,
                    false => First::Fitting,
                };
                let section = &mut self.program.unit.sections[self.program.section.0 as usize];
                let at =
                    |length: usize| u32::try_from(length).expect("fewer candidates than bytes of source");
                let from = at(section.candidates.len());
                section.candidates.extend_from_slice(candidates);
                let candidates = from..at(section.candidates.len());
                self.program.push_fragment(
                    FragmentKind::Sized(Sized { values, candidates, first }),
                    None,
                    place,
                );
            }
        }
        if !self.x86.assembler.cautions().is_empty() {
            self.warn_of(&operands, place);
        }
        Ok(())
    }

    /// The warnings about the last instruction.
    #[cold]
    fn warn_of(&mut self, operands: &[Operand], place: Span) {
        for caution in std::mem::take(self.x86.assembler.cautions()) {
            let span = caution.operand.and_then(|at| operands.get(at)).map_or(place, |operand| operand.span);
            self.warn_at(span, caution.name, caution.message);
        }
    }

    /// A word that is a mnemonic and a prefix is a prefix where an instruction follows.
    fn is_prefix(&self) -> bool {
        matches!(self.token.kind, Kind::Word(key) if matches!(keyword(key), Some(Keyword::Prefix(_))))
    }

    /// Prefixes before data change nothing; before anything else there should have been an instruction.
    fn prefixed_data(&mut self) -> Result<(), Failure> {
        match self.token.kind {
            Kind::Word(key)
                if matches!(
                    keyword(key),
                    Some(Keyword::Define(_) | Keyword::Reserve(_) | Keyword::Incbin | Keyword::Times)
                ) =>
            {
                self.body().map(drop)
            }
            _ => self.no_instruction(),
        }
    }

    fn no_instruction<T>(&self) -> Result<T, Failure> {
        if !matches!(self.token.kind, Kind::Word(_) | Kind::Symbol) {
            return self.fail("expected an instruction");
        }
        let word = self.text(self.token.start, self.token.end);
        let error = Diagnostic::error(self.span(self.token), format!("there is no instruction `{word}`"));
        Err(self.suggest(error, &word).into())
    }

    #[inline]
    fn operands(&mut self, operands: &mut [Operand; MOST_OPERANDS]) -> Result<usize, Failure> {
        let count = self.operand_list(operands)?;
        self.program.unit.vectors |= operands[..count].iter().any(is_vector);
        Ok(count)
    }

    #[inline]
    fn operand_list(&mut self, operands: &mut [Operand; MOST_OPERANDS]) -> Result<usize, Failure> {
        let mut count = 0;
        if self.token.kind == Kind::End {
            return Ok(0);
        }
        loop {
            if count > 0 && self.token.kind == Kind::Braces {
                self.rounding(&mut operands[count - 1])?;
            } else {
                let Some(free) = operands.get_mut(count) else {
                    return self.fail_from(self.token.start, "no instruction has so many operands");
                };
                self.operand(free)?;
                count += 1;
            }
            match self.token.kind {
                Kind::Comma => {
                    self.advance();
                    // As in NASM, nothing behind a comma is no operand: macros leave arguments out.
                    if self.token.kind == Kind::End {
                        return Ok(count);
                    }
                }
                Kind::End => return Ok(count),
                _ => return self.fail("expected a comma or the end of the statement"),
            }
        }
    }

    /// Prefixes up to a mnemonic; false when nothing follows them.
    fn prefixes(&mut self, out: &mut Prefixes) -> Result<bool, Failure> {
        // Where the prefix of each kind stands.
        let mut places = [(0, 0); 8];
        loop {
            let kind = match self.token.kind {
                Kind::End => return Ok(false),
                Kind::Braces => {
                    match self.word().to_ascii_lowercase().as_slice() {
                        b"{vex}" => out.encoding = 1,
                        b"{vex2}" => out.encoding = 2,
                        b"{vex3}" => out.encoding = 3,
                        b"{evex}" => out.encoding = 4,
                        b"{rex}" => out.encoding = 5,
                        _ => return self.fail("expected one of {rex}, {vex}, {vex2}, {vex3}, {evex}"),
                    }
                    0
                }
                Kind::Word(key) => match keyword(key) {
                    Some(Keyword::Prefix(prefix)) => set(out, prefix, self.program.bits),
                    _ => match segment(self.word()) {
                        Some(register) => {
                            out.segment = Some(register);
                            1
                        }
                        None => return Ok(true),
                    },
                },
                _ => return Ok(true),
            };
            let (start, end) = std::mem::replace(&mut places[kind], (self.token.start, self.token.end));
            let (earlier, later) = (self.text(start, end), self.text(self.token.start, self.token.end));
            if end > 0 && !earlier.eq_ignore_ascii_case(&later) {
                return self.fail(format!("`{earlier}` and `{later}` cannot stand before one instruction"));
            }
            self.advance();
        }
    }

    /// Prefixes without an instruction are bytes of their own, in the order in which an instruction has them.
    fn prefixes_alone(&mut self, start: usize) -> Result<(), Failure> {
        let text = self.text(start, self.token.start);
        let mut bytes: Vec<u8> = text
            .split_ascii_whitespace()
            .filter_map(|word| match keyword(crate::nasm::lex::key(word.as_bytes())) {
                Some(Keyword::Prefix(prefix)) => prefix_byte(prefix, self.program.bits),
                _ => segment_byte(word),
            })
            .collect();
        bytes.sort_by_key(|byte| match byte {
            0x9b => 0,
            0xf2 | 0xf3 => 1,
            0xf0 => 2,
            0x66 => 4,
            0x67 => 5,
            0x48 => 6,
            _ => 3,
        });
        // Written twice, a prefix stands there once.
        bytes.dedup();
        if bytes.contains(&0xf0) {
            let message = "`lock` stands alone: what follows it is not known to be one that can be locked";
            self.warn_at(self.span_from(start), "prefix-lock", message.to_owned());
        }
        self.program.literal().extend(bytes);
        Ok(())
    }
}

/// Whether `default bnd` is meant for an instruction: near calls and returns, and jumps but those on counters.
fn takes_bnd(mnemonic: u16) -> bool {
    let name = x86::mnemonic_name(mnemonic);
    matches!(name, "call" | "ret" | "retn") || name.starts_with('j') && !name.ends_with("cxz")
}

/// Takes note of a prefix; says of which kind it is, from 2: an instruction has one of each kind.
fn set(out: &mut Prefixes, prefix: Prefix, bits: x86::Bits) -> usize {
    use x86::{Bits, Size};
    match prefix {
        Prefix::Lock => out.lock = true,
        Prefix::Rep => out.rep = true,
        Prefix::Repne => out.repne = true,
        Prefix::Xacquire => out.xacquire = true,
        Prefix::Xrelease => out.xrelease = true,
        Prefix::Bnd => out.bnd = true,
        Prefix::Nobnd => out.nobnd = true,
        Prefix::Notrack => out.notrack = true,
        Prefix::Wait => out.wait = true,
        Prefix::Address(size) => out.address_size = Some(size),
        Prefix::Operand(size) => out.operand_size = Some(size),
        Prefix::OtherAddress => {
            out.address_size = Some(if bits == Bits::B32 { Size::Word } else { Size::Dword });
        }
        Prefix::OtherOperand => {
            out.operand_size = Some(if bits == Bits::B16 { Size::Dword } else { Size::Word });
        }
    }
    match prefix {
        Prefix::Lock => 2,
        Prefix::Rep | Prefix::Repne | Prefix::Xacquire | Prefix::Xrelease | Prefix::Bnd | Prefix::Nobnd => 3,
        Prefix::Wait => 4,
        Prefix::Notrack => 7,
        Prefix::Address(_) | Prefix::OtherAddress => 5,
        Prefix::Operand(_) | Prefix::OtherOperand => 6,
    }
}

fn segment(word: &[u8]) -> Option<Register> {
    Register::from_name(word).filter(|register| register.class() == RegisterClass::Segment)
}

fn segment_byte(word: &str) -> Option<u8> {
    Some(match word.to_ascii_lowercase().as_str() {
        "es" => 0x26,
        "cs" => 0x2e,
        "ss" => 0x36,
        "ds" => 0x3e,
        "fs" => 0x64,
        "gs" => 0x65,
        _ => return None,
    })
}

fn prefix_byte(prefix: Prefix, bits: x86::Bits) -> Option<u8> {
    use x86::{Bits, Size};
    Some(match prefix {
        Prefix::Lock => 0xf0,
        Prefix::Rep | Prefix::Xrelease => 0xf3,
        Prefix::Repne | Prefix::Xacquire | Prefix::Bnd => 0xf2,
        Prefix::Notrack => 0x3e,
        Prefix::Wait => 0x9b,
        Prefix::Address(size) => {
            let own = match bits {
                Bits::B16 => Size::Word,
                Bits::B32 => Size::Dword,
                Bits::B64 => Size::Qword,
            };
            return (size != own).then_some(0x67);
        }
        Prefix::Operand(Size::Qword) => 0x48,
        Prefix::Operand(size) => {
            return ((bits == Bits::B16) != (size == Size::Word)).then_some(0x66);
        }
        Prefix::OtherAddress => 0x67,
        Prefix::OtherOperand => 0x66,
        Prefix::Nobnd => return None,
    })
}

impl super::Program {
    /// Bytes, with fields that are filled in now where that is possible.
    #[inline]
    pub(super) fn fixed(&mut self, encoding: &Encoding, fields: &[Option<(Field, Value)>; 2], span: Span) {
        let position = self.end();
        self.literal().extend_from_slice(encoding.as_slice());
        for &(field, value) in fields.iter().flatten() {
            let at = Position { literal: position.literal + u32::from(field.offset), ..position };
            self.field(at, field, value, span);
        }
    }

    fn field(&mut self, position: Position, field: Field, value: Value, span: Span) {
        if let FixupKind::Relative { end } = field.kind {
            self.place_dependent = true;
            let from = Position { literal: position.literal + u32::from(end), ..position };
            if field.width == 4
                && let Some(distance) = self.distance_to(value, from)
                && let Ok(distance) = i32::try_from(distance)
            {
                let at = position.literal as usize;
                self.literal()[at..at + 4].copy_from_slice(&distance.to_le_bytes());
                return;
            }
        }
        let section = &mut self.unit.sections[self.section.0 as usize];
        section.fixups.push(Fixup { position, width: field.width, kind: field.kind, value, span });
    }

    /// From a place of the current section to a value that is a place of it too, if all sizes between are known.  So
    /// many bytes from a label stay a value where items are kept: who moves bytes must know the label.
    fn distance_to(&self, value: Value, from: Position) -> Option<i64> {
        let (section, to, addend) = self.target(value)?;
        if section != self.section || self.items && addend != 0 {
            return None;
        }
        Some(self.known_distance(section, from, to)?.wrapping_add(addend))
    }

    fn target(&self, value: Value) -> Option<(SectionId, Position, i64)> {
        let (rest, addend) = match value {
            Value::Symbol { symbol, addend } => (Rest::Symbol(symbol), addend),
            Value::Expr(id) => match self.unit.exprs.get(id) {
                crate::unit::Expr::Here(section, position) => (Rest::Here(section, position), 0),
                _ => return None,
            },
            Value::Const(_) => return None,
        };
        let (section, position) = self.place(rest)?;
        Some((section, position, addend))
    }

    /// A jump: written at once where its target is behind it and in reach for certain, or out of reach for certain.
    pub(super) fn branch(&mut self, branch: Branch, span: Span) {
        self.place_dependent = true;
        let position = self.end();
        let short_length = branch.short.len() as i64 + 1;
        if let Some((section, to, addend)) = self.target(branch.target)
            && section == self.section
        {
            // Sizes only grow, so the bytes that are known bound a jump backwards from below.
            let literal = i64::from(to.literal) - i64::from(position.literal) + addend - short_length;
            match self.known_distance(section, position, to) {
                Some(distance) if (-128..=127).contains(&(distance + addend - short_length)) => {
                    let field = (distance + addend - short_length) as i8;
                    let literal = self.literal();
                    literal.extend_from_slice(branch.short.as_slice());
                    literal.push(field as u8);
                    return;
                }
                Some(_) => return self.near(&branch, position, span),
                None if addend <= 0 && literal < -128 => return self.near(&branch, position, span),
                None => {}
            }
        }
        self.push_fragment(FragmentKind::Branch(branch), None, span);
    }

    fn near(&mut self, branch: &Branch, position: Position, span: Span) {
        let width = branch.near_width;
        let opcode = branch.near.len();
        let literal = self.literal();
        literal.extend_from_slice(branch.near.as_slice());
        literal.resize(literal.len() + usize::from(width), 0);
        let kind = FixupKind::Relative { end: width };
        let offset = u8::try_from(opcode).expect("an instruction has at most 15 bytes");
        let field = Field { offset, width, kind };
        let at = Position { literal: position.literal + u32::from(offset), ..position };
        self.field(at, field, branch.target, span);
    }
}

fn is_vector(operand: &Operand) -> bool {
    let vectors = |register: Register| {
        matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
    };
    matches!(operand.kind, OperandKind::Register(register) if vectors(register))
}

/// Whether an address is taken to be far before anything is known of what lies ahead.  nasm counts the names that it
/// does not know: of `[eax+b-a]` with both ahead nothing is left, and that is near.
fn is_far(unit: &Unit, operand: &Operand) -> bool {
    match operand.kind {
        OperandKind::Memory(x86::Memory { displacement: Known::Later(value), .. }) => {
            unknown(unit, value) != Some(0)
        }
        _ => false,
    }
}

/// How often names that are not defined yet are added in a sum, less how often they are taken away; `None` for what is
/// no sum.
fn unknown(unit: &Unit, value: Value) -> Option<i64> {
    let of = |id| unknown(unit, Value::Expr(id));
    Some(match value {
        Value::Const(_) => 0,
        Value::Symbol { symbol, .. } => {
            i64::from(matches!(unit.symbol(symbol).definition, Definition::Undefined))
        }
        Value::Expr(id) => match unit.exprs.get(id) {
            Expr::Value(value) => unknown(unit, value)?,
            Expr::Here(..) | Expr::SectionStart(_) => 0,
            Expr::Binary(BinaryOp::Add, one, other) => of(one)? + of(other)?,
            Expr::Binary(BinaryOp::Sub, one, other) => of(one)? - of(other)?,
            _ => return None,
        },
    })
}
