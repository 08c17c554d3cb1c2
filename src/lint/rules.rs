//! The lints that look at one instruction with what is known before it.

use iced_x86::{Mnemonic, OpKind};

use super::calls::{self, Call, Mistake};
use super::graph::{Graph, Kind, Next, Node, place};
use super::lengths;
use super::program::{Place, Program};
use super::state::{PROGRAM, SP, State};
use super::step::Stepper;
use super::value::{Ins, Lost, Value};
use crate::elf::records::Machine;
use crate::source::{Diagnostic, Severity, Span};
use crate::syscall::{Kind as Parameter, Syscall};
use crate::unit::{ItemKind, SectionKind};

/// Looks at every instruction in turn.
pub(super) struct Rules<'a> {
    program: &'a Program<'a>,
    graph: &'a Graph,
    stepper: Stepper,
    /// Whether the program may make its read-only pages writable.
    changes_protection: bool,
    findings: Vec<Diagnostic>,
    /// Texts that are passed to a call on their own.
    passed: Vec<Place>,
    /// Lengths that count a second text, which is only said when that one is passed on its own too.
    spanning: Vec<(Place, Diagnostic)>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(program: &'a Program<'a>, graph: &'a Graph, unprotected: bool) -> Self {
        Rules {
            program,
            graph,
            stepper: Stepper { is_64: program.is_64() },
            changes_protection: unprotected || graph.may_change_protection() || graph.misses_calls(program),
            findings: Vec::new(),
            passed: Vec::new(),
            spanning: Vec::new(),
        }
    }

    /// What is to be said, when every instruction was looked at.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        if self.changes_protection {
            self.findings.retain(|finding| finding.name != Some("write-to-readonly"));
        }
        let passed = self.passed;
        self.findings.extend(
            self.spanning.into_iter().filter(|(inner, _)| passed.contains(inner)).map(|(_, note)| note),
        );
        self.findings
    }

    /// One instruction, the state before it, and whether execution surely goes on behind it.
    pub(super) fn look(&mut self, ins: Ins, state: &State, certain: bool) {
        let node = self.graph.node(ins);
        let ends = certain && matches!(node.next, Next::End | Next::Data(_));
        let plain = !matches!(node.kind, Kind::Syscall | Kind::Int80 | Kind::Return(_));
        if plain && !ends && node.stores.is_none() && !reads_clobbered(node, state) {
            return;
        }
        let Some(span) = self.graph.span(self.program, ins) else { return };
        match node.kind {
            Kind::Syscall | Kind::Int80 => self.system_call(ins, state, span),
            Kind::Return(_) => self.ret(state, span),
            _ => self.clobbered(node, state, span),
        }
        if node.stores.is_some() {
            self.store(node, state, span);
        }
        if certain {
            match node.next {
                Next::End => self.end(ins, state, span),
                Next::Data(data) => self.falls(data, span),
                Next::Ins(_) | Next::Other => {}
            }
        }
    }

    fn warn(&mut self, diagnostic: Diagnostic) {
        self.findings.push(diagnostic);
    }

    fn is_64(&self) -> bool {
        self.program.is_64()
    }

    fn register(&self, number: u8) -> &'static str {
        register(self.is_64(), number)
    }

    /// The lines that end the process with status 0.
    fn exit_lines(&self) -> &'static str {
        match self.is_64() {
            true => "mov eax,60\nxor edi,edi\nsyscall",
            false => "mov eax,1\nxor ebx,ebx\nint 0x80",
        }
    }

    // System calls.

    fn system_call(&mut self, ins: Ins, state: &State, span: Span) {
        let Some(call) = calls::call(self.program, self.graph, ins, state) else {
            self.changes_protection = true;
            return;
        };
        self.changes_protection |= calls::changes_memory(&call, state);
        match call.mistake {
            Some(Mistake::Int80(meant)) => return self.int80_abi(&call, meant, span),
            Some(Mistake::Syscall(meant)) => return self.syscall_abi(&call, meant, span),
            Some(Mistake::Dollar(meant)) => return self.dollar_hex(&call, meant, state, span),
            None => {}
        }
        if matches!(call.call.name, "exit" | "exit_group") {
            self.exit_status(&call, state, span);
        }
        for (register, parameter) in call.parameters() {
            let value = state.registers[usize::from(register)];
            if !parameter.kind.is_address() {
                continue;
            }
            if let (Parameter::In, Value::Address(section, offset)) = (parameter.kind, value) {
                self.passed.extend(place(section, offset));
            }
            let writer = self.graph.span_of(self.program, state.writers[usize::from(register)]);
            if self.is_64() && call.machine == Machine::I386 {
                self.int80_pointer(&call, (register, parameter.name), value, writer, span);
            }
            if parameter.kind != Parameter::Ptr {
                self.value_as_pointer(&call, (register, parameter.name), value, writer, span);
            }
        }
        match lengths::check(self.program, self.graph, &call, state, span) {
            Some((Some(inner), note)) => self.spanning.push((inner, note)),
            Some((None, note)) => self.findings.push(note),
            None => {}
        }
    }

    fn int80_abi(&mut self, call: &Call, meant: &Syscall, span: Span) {
        let message = format!(
            "`int 0x80` takes the numbers of 32-bit programs: {} is `{}` there, not `{}`",
            call.number, call.call.name, meant.name
        );
        let note = format!(
            "the arguments are in the registers of `syscall` (rdi, rsi, rdx …), where {} is `{}`; \
             `int 0x80` looks into ebx, ecx, edx …",
            call.number, meant.name
        );
        self.warn(Diagnostic::warning("int80-abi", span, message).note(note).hint("syscall"));
    }

    fn syscall_abi(&mut self, call: &Call, meant: &Syscall, span: Span) {
        let message = match call.call.name == meant.name {
            true => format!("`syscall` does not take the arguments of `{}` from ebx, ecx, edx", meant.name),
            false => format!(
                "`syscall` takes the numbers of 64-bit programs: {} is `{}` here, not `{}`",
                call.number, call.call.name, meant.name
            ),
        };
        let mut warning = Diagnostic::warning("syscall-abi", span, message).note(
            "numbers and registers of 32-bit programs (eax, ebx, ecx, edx, `int 0x80`) differ from those of \
             `syscall` (rax, rdi, rsi, rdx)",
        );
        if let Some(number) = meant.number(Machine::X86_64) {
            let count = meant.parameters(Machine::X86_64).unwrap_or_default().len().min(6);
            let registers: Vec<_> =
                (call.registers()[..count].iter()).map(|&register| self.register(register)).collect();
            let rest = match registers.is_empty() {
                true => String::new(),
                false => format!(" ; {} in {}", meant.name, registers.join(", ")),
            };
            warning = warning.hint(format!("mov eax,{number}{rest}"));
        }
        self.warn(warning);
    }

    fn dollar_hex(&mut self, call: &Call, meant: &Syscall, state: &State, span: Span) {
        let place = self.graph.span_of(self.program, state.writers[0]).unwrap_or(span);
        let digits = format!("{:x}", call.number);
        let message = format!("`${digits}` is hexadecimal: {}, the call `{}`", call.number, call.call.name);
        self.warn(
            Diagnostic::warning("dollar-hex", place, message)
                .note(format!(
                    "`$` marks a number in GNU syntax; to NASM it means base 16; {digits} is `{}`",
                    meant.name
                ))
                .hint(format!("mov eax,{digits}")),
        );
    }

    fn exit_status(&mut self, call: &Call, state: &State, span: Span) {
        let register = call.registers()[0];
        let name = register_32(register);
        match state.registers[usize::from(register)] {
            Value::Const(number) => {
                let status = number as u32 as i32;
                if status > 255 {
                    let place = self.graph.span_of(self.program, state.writers[usize::from(register)]);
                    let kept = status & 255;
                    let message = format!("the exit status {status} does not fit: {kept} is what arrives");
                    self.warn(
                        Diagnostic::warning("exit-status-range", place.unwrap_or(span), message)
                            .note("Linux keeps the lowest eight bits: 0 to 255")
                            .hint(format!("mov {name},{}", if kept == 0 { 1 } else { kept })),
                    );
                }
            }
            _ if calls::never_set(state, register) => {
                let message = format!("the exit status is whatever `{name}` holds: nothing sets it");
                let note = Diagnostic::new(Severity::Note, span, message);
                self.warn(
                    Diagnostic { name: Some("exit-status-unset"), ..note }
                        .note("no ABI says what the register holds when a process starts")
                        .hint(format!("xor {name},{name}")),
                );
            }
            _ => {}
        }
    }

    fn int80_pointer(
        &mut self,
        call: &Call,
        (register, parameter): (u8, &str),
        value: Value,
        writer: Option<Span>,
        span: Span,
    ) {
        let what = match value {
            Value::Stack(_) | Value::OnStack => "on the stack, above 4 GiB",
            Value::Address(..) | Value::Within(_) if self.program.high => "above 4 GiB",
            _ => return,
        };
        let name = register_32(register);
        let message = format!(
            "`int 0x80` sees the lower 32 bits of a pointer: `{parameter}` of `{}` is {what}",
            call.call.name
        );
        let mut warning = Diagnostic::warning("int80-pointer", span, message)
            .note(format!("the kernel takes `{name}` alone, so the call fails with EFAULT"))
            .hint("syscall");
        if let Some(writer) = writer {
            warning = warning.label(writer, "the pointer is made here");
        }
        self.warn(warning);
    }

    fn value_as_pointer(
        &mut self,
        call: &Call,
        (register, parameter): (u8, &str),
        value: Value,
        writer: Option<Span>,
        span: Span,
    ) {
        let Value::Loaded(place, width) = value else { return };
        let Some(what) = self.no_pointer(place, width) else { return };
        let name = self.program.name(place);
        let register = match self.is_64() && call.machine == Machine::X86_64 {
            true => self.register(register),
            false => register_32(register),
        };
        let message = format!(
            "`{parameter}` of `{}` is an address, and this loads what is at `{name}`: {what}",
            call.call.name
        );
        let hint = match self.is_64() {
            true => format!("lea {register},[rel {name}]"),
            false => format!("mov {register},{name}"),
        };
        let mut warning = Diagnostic::warning("value-as-pointer", writer.unwrap_or(span), message);
        if writer.is_some() {
            warning = warning.label(span, "the kernel takes it as an address here");
        }
        self.warn(
            warning.note("brackets mean the contents of memory; the call fails with EFAULT").hint(hint),
        );
    }

    /// What the program holds at a place, if that can be no pointer.
    fn no_pointer(&self, place: Place, width: u8) -> Option<&'static str> {
        let width = u64::from(width);
        let section = self.program.section(place.section);
        let item = self.program.item(place)?;
        if self.program.has_field(place, width) {
            return None;
        }
        let only_loaded = |range: std::ops::Range<u64>| {
            let mut about = self.program.references(place.section, range);
            about.all(|from| self.graph.only_loads(from))
        };
        if section.kind == SectionKind::Nobits {
            let room = item.end - item.start;
            return (room > 8 && only_loaded(item.start..item.end)).then_some("zeroes");
        }
        let bytes = self.program.bytes(place.section).get(place.offset as usize..)?;
        let text = bytes.iter().take((item.end - place.offset).min(width) as usize);
        let text = text.take_while(|&&byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r')).count();
        let whole = text as u64 == (item.end - place.offset).min(width) || bytes.get(text) == Some(&0);
        let unwritten = || {
            let range = place.offset.saturating_sub(7)..place.offset + width;
            let mut about = self.program.references(place.section, range);
            about.all(|from| !self.graph.may_store(from))
        };
        (item.kind == ItemKind::Data && text >= 3 && whole && (!section.flags.write || unwritten()))
            .then_some("text")
    }

    // The ends of paths.

    fn end(&mut self, ins: Ins, state: &State, span: Span) {
        // Another section of code may lie behind this one.
        if self.program.code_sections().count() > 1 {
            return;
        }
        let warning =
            Diagnostic::warning("no-exit", span, "execution runs off the end of the code behind this")
                .note("nothing stops it there: the process is killed, mostly by SIGSEGV")
                .hint(self.exit_lines());
        // Its author may have thought that this call ends the process.
        let call = calls::call(self.program, self.graph, ins, state).filter(|_| node_calls(self.graph, ins));
        self.warn(match call {
            Some(call) => {
                warning.note(format!("the call {} is `{}`, which returns", call.number, call.call.name))
            }
            None => warning,
        });
    }

    fn falls(&mut self, data: Place, span: Span) {
        let Some(item) = self.program.item(data) else { return };
        if self.program.section(data.section).flags.write || !self.is_data(data) {
            return;
        }
        let name = self.program.name(data);
        let message = format!("execution falls into data: `{name}` follows this instruction");
        let mut warning = Diagnostic::warning("falls-into-data", span, message);
        if !item.span.is_none() {
            warning = warning.label(item.span, "its bytes would be executed");
        }
        self.warn(
            warning
                .note("end the program before the data, or put the data into `section .data`")
                .hint(self.exit_lines()),
        );
    }

    /// Whether bytes that a `db` wrote are meant as data: a label there is used as an address, or they are text.
    fn is_data(&self, data: Place) -> bool {
        let Some(item) = self.program.item(data) else { return false };
        let labelled = !self.program.labels(data.section, data.offset..data.offset + 1).is_empty();
        let used = |data: Place| {
            let own = self.graph.nodes.iter().any(|node| {
                node.code.is_ip_rel_memory_operand()
                    && node.displacement.is_none()
                    && node.place.section == data.section
                    && node.code.memory_displacement64() == data.offset
            });
            let mut about = self.program.references(data.section, data.offset..data.offset + 1);
            own || about.any(|from| !self.graph.jumps(from))
        };
        let bytes = self.program.bytes(data.section);
        let text = bytes.get(item.start as usize..item.end as usize).unwrap_or_default();
        let plain = text.iter().take_while(|&&byte| matches!(byte, b' '..=b'~' | b'\n')).count();
        labelled && used(data) || plain >= 8 && text.contains(&b' ')
    }

    fn ret(&mut self, state: &State, span: Span) {
        let at_start = state.registers[SP] == Value::Stack(0) && state.return_intact;
        if state.certain & PROGRAM == 0 || !at_start || self.graph.calls_entry() {
            return;
        }
        let warning =
            Diagnostic::warning("ret-from-entry", span, "the entry point has no caller to return to")
                .note("the stack holds the number of arguments where `ret` takes its address: SIGSEGV")
                .hint(self.exit_lines());
        self.warn(warning);
    }

    // Registers and memory.

    fn clobbered(&mut self, node: &Node, state: &State, span: Span) {
        for register in [1u8, 11] {
            let Some(by) = clobber(node, state, register) else { continue };
            let name = self.register(register);
            let holds = if register == 1 { "the address behind it" } else { "the flags" };
            let message = format!("`{name}` does not survive `syscall`: it holds {holds} there");
            let mut warning = Diagnostic::warning("syscall-clobber", span, message);
            if let Some(by) = self.graph.span(self.program, by) {
                warning = warning.label(by, "what it held is lost here");
            }
            self.warn(
                warning
                    .note("`syscall` overwrites rcx and r11 (and rax with the result); every other register stays")
                    .hint(format!("push {name} before the call and pop {name} behind it, or use rbx or r12 to r15")),
            );
        }
    }

    fn store(&mut self, node: &Node, state: &State, span: Span) {
        let section = match self.stepper.store_address(node, state) {
            Some(Value::Address(section, _) | Value::Within(section)) => section,
            _ => return,
        };
        let flags = self.program.section(section).flags;
        if flags.write || !flags.alloc {
            return;
        }
        let target = match self.stepper.store_address(node, state) {
            Some(Value::Address(section, offset)) => place(section, offset).map(|it| self.program.name(it)),
            _ => None,
        };
        let name = self.program.section_name(section);
        let what = target.map_or_else(String::new, |target| format!("`{target}` is in "));
        let message = format!("this writes to memory that is read-only: {what}`{name}`");
        self.warn(
            Diagnostic::warning("write-to-readonly", span, message)
                .note("the process is killed by SIGSEGV")
                .hint("section .data"),
        );
    }
}

/// Whether an instruction uses a register that a system call left something in.
fn reads_clobbered(node: &Node, state: &State) -> bool {
    [1, 11].iter().any(|&register| clobber(node, state, register).is_some())
}

/// The system call that took the value of a register which an instruction uses; to save it is no use.
fn clobber(node: &Node, state: &State, register: u8) -> Option<Ins> {
    let by = match state.registers[usize::from(register)] {
        Value::Clobbered(by, Lost::Set) | Value::PerhapsClobbered(by) => by,
        _ => return None,
    };
    let keeps = matches!(node.code.mnemonic(), Mnemonic::Push | Mnemonic::Xchg)
        || node.code.mnemonic() == Mnemonic::Mov && node.code.op0_kind() == OpKind::Memory;
    (!keeps && node.reads >> register & 1 == 1).then_some(by)
}

fn node_calls(graph: &Graph, ins: Ins) -> bool {
    matches!(graph.node(ins).kind, Kind::Syscall | Kind::Int80)
}

/// What messages call a register.
pub(super) fn register(is_64: bool, number: u8) -> &'static str {
    const WIDE: [&str; 16] = [
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
        "r14", "r15",
    ];
    if is_64 { WIDE[usize::from(number & 15)] } else { register_32(number) }
}

fn register_32(number: u8) -> &'static str {
    ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"][usize::from(number & 7)]
}
