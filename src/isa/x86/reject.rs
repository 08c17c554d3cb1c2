//! Why a line was refused: which rule, which operand, and what would fit.  Data first; the message is made from it.

use super::cpu::{Written as Asked, first_with};
use super::fit::{Kinds, NEEDS_64_BIT, measure, register_kinds_of as register_kinds};
use super::form::{Form, Wrapping, mode_bit};
use super::mnemonic::{all_forms, forms, mnemonic, mnemonic_name};
use super::{Bits, Distance, Instruction, Operand, OperandKind, Optimize, Register, Size, describe};
use crate::source::{Diagnostic, Span};

/// How far the best form came; later ones are more specific and win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Misfit {
    None,
    Operand(u8),
    Automatic,
    RegisterSize(u8),
    Size,
    MemorySize,
    Pointer,
    Wrapping,
    OnRequest,
    NeedsEvex,
    Rounding,
    Mask,
    Broadcast,
    Unasked,
    Cpu,
    Mode,
    Unclear,
}

/// The rule that a line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No form has this many operands.
    OperandCount,
    /// No form takes this operand at its place (counted from 0).
    Operand(usize),
    /// The address or register cannot be encoded.
    Address {
        /// Which operand, from 0.
        operand: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The operands fit, but their sizes contradict each other.
    Size,
    /// `segment:offset` with a word before it that is neither `word` nor `dword`.
    Pointer,
    /// Several sizes of memory fit: one must be written.
    SizeUnclear,
    /// Not in 16, 32 or 64-bit mode.
    Mode,
    /// Registers 16 and above exist in EVEX encodings only, and there is none.
    NeedsEvex,
    /// A size keyword before a register that is not the register's.
    RegisterSize(usize),
    /// A prefix that cannot stand here.
    Prefix(&'static str),
    /// `{vex}` or `{evex}` was asked for and there is no such encoding.
    NoSuchEncoding,
    /// The encoding is chosen only where `{vex}` is written.
    OnRequest,
    /// A mask or `{z}` that no form takes, or none where one is needed.
    Mask,
    /// Rounding or `{sae}` that no form takes.
    Rounding,
    /// `{1toN}` that no form takes.
    Broadcast,
    /// `cpu novex` or `cpu noevex` wants the encoding to be asked for.
    Unasked,
    /// The processor named by `cpu` does not have it.
    Cpu,
    /// The combination has no encoding (`mov ah,r8b`).
    NotEncodable,
}

/// A refused line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The rule.
    pub why: Why,
    /// The mnemonic's number.
    pub mnemonic: u16,
    /// What is to blame.
    pub span: Span,
    bits: Bits,
    /// As in [`super::Prefixes::encoding`].
    encoding: u8,
    operands: Vec<Written>,
}

/// An operand as far as messages need it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Written {
    register: Option<Register>,
    /// The registers of an address.
    address: [Option<Register>; 2],
    is_memory: bool,
    is_short: bool,
    is_masked: bool,
    is_zeroed: bool,
    size: Option<Size>,
    kinds: Kinds,
}

impl Written {
    fn new(bits: Bits, operand: &Operand) -> Self {
        let (register, address) = match operand.kind {
            OperandKind::Register(register) => (Some(register), [None; 2]),
            OperandKind::Memory(memory) => (None, [memory.base, memory.index]),
            OperandKind::Immediate(_) | OperandKind::Far { .. } => (None, [None; 2]),
        };
        Written {
            register,
            address,
            is_memory: matches!(operand.kind, OperandKind::Memory(_)),
            is_short: operand.distance == Some(Distance::Short),
            is_masked: operand.mask != 0,
            is_zeroed: operand.zeroing,
            size: operand.size,
            kinds: measure(bits, operand, None, Optimize::Full, false).map_or(0, |measured| measured.kinds),
        }
    }

    fn name(&self) -> String {
        match self.register {
            Some(register) => format!("`{}`", register.name()),
            None if self.is_memory => "memory".to_owned(),
            None => "a number".to_owned(),
        }
    }

    fn fits(&self, form: &Form, at: usize) -> bool {
        self.kinds >> form.kinds[at] & 1 != 0
    }
}

impl Rejection {
    pub(super) fn new(bits: Bits, instruction: &Instruction<'_>, why: Why) -> Self {
        let operand = match why {
            Why::Operand(at) | Why::RegisterSize(at) | Why::Address { operand: at, .. } => {
                instruction.operands.get(at)
            }
            Why::SizeUnclear => {
                instruction.operands.iter().find(|one| matches!(one.kind, OperandKind::Memory(_)))
            }
            Why::Mask => instruction.operands.iter().find(|one| one.mask != 0 || one.zeroing),
            Why::Rounding => instruction.operands.iter().find(|one| one.rounding.is_some()),
            Why::Broadcast => instruction.operands.iter().find(|one| one.broadcast != 0),
            _ => None,
        };
        let span = operand.map_or(instruction.span, |operand| operand.span);
        let operands = instruction.operands.iter().map(|operand| Written::new(bits, operand)).collect();
        let encoding = instruction.prefixes.encoding;
        Rejection { why, mnemonic: instruction.mnemonic, span, bits, encoding, operands }
    }

    pub(super) fn of_misfit(bits: Bits, instruction: &Instruction<'_>, misfit: Misfit) -> Self {
        let why = match misfit {
            Misfit::None => Why::OperandCount,
            Misfit::Operand(at) => Why::Operand(usize::from(at)),
            Misfit::RegisterSize(at) => Why::RegisterSize(usize::from(at)),
            Misfit::Size | Misfit::MemorySize | Misfit::Automatic => Why::Size,
            Misfit::Pointer => Why::Pointer,
            Misfit::OnRequest => Why::OnRequest,
            Misfit::Wrapping => Why::NoSuchEncoding,
            Misfit::NeedsEvex => Why::NeedsEvex,
            Misfit::Rounding => Why::Rounding,
            Misfit::Mask => Why::Mask,
            Misfit::Broadcast => Why::Broadcast,
            Misfit::Unasked => Why::Unasked,
            Misfit::Cpu => Why::Cpu,
            Misfit::Mode => Why::Mode,
            Misfit::Unclear => Why::SizeUnclear,
        };
        Self::new(bits, instruction, why)
    }

    /// The forms with as many operands that exist in this mode.
    fn forms(&self) -> impl Iterator<Item = &'static Form> {
        let mode = mode_bit(self.bits);
        forms(self.mnemonic, self.operands.len()).iter().filter(move |form| form.in_mode(mode))
    }

    /// Whether a form takes every operand but one, which may be replaced by a register.
    fn takes_others(&self, form: &Form, but: usize) -> bool {
        self.operands.iter().enumerate().all(|(at, operand)| at == but || operand.fits(form, at))
    }

    /// The forms that could be meant, if there are any.
    fn near(&self) -> Vec<&'static Form> {
        let but = match self.why {
            Why::Operand(at) => at,
            Why::Mode => self.other_width().map_or(usize::MAX, |(at, _)| at),
            _ => usize::MAX,
        };
        let decorated: fn(&Form) -> bool = match self.why {
            Why::Rounding => |form| form.takes_rounding() || form.takes_sae(),
            Why::Mask => |form| form.takes_mask(),
            Why::Broadcast => |form| form.element != 0,
            _ => |_| true,
        };
        let plain: Vec<_> = self.forms().filter(|form| self.takes_others(form, but)).collect();
        let meant: Vec<_> = plain.iter().copied().filter(|form| decorated(form)).collect();
        // Rounding takes registers of full width.
        let other = || self.forms().filter(|form| self.why == Why::Rounding && decorated(form)).collect();
        [meant, other(), plain].into_iter().find(|forms: &Vec<_>| !forms.is_empty()).unwrap_or_default()
    }

    /// The forms that exist and come nearest, the most general ones first.
    pub fn candidates(&self) -> Vec<String> {
        let mode = mode_bit(self.bits);
        let mut near = self.near();
        if near.is_empty() {
            near = self.forms().collect();
        }
        if near.is_empty() {
            near = all_forms(self.mnemonic).iter().filter(|form| form.in_mode(mode)).collect();
        }
        near.sort_by_key(|form| form.kinds.iter().filter(|kind| is_particular(**kind)).count());
        let mut texts: Vec<String> = Vec::new();
        for form in near {
            let text = describe::form(mnemonic_name(self.mnemonic), form);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// Whether another mode would take it.
    pub fn is_of_another_mode(&self) -> bool {
        matches!(self.why, Why::Mode)
    }

    /// The message; `text` is the source of what is to blame.
    pub fn diagnostic(&self, text: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.span, self.message());
        match self.hint(text) {
            Some(hint) => self.facts(diagnostic).hint(hint),
            None => self.facts(diagnostic),
        }
    }

    fn message(&self) -> String {
        let name = mnemonic_name(self.mnemonic);
        let mode = super::address::mode_width(self.bits);
        match self.why {
            Why::OperandCount => self.wrong_count(),
            Why::Operand(at) => match self.other_size(at) {
                Some((_, other)) => format!(
                    "{} and {} have different sizes: {} and {} bits",
                    self.operands[other].name(),
                    self.operands[at].name(),
                    self.operands[other].register.map_or(0, bits_of),
                    self.operands[at].register.map_or(0, bits_of)
                ),
                None if self.operands[at].is_short => format!("`{name}` has no short form"),
                None if self.both_memory() => format!("`{name}` takes one memory operand, not two"),
                None => format!("`{name}` does not take {} as operand {}", self.operands[at].name(), at + 1),
            },
            Why::Address { operand, reason } => match self.register_of_other_mode(operand) {
                Some(register) => {
                    format!("`{}` exists in 64-bit mode only, this is {mode}-bit code", register.name())
                }
                None => reason.to_owned(),
            },
            Why::RegisterSize(at) => {
                format!("{} is a register of another size than the one written", self.operands[at].name())
            }
            Why::Prefix(reason) => reason.to_owned(),
            Why::Size => format!("the operands of `{name}` have sizes that do not go together"),
            Why::Pointer => "before `segment:offset` stands `word`, `dword` or nothing".to_owned(),
            Why::SizeUnclear => "the size of the memory operand is not clear".to_owned(),
            Why::Mode => {
                let operands: Vec<String> = self.operands.iter().map(Written::name).collect();
                if self.forms().next().is_none() {
                    format!("`{name}` does not exist in {mode}-bit mode")
                } else {
                    format!("`{name}` does not take {} in {mode}-bit mode", operands.join(" and "))
                }
            }
            Why::NeedsEvex => format!("`{name}` cannot name registers 16 to 31: it has no EVEX form here"),
            Why::OnRequest => format!("`{name}` is encoded only where `{{vex}}` asks for it"),
            Why::NoSuchEncoding => {
                let wrapping = ["such", "VEX", "two-byte VEX", "VEX", "EVEX", "REX"];
                let wrapping = wrapping.get(usize::from(self.encoding)).copied().unwrap_or("such");
                format!("`{name}` has no {wrapping} encoding for these operands")
            }
            Why::Mask => self.wrong_mask(),
            Why::Rounding if self.operands.iter().any(|operand| operand.is_memory) => {
                "a rounding stands behind registers only, not beside memory".to_owned()
            }
            Why::Rounding => format!("`{name}` takes no such rounding here"),
            Why::Broadcast => format!("`{name}` cannot broadcast this way"),
            Why::Unasked => {
                format!("`{name}` is not encoded without `{{vex}}` or `{{evex}}` after this `cpu`")
            }
            Why::Cpu => format!("the processor chosen by `cpu` does not have `{name}`"),
            Why::NotEncodable => match self.high_byte() {
                Some(register) => {
                    format!("`{}` cannot stand beside a register that only 64-bit mode has", register.name())
                }
                None => format!("these operands of `{name}` cannot be encoded together"),
            },
        }
    }

    fn wrong_mask(&self) -> String {
        let name = mnemonic_name(self.mnemonic);
        let takes = all_forms(self.mnemonic).iter().any(|form| form.takes_mask());
        let zeroed = self.operands.iter().find(|operand| operand.is_zeroed);
        match zeroed {
            _ if !takes => format!("`{name}` takes no mask"),
            None if !self.operands.iter().any(|operand| operand.is_masked) => {
                format!("`{name}` needs a mask, `{{k1}}` to `{{k7}}`")
            }
            Some(operand) if operand.is_memory => {
                format!("`{name}` leaves memory that is masked out as it is: no `{{z}}`")
            }
            Some(_) if !self.forms().any(|form| form.takes_zeroing()) => {
                format!("`{name}` takes a mask, but no `{{z}}`")
            }
            _ => format!("`{name}` does not take this mask here"),
        }
    }

    fn wrong_count(&self) -> String {
        let name = mnemonic_name(self.mnemonic);
        let mut counts: Vec<usize> = all_forms(self.mnemonic).iter().map(|form| form.count()).collect();
        counts.sort_unstable();
        counts.dedup();
        let words: Vec<String> = counts.iter().map(usize::to_string).collect();
        let takes = match (counts.as_slice(), words.split_last()) {
            ([0], _) => "no operands".to_owned(),
            ([1], _) => "1 operand".to_owned(),
            (_, Some((last, others @ [_, ..]))) => format!("{} or {last} operands", others.join(", ")),
            _ => format!("{} operands", words.concat()),
        };
        let given =
            if self.operands.is_empty() { "none".to_owned() } else { self.operands.len().to_string() };
        format!("`{name}` takes {takes}, not {given}")
    }

    /// The forms that exist, where they say more than the message.
    fn facts(&self, diagnostic: Diagnostic) -> Diagnostic {
        const SHOWN: usize = 8;
        let says_all = match self.why {
            Why::Address { .. }
            | Why::SizeUnclear
            | Why::RegisterSize(_)
            | Why::Prefix(_)
            | Why::Pointer
            | Why::OnRequest => true,
            Why::NotEncodable => self.high_byte().is_some(),
            Why::Operand(at) => self.other_size(at).is_some() || self.both_memory(),
            Why::NeedsEvex => self.with_evex().next().is_some(),
            _ => false,
        };
        let candidates = self.candidates();
        if says_all || candidates.is_empty() {
            return diagnostic;
        }
        let mut list: Vec<String> = candidates.iter().take(SHOWN).map(|form| format!("`{form}`")).collect();
        if candidates.len() > SHOWN {
            list.push(format!("{} more", candidates.len() - SHOWN));
        }
        diagnostic.note(format!("forms that exist: {}", list.join(", ")))
    }

    fn hint(&self, text: &str) -> Option<String> {
        match self.why {
            Why::Operand(at) => match self.other_size(at) {
                Some((register, _)) => Some(format!("write `{}`", register.name())),
                None if self.operands[at].is_short => Some("leave out `short`".to_owned()),
                None if self.both_memory() => Some(format!("load it first: `mov {}, {text}`", self.spare())),
                None => None,
            },
            Why::Mode => {
                let (_, other) = self.other_width()?;
                let alone = self.operands.len() == 1;
                let before = if alone { format!("{} ", mnemonic_name(self.mnemonic)) } else { String::new() };
                Some(format!("write `{before}{}`", other.name()))
            }
            Why::NeedsEvex => {
                let names: Vec<String> = self.with_evex().map(|name| format!("`{name}`")).collect();
                (!names.is_empty()).then(|| format!("write {}", names.join(" or ")))
            }
            Why::Address { operand, .. } => {
                let register = self.register_of_other_mode(operand)?;
                let narrow = converted(register, 32).filter(|narrow| !narrow.needs_64_bit());
                Some(match narrow.filter(|_| register.class() == super::RegisterClass::General64) {
                    Some(narrow) => format!("write `{}`, or `bits 64` above", narrow.name()),
                    None => "write `bits 64` above".to_owned(),
                })
            }
            Why::Cpu => {
                let written = Asked {
                    name: mnemonic_name(self.mnemonic),
                    bits: self.bits,
                    memory: self.operands.iter().any(|operand| operand.is_memory),
                    prefix: self.encoding != 0,
                };
                first_with(self.near().into_iter(), written).map(|level| format!("write `cpu {level}` above"))
            }
            Why::OnRequest => Some(format!("write `{{vex}} {}`", mnemonic_name(self.mnemonic))),
            Why::SizeUnclear => {
                let sizes = self.sizes();
                let written: Vec<String> = sizes.iter().map(|size| format!("`{size} {text}`")).collect();
                let (last, others) = written.split_last()?;
                Some(match others {
                    [] => format!("write {last}"),
                    _ => format!("write {} or {last}", others.join(", ")),
                })
            }
            _ => None,
        }
    }

    /// A general register of the mode's width in place of one that is written, if a form takes that; and its place.
    fn other_width(&self) -> Option<(usize, Register)> {
        let width = super::address::mode_width(self.bits);
        (0..self.operands.len()).find_map(|at| {
            let register = self.operands[at].register?;
            let other = converted(register, width).filter(|other| *other != register)?;
            self.forms().find(|form| fits_register(form, at, other) && self.takes_others(form, at))?;
            Some((at, other))
        })
    }

    /// Instructions of a name like this one that have the operands in an EVEX form.
    fn with_evex(&self) -> impl Iterator<Item = String> {
        let name = mnemonic_name(self.mnemonic);
        let like = [format!("v{name}"), format!("{name}d"), format!("{name}q"), format!("{name}64")];
        like.into_iter().filter(|like| {
            let forms = mnemonic(like.as_bytes()).map(|number| forms(number, self.operands.len()));
            let takes =
                |form: &Form| form.wrapping() == Wrapping::Evex && self.takes_others(form, usize::MAX);
            forms.unwrap_or_default().iter().any(takes)
        })
    }

    /// A register of the mode's size that no operand names.
    fn spare(&self) -> &'static str {
        let used = |number: u8| {
            let named = self.operands.iter().flat_map(|one| one.address.into_iter().chain([one.register]));
            named.flatten().any(|register| register.number() == number)
        };
        let numbers: [(u8, [&str; 3]); 4] = [
            (0, ["ax", "eax", "rax"]),
            (1, ["cx", "ecx", "rcx"]),
            (2, ["dx", "edx", "rdx"]),
            (3, ["bx", "ebx", "rbx"]),
        ];
        let mode = self.bits as usize;
        numbers.iter().find(|(number, _)| !used(*number)).map_or("rsi", |(_, names)| names[mode])
    }

    /// The same register in the size of another operand, if a form takes that; and the number of the other one.
    fn other_size(&self, at: usize) -> Option<(Register, usize)> {
        let register = self.operands.get(at)?.register?;
        let other = (0..self.operands.len()).find(|other| {
            let same = self.operands[*other].register.is_some_and(|one| one.bytes() != register.bytes());
            *other != at && same && self.operands[*other].register.is_some_and(is_general)
        })?;
        let wanted = converted(register, bits_of(self.operands[other].register?))?;
        self.forms().find(|form| fits_register(form, at, wanted) && self.takes_others(form, at))?;
        Some((wanted, other))
    }

    fn both_memory(&self) -> bool {
        self.operands.iter().filter(|operand| operand.is_memory).count() > 1
    }

    fn register_of_other_mode(&self, operand: usize) -> Option<Register> {
        let Why::Address { reason: NEEDS_64_BIT, .. } = self.why else { return None };
        let written = self.operands.get(operand)?;
        let named = written.address.into_iter().chain([written.register]).flatten();
        named.into_iter().find(|register| register.needs_64_bit())
    }

    /// `ah` to `bh`, which no instruction with a REX prefix can name.
    fn high_byte(&self) -> Option<Register> {
        let named = self.operands.iter().filter_map(|operand| operand.register);
        named.into_iter().find(|register| (5..=8).contains(&register.0))
    }

    fn sizes(&self) -> Vec<&'static str> {
        let mut sizes: Vec<u8> = self
            .forms()
            .filter(|form| form.needs_size() && self.takes_others(form, usize::MAX))
            .map(|form| form.memory)
            .collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.into_iter().filter_map(describe::size).collect()
    }
}

/// Accumulators, segment and control registers, addresses without registers: forms that people ask for less often.
fn is_particular(kind: u8) -> bool {
    kind == super::form::kind::MEM_OFFS
        || kind == 41
        || (63..=65).contains(&kind)
        || (67..=79).contains(&kind)
}

fn is_general(register: Register) -> bool {
    use super::RegisterClass::{General8, General16, General32, General64};
    matches!(register.class(), General8 | General16 | General32 | General64)
}

fn bits_of(register: Register) -> u8 {
    register.bytes() * 8
}

/// The general register of the same number in another size.
fn converted(register: Register, bits: u8) -> Option<Register> {
    let base = match bits {
        16 => 21,
        32 => 37,
        64 => 53,
        _ => return None,
    };
    is_general(register).then(|| Register(base + register.number()))
}

fn fits_register(form: &Form, at: usize, register: Register) -> bool {
    register_kinds(register) >> form.kinds[at] & 1 != 0
}
