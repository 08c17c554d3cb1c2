//! Says what went wrong, on standard error, in the form that `--message-format` asks for.
//!
//! | form | one diagnostic |
//! | --- | --- |
//! | `human` | the line, a caret, notes and a hint, over several lines |
//! | `short` | `file:line:column: error: text [name]` |
//! | `json` | one object on one line, see [`super::json`] |

use std::io::{self, IsTerminal as _, Write as _};

use super::{json, render};
use crate::source::{Diagnostic, Diagnostics, SourceMap, Span};

/// `--message-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// The source line with a caret, notes and hints
    #[default]
    Human,
    /// One line: file:line:column: error: text [name]
    Short,
    /// One JSON object on each line
    Json,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where messages go and how they look.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Messages {
    /// The form.
    pub(super) format: Format,
    /// Whether colour was asked for.
    pub(super) color: Color,
}

impl Messages {
    /// Everything that was said about the source.
    pub(super) fn show_all(self, diagnostics: &Diagnostics, map: &SourceMap) {
        let mut text = String::new();
        // Stages speak one after the other; people read from the top to the bottom.
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| place(diagnostic.span, map));
        for diagnostic in sorted {
            text.push_str(&self.text(diagnostic, map));
            text.push('\n');
        }
        say(&text);
    }

    /// An error that is not about source text.
    pub(super) fn failure(self, error: &anyhow::Error) {
        let diagnostic = Diagnostic::error(Span::NONE, chain(error));
        say(&format!("{}\n", self.text(&diagnostic, &SourceMap::new())));
    }

    /// A remark that is not about source text.
    pub(super) fn note(self, text: &str) {
        let diagnostic = Diagnostic::new(crate::source::Severity::Note, Span::NONE, text);
        say(&format!("{}\n", self.text(&diagnostic, &SourceMap::new())));
    }

    fn text(self, diagnostic: &Diagnostic, map: &SourceMap) -> String {
        match self.format {
            Format::Human => render::human(diagnostic, map, self.colored()),
            Format::Short => diagnostic.short(map),
            Format::Json => json::diagnostic(diagnostic, map),
        }
    }

    fn colored(self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                !forbidden && io::stderr().is_terminal()
            }
        }
    }
}

/// The number of the first byte, outside of macros; what has no place comes last.
fn place(mut span: Span, map: &SourceMap) -> u32 {
    while let Some(expansion) = map.expansion(span.expansion) {
        span = expansion.use_site;
    }
    if span.is_none() { u32::MAX } else { span.start }
}

/// The causes on one line: "cannot write `x`: No space left on device".  Some errors name their cause themselves.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// To standard error in one piece; when nobody reads it there is nobody left to tell.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
