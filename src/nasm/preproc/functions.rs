//! Preprocessor functions: `%eval(…)`, `%str(…)`, `%sel(…)` and the others (nasmdoc 4.4).

use super::Preprocessor;
use super::conditional::Question;
use super::host::Host;
use super::single::Formal;
use super::token::{Kind, Token};
use super::tokenize::{Place, tokenize};

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Cond,
    Count,
    Depend,
    Eval,
    Is(Question, bool),
    Num,
    PathSearch,
    Sel,
    Str,
    StrCat,
    StrLen,
    SubStr,
    Tok,
}

/// A function's name and parameters.
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) which: Function,
    /// How many parameters; the last takes the rest when `greedy`.
    formals: usize,
    pub(super) greedy: bool,
}

impl Known {
    /// The parameters.  A list is taken as it stands: its elements may have braces of their own.
    pub(super) fn formals(&self) -> Vec<Formal> {
        let mut formals = vec![Formal::default(); self.formals];
        let lists = matches!(
            self.which,
            Function::Cond
                | Function::Count
                | Function::Eval
                | Function::Num
                | Function::Sel
                | Function::StrCat
                | Function::SubStr
        );
        if let Some(last) = formals.last_mut() {
            last.verbatim = lists;
        }
        formals
    }
}

const fn known(name: &'static str, which: Function, formals: usize, greedy: bool) -> Known {
    Known { name, which, formals, greedy }
}

const fn is(name: &'static str, question: Question, not: bool) -> Known {
    known(name, Function::Is(question, not), 1, true)
}

/// Every function.
pub(super) const FUNCTIONS: [Known; 45] = [
    known("%abs", Function::Abs, 1, false),
    known("%cond", Function::Cond, 2, true),
    known("%count", Function::Count, 1, true),
    known("%depend", Function::Depend, 1, false),
    known("%eval", Function::Eval, 1, true),
    known("%num", Function::Num, 1, true),
    known("%pathsearch", Function::PathSearch, 1, false),
    known("%sel", Function::Sel, 2, true),
    known("%str", Function::Str, 1, true),
    known("%strcat", Function::StrCat, 1, true),
    known("%strlen", Function::StrLen, 1, false),
    known("%substr", Function::SubStr, 2, true),
    known("%tok", Function::Tok, 1, false),
    is("%is", Question::Number, false),
    is("%isn", Question::Number, true),
    is("%isctx", Question::Context, false),
    is("%isnctx", Question::Context, true),
    is("%isdef", Question::Defined, false),
    is("%isndef", Question::Defined, true),
    is("%isdefalias", Question::DefinedAlias, false),
    is("%isndefalias", Question::DefinedAlias, true),
    is("%isempty", Question::Empty, false),
    is("%isnempty", Question::Empty, true),
    is("%isenv", Question::Environment, false),
    is("%isnenv", Question::Environment, true),
    is("%isid", Question::Id, false),
    is("%isnid", Question::Id, true),
    is("%isdifi", Question::Unanswered, false),
    is("%isndifi", Question::Unanswered, true),
    is("%isidn", Question::Same, false),
    is("%isnidn", Question::Same, true),
    is("%isidni", Question::SameButCase, false),
    is("%isnidni", Question::SameButCase, true),
    is("%ismacro", Question::Macro, false),
    is("%isnmacro", Question::Macro, true),
    is("%isnum", Question::Numeral, false),
    is("%isnnum", Question::Numeral, true),
    is("%isstr", Question::String, false),
    is("%isnstr", Question::String, true),
    is("%istoken", Question::Token, false),
    is("%isntoken", Question::Token, true),
    is("%isusable", Question::Usable, false),
    is("%isnusable", Question::Usable, true),
    is("%isusing", Question::Using, false),
    is("%isnusing", Question::Using, true),
];

impl Preprocessor {
    fn argument(&self, bounds: (u32, u32)) -> Vec<Token> {
        self.expansion.argument(bounds).to_vec()
    }

    /// What a function's call stands for.  Names in it are tokens to be expanded, so the arguments are expanded
    /// here when their value counts.
    pub(super) fn function(
        &mut self,
        which: Function,
        call: &Token,
        bounds: &[(u32, u32)],
        host: &mut dyn Host,
    ) -> Vec<Token> {
        let Some(&first) = bounds.first() else { return Vec::new() };
        let list = self.argument(first);
        match which {
            Function::Is(question, not) => self.ask(question, not, list, call, host),
            Function::Str => {
                let mut list = list;
                self.expand_again(&mut list, host);
                self.warn_of_environment(&list, host);
                let bytes = self.detoken_bytes(&list);
                vec![self.string_token(&bytes, call.span)]
            }
            Function::Count => {
                let count = self.split(&list).len();
                vec![self.number_token(i64::try_from(count).unwrap_or(0), call.span)]
            }
            Function::Abs => match self.number_of(list, host) {
                Some(value) => vec![self.number_token(value.wrapping_abs(), call.span)],
                None => Vec::new(),
            },
            Function::Eval => {
                let numbers = self.numbers_of(&list, host);
                let mut out = Vec::new();
                for (index, value) in numbers.into_iter().flatten().enumerate() {
                    if index > 0 {
                        let (start, len) = self.text.add(b",");
                        out.push(self.new_token(Kind::Other, start, len, call.span));
                    }
                    out.push(self.number_token(value, call.span));
                }
                out
            }
            Function::Cond => self.choose(list, bounds[1], host),
            Function::Sel => self.select(list, bounds[1], call, host),
            Function::Num => self.format_number(list, call, host),
            Function::StrCat => {
                let mut bytes = Vec::new();
                for part in self.split(&list) {
                    bytes.extend(self.string_of(part, host));
                }
                vec![self.string_token(&bytes, call.span)]
            }
            Function::StrLen => {
                let bytes = self.string_of(list, host);
                vec![self.number_token(i64::try_from(bytes.len()).unwrap_or(0), call.span)]
            }
            Function::SubStr => self.part_of(list, bounds[1], call, host),
            Function::Tok => {
                let bytes = self.string_of(list, host);
                let mut tokens = Vec::new();
                tokenize(&bytes, Place::Whole(call.span), &self.names, &mut self.text, &mut tokens);
                self.expand_again(&mut tokens, host);
                tokens
            }
            Function::PathSearch | Function::Depend => {
                let bytes = self.string_of(list, host);
                let found = match which {
                    Function::PathSearch => self.search_path(&bytes, host),
                    _ => {
                        let path = super::include::path_of(&bytes);
                        if !self.dependencies.contains(&path) {
                            self.dependencies.push(path);
                        }
                        bytes
                    }
                };
                vec![self.string_token(&found, call.span)]
            }
        }
    }

    /// `%cond(condition, yes[, no])`: the part that is not chosen is never looked at.
    fn choose(&mut self, condition: Vec<Token>, parts: (u32, u32), host: &mut dyn Host) -> Vec<Token> {
        let Some(value) = self.number_of(condition, host) else { return Vec::new() };
        let mut parts = self.split(&self.argument(parts)).into_iter();
        let chosen = if value != 0 { parts.next() } else { parts.nth(1) };
        let mut chosen = chosen.unwrap_or_default();
        self.expand_again(&mut chosen, host);
        chosen
    }

    /// `%sel(which, one, two, …)`: one of several numbers.
    fn select(
        &mut self,
        which: Vec<Token>,
        parts: (u32, u32),
        call: &Token,
        host: &mut dyn Host,
    ) -> Vec<Token> {
        let Some(which) = self.number_of(which, host) else { return Vec::new() };
        let numbers = self.numbers_of(&self.argument(parts), host);
        let chosen = usize::try_from(which).ok().filter(|&place| place > 0);
        let problem = match chosen.map(|place| numbers.get(place - 1)) {
            Some(Some(Some(number))) => return vec![self.number_token(*number, call.span)],
            Some(Some(None)) => return Vec::new(),
            Some(None) => "exceeds the number of arguments",
            None => "is not a valid selector",
        };
        self.warn("pp-sel-range", call.span, format!("`%sel({which})` {problem}"), host);
        Vec::new()
    }

    fn ask(
        &mut self,
        question: Question,
        not: bool,
        mut list: Vec<Token>,
        call: &Token,
        host: &mut dyn Host,
    ) -> Vec<Token> {
        list.insert(0, *call);
        let test = super::conditional::Test { question, not };
        self.expansion.questions += 1;
        let answer = self.test(test, &mut list, host);
        self.expansion.questions -= 1;
        vec![self.number_token(i64::from(answer == Some(true)), call.span)]
    }

    fn number_of(&mut self, mut list: Vec<Token>, host: &mut dyn Host) -> Option<i64> {
        self.expand_again(&mut list, host);
        self.evaluate(&list, host)
    }

    /// The value of each element of a list.
    fn numbers_of(&mut self, list: &[Token], host: &mut dyn Host) -> Vec<Option<i64>> {
        let parts = self.split(list);
        parts.into_iter().map(|part| self.number_of(part, host)).collect()
    }

    /// A string's bytes; anything else is the string of its text.
    fn string_of(&mut self, mut list: Vec<Token>, host: &mut dyn Host) -> Vec<u8> {
        self.expand_again(&mut list, host);
        match &list[..] {
            [one] if one.kind == Kind::String => super::strings::unquoted(self.text.of(one)).into_owned(),
            _ => self.detoken_bytes(&list),
        }
    }

    /// The parts between commas outside of parentheses and braces.
    fn split(&self, list: &[Token]) -> Vec<Vec<Token>> {
        let mut parts = vec![Vec::new()];
        let (mut depth, mut braces) = (0_u32, 0_u32);
        for token in list {
            let text = if token.kind == Kind::Other { self.text.of(token) } else { b"" };
            match text {
                b"(" => depth += 1,
                b")" => depth = depth.saturating_sub(1),
                b"{" => {
                    braces += 1;
                    if braces == 1 {
                        continue;
                    }
                }
                b"}" if braces > 0 => {
                    braces -= 1;
                    if braces == 0 {
                        continue;
                    }
                }
                b"," if depth == 0 && braces == 0 => {
                    parts.push(Vec::new());
                    continue;
                }
                _ => {}
            }
            if let Some(part) = parts.last_mut() {
                part.push(*token);
            }
        }
        parts
    }

    fn part_of(
        &mut self,
        list: Vec<Token>,
        rest: (u32, u32),
        call: &Token,
        host: &mut dyn Host,
    ) -> Vec<Token> {
        let bytes = self.string_of(list, host);
        let rest = self.argument(rest);
        let mut numbers = self.split(&rest).into_iter();
        let Some(start) = numbers.next().and_then(|part| self.number_of(part, host)) else {
            return Vec::new();
        };
        let length = match numbers.next().filter(|part| !part.is_empty()) {
            Some(part) => self.number_of(part, host).unwrap_or(1),
            None => -1,
        };
        vec![self.string_token(super::strings::part(&bytes, start, length), call.span)]
    }

    /// `%num(value[, digits[, base]])`: the number as a quoted string.
    fn format_number(&mut self, list: Vec<Token>, call: &Token, host: &mut dyn Host) -> Vec<Token> {
        let mut parts = self.split(&list).into_iter();
        let Some(value) = parts.next().and_then(|part| self.number_of(part, host)) else { return Vec::new() };
        let mut next = |this: &mut Self, default: i64| match parts.next().filter(|part| !part.is_empty()) {
            Some(part) => this.number_of(part, host).unwrap_or(default),
            None => default,
        };
        let digits = next(self, -1);
        let base = next(self, 10);
        let Ok(radix @ 2..=64) = u64::try_from(base) else {
            self.error(call.span, format!("invalid base {base} given to `%num()`"), host);
            return Vec::new();
        };
        const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_";
        let mut rest = value as u64;
        let fewest = usize::try_from(digits.unsigned_abs().min(64)).unwrap_or(1).max(1);
        let exact = digits > 0;
        let mut out = Vec::new();
        while rest > 0 || out.len() < if digits == 0 && rest == 0 && value == 0 { 0 } else { fewest } {
            if exact && out.len() >= fewest {
                break;
            }
            out.push(DIGITS[usize::try_from(rest % radix).unwrap_or(0)]);
            rest /= radix;
        }
        out.reverse();
        vec![self.string_token(&out, call.span)]
    }
}
