//! Bytes to the nodes of the graph: what an instruction is, where it leads, what it reads and writes.

use iced_x86::{
    Code, Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, InstructionInfoOptions,
    Mnemonic, OpAccess, OpKind,
};

use super::graph::{Kind, Next, Node, Store, number};
use super::program::{Place, Program};
use super::value::Ins;

/// What is needed to follow the control flow.
pub(super) struct Walk<'p> {
    pub(super) program: &'p Program<'p>,
    /// One for each section that was reached.
    decoders: Vec<Option<Decoder<'p>>>,
    /// Instructions of which it is not known yet what follows them.
    pub(super) waiting: Vec<Ins>,
}

impl<'p> Walk<'p> {
    pub(super) fn new(program: &'p Program<'p>) -> Self {
        Walk { program, decoders: program.sections().map(|_| None).collect(), waiting: Vec::new() }
    }

    /// The decoder of a section, at a place.
    fn decoder(&mut self, place: Place) -> Option<&mut Decoder<'p>> {
        let program = self.program;
        let decoder = self.decoders.get_mut(place.section.0 as usize)?.get_or_insert_with(|| {
            let bits = if program.is_64() { 64 } else { 32 };
            Decoder::new(bits, program.bytes(place.section), DecoderOptions::NONE)
        });
        decoder.set_position(usize::try_from(place.offset).ok()?).ok()?;
        decoder.set_ip(place.offset);
        Some(decoder)
    }
}

/// The instruction at a place, without what it reads and writes.
pub(super) fn decode(walk: &mut Walk<'_>, place: Place) -> Option<Node> {
    let program = walk.program;
    let decoder = walk.decoder(place)?;
    let code = decoder.decode();
    if code.is_invalid() {
        return None;
    }
    let offsets = decoder.get_constant_offsets(&code);
    let field = |has: bool, at: usize| {
        has.then(|| program.field(Place { offset: place.offset + at as u64, ..place })).flatten()
    };
    let immediate = field(offsets.has_immediate(), offsets.immediate_offset());
    let displacement = field(offsets.has_displacement(), offsets.displacement_offset());
    Some(Node {
        place,
        kind: kind(program, &code),
        next: Next::Other,
        target: None,
        immediate,
        displacement,
        reads: 0,
        writes: 0,
        stores: None,
        leads: false,
        code,
    })
}

impl Node {
    /// Finds what the instruction reads and writes: known once the graph is whole, for one that is not used at all
    /// would have cost as much as its decoding.
    pub(super) fn describe(&mut self, info: &mut InstructionInfoFactory) {
        let code = &self.code;
        let info = info.info_options(code, InstructionInfoOptions::NONE);
        for used in info.used_registers() {
            let Some(number) = number(used.register()) else { continue };
            let (read, write) = access(used.access());
            self.reads |= u16::from(read) << number;
            self.writes |= u16::from(write) << number;
        }
        let writes_memory = info.used_memory().iter().any(|memory| access(memory.access()).1);
        if !writes_memory || matches!(code.mnemonic(), Mnemonic::Push | Mnemonic::Call) {
            return;
        }
        let has_operand = (0..code.op_count()).any(|index| code.op_kind(index) == OpKind::Memory);
        self.stores = match (code.is_string_instruction(), has_operand) {
            (true, _) => Some(Store::String),
            (false, true) => Some(Store::Operand),
            // What `enter` writes.
            (false, false) => None,
        };
    }
}

/// Whether something is certainly or perhaps read, and written; a conditional write to memory is none.
fn access(access: OpAccess) -> (bool, bool) {
    match access {
        OpAccess::None | OpAccess::NoMemAccess => (false, false),
        OpAccess::Read | OpAccess::CondRead => (true, false),
        OpAccess::Write | OpAccess::CondWrite => (false, true),
        OpAccess::ReadWrite | OpAccess::ReadCondWrite => (true, true),
    }
}

fn kind(program: &Program<'_>, code: &Instruction) -> Kind {
    match code.mnemonic() {
        Mnemonic::Syscall if program.is_64() => return Kind::Syscall,
        Mnemonic::Int if code.immediate8() == 0x80 => return Kind::Int80,
        Mnemonic::Syscall | Mnemonic::Sysenter | Mnemonic::Int | Mnemonic::Int3 | Mnemonic::Int1 => {
            return Kind::Perhaps;
        }
        Mnemonic::Hlt => return Kind::Stop,
        _ => {}
    }
    match code.flow_control() {
        FlowControl::Next => Kind::Plain,
        FlowControl::UnconditionalBranch | FlowControl::IndirectBranch => Kind::Jump,
        FlowControl::ConditionalBranch if code.is_jcc_short_or_near() => Kind::Branch(code.condition_code()),
        FlowControl::ConditionalBranch if code.is_jcx_short() => Kind::IfZero,
        FlowControl::ConditionalBranch => Kind::Loop,
        FlowControl::Call | FlowControl::IndirectCall => Kind::Call,
        FlowControl::Return => match code.code() {
            Code::Retnq | Code::Retnd => Kind::Return(0),
            Code::Retnq_imm16 | Code::Retnd_imm16 => Kind::Return(code.immediate16()),
            _ => Kind::Stop,
        },
        FlowControl::Interrupt | FlowControl::XbeginXabortXend => Kind::Perhaps,
        FlowControl::Exception => Kind::Stop,
    }
}
