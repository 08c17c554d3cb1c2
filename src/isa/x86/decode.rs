//! The way back: what encoded instructions do, for those who cut, check or show code.

use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind,
};

use super::Bits;

/// Where execution goes after an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// To the next one.
    Next,
    /// To the next one or elsewhere: a conditional jump, a call.
    Branches,
    /// Elsewhere: a jump, a return, an instruction that always faults.
    Leaves,
}

/// What an instruction does to the control flow and the flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Effect {
    /// Bytes.
    pub length: usize,
    /// Where execution goes.
    pub flow: Flow,
    /// Whether it reads any of CF, PF, AF, ZF, SF, OF.
    pub reads_flags: bool,
    /// Whether it overwrites all six of them, whatever they were.
    pub writes_flags: bool,
    /// Whether a REX prefix with R and X set before it changes nothing: it has a legacy or REX prefix of its own, or
    /// no ModRM byte for the bits to extend.
    pub bears_rex: bool,
}

/// The arithmetic flags, as the decoder numbers them.
fn arithmetic_flags() -> u32 {
    use iced_x86::RflagsBits as Flag;
    Flag::OF | Flag::SF | Flag::ZF | Flag::AF | Flag::CF | Flag::PF
}

fn width(bits: Bits) -> u32 {
    match bits {
        Bits::B16 => 16,
        Bits::B32 => 32,
        Bits::B64 => 64,
    }
}

/// The first instruction of `code`; `None` if there is none.
pub fn effect(bits: Bits, code: &[u8]) -> Option<Effect> {
    let mut decoder = Decoder::new(width(bits), code, DecoderOptions::NONE);
    let instruction = decoder.decode();
    if instruction.is_invalid() {
        return None;
    }
    // The kernel returns behind a system call with the flags it found.
    let system_call =
        matches!(instruction.mnemonic(), Mnemonic::Syscall | Mnemonic::Int | Mnemonic::Sysenter);
    let flow = match instruction.flow_control() {
        _ if system_call => Flow::Next,
        FlowControl::Next | FlowControl::Interrupt => Flow::Next,
        FlowControl::ConditionalBranch
        | FlowControl::Call
        | FlowControl::IndirectCall
        | FlowControl::XbeginXabortXend => Flow::Branches,
        FlowControl::UnconditionalBranch
        | FlowControl::IndirectBranch
        | FlowControl::Return
        | FlowControl::Exception => Flow::Leaves,
    };
    let all = arithmetic_flags();
    let first = *code.first()?;
    let prefixed =
        matches!(first, 0x26 | 0x2e | 0x36 | 0x3e | 0x40..=0x4f | 0x64..=0x67 | 0xf0 | 0xf2 | 0xf3);
    Some(Effect {
        length: instruction.len(),
        flow,
        reads_flags: !system_call && instruction.rflags_read() & all != 0,
        writes_flags: !system_call && instruction.rflags_modified() & all == all,
        bears_rex: prefixed || without_modrm(code, instruction.len()),
    })
}

/// A distance inside an instruction, counted from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Relative {
    /// Where the field stands.
    pub at: usize,
    /// How many bytes it has.
    pub width: u8,
    /// What it holds.
    pub distance: i64,
    /// Whether execution goes there; otherwise it is memory beside `rip`.
    pub branch: bool,
}

/// The distance that the first instruction of `code` holds, if it holds one.
pub fn relative(bits: Bits, code: &[u8]) -> Option<Relative> {
    let mut decoder = Decoder::new(width(bits), code, DecoderOptions::NONE);
    let instruction = decoder.decode();
    let offsets = decoder.get_constant_offsets(&instruction);
    use iced_x86::OpKind::{NearBranch16, NearBranch32, NearBranch64};
    let branch = matches!(instruction.op0_kind(), NearBranch16 | NearBranch32 | NearBranch64);
    let (at, width) = if branch && offsets.has_immediate() {
        (offsets.immediate_offset(), offsets.immediate_size())
    } else if instruction.is_ip_rel_memory_operand() {
        (offsets.displacement_offset(), offsets.displacement_size())
    } else {
        return None;
    };
    let field = code.get(at..at + width)?;
    let number = field.iter().rev().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
    let unused = u32::try_from(64 - 8 * width).ok()?;
    let distance = (number << unused) as i64 >> unused;
    Some(Relative { at, width: u8::try_from(width).ok()?, distance, branch })
}

/// What a 64-bit instruction does with general registers other than `rsp`; bit n stands for register n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegisterUse {
    /// Whether it puts an address beside `rip` into a register.
    pub takes_address: bool,
    /// Registers whose 64 bits it computes with, stores or copies; not those that only address its memory.
    pub reads: u16,
    /// Registers of which it reads 32 bits or fewer.
    pub reads_part: u16,
    /// Registers that it changes.
    pub writes: u16,
    /// Whether it reads memory, the stack included.
    pub loads: bool,
    /// Whether that are fewer than eight bytes.
    pub loads_part: bool,
    /// Whether it writes memory, the stack included.
    pub stores: bool,
}

/// What each instruction of `code` does with registers, in order; `None` if something is no instruction.
pub fn register_uses(code: &[u8]) -> Option<Vec<RegisterUse>> {
    let mut factory = InstructionInfoFactory::new();
    Decoder::new(64, code, DecoderOptions::NONE)
        .into_iter()
        .map(|instruction| (!instruction.is_invalid()).then(|| register_use(&instruction, &mut factory)))
        .collect()
}

fn register_use(instruction: &Instruction, factory: &mut InstructionInfoFactory) -> RegisterUse {
    let lea = instruction.mnemonic() == Mnemonic::Lea;
    let mut out =
        RegisterUse { takes_address: lea && instruction.is_ip_rel_memory_operand(), ..Default::default() };
    let is_operand = |register| {
        (0..instruction.op_count())
            .any(|at| instruction.op_kind(at) == OpKind::Register && instruction.op_register(at) == register)
    };
    let addresses =
        |register| !lea && [instruction.memory_base(), instruction.memory_index()].contains(&register);
    let info = factory.info(instruction);
    for used in info.used_registers() {
        let register = used.register();
        let number = register.full_register().number();
        if !register.is_gpr() || register.full_register() == iced_x86::Register::RSP {
            continue;
        }
        if reads(used.access()) {
            match register.size() {
                8 if addresses(register) && !is_operand(register) => {}
                8 => out.reads |= 1 << number,
                _ => out.reads_part |= 1 << number,
            }
        }
        if writes(used.access()) {
            out.writes |= 1 << number;
        }
    }
    for used in info.used_memory() {
        out.loads |= reads(used.access());
        out.loads_part |= reads(used.access()) && used.memory_size().size() < 8;
        out.stores |= writes(used.access());
    }
    out
}

fn reads(access: OpAccess) -> bool {
    matches!(access, OpAccess::Read | OpAccess::CondRead | OpAccess::ReadWrite | OpAccess::ReadCondWrite)
}

fn writes(access: OpAccess) -> bool {
    matches!(access, OpAccess::Write | OpAccess::CondWrite | OpAccess::ReadWrite | OpAccess::ReadCondWrite)
}

/// Where the first instruction of `code` holds a 32-bit address of memory that neither a register nor `rip` moves, in
/// 64-bit mode: behind a ModRM and a SIB byte.
pub fn absolute_memory(code: &[u8]) -> Option<usize> {
    let mut decoder = Decoder::new(64, code, DecoderOptions::NONE);
    let instruction = decoder.decode();
    let offsets = decoder.get_constant_offsets(&instruction);
    let plain = instruction.memory_base() == iced_x86::Register::None
        && instruction.memory_index() == iced_x86::Register::None
        && instruction.op_kinds().any(|kind| kind == iced_x86::OpKind::Memory);
    let at = offsets.displacement_offset();
    (plain && offsets.displacement_size() == 4 && at >= 2 && code[at - 1] == 0x25).then_some(at)
}

/// Whether an unprefixed instruction consists of opcode and immediates alone: for the opcodes that compilers of tiny
/// programs use; everything else counts as having a ModRM byte.
fn without_modrm(code: &[u8], length: usize) -> bool {
    match code {
        [0x0f, 0x05 | 0x0b | 0x31 | 0x34 | 0xa2, ..] => length == 2,
        [0x0f, 0x80..=0x8f | 0xc8..=0xcf, ..] => true,
        [
            0x50..=0x5f | 0x68 | 0x6a | 0x70..=0x7f | 0x90..=0x99 | 0x9b..=0x9f | 0xa4..=0xb3 | 0xb8..=0xbf,
            ..,
        ] => true, // B4 to B7 name ah, ch, dh, bh without the prefix, and other registers with it.
        [0xc2 | 0xc3 | 0xc9..=0xcf | 0xe0..=0xe9 | 0xeb..=0xef | 0xf1 | 0xf4 | 0xf5 | 0xf8..=0xfd, ..] => {
            true
        }
        [low, ..] if *low < 0x40 => low & 7 == 4 || low & 7 == 5,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_found_in_jumps_and_beside_rip() {
        let relative_to = |at, width, distance, branch| Some(Relative { at, width, distance, branch });
        assert_eq!(relative(Bits::B64, &[0xeb, 0xfe]), relative_to(1, 1, -2, true));
        assert_eq!(relative(Bits::B32, &[0xe8, 5, 0, 0, 0]), relative_to(1, 4, 5, true));
        assert_eq!(relative(Bits::B64, &[0x48, 0x8d, 0x35, 9, 0, 0, 0]), relative_to(3, 4, 9, false));
        assert_eq!(relative(Bits::B64, &[0xb0, 60]), None);
        assert_eq!(absolute_memory(&[0x8a, 0x04, 0x25, 1, 2, 3, 4]), Some(3));
        assert_eq!(absolute_memory(&[0x8a, 0x05, 1, 2, 3, 4]), None, "mov al,[rip+n]");
        assert_eq!(absolute_memory(&[0x8a, 0x04, 0x8d, 1, 2, 3, 4]), None, "mov al,[rcx*4+n]");
    }

    fn check(code: &[u8], length: usize, flow: Flow, reads: bool, writes: bool, bears: bool) {
        let expected = Effect { length, flow, reads_flags: reads, writes_flags: writes, bears_rex: bears };
        assert_eq!(effect(Bits::B64, code), Some(expected), "{code:02x?}");
    }

    #[test]
    fn effects_are_those_of_the_manual() {
        check(&[0xb0, 60], 2, Flow::Next, false, false, true); // mov al,60
        check(&[0x0f, 0x05], 2, Flow::Next, false, false, true); // syscall
        check(&[0xb7, 1], 2, Flow::Next, false, false, false); // mov bh,1
        check(&[0x31, 0xff], 2, Flow::Next, false, true, false); // xor edi,edi
        check(&[0x75, 0xfe], 2, Flow::Branches, true, false, true); // jnz $
        check(&[0xeb, 0xfe], 2, Flow::Leaves, false, false, true); // jmp $
        check(&[0xff, 0xc0], 2, Flow::Next, false, false, false); // inc eax leaves CF
        check(&[0x48, 0x89, 0xe6], 3, Flow::Next, false, false, true); // mov rsi,rsp
        check(&[0xc3], 1, Flow::Leaves, false, false, true); // ret
        assert_eq!(effect(Bits::B64, &[]), None);
        assert_eq!(effect(Bits::B64, &[0x06]), None, "push es is not in 64-bit mode");
    }
}
