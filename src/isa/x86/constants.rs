//! What registers hold, as far as constants tell: the number of the next system call, mostly.
//!
//! Followed are the ways in which programs put a number there: moves between registers, arithmetic with constants,
//! `xor` with itself, `push` and `pop`.  Only the low 32 bits are known: the kernel reads no more of a system call's
//! number.  Everything else that writes a register makes it unknown.

use iced_x86::{
    Decoder, DecoderOptions, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register,
};

use super::Bits;

/// So many constants are remembered on the stack.
const DEPTH: usize = 4;

/// Registers in iced's order, and the constants that were pushed last; `None` for what is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Constants {
    registers: [Option<u32>; 16],
    pushed: [Option<u32>; DEPTH],
}

impl Constants {
    /// A process begins with zeroes: the kernel clears the registers (ELF_PLAT_INIT in arch/x86/include/asm/elf.h), all
    /// but the stack pointer and the two that `sysret` takes.
    pub fn at_entry() -> Self {
        let mut known = Constants { registers: [Some(0); 16], ..Constants::default() };
        for register in [Register::RSP, Register::RCX, Register::R11] {
            known.forget(register);
        }
        known
    }

    /// What `eax` holds, if that is known.
    pub fn accumulator(self) -> Option<u32> {
        self.get(Register::EAX)
    }

    /// What is known on both of two ways that meet.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        let ours = self.registers.iter_mut().chain(&mut self.pushed);
        for (one, two) in ours.zip(other.registers.into_iter().chain(other.pushed)) {
            *one = one.filter(|_| *one == two);
        }
        self
    }

    /// After the first instruction of `code`, and behind whatever that calls.
    #[must_use]
    pub fn after(mut self, bits: Bits, code: &[u8]) -> Self {
        let width = match bits {
            Bits::B16 => 16,
            Bits::B32 => 32,
            Bits::B64 => 64,
        };
        let instruction = Decoder::new(width, code, DecoderOptions::NONE).decode();
        if instruction.is_invalid() || instruction.is_call_near() || instruction.is_call_near_indirect() {
            return Constants::default();
        }
        match instruction.mnemonic() {
            Mnemonic::Int | Mnemonic::Sysenter => self.forget(Register::RAX),
            // iced knows that `syscall` writes rcx and r11.
            Mnemonic::Syscall => self.forget(Register::RAX),
            _ => {}
        }
        let before = self;
        let mut factory = InstructionInfoFactory::new();
        for used in factory.info(&instruction).used_registers() {
            if !matches!(used.access(), OpAccess::Read | OpAccess::CondRead | OpAccess::NoMemAccess) {
                self.forget(used.register());
            }
        }
        if let Some(number) = before.result(&instruction) {
            self.set(before, instruction.op0_register(), number);
        }
        if let (Mnemonic::Xchg, OpKind::Register) = (instruction.mnemonic(), instruction.op0_kind())
            && let Some(number) = before.operand(&instruction, 0)
        {
            self.set(before, instruction.op1_register(), number);
        }
        self.stack(before, &instruction);
        self
    }

    /// What the first operand, a register, becomes.
    fn result(self, instruction: &Instruction) -> Option<u32> {
        if instruction.op0_kind() != OpKind::Register {
            return None;
        }
        let same = instruction.op1_kind() == OpKind::Register
            && instruction.op1_register() == instruction.op0_register();
        let own = || self.operand(instruction, 0);
        let other = || self.operand(instruction, 1);
        match instruction.mnemonic() {
            Mnemonic::Xor | Mnemonic::Sub if same => Some(0),
            Mnemonic::Mov | Mnemonic::Movzx | Mnemonic::Xchg => other(),
            Mnemonic::Inc => Some(own()?.wrapping_add(1)),
            Mnemonic::Dec => Some(own()?.wrapping_sub(1)),
            Mnemonic::Neg => Some(own()?.wrapping_neg()),
            Mnemonic::Not => Some(!own()?),
            Mnemonic::Add => Some(own()?.wrapping_add(other()?)),
            Mnemonic::Sub => Some(own()?.wrapping_sub(other()?)),
            Mnemonic::Or => Some(own()? | other()?),
            Mnemonic::And => Some(own()? & other()?),
            Mnemonic::Xor => Some(own()? ^ other()?),
            Mnemonic::Lea => self.address(instruction),
            Mnemonic::Pop => self.pushed[0],
            _ => None,
        }
    }

    /// A constant, sign-extended as the instruction does it, or what a register holds.
    fn operand(self, instruction: &Instruction, operand: u32) -> Option<u32> {
        match instruction.op_kind(operand) {
            OpKind::Register => self.get(instruction.op_register(operand)),
            _ => instruction.try_immediate(operand).ok().map(|number| number as u32),
        }
    }

    fn address(self, instruction: &Instruction) -> Option<u32> {
        let part = |register: Register| match register {
            Register::None => Some(0),
            register => self.get(register),
        };
        let index = part(instruction.memory_index())?.wrapping_mul(instruction.memory_index_scale());
        let displacement = instruction.memory_displacement64() as u32;
        Some(part(instruction.memory_base())?.wrapping_add(index).wrapping_add(displacement))
    }

    fn stack(&mut self, before: Constants, instruction: &Instruction) {
        match instruction.mnemonic() {
            Mnemonic::Push => {
                self.pushed.copy_within(..DEPTH - 1, 1);
                self.pushed[0] = before.operand(instruction, 0);
            }
            Mnemonic::Pop if instruction.op0_kind() == OpKind::Register => {
                self.pushed.copy_within(1.., 0);
                self.pushed[DEPTH - 1] = None;
            }
            // What is on the stack may be written through any address.
            _ if instruction.stack_pointer_increment() != 0
                || instruction.op0_kind() == OpKind::Memory
                || instruction.op0_register().full_register() == Register::RSP =>
            {
                self.pushed = [None; DEPTH];
            }
            _ => {}
        }
    }

    fn get(self, register: Register) -> Option<u32> {
        let whole = self.registers[place(register)?]?;
        match register.size() {
            4.. => Some(whole),
            2 => Some(whole & 0xffff),
            _ => Some(whole & 0xff),
        }
    }

    /// Of a part of a register the rest stays as it was.
    fn set(&mut self, before: Constants, register: Register, number: u32) {
        let Some(at) = place(register) else { return };
        let part = match register.size() {
            4.. => u32::MAX,
            2 => 0xffff,
            _ => 0xff,
        };
        let rest = if part == u32::MAX { Some(0) } else { before.registers[at] };
        self.registers[at] = rest.map(|rest| rest & !part | number & part);
    }

    fn forget(&mut self, register: Register) {
        let full = register.full_register();
        if full.is_gpr64() {
            self.registers[full.number()] = None;
        }
    }
}

/// The index of a general register; `None` for others, and for `ah` and its kin.
fn place(register: Register) -> Option<usize> {
    let high = matches!(register, Register::AH | Register::BH | Register::CH | Register::DH);
    let full = register.full_register();
    (full.is_gpr64() && !high).then(|| full.number())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bits: Bits, code: &[&[u8]], expected: Option<u32>) {
        let end = code.iter().fold(Constants::at_entry(), |known, code| known.after(bits, code));
        assert_eq!(end.accumulator(), expected, "{code:02x?}");
    }

    #[test]
    fn numbers_are_followed_as_programs_put_them_there() {
        check(Bits::B64, &[&[0xb0, 60]], Some(60)); // mov al,60
        check(Bits::B64, &[&[0xb8, 60, 0, 0, 0], &[0x31, 0xff]], Some(60)); // mov eax,60 / xor edi,edi
        check(Bits::B64, &[&[0x6a, 60], &[0x58]], Some(60)); // push 60 / pop rax
        check(Bits::B64, &[&[0x6a, 60], &[0x6a, 1], &[0x5f], &[0x58]], Some(60)); // push 60 / push 1 / pop rdi / pop rax
        check(Bits::B32, &[&[0xb3, 42], &[0x31, 0xc0], &[0x40]], Some(1)); // mov bl,42 / xor eax,eax / inc eax
        check(Bits::B32, &[&[0xb3, 42], &[0x93]], Some(42)); // mov bl,42 / xchg eax,ebx
        check(Bits::B32, &[&[0x43], &[0x89, 0xd8]], Some(1)); // inc ebx / mov eax,ebx
        check(Bits::B32, &[&[0x43], &[0x8d, 0x43, 3]], Some(4)); // inc ebx / lea eax,[ebx+3]
        check(Bits::B64, &[&[0x8d, 0x47, 60]], Some(60)); // lea eax,[rdi+60]
        check(Bits::B64, &[&[0x89, 0xc8]], None); // mov eax,ecx
        check(Bits::B32, &[&[0xb4, 1]], None); // mov ah,1
        check(Bits::B64, &[&[0xb0, 1], &[0x0f, 0x05]], None); // mov al,1 / syscall
        check(Bits::B64, &[&[0xb0, 1], &[0x0f, 0x05], &[0xb0, 60]], None); // … mov al,60: above it is unknown
        check(Bits::B64, &[&[0xb3, 60], &[0x0f, 0x05], &[0x93]], Some(60)); // mov bl,60 / syscall / xchg eax,ebx
        check(Bits::B64, &[&[0x0f, 0x05], &[0x91]], None); // syscall / xchg eax,ecx
        check(Bits::B64, &[&[0xf7, 0xe3]], None); // mul ebx
        check(Bits::B64, &[&[0x83, 0xc0, 0x3c]], Some(60)); // add eax,60
        check(Bits::B64, &[&[0x6a, 0xff], &[0x58]], Some(u32::MAX)); // push -1 / pop rax
        check(Bits::B64, &[&[0x66, 0xb8, 0x3c, 0]], Some(60)); // mov ax,60
        check(Bits::B64, &[&[0xb8, 60, 0, 0, 0], &[0xe8, 0, 0, 0, 0]], None); // call
        check(Bits::B64, &[&[0x6a, 60], &[0x89, 0x04, 0x24], &[0x58]], None); // push 60 / mov [rsp],eax / pop rax
    }

    #[test]
    fn where_two_ways_meet_only_what_both_know_is_known() {
        let sixty = Constants::at_entry().after(Bits::B64, &[0xb0, 60]);
        assert_eq!(sixty.and(sixty), sixty);
        assert_eq!(sixty.and(Constants::at_entry()).accumulator(), None);
    }
}
