//! Selection: the first form that fits, in NASM's order, and where a value is not known yet all that may fit.
//!
//! The order itself is in the tables (`tests/isa_tables/rank.rs` makes it); what depends on the mode, on prefixes and on
//! decorators is tested here, cheapest test first.  A form is never tried by encoding it: an error would cost more than
//! all candidates together.

use super::candidates::{candidate, later_values, rooms};
use super::caution::{Caution, cautions};
use super::encode::{Encoded, Encoders, Line, Room};
use super::fields::target;
use super::fit::NEEDS_64_BIT;
use super::form::{Form, Wrapping, kind};
use super::matching::{first_fit, fits, misfit};
use super::mnemonic::{forms, mnemonic_name};
use super::pattern::{self, Holes, Key, Pattern, Patterns};
use super::prefix::REX;
use super::reject::{Misfit, Rejection, Why};
use super::request::{Request, measure_all, other_spelling, request, segment_move};
use super::{Assembled, Bits, Cpu, Instruction, Known, Operand, OperandKind, Size};
use crate::unit::{Accept, Branch, Candidate, Encoding, Field, FixupKind};

/// `-O0`, `-O1`, `-Ox`: which shorter forms are taken that the source does not ask for.
///
/// At every level displacements and `shl reg,1` are as short as possible, and a size keyword is obeyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Optimize {
    /// Numbers and jumps have their full size, but conditional jumps are short where they reach.
    None,
    /// Numbers are bytes where they fit (`add eax,1`), but every jump is near and a register is as wide as written.
    One,
    /// Everything as short as NASM knows.
    #[default]
    Full,
}

/// What a source can set about the choice of encodings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The level of optimisation.
    pub optimize: Optimize,
    /// What `cpu` says.
    pub cpu: Cpu,
}

/// Turns instructions into bytes.  It keeps the encoder's tables and the room for candidates, nothing of the lines.
#[derive(Debug, Default)]
pub struct Assembler {
    encoders: Encoders,
    candidates: Vec<Candidate>,
    /// Of instructions with the default options.
    patterns: Patterns,
    /// What is odd about instructions since they were last asked for.
    cautions: Vec<Caution>,
    /// The key of the instruction at work, for its pattern.
    key: Option<(Key, Holes)>,
}

impl Assembler {
    /// A new one; costs nothing until the first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes of one instruction, or what relaxation chooses from.
    #[inline]
    pub fn assemble(
        &mut self,
        bits: Bits,
        options: &Options,
        instruction: &Instruction<'_>,
    ) -> Result<Assembled<'_>, Rejection> {
        self.key = if *options == Options::default() { Key::new(bits, instruction) } else { None };
        if let Some((key, holes)) = &self.key
            && let Some(encoding) = self.patterns.fill(key, holes)
        {
            debug_assert!(self.agrees(bits, instruction, &encoding), "{instruction:?}");
            return Ok(Assembled::Fixed { encoding, fields: [None; 2] });
        }
        self.choose(bits, options, instruction)
    }

    /// The warnings about what was assembled since the last call.
    #[inline]
    pub fn cautions(&mut self) -> &mut Vec<Caution> {
        &mut self.cautions
    }

    fn choose(
        &mut self,
        bits: Bits,
        options: &Options,
        instruction: &Instruction<'_>,
    ) -> Result<Assembled<'_>, Rejection> {
        let count = instruction.operands.len();
        if count > 5 {
            return Err(Rejection::new(bits, instruction, Why::OperandCount));
        }
        let measured = measure_all(bits, options, instruction).map_err(|(operand, reason)| {
            Rejection::new(bits, instruction, Why::Address { operand, reason })
        })?;
        if let Some(reason) = wrong_prefix(bits, instruction) {
            return Err(Rejection::new(bits, instruction, Why::Prefix(reason)));
        }
        let operand_size = instruction.prefixes.operand_size.or_else(|| segment_move(options, instruction));
        let line = Line { bits, instruction, measured: &measured, operand_size };
        let mut request = request(line, *options);
        let forms = forms(instruction.mnemonic, count);
        let mut first = first_fit(&request, forms);
        if first.is_none() && request.operand_size != 0 && instruction.prefixes.operand_size.is_some() {
            request.size_ignored = true;
            first = first_fit(&request, forms);
        }
        if first.is_none() && instruction.prefixes.address_size.is_some() {
            request.address_ignored = true;
            first = first_fit(&request, forms);
        }
        if first.is_none()
            && let Some(operands) = other_spelling(instruction)
        {
            let instruction = Instruction { operands: &operands[..2], ..*instruction };
            return self.choose(bits, options, &instruction);
        }
        let wide = || register_of_64_bits(bits, instruction);
        let Some(first) = first else {
            if let Some(rejection) = wide() {
                return Err(rejection);
            }
            return Err(Rejection::of_misfit(bits, instruction, misfit(&request, forms)));
        };
        if let Some(reason) = prefix_not_taken(bits, instruction, &forms[first]) {
            return Err(Rejection::new(bits, instruction, Why::Prefix(reason)));
        }
        let before = self.cautions.len();
        cautions(bits, instruction, &forms[first], request.size_ignored, &mut self.cautions);
        // What is odd is said each time.
        if self.cautions.len() > before {
            self.key = None;
        }
        self.finish(&request, forms, first).ok_or_else(|| {
            if let Some(rejection) = wide() {
                return rejection;
            }
            let two_bytes = instruction.prefixes.encoding == 2;
            let why = if two_bytes { Why::NoSuchEncoding } else { Why::NotEncodable };
            Rejection::new(bits, instruction, why)
        })
    }

    /// Whether a pattern gave what the encoder gives.
    fn agrees(&mut self, bits: Bits, instruction: &Instruction<'_>, bytes: &Encoding) -> bool {
        self.key = None;
        let before = self.cautions.len();
        let chosen = self.choose(bits, &Options::default(), instruction);
        let same =
            matches!(chosen, Ok(Assembled::Fixed { encoding, fields: [None, None] }) if encoding == *bytes);
        same && self.cautions.len() == before
    }

    fn finish(
        &mut self,
        request: &Request<'_>,
        forms: &'static [Form],
        first: usize,
    ) -> Option<Assembled<'_>> {
        let operands = request.line.instruction.operands;
        let form = &forms[first];
        if let Some(last) = operands.last()
            && (95..=97).contains(&form.kinds[operands.len() - 1])
            && operands.len() == 1
            && last.distance.is_none()
            && let OperandKind::Immediate(value) = last.kind
            && let Some(near) = near_form(request, &forms[first + 1..])
        {
            if !may_be_short(request) {
                let near = self.encoders.encode(request.line, near, Room::Full)?;
                return Some(Assembled::Fixed { encoding: near.encoding, fields: near.fields });
            }
            return self.branch(request, form, near, value).map(Assembled::Branch);
        }
        if near_lacks(request, &forms[first + 1..])
            && let OperandKind::Immediate(value) = operands[0].kind
        {
            return self.jump_across(request, form, value);
        }
        let later = |operand: &Operand| match operand.kind {
            OperandKind::Immediate(Known::Later(_)) => true,
            OperandKind::Memory(memory) => matches!(memory.displacement, Known::Later(_)),
            _ => false,
        };
        if !operands.iter().any(later) || kind::is_branch(form.kinds[operands.len() - 1]) {
            let Encoded { encoding, fields } = self.encoders.encode(request.line, form, Room::Full)?;
            if fields == [None; 2]
                && let Some((key, holes)) = self.key.take()
                && !self.patterns.knows(&key)
            {
                let possible = Pattern::possible(&key, form);
                let pattern = possible.then(|| self.pattern(request, form, &encoding, &holes)).flatten();
                self.patterns.keep(key, pattern);
            }
            return Some(Assembled::Fixed { encoding, fields });
        }
        self.sized(request, forms, first)
    }

    /// The pattern of an encoded instruction, from what another register in each hole changes.
    fn pattern(
        &mut self,
        request: &Request<'_>,
        form: &Form,
        encoding: &Encoding,
        holes: &Holes,
    ) -> Option<Pattern> {
        let line = request.line;
        let mut pattern = Pattern::new(encoding, self.encoders.places(line, form)?, holes);
        for hole in 0..holes.registers() {
            let written = line.instruction.operands;
            let mut operands = [*written.first()?; 5];
            let operands = operands.get_mut(..written.len())?;
            operands.copy_from_slice(written);
            let Some(low) = pattern::vary(operands, hole) else { continue };
            let instruction = Instruction { operands, ..*line.instruction };
            let measured = measure_all(line.bits, &request.options, &instruction).ok()?;
            let line = Line { instruction: &instruction, measured: &measured, ..line };
            let varied = self.encoders.encode(line, form, Room::Full)?.encoding;
            if !pattern.learn(hole, low, &varied, self.encoders.places(line, form)?) {
                return None;
            }
        }
        Some(pattern)
    }

    /// A jump that has a short form and a near one.
    fn branch(&mut self, request: &Request<'_>, short: &Form, near: &Form, value: Known) -> Option<Branch> {
        let short = self.encoders.encode(request.line, short, Room::Full)?;
        let near = self.encoders.encode(request.line, near, Room::Full)?;
        let opcode = |encoded: &Encoded| {
            let (field, _) = encoded.fields[0]?;
            Some((Encoding::new(&encoded.encoding.as_slice()[..usize::from(field.offset)])?, field.width))
        };
        let (short, _) = opcode(&short)?;
        let (near, near_width) = opcode(&near)?;
        Some(Branch { target: target(value), short, near, near_width })
    }

    /// A conditional jump of a processor that has short ones only: where that does not reach, the opposite condition
    /// jumps across a near `jmp`.
    fn jump_across(&mut self, request: &Request<'_>, short: &Form, value: Known) -> Option<Assembled<'_>> {
        let short = self.encoders.encode(request.line, short, Room::Full)?.encoding;
        let near_width = if request.line.bits == Bits::B16 { 2 } else { 4 };
        let (&[.., opcode, _], target) = (short.as_slice(), target(value)) else { return None };
        let near = [opcode ^ 1, near_width + 1, 0xe9];
        if may_be_short(request) {
            let (short, near) = (Encoding::new(&[opcode])?, Encoding::new(&near)?);
            return Some(Assembled::Branch(Branch { target, short, near, near_width }));
        }
        let bytes = [&near[..], &[0; 4][..usize::from(near_width)]].concat();
        let kind = FixupKind::Relative { end: near_width };
        let field = Field { offset: 3, width: near_width, kind };
        Some(Assembled::Fixed { encoding: Encoding::new(&bytes)?, fields: [Some((field, target)), None] })
    }

    fn sized(&mut self, request: &Request<'_>, forms: &[Form], first: usize) -> Option<Assembled<'_>> {
        self.candidates.clear();
        let values = later_values(request);
        for form in &forms[first..] {
            if fits(request, form).is_err() {
                continue;
            }
            for room in rooms(request, form) {
                let Some(encoded) = self.encoders.encode(request.line, form, room) else { continue };
                let candidate = candidate(request, form, &encoded, room);
                let last = candidate.fields.iter().flatten().all(|(_, accept)| *accept == Accept::Any);
                self.candidates.push(candidate);
                if last {
                    return Some(Assembled::Sized { values, candidates: &self.candidates });
                }
            }
        }
        // Where there is no other the last is taken, whatever the value.
        for (field, _) in self.candidates.last_mut()?.fields.iter_mut().flatten() {
            if field.kind == FixupKind::Low {
                field.kind = FixupKind::Absolute;
            }
        }
        Some(Assembled::Sized { values, candidates: &self.candidates })
    }
}

/// The refusal of a register that this mode cannot name.
#[cold]
fn register_of_64_bits(bits: Bits, instruction: &Instruction<'_>) -> Option<Rejection> {
    let wide = |operand: &Operand| match operand.kind {
        OperandKind::Register(register) => register.needs_64_bit(),
        _ => false,
    };
    let operand = instruction.operands.iter().position(wide).filter(|_| bits != Bits::B64)?;
    Some(Rejection::new(bits, instruction, Why::Address { operand, reason: NEEDS_64_BIT }))
}

/// A prefix that no instruction takes in this mode or beside the others.
fn wrong_prefix(bits: Bits, instruction: &Instruction<'_>) -> Option<&'static str> {
    let prefixes = &instruction.prefixes;
    let memory = |operand: &Operand| match operand.kind {
        OperandKind::Memory(memory) => memory.segment,
        _ => None,
    };
    match (prefixes.address_size, bits) {
        (Some(Size::Qword), Bits::B16 | Bits::B32) => return Some("`a64` exists in 64-bit mode only"),
        (Some(Size::Word), Bits::B64) => return Some("16-bit addresses do not exist in 64-bit mode"),
        _ => {}
    }
    if prefixes.segment.is_some() && instruction.operands.iter().filter_map(memory).next().is_some() {
        return Some("the segment is overridden twice");
    }
    None
}

/// A prefix that this form does not take.
fn prefix_not_taken(bits: Bits, instruction: &Instruction<'_>, form: &Form) -> Option<&'static str> {
    let prefixes = &instruction.prefixes;
    let legacy = form.wrapping() == Wrapping::Legacy;
    let wide = prefixes.operand_size == Some(Size::Qword) && bits != Bits::B64;
    // Most instructions of 64-bit vectors have it anyway.
    if wide && legacy && !form.wide() {
        return Some("`o64` exists in 64-bit mode only");
    }
    let high_byte = |operand: &Operand| match operand.kind {
        OperandKind::Register(register) => (5..=8).contains(&register.0),
        _ => false,
    };
    let rex = prefixes.encoding == REX || prefixes.operand_size == Some(Size::Qword) && !form.wide();
    if rex && legacy && instruction.operands.iter().any(high_byte) {
        return Some("`ah`, `bh`, `ch` and `dh` cannot be named beside a REX prefix");
    }
    // A short `jmp` leaves it out.
    let within_byte = (95..=97).contains(&form.kinds[0]);
    let short = mnemonic_name(instruction.mnemonic) == "jmp" && within_byte;
    if (prefixes.bnd || prefixes.nobnd) && !form.takes_bnd() && !short {
        return Some("`bnd` and `nobnd` belong before near jumps, calls and returns");
    }
    // A jump that is short without being told so may have it.
    let told = instruction.operands.iter().any(|operand| operand.distance.is_some());
    if prefixes.repne && form.takes_bnd() && !short && (told || !within_byte) {
        return Some("`repne` cannot stand before a jump, a call or a return");
    }
    None
}

/// The form of a jump with more room, after its short one.
fn near_form<'f>(request: &Request<'_>, forms: &'f [Form]) -> Option<&'f Form> {
    forms.iter().find(|form| form.kinds[0] >= kind::BR16_2 && fits(request, form).is_ok())
}

/// Whether a short jump without keyword or prefix has a near form that only the processor lacks.
fn near_lacks(request: &Request<'_>, forms: &[Form]) -> bool {
    let [Operand { size: None, distance: None, .. }] = request.line.instruction.operands else {
        return false;
    };
    let near = |form: &&Form| (kind::BR16_2..=100).contains(&form.kinds[0]);
    let mut forms = forms.iter().filter(near);
    request.operand_size == 0 && forms.any(|form| fits(request, form) == Err(Misfit::Cpu))
}

/// Whether a jump without `short` or `near` may be short.
fn may_be_short(request: &Request<'_>) -> bool {
    let strict = request.line.instruction.operands.iter().any(|operand| operand.strict);
    match request.options.optimize {
        _ if strict => false,
        Optimize::None => !request.jumps,
        Optimize::One => false,
        Optimize::Full => true,
    }
}
