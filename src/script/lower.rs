//! Statements to operations, for one machine.

use std::collections::BTreeMap;

use super::Options;
use super::ast::*;
use super::ir::{DataId, Label, Op, Operand, Place, Program, VReg};
use super::late;
use super::names::Meaning;
use super::params;
use super::values::Value;
use crate::elf::records::Machine;
use crate::source::{Diagnostic, Diagnostics, Span};

/// What lowering has found out so far.
pub(super) struct Lowerer<'a> {
    pub(super) machine: Machine,
    pub(super) program: Program,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) names: BTreeMap<String, Meaning>,
    /// Where each named field of a datum begins.
    pub(super) fields: BTreeMap<(DataId, String), i64>,
    /// The line that says which arguments the program takes, without its name.
    pub(super) usage: String,
    /// Where that line is printed, once anything goes there.
    usage_label: Option<(Label, Span)>,
    /// Of each label: whether anything jumps there.
    used: Vec<Label>,
    /// Of the loops around the statement: where `break` and `continue` go.
    loops: Vec<(Label, Label)>,
}

/// The operations of a script; nothing to build from when errors were reported.
pub(super) fn lower(block: &Block, options: &Options, diagnostics: &mut Diagnostics) -> Program {
    let mut lowerer = Lowerer {
        machine: options.machine,
        program: Program::default(),
        diagnostics,
        names: BTreeMap::new(),
        fields: BTreeMap::new(),
        usage: String::new(),
        usage_label: None,
        used: Vec::new(),
        loops: Vec::new(),
    };
    let prelude = params::declare(&mut lowerer, block, options);
    lowerer.collect_variables(&prelude);
    // A name that is declared is known before variables are, so that assigning to it is a mistake.
    lowerer.declare_all(block);
    lowerer.collect_variables(block);
    lowerer.define_all(block);
    let variables: Vec<VReg> = lowerer.program.variables.iter().map(|(_, register)| *register).collect();
    for register in variables {
        lowerer.program.push(Op::Copy { to: register, from: Operand::Const(0) }, Span::NONE);
    }
    lowerer.block(&prelude);
    lowerer.block(block);
    if lowerer.program.falls_through() {
        let end = block.last().map_or(Span::NONE, |statement| statement.span);
        lowerer.exit(0, end);
    }
    lowerer.place_usage();
    lowerer.program
}

impl Lowerer<'_> {
    pub(super) fn exit(&mut self, status: i64, span: Span) {
        let number =
            crate::syscall::find("exit", self.machine).ok().and_then(|call| call.number(self.machine));
        let op = Op::Call {
            number: Operand::Const(number.map_or(1, i64::from)),
            arguments: vec![Operand::Const(status)],
            result: None,
            ends: true,
        };
        self.program.push(op, span);
    }

    pub(super) fn use_label(&mut self, label: Label) {
        if !self.used.contains(&label) {
            self.used.push(label);
        }
    }

    pub(super) fn jump(&mut self, target: Label, span: Span) {
        if self.program.falls_through() {
            self.use_label(target);
            self.program.push(Op::Jump(target), span);
        }
    }

    /// Puts a label here, if anything goes to it.
    pub(super) fn place(&mut self, label: Label, span: Span) {
        if self.used.contains(&label) {
            self.program.push(Op::Label(label), span);
        }
    }

    pub(super) fn block(&mut self, block: &Block) {
        let mut warned = false;
        for statement in block {
            let declares = matches!(
                statement.node,
                StatementKind::Data(_) | StatementKind::Space(..) | StatementKind::Param(_)
            );
            if self.program.falls_through() || self.program.ops.is_empty() || declares {
                self.statement(statement);
                continue;
            }
            if !warned {
                let text = "this is never reached";
                let reason = "the statement before it ends the program or leaves the loop";
                self.diagnostics
                    .push(Diagnostic::warning("unreachable-code", statement.span, text).note(reason));
                warned = true;
            }
            // It is still checked; its operations are dropped.
            let (mark, used) = (self.program.ops.len(), self.used.clone());
            let entrance = self.program.new_label();
            self.program.push(Op::Label(entrance), statement.span);
            self.statement(statement);
            self.program.ops.truncate(mark);
            self.used = used;
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let span = statement.span;
        match &statement.node {
            StatementKind::Assign(name, value) => self.assign(name, value),
            StatementKind::Store(width, address, value) => self.store(width, address, value, span),
            StatementKind::Call(call) => {
                if let ExprKind::Call(name, arguments) = &call.node {
                    self.call(name, arguments, call.span, false);
                }
            }
            StatementKind::If(arms, otherwise) => self.conditional(arms, otherwise.as_ref(), span),
            StatementKind::While(condition, body) => self.while_loop(condition, body, span),
            StatementKind::Loop(body) => self.endless(body, span),
            StatementKind::Break => self.leave(span, "break", |(end, _)| end),
            StatementKind::Continue => self.leave(span, "continue", |(_, next)| next),
            StatementKind::Usage => self.go_to_usage(span),
            StatementKind::Data(_) | StatementKind::Space(..) | StatementKind::Param(_) => {}
        }
    }

    fn go_to_usage(&mut self, span: Span) {
        let (label, first) = match self.usage_label {
            Some(found) => found,
            None => (self.program.new_label(), span),
        };
        self.usage_label = Some((label, first));
        self.jump(label, span);
    }

    /// One place for all who go there: `usage: PROGRAM ARGUMENTS`, and status 2.
    fn place_usage(&mut self) {
        let Some((label, span)) = self.usage_label else { return };
        self.place(label, span);
        self.block(&late::print_usage(&self.usage, span));
    }

    fn assign(&mut self, name: &Name, value: &Expr) {
        let Some(Meaning::Variable(to)) = self.names.get(&name.node).cloned() else { return };
        let mark = self.program.ops.len();
        let Some(from) = self.operand(value) else { return };
        // An operation that made a fresh value can write the variable itself.
        if let Operand::Reg(made) = from
            && self.program.ops.len() > mark
            && !self.program.variables.iter().any(|(_, register)| *register == made)
            && let Some((last, _)) = self.program.ops.last_mut()
            && last.defines() == Some(made)
        {
            match last {
                Op::Copy { to: made, .. }
                | Op::Binary { to: made, .. }
                | Op::Set { to: made, .. }
                | Op::Load { to: made, .. } => *made = to,
                Op::Call { result, .. } => *result = Some(to),
                _ => {}
            }
            return;
        }
        self.program.push(Op::Copy { to, from }, name.span);
    }

    fn store(&mut self, width: &Name, address: &Expr, value: &Expr, span: Span) {
        if matches!(width.node.as_str(), "argv" | "envp") {
            let wrong = Diagnostic::error(width.span, format!("`{}[…]` cannot be assigned to", width.node));
            let hint = format!("write to the memory itself: `word[{} + 0] = …`", width.node);
            return self.diagnostics.push(wrong.hint(hint));
        }
        let Some(width) = self.width(width) else { return };
        let place = self.address(address);
        let value = self.operand(value);
        let (Some((address_operand, offset)), Some(value)) = (place, value) else { return };
        if let Some(id) = self.data_of(address) {
            self.check_writable(id, address.span, "this stores to read-only data");
        }
        self.program.push(Op::Store { width, address: address_operand, offset, value }, span);
    }

    /// The data that an address lies in, also when it is moved by what is known at run time only.
    pub(super) fn data_of(&self, address: &Expr) -> Option<DataId> {
        match &address.node {
            ExprKind::Name(name) | ExprKind::Field(Spanned { node: name, .. }, _) => {
                match self.names.get(name) {
                    Some(Meaning::Data(id, _)) => Some(*id),
                    _ => None,
                }
            }
            ExprKind::Binary(BinaryOp::Add, left, right) => {
                self.data_of(left).or_else(|| self.data_of(right))
            }
            ExprKind::Binary(BinaryOp::Sub, left, right) if self.data_of(right).is_none() => {
                self.data_of(left)
            }
            _ => None,
        }
    }

    /// Reports data that the program or the kernel would write to and must not.
    pub(super) fn check_writable(&mut self, id: DataId, span: Span, what: &str) {
        let datum = self.program.datum(id);
        if datum.place != Place::ReadOnly {
            return;
        }
        let mut wrong = Diagnostic::error(span, what);
        match &datum.name {
            Some(name) => {
                wrong = wrong
                    .label(datum.span, "declared here, without `mut`")
                    .hint(format!("declare it writable: `mut data {name} …`"));
            }
            None => wrong = wrong.hint("a string is read-only; declare room for it: `space buffer 256`"),
        }
        self.diagnostics.push(wrong);
    }

    fn conditional(&mut self, arms: &[(Expr, Block)], otherwise: Option<&Block>, span: Span) {
        let end = self.program.new_label();
        for (number, (condition, body)) in arms.iter().enumerate() {
            let next = self.program.new_label();
            if self.branch(condition, false, next).is_none() {
                self.block(body);
                continue;
            }
            self.inner_block(body);
            let more = number + 1 < arms.len() || otherwise.is_some();
            if more {
                self.jump(end, span);
            }
            self.place(next, span);
        }
        if let Some(body) = otherwise {
            self.inner_block(body);
        }
        self.place(end, span);
    }

    /// A block that may be known never to run (`if 0 { … }`): no warning, no code.
    fn inner_block(&mut self, body: &Block) {
        if self.program.falls_through() {
            return self.block(body);
        }
        let (mark, used) = (self.program.ops.len(), self.used.clone());
        let entrance = self.program.new_label();
        self.program.push(Op::Label(entrance), Span::NONE);
        self.block(body);
        self.program.ops.truncate(mark);
        self.used = used;
    }

    /// The test stands at the end, where it costs one branch per turn; the first turn jumps there.
    fn while_loop(&mut self, condition: &Expr, body: &Block, span: Span) {
        let (top, test, end) = (self.program.new_label(), self.program.new_label(), self.program.new_label());
        let mark = self.program.ops.len();
        if let Some(Value::Operand(Operand::Const(known))) = self.quiet_value(condition) {
            self.program.ops.truncate(mark);
            if known != 0 {
                return self.endless(body, span);
            }
            return;
        }
        self.program.ops.truncate(mark);
        self.jump(test, condition.span);
        self.use_label(top);
        self.program.push(Op::Label(top), span);
        self.loops.push((end, test));
        self.block(body);
        self.loops.pop();
        self.use_label(test);
        self.program.push(Op::Label(test), condition.span);
        self.branch(condition, true, top);
        self.place(end, span);
    }

    /// The value of an expression, without what is wrong with it.
    fn quiet_value(&mut self, expr: &Expr) -> Option<Value> {
        if !matches!(expr.node, ExprKind::Number(..) | ExprKind::Name(_)) {
            return None;
        }
        let mark = self.diagnostics.len();
        let value = self.value(expr);
        self.diagnostics.truncate(mark);
        value
    }

    fn endless(&mut self, body: &Block, span: Span) {
        let (top, end) = (self.program.new_label(), self.program.new_label());
        self.use_label(top);
        self.program.push(Op::Label(top), span);
        self.loops.push((end, top));
        self.block(body);
        self.loops.pop();
        self.jump(top, span);
        self.place(end, span);
    }

    fn leave(&mut self, span: Span, word: &str, choose: impl Fn((Label, Label)) -> Label) {
        match self.loops.last() {
            Some(&labels) => self.jump(choose(labels), span),
            None => self.diagnostics.error(span, format!("`{word}` outside of a loop")),
        }
    }
}
