//! `param` lines: a value given when the template is built is a constant; without one, and without a default,
//! the program reads it from its own arguments, by statements that are put before the script's.

use super::ast::*;
use super::fold;
use super::ir::Operand;
use super::late::{self, Late};
use super::lower::Lowerer;
use super::names::Meaning;
use super::values::Value;
use super::{Options, Parameter};
use crate::elf::records::Machine;
use crate::source::{Diagnostic, Span};
use crate::syscall;

/// Every `param` line of a script.
pub(super) fn parameters(block: &Block) -> Vec<Parameter> {
    lines(block)
        .map(|param| Parameter {
            name: param.name.node.clone(),
            option: param.option,
            kind: kind_word(&param.kind),
            default: param.default.as_ref().map(shown),
            help: param.help.clone(),
        })
        .collect()
}

fn lines(block: &Block) -> impl Iterator<Item = &Param> {
    block.iter().filter_map(|statement| match &statement.node {
        StatementKind::Param(param) => Some(param),
        _ => None,
    })
}

fn kind_word(kind: &ParamKind) -> &'static str {
    match kind {
        ParamKind::Int(..) => "int",
        ParamKind::Text => "string",
        ParamKind::Line => "line",
        ParamKind::Ip => "ip",
        ParamKind::Port => "port",
        ParamKind::Syscall => "syscall",
        ParamKind::Word => "word",
    }
}

fn shown(default: &Expr) -> String {
    match &default.node {
        ExprKind::Number(bits, _) => bits.to_string(),
        ExprKind::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ExprKind::Name(name) => name.clone(),
        ExprKind::Unary(UnaryOp::Neg, inner) => format!("-{}", shown(inner)),
        _ => "…".to_owned(),
    }
}

/// Gives each parameter its meaning; the statements returned read those that are left to run time.
///
/// One without a value and without a default is left to run time.  If there is such a one, the program reads its
/// arguments anyway, and then all that were given no value may stand there.
pub(super) fn declare(lowerer: &mut Lowerer<'_>, block: &Block, options: &Options) -> Block {
    let is_late =
        |param: &Param| param.default.is_none() && !options.parameters.contains_key(&param.name.node);
    let reads = lines(block).any(is_late);
    let mut late: Vec<Late<'_>> = Vec::new();
    check_order(lowerer, block);
    let mut prelude = Block::new();
    for param in lines(block) {
        let span = param.name.span;
        let name = &param.name.node;
        if lowerer.names.contains_key(name) || late.iter().any(|other| other.param.name.node == *name) {
            lowerer.diagnostics.error(span, format!("`{name}` is declared twice"));
            continue;
        }
        let meaning = match (options.parameters.get(name), &param.default) {
            (Some(text), _) => Some(given_value(lowerer, param, text).unwrap_or(anything(param))),
            (None, Some(default)) if reads => {
                // Checked like any other; the value is the variable's first.
                if default_value(lowerer, param, default).is_some() {
                    let name = param.name.clone();
                    let node = StatementKind::Assign(name, default_text(param, default));
                    prelude.push(Spanned { node, span });
                }
                late.extend(bounds(lowerer, param).map(|bounds| Late { param, bounds }));
                None
            }
            (None, Some(default)) => Some(default_value(lowerer, param, default).unwrap_or(anything(param))),
            (None, None) => {
                late.extend(bounds(lowerer, param).map(|bounds| Late { param, bounds }));
                None
            }
        };
        if let Some(meaning) = meaning {
            lowerer.names.insert(name.clone(), meaning);
        }
    }
    let unknown = |name: &&String| !lines(block).any(|param| param.name.node == **name);
    for name in options.parameters.keys().filter(unknown) {
        lowerer.diagnostics.error(Span::NONE, format!("the script has no parameter `{name}`"));
    }
    if let Some(first) = late.first() {
        lowerer.usage = late::usage(&late);
        prelude.extend(late::statements(&late, first.param.name.span));
    }
    prelude
}

/// What stands for a value that was reported to be wrong, so that its uses are not.
fn anything(param: &Param) -> Meaning {
    match param.kind {
        ParamKind::Text | ParamKind::Line => Meaning::Text(Vec::new(), param.name.span),
        _ => Meaning::Number(1, param.name.span),
    }
}

/// Of those given by place, one that must be given cannot follow one that may be left out.
fn check_order(lowerer: &mut Lowerer<'_>, block: &Block) {
    let mut optional: Option<&Param> = None;
    for param in lines(block).filter(|param| !param.option) {
        match optional {
            Some(before) if param.default.is_none() => {
                let text = format!("`{}` needs a default", param.name.node);
                let wrong = Diagnostic::error(param.name.span, text);
                let why = "this may be left out, and it comes before";
                lowerer.diagnostics.push(wrong.label(before.name.span, why));
            }
            _ if param.default.is_some() => optional = Some(param),
            _ => {}
        }
    }
}

/// A default as an expression: an address as its number, a line with its newline.
fn default_text(param: &Param, default: &Expr) -> Expr {
    let node = match (&default.node, &param.kind) {
        (ExprKind::Text(bytes), ParamKind::Line) => ExprKind::Text([bytes, &b"\n"[..]].concat()),
        (ExprKind::Text(bytes), ParamKind::Ip) => {
            ExprKind::Number(ipv4(&String::from_utf8_lossy(bytes)).unwrap_or_default().into(), false)
        }
        (node, _) => node.clone(),
    };
    Spanned { node, span: default.span }
}

fn ipv4(text: &str) -> Option<u32> {
    text.parse::<std::net::Ipv4Addr>().ok().map(u32::from)
}

/// The bounds of a number; those of other kinds mean nothing.
fn bounds(lowerer: &mut Lowerer<'_>, param: &Param) -> Option<(i64, i64)> {
    match &param.kind {
        ParamKind::Int(low, high) => Some((lowerer.constant(low)?, lowerer.constant(high)?)),
        ParamKind::Syscall => Some((0, 65535)),
        _ => Some((1, 65535)),
    }
}

fn given_value(lowerer: &mut Lowerer<'_>, param: &Param, bytes: &[u8]) -> Option<Meaning> {
    let span = param.name.span;
    let name = &param.name.node;
    let text = String::from_utf8_lossy(bytes);
    match &param.kind {
        ParamKind::Text | ParamKind::Line => Some(Meaning::Text(bytes.to_vec(), span)),
        ParamKind::Syscall => syscall_number(lowerer, param, &text),
        ParamKind::Word => Some(match word(lowerer.machine, &text) {
            Some(number) => Meaning::Number(number, span),
            None => Meaning::Text(bytes.to_vec(), span),
        }),
        ParamKind::Ip => match ipv4(&text) {
            Some(address) => Some(Meaning::Number(fold::wrap(lowerer.machine, i64::from(address)), span)),
            None => {
                lowerer.diagnostics.error(span, format!("`{text}` for `{name}` is no IPv4 address"));
                None
            }
        },
        ParamKind::Int(..) | ParamKind::Port => match text.parse::<i64>() {
            Ok(number) => in_range(lowerer, param, number),
            Err(_) => {
                lowerer.diagnostics.error(span, format!("`{text}` for `{name}` is no number"));
                None
            }
        },
    }
}

/// The number that a system call's name has on the machine, or that was written.
fn syscall_number(lowerer: &mut Lowerer<'_>, param: &Param, text: &str) -> Option<Meaning> {
    if let Ok(number) = text.parse::<u16>() {
        return Some(Meaning::Number(number.into(), param.name.span));
    }
    match syscall::find(text, lowerer.machine) {
        Ok(call) => Some(Meaning::Number(call.number(lowerer.machine)?.into(), param.name.span)),
        Err(missing) => {
            lowerer.missing(&Spanned { node: text.to_owned(), span: param.name.span }, missing);
            None
        }
    }
}

/// A number or a constant of the system, or several with `|` between them; `None` for other text.
fn word(machine: Machine, text: &str) -> Option<i64> {
    let one = |text: &str| {
        let (minus, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        let number = match digits.split_at_checked(2) {
            Some(("0x", digits)) => u64::from_str_radix(digits, 16).ok(),
            Some(("0o", digits)) => u64::from_str_radix(digits, 8).ok(),
            _ => digits.parse().ok(),
        };
        match number {
            Some(number) if minus => Some((number as i64).wrapping_neg()),
            Some(number) => Some(number as i64),
            None => syscall::constant(text, machine),
        }
    };
    let parts: Option<Vec<i64>> = text.split('|').map(|part| one(part.trim())).collect();
    Some(fold::wrap(machine, parts?.into_iter().fold(0, |all, part| all | part)))
}

fn default_value(lowerer: &mut Lowerer<'_>, param: &Param, default: &Expr) -> Option<Meaning> {
    match (lowerer.value(default)?, &param.kind) {
        (Value::Text(bytes), ParamKind::Text) => Some(Meaning::Text(bytes, param.name.span)),
        (Value::Text(bytes), ParamKind::Ip | ParamKind::Syscall | ParamKind::Word) => {
            given_value(lowerer, param, &bytes)
        }
        (Value::Text(mut bytes), ParamKind::Line) => {
            bytes.push(b'\n');
            Some(Meaning::Text(bytes, param.name.span))
        }
        (Value::Operand(Operand::Const(number)), ParamKind::Word) => {
            Some(Meaning::Number(number, param.name.span))
        }
        (
            Value::Operand(Operand::Const(number)),
            ParamKind::Int(..) | ParamKind::Port | ParamKind::Syscall,
        ) => in_range(lowerer, param, number),
        _ => {
            let text = format!("the default is no `{}`", kind_word(&param.kind));
            lowerer.diagnostics.error(default.span, text);
            None
        }
    }
}

fn in_range(lowerer: &mut Lowerer<'_>, param: &Param, number: i64) -> Option<Meaning> {
    let (low, high) = bounds(lowerer, param)?;
    if (low..=high).contains(&number) {
        return Some(Meaning::Number(number, param.name.span));
    }
    let text = format!("{number} is out of range for `{}`", param.name.node);
    let wrong = Diagnostic::error(param.name.span, text);
    lowerer.diagnostics.push(wrong.note(format!("it may be {low} to {high}")));
    None
}
