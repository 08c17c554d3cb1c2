//! Messages as nasm writes them, for build systems that read them: one line each, file and line, no column.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};

use anyhow::{Context as _, Result};

use super::words::{Channel, Look, Words};
use crate::source::{Diagnostic, Diagnostics, Severity, SourceMap, Span};

/// Where nasm's messages go, and how they look.
pub(super) struct Speaker<'a> {
    look: Look,
    channel: &'a Channel,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(words: &'a Words) -> Self {
        Speaker { look: words.look, channel: &words.channel }
    }

    /// Everything that was said about the source.
    pub(super) fn show_all(&self, diagnostics: &Diagnostics, map: &SourceMap) -> Result<()> {
        let mut text = String::new();
        diagnostics.iter().for_each(|diagnostic| text.push_str(&lines(self.look, diagnostic, map)));
        self.say(&text)
    }

    pub(super) fn say(&self, text: &str) -> Result<()> {
        let outcome = match self.channel {
            // Who does not read messages does not want them.
            Channel::Stderr => io::stderr().write_all(text.as_bytes()).or(Ok(())),
            Channel::Stdout => io::stdout().write_all(text.as_bytes()).or(Ok(())),
            Channel::File(path) => File::create(path).and_then(|mut file| file.write_all(text.as_bytes())),
        };
        outcome.context("unable to open error file")
    }
}

/// The message, then where inside a macro it comes from.
fn lines(look: Look, diagnostic: &Diagnostic, map: &SourceMap) -> String {
    let mut spans = vec![diagnostic.span];
    while let Some(expansion) = spans.last().and_then(|span| map.expansion(span.expansion)) {
        spans.push(expansion.use_site);
    }
    let mut out = place(look, spans.pop().unwrap_or(Span::NONE), map);
    let _ = write!(out, "{}: {}", diagnostic.severity.word(), diagnostic.message);
    match (diagnostic.severity, diagnostic.name) {
        (Severity::Warning, Some(name)) => drop(write!(out, " [-w+{name}]")),
        (Severity::Error, Some(name)) => drop(write!(out, " [-w+error={name}]")),
        _ => {}
    }
    out.push('\n');
    for span in spans.into_iter().rev() {
        let name = map.expansion(span.expansion).map_or("", |expansion| &*expansion.name);
        let _ = writeln!(out, "{}... from macro `{name}' defined here", place(look, span, map));
    }
    out
}

fn place(look: Look, span: Span, map: &SourceMap) -> String {
    match map.named_line(span) {
        Some((name, line)) => match look {
            Look::Gnu => format!("{}:{line}: ", name.display()),
            Look::Vc => format!("{}({line}) : ", name.display()),
        },
        None => String::from("nasm: "),
    }
}
