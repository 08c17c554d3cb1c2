//! Encoded instructions as text, in NASM's syntax, one after another.

use iced_x86::{Decoder, DecoderOptions, Formatter as _, NasmFormatter};

use super::{Bits, Flow, effect};

/// An instruction as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Bytes; at least 1.
    pub length: usize,
    /// What it is; `None` for bytes that are no instruction.
    pub text: Option<String>,
    /// Where execution goes.
    pub flow: Flow,
    /// The target of a direct jump or call.
    pub target: Option<u64>,
}

/// Prints one instruction after another.
pub struct Disassembler<'a> {
    bits: Bits,
    code: &'a [u8],
    address: u64,
    at: usize,
    formatter: NasmFormatter,
}

impl<'a> Disassembler<'a> {
    /// Of the bytes at an address.
    pub fn new(bits: Bits, code: &'a [u8], address: u64) -> Self {
        let mut formatter = NasmFormatter::new();
        let options = formatter.options_mut();
        options.set_hex_prefix("0x");
        options.set_hex_suffix("");
        options.set_uppercase_hex(false);
        options.set_space_after_operand_separator(false);
        options.set_branch_leading_zeros(false);
        options.set_rip_relative_addresses(false);
        Disassembler { bits, code, address, at: 0, formatter }
    }

    /// Goes on at a distance from the first byte.
    pub fn seek(&mut self, at: usize) {
        self.at = at.min(self.code.len());
    }
}

impl Iterator for Disassembler<'_> {
    type Item = Printed;

    fn next(&mut self) -> Option<Printed> {
        let rest = self.code.get(self.at..).filter(|rest| !rest.is_empty())?;
        let width = match self.bits {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        };
        let address = self.address.wrapping_add(self.at as u64);
        let mut decoder = Decoder::with_ip(width, rest, address, DecoderOptions::NONE);
        let instruction = decoder.decode();
        if instruction.is_invalid() {
            self.at += 1;
            return Some(Printed { length: 1, text: None, flow: Flow::Leaves, target: None });
        }
        let mut text = String::new();
        self.formatter.format(&instruction, &mut text);
        self.at += instruction.len();
        let target = instruction.near_branch_target();
        let direct = instruction.is_jcc_short_or_near()
            || instruction.is_jmp_short_or_near()
            || instruction.is_call_near()
            || instruction.is_loop()
            || instruction.is_loopcc()
            || instruction.is_jcx_short();
        Some(Printed {
            length: instruction.len(),
            text: Some(text),
            flow: effect(self.bits, rest).map_or(Flow::Leaves, |effect| effect.flow),
            target: direct.then_some(target),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_printed_as_nasm_reads_them() {
        let code = [0xb8, 60, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7, 0x06, 0x90];
        let lines: Vec<_> = Disassembler::new(Bits::B64, &code, 0x1000)
            .map(|one| (one.length, one.text.unwrap_or_default(), one.target))
            .collect();
        let expected = [
            (5, "mov eax,0x3c", None),
            (2, "syscall", None),
            (2, "jmp short 0x1000", Some(0x1000)),
            (1, "", None),
            (1, "nop", None),
        ];
        assert_eq!(lines, expected.map(|(length, text, target)| (length, text.to_owned(), target)));
    }
}
