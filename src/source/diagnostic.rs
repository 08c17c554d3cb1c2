//! One form for everything that is told to a user about the source.
//!
//! A diagnostic is data: which text, what is wrong, what could be pasted instead.  How it looks (carets, colour,
//! JSON) is decided in `cli`; here is only the one-line `short` form that tests and editors read.

use std::fmt::Write as _;

use super::{SourceMap, Span, WarningPolicy};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something worth knowing; never fails a build.
    Note,
    /// The program is built; `-Werror` refuses it.
    Warning,
    /// No output.
    Error,
}

impl Severity {
    /// The word that messages begin with.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A second place that explains the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What stands there: "first defined here".
    pub text: String,
}

/// A user's mistake, or a doubt about one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The class that `-W` switches name, for warnings and lints (`number-overflow`); errors may have one too.
    pub name: Option<&'static str>,
    /// What is wrong, in the user's words: lower case, no full stop, source text in backquotes.
    pub message: String,
    /// Where; [`Span::NONE`] when no text is to blame.
    pub span: Span,
    /// Other places.
    pub labels: Vec<Label>,
    /// Facts that help: the limits, the reason, the rule.
    pub notes: Vec<String>,
    /// What to do, ready to be pasted where possible.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without labels, notes or hint.
    pub fn new(severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            severity,
            name: None,
            message: shortened(message.into()),
            span,
            labels: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// An error.
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, span, message)
    }

    /// A warning of the class `name`.
    pub fn warning(name: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { name: Some(name), ..Self::new(Severity::Warning, span, message) }
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: shortened(text.into()) });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(shortened(text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(shortened(text.into()));
        self
    }

    /// `file:line:col: error: text [name]`, then one indented line for each hint and note.
    pub fn short(&self, map: &SourceMap) -> String {
        let mut out = String::new();
        if let (Some(file), Some(at)) = (map.file_of(self.span), map.line_column(self.span)) {
            let _ = write!(out, "{}:{}:{}: ", map.file(file).name.display(), at.line, at.column);
        }
        let _ = write!(out, "{}: {}", self.severity.word(), self.message);
        if let Some(name) = self.name {
            let _ = write!(out, " [{name}]");
        }
        out
    }
}

/// Names are quoted in messages, and a name may have a million characters.
fn shortened(text: String) -> String {
    const LONGEST: usize = 600;
    const KEPT: usize = 200;
    if text.len() <= LONGEST {
        return text;
    }
    let boundary =
        |from: usize| (from..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let (head, tail) = (boundary(KEPT), boundary(text.len() - KEPT));
    format!("{}[{} bytes]{}", &text[..head], tail - head, &text[tail..])
}

/// What has been said so far.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    policy: WarningPolicy,
    errors: usize,
}

impl Diagnostics {
    /// Nothing said, every warning shown, none fatal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing said, with a policy.
    pub fn with_policy(policy: WarningPolicy) -> Self {
        Diagnostics { policy, ..Self::default() }
    }

    /// The policy in force.
    pub fn policy(&self) -> &WarningPolicy {
        &self.policy
    }

    /// The policy for what is said from here on.
    pub fn policy_mut(&mut self) -> &mut WarningPolicy {
        &mut self.policy
    }

    /// Records a diagnostic, unless it is a warning that was switched off; a fatal warning becomes an error.  A note
    /// with a name is switched off in the same way, and fatal only by that name: `-Werror` alone leaves it a note.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if let (Severity::Note, Some(name)) = (diagnostic.severity, diagnostic.name) {
            if !self.policy.shows(name) {
                return;
            }
            if self.policy.fatal.get(name) == Some(&true) {
                diagnostic.severity = Severity::Error;
                diagnostic.notes.push(format!("`-Werror={name}` makes the note an error"));
            }
        }
        if diagnostic.severity == Severity::Warning {
            let name = diagnostic.name.unwrap_or("other");
            if !self.policy.shows(name) {
                return;
            }
            if self.policy.is_fatal(name) {
                diagnostic.severity = Severity::Error;
                diagnostic.notes.push(format!("`-Werror` makes the warning `{name}` an error"));
            }
        }
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        self.list.push(diagnostic);
    }

    /// Records an error.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(span, message));
    }

    /// Whether any error was recorded: then there is no output.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors were recorded.
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// Everything, in the order of recording.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// How many diagnostics there are: a mark for [`Diagnostics::truncate`].
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Where the diagnostic with this number points.
    pub fn span_at(&self, at: usize) -> Option<Span> {
        self.list.get(at).map(|one| one.span)
    }

    /// Lets a diagnostic point elsewhere.
    pub fn move_to(&mut self, at: usize, span: Span) {
        if let Some(one) = self.list.get_mut(at) {
            one.span = span;
        }
    }

    /// Adds a note to the first diagnostic about a place.
    pub fn add_note(&mut self, span: Span, text: &str) {
        if let Some(one) = self.list.iter_mut().find(|one| one.span == span) {
            one.notes.push(shortened(text.to_owned()));
        }
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Forgets what was said after `mark`: a pass that is run again says it again.
    pub fn truncate(&mut self, mark: usize) {
        self.list.truncate(mark);
        self.errors = self.list.iter().filter(|one| one.severity == Severity::Error).count();
    }
}
