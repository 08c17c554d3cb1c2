//! The context stack: `%push`, `%pop`, `%repl` (nasmdoc 4.7).

use super::Preprocessor;
use super::host::Host;
use super::single::Context;
use super::token::{Kind, Token};
use crate::source::Diagnostic;

impl Preprocessor {
    /// The context name that a directive says; empty for none.
    fn context_name(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Option<Vec<u8>> {
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let Some(name) = rest.first().copied() else { return Some(Vec::new()) };
        let directive = self.shown(&list[..1]);
        if name.kind != Kind::Id {
            self.error(name.span, format!("`{directive}` expects a context identifier"), host);
            return None;
        }
        if let Some(token) = rest.get(1) {
            let message = format!("trailing garbage after `{directive}` ignored");
            self.warn("pp-trailing", token.span, message, host);
        }
        Some(self.text.of(&name).to_vec())
    }

    pub(super) fn push_context(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let Some(name) = self.context_name(list, host) else { return };
        self.push_named(name, span, host);
    }

    /// Pushes a context of this name.
    fn push_named(&mut self, name: Vec<u8>, span: crate::source::Span, host: &dyn Host) {
        let number = self.unique + host.macro_calls();
        self.unique += 1;
        self.singles.contexts.push(Context { name, number, heads: Vec::new(), span });
    }

    pub(super) fn pop_context(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let Some(name) = self.context_name(list, host) else { return };
        if self.has_context(&name, "%pop", span, host) {
            self.singles.pop_context();
        }
    }

    /// Whether there is a context, and the one that the directive names.
    fn has_context(
        &mut self,
        name: &[u8],
        what: &str,
        span: crate::source::Span,
        host: &mut dyn Host,
    ) -> bool {
        let Some(current) = self.singles.contexts.last() else {
            self.error(span, format!("`{what}`: context stack is already empty"), host);
            return false;
        };
        if name.is_empty() || current.name.eq_ignore_ascii_case(name) {
            return true;
        }
        let found = match &current.name[..] {
            b"" => "an unnamed context".to_owned(),
            name => format!("`{}`", String::from_utf8_lossy(name)),
        };
        let message = format!("`{what}` in {found}, expected `{}`", String::from_utf8_lossy(name));
        host.diagnostics().push(Diagnostic::error(span, message).label(current.span, "pushed here"));
        false
    }

    pub(super) fn rename_context(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let Some(name) = self.context_name(list, host) else { return };
        if self.has_context(b"", "%repl", span, host)
            && let Some(context) = self.singles.contexts.last_mut()
        {
            context.name = name;
        }
    }
}
