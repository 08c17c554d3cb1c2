//! Joining of tokens: `%+`, and names that expansion has made neighbours (nasmdoc 4.1.4).

use super::Preprocessor;
use super::token::{Kind, Token};
use super::tokenize::{Place, tokenize};

impl Preprocessor {
    /// Joins after single-line expansion: `%+`, and runs of names; whether anything was joined.
    pub(super) fn paste(&mut self, list: &mut Vec<Token>) -> bool {
        self.join_runs(list, head_of_expansion, tail_of_expansion, true)
    }

    /// Joins after macro parameters were put in: `%1_name` is one name, `%1%2` one number.
    pub(super) fn paste_parameters(&mut self, list: &mut Vec<Token>) {
        self.join_runs(list, head_of_parameters, tail_of_parameters, false);
    }

    fn join_runs(
        &mut self,
        list: &mut Vec<Token>,
        head: fn(Kind) -> bool,
        tail: fn(Kind, Kind) -> bool,
        explicit: bool,
    ) -> bool {
        let joins = |pair: &[Token]| !pair[1].space && head(pair[0].kind) && tail(pair[0].kind, pair[1].kind);
        let explicit = explicit && list.iter().any(|token| token.kind == Kind::Paste);
        if !explicit && !list.windows(2).any(joins) {
            return false;
        }
        let mut out: Vec<Token> = Vec::with_capacity(list.len());
        let mut joined = false;
        let mut at = 0;
        while at < list.len() {
            let token = list[at];
            at += 1;
            if explicit && token.kind == Kind::Paste {
                joined = true;
                let Some(right) = list.get(at).copied() else { continue };
                at += 1;
                match out.pop() {
                    Some(left) => drop(self.join(&[left, right], &mut out)),
                    None => out.push(right),
                }
                continue;
            }
            let start = at - 1;
            while at < list.len() && head(token.kind) && !list[at].space && tail(token.kind, list[at].kind) {
                at += 1;
            }
            if at == start + 1 {
                out.push(token);
            } else {
                joined |= self.join(&list[start..at], &mut out);
            }
        }
        *list = out;
        joined
    }

    /// The tokens of the texts of `parts` put together; whether they are others than the parts: `%a%b` stays what it
    /// is, and to go through the line again for it would never end.
    fn join(&mut self, parts: &[Token], out: &mut Vec<Token>) -> bool {
        let mut together = Vec::new();
        for part in parts {
            together.extend_from_slice(self.text.of(part));
        }
        let (first, last) = (parts[0], parts[parts.len() - 1]);
        let span =
            if first.span.expansion == last.span.expansion { first.span.to(last.span) } else { first.span };
        let before = out.len();
        tokenize(&together, Place::Whole(span), &self.names, &mut self.text, out);
        if let Some(token) = out.get_mut(before) {
            token.space = first.space;
        }
        let made = out[before..].iter().map(|token| self.text.of(token));
        !made.eq(parts.iter().map(|token| self.text.of(token)))
    }
}

fn head_of_expansion(kind: Kind) -> bool {
    matches!(kind, Kind::Id | Kind::Local | Kind::Environment | Kind::Preproc)
}

fn tail_of_expansion(_: Kind, kind: Kind) -> bool {
    head_of_expansion(kind) || kind == Kind::Number
}

fn head_of_parameters(kind: Kind) -> bool {
    matches!(kind, Kind::Id | Kind::Float | Kind::Number)
}

fn tail_of_parameters(head: Kind, kind: Kind) -> bool {
    match head {
        Kind::Number => kind == Kind::Number,
        Kind::Float => matches!(kind, Kind::Id | Kind::Number | Kind::Float | Kind::Other),
        _ => matches!(kind, Kind::Id | Kind::Number | Kind::Float),
    }
}
