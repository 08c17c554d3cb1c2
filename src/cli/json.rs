//! Diagnostics for programs: one object on one line, keys always present and in this order.
//!
//! ```text
//! {"severity":"error","name":null,"message":"…",
//!  "file":"a.asm","line":3,"column":9,"end_line":3,"end_column":12,"text":"…",
//!  "labels":[{"file":…,"line":…,"column":…,"end_line":…,"end_column":…,"text":"…","message":"…"}],
//!  "expansions":[{"macro":"…","file":…,…}],"notes":["…"],"hint":null}
//! ```
//!
//! `severity` is `note`, `warning` or `error`; `name` is what `-W` switches name.  Lines and columns count from 1,
//! columns in characters; the end is one past the last character; all are null when no text is to blame.  `text`
//! is the source text of the place.  Bytes that are not UTF-8 are shown as U+FFFD.  `expansions` are the macro
//! uses that brought the text there, the innermost first.

use std::fmt::Write as _;

use crate::source::{Diagnostic, SourceMap, Span};

/// One diagnostic, without a newline.
pub(super) fn diagnostic(diagnostic: &Diagnostic, map: &SourceMap) -> String {
    let mut out = String::from("{");
    let _ = write!(out, "\"severity\":\"{}\",\"name\":", diagnostic.severity.word());
    optional(&mut out, diagnostic.name);
    out.push_str(",\"message\":");
    string(&mut out, &diagnostic.message);
    place(&mut out, diagnostic.span, map);
    out.push_str(",\"labels\":[");
    list(&mut out, &diagnostic.labels, |out, label| {
        out.push_str("{\"message\":");
        string(out, &label.text);
        place(out, label.span, map);
        out.push('}');
    });
    out.push_str("],\"expansions\":[");
    expansions(&mut out, diagnostic.span, map);
    out.push_str("],\"notes\":[");
    list(&mut out, &diagnostic.notes, |out, note| string(out, note));
    out.push_str("],\"hint\":");
    optional(&mut out, diagnostic.hint.as_deref());
    out.push('}');
    out
}

fn list<T>(out: &mut String, items: &[T], mut each: impl FnMut(&mut String, &T)) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(out, item);
    }
}

fn expansions(out: &mut String, span: Span, map: &SourceMap) {
    let mut expansion = map.expansion(span.expansion);
    let mut first = true;
    while let Some(use_of) = expansion {
        out.push_str(if first { "{\"macro\":" } else { ",{\"macro\":" });
        string(out, &use_of.name);
        place(out, use_of.use_site, map);
        out.push('}');
        first = false;
        expansion = map.expansion(use_of.use_site.expansion);
    }
}

/// `,"file":…` to `"text":…`.
fn place(out: &mut String, span: Span, map: &SourceMap) {
    let end = Span { start: span.end, ..span };
    match (map.file_of(span), map.line_column(span), map.line_column(end)) {
        (Some(file), Some(from), Some(to)) => {
            out.push_str(",\"file\":");
            string(out, &map.file(file).name.to_string_lossy());
            let _ = write!(
                out,
                ",\"line\":{},\"column\":{},\"end_line\":{},\"end_column\":{},\"text\":",
                from.line, from.column, to.line, to.column
            );
            string(out, &String::from_utf8_lossy(map.text(span)));
        }
        _ => out.push_str(
            ",\"file\":null,\"line\":null,\"column\":null,\"end_line\":null,\"end_column\":null,\"text\":null",
        ),
    }
}

fn optional(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => string(out, text),
        None => out.push_str("null"),
    }
}

/// A JSON string (RFC 8259, section 7).
pub(super) fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // DEL and the C1 controls are allowed, but a terminal would obey them.
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use std::sync::Arc;

    #[test]
    fn every_key_is_there_and_text_is_escaped() {
        let mut map = SourceMap::new();
        map.add(Path::new("a\"b.asm"), Arc::from(&b"nop\n\tmov \x1b\xff\n"[..])).unwrap();
        let message = Diagnostic::warning("zeroing", Span::new(10, 12), "tab\there")
            .label(Span::new(1, 4), "first")
            .note("n")
            .hint("`x`");
        assert_eq!(
            diagnostic(&message, &map),
            "{\"severity\":\"warning\",\"name\":\"zeroing\",\"message\":\"tab\\there\",\
             \"file\":\"a\\\"b.asm\",\"line\":2,\"column\":6,\"end_line\":2,\"end_column\":8,\
             \"text\":\"\\u001b\u{fffd}\",\
             \"labels\":[{\"message\":\"first\",\"file\":\"a\\\"b.asm\",\"line\":1,\"column\":1,\
             \"end_line\":1,\"end_column\":4,\"text\":\"nop\"}],\
             \"expansions\":[],\"notes\":[\"n\"],\"hint\":\"`x`\"}"
        );
    }
}
