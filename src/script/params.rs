//! `param` lines: a value given when the template is built is a constant; without one, and without a default,
//! the program reads it from its own arguments, by statements that are put before the script's.

use super::ast::*;
use super::ir::Operand;
use super::lower::Lowerer;
use super::names::Meaning;
use super::parse;
use super::values::Value;
use super::{Options, Parameter};
use crate::source::{Diagnostic, Diagnostics, Span};

/// Every `param` line of a script.
pub(super) fn parameters(block: &Block) -> Vec<Parameter> {
    lines(block)
        .map(|param| Parameter {
            name: param.name.node.clone(),
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
pub(super) fn declare(lowerer: &mut Lowerer<'_>, block: &Block, options: &Options) -> Block {
    let mut source = String::new();
    let mut late: Vec<&Param> = Vec::new();
    for param in lines(block) {
        let span = param.name.span;
        let name = &param.name.node;
        if lowerer.names.contains_key(name) {
            lowerer.diagnostics.error(span, format!("`{name}` is declared twice"));
            continue;
        }
        let given = options.parameters.get(name);
        let meaning = match (given, &param.default) {
            (Some(text), _) => given_value(lowerer, param, text),
            (None, Some(default)) => default_value(lowerer, param, default),
            (None, None) => {
                late.push(param);
                None
            }
        };
        if let Some(meaning) = meaning {
            lowerer.names.insert(name.clone(), meaning);
        }
    }
    for name in options.parameters.keys().filter(|name| !lines(block).any(|param| param.name.node == **name))
    {
        let text = format!("the script has no parameter `{name}`");
        lowerer.diagnostics.error(Span::NONE, text);
    }
    if late.is_empty() {
        return Vec::new();
    }
    let usage: Vec<_> = late.iter().map(|param| param.name.node.to_uppercase()).collect();
    let usage = format!(
        "write(2, \"usage: \")\nwrite(2, argv[0], strlen(argv[0]))\nwrite(2, \" {}\\n\")\nexit(2)",
        usage.join(" ")
    );
    source.push_str(&format!("if argc <= {} {{ {usage} }}\n", late.len()));
    for (number, param) in late.iter().enumerate() {
        read_late(lowerer, param, number + 1, &usage, &mut source);
    }
    let mut ignored = Diagnostics::new();
    let span = late[0].name.span;
    let mut prelude = parse::parse(source.as_bytes(), 1, &mut ignored);
    debug_assert!(!ignored.has_errors(), "{source}");
    parse::place_at(&mut prelude, span);
    prelude
}

/// The statements that read one parameter from the program's own arguments.
fn read_late(lowerer: &mut Lowerer<'_>, param: &Param, index: usize, usage: &str, source: &mut String) {
    let name = &param.name.node;
    let (low, high) = match &param.kind {
        ParamKind::Text | ParamKind::Line => {
            source.push_str(&format!("{name} = argv[{index}]\n"));
            return;
        }
        ParamKind::Int(low, high) => match (lowerer.constant(low), lowerer.constant(high)) {
            (Some(low), Some(high)) => (low, high),
            _ => return,
        },
        ParamKind::Port => (0, 65535),
        ParamKind::Ip => {
            // Four numbers of at most 255 between dots, most significant first.
            source.push_str(&format!(
                "{name}_at = argv[{index}]\n{name}_left = 4\nwhile {name}_left {{\n{name}_n = 0\n\
                 if ult(9, u8[{name}_at] - '0') {{ {usage} }}\n\
                 while ult(u8[{name}_at] - '0', 10) {{ {name}_n = {name}_n * 10 + u8[{name}_at] - '0'; \
                 {name}_at = {name}_at + 1; if {name}_n > 255 {{ {usage} }} }}\n\
                 {name} = {name} << 8 | {name}_n\n{name}_left = {name}_left - 1\n\
                 if {name}_left {{ if u8[{name}_at] != '.' {{ {usage} }}; {name}_at = {name}_at + 1 }} }}\n\
                 if u8[{name}_at] {{ {usage} }}\n"
            ));
            return;
        }
    };
    // Digits up to one more than the limit has, so that the word cannot overflow before the range is tested.
    source.push_str(&format!(
        "{name}_at = argv[{index}]\n{name}_minus = u8[{name}_at] == '-'\n{name}_at = {name}_at + {name}_minus\n\
         if u8[{name}_at] == 0 {{ {usage} }}\n\
         while u8[{name}_at] {{ if ult(9, u8[{name}_at] - '0') {{ {usage} }}; if {name} > 100000000 {{ {usage} }}; \
         {name} = {name} * 10 + u8[{name}_at] - '0'; {name}_at = {name}_at + 1 }}\n\
         if {name}_minus {{ {name} = -{name} }}\nif {name} < {low} || {name} > {high} {{ {usage} }}\n"
    ));
}

fn given_value(lowerer: &mut Lowerer<'_>, param: &Param, bytes: &[u8]) -> Option<Meaning> {
    let span = param.name.span;
    let name = &param.name.node;
    let text = String::from_utf8_lossy(bytes);
    match &param.kind {
        ParamKind::Text | ParamKind::Line => Some(Meaning::Text(bytes.to_vec(), span)),
        ParamKind::Ip => match text.parse::<std::net::Ipv4Addr>() {
            Ok(address) => Some(Meaning::Number(i64::from(u32::from(address)), span)),
            Err(_) => {
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

fn default_value(lowerer: &mut Lowerer<'_>, param: &Param, default: &Expr) -> Option<Meaning> {
    match (lowerer.value(default)?, &param.kind) {
        (Value::Text(bytes), ParamKind::Text) => Some(Meaning::Text(bytes, param.name.span)),
        (Value::Text(bytes), ParamKind::Ip) => given_value(lowerer, param, &bytes),
        (Value::Text(mut bytes), ParamKind::Line) => {
            bytes.push(b'\n');
            Some(Meaning::Text(bytes, param.name.span))
        }
        (Value::Operand(Operand::Const(number)), ParamKind::Int(..) | ParamKind::Port) => {
            in_range(lowerer, param, number)
        }
        _ => {
            let text = format!("the default is no `{}`", kind_word(&param.kind));
            lowerer.diagnostics.error(default.span, text);
            None
        }
    }
}

fn in_range(lowerer: &mut Lowerer<'_>, param: &Param, number: i64) -> Option<Meaning> {
    let (low, high) = match &param.kind {
        ParamKind::Int(low, high) => (lowerer.constant(low)?, lowerer.constant(high)?),
        _ => (0, 65535),
    };
    if (low..=high).contains(&number) {
        return Some(Meaning::Number(number, param.name.span));
    }
    let text = format!("{number} is out of range for `{}`", param.name.node);
    let wrong = Diagnostic::error(param.name.span, text);
    lowerer.diagnostics.push(wrong.note(format!("it may be {low} to {high}")));
    None
}
