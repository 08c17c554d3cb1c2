//! Calls of multi-line macros: is this line one, with which arguments, and what runs next (nasmdoc 4.3).

use std::rc::Rc;

use super::Preprocessor;
use super::frame::{Call, Frame, Run, What};
use super::host::Host;
use super::single::NIL;
use super::token::{Kind, Text, Token, offset};
use crate::source::{Diagnostic, Expansion};

/// A macro that a line calls.
struct Found {
    which: u32,
    /// Where its name stands in the line.
    at: usize,
    /// Arguments, as places in the line.
    bounds: Vec<(u32, u32)>,
    /// How many the call says; defaults follow.
    given: usize,
    count: usize,
}

impl Preprocessor {
    /// Begins the macro call that the expanded line makes; false when it makes none.
    pub(super) fn call(&mut self, list: &[Token], host: &mut dyn Host) -> bool {
        let Some(first) = list.first() else { return false };
        if !matches!(first.kind, Kind::Id | Kind::Local) {
            return false;
        }
        let mut label = 0;
        let mut colon = false;
        let mut found = self.find_macro(list, 0, host);
        if found.is_none() {
            label = 1;
            if list.get(1).is_some_and(|token| self.text.is(token, b":")) {
                colon = true;
                label = 2;
            }
            if list.get(label).is_some_and(|token| token.kind == Kind::Id) {
                found = self.find_macro(list, label, host);
            }
        }
        let Some(found) = found else { return false };
        let limits = &self.options.limits;
        if self.calls >= limits.macros || self.levels >= limits.macro_levels {
            let message = "interminable multi-line macro recursion";
            let note = format!(
                "calls may nest {} deep (--limit-macro-levels) and one may lead to {} (--limit-mmacros)",
                limits.macro_levels, limits.macros
            );
            host.diagnostics().push(Diagnostic::error(list[found.at].span, message).note(note));
            self.stopped = true;
            return true;
        }
        self.begin_call(list, &found, label, colon, host);
        true
    }

    /// The macro that the name at `at` calls with the arguments behind it.
    fn find_macro(&mut self, list: &[Token], at: usize, host: &mut dyn Host) -> Option<Found> {
        let name = list[at];
        let head = self.multis.head(name.atom);
        if head == NIL || name.kind != Kind::Id {
            return None;
        }
        let text = self.text.of(&name).to_vec();
        let mut first = self.multis.find_from(head, &text);
        while let Some(found) = first {
            let multi = &self.multis.list[found as usize];
            if multi.busy == 0 || multi.head.depth > 0 {
                break;
            }
            first = self.multis.find_from(multi.next, &text);
        }
        let first = first?;
        let arguments = &list[at + 1..];
        let mut bounds = Vec::new();
        let trailing = self.split_arguments(arguments, &mut bounds, host);
        let raw = bounds.len();
        let mut count = raw;
        let mut which = self.fitting(first, &text, count);
        let unsaid = which.is_none() && raw == 0 && self.trailing && !self.sane_empty;
        if unsaid {
            which = self.unsaid_fit(first, &text, &name, host);
        } else if !self.sane_empty {
            which = self.legacy_fit(which, first, &text, &mut bounds, &mut count, trailing, &name, host);
        }
        let Some(which) = which else {
            let s = if count == 1 { "" } else { "s" };
            let shown = String::from_utf8_lossy(&text);
            let message = format!("multi-line macro `{shown}` exists, but not taking {count} parameter{s}");
            let definition = self.multis.list[first as usize].head.span;
            let warning = Diagnostic::warning("pp-macro-params-multi", name.span, message);
            host.diagnostics().push(warning.label(definition, "defined here"));
            return None;
        };
        let multi = &self.multis.list[which as usize];
        if multi.busy > multi.head.depth {
            if multi.head.depth > 0 {
                let message = format!("reached maximum recursion depth of {}", multi.head.depth);
                self.warn("other", name.span, message, host);
            }
            return None;
        }
        let head = &multi.head;
        if head.plus && bounds.len() >= head.max && head.max > 0 {
            bounds.truncate(head.max);
            if let Some(last) = bounds.last_mut() {
                last.1 = offset(arguments.len());
            }
        } else if head.plus && head.max == 0 {
            bounds.clear();
        }
        let given = bounds.len();
        let wanted = if head.default_bounds.is_empty() { 0 } else { head.min + head.default_bounds.len() };
        let most = if head.plus { head.max } else { usize::MAX };
        let total = if unsaid { 0 } else { given.max(wanted).min(most) };
        Some(Found { which, at, bounds, given, count: total })
    }

    /// The first macro of a chain that takes so many arguments.
    fn fitting(&self, first: u32, name: &[u8], count: usize) -> Option<u32> {
        let mut at = Some(first);
        while let Some(one) = at {
            let multi = &self.multis.list[one as usize];
            if multi.head.min <= count && (multi.head.plus || count <= multi.head.max) {
                return Some(one);
            }
            at = self.multis.find_from(multi.next, name);
        }
        None
    }

    /// An argument that expanded to nothing is none for `%0`, but nasm lets it call a macro of one.
    fn unsaid_fit(&mut self, first: u32, name: &[u8], token: &Token, host: &mut dyn Host) -> Option<u32> {
        let which = self.fitting(first, name, 1)?;
        let shown = String::from_utf8_lossy(name);
        let message = format!("improperly calling multi-line macro `{shown}` with 0 parameters");
        self.warn("pp-macro-params-legacy", token.span, message, host);
        Some(which)
    }

    /// nasm before 2.15 dropped an empty last argument, and 2.16 still does, with a warning.
    #[expect(clippy::too_many_arguments, reason = "the state of one decision, used once")]
    fn legacy_fit(
        &mut self,
        mut which: Option<u32>,
        first: u32,
        name: &[u8],
        bounds: &mut Vec<(u32, u32)>,
        count: &mut usize,
        trailing: bool,
        token: &Token,
        host: &mut dyn Host,
    ) -> Option<u32> {
        if !trailing {
            return which;
        }
        let shown = String::from_utf8_lossy(name).into_owned();
        match which {
            None => {
                which = self.fitting(first, name, *count - 1);
                if which.is_some() {
                    bounds.pop();
                    *count -= 1;
                }
            }
            Some(found) => {
                let head = &self.multis.list[found as usize].head;
                let defaulted = *count > head.min && *count <= head.min + head.default_bounds.len();
                if defaulted || !(*count > head.max && head.plus) {
                    bounds.pop();
                    *count -= 1;
                }
            }
        }
        if which.is_some() {
            let message = format!("dropping trailing empty parameter in call to multi-line macro `{shown}`");
            self.warn("pp-macro-params-legacy", token.span, message, host);
        }
        which
    }

    fn begin_call(&mut self, list: &[Token], found: &Found, label: usize, colon: bool, host: &mut dyn Host) {
        let mut call = self.idle_calls.pop().unwrap_or_default();
        self.fill_call(&mut call, list, found);
        let name = list[found.at];
        let multi = &self.multis.list[found.which as usize];
        let (takes_label, body) = (multi.takes_label, multi.body.clone());
        call.expansion = host.map().add_expansion(Expansion {
            use_site: name.span,
            definition: multi.head.span,
            name: multi.shown.clone(),
        });
        call.place = (self.unlisted > 0 || multi.head.nolist).then_some(name.span);
        call.unique = self.unique + host.macro_calls();
        self.unique += 1;
        self.levels += 1;
        self.calls += 1;
        let multi = &mut self.multis.list[found.which as usize];
        multi.busy += 1;
        self.unlisted += u32::from(multi.head.nolist);
        let label_list = if found.at == 0 { &[][..] } else { &list[..label] };
        if takes_label && !label_list.is_empty() {
            let start = offset(call.tokens.len());
            append(&mut call, &label_list[..1], &self.text);
            call.label = Some((start, start + 1));
        }
        self.list_call(&call, host);
        let conditions = self.conditions.len();
        self.frames.push(Frame::Body(Run { body, at: 0, conditions, what: What::Call(call) }));
        if !takes_label && !label_list.is_empty() {
            self.push_label(label_list, colon, name.space);
        }
    }

    /// The label before a call is the first line of what the call makes.
    fn push_label(&mut self, label: &[Token], colon: bool, space: bool) {
        let mut line = label.to_vec();
        // With a colon, white space before the call stays behind it, else before the colon that is put in.
        let (start, len) = self.text.add(if colon { b"" } else { b":" });
        if space || !colon {
            line.push(Token { start, len, kind: Kind::Other, space, ..line[0] });
        }
        let mut body = self.idle_bodies.pop().unwrap_or_default();
        body.add(&line, &self.text, self.location);
        let conditions = self.conditions.len();
        self.frames.push(Frame::Body(Run { body: Rc::new(body), at: 0, conditions, what: What::Label }));
    }

    /// Copies the arguments, then the defaults of those that are missing.
    fn fill_call(&mut self, call: &mut Call, list: &[Token], found: &Found) {
        call.which = found.which;
        call.name.clear();
        call.name.extend_from_slice(self.text.of(&list[found.at]));
        call.tokens.clear();
        call.text.0.clear();
        call.bounds.clear();
        call.label = None;
        call.rotate = 0;
        let arguments = &list[found.at + 1..];
        for &(start, end) in &found.bounds {
            let (start, end) = self.trim_argument(arguments, start, end);
            let from = offset(call.tokens.len());
            append(call, &arguments[start as usize..end as usize], &self.text);
            if let Some(first) = call.tokens.get_mut(from as usize) {
                first.space = false;
            }
            call.bounds.push((from, offset(call.tokens.len())));
        }
        let head = &self.multis.list[found.which as usize].head;
        for number in found.given..found.count {
            let from = offset(call.tokens.len());
            if let Some(&(start, end)) =
                number.checked_sub(head.min).and_then(|at| head.default_bounds.get(at))
            {
                append(call, &head.defaults.list[start as usize..end as usize], &head.defaults.text);
            }
            call.bounds.push((from, offset(call.tokens.len())));
        }
    }

    /// nasm 2.16 keeps one state for all calls of a macro.  When the inner one of two ends, it takes the outer one for
    /// ended too, and then everything behind it in the file for lines of it that are not to be read.
    pub(super) fn abandon_file(&mut self, host: &mut dyn Host) {
        let message = "nothing behind the end of this recursive macro call is read, as in nasm 2.16";
        self.warn("recursion", self.here, message, host);
        while let Some(Frame::Body(_)) = self.frames.last() {
            self.end_run();
        }
        self.recursed = false;
        if let Some(Frame::File(file)) = self.frames.last_mut() {
            file.at = file.text.len();
            self.conditions.truncate(file.conditions);
        }
    }

    /// Ends the innermost run of stored lines.
    pub(super) fn end_run(&mut self) {
        let Some(Frame::Body(run)) = self.frames.pop() else { return };
        match run.what {
            What::Call(call) => {
                let multi = &mut self.multis.list[call.which as usize];
                multi.busy -= 1;
                self.recursed |= multi.busy > 0;
                self.unlisted -= u32::from(multi.head.nolist);
                self.levels -= 1;
                if self.levels == 0 {
                    self.calls = 0;
                }
                self.idle_calls.push(call);
            }
            what => {
                self.unlisted_turns -= u32::from(matches!(what, What::Repeat { unlisted: true, .. }));
                if let Ok(mut body) = Rc::try_unwrap(run.body) {
                    body.clear();
                    self.idle_bodies.push(body);
                }
            }
        }
    }
}

fn append(call: &mut Call, list: &[Token], text: &Text) {
    for token in list {
        let (start, len) = call.text.add(text.of(token));
        call.tokens.push(Token { start, len, ..*token });
    }
}
