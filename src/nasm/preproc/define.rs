//! `%define` and its relatives, `%undef`, `%clear`, `%aliases` (nasmdoc 4.1).

use super::Preprocessor;
use super::host::Host;
use super::names::Atom;
use super::single::{AliasLoop, Formal, Scope, Shadow, Single, announce, mark_formals, number_names};
use super::token::{Kind, Token, Tokens, offset};
use super::tokenize::{Place, name_of, tokenize};
use crate::source::{Diagnostic, Span};

/// Which kind of definition, and whether a use's case must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Definition {
    Define { case: bool },
    Xdefine { case: bool },
    Assign { case: bool },
    Str { case: bool },
    Tok { case: bool },
    Alias { case: bool },
}

impl Definition {
    fn case(self) -> bool {
        match self {
            Definition::Define { case }
            | Definition::Xdefine { case }
            | Definition::Assign { case }
            | Definition::Str { case }
            | Definition::Tok { case }
            | Definition::Alias { case } => case,
        }
    }
}

/// What is said about a macro that does not take the place of an older one.
fn shadow_message(shadow: Shadow, name: &str) -> (&'static str, String) {
    match shadow {
        Shadow::Case => (
            "pp-macro-def-case-single",
            format!(
                "`{name}` shadows another macro of that name but for case, where the case matters to one of both"
            ),
        ),
        Shadow::Parameters => (
            "pp-macro-def-param-single",
            format!("single-line macro `{name}` defined both with and without parameters"),
        ),
        Shadow::Greedy => (
            "pp-macro-def-greedy-single",
            format!("`{name}` shadows a greedy macro that could be called with as many arguments"),
        ),
    }
}

/// A parameter list as written.
#[derive(Default)]
pub(super) struct Formals {
    pub(super) names: Vec<Vec<u8>>,
    pub(super) flags: Vec<Formal>,
    pub(super) greedy: bool,
}

impl Preprocessor {
    /// Puts a name that is written in several parts together: `%define a%[n] 1`.  A name in one part stays as it is.
    pub(super) fn expand_id(&mut self, list: &mut Vec<Token>, at: usize, host: &mut dyn Host) {
        let mut end = at + 1;
        while list
            .get(end)
            .is_some_and(|token| !token.space && (token.is_name() || token.kind == Kind::Number))
        {
            end += 1;
        }
        if end <= at + 1 || list.len() < end {
            return;
        }
        let rest = list.split_off(end);
        let mut parts = list.split_off(at);
        self.expand(&mut parts, host);
        list.extend(parts);
        list.extend(rest);
    }

    /// The macro name behind a directive.
    pub(super) fn macro_name(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Option<Token> {
        self.expand_id(list, 1, host);
        match list.get(1) {
            Some(token) if matches!(token.kind, Kind::Id | Kind::Local) => Some(*token),
            found => {
                let span = found.unwrap_or(&list[0]).span;
                let message = format!("`{}` expects a macro identifier", self.shown(&list[..1]));
                self.error(span, message, host);
                None
            }
        }
    }

    pub(super) fn define(&mut self, kind: Definition, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some(name) = self.macro_name(list, host) else { return };
        let mut rest = list.split_off(2);
        let mut formals = Formals::default();
        match kind {
            Definition::Define { .. } | Definition::Xdefine { .. } => {
                let taken = self.take_formals(&mut rest, &mut formals, host);
                if !taken {
                    return;
                }
            }
            _ => {}
        }
        let case = kind.case();
        match kind {
            Definition::Define { .. } => {}
            Definition::Xdefine { .. } => self.expand_protected(&mut rest, &formals.names, host),
            Definition::Assign { .. } => {
                self.expand(&mut rest, host);
                if rest.is_empty() {
                    let message = format!("`{}` expects an expression", self.shown(&list[..1]));
                    return self.error(name.span, message, host);
                }
                let span = rest.first().map_or(name.span, |token| token.span);
                let Some(value) = self.evaluate(&rest, host) else { return };
                if !self.lists(b's') && self.assign_in_place(&name, value, span) {
                    return;
                }
                rest = vec![self.number_token(value, span)];
            }
            Definition::Str { .. } => {
                self.expand(&mut rest, host);
                self.warn_of_environment(&rest, host);
                let bytes = self.detoken_bytes(&rest);
                rest = vec![self.string_token(&bytes, name.span)];
            }
            Definition::Tok { .. } => {
                self.expand(&mut rest, host);
                let Some(token) = rest.first().copied().filter(|token| token.kind == Kind::String) else {
                    return self.error(name.span, "`%deftok` requires a string as its second argument", host);
                };
                let bytes = super::strings::unquoted(self.text.of(&token)).into_owned();
                rest.clear();
                tokenize(&bytes, Place::Whole(token.span), &self.names, &mut self.text, &mut rest);
            }
            Definition::Alias { .. } => {
                self.expand_id(&mut rest, 0, host);
                rest.truncate(1);
                if !rest.first().is_some_and(Token::is_name) {
                    return self.error(name.span, "`%defalias` expects the name of a macro", host);
                }
                // A definition of the alias will be one of this name.
                let target = name_of(self.text.of(&rest[0]), rest[0].kind).to_vec();
                announce(&target, &mut self.names, &mut self.filter);
            }
        }
        let alias = matches!(kind, Definition::Alias { .. });
        self.define_single(&name, case, formals, &rest, alias, host);
    }

    /// Stores a macro.
    fn define_single(
        &mut self,
        name: &Token,
        case: bool,
        formals: Formals,
        rest: &[Token],
        alias: bool,
        host: &mut dyn Host,
    ) {
        let Some(scope) = self.scope_or_error(name, host) else { return };
        let word = name_of(self.text.of(name), name.kind).to_vec();
        let atom = match scope {
            Scope::Global => announce(&word, &mut self.names, &mut self.filter),
            Scope::Context(_) => self.names.number(&word),
        };
        let length: usize = rest.iter().map(|token| token.len as usize).sum();
        let limit = self.options.limits.text;
        if length > limit {
            let message =
                format!("the text of `{}` would have {length} bytes", String::from_utf8_lossy(&word));
            host.diagnostics()
                .push(Diagnostic::error(name.span, message).note(format!("at most {limit} are kept")));
            self.stopped = true;
            return;
        }
        if self.lists_definition() {
            self.list_definition((scope, &word), case, &formals, rest, alias, host);
        }
        let mut single = Single::new(&word, case);
        single.body = Tokens::copy(rest, &self.text);
        if let Some(first) = single.body.list.first_mut() {
            first.space = false;
        }
        mark_formals(&mut single.body, &formals.names);
        number_names(&mut single.body.list, &single.body.text, &mut self.names);
        single.formals = formals.flags;
        single.greedy = formals.greedy;
        single.alias = alias;
        match self.singles.define(scope, atom, single) {
            Ok(None) => {}
            Ok(Some(shadow)) => {
                let (class, message) = shadow_message(shadow, &String::from_utf8_lossy(&word));
                self.warn(class, name.span, message, host);
            }
            Err(AliasLoop) => self.error(name.span, "macro alias loop", host),
        }
    }

    /// Defines a macro whose body is these tokens, as the string directives do.
    pub(super) fn define_tokens(&mut self, name: &Token, rest: &[Token], host: &mut dyn Host) {
        self.define_single(name, true, Formals::default(), rest, false, host);
    }

    /// Gives a macro that is a number another number, in its own memory: loops count with `%assign`.
    fn assign_in_place(&mut self, name: &Token, value: i64, span: Span) -> bool {
        let Some(scope) = self.scope(name) else { return false };
        let word = name_of(self.text.of(name), name.kind);
        let atom = if name.atom == Atom::NONE { self.names.find(word) } else { name.atom };
        let Some(found) = self.singles.find(scope, atom, word) else { return false };
        let single = &mut self.singles.list[found as usize];
        let simple = single.name == word && single.case && single.formals.is_empty() && !single.alias;
        if !simple || single.body.list.len() != 1 || single.magic != super::single::Magic::None {
            return false;
        }
        use std::io::Write as _;
        single.body.text.0.clear();
        // A vector takes any text.
        let _ = write!(single.body.text.0, "{value}");
        let token = &mut single.body.list[0];
        *token = Token {
            start: 0,
            len: offset(single.body.text.0.len()),
            atom: Atom::NONE,
            span,
            kind: Kind::Number,
            space: false,
            formal: 0,
        };
        true
    }

    /// The scope of a name, or an error when the context it means is not there.
    pub(super) fn scope_or_error(&mut self, name: &Token, host: &mut dyn Host) -> Option<Scope> {
        let scope = self.scope(name);
        if scope.is_none() {
            let shown = String::from_utf8_lossy(self.text.of(name)).into_owned();
            let message = match self.singles.contexts.len() {
                0 => format!("`{shown}`: context stack is empty"),
                depth => format!("`{shown}`: context stack is only {depth} deep"),
            };
            self.error(name.span, message, host);
        }
        scope
    }

    /// Takes a parameter list off the front of `rest`; false after an error.  A parenthesis behind white space
    /// belongs to the body.
    fn take_formals(&mut self, rest: &mut Vec<Token>, formals: &mut Formals, host: &mut dyn Host) -> bool {
        match rest.first() {
            Some(token) if !token.space && self.text.is(token, b"(") => {}
            _ => return true,
        }
        let mut name = Vec::new();
        let mut flags = Formal::default();
        for at in 1..rest.len() {
            let token = rest[at];
            let text = self.text.of(&token);
            match (token.kind, text) {
                (Kind::Id, _) if name.is_empty() => name = text.to_vec(),
                (Kind::Other, b"=") => flags.evaluated = true,
                (Kind::Other, b"&") => flags.quoted = true,
                (Kind::Other, b"&&") => flags.quoted_once = true,
                (Kind::Other, b"!") => flags.verbatim = true,
                (Kind::Other, b"+") => formals.greedy = true,
                (Kind::Other, b"," | b")") => {
                    let closes = text == b")";
                    if !closes && formals.greedy {
                        self.error(token.span, "greedy parameter must be last", host);
                    }
                    formals.names.push(std::mem::take(&mut name));
                    formals.flags.push(std::mem::take(&mut flags));
                    if closes {
                        rest.drain(..=at);
                        return true;
                    }
                }
                _ => {
                    let message =
                        format!("garbage `{}` in macro parameter list", String::from_utf8_lossy(text));
                    self.error(token.span, message, host);
                    return false;
                }
            }
        }
        self.error(rest[0].span, "`)` expected to terminate macro template", host);
        false
    }

    /// Expands a body at its definition (`%xdefine`); names of parameters are kept.
    fn expand_protected(&mut self, rest: &mut Vec<Token>, formals: &[Vec<u8>], host: &mut dyn Host) {
        for token in rest.iter_mut().filter(|token| token.kind == Kind::Id) {
            if formals.iter().any(|formal| formal == self.text.of(token)) {
                token.kind = Kind::Formal;
            }
        }
        self.expand(rest, host);
        for token in rest.iter_mut().filter(|token| token.kind == Kind::Formal) {
            token.kind = Kind::Id;
        }
    }

    pub(super) fn undefine(&mut self, list: &mut Vec<Token>, alias: bool, host: &mut dyn Host) {
        let Some(name) = self.macro_name(list, host) else { return };
        let directive = self.shown(&list[..1]);
        self.refuse_rest(&list[1..], &directive, host);
        let Some(scope) = self.scope_or_error(&name, host) else { return };
        let word = name_of(self.text.of(&name), name.kind).to_vec();
        let atom = self.names.find(&word);
        if !self.singles.undefine(scope, atom, &word, alias) {
            self.error(name.span, "macro alias loop", host);
        }
    }

    /// `%clear [context] [all|define|defalias|alldefine|macro]…`
    pub(super) fn clear_macros(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let mut context = false;
        let mut words = rest.iter().take_while(|token| token.kind == Kind::Id);
        let count = words.clone().count();
        let wrong = words.try_for_each(|token| {
            let word = self.text.of(token).to_ascii_lowercase();
            let (defines, aliases, macros) = match &word[..] {
                b"global" | b"context" | b"ctx" => {
                    context = &word[..] != b"global";
                    return Ok(());
                }
                b"all" => (true, true, true),
                b"define" | b"def" | b"smacro" => (true, false, false),
                b"defalias" | b"alias" | b"salias" => (false, true, false),
                b"alldef" | b"alldefine" => (true, true, false),
                b"macro" | b"mmacro" => (false, false, true),
                b"nothing" | b"none" | b"ignore" => (false, false, false),
                _ => return Err(*token),
            };
            self.clear_some(context, defines, aliases, macros);
            Ok(())
        });
        if let Err(token) = wrong {
            let shown = String::from_utf8_lossy(self.text.of(&token)).into_owned();
            return self.error(token.span, format!("invalid option to `%clear`: `{shown}`"), host);
        }
        if let Some(token) = rest.get(count) {
            self.warn("pp-trailing", token.span, "trailing garbage after `%clear` ignored", host);
        }
        if rest.is_empty() {
            self.clear_some(context, true, false, true);
        }
    }

    fn clear_some(&mut self, context: bool, defines: bool, aliases: bool, macros: bool) {
        if defines || aliases {
            self.singles.clear(context, defines, aliases);
        }
        if macros && !context {
            self.multis.clear();
        }
    }

    /// `%aliases on|off`
    pub(super) fn switch_aliases(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        match self.boolean(&rest, !self.singles.no_aliases, host) {
            Some(on) => self.singles.no_aliases = !on,
            None => self.error(list[0].span, "`%aliases` expects `on` or `off`", host),
        }
    }

    /// `on`, `yes`, `true`, a number; nothing is true.
    pub(super) fn boolean(&mut self, rest: &[Token], default: bool, host: &mut dyn Host) -> Option<bool> {
        let Some(first) = rest.first() else { return Some(true) };
        let word = self.text.of(first).to_ascii_lowercase();
        match &word[..] {
            b"on" | b"yes" | b"true" | b"t" | b"y" => Some(true),
            b"off" | b"no" | b"false" | b"nil" | b"f" | b"n" => Some(false),
            b"default" => Some(default),
            _ if first.kind == Kind::Id => None,
            _ => self.evaluate(rest, host).map(|value| value != 0),
        }
    }
}
