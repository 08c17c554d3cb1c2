//! What the accumulator holds, as far as constants tell: the number of the next system call, mostly.
//!
//! Followed are the ways in which programs put a number there: `mov`, `xor`, `push` and `pop`, `inc` and `dec`.
//! Everything else that writes it makes it unknown.

use iced_x86::{Decoder, DecoderOptions, Instruction, InstructionInfoFactory, Mnemonic, OpKind, Register};

use super::Bits;

/// The value of `rax`, and the constant that was pushed last; `None` for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Accumulator {
    value: Option<u64>,
    pushed: Option<u64>,
}

impl Accumulator {
    /// A process begins with zero in it: what `execve` gave back.
    pub fn at_entry() -> Self {
        Accumulator { value: Some(0), pushed: None }
    }

    /// What it holds, if that is known.
    pub fn value(self) -> Option<u64> {
        self.value
    }

    /// What is known on both of two ways that meet.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let same = |one: Option<u64>, two: Option<u64>| one.filter(|_| one == two);
        Accumulator { value: same(self.value, other.value), pushed: same(self.pushed, other.pushed) }
    }

    /// After the first instruction of `code`, and behind whatever that calls.
    #[must_use]
    pub fn after(self, bits: Bits, code: &[u8]) -> Self {
        let width = match bits {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        };
        let instruction = Decoder::new(width, code, DecoderOptions::NONE).decode();
        let leaves = instruction.is_call_near() || instruction.is_call_near_indirect();
        let system_call =
            matches!(instruction.mnemonic(), Mnemonic::Syscall | Mnemonic::Int | Mnemonic::Sysenter);
        if instruction.is_invalid() || leaves || system_call {
            return Accumulator::default();
        }
        Accumulator { value: self.next_value(&instruction), pushed: self.next_pushed(&instruction) }
    }

    fn next_value(self, instruction: &Instruction) -> Option<u64> {
        let whole = matches!(instruction.op0_register(), Register::EAX | Register::RAX);
        let own = instruction.op0_kind() == OpKind::Register
            && instruction.op0_register().full_register() == Register::RAX;
        if !own || instruction.op0_register() == Register::AH {
            return if writes(instruction, Register::RAX) { None } else { self.value };
        }
        let immediate = immediate(instruction, 1);
        let same = instruction.op1_kind() == OpKind::Register
            && instruction.op1_register() == instruction.op0_register();
        let before = self.value;
        let number = match (instruction.mnemonic(), immediate) {
            (Mnemonic::Mov, Some(number)) => Some(number),
            (Mnemonic::Xor | Mnemonic::Sub, _) if same => Some(0),
            (Mnemonic::Inc, _) => before.map(|before| before.wrapping_add(1)),
            (Mnemonic::Dec, _) => before.map(|before| before.wrapping_sub(1)),
            (Mnemonic::Add, Some(number)) => before.map(|before| before.wrapping_add(number)),
            (Mnemonic::Sub, Some(number)) => before.map(|before| before.wrapping_sub(number)),
            (Mnemonic::Or, Some(number)) => before.map(|before| before | number),
            (Mnemonic::And, Some(number)) => before.map(|before| before & number),
            (Mnemonic::Pop, _) if whole => self.pushed,
            (Mnemonic::Test | Mnemonic::Cmp | Mnemonic::Push, _) => return before,
            _ => None,
        }?;
        // A write of 32 bits clears the upper half, of fewer keeps the rest.
        Some(match instruction.op0_register().size() {
            8 => number,
            4 => number & 0xffff_ffff,
            2 => before? & !0xffff | number & 0xffff,
            _ => before? & !0xff | number & 0xff,
        })
    }

    fn next_pushed(self, instruction: &Instruction) -> Option<u64> {
        match instruction.mnemonic() {
            Mnemonic::Push => immediate(instruction, 0),
            _ if instruction.stack_pointer_increment() != 0 => None,
            // What is on the stack may be written through any address.
            _ if instruction.op0_kind() == OpKind::Memory || writes(instruction, Register::RSP) => None,
            _ => self.pushed,
        }
    }
}

/// The constant that an operand is, sign-extended as the instruction does it.
fn immediate(instruction: &Instruction, operand: u32) -> Option<u64> {
    instruction.try_immediate(operand).ok()
}

fn writes(instruction: &Instruction, register: Register) -> bool {
    let mut factory = InstructionInfoFactory::new();
    let info = factory.info(instruction);
    info.used_registers().iter().any(|used| {
        use iced_x86::OpAccess::{CondWrite, ReadCondWrite, ReadWrite, Write};
        used.register().full_register() == register
            && matches!(used.access(), Write | CondWrite | ReadWrite | ReadCondWrite)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bits: Bits, code: &[&[u8]], expected: Option<u64>) {
        let start = Accumulator::at_entry();
        let end = code.iter().fold(start, |accumulator, code| accumulator.after(bits, code));
        assert_eq!(end.value(), expected, "{code:02x?}");
    }

    #[test]
    fn numbers_are_followed_as_programs_put_them_there() {
        check(Bits::B64, &[&[0xb0, 60]], Some(60)); // mov al,60
        check(Bits::B64, &[&[0xb8, 60, 0, 0, 0], &[0x31, 0xff]], Some(60)); // mov eax,60 / xor edi,edi
        check(Bits::B64, &[&[0x6a, 60], &[0x58]], Some(60)); // push 60 / pop rax
        check(Bits::B64, &[&[0x6a, 60], &[0x6a, 1], &[0x5f], &[0x58]], None); // the second was popped, not seen below
        check(Bits::B32, &[&[0xb3, 42], &[0x31, 0xc0], &[0x40]], Some(1)); // mov bl,42 / xor eax,eax / inc eax
        check(Bits::B32, &[&[0x93]], None); // xchg eax,ebx
        check(Bits::B64, &[&[0xb0, 1], &[0x0f, 0x05]], None); // mov al,1 / syscall
        check(Bits::B64, &[&[0xb0, 1], &[0x0f, 0x05], &[0xb0, 60]], None); // … mov al,60: above it is unknown
        check(Bits::B64, &[&[0xf7, 0xe3]], None); // mul ebx
        check(Bits::B64, &[&[0x83, 0xc0, 0x3c]], Some(60)); // add eax,60
        check(Bits::B64, &[&[0x6a, 0xff], &[0x58]], Some(u64::MAX)); // push -1 / pop rax
        check(Bits::B64, &[&[0x66, 0xb8, 0x3c, 0]], Some(60)); // mov ax,60
        check(Bits::B64, &[&[0xb8, 60, 0, 0, 0], &[0xe8, 0, 0, 0, 0]], None); // call
    }

    #[test]
    fn where_two_ways_meet_only_what_both_know_is_known() {
        let sixty = Accumulator::at_entry().after(Bits::B64, &[0xb0, 60]);
        assert_eq!(sixty.and(sixty), sixty);
        assert_eq!(sixty.and(Accumulator::at_entry()).value(), None);
    }
}
