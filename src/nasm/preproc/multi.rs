//! Multi-line macros: their heads, the table, `%macro`, `%endmacro`, `%unmacro` (nasmdoc 4.3).

use std::rc::Rc;
use std::sync::Arc;

use super::Preprocessor;
use super::body::Body;
use super::frame::Defining;
use super::host::Host;
use super::names::Atom;
use super::options::Purpose;
use super::single::{NIL, announce, number_names};
use super::standard;
use super::token::{Kind, Token, Tokens, offset};
use crate::source::{Diagnostic, Span};

/// What stands behind `%macro`.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) name: Vec<u8>,
    pub(super) atom: u32,
    /// Whether the case of a use must fit.
    pub(super) case: bool,
    /// Fewest arguments.
    pub(super) min: usize,
    /// Most arguments.
    pub(super) max: usize,
    /// Whether the last takes the rest of the line.
    pub(super) plus: bool,
    /// Whether listings leave its lines out.
    pub(super) nolist: bool,
    /// Whether it is one of nasm's own.
    pub(super) standard: bool,
    /// How deep it may call itself.
    pub(super) depth: u32,
    /// Default arguments, for those from `min + 1` on.
    pub(super) defaults: Tokens,
    pub(super) default_bounds: Vec<(u32, u32)>,
    /// Where its name was written.
    pub(super) span: Span,
}

/// A multi-line macro.
pub(super) struct Multi {
    pub(super) head: Head,
    pub(super) name: Vec<u8>,
    /// The name as messages show it.
    pub(super) shown: Arc<str>,
    pub(super) body: Rc<Body>,
    /// Whether the body uses `%00`, the label before the call.
    pub(super) takes_label: bool,
    /// How many calls of it are under way.
    pub(super) busy: u32,
    /// The next macro of that name.
    pub(super) next: u32,
}

/// All multi-line macros.
#[derive(Default)]
pub(super) struct Multis {
    pub(super) list: Vec<Multi>,
    heads: Vec<u32>,
}

impl Multis {
    /// The first macro of a name; `NIL` for none.
    pub(super) fn head(&self, atom: Atom) -> u32 {
        atom.index().and_then(|index| self.heads.get(index)).copied().unwrap_or(NIL)
    }

    /// The first macro from a place of a chain on that a use so spelled can mean.
    pub(super) fn find_from(&self, mut at: u32, name: &[u8]) -> Option<u32> {
        while at != NIL {
            let one = &self.list[at as usize];
            if !one.head.case || one.name == name {
                return Some(at);
            }
            at = one.next;
        }
        None
    }

    fn insert(&mut self, atom: Atom, multi: Multi) {
        let index = atom.index().expect("a macro that is defined has a numbered name");
        if self.heads.len() <= index {
            self.heads.resize(index + 1, NIL);
        }
        let next = std::mem::replace(&mut self.heads[index], offset(self.list.len()));
        self.list.push(Multi { next, ..multi });
    }

    /// Forgets all macros; calls under way keep their lines.
    pub(super) fn clear(&mut self) {
        self.heads.fill(NIL);
    }

    fn remove(&mut self, atom: Atom, head: &Head) {
        let mut before = NIL;
        let mut at = self.head(atom);
        while at != NIL {
            let one = &self.list[at as usize];
            let next = one.next;
            let spelled =
                if head.case && one.head.case { one.name == head.name } else { one.head.case == head.case };
            if spelled && (one.head.min, one.head.max, one.head.plus) == (head.min, head.max, head.plus) {
                match before {
                    NIL => self.heads[atom.0 as usize] = next,
                    _ => self.list[before as usize].next = next,
                }
            } else {
                before = at;
            }
            at = next;
        }
    }
}

impl Preprocessor {
    /// `%macro` and its variants: what follows is stored.
    pub(super) fn begin_macro(
        &mut self,
        list: &mut Vec<Token>,
        case: bool,
        recursive: bool,
        host: &mut dyn Host,
    ) {
        let span = list[0].span;
        let Some(mut head) = self.macro_head(list, true, host) else { return self.begin_ignored_macro(span) };
        head.case = case;
        head.depth = if recursive { self.options.limits.macro_levels } else { 0 };
        head.atom = announce(&head.name, &mut self.names, &mut self.filter).0;
        if self.is_own_text()
            && self.options.purpose != Purpose::Preprocess
            && standard::is_directive(
                &head.name,
                head.min,
                head.max,
                head.plus,
                self.options.format == b"bin",
            )
            && self.multis.head(Atom(head.atom)) == NIL
        {
            let name = String::from_utf8_lossy(&head.name);
            let message = format!("redefining multi-line macro `{name}`, which every source has");
            self.warn("pp-macro-redef-multi", head.span, message, host);
        }
        let mut at = self.multis.head(Atom(head.atom));
        while let Some(found) = self.multis.find_from(at, &head.name) {
            let other = &self.multis.list[found as usize];
            let overlap =
                (other.head.min <= head.max || head.plus) && (head.min <= other.head.max || other.head.plus);
            if overlap && (other.name == head.name || !case) {
                let message =
                    format!("redefining multi-line macro `{}`", String::from_utf8_lossy(&head.name));
                let warning = Diagnostic::warning("pp-macro-redef-multi", head.span, message);
                host.diagnostics().push(warning.label(other.head.span, "first defined here"));
                break;
            }
            at = other.next;
        }
        self.start_defining(Some(Box::new(head)), 0, false, span);
    }

    /// A macro whose head is wrong: its lines are stored and never used, so that they are not taken for the
    /// program's.
    fn begin_ignored_macro(&mut self, span: Span) {
        self.start_defining(Some(Box::default()), 0, false, span);
    }

    pub(super) fn start_defining(&mut self, head: Option<Box<Head>>, turns: u64, unlisted: bool, span: Span) {
        let body = self.idle_bodies.pop().unwrap_or_default();
        let frames = self.frames.len();
        self.defining =
            Some(Box::new(Defining { head, turns, unlisted, body, macros: 0, repeats: 0, span, frames }));
    }

    /// Name, number of parameters and defaults.
    fn macro_head(&mut self, list: &mut Vec<Token>, defaults: bool, host: &mut dyn Host) -> Option<Head> {
        let directive = self.shown(&list[..1]);
        self.expand_id(list, 1, host);
        let Some(name) = list.get(1).copied().filter(|token| token.kind == Kind::Id) else {
            let span = list.get(1).map_or(list[0].span, |token| token.span);
            self.error(span, format!("`{directive}` expects a macro name"), host);
            return None;
        };
        let standard = !self.is_own_text();
        let mut head =
            Head { name: self.text.of(&name).to_vec(), span: name.span, standard, ..Head::default() };
        let mut rest = list.split_off(2);
        self.expand(&mut rest, host);
        let mut at = 0;
        match self.count(&rest, at) {
            Some(count) => (head.min, head.max) = (count, count),
            None => self.error(name.span, format!("`{directive}` expects a parameter count"), host),
        }
        at += 1;
        let is =
            |this: &Self, at: usize, what: &[u8]| rest.get(at).is_some_and(|token| this.text.is(token, what));
        if is(self, at, b"-") {
            at += 1;
            if is(self, at, b"*") {
                head.max = usize::MAX;
            } else if let Some(count) = self.count(&rest, at) {
                head.max = count.max(head.min);
                if count < head.min {
                    self.error(rest[at].span, "minimum parameter count exceeds maximum", host);
                }
            } else {
                let message = format!("`{directive}` expects a parameter count after `-`");
                self.error(name.span, message, host);
            }
            at += 1;
        }
        if is(self, at, b"+") {
            head.plus = true;
            at += 1;
        }
        if rest
            .get(at)
            .is_some_and(|token| !token.space && self.text.of(token).eq_ignore_ascii_case(b".nolist"))
        {
            head.nolist = !(self.lists(b'f') && self.is_own_text());
            at += 1;
        }
        if defaults && at < rest.len() {
            self.set_defaults(&mut head, &rest[at..], host);
        }
        Some(head)
    }

    fn set_defaults(&mut self, head: &mut Head, rest: &[Token], host: &mut dyn Host) {
        let mut bounds = Vec::new();
        let trailing = self.split_arguments(rest, &mut bounds, host);
        if trailing && !self.sane_empty && bounds.len() > 1 {
            bounds.pop();
            let name = String::from_utf8_lossy(&head.name);
            let message = format!("dropping trailing empty default parameter in definition of `{name}`");
            self.warn("pp-macro-params-legacy", head.span, message, host);
        }
        head.defaults = Tokens::copy(rest, &self.text);
        number_names(&mut head.defaults.list, &head.defaults.text, &mut self.names);
        for (index, &(start, end)) in bounds.iter().enumerate() {
            let greedy = head.plus && head.min + index + 1 == head.max;
            let tail = offset(rest.len());
            let trimmed = self.trim_argument(rest, start, if greedy { tail } else { end });
            head.default_bounds.push(trimmed);
        }
        if !head.plus && bounds.len() > head.max - head.min {
            let name = String::from_utf8_lossy(&head.name);
            let message = format!("too many default macro parameters in macro `{name}`");
            self.warn("pp-macro-defaults", head.span, message, host);
        }
    }

    /// A parameter count.
    fn count(&self, list: &[Token], at: usize) -> Option<usize> {
        let token = list.get(at).filter(|token| token.kind == Kind::Number)?;
        let number = crate::nasm::value::number(self.text.of(token)).ok()?;
        usize::try_from(number.value).ok().filter(|&count| count < 1 << 20)
    }

    /// `%endmacro`.
    pub(super) fn end_macro(&mut self, list: &[Token], host: &mut dyn Host) {
        let Some(mut defining) = self.defining.take_if(|defining| defining.head.is_some()) else {
            let message = "`%endmacro` without a `%macro` that it could end";
            return self.error(list[0].span, message, host);
        };
        let Some(head) = defining.head.take() else { return };
        if head.name.is_empty() {
            return;
        }
        let mut body = std::mem::take(&mut defining.body);
        let tokens = body.tokens_mut();
        number_names(&mut tokens.list, &tokens.text, &mut self.names);
        let takes_label =
            tokens.list.iter().any(|token| token.kind == Kind::Param && tokens.text.of(token) == b"%00");
        let name = head.name.clone();
        let atom = Atom(head.atom);
        let shown = Arc::from(String::from_utf8_lossy(&name).as_ref());
        let multi = Multi { head: *head, name, shown, body: Rc::new(body), takes_label, busy: 0, next: NIL };
        self.multis.insert(atom, multi);
    }

    /// `%unmacro` and `%unimacro`.
    pub(super) fn undefine_macro(&mut self, list: &mut Vec<Token>, case: bool, host: &mut dyn Host) {
        let Some(mut head) = self.macro_head(list, false, host) else { return };
        head.case = case;
        let atom = self.names.find(&head.name);
        if atom != Atom::NONE {
            self.multis.remove(atom, &head);
        }
    }
}
