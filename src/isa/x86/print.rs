//! Encoded instructions as text, in NASM's syntax, one after another.

use iced_x86::{Decoder, DecoderOptions, Formatter as _, Instruction, NasmFormatter};

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
    decoder: Decoder<'a>,
    instruction: Instruction,
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
        let width = match bits {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        };
        let decoder = Decoder::with_ip(width, code, address, DecoderOptions::NONE);
        Disassembler { bits, code, decoder, instruction: Instruction::default(), formatter }
    }

    /// How many bytes the next instruction has; its text is put behind what `text` has, nothing where the bytes are no
    /// instruction.
    pub fn print(&mut self, text: &mut String) -> Option<usize> {
        let at = self.decoder.position();
        if !self.decoder.can_decode() {
            return None;
        }
        let address = self.decoder.ip();
        self.decoder.decode_out(&mut self.instruction);
        if self.instruction.is_invalid() {
            // The next byte may begin one.
            self.decoder.set_position(at + 1).ok()?;
            self.decoder.set_ip(address.wrapping_add(1));
            return Some(1);
        }
        self.formatter.format(&self.instruction, text);
        Some(self.instruction.len())
    }
}

impl Iterator for Disassembler<'_> {
    type Item = Printed;

    fn next(&mut self) -> Option<Printed> {
        let rest = self.code.get(self.decoder.position()..)?;
        let mut text = String::new();
        let length = self.print(&mut text)?;
        let instruction = &self.instruction;
        if instruction.is_invalid() {
            return Some(Printed { length, text: None, flow: Flow::Leaves, target: None });
        }
        let target = instruction.near_branch_target();
        let direct = instruction.is_jcc_short_or_near()
            || instruction.is_jmp_short_or_near()
            || instruction.is_call_near()
            || instruction.is_loop()
            || instruction.is_loopcc()
            || instruction.is_jcx_short();
        Some(Printed {
            length,
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
