//! Parameters that are left to run time: the statements, put before the script's own, that read the program's
//! arguments.
//!
//! They are written in the language itself and parsed like the rest.  Two things in them cannot be written by a
//! user: names of their own, which begin with a blank, and [`StatementKind::Usage`], which stands for the usage
//! line and exit status 2.  In the text below they are `own_…` and `own_usage()`.

use std::fmt::Write as _;

use super::ast::*;
use super::parse;
use crate::source::{Diagnostics, Span};

/// A parameter and, for a number, its bounds.
pub(super) struct Late<'a> {
    pub(super) param: &'a Param,
    pub(super) bounds: (i64, i64),
}

impl Late<'_> {
    fn is_required(&self) -> bool {
        self.param.default.is_none()
    }
}

/// The usage line without the program's name: options first, then what is given by place.
pub(super) fn usage(late: &[Late<'_>]) -> String {
    let mut text = String::new();
    for one in late.iter().filter(|one| one.param.option) {
        let name = &one.param.name.node;
        let _ = write!(text, " [--{name} {}]", name.to_uppercase());
    }
    for one in late.iter().filter(|one| !one.param.option) {
        let name = one.param.name.node.to_uppercase();
        let _ = if one.is_required() { write!(text, " {name}") } else { write!(text, " [{name}]") };
    }
    text + "\n"
}

/// The statements that read the parameters, when those with a default have it already.
pub(super) fn statements(late: &[Late<'_>], span: Span) -> Block {
    let mut source = String::new();
    let (options, placed): (Vec<_>, Vec<_>) = late.iter().partition(|one| one.param.option);
    if options.is_empty() {
        let required = placed.iter().filter(|one| one.is_required()).count();
        let _ = writeln!(source, "if argc <= {required} {{ own_usage() }}");
        for (number, one) in (1..).zip(&placed) {
            let read = format!("{} = argv[{number}]", text_of(one.param));
            let _ = if one.is_required() {
                writeln!(source, "{read}")
            } else {
                writeln!(source, "if argc > {number} {{ {read} }}")
            };
        }
    } else {
        distribute(&options, &placed, &mut source);
    }
    for one in placed.iter().chain(&options) {
        if one.is_required() {
            value(one, &mut source);
        } else {
            let _ = writeln!(source, "if {} {{", text_of(one.param));
            value(one, &mut source);
            source.push_str("}\n");
        }
    }
    parsed(&source, span)
}

/// What [`StatementKind::Usage`] goes to.
pub(super) fn print_usage(usage: &str, span: Span) -> Block {
    let quoted = usage.replace('\n', "\\n");
    parsed(
        &format!(
            "write(2, \"usage: \")\nwrite(2, argv[0], strlen(argv[0]))\nwrite(2, \"{quoted}\")\nexit(2)\n"
        ),
        span,
    )
}

fn parsed(source: &str, span: Span) -> Block {
    let mut ignored = Diagnostics::new();
    let mut block = parse::parse(source.as_bytes(), 1, &mut ignored);
    debug_assert!(!ignored.has_errors(), "{source}");
    finish(&mut block, span);
    block
}

/// The variable that holds a parameter's text: itself, where text is what it is and nothing stands there yet.
fn text_of(param: &Param) -> String {
    let name = &param.name.node;
    match param.kind {
        ParamKind::Text | ParamKind::Line if param.default.is_none() => name.clone(),
        _ => format!("own_{name}_text"),
    }
}

/// Options may stand before, between and behind the others, as `--NAME VALUE` or `--NAME=VALUE`.
fn distribute(options: &[&Late<'_>], placed: &[&Late<'_>], source: &mut String) {
    source.push_str("own_next = argv + WORD\nloop {\nown_word = word[own_next]\nif !own_word { break }\n");
    source.push_str("own_next = own_next + WORD\n");
    for one in options {
        let name = &one.param.name.node;
        let text = text_of(one.param);
        let _ = writeln!(
            source,
            "own_name = \"--{name}\"; own_at = own_word
             while u8[own_name] && u8[own_name] == u8[own_at] {{ own_name = own_name + 1; own_at = own_at + 1 }}
             if !u8[own_name] {{
               if u8[own_at] == '=' {{ {text} = own_at + 1; continue }}
               if !u8[own_at] {{
                 {text} = word[own_next]
                 if !{text} {{ own_usage() }}
                 own_next = own_next + WORD
                 continue
               }}
             }}"
        );
    }
    source.push_str("if u8[own_word] == '-' && u8[own_word + 1] == '-' { own_usage() }\n");
    for one in placed {
        let text = text_of(one.param);
        let _ = writeln!(source, "if !{text} {{ {text} = own_word; continue }}");
    }
    source.push_str("own_usage()\n}\n");
    if let Some(last) = placed.iter().rev().find(|one| one.is_required()) {
        let _ = writeln!(source, "if !{} {{ own_usage() }}", text_of(last.param));
    }
}

/// A parameter's value from its text.
fn value(late: &Late<'_>, source: &mut String) {
    let name = &late.param.name.node;
    let at = text_of(late.param);
    match late.param.kind {
        ParamKind::Text | ParamKind::Line => {
            if at != *name {
                let _ = writeln!(source, "{name} = {at}");
            }
        }
        // A number if all of it is one, else the text itself.
        ParamKind::Word => {
            let _ = writeln!(
                source,
                "own_n = 0; own_at = {at}; own_minus = u8[own_at] == '-'; own_at = own_at + own_minus
                 own_base = 10
                 if u8[own_at] == '0' && u8[own_at + 1] == 'x' {{ own_base = 16; own_at = own_at + 2 }}
                 own_first = own_at
                 loop {{
                   own_digit = u8[own_at] - '0'
                   if ult(9, own_digit) {{
                     own_digit = (u8[own_at] | 32) - 'a' + 10
                     if own_digit < 10 || own_digit >= own_base {{ break }}
                   }}
                   own_n = own_n * own_base + own_digit
                   own_at = own_at + 1
                 }}
                 if own_minus {{ own_n = -own_n }}
                 {name} = {at}
                 if !u8[own_at] && own_at != own_first {{ {name} = own_n }}"
            );
        }
        // Four numbers of at most 255 between dots, most significant first.
        ParamKind::Ip => {
            let _ = writeln!(
                source,
                "{name} = 0; own_left = 4
                 while own_left {{
                   own_n = 0
                   if ult(9, u8[{at}] - '0') {{ own_usage() }}
                   while ult(u8[{at}] - '0', 10) {{
                     own_n = own_n * 10 + u8[{at}] - '0'
                     {at} = {at} + 1
                     if own_n > 255 {{ own_usage() }}
                   }}
                   {name} = {name} << 8 | own_n
                   own_left = own_left - 1
                   if own_left {{ if u8[{at}] != '.' {{ own_usage() }}; {at} = {at} + 1 }}
                 }}
                 if u8[{at}] {{ own_usage() }}"
            );
        }
        // Digits up to one more than any limit has, so that the word cannot overflow before the range is tested.
        ParamKind::Int(..) | ParamKind::Port | ParamKind::Syscall => {
            let (low, high) = late.bounds;
            let (minus, negate) = if low < 0 {
                (
                    format!("own_minus = u8[{at}] == '-'; {at} = {at} + own_minus\n"),
                    format!("if own_minus {{ {name} = -{name} }}\n"),
                )
            } else {
                (String::new(), String::new())
            };
            let _ = writeln!(
                source,
                "{minus}{name} = 0
                 if !u8[{at}] {{ own_usage() }}
                 while u8[{at}] {{
                   if ult(9, u8[{at}] - '0') {{ own_usage() }}
                   if {name} > 100000000 {{ own_usage() }}
                   {name} = {name} * 10 + u8[{at}] - '0'
                   {at} = {at} + 1
                 }}
                 {negate}if {name} < {low} || {name} > {high} {{ own_usage() }}"
            );
        }
    }
}

/// Gives the generated statements their own names, and the place of the line that asked for them, for messages
/// and listings.
fn finish(block: &mut Block, span: Span) {
    for statement in block {
        statement.span = span;
        match &mut statement.node {
            StatementKind::Assign(name, value) => {
                own(&mut name.node);
                name.span = span;
                expr(value, span);
            }
            StatementKind::Call(Spanned { node: ExprKind::Call(name, _), .. })
                if name.node == "own_usage" =>
            {
                statement.node = StatementKind::Usage;
            }
            StatementKind::Call(call) => expr(call, span),
            StatementKind::If(arms, otherwise) => {
                for (condition, body) in arms {
                    expr(condition, span);
                    finish(body, span);
                }
                otherwise.iter_mut().for_each(|body| finish(body, span));
            }
            StatementKind::While(condition, body) => {
                expr(condition, span);
                finish(body, span);
            }
            StatementKind::Loop(body) => finish(body, span),
            _ => {}
        }
    }
}

fn expr(node: &mut Expr, span: Span) {
    node.span = span;
    match &mut node.node {
        ExprKind::Name(name) => own(name),
        ExprKind::Unary(_, inner) => expr(inner, span),
        ExprKind::Binary(_, left, right) => {
            expr(left, span);
            expr(right, span);
        }
        ExprKind::Index(name, inner) => {
            name.span = span;
            expr(inner, span);
        }
        ExprKind::Call(name, arguments) => {
            name.span = span;
            arguments.iter_mut().for_each(|argument| expr(argument, span));
        }
        _ => {}
    }
}

fn own(name: &mut String) {
    if let Some(rest) = name.strip_prefix("own_") {
        *name = format!(" {rest}");
    }
}
