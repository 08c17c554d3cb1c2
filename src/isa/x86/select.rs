//! Selection: the first form that fits, in NASM's order, and where a value is not known yet all that may fit.
//!
//! The order itself is in the tables (`tests/isa_tables/rank.rs` makes it); what depends on the mode, on prefixes and on
//! decorators is tested here, cheapest test first.  A form is never tried by encoding it: an error would cost more than
//! all candidates together.

use iced_x86::{Code, CpuidFeature};

use super::address::Reason;
use super::cpu::{Lacks, Written};
use super::encode::{Encoded, Encoders, Line, Room, target};
use super::fit::{Measured, accept, measure};
use super::form::{Form, Wrapping, kind, mode_bit};
use super::mnemonic::{forms, mnemonic_name};
use super::pattern::{self, Holes, Key, Pattern, Patterns};
use super::reject::{Misfit, Rejection, Why};
use super::{
    Assembled, Bits, Cpu, Distance, Instruction, Known, Memory, Operand, OperandKind, Register,
    RegisterClass, Rounding, Size,
};
use crate::unit::{Accept, Branch, Candidate, Encoding, Field, FixupKind, Value};

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
    /// The key of the instruction at work, for its pattern.
    key: Option<(Key, Holes)>,
}

/// A line with its operands measured.
struct Request<'a> {
    line: Line<'a>,
    mode: u32,
    options: Options,
    /// Of any operand, for forms with opcode wrappings.
    high: bool,
    memory: Option<usize>,
    jumps: bool,
    /// The size of operands asked for by `o16` … or by a size keyword on a pushed number or a jump target.
    operand_size: u8,
    /// Whether no form has that size, so that the prefix is written for its own sake.
    size_ignored: bool,
    /// The same for the size of addresses.
    address_ignored: bool,
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
        let Some(first) = first else {
            return Err(Rejection::of_misfit(bits, instruction, misfit(&request, forms)));
        };
        if let Some(reason) = prefix_not_taken(bits, instruction, &forms[first]) {
            return Err(Rejection::new(bits, instruction, Why::Prefix(reason)));
        }
        self.finish(&request, forms, first).ok_or_else(|| {
            let two_bytes = instruction.prefixes.encoding == 2;
            let why = if two_bytes { Why::NoSuchEncoding } else { Why::NotEncodable };
            Rejection::new(bits, instruction, why)
        })
    }

    /// Whether a pattern gave what the encoder gives.
    fn agrees(&mut self, bits: Bits, instruction: &Instruction<'_>, bytes: &Encoding) -> bool {
        self.key = None;
        let chosen = self.choose(bits, &Options::default(), instruction);
        matches!(chosen, Ok(Assembled::Fixed { encoding, fields: [None, None] }) if encoding == *bytes)
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
            let mut operands = line.instruction.operands.to_vec();
            let Some(low) = pattern::vary(&mut operands, hole) else { continue };
            let instruction = Instruction { operands: &operands, ..*line.instruction };
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
        (!self.candidates.is_empty()).then_some(Assembled::Sized { values, candidates: &self.candidates })
    }
}

/// The two operands of a line that NASM lets one write otherwise: `lea eax,5` for `lea eax,[5]`, and the index of a
/// bound-table address as an operand of its own.
#[cold]
fn other_spelling(instruction: &Instruction<'_>) -> Option<[Operand; 2]> {
    let name = mnemonic_name(instruction.mnemonic);
    match (name, instruction.operands) {
        ("lea", [register, number]) => {
            let OperandKind::Immediate(displacement) = number.kind else { return None };
            let relative = Some(instruction.default_rel && !matches!(displacement, Known::Number(_)));
            let kind = OperandKind::Memory(Memory { relative, displacement, ..Memory::NOWHERE });
            Some([*register, Operand { kind, size: None, strict: false, ..*number }])
        }
        ("bndldx", [bound, memory, index]) => Some([*bound, indexed(memory, index)?]),
        ("bndstx", [memory, one, other]) => match indexed(memory, one) {
            Some(memory) => Some([memory, *other]),
            None => Some([indexed(memory, other)?, *one]),
        },
        _ => None,
    }
}

/// An address with a general register as its index, in place of the one that it may have had.
fn indexed(memory: &Operand, index: &Operand) -> Option<Operand> {
    let (OperandKind::Memory(address), OperandKind::Register(register)) = (memory.kind, index.kind) else {
        return None;
    };
    let general = matches!(register.class(), RegisterClass::General32 | RegisterClass::General64);
    let address = Memory { index: Some(register), scale: 1, ..address };
    general.then_some(Operand { kind: OperandKind::Memory(address), ..*memory })
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
    // Of 64-bit vectors it is what they are.
    let vector = |operand: &Operand| match operand.kind {
        OperandKind::Register(register) => register.class() == RegisterClass::Mmx,
        _ => false,
    };
    let wide = prefixes.operand_size == Some(Size::Qword) && bits != Bits::B64;
    if wide && legacy && !instruction.operands.iter().any(vector) {
        return Some("`o64` exists in 64-bit mode only");
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

/// The size of a general register that is moved from or to a segment register, where it is not shortened to the
/// one that needs no prefix.
fn segment_move(options: &Options, instruction: &Instruction<'_>) -> Option<Size> {
    let [first, second] = instruction.operands else { return None };
    let class = |operand: &Operand| match operand.kind {
        OperandKind::Register(register) => Some(register.class()),
        _ => None,
    };
    let general = match (class(first), class(second)) {
        (Some(RegisterClass::Segment), other) | (other, Some(RegisterClass::Segment)) => other?,
        _ => return None,
    };
    if options.optimize == Optimize::Full {
        return None;
    }
    match general {
        RegisterClass::General16 => Some(Size::Word),
        RegisterClass::General32 => Some(Size::Dword),
        RegisterClass::General64 => Some(Size::Qword),
        _ => None,
    }
}

/// The operands measured, or which of them cannot be encoded.
#[inline]
fn measure_all(
    bits: Bits,
    options: &Options,
    instruction: &Instruction<'_>,
) -> Result<[Measured; 5], (usize, Reason)> {
    let mut measured = [const { Measured { kinds: 0, address: None, size: 0, high: false } }; 5];
    let memory = instruction.operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_)));
    let keep = memory && keeps_address(instruction);
    let asked = match instruction.prefixes.address_size {
        None if memory => address_register(instruction),
        asked => asked,
    };
    for (at, (operand, measured)) in instruction.operands.iter().zip(&mut measured).enumerate() {
        *measured = measure(bits, operand, asked, options.optimize, keep).map_err(|reason| (at, reason))?;
    }
    Ok(measured)
}

/// Bound-table and tile addresses are kept as written: their index is not added.
fn keeps_address(instruction: &Instruction<'_>) -> bool {
    let Some(memory) = instruction.operands.iter().find(|one| matches!(one.kind, OperandKind::Memory(_)))
    else {
        return false;
    };
    let OperandKind::Memory(memory) = memory.kind else { return false };
    memory.index.is_some()
        && matches!(
            mnemonic_name(instruction.mnemonic),
            "bndldx" | "bndstx" | "bndmk" | "tileloadd" | "tileloaddt1" | "tilestored"
        )
}

/// `movdir64b` and `enqcmd` have an address in a register beside the one in brackets, of the same size.
fn address_register(instruction: &Instruction<'_>) -> Option<Size> {
    let [Operand { kind: OperandKind::Register(first), .. }, Operand { kind: OperandKind::Memory(_), .. }] =
        instruction.operands
    else {
        return None;
    };
    if !matches!(mnemonic_name(instruction.mnemonic), "movdir64b" | "enqcmd" | "enqcmds") {
        return None;
    }
    match first.class() {
        RegisterClass::General16 => Some(Size::Word),
        RegisterClass::General32 => Some(Size::Dword),
        RegisterClass::General64 => Some(Size::Qword),
        _ => None,
    }
}

fn request<'a>(line: Line<'a>, options: Options) -> Request<'a> {
    let operands = line.instruction.operands;
    let memory = operands.iter().position(|operand| matches!(operand.kind, OperandKind::Memory(_)));
    let single = operands.len() == 1;
    let target = single && !matches!(operands[0].kind, OperandKind::Register(_));
    let jumps = target && matches!(mnemonic_name(line.instruction.mnemonic), "jmp" | "call");
    let mut operand_size = line.instruction.prefixes.operand_size.map_or(0, |size| size.bytes() * 8);
    if target
        && memory.is_none()
        && let Some(size) = operands[0].size
        && matches!(size, Size::Word | Size::Dword | Size::Qword)
        && !mnemonic_name(line.instruction.mnemonic).starts_with("ret")
    {
        operand_size = match (line.bits, mnemonic_name(line.instruction.mnemonic), size) {
            // Four bytes are pushed as eight where nothing else can be; a distance has four also where it is called eight.
            (Bits::B64, "push", Size::Dword) => 64,
            (Bits::B64, "xbegin", Size::Qword) => 32,
            _ => size.bytes() * 8,
        };
    }
    if jumps
        && memory.is_some()
        && let Some(size) = operands[0].size
        && operands[0].distance == Some(Distance::Far)
    {
        // No form has a size that is none of a far pointer's offset.
        operand_size = size.bytes().saturating_mul(8);
    }
    Request {
        line,
        mode: mode_bit(line.bits),
        options,
        high: line.measured.iter().any(|one| one.high),
        memory,
        jumps,
        operand_size,
        size_ignored: false,
        address_ignored: false,
    }
}

#[inline]
fn first_fit(request: &Request<'_>, forms: &[Form]) -> Option<usize> {
    let written = request.line.instruction.operands.len();
    let kinds = request.line.measured[0].kinds;
    // Most forms fall at the first operand.
    let possible = |form: &Form| written == 0 || kinds >> form.kinds[0] & 1 != 0;
    forms.iter().position(|form| possible(form) && fits(request, form).is_ok())
}

/// Why no form fits: the complaint of the one that came farthest.
#[cold]
fn misfit(request: &Request<'_>, forms: &[Form]) -> Misfit {
    let misfits = forms.iter().filter_map(|form| fits(request, form).err());
    misfits.max().unwrap_or(Misfit::None)
}

#[inline]
fn fits(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    let operands = request.line.instruction.operands;
    for at in 0..operands.len() {
        if request.line.measured[at].kinds >> form.kinds[at] & 1 == 0 {
            return Err(Misfit::Operand(at as u8));
        }
    }
    if !form.in_mode(request.mode) {
        return Err(Misfit::Mode);
    }
    mode_and_size(request, form)?;
    // 90 would be a no-operation: here the upper half is cleared.
    if form.code == XCHG_R32_EAX && request.line.bits == Bits::B64 && both_eax(operands) {
        return Err(Misfit::Automatic);
    }
    if let Some(memory) = request.memory {
        memory_size(request, form, memory)?;
    }
    for (at, operand) in operands.iter().enumerate() {
        if let (Some(size), OperandKind::Register(register)) = (operand.size, operand.kind)
            && !register_size(form, at, register, size)
        {
            return Err(Misfit::RegisterSize(at as u8));
        }
    }
    for (operand, kind) in operands.iter().zip(form.kinds) {
        if operand.size.is_some()
            && let OperandKind::Immediate(_) = operand.kind
        {
            number_size(request, kind, operand)?;
        }
    }
    if form.wrapping() != Wrapping::Legacy || request.high || request.line.instruction.prefixes.encoding != 0
    {
        wrapping(request, form)?;
    }
    let written = || Written {
        name: mnemonic_name(request.line.instruction.mnemonic),
        bits: request.line.bits,
        memory: request.memory.is_some(),
        prefix: request.line.instruction.prefixes.encoding != 0,
    };
    request.options.cpu.takes(form, written).map_err(|lacks| match lacks {
        Lacks::Instruction => Misfit::Cpu,
        Lacks::Encoding => Misfit::Unasked,
    })?;
    if let Some(first) = operands.first() {
        if first.to != form.to() {
            return Err(Misfit::Operand(0));
        }
        decorators(request.line.instruction.mnemonic, operands, form)?;
    }
    Ok(())
}

const XCHG_R32_EAX: u16 = iced_x86::Code::Xchg_r32_EAX as u16;

fn both_eax(operands: &[Operand]) -> bool {
    operands.iter().all(|operand| operand.kind == OperandKind::Register(Register(37)))
}

/// Among forms that read the same, the mode chooses, or the size that is asked for.
#[inline]
fn mode_and_size(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    if request.operand_size != 0 && form.operand_size() != 0 && !request.size_ignored {
        if form.operand_size() != request.operand_size {
            return Err(Misfit::Size);
        }
    } else {
        let automatic = match request.memory {
            Some(_) => form.memory_automatic(request.mode),
            None => form.automatic(request.mode),
        };
        // A far pointer's offset has the mode's size.
        let far = request.jumps && request.memory.is_some() && form.kinds[0] == 4;
        let natural = form.operand_size() == super::address::mode_width(request.line.bits);
        if far && !natural || !far && !automatic {
            return Err(Misfit::Automatic);
        }
    }
    address_size(request, form)
}

/// `a32 loop`, `jecxz`, `clzero`: forms that differ in the size of addresses.
#[inline]
fn address_size(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    if form.address_size() == 0 || request.memory.is_some() || request.address_ignored {
        return Ok(());
    }
    let names_register = request.line.instruction.operands.len() > 1
        || (100..=113).contains(&form.kinds[0])
        || form.kinds[0] == 77
        || form.kinds[0] == 78
        || form.kinds[0] == 75
        || (27..=40).contains(&form.kinds[0]);
    let wanted = match request.line.instruction.prefixes.address_size {
        Some(size) => size.bytes() * 8,
        None if names_register => return Ok(()),
        None if fixed_counter(request) => return Ok(()),
        None => super::address::mode_width(request.line.bits),
    };
    if form.address_size() == wanted { Ok(()) } else { Err(Misfit::Size) }
}

fn fixed_counter(request: &Request<'_>) -> bool {
    matches!(mnemonic_name(request.line.instruction.mnemonic), "jcxz" | "jecxz" | "jrcxz")
}

/// A size before a register.  NASM passes over it where the register alone tells its size; a vector has that of the
/// memory which could stand in its place.
fn register_size(form: &Form, at: usize, register: Register, size: Size) -> bool {
    use RegisterClass as Class;
    let legacy = form.wrapping() == Wrapping::Legacy;
    match register.class() {
        Class::Xmm | Class::Ymm | Class::Zmm | Class::Mmx if (19..=22).contains(&form.kinds[at]) => {
            size.bytes() == form.memory
        }
        Class::Mmx => legacy && size == Size::Qword && (form.memory == 8 || form.kinds[1] == 19),
        Class::Xmm if at == 0 && legacy && size == Size::Oword && form.memory == 16 => {
            let code = Code::try_from(usize::from(form.code)).unwrap_or_default();
            let packed = [CpuidFeature::SSE2, CpuidFeature::SSE3];
            code.cpuid_features().iter().any(|feature| packed.contains(feature))
        }
        Class::Xmm | Class::Ymm | Class::Zmm | Class::Mask | Class::Bound | Class::X87 | Class::Tile => false,
        _ => true,
    }
}

/// A size before a number or a target.
fn number_size(request: &Request<'_>, kind: u8, operand: &Operand) -> Result<(), Misfit> {
    let name = || mnemonic_name(request.line.instruction.mnemonic);
    let fits = match kind {
        // A sized target of a conditional jump needs `near`, and no target is short then.
        95..=97 => false,
        98..=100 => {
            let natural = matches!(operand.size, Some(Size::Word | Size::Dword | Size::Qword));
            natural && (request.jumps || operand.distance.is_some())
        }
        // Four bytes for a number of eight: elsewhere NASM wants the operand's own size or none.
        kind::IMM32SEX64 if operand.size == Some(Size::Dword) => matches!(name(), "mov" | "imul" | "push"),
        kind::IMM8SEX64 if operand.size == Some(Size::Dword) => name() == "push",
        _ => true,
    };
    if fits { Ok(()) } else { Err(Misfit::Size) }
}

/// The size of memory that a number beside it tells: `cmp [0],byte 5`, where numbers of several sizes are possible.
fn size_of_number(request: &Request<'_>) -> u8 {
    let [_, Operand { kind: OperandKind::Immediate(_), size: Some(size), .. }] =
        request.line.instruction.operands
    else {
        return 0;
    };
    let several = forms(request.line.instruction.mnemonic, 2).iter().any(|form| form.kinds[1] == kind::IMM16);
    if several && matches!(size, Size::Byte | Size::Word | Size::Dword) { size.bytes() } else { 0 }
}

#[inline]
fn memory_size(request: &Request<'_>, form: &Form, at: usize) -> Result<(), Misfit> {
    let operand = &request.line.instruction.operands[at];
    if operand.broadcast != 0 && form.element == 0 {
        return Err(Misfit::Broadcast);
    }
    let size = request.line.measured[at].size;
    let prefixes = &request.line.instruction.prefixes;
    // Elision of a lock works for stores with a ModRM byte only.
    if at == 0 && form.kinds[0] == kind::MEM_OFFS && (prefixes.xacquire || prefixes.xrelease) {
        return Err(Misfit::Automatic);
    }
    if request.jumps {
        let far = operand.distance == Some(Distance::Far);
        if far != (form.kinds[0] == 4) {
            return Err(Misfit::Size);
        }
        if far {
            return Ok(());
        }
        if size == 0 && form.memory * 8 != super::address::mode_width(request.line.bits) {
            return Err(Misfit::Size);
        }
    }
    if operand.broadcast != 0 {
        if form.element == 0
            || u32::from(form.element) * u32::from(operand.broadcast) != u32::from(form.memory)
        {
            return Err(Misfit::Broadcast);
        }
        if size != 0 && size != form.element {
            return Err(Misfit::MemorySize);
        }
        return Ok(());
    }
    match size {
        0 if form.needs_size() => match size_of_number(request) {
            0 => Err(Misfit::Unclear),
            size if size == form.memory => Ok(()),
            _ => Err(Misfit::MemorySize),
        },
        0 => Ok(()),
        _ if form.memory == size => Ok(()),
        // What it is the address of is nothing to `lea`.
        _ if form.memory == 0 && mnemonic_name(request.line.instruction.mnemonic) == "lea" => Ok(()),
        _ => Err(Misfit::MemorySize),
    }
}

fn wrapping(request: &Request<'_>, form: &Form) -> Result<(), Misfit> {
    let wrapping = form.wrapping();
    if request.high && wrapping != Wrapping::Evex {
        return Err(Misfit::NeedsEvex);
    }
    match request.line.instruction.prefixes.encoding {
        0 if form.on_request() => Err(Misfit::Wrapping),
        0 => Ok(()),
        4 if wrapping == Wrapping::Evex => Ok(()),
        1..=3 if matches!(wrapping, Wrapping::Vex | Wrapping::Xop) => Ok(()),
        5 if wrapping == Wrapping::Legacy && request.line.bits == Bits::B64 => Ok(()),
        _ => Err(Misfit::Wrapping),
    }
}

#[inline]
fn decorators(mnemonic: u16, operands: &[Operand], form: &Form) -> Result<(), Misfit> {
    let mut masked = false;
    for (at, operand) in operands.iter().enumerate() {
        if operand.broadcast != 0 && !matches!(operand.kind, OperandKind::Memory(_)) {
            return Err(Misfit::Broadcast);
        }
        let number = matches!(operand.kind, OperandKind::Immediate(_));
        if operand.rounding.is_some() && (number || operands[at + 1..].iter().any(is_vector)) {
            return Err(Misfit::Rounding);
        }
        if operand.mask != 0 || operand.zeroing {
            let memory = matches!(operand.kind, OperandKind::Memory(_));
            // Nothing in memory is zeroed; of these NASM takes it.
            let zeroed = form.takes_zeroing() && (!memory || mnemonic_name(mnemonic).starts_with("vmovdq"));
            if !form.takes_mask() || at != 0 || operand.zeroing && !zeroed {
                return Err(Misfit::Mask);
            }
            masked |= operand.mask != 0;
        }
        match operand.rounding {
            None => {}
            Some(Rounding::SuppressOnly) if form.takes_sae() && !form.takes_rounding() => {}
            Some(Rounding::SuppressOnly) => return Err(Misfit::Rounding),
            Some(_) if form.takes_rounding() => {}
            Some(_) => return Err(Misfit::Rounding),
        }
        if operand.rounding.is_some() && operands.iter().any(|one| matches!(one.kind, OperandKind::Memory(_)))
        {
            return Err(Misfit::Rounding);
        }
    }
    if form.needs_mask() && !masked { Err(Misfit::Mask) } else { Ok(()) }
}

fn is_vector(operand: &Operand) -> bool {
    let OperandKind::Register(register) = operand.kind else { return false };
    matches!(register.class(), RegisterClass::Xmm | RegisterClass::Ymm | RegisterClass::Zmm)
}

fn later_values(request: &Request<'_>) -> [Value; 2] {
    let mut values = [Value::Const(0); 2];
    let mut next = values.iter_mut();
    for operand in request.line.instruction.operands {
        let value = match operand.kind {
            OperandKind::Immediate(value) => value,
            OperandKind::Memory(memory) => memory.displacement,
            _ => continue,
        };
        // A number takes no slot: the candidates' fields count only what is not known.
        if let Known::Later(value) | Known::Address(value) = value
            && let Some(slot) = next.next()
        {
            *slot = value;
        }
    }
    values
}

/// The displacements to try where the value is not known.
fn rooms(request: &Request<'_>, form: &Form) -> impl Iterator<Item = Room> {
    let address = request.memory.and_then(|at| request.line.measured[at].address);
    let open = address.is_some_and(|address| {
        matches!(address.displacement, Known::Later(_))
            && !address.relative
            && address.forced == 0
            && address.base.is_some()
    });
    let base_needs_one = address.is_some_and(|address| {
        address.base.is_some_and(|base| base.number() & 7 == 5)
            && (address.width != 16 || address.index.is_none())
    });
    let evex = form.wrapping() == Wrapping::Evex;
    let none = open && !base_needs_one;
    let byte = open && !evex;
    [(Room::None, none), (Room::Byte, byte), (Room::Full, true)]
        .into_iter()
        .filter_map(|(room, wanted)| wanted.then_some(room))
}

fn candidate(request: &Request<'_>, form: &Form, encoded: &Encoded, room: Room) -> Candidate {
    let mut fields = [None; 2];
    // A number that does not fit is written as it is cut.
    let mut found = encoded.fields.iter().flatten().filter(|(_, value)| !matches!(value, Value::Const(_)));
    let mut slot = 0;
    for (at, operand) in request.line.instruction.operands.iter().enumerate() {
        let (value, accept) = match operand.kind {
            OperandKind::Immediate(value) => (value, accept(form.kinds[at])),
            OperandKind::Memory(memory) => {
                let width = request.line.measured[at].address.map_or(32, |address| address.width.min(32));
                let accept = match room {
                    Room::None => Accept::Exactly(0),
                    Room::Byte => Accept::Scalar { low: -128, high: 127, wrap: width },
                    Room::Full => Accept::Any,
                };
                (memory.displacement, accept)
            }
            _ => continue,
        };
        if matches!(value, Known::Number(_)) || slot >= fields.len() {
            continue;
        }
        let nowhere = matches!(accept, Accept::Exactly(_));
        let nothing = Field { offset: 0, width: 0, kind: FixupKind::Absolute };
        let field = if nowhere { Some(nothing) } else { found.next().map(|(field, _)| *field) };
        fields[slot] = field.map(|field| (field, accept));
        slot += 1;
    }
    Candidate { encoding: encoded.encoding, fields }
}
