//! The expansion of single-line macros in one line.
//!
//! nasm's order of events decides what a program means, so it is kept exactly.  The tokens still to be looked at lie
//! on a stack, the next one on top.  When the top is a macro's name, its call is taken off and the body put on
//! *from its last token to its first*; each name so put on is tried as a macro at once, and may take arguments from
//! everything that follows, inside the body or after it:
//!
//! ```text
//! %define f(x) <x>       stack (top first)    action
//! %define g f            g (1) ;              `g` is a macro: take it off, put on its body `f`
//! g(1)                   f (1) ;              `f` is a macro with arguments: they come from behind `g`
//!                        < 1 > ;              done with `f`, then with `g`; what lies above `;` is finished
//! ```
//!
//! A macro stays switched off while its own body is put on: that ends recursion.  Afterwards neighbouring names are
//! joined (`paste`), and if that joined any, the whole line is gone through again.

use super::Preprocessor;
use super::host::Host;
use super::single::{Magic, NIL, Scope};
use super::token::{Kind, Token, offset};
use super::unfold::Unfolding;
use crate::source::Diagnostic;

/// The buffers that every expansion reuses.
#[derive(Default)]
pub(super) struct Buffers {
    /// What is still to be looked at, reversed.
    pub(super) stack: Vec<Token>,
    /// Arguments of the calls under way.
    pub(super) arguments: Vec<Token>,
    /// The bounds of each argument.
    pub(super) bounds: Vec<(u32, u32)>,
    /// Tokens that may still be made for this line.
    pub(super) left: u32,
    /// Bodies that are being put on, each called by the one before.
    pub(super) bodies: Vec<Unfolding>,
    /// How deep what runs on our own stack is nested: functions, and arguments that are evaluated first.
    pub(super) depth: u32,
    /// Questions of functions under way: they belong to the line's expansion.
    pub(super) questions: u32,
    /// Whether it was said that the limit is reached.
    told: bool,
    /// Doubts that the last turn found; the earlier ones' are dropped.
    held: Vec<Diagnostic>,
}

/// What came of trying a name.
pub(super) enum Tried {
    /// It is no macro here.
    Plain,
    /// It was expanded; the height above which the stack is finished.
    Done(usize),
    /// Its body is being put on.
    Body,
}

impl Buffers {
    /// An argument's tokens.
    pub(super) fn argument(&self, bounds: (u32, u32)) -> &[Token] {
        &self.arguments[bounds.0 as usize..bounds.1 as usize]
    }
}

impl Preprocessor {
    /// Expands the macros of `list` in place.
    pub(super) fn expand(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        if self.expansion.questions == 0 {
            self.expansion.left = self.options.limits.macro_tokens;
            self.expansion.depth = 0;
            self.expansion.told = false;
        }
        self.expand_again(list, host);
    }

    /// The same inside of an expansion: the limits go on.
    pub(super) fn expand_again(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let mut must = true;
        self.expansion.depth += 1;
        loop {
            let changed = self.expand_once(list, host);
            if !(changed || must) || !self.paste(list) {
                break;
            }
            must = false;
            self.expansion.held.clear();
        }
        self.expansion.depth -= 1;
        for held in std::mem::take(&mut self.expansion.held) {
            host.diagnostics().push(held);
        }
    }

    /// One pass over the line; whether anything was expanded.
    fn expand_once(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> bool {
        if !list.iter().any(|token| token.is_name() && self.may_expand(token)) {
            return false;
        }
        let floor = self.expansion.stack.len();
        self.expansion.stack.extend(list.drain(..).rev());
        let mut changed = false;
        while self.expansion.stack.len() > floor {
            let token = self.expansion.stack[self.expansion.stack.len() - 1];
            if !token.is_name() {
                self.expansion.stack.pop();
                list.push(token);
                continue;
            }
            let rest = match self.expand_top(floor, host) {
                Some(rest) => {
                    changed = true;
                    rest
                }
                None => self.expansion.stack.len() - 1,
            };
            list.extend(self.expansion.stack.drain(rest..).rev());
        }
        changed
    }

    /// Whether a name has a macro at all.
    fn may_expand(&self, token: &Token) -> bool {
        token.kind == Kind::Local || self.singles.head(Scope::Global, token.atom) != NIL
    }

    /// Which table a name is looked up in; `None` for a context that is not there.
    pub(super) fn scope(&self, token: &Token) -> Option<Scope> {
        if token.kind != Kind::Local {
            return Some(Scope::Global);
        }
        let text = self.text.of(token);
        let up = text[1..].iter().take_while(|&&byte| byte == b'$').count();
        self.singles.contexts.len().checked_sub(up).map(Scope::Context)
    }

    /// Expands the name on top of the stack; the height above which the stack is finished, `None` when the name is
    /// no macro here.
    fn expand_top(&mut self, floor: usize, host: &mut dyn Host) -> Option<usize> {
        let bottom = self.expansion.bodies.len();
        match self.try_top(floor, host) {
            Tried::Plain => return None,
            Tried::Done(low) => return Some(low),
            Tried::Body => {}
        }
        loop {
            if self.put_until_call(floor, host) {
                continue;
            }
            let low = self.end_body(floor);
            if self.expansion.bodies.len() == bottom {
                return Some(low);
            }
            self.returned(low, floor);
        }
    }

    /// Tries the name on top of the stack as a macro.
    pub(super) fn try_top(&mut self, floor: usize, host: &mut dyn Host) -> Tried {
        let top = self.expansion.stack.len() - 1;
        let token = self.expansion.stack[top];
        let Some(first) = self.macro_of(&token) else { return Tried::Plain };
        let (work, limits) = (&mut self.expansion, &self.options.limits);
        let levels = offset(work.bodies.len());
        if work.left == 0 || work.depth >= limits.nesting || levels >= limits.macro_levels {
            self.give_up(&token, host);
            return Tried::Plain;
        }
        work.left -= 1;
        let marks = (work.arguments.len(), work.bounds.len());
        let called = match self.singles.list[first as usize].formals.len() {
            0 => Some((first, top)),
            _ => self.take_call(first, floor),
        };
        let Some((which, rest)) = called else { return Tried::Plain };
        if self.singles.list[which as usize].busy {
            self.forget_arguments(marks);
            return Tried::Plain;
        }
        let is_function = matches!(self.singles.list[which as usize].magic, Magic::Function(_));
        // A function may stand in its own argument; only stored bodies can run on for ever.
        self.singles.list[which as usize].busy = !is_function;
        self.expansion.depth += 1;
        if !self.singles.list[which as usize].formals.is_empty() {
            self.prepare_arguments(which, marks.1, host);
        }
        self.expansion.stack.truncate(rest);
        let tried = if self.singles.list[which as usize].magic == Magic::None {
            self.begin_body(which, &token, marks, rest, host)
        } else {
            self.put_magic(which, &token, marks.1, floor, host);
            Tried::Done(rest)
        };
        self.expansion.depth -= 1;
        if matches!(tried, Tried::Done(_)) {
            self.singles.list[which as usize].busy = false;
            self.forget_arguments(marks);
        }
        tried
    }

    /// The first macro of a name.
    fn macro_of(&self, token: &Token) -> Option<u32> {
        let head = self.singles.head(self.scope(token)?, token.atom);
        if head == NIL {
            return None;
        }
        self.singles.find_from(head, super::tokenize::name_of(self.text.of(token), token.kind))
    }

    pub(super) fn forget_arguments(&mut self, marks: (usize, usize)) {
        self.expansion.arguments.truncate(marks.0);
        self.expansion.bounds.truncate(marks.1);
    }

    pub(super) fn give_up(&mut self, token: &Token, host: &mut dyn Host) {
        if !self.expansion.told {
            self.expansion.told = true;
            let limits = self.options.limits;
            let note = format!(
                "macros may make {} tokens in a line and nest {} deep, functions {}",
                limits.macro_tokens, limits.macro_levels, limits.nesting
            );
            host.diagnostics().push(Diagnostic::error(token.span, "interminable macro recursion").note(note));
        }
        self.expansion.left = 0;
    }

    /// Finds the macro that takes as many arguments as the call has, and records them; with the height of the stack
    /// behind the call.
    fn take_call(&mut self, first: u32, floor: usize) -> Option<(u32, usize)> {
        let top = self.expansion.stack.len() - 1;
        let name = self.expansion.stack[top];
        let open = top.checked_sub(1).filter(|&at| at >= floor)?;
        if !self.text.is(&self.expansion.stack[open], b"(") {
            return None;
        }
        let Some(count) = self.count_arguments(open, floor) else {
            let message = "macro call expects terminating `)'".replace('\'', "`");
            self.expansion.held.push(Diagnostic::error(name.span, message));
            return None;
        };
        let mut at = Some(first);
        let which = loop {
            let Some(one) = at else {
                self.hold_count_warning(&name, count);
                return None;
            };
            let single = &self.singles.list[one as usize];
            let formals = single.formals.len();
            if formals == count || single.greedy && formals > 0 && count + 1 >= formals {
                break one;
            }
            let name = super::tokenize::name_of(self.text.of(&name), name.kind);
            at = self.singles.find_from(single.next, name);
        };
        let rest = self.collect_arguments(which, open);
        Some((which, rest))
    }

    fn hold_count_warning(&mut self, name: &Token, count: usize) {
        let text = String::from_utf8_lossy(self.text.of(name)).into_owned();
        let s = if count == 1 { "" } else { "s" };
        let message = format!("single-line macro `{text}` exists, but not taking {count} parameter{s}");
        self.expansion.held.push(Diagnostic::warning("pp-macro-params-single", name.span, message));
    }

    /// How many arguments stand between the parenthesis at `open` and its partner.
    fn count_arguments(&self, open: usize, floor: usize) -> Option<usize> {
        let (mut parens, mut braces, mut count) = (1_u32, 0_u32, 1);
        for token in self.expansion.stack[floor..open].iter().rev() {
            if token.kind != Kind::Other {
                continue;
            }
            match self.text.of(token) {
                b"," if braces == 0 && parens == 1 => count += 1,
                b"{" => braces += 1,
                b"}" => braces = braces.saturating_sub(1),
                b"(" if braces == 0 => parens += 1,
                b")" if braces == 0 => {
                    parens -= 1;
                    if parens == 0 {
                        return Some(count);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// Copies the arguments of a call that is known to be complete; the height of the stack behind it.
    fn collect_arguments(&mut self, which: u32, open: usize) -> usize {
        let single = &self.singles.list[which as usize];
        let formals = &single.formals;
        let (text, work) = (&self.text, &mut self.expansion);
        let (mut parens, mut braces, mut index) = (1_u32, 0_u32, 0);
        let mut bracketed = false;
        let mut start = work.arguments.len();
        let mut at = open;
        loop {
            at -= 1;
            let mut token = work.stack[at];
            let verbatim = formals[index].verbatim;
            let greedy = single.greedy && index + 1 == formals.len();
            let empty = work.arguments.len() == start;
            let mut keep = true;
            match if token.kind == Kind::Other { text.of(&token) } else { b"" } {
                b"," if braces == 0 && parens == 1 && !greedy => {
                    work.bounds.push((offset(start), offset(work.arguments.len())));
                    start = work.arguments.len();
                    index += 1;
                    bracketed = false;
                    keep = false;
                }
                b"{" => {
                    if !bracketed {
                        bracketed = empty && !verbatim;
                        keep = !bracketed;
                    }
                    braces += 1;
                }
                b"}" if braces > 0 => {
                    braces -= 1;
                    keep = !(braces == 0 && bracketed);
                }
                b"(" if braces == 0 => parens += 1,
                b")" if braces == 0 => {
                    parens -= 1;
                    if parens == 0 {
                        work.bounds.push((offset(start), offset(work.arguments.len())));
                        break;
                    }
                }
                _ => {}
            }
            if keep {
                token.space &= !empty || verbatim;
                work.arguments.push(token);
            }
        }
        // Arguments that were not given are empty: a greedy macro may be called with one too few.
        for _ in index + 1..formals.len() {
            let end = offset(work.arguments.len());
            work.bounds.push((end, end));
        }
        at
    }

    /// Evaluates and quotes the arguments that want it.
    fn prepare_arguments(&mut self, which: u32, bounds: usize, host: &mut dyn Host) {
        for index in 0..self.singles.list[which as usize].formals.len() {
            let formal = self.singles.list[which as usize].formals[index];
            if !(formal.evaluated || formal.quoted || formal.quoted_once) {
                continue;
            }
            let (start, end) = self.expansion.bounds[bounds + index];
            let mut list = self.expansion.arguments[start as usize..end as usize].to_vec();
            self.expand_again(&mut list, host);
            let span = list.first().map_or(self.here, |token| token.span);
            if formal.evaluated {
                let value = self.evaluate(&list, host);
                list.clear();
                if let Some(value) = value {
                    list.push(self.number_token(value, span));
                }
            }
            let is_string = matches!(&list[..], [one] if one.kind == Kind::String);
            if formal.quoted || formal.quoted_once && !is_string {
                let bytes = self.detoken_bytes(&list);
                list = vec![self.string_token(&bytes, span)];
            }
            let start = offset(self.expansion.arguments.len());
            self.expansion.arguments.extend(list);
            self.expansion.bounds[bounds + index] = (start, offset(self.expansion.arguments.len()));
        }
    }
}
