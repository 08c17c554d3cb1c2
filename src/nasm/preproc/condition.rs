//! What the conditionals test (nasmdoc 4.4).

use super::Preprocessor;
use super::conditional::{Question, Test};
use super::host::Host;
use super::names::Atom;
use super::options::Purpose;
use super::token::{Kind, Token};
use super::tokenize::name_of;

impl Preprocessor {
    /// The answer to the conditional that the line is; `None` when the line is wrong, which was said.
    pub(super) fn test(&mut self, test: Test, list: &mut Vec<Token>, host: &mut dyn Host) -> Option<bool> {
        let name = self.shown(&list[..1]);
        let mut rest = list.split_off(1);
        let answer = match test.question {
            Question::Number => {
                self.expand(&mut rest, host);
                if rest.is_empty() {
                    self.error(list[0].span, format!("`{name}` expects an expression"), host);
                    return None;
                }
                self.evaluate(&rest, host)? != 0
            }
            Question::Context => self.is_context(&rest, &name, host)?,
            Question::Defined => {
                self.any_name(&mut rest, &name, host, |this, token| this.is_defined(token, false))?
            }
            Question::DefinedAlias => {
                self.any_name(&mut rest, &name, host, |this, token| this.is_defined(token, true))?
            }
            Question::Empty => {
                self.expand(&mut rest, host);
                rest.is_empty()
            }
            Question::Environment => self.any_environment(&rest, list[0], &name, host)?,
            Question::Id => self.is_kind(&mut rest, host, |kind| kind == Kind::Id),
            Question::String => self.is_kind(&mut rest, host, |kind| kind == Kind::String),
            Question::Numeral => self.is_numeral(&mut rest, host),
            Question::Token => {
                self.expand(&mut rest, host);
                rest.len() == 1
            }
            Question::Same | Question::SameButCase => {
                let case = test.question == Question::Same;
                self.are_same(&mut rest, list[0], &name, case, host)?
            }
            Question::Unanswered => return None,
            Question::Macro => self.is_macro(&mut rest, list[0], &name, host)?,
            Question::Usable => self.is_package(&mut rest, list[0], &name, host)?.is_some(),
            Question::Using => {
                let package = self.is_package(&mut rest, list[0], &name, host)?;
                package.is_some_and(|package| self.packages.contains(&package))
            }
        };
        Some(answer != test.not)
    }

    fn is_context(&mut self, rest: &[Token], name: &str, host: &mut dyn Host) -> Option<bool> {
        let Some(current) = self.singles.contexts.last().map(|context| context.name.clone()) else {
            if let Some(wrong) = rest.iter().find(|token| token.kind != Kind::Id) {
                self.error(wrong.span, format!("`{name}` expects context identifiers"), host);
                return None;
            }
            return Some(false);
        };
        let mut rest = rest.to_vec();
        self.expand(&mut rest, host);
        if let Some(wrong) = rest.iter().find(|token| token.kind != Kind::Id) {
            self.error(wrong.span, format!("`{name}` expects context identifiers"), host);
            return None;
        }
        Some(rest.iter().any(|token| self.text.of(token).eq_ignore_ascii_case(&current)))
    }

    /// Whether any of the names does.
    fn any_name(
        &mut self,
        rest: &mut Vec<Token>,
        name: &str,
        host: &mut dyn Host,
        holds: fn(&Self, &Token) -> bool,
    ) -> Option<bool> {
        let mut at = 0;
        let mut found = false;
        while at < rest.len() {
            self.expand_id(rest, at, host);
            let Some(token) = rest.get(at).copied() else { break };
            if !token.is_name() && token.kind != Kind::Environment {
                self.error(token.span, format!("`{name}` expects macro identifiers"), host);
                return None;
            }
            found |= holds(self, &token);
            at += 1;
        }
        Some(found)
    }

    /// Whether a name has a single-line macro.
    pub(super) fn is_defined(&self, token: &Token, alias: bool) -> bool {
        if token.kind == Kind::Environment {
            return self.environment(self.text.of(token)).is_some();
        }
        let Some(scope) = self.scope(token) else { return false };
        let name = name_of(self.text.of(token), token.kind);
        let atom = if token.atom == Atom::NONE { self.names.find(name) } else { token.atom };
        self.singles.is_defined(scope, atom, name, alias)
    }

    fn any_environment(
        &mut self,
        rest: &[Token],
        first: Token,
        name: &str,
        host: &mut dyn Host,
    ) -> Option<bool> {
        let mut found = false;
        if rest.is_empty() {
            self.error(first.span, format!("`{name}` expects environment variable names"), host);
            return None;
        }
        for token in rest.iter() {
            let text = self.text.of(token);
            let variable = match token.kind {
                Kind::Environment => &text[2..],
                Kind::Id | Kind::String => text,
                _ => {
                    let message = format!("`{name}` expects environment variable names");
                    self.error(token.span, message, host);
                    return None;
                }
            };
            let variable = super::strings::unquoted(variable);
            found |= self.options.environment.contains_key(&*variable);
        }
        Some(found)
    }

    fn is_kind(&mut self, rest: &mut Vec<Token>, host: &mut dyn Host, kind: fn(Kind) -> bool) -> bool {
        self.expand(rest, host);
        // Only the first token counts (nasmdoc 4.4.6).
        rest.first().is_some_and(|token| kind(token.kind))
    }

    fn is_numeral(&mut self, rest: &mut Vec<Token>, host: &mut dyn Host) -> bool {
        self.expand(rest, host);
        let sign = |token: &&Token| self.text.is(token, b"-") || self.text.is(token, b"+");
        let after = usize::from(rest.first().as_ref().is_some_and(sign));
        rest.get(after).is_some_and(|token| token.kind == Kind::Number)
    }

    fn are_same(
        &mut self,
        rest: &mut Vec<Token>,
        first: Token,
        name: &str,
        case: bool,
        host: &mut dyn Host,
    ) -> Option<bool> {
        self.expand(rest, host);
        let Some(comma) = rest.iter().position(|token| self.text.is(token, b",")) else {
            self.error(first.span, format!("`{name}` expects two comma-separated arguments"), host);
            return None;
        };
        let (left, right) = (&rest[..comma], &rest[comma + 1..]);
        // White space before the comma is a token to nasm, which the other side does not have.
        let same = !rest[comma].space
            && left.len() == right.len()
            && left.iter().zip(right).all(|(a, b)| self.is_same(a, b, case));
        Some(same)
    }

    fn is_same(&self, left: &Token, right: &Token, case: bool) -> bool {
        if left.kind != right.kind {
            return false;
        }
        let (a, b) = (self.text.of(left), self.text.of(right));
        if left.kind == Kind::String {
            let (a, b) = (super::strings::unquoted(a), super::strings::unquoted(b));
            return if case { a == b } else { a.eq_ignore_ascii_case(&b) };
        }
        if case { a == b } else { a.eq_ignore_ascii_case(b) }
    }

    /// Whether a multi-line macro is there that takes some of these counts.
    fn is_macro(
        &mut self,
        rest: &mut Vec<Token>,
        first: Token,
        name: &str,
        host: &mut dyn Host,
    ) -> Option<bool> {
        self.expand_id(rest, 0, host);
        let Some(token) = rest.first().copied().filter(|token| token.kind == Kind::Id) else {
            self.error(first.span, format!("`{name}` expects a macro name"), host);
            return None;
        };
        let word = self.text.of(&token).to_vec();
        let mut counts = rest.split_off(1);
        self.expand(&mut counts, host);
        let (min, max) = self.count_range(&counts);
        let range = match counts.get(1) {
            Some(token) if self.text.is(token, b"-") => 3,
            _ => 1,
        };
        let plus = counts.get(range).is_some_and(|token| self.text.is(token, b"+"));
        if let Some(token) = counts.get(range + usize::from(plus)) {
            let message = format!("trailing garbage after `{name}` ignored");
            self.warn("pp-trailing", token.span, message, host);
        }
        let mut at = self.multis.head(self.names.find(&word));
        while let Some(found) = self.multis.find_from(at, &word) {
            let head = &self.multis.list[found as usize].head;
            if (head.min <= max || plus) && (min <= head.max || head.plus) {
                return Some(true);
            }
            at = self.multis.list[found as usize].next;
        }
        // Those that are macros in nasm alone.
        let is_flat = self.options.format == b"bin";
        let is_known = self.options.purpose != Purpose::Preprocess && !self.options.is_off;
        Some(is_known && super::standard::is_directive(&word, min, max, plus, is_flat))
    }

    fn count_range(&self, list: &[Token]) -> (usize, usize) {
        let number = |at: usize| {
            let token = list.get(at).filter(|token| token.kind == Kind::Number)?;
            let number = crate::nasm::value::number(self.text.of(token)).ok()?;
            usize::try_from(number.value).ok()
        };
        let Some(min) = number(0) else { return (0, usize::MAX) };
        if !list.get(1).is_some_and(|token| self.text.is(token, b"-")) {
            return (min, min);
        }
        (min, number(2).unwrap_or(usize::MAX))
    }
}
