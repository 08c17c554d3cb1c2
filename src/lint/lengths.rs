//! Lengths that are not those of the text they are used with: `length-spans-labels`.

use super::calls::Call;
use super::graph::Graph;
use super::program::{Place, Program};
use super::state::State;
use super::text::without_comment;
use super::value::Value;
use crate::source::{Diagnostic, Severity, Span};
use crate::syscall::Kind;
use crate::unit::SymbolId;

/// What is wrong with the length of a buffer that the kernel reads; with a place, only if the text there is passed to
/// a call on its own.
pub(super) fn check(
    program: &Program<'_>,
    graph: &Graph,
    call: &Call,
    state: &State,
    span: Span,
) -> Option<(Option<Place>, Diagnostic)> {
    let parameters: Vec<_> = call.parameters().collect();
    let at = parameters.windows(2).position(|two| two[0].1.kind == Kind::In && two[1].1.kind == Kind::Len)?;
    let value = |index: usize| state.registers[usize::from(parameters[index].0)];
    let start = match value(at) {
        Value::Address(section, offset) => Some(Place { section, offset: u64::try_from(offset).ok()? }),
        _ => None,
    };
    match value(at + 1) {
        Value::Address(section, offset) => {
            address(program, (section, offset), start, span).map(|note| (None, note))
        }
        Value::Const(length) => {
            let start = start?;
            let terminal = matches!(value(0), Value::Const(1 | 2)) && call.call.name == "write";
            spans(program, graph, start, length, terminal, span)
        }
        _ => None,
    }
}

fn note(span: Span, message: String) -> Diagnostic {
    Diagnostic { name: Some("length-spans-labels"), ..Diagnostic::new(Severity::Note, span, message) }
}

/// `len equ $`: an address, some four million bytes.
fn address(
    program: &Program<'_>,
    (section, offset): (crate::unit::SectionId, i64),
    start: Option<Place>,
    span: Span,
) -> Option<Diagnostic> {
    let symbol = program.lengths((Some(section), offset)).next()?;
    let (name, text) = (program.symbol_name(symbol), start.map(|start| program.name(start)));
    let text = text.unwrap_or_else(|| "msg".to_owned());
    Some(
        note(program.unit.symbol(symbol).span, format!("`{name}` is an address, not a length"))
            .label(span, "it is used as a length here")
            .note("`$` is the address of this place; a length is the distance from the text's label")
            .hint(format!("{name} equ $-{text}")),
    )
}

/// `len equ $-msg` behind another datum.
fn spans(
    program: &Program<'_>,
    graph: &Graph,
    start: Place,
    length: u64,
    terminal: bool,
    span: Span,
) -> Option<(Option<Place>, Diagnostic)> {
    let end = start.offset.checked_add(length)?;
    let bytes = program.bytes(start.section);
    if length == 0 || end > program.size(start.section) {
        return None;
    }
    let mut equal = program.lengths((None, i64::try_from(length).ok()?));
    let symbol = equal.find(|&symbol| counts_from(program, symbol, start))?;
    let inner = *program.labels(start.section, start.offset + 1..end).first()?;
    let at = usize::try_from(inner.place.offset).ok()?;
    let first = bytes.get(usize::try_from(start.offset).ok()?..at)?;
    let is_text =
        |bytes: &[u8]| bytes.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\n' | b'\t' | b'\r' | 27));
    let complete = match first.split_last() {
        Some((b'\n' | 0, text)) => is_text(text),
        _ => false,
    };
    if !complete {
        return None;
    }
    let rest = bytes.get(at..usize::try_from(end).ok()?)?;
    // What is written to before it is printed may be text by then.
    let constant = || {
        let mut about = program.references(start.section, inner.place.offset..end);
        about.all(|from| graph.only_loads(from))
    };
    let rubbish = terminal && !is_text(rest) && constant();
    let counted = || program.every_length().any(|other| counts_from(program, other, inner.place));
    if !rubbish && !counted() {
        return None;
    }
    let (name, text) = (program.symbol_name(symbol), program.name(start));
    let inner_name = program.symbol_name(inner.symbol);
    let message =
        format!("`{name}` is {length} and counts `{inner_name}` as well: `{text}` has {} bytes", first.len());
    let note = note(program.unit.symbol(symbol).span, message)
        .label(program.unit.symbol(inner.symbol).span, "this is counted too")
        .label(span, "so this passes more than the text")
        .note("`$` is where the `equ` stands: write it directly behind the data that it measures")
        .hint(format!("{name} equ {inner_name}-{text}"));
    Some(((!rubbish).then_some(inner.place), note))
}

/// Whether the source of an `equ` is `$-LABEL` for the label of a place.
fn counts_from(program: &Program<'_>, symbol: SymbolId, place: Place) -> bool {
    let span = program.unit.symbol(symbol).span;
    let Some(file) = program.map.file_of(span).map(|id| program.map.file(id)) else { return false };
    let rest = file.text.get((span.end - file.start) as usize..).unwrap_or_default();
    let line = rest.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line: Vec<u8> =
        without_comment(line).iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let line = line.strip_prefix(b":").unwrap_or(&line);
    if line.len() < 4 || !line[..3].eq_ignore_ascii_case(b"equ") {
        return false;
    }
    let formula =
        line[3..].strip_prefix(b"(").and_then(|inner| inner.strip_suffix(b")")).unwrap_or(&line[3..]);
    let Some(label) = formula.strip_prefix(b"$-") else { return false };
    program.labels(place.section, place.offset..place.offset + 1).iter().any(|one| {
        let name = program.symbol_name(one.symbol);
        // A local label is written without its parent.
        name.as_bytes() == label || label.starts_with(b".") && name.as_bytes().ends_with(label)
    })
}
