//! What one instruction does to a [`State`]: the transfer function.
//!
//! Moves, sums and the stack are followed by value; everything else makes what it writes `Set`.  In doubt nothing
//! is known, and no lint speaks about what is not known.

use iced_x86::{Instruction, MemorySize, Mnemonic, OpKind, Register};

use super::flags::Flags;
use super::graph::{Kind, Node, Store, number, place};
use super::program::Field;
use super::state::{PROGRAM, SP, State};
use super::value::{Ins, Lost, Value};

const AX: u8 = 0;
const CX: u8 = 1;
const DI: usize = 7;
const R11: u8 = 11;

/// What transfer needs to know of the machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stepper {
    pub(super) is_64: bool,
}

impl Stepper {
    /// The size of a stack word and of a full register, in bytes.
    fn word(self) -> i64 {
        if self.is_64 { 8 } else { 4 }
    }

    /// Applies everything but the choice of the next instruction; `state` begins as a copy of `before`.
    pub(super) fn step(self, ins: Ins, node: &Node, before: &State, state: &mut State) {
        state.pending &= !node.reads;
        self.flags(node, before, state);
        match node.kind {
            Kind::Syscall => {
                for register in [CX, R11] {
                    let lost = match before.registers[usize::from(register)] {
                        Value::Start(start) => Lost::Start(start),
                        value if value.is_set() => Lost::Set,
                        Value::Clobbered(_, lost) => lost,
                        Value::PerhapsClobbered(_) => Lost::Set,
                        _ => Lost::Nothing,
                    };
                    state.set(register, Value::Clobbered(ins, lost), ins);
                }
                called(ins, state);
            }
            Kind::Int80 => called(ins, state),
            _ => self.values(ins, node, before, state),
        }
    }

    fn values(self, ins: Ins, node: &Node, before: &State, state: &mut State) {
        let code = &node.code;
        match code.mnemonic() {
            Mnemonic::Push => return self.push(node, before, state),
            Mnemonic::Pop => return self.pop(ins, node, before, state),
            Mnemonic::Leave => {
                state.set(4, before.registers[5], ins);
                let frame = state.clone();
                return self.pop_into(ins, 5, &frame, state);
            }
            Mnemonic::Xchg if code.op0_kind() == OpKind::Register && code.op1_kind() == OpKind::Register => {
                return self.exchange(ins, node, before, state);
            }
            _ => {}
        }
        let result = self.result(node, before);
        if code.op_count() > 0 && code.op0_kind() == OpKind::Register {
            self.write(ins, code.op0_register(), result, node, before, state);
        } else {
            self.others(ins, node, node.writes, state);
        }
        if node.stores.is_some() {
            self.store(node, before, state);
        }
    }

    /// Writes a register operand, and whatever else the instruction writes.
    fn write(
        self,
        ins: Ins,
        register: Register,
        result: Option<Value>,
        node: &Node,
        before: &State,
        state: &mut State,
    ) {
        let Some(own) = number(register) else { return self.others(ins, node, node.writes, state) };
        if node.writes >> own & 1 == 0 {
            return self.others(ins, node, node.writes, state);
        }
        let value = self.narrowed(register, result.unwrap_or(Value::Set), before);
        state.set(own, value, ins);
        self.others(ins, node, node.writes & !(1 << own), state);
    }

    /// Registers whose new value is not followed.
    fn others(self, ins: Ins, node: &Node, written: u16, state: &mut State) {
        for register in (0..16).filter(|register| written >> register & 1 == 1) {
            let is_stack = usize::from(register) == SP;
            match (is_stack, state.registers[SP]) {
                (true, Value::Stack(top)) => {
                    state.registers[SP] = match node.code.stack_pointer_increment() {
                        0 => Value::OnStack,
                        moved => Value::Stack(top.wrapping_add(i64::from(moved))),
                    };
                }
                (true, _) => state.registers[SP] = Value::OnStack,
                (false, _) => state.set(register, Value::Set, ins),
            }
        }
    }

    /// A value as the full register holds it after a write to a part of it.
    fn narrowed(self, register: Register, value: Value, before: &State) -> Value {
        let own = usize::from(number(register).unwrap_or(0));
        let size = register.size();
        let full = size as i64 == self.word() || size == 4;
        match value {
            Value::Const(result) if full => Value::Const(result & mask(size)),
            // A pointer into the stack loses its upper half, but `int80-pointer` wants to know where it came from.
            _ if full => value,
            Value::Const(result) => match before.registers[own] {
                Value::Const(old) if !is_high_byte(register) => {
                    Value::Const(old & !mask(size) | result & mask(size))
                }
                _ => Value::Set,
            },
            _ => Value::Set,
        }
    }

    /// What goes into the first operand, if it is followed.
    fn result(self, node: &Node, before: &State) -> Option<Value> {
        let code = &node.code;
        let operand = |index| self.operand(node, index, before);
        Some(match code.mnemonic() {
            Mnemonic::Mov | Mnemonic::Movzx => operand(1)?,
            Mnemonic::Movsx | Mnemonic::Movsxd => {
                let size = code.op1_register().size().max(1);
                let shift = 64 - 8 * u32::try_from(size).ok()?;
                Value::Const(((operand(1)?.constant()? << shift) as i64 >> shift) as u64)
            }
            Mnemonic::Lea => self.address(node, before),
            Mnemonic::Xor | Mnemonic::Sub if same_register(code) => Value::Const(0),
            Mnemonic::Add => operand(0)?.sum(operand(1)?),
            Mnemonic::Sub => match (operand(0)?, operand(1)?) {
                (value, Value::Const(number)) => value.plus((number as i64).wrapping_neg()),
                (Value::Address(a, left), Value::Address(b, right)) if a == b => {
                    Value::Const(left.wrapping_sub(right) as u64)
                }
                (Value::Address(section, _) | Value::Within(section), other) if !is_pointer(other) => {
                    Value::Within(section)
                }
                (Value::Stack(_) | Value::OnStack, other) if !is_pointer(other) => Value::OnStack,
                _ => return None,
            },
            Mnemonic::Inc => operand(0)?.plus(1),
            Mnemonic::Dec => operand(0)?.plus(-1),
            // Rounding an address down leaves it where it was.
            Mnemonic::And => match (operand(0)?, operand(1)?) {
                (Value::Stack(_) | Value::OnStack, _) => Value::OnStack,
                (_, Value::Const(0)) | (Value::Const(0), _) => Value::Const(0),
                (a, b) => Value::Const(a.constant()? & b.constant()?),
            },
            Mnemonic::Or => Value::Const(operand(0)?.constant()? | operand(1)?.constant()?),
            Mnemonic::Xor => Value::Const(operand(0)?.constant()? ^ operand(1)?.constant()?),
            Mnemonic::Not => Value::Const(!operand(0)?.constant()?),
            Mnemonic::Neg => Value::Const(operand(0)?.constant()?.wrapping_neg()),
            Mnemonic::Shl => {
                let count = u32::try_from(operand(1)?.constant()? & 63).ok()?;
                Value::Const(operand(0)?.constant()?.checked_shl(count)?)
            }
            Mnemonic::Imul if code.op_count() == 3 => {
                Value::Const(operand(1)?.constant()?.wrapping_mul(operand(2)?.constant()?))
            }
            _ => return None,
        })
    }

    /// The value of an operand.
    pub(super) fn operand(self, node: &Node, index: u32, state: &State) -> Option<Value> {
        let code = &node.code;
        Some(match code.op_kind(index) {
            OpKind::Register => {
                let register = code.op_register(index);
                let value = state.registers[usize::from(number(register)?)];
                match (value, register.size() as i64 == self.word()) {
                    (_, true) => value,
                    (Value::Const(_), false) if is_high_byte(register) => Value::Set,
                    (Value::Const(number), false) => Value::Const(number & mask(register.size())),
                    // The address of a small program, or a pointer cut short.
                    _ if register.size() == 4 => value,
                    _ => Value::Set,
                }
            }
            OpKind::Memory => self.load(node, state),
            OpKind::Immediate8
            | OpKind::Immediate16
            | OpKind::Immediate32
            | OpKind::Immediate64
            | OpKind::Immediate8to16
            | OpKind::Immediate8to32
            | OpKind::Immediate8to64
            | OpKind::Immediate32to64 => match node.immediate {
                None => Value::Const(code.immediate(index)),
                Some(Field::Address(section, offset)) => Value::Address(section, offset),
                Some(Field::Other) => Value::Set,
            },
            _ => return None,
        })
    }

    /// What a load from the memory operand gives.
    fn load(self, node: &Node, state: &State) -> Value {
        let size = node.code.memory_size();
        match self.address(node, state) {
            Value::Address(section, offset) => match place(section, offset) {
                Some(place) => Value::Loaded(place, u8::try_from(size.size()).unwrap_or(u8::MAX)),
                None => Value::Set,
            },
            Value::Stack(at) if size.size() as i64 == self.word() => match state.slot(at) {
                Some(value) => value,
                // The arguments and the environment, above their number.
                None if at > 0 && state.began == PROGRAM => Value::OnStack,
                None => Value::Set,
            },
            _ => Value::Set,
        }
    }

    /// The address of the memory operand.
    pub(super) fn address(self, node: &Node, state: &State) -> Value {
        let code = &node.code;
        if matches!(code.memory_segment(), Register::FS | Register::GS) {
            return Value::Unknown;
        }
        if code.is_ip_rel_memory_operand() {
            return match node.displacement {
                Some(Field::Address(section, offset)) => Value::Address(section, offset),
                Some(Field::Other) => Value::Unknown,
                None => Value::Address(node.place.section, code.memory_displacement64() as i64),
            };
        }
        let mut sum = match node.displacement {
            Some(Field::Address(section, offset)) => Value::Address(section, offset),
            Some(Field::Other) => Value::Unknown,
            None => Value::Const(code.memory_displacement64()),
        };
        let value = |register: Register| number(register).map(|it| state.registers[usize::from(it)]);
        if code.memory_base() != Register::None {
            sum = sum.sum(value(code.memory_base()).unwrap_or(Value::Unknown));
        }
        if code.memory_index() != Register::None {
            let index = value(code.memory_index()).unwrap_or(Value::Unknown);
            sum = sum.sum(match (index, code.memory_index_scale()) {
                (index, 1) => index,
                (Value::Const(number), scale) => Value::Const(number.wrapping_mul(u64::from(scale))),
                _ => Value::Set,
            });
        }
        match sum {
            Value::Const(number) if !self.is_64 => Value::Const(number & 0xffff_ffff),
            other => other,
        }
    }

    /// Where the instruction writes to.
    pub(super) fn store_address(self, node: &Node, state: &State) -> Option<Value> {
        Some(match node.stores? {
            Store::String => state.registers[DI],
            Store::Operand => self.address(node, state),
        })
    }

    /// Remembers what is written to the stack.
    fn store(self, node: &Node, before: &State, state: &mut State) {
        match self.store_address(node, before) {
            Some(Value::Stack(at)) => {
                let width = node.code.memory_size().size() as i64;
                let value = match node.code.mnemonic() {
                    Mnemonic::Mov if width == self.word() => {
                        self.operand(node, 1, before).unwrap_or(Value::Set)
                    }
                    _ => Value::Set,
                };
                state.put_slot(at, value, width.max(self.word()));
            }
            Some(Value::OnStack) => state.forget_slots(),
            _ => {}
        }
    }

    fn push(self, node: &Node, before: &State, state: &mut State) {
        let Value::Stack(top) = before.registers[SP] else { return };
        let moved = i64::from(node.code.stack_pointer_increment());
        state.registers[SP] = Value::Stack(top.wrapping_add(moved));
        let value = self.operand(node, 0, before).unwrap_or(Value::Set);
        state.put_slot(
            top.wrapping_add(moved),
            if moved == -self.word() { value } else { Value::Set },
            -moved,
        );
    }

    fn pop(self, ins: Ins, node: &Node, before: &State, state: &mut State) {
        match number(node.code.op0_register()) {
            Some(register) if node.code.op0_kind() == OpKind::Register => {
                self.pop_into(ins, register, before, state);
            }
            _ => {
                if let Value::Stack(top) = before.registers[SP] {
                    state.registers[SP] =
                        Value::Stack(top.wrapping_add(i64::from(node.code.stack_pointer_increment())));
                }
                if node.stores.is_some() {
                    self.store(node, before, state);
                }
            }
        }
    }

    fn pop_into(self, ins: Ins, register: u8, before: &State, state: &mut State) {
        let value = match before.registers[SP] {
            Value::Stack(top) => {
                if top >= 0 {
                    // A return address that is taken off, or what the kernel put there.
                    state.return_intact = false;
                }
                state.registers[SP] = Value::Stack(top.wrapping_add(self.word()));
                match state.slot(top) {
                    Some(value) => value,
                    None if top > 0 && before.began == PROGRAM => Value::OnStack,
                    None => Value::Set,
                }
            }
            _ => Value::Set,
        };
        state.set(register, value, ins);
    }

    fn exchange(self, ins: Ins, node: &Node, before: &State, state: &mut State) {
        let (a, b) = (node.code.op0_register(), node.code.op1_register());
        let value = |index| self.operand(node, index, before).unwrap_or(Value::Set);
        for (register, value) in [(a, value(1)), (b, value(0))] {
            if let Some(own) = number(register) {
                state.set(own, self.narrowed(register, value, before), ins);
            }
        }
    }

    fn flags(self, node: &Node, before: &State, state: &mut State) {
        let code = &node.code;
        if code.rflags_modified() == 0 {
            return;
        }
        let bits = match code.op_count() {
            0 => 64,
            _ => match code.op0_kind() {
                OpKind::Register => code.op0_register().size() as u32 * 8,
                _ => code.memory_size().size() as u32 * 8,
            },
        };
        let bits = bits.clamp(8, 64);
        let number = |index| self.operand(node, index, before).and_then(Value::constant);
        let result = || self.result(node, before).and_then(Value::constant);
        state.flags = match code.mnemonic() {
            Mnemonic::Cmp | Mnemonic::Sub if same_register(code) => Flags::compared(0, 0, bits),
            Mnemonic::Cmp | Mnemonic::Sub => match (number(0), number(1)) {
                (Some(left), Some(right)) => Flags::compared(left, right, bits),
                _ => Flags::comparison(),
            },
            Mnemonic::Test => match (number(0), number(1)) {
                (Some(left), Some(right)) => Flags::logic().with_result(left & right, bits),
                _ => Flags::logic(),
            },
            Mnemonic::Or if number(1).is_some_and(|number| number != 0) => Flags::logic().not_zero(),
            Mnemonic::And | Mnemonic::Or | Mnemonic::Xor => match result() {
                Some(result) => Flags::logic().with_result(result, bits),
                None => Flags::logic(),
            },
            Mnemonic::Inc | Mnemonic::Dec | Mnemonic::Add => match result() {
                Some(result) => Flags::arithmetic().with_result(result, bits),
                None => Flags::arithmetic(),
            },
            Mnemonic::Neg | Mnemonic::Adc | Mnemonic::Sbb => Flags::arithmetic(),
            Mnemonic::Stc => Flags::with_carry(true),
            Mnemonic::Clc => Flags::with_carry(false),
            _ => Flags::ALL,
        };
    }
}

/// The kernel took the number and the arguments and gave a result.
fn called(ins: Ins, state: &mut State) {
    state.set(AX, Value::Set, ins);
    state.pending = 0;
}

fn is_pointer(value: Value) -> bool {
    matches!(value, Value::Address(..) | Value::Within(_) | Value::Stack(_) | Value::OnStack)
}

fn mask(size: usize) -> u64 {
    if size >= 8 { u64::MAX } else { (1 << (8 * size)) - 1 }
}

fn is_high_byte(register: Register) -> bool {
    matches!(register, Register::AH | Register::BH | Register::CH | Register::DH)
}

/// `xor eax,eax`: whatever the register held.
pub(super) fn same_register(code: &Instruction) -> bool {
    code.op0_kind() == OpKind::Register
        && code.op1_kind() == OpKind::Register
        && code.op0_register() == code.op1_register()
        && code.memory_size() == MemorySize::Unknown
}
