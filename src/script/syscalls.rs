//! Calls: the language's own functions, and system calls checked against the tables.

use super::ast::*;
use super::ir::{Condition, DataId, Op, Operand, Operator, Place, Width};
use super::lower::Lowerer;
use super::names::FUNCTIONS;
use super::values::Value;
use crate::elf::records::Machine;
use crate::source::{Diagnostic, Span, did_you_mean};
use crate::syscall::{self, Kind, Missing, Parameter, Syscall};

/// An argument before it is known what it is for.
struct Argument {
    value: Value,
    /// The data that it is an address in.
    data: Option<DataId>,
    span: Span,
}

impl Lowerer<'_> {
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[Expr],
        span: Span,
        wanted: bool,
    ) -> Option<Value> {
        let operand = match name.node.as_str() {
            "strlen" => {
                self.check_count(name, arguments, 1)?;
                self.string_length(&arguments[0], span)?
            }
            "len" => {
                self.check_count(name, arguments, 1)?;
                self.known_length(&arguments[0])?
            }
            "err" => {
                self.check_count(name, arguments, 1)?;
                let value = self.operand(&arguments[0])?;
                self.comparison(Condition::Above, value, Operand::Const(-4096), span)
            }
            "ult" => {
                self.check_count(name, arguments, 2)?;
                let left = self.operand(&arguments[0]);
                let right = self.operand(&arguments[1]);
                self.comparison(Condition::Below, left?, right?, span)
            }
            "syscall" => self.raw_call(name, arguments, span, wanted)?,
            _ => self.system_call(name, arguments, span, wanted)?,
        };
        Some(Value::Operand(operand))
    }

    fn check_count(&mut self, name: &Name, arguments: &[Expr], wanted: usize) -> Option<()> {
        if arguments.len() == wanted {
            return Some(());
        }
        let found = arguments.len();
        self.diagnostics.error(name.span, format!("`{}` takes {}, found {found}", name.node, count(wanted)));
        None
    }

    fn known_length(&mut self, expr: &Expr) -> Option<Operand> {
        match self.value(expr)? {
            Value::Text(bytes) => Some(Operand::Const(bytes.len() as i64)),
            Value::Operand(Operand::Data(id, 0)) => Some(Operand::Const(self.program.datum(id).size as i64)),
            Value::Operand(_) => {
                let wrong = Diagnostic::error(expr.span, "the length of this is not known");
                let hint =
                    "`len` takes a string, `data` or `space`; `strlen` counts up to the NUL at run time";
                self.diagnostics.push(wrong.hint(hint));
                None
            }
        }
    }

    /// `end = p; while u8[end] { end = end + 1 }; end - p`
    fn string_length(&mut self, expr: &Expr, span: Span) -> Option<Operand> {
        if let ExprKind::Text(bytes) = &expr.node {
            let length = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
            return Some(Operand::Const(length as i64));
        }
        let start = self.operand(expr)?;
        let end = self.fresh_copy(start, span);
        let byte = self.program.new_register();
        let (top, test) = (self.program.new_label(), self.program.new_label());
        self.jump(test, span);
        self.use_label(top);
        self.program.push(Op::Label(top), span);
        let one = Op::Binary {
            operator: Operator::Add,
            to: end,
            left: Operand::Reg(end),
            right: Operand::Const(1),
        };
        self.program.push(one, span);
        self.program.push(Op::Label(test), span);
        let width = Width { bytes: 1, signed: false };
        self.program.push(Op::Load { to: byte, width, address: Operand::Reg(end), offset: 0 }, span);
        let (left, right) = (Operand::Reg(byte), Operand::Const(0));
        self.use_label(test);
        self.program.push(Op::Branch { condition: Condition::NotEqual, left, right, target: top }, span);
        Some(self.arithmetic(Operator::Sub, Operand::Reg(end), start, span))
    }

    /// `syscall(n, …)`: any number, arguments as they stand.
    fn raw_call(&mut self, name: &Name, arguments: &[Expr], span: Span, wanted: bool) -> Option<Operand> {
        if arguments.is_empty() || arguments.len() > 7 {
            let text = format!("`syscall` takes a number and up to 6 arguments, found {}", arguments.len());
            self.diagnostics.error(name.span, text);
            return None;
        }
        let operands: Vec<_> = arguments.iter().map(|argument| self.operand(argument)).collect();
        let mut operands = operands.into_iter().collect::<Option<Vec<_>>>()?;
        let number = operands.remove(0);
        Some(self.emit_call(number, operands, false, wanted, span))
    }

    fn emit_call(
        &mut self,
        number: Operand,
        arguments: Vec<Operand>,
        ends: bool,
        wanted: bool,
        span: Span,
    ) -> Operand {
        let result = (wanted && !ends).then(|| self.program.new_register());
        self.program.push(Op::Call { number, arguments, result, ends }, span);
        result.map_or(Operand::Const(0), Operand::Reg)
    }

    fn system_call(&mut self, name: &Name, arguments: &[Expr], span: Span, wanted: bool) -> Option<Operand> {
        let call = match syscall::find(&name.node, self.machine) {
            Ok(call) => call,
            Err(missing) => {
                self.missing(name, missing);
                // Mistakes in the arguments are their own.
                arguments.iter().for_each(|argument| drop(self.value(argument)));
                return None;
            }
        };
        let number = Operand::Const(i64::from(call.number(self.machine)?));
        let values: Vec<_> = arguments
            .iter()
            .map(|argument| {
                let data = self.data_of(argument);
                Some(Argument { value: self.value(argument)?, data, span: argument.span })
            })
            .collect();
        let values = values.into_iter().collect::<Option<Vec<_>>>()?;
        let operands = match call.parameters(self.machine) {
            Some(parameters) => self.match_arguments(name, call, parameters, values)?,
            None if values.len() > 6 => {
                self.diagnostics.error(name.span, "a system call takes at most 6 arguments");
                return None;
            }
            None => values.into_iter().map(|argument| self.as_operand(argument, true)).collect(),
        };
        Some(self.emit_call(number, operands, call.ends_process(), wanted, span))
    }

    pub(super) fn missing(&mut self, name: &Name, missing: Missing) {
        let machine = self.machine.name();
        match missing {
            Missing::Absent { instead } => {
                let text = format!("{machine} has no system call `{}`", name.node);
                let mut wrong = Diagnostic::error(name.span, text);
                if let Some(instead) = instead {
                    wrong = wrong.hint(format!("use `{instead}`"));
                }
                self.diagnostics.push(wrong);
            }
            Missing::Unknown => {
                let mut wrong =
                    Diagnostic::error(name.span, format!("no system call is called `{}`", name.node));
                let calls = syscall::names().filter(|call| call.number(self.machine).is_some());
                let names = calls.map(|call| call.name).chain(FUNCTIONS.iter().copied());
                wrong = match did_you_mean(name.node.as_bytes(), names.map(str::as_bytes)) {
                    Some(hint) => wrong.hint(hint),
                    None => wrong.hint("`tinyelf syscalls` lists them"),
                };
                self.diagnostics.push(wrong);
            }
        }
    }

    /// Puts each argument to its parameter and fills in what was left out.
    fn match_arguments(
        &mut self,
        name: &Name,
        call: &Syscall,
        parameters: &[Parameter],
        values: Vec<Argument>,
    ) -> Option<Vec<Operand>> {
        if self.machine == Machine::I386 && parameters.iter().any(|parameter| parameter.kind == Kind::Off64) {
            self.report_split(name, call, parameters);
            return None;
        }
        let required = parameters.iter().filter(|parameter| !parameter.optional).count();
        // Only as many lengths are filled in as arguments are missing, so that a length given is never mistaken.
        let mut missing = required.saturating_sub(values.len());
        let given = values.len();
        let mut values = values.into_iter().peekable();
        let mut operands: Vec<Operand> = Vec::new();
        let mut length = None;
        for parameter in parameters {
            let fills = parameter.kind == Kind::Len && length.is_some();
            if fills && (missing > 0 || values.peek().is_none()) {
                operands.extend(length.take().map(Operand::Const));
                missing = missing.saturating_sub(1);
                continue;
            }
            match values.next() {
                Some(argument) => {
                    let (operand, known) = self.check_argument(parameter, argument)?;
                    length = known;
                    operands.push(operand);
                }
                None if parameter.optional => operands.push(Operand::Const(0)),
                None => {
                    self.report_count(name, parameters, required, given);
                    return None;
                }
            }
        }
        if values.next().is_some() {
            self.report_count(name, parameters, required, given);
            return None;
        }
        Some(operands)
    }

    fn report_count(&mut self, name: &Name, parameters: &[Parameter], required: usize, given: usize) {
        let most = parameters.len();
        let range = if required == most { count(most) } else { format!("{required} to {}", count(most)) };
        let list: Vec<_> = parameters
            .iter()
            .map(|parameter| format!("{}{}", parameter.name, if parameter.optional { "?" } else { "" }))
            .collect();
        let wrong = Diagnostic::error(name.span, format!("`{}` takes {range}, found {given}", name.node));
        let mut wrong = wrong.note(format!("it is `{}({})`", name.node, list.join(", ")));
        if given < required && parameters.iter().any(|parameter| parameter.kind == Kind::Len) {
            wrong = wrong.note("a length may be left out behind a string, `data` or `space` only");
        }
        self.diagnostics.push(wrong);
    }

    fn report_split(&mut self, name: &Name, call: &Syscall, parameters: &[Parameter]) {
        let mut list = vec![call.number(self.machine).map_or_else(String::new, |number| number.to_string())];
        for parameter in parameters {
            if parameter.kind == Kind::Off64 {
                list.push(format!("{}_low", parameter.name));
                list.push(format!("{}_high", parameter.name));
            } else {
                list.push(parameter.name.to_owned());
            }
        }
        let text = format!("on i386 `{}` takes a 64-bit value in two registers", name.node);
        let wrong = Diagnostic::error(name.span, text);
        self.diagnostics.push(wrong.hint(format!("pass the halves: `syscall({})`", list.join(", "))));
    }

    /// The argument as a word, and the length that a `len` parameter behind it would have.
    fn check_argument(
        &mut self,
        parameter: &Parameter,
        argument: Argument,
    ) -> Option<(Operand, Option<i64>)> {
        let length = match &argument.value {
            Value::Text(bytes) => Some(bytes.len() as i64),
            Value::Operand(Operand::Data(id, 0)) => Some(self.program.datum(*id).size as i64),
            Value::Operand(_) => None,
        };
        let span = argument.span;
        let data = argument.data;
        let ends = !matches!(parameter.kind, Kind::In | Kind::Out | Kind::Inout);
        let operand = self.as_operand(argument, ends);
        let text = match operand {
            Operand::Data(id, _) => Some(id),
            _ => None,
        };
        if parameter.kind.is_written()
            && let Some(id) = data.or(text)
        {
            let text = format!("the kernel writes to `{}`, and this is read-only", parameter.name);
            self.check_writable(id, span, &text);
        }
        if let Operand::Const(number) = operand {
            self.check_range(parameter, number, span);
        }
        let operand = match parameter.kind {
            Kind::Page if self.machine == Machine::I386 => self.pages(operand, span)?,
            _ => operand,
        };
        Some((operand, length))
    }

    /// `mmap2` counts in units of 4096 bytes (mmap2(2)).
    fn pages(&mut self, operand: Operand, span: Span) -> Option<Operand> {
        if let Operand::Const(number) = operand
            && number % 4096 != 0
        {
            self.diagnostics.error(span, format!("the offset {number} is not a multiple of 4096"));
            return None;
        }
        Some(self.arithmetic(Operator::LogicalShiftRight, operand, Operand::Const(12), span))
    }

    fn check_range(&mut self, parameter: &Parameter, number: i64, span: Span) {
        let narrow =
            matches!(parameter.kind, Kind::Fd | Kind::Int | Kind::Uint | Kind::Mode | Kind::Pid | Kind::Sig);
        if narrow && !(-(1_i64 << 31)..1_i64 << 32).contains(&number) {
            let text = format!("{number} does not fit `{}`, which has 32 bits", parameter.name);
            self.diagnostics.error(span, text);
        }
        if parameter.name == "status" && !(0..=255).contains(&number) {
            let text = format!("a process ends with a status of 0 to 255; {number} becomes {}", number & 255);
            self.diagnostics.push(Diagnostic::warning("exit-status-range", span, text));
        }
    }

    fn as_operand(&mut self, argument: Argument, ends: bool) -> Operand {
        match argument.value {
            Value::Text(bytes) => Operand::Data(self.string(bytes, ends, argument.span), 0),
            Value::Operand(operand) => {
                if let Operand::Data(id, _) = operand
                    && ends
                    && self.program.datum(id).place != Place::Space
                    && self.program.datum(id).pointers.is_empty()
                {
                    self.needs_text_end(id);
                }
                operand
            }
        }
    }
}

fn count(number: usize) -> String {
    match number {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{number} arguments"),
    }
}
