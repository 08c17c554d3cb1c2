//! Diagnostics for people: the line, a caret under what is wrong, notes, a hint.
//!
//! Text that a macro produced is shown from outside in: first the line where the user used the macro, then, for
//! each use, the line of its definition that is meant.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::source::{Diagnostic, FileId, Severity, SourceMap, Span};

/// More nested uses than this are counted, not shown: a recursive macro has thousands.
const SHOWN_EXPANSIONS: usize = 4;

/// A longer line is shown around the place that is meant.
const LONGEST_LINE: usize = 400;

/// Two places of one file that are further apart (in bytes) are shown separately.
const NEAR: u32 = 16 << 10;

/// One diagnostic, without a final newline.
pub(super) fn human(diagnostic: &Diagnostic, map: &SourceMap, color: bool) -> String {
    let places = trace(diagnostic.span, map);
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let message = visible(&diagnostic.message);
    let mut title = level.primary_title(message);
    if let Some(name) = diagnostic.name {
        title = title.id(name);
    }
    let mut main = Group::with_title(title);
    let outermost = places.last().expect("the trace begins with the span itself").0;
    let labels: Vec<(Span, String)> =
        diagnostic.labels.iter().map(|label| (trace_end(label.span, map), visible(&label.text))).collect();
    for (origin, snippet) in snippets(outermost, &labels, map) {
        main = main.elements(origin).element(snippet);
    }
    let facts = facts(diagnostic);
    let mut groups = Vec::new();
    if places.len() > 1 {
        groups.push(main);
        groups.extend(expansion_groups(&places, map));
        let last = groups.pop().expect("there is at least the main one");
        groups.push(last.elements(facts));
    } else {
        groups.push(main.elements(facts));
    }
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(140).render(&groups)
}

fn facts(diagnostic: &Diagnostic) -> Vec<annotate_snippets::Message<'static>> {
    let notes = diagnostic.notes.iter().map(|note| Level::NOTE.message(visible(note)));
    let hints = diagnostic.hint.iter().map(|hint| Level::HELP.message(visible(hint)));
    notes.chain(hints).collect()
}

/// The span, then the uses of macros that brought it here, innermost first; each with the macro that it is in.
fn trace(span: Span, map: &SourceMap) -> Vec<(Span, Option<String>)> {
    let mut places = Vec::new();
    let mut at = span;
    while let Some(expansion) = map.expansion(at.expansion) {
        places.push((at, Some(visible(&expansion.name))));
        at = expansion.use_site;
    }
    places.push((at, None));
    places
}

fn trace_end(span: Span, map: &SourceMap) -> Span {
    trace(span, map).pop().expect("the trace begins with the span itself").0
}

/// One group for each use, outermost first.
fn expansion_groups(places: &[(Span, Option<String>)], map: &SourceMap) -> Vec<Group<'static>> {
    let inner: Vec<_> = places.iter().rev().skip(1).collect();
    let hidden = inner.len().saturating_sub(SHOWN_EXPANSIONS);
    let mut groups = Vec::new();
    for (index, (span, name)) in inner.into_iter().enumerate() {
        if index > 0 && index <= hidden {
            continue;
        }
        let name = name.as_deref().unwrap_or("");
        let skipped = if hidden > 0 && index == hidden + 1 {
            format!(" ({hidden} uses between are not shown)")
        } else {
            String::new()
        };
        let mut group =
            Group::with_title(Level::NOTE.secondary_title(format!("in the expansion of `{name}`{skipped}")));
        for (origin, snippet) in snippets(*span, &[], map) {
            group = group.elements(origin).element(snippet);
        }
        groups.push(group);
    }
    groups
}

type Shown = (Option<Origin<'static>>, Snippet<'static, annotate_snippets::Annotation<'static>>);

/// The place itself with the labels near it, then each label that is elsewhere.
fn snippets(span: Span, labels: &[(Span, String)], map: &SourceMap) -> Vec<Shown> {
    let file = map.file_of(span);
    let is_near = |label: &&(Span, String)| {
        file.is_some() && map.file_of(label.0) == file && label.0.start.abs_diff(span.start) < NEAR
    };
    let (near, far): (Vec<_>, Vec<_>) = labels.iter().partition(is_near);
    let main = file.map(|file| snippet(file, Some(span), &near, map));
    let others =
        far.into_iter().filter_map(|label| Some(snippet(map.file_of(label.0)?, None, &[label], map)));
    main.into_iter().chain(others).collect()
}

/// The lines of one file that hold the places.
fn snippet(file: FileId, span: Option<Span>, labels: &[&(Span, String)], map: &SourceMap) -> Shown {
    let spans: Vec<Span> = span.into_iter().chain(labels.iter().map(|label| label.0)).collect();
    let excerpt = Excerpt::new(file, &spans, map);
    let mut snippet = Snippet::source(excerpt.text.clone()).line_start(excerpt.first_line);
    let name = visible(&map.file(file).name.to_string_lossy());
    let mut origin = None;
    match spans.first().and_then(|&first| map.line_column(first)).filter(|_| excerpt.is_cut) {
        // The renderer counts columns in what it is given, so it cannot know the place in a line that was cut.
        Some(at) => {
            origin = Some(Origin::path(name).line(at.line as usize).char_column(at.column as usize));
        }
        None => snippet = snippet.path(name),
    }
    if let Some(span) = span {
        snippet = snippet.annotation(AnnotationKind::Primary.span(excerpt.range(span)));
    }
    for (span, text) in labels {
        snippet = snippet.annotation(AnnotationKind::Context.span(excerpt.range(*span)).label(text.clone()));
    }
    (origin, snippet)
}

/// The part of a file from the first to the last place, made printable: a terminal must not obey a source file.
struct Excerpt {
    text: String,
    first_line: usize,
    /// Whether the first line's beginning was left out.
    is_cut: bool,
    /// For each original byte of the excerpt (and its end): where it went in `text`.
    places: Vec<usize>,
    /// The number of the first byte in the source map.
    start: u32,
}

impl Excerpt {
    fn new(file: FileId, spans: &[Span], map: &SourceMap) -> Self {
        let file = map.file(file);
        let inside = |number: u32| (number.saturating_sub(file.start) as usize).min(file.text.len());
        let low = spans.iter().map(|span| inside(span.start)).min().unwrap_or(0);
        let high = spans.iter().map(|span| inside(span.end.max(span.start))).max().unwrap_or(0);
        let before =
            file.text[..low].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let start = before.max(low.saturating_sub(LONGEST_LINE));
        let is_cut = start > before;
        let rest = &file.text[high..];
        let end = high + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len()).min(LONGEST_LINE);
        let first_line = 1 + file.text[..before].iter().filter(|&&byte| byte == b'\n').count();
        let (text, places) = printable(&file.text[start..end]);
        let start = file.start + u32::try_from(start).expect("all source together is less than 4 GiB");
        Excerpt { text, first_line, is_cut, places, start }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let place = |number: u32| {
            let index = (number.saturating_sub(self.start) as usize).min(self.places.len() - 1);
            self.places[index]
        };
        place(span.start)..place(span.end.max(span.start))
    }
}

/// UTF-8 without control characters, and where each byte went.
fn printable(bytes: &[u8]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(bytes.len());
    let mut places = Vec::with_capacity(bytes.len() + 1);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let at_end = matches!(bytes.get(places.len() + 1), None | Some(b'\n'));
            places.extend(std::iter::repeat_n(text.len(), c.len_utf8()));
            if c == '\r' && at_end {
                continue;
            }
            text.push(if c.is_control() && c != '\n' && c != '\t' { char::REPLACEMENT_CHARACTER } else { c });
        }
        if !chunk.invalid().is_empty() {
            places.extend(std::iter::repeat_n(text.len(), chunk.invalid().len()));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    places.push(text.len());
    (text, places)
}

/// A message without control characters; source text is quoted in it.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Expansion;
    use std::path::Path;
    use std::sync::Arc;

    fn map(texts: &[(&str, &[u8])]) -> SourceMap {
        let mut map = SourceMap::new();
        for (name, text) in texts {
            map.add(Path::new(name), Arc::from(*text)).unwrap();
        }
        map
    }

    fn check(diagnostic: &Diagnostic, map: &SourceMap, expected: &str) {
        let text = human(diagnostic, map, false);
        assert_eq!(text, expected.trim_start_matches('\n'), "\n{text}");
    }

    #[test]
    fn a_place_its_labels_notes_and_hint_are_shown() {
        let map = map(&[("a.asm", b"here: nop\n\nhere: mov eax,1\n"), ("b.asm", b"x\n")]);
        let diagnostic = Diagnostic::error(Span::new(12, 16), "label `here` is defined twice")
            .label(Span::new(1, 5), "first defined here")
            .label(Span::new(29, 30), "and meant here")
            .note("a name stands for one thing")
            .hint("call it `here2`");
        check(
            &diagnostic,
            &map,
            "
error: label `here` is defined twice
 --> a.asm:3:1
  |
1 | here: nop
  | ---- first defined here
2 |
3 | here: mov eax,1
  | ^^^^
  |
 ::: b.asm:1:1
  |
1 | x
  | - and meant here
  |
  = note: a name stands for one thing
  = help: call it `here2`",
        );
    }

    #[test]
    fn macro_uses_are_shown_from_outside_in() {
        let mut map = map(&[("m.asm", b"%macro m 1\nmov al,%1\n%endmacro\nm 300\n")]);
        let id = map.add_expansion(Expansion {
            use_site: Span::new(32, 37),
            definition: Span::new(1, 11),
            name: "m".into(),
        });
        let place = Span { expansion: id, ..Span::new(12, 21) };
        check(
            &Diagnostic::warning("number-overflow", place, "300 does not fit"),
            &map,
            "
warning[number-overflow]: 300 does not fit
 --> m.asm:4:1
  |
4 | m 300
  | ^^^^^
  |
note: in the expansion of `m`
 --> m.asm:2:1
  |
2 | mov al,%1
  | ^^^^^^^^^",
        );
    }

    #[test]
    fn control_characters_and_stray_bytes_do_not_reach_the_terminal() {
        let map = map(&[("a.asm", b"mov \x1b[31m\xff,1\n")]);
        let text = human(&Diagnostic::error(Span::new(5, 11), "bad \x1b"), &map, false);
        assert!(!text.contains('\x1b'), "{text}");
        assert!(text.contains("1 | mov \u{fffd}[31m\u{fffd},1"), "{text}");
    }

    #[test]
    fn a_very_long_line_is_shown_around_the_place() {
        let mut line = vec![b'a'; 1 << 20];
        line.push(b'\n');
        let map = map(&[("a.asm", &line)]);
        let text = human(&Diagnostic::error(Span::new(500_000, 500_003), "bad"), &map, false);
        assert!(text.contains(" --> a.asm:1:500000\n"), "{text}");
        assert!(text.len() < 2000, "{}", text.len());
    }
}
