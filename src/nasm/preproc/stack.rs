//! `%stacksize`, `%arg`, `%local`: names for what lies on the stack of a procedure (nasmdoc 4.9).

use super::Preprocessor;
use super::host::Host;
use super::token::{Kind, Token};

/// The frame that `%arg` and `%local` count in.
pub(super) struct Stack {
    pointer: &'static str,
    /// The unit of arguments, bytes.
    size: i64,
    /// The offset of the next argument.
    argument: i64,
    /// The offset of the last local.
    local: i64,
}

impl Default for Stack {
    fn default() -> Self {
        Stack { pointer: "ebp", size: 4, argument: 8, local: 0 }
    }
}

impl Preprocessor {
    pub(super) fn set_stack_size(&mut self, list: &[Token], host: &mut dyn Host) {
        let Some(mode) = list.get(1).filter(|token| token.kind == Kind::Id) else {
            return self.error(list[0].span, "`%stacksize` expects a size mode", host);
        };
        let span = mode.span;
        let (pointer, size, argument) = match &self.text.of(mode).to_ascii_lowercase()[..] {
            b"flat" => ("ebp", 4, 8),
            b"flat64" => ("rbp", 8, 16),
            b"large" => ("bp", 2, 4),
            b"small" => ("bp", 2, 6),
            _ => {
                let message = "invalid size type, expected `flat`, `flat64`, `large` or `small`";
                return self.error(span, message, host);
            }
        };
        self.stack = Stack { pointer, size, argument, local: 0 };
    }

    pub(super) fn declare_arguments(&mut self, list: &[Token], host: &mut dyn Host) {
        let mut offset = self.stack.argument;
        let pointer = self.stack.pointer;
        let unit = self.stack.size;
        self.declarations(list, "%arg", host, |size| {
            let here = offset;
            offset += (size + unit - 1) / unit * unit;
            format!("({pointer}+{here})")
        });
        self.stack.argument = offset;
    }

    pub(super) fn declare_locals(&mut self, list: &[Token], host: &mut dyn Host) {
        let mut offset = self.stack.local;
        let pointer = self.stack.pointer;
        let unit = self.stack.size;
        self.declarations(list, "%local", host, |size| {
            offset += (size + unit - 1) / unit * unit;
            format!("({pointer}-{offset})")
        });
        self.stack.local = offset;
        // `%$localsize` is what `enter` takes.
        let (start, len) = self.text.add(b"%$localsize");
        let mut name = self.new_token(Kind::Local, start, len, self.here);
        name.atom = self.names.number(b"localsize");
        if self.scope_or_error(&name, host).is_some() {
            let size = self.number_token(offset, self.here);
            self.define_tokens(&name, &[size], host);
        }
    }

    /// `name:size, …`: each name becomes a macro for its place.
    fn declarations(
        &mut self,
        list: &[Token],
        directive: &str,
        host: &mut dyn Host,
        mut place: impl FnMut(i64) -> String,
    ) {
        let mut at = 1;
        loop {
            let Some(name) = list.get(at).copied().filter(|token| token.kind == Kind::Id) else {
                return self.error(list[0].span, format!("`{directive}` missing argument parameter"), host);
            };
            if !list.get(at + 1).is_some_and(|token| self.text.is(token, b":")) {
                let message = format!("syntax error in `{directive}`: expected `:` behind the name");
                return self.error(name.span, message, host);
            }
            let Some(size) = list.get(at + 2).copied().filter(|token| token.kind == Kind::Id) else {
                let message = format!("syntax error in `{directive}`: expected a size behind `:`");
                return self.error(name.span, message, host);
            };
            let mut words = vec![size];
            self.expand(&mut words, host);
            let bytes = match &self.text.of(&words[0]).to_ascii_lowercase()[..] {
                b"byte" => 1,
                b"word" => 2,
                b"dword" => 4,
                b"qword" => 8,
                b"tword" => 10,
                b"oword" => 16,
                b"yword" => 32,
                b"zword" => 64,
                _ => {
                    return self.error(size.span, format!("invalid size type for `{directive}`"), host);
                }
            };
            let text = place(bytes);
            let mut body = Vec::new();
            let at_name = super::tokenize::Place::Whole(name.span);
            super::tokenize::tokenize(text.as_bytes(), at_name, &self.names, &mut self.text, &mut body);
            self.define_tokens(&name, &body, host);
            if !list.get(at + 3).is_some_and(|token| self.text.is(token, b",")) {
                return;
            }
            at += 4;
        }
    }
}
