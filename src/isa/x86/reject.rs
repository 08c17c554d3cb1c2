//! Why a line was refused: which rule, which operand, and what would fit.  Data first; the message is made from it.

use super::form::{Form, mode_bit};
use super::mnemonic::{all_forms, forms, mnemonic_name};
use super::{Bits, Instruction, OperandKind, describe};
use crate::source::{Diagnostic, Span};

/// How far the best form came; later ones are more specific and win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Misfit {
    None,
    Operand(u8),
    Automatic,
    Size,
    MemorySize,
    Wrapping,
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
    /// Several sizes of memory fit: one must be written.
    SizeUnclear,
    /// Not in 16, 32 or 64-bit mode.
    Mode,
    /// Registers 16 and above exist in EVEX encodings only, and there is none.
    NeedsEvex,
    /// `{vex}` or `{evex}` was asked for and there is no such encoding.
    NoSuchEncoding,
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
    /// Written operands.
    pub count: usize,
    bits: Bits,
}

impl Rejection {
    pub(super) fn new(bits: Bits, instruction: &Instruction<'_>, why: Why) -> Self {
        let operand = match why {
            Why::Operand(at) | Why::Address { operand: at, .. } => instruction.operands.get(at),
            Why::SizeUnclear => {
                instruction.operands.iter().find(|one| matches!(one.kind, OperandKind::Memory(_)))
            }
            Why::Mask => instruction.operands.iter().find(|one| one.mask != 0 || one.zeroing),
            Why::Rounding => instruction.operands.iter().find(|one| one.rounding.is_some()),
            Why::Broadcast => instruction.operands.iter().find(|one| one.broadcast != 0),
            _ => None,
        };
        let span = operand.map_or(instruction.span, |operand| operand.span);
        Rejection { why, mnemonic: instruction.mnemonic, span, count: instruction.operands.len(), bits }
    }

    pub(super) fn of_misfit(bits: Bits, instruction: &Instruction<'_>, misfit: Misfit) -> Self {
        let why = match misfit {
            Misfit::None => Why::OperandCount,
            Misfit::Operand(at) => Why::Operand(usize::from(at)),
            Misfit::Size | Misfit::MemorySize | Misfit::Automatic => Why::Size,
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

    /// The forms that exist and come nearest: those with as many operands, else all.
    pub fn candidates(&self) -> Vec<String> {
        let near = forms(self.mnemonic, self.count);
        let shown = if near.is_empty() { all_forms(self.mnemonic) } else { near };
        let mut texts: Vec<String> = Vec::new();
        let in_mode = |form: &&Form| form.in_mode(mode_bit(self.bits)) || self.why == Why::Mode;
        for form in shown.iter().filter(in_mode) {
            let text = describe::form(mnemonic_name(self.mnemonic), form);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }

    /// The message.
    pub fn diagnostic(&self) -> Diagnostic {
        let name = mnemonic_name(self.mnemonic);
        let mode = super::address::mode_width(self.bits);
        let message = match self.why {
            Why::OperandCount => match self.count {
                0 => format!("`{name}` needs operands"),
                1 => format!("`{name}` does not take 1 operand"),
                count => format!("`{name}` does not take {count} operands"),
            },
            Why::Operand(at) => format!("operand {} of `{name}` fits no form of it", at + 1),
            Why::Address { reason, .. } => reason.to_owned(),
            Why::Size => format!("the operand sizes of `{name}` do not go together"),
            Why::SizeUnclear => "the size of the memory operand is not clear".to_owned(),
            Why::Mode => format!("`{name}` does not exist in this form in {mode}-bit mode"),
            Why::NeedsEvex => format!("`{name}` cannot name registers 16 to 31: it has no EVEX form here"),
            Why::NoSuchEncoding => format!("`{name}` has no such encoding for these operands"),
            Why::Mask => format!("`{name}` does not take this mask here"),
            Why::Rounding => format!("`{name}` takes no such rounding here"),
            Why::Broadcast => format!("`{name}` cannot broadcast this way"),
            Why::Unasked => {
                format!("`{name}` is not encoded without `{{vex}}` or `{{evex}}` after this `cpu`")
            }
            Why::Cpu => format!("the processor chosen by `cpu` does not have `{name}`"),
            Why::NotEncodable => format!("these operands of `{name}` cannot be encoded together"),
        };
        let mut diagnostic = Diagnostic::error(self.span, message);
        let candidates = self.candidates();
        if self.why == Why::SizeUnclear {
            let sizes = self.sizes();
            if let Some(first) = sizes.first() {
                let all: Vec<String> = sizes.iter().map(|size| format!("`{size}`")).collect();
                diagnostic = diagnostic
                    .note(format!("these sizes fit: {}", all.join(", ")))
                    .hint(format!("write the size before the bracket: `{first} [...]`"));
            }
        } else if !candidates.is_empty() && !matches!(self.why, Why::Address { .. }) {
            const SHOWN: usize = 8;
            let mut list: Vec<String> =
                candidates.iter().take(SHOWN).map(|form| format!("`{form}`")).collect();
            if candidates.len() > SHOWN {
                list.push(format!("{} more", candidates.len() - SHOWN));
            }
            diagnostic = diagnostic.note(format!("forms that exist: {}", list.join(", ")));
        }
        diagnostic
    }

    fn sizes(&self) -> Vec<&'static str> {
        let mut sizes: Vec<u8> = forms(self.mnemonic, self.count)
            .iter()
            .filter(|form| form.needs_size())
            .map(|form| form.memory)
            .collect();
        sizes.sort_unstable();
        sizes.dedup();
        sizes.into_iter().filter_map(describe::size).collect()
    }
}
