//! `%error`, `%warning`, `%fatal`, `%note`, `%line`, `%pragma` (nasmdoc 4.8 to 4.10).

use super::Preprocessor;
use super::directive::Obeyed;
use super::frame::{Frame, Location};
use super::host::Host;
use super::options::Purpose;
use super::token::{Kind, Token, offset};
use crate::source::{Diagnostic, LineMark, Severity};

impl Preprocessor {
    /// What the source itself wants to be said.
    pub(super) fn say(&mut self, severity: Severity, last: bool, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let text = match &rest[..] {
            [one] if one.kind == Kind::String => super::strings::unquoted(self.text.of(one)).into_owned(),
            _ => self.detoken_bytes(&rest),
        };
        let message = String::from_utf8_lossy(&text).into_owned();
        let mut diagnostic = Diagnostic::new(severity, span, message);
        if severity == Severity::Warning {
            diagnostic.name = Some("user");
        }
        host.diagnostics().push(diagnostic);
        self.stopped |= last;
    }

    /// `%line nnn[+mmm] [file]`, or `# nnn "file"` as C's preprocessor writes it: what `__?LINE?__` and `__?FILE?__`
    /// say from the next line on.
    pub(super) fn set_line(&mut self, list: &[Token], host: &mut dyn Host) {
        if self.options.ignores_line || !matches!(self.frames.last(), Some(Frame::File(_))) {
            return;
        }
        let span = list[0].span;
        let rest = &list[1..];
        let number = |this: &Self, at: usize| {
            let token = rest.get(at).filter(|token| token.kind == Kind::Number)?;
            let number = crate::nasm::value::number(this.text.of(token)).ok()?;
            u32::try_from(number.value).ok()
        };
        let Some(line) = number(self, 0) else {
            return self.error(span, "`%line` expects a line number", host);
        };
        let mut at = 1;
        let mut step = 1;
        let sign = rest.get(1).map_or(&b""[..], |token| self.text.of(token));
        if matches!(sign, b"+" | b"-") {
            let Some(given) = number(self, 2) else {
                return self.error(span, "`%line` expects a number behind `+`", host);
            };
            step = if sign == b"-" { given.wrapping_neg() } else { given };
            at = 3;
        }
        let name = match rest.get(at) {
            Some(token) if token.kind == Kind::String => {
                Some(super::strings::unquoted(self.text.of(token)).into_owned())
            }
            Some(_) => Some(self.detoken_bytes(&rest[at..])),
            None => None,
        };
        let known = name.map(|name| self.file_number(String::from_utf8_lossy(&name).as_ref().as_ref()));
        let Some(Frame::File(file)) = self.frames.last_mut() else { return };
        file.step = step;
        file.joined = 0;
        file.location = Location { file: known.unwrap_or(file.location.file), line };
        let name = self.file_names[file.location.file as usize].clone();
        let start = file.start + offset(file.at);
        host.map().add_mark(LineMark { start, line, step, name });
    }

    /// `%pragma`: few mean something here.  Those of the output become a directive of the assembler, all do for `-E`.
    pub(super) fn pragma(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Obeyed {
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let word = |this: &Self, at: usize| {
            rest.get(at).map(|token| this.text.of(token).to_ascii_lowercase()).unwrap_or_default()
        };
        let facility = word(self, 0);
        if rest.first().is_none_or(|first| first.kind != Kind::Id) {
            return Obeyed::Silently;
        }
        if facility == b"preproc" {
            if word(self, 1) == b"sane_empty_expansion" {
                let default = self.sane_empty;
                self.sane_empty = self.boolean(&rest[2..], default, host).unwrap_or(default);
            }
            return Obeyed::Silently;
        }
        let is_output = facility == b"output"
            || facility == self.options.format
            || facility == b"elf32" && self.options.format == b"elf"
            || facility == b"elf" && self.options.format.starts_with(b"elf");
        if self.options.purpose == Purpose::Preprocess || is_output {
            let (start, len) = self.text.add(b"[pragma");
            *list = vec![Token { space: false, ..self.new_token(Kind::Other, start, len, list[0].span) }];
            rest[0].space = true;
            list.append(&mut rest);
            let (start, len) = self.text.add(b"]");
            list.push(self.new_token(Kind::Other, start, len, list[0].span));
            return Obeyed::WithLine;
        }
        self.list_pragma(&rest, host);
        let text = String::from_utf8_lossy(&self.detoken_bytes(&rest)).into_owned();
        let mut words = text.split_ascii_whitespace().skip(1);
        let what = words.next();
        let debug: &[u8] = match &self.options.debug_format[..] {
            b"" => b"null",
            given => given,
        };
        match (&facility[..], what) {
            (b"list", Some(what)) if what.eq_ignore_ascii_case("options") => {
                self.list_flags.change(words.next().unwrap_or_default().as_bytes());
            }
            (b"limit", Some(what)) => self.set_limit(&rest, what, words.next().unwrap_or_default(), host),
            (b"asm" | b"list" | b"file" | b"input" | b"debug", None) => {
                self.warn("pragma-bad", rest[0].span, format!("empty `%pragma {text}`"), host);
            }
            (b"asm" | b"list" | b"file" | b"input" | b"debug" | b"limit", _) => {
                self.warn_of_pragma(&rest, host);
            }
            (facility, _) if facility == debug => self.warn_of_pragma(&rest, host),
            _ => {}
        }
        Obeyed::Silently
    }

    fn warn_of_pragma(&mut self, rest: &[Token], host: &mut dyn Host) {
        let message = format!("unknown `%pragma {}`", self.shown(rest));
        self.warn("pragma-unknown", rest[0].span, message, host);
    }

    /// `%pragma limit NAME VALUE`.
    fn set_limit(&mut self, rest: &[Token], name: &str, value: &str, host: &mut dyn Host) {
        let digits = value.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let count = match value.eq_ignore_ascii_case("unlimited") {
            true => Some(u64::MAX),
            false => crate::nasm::value::number(&value.as_bytes()[..digits]).ok().map(|number| number.value),
        };
        let (class, message) = match count {
            None => ("pragma-bad", format!("invalid limit value `{value}`")),
            Some(count) if self.options.limits.set(&name.to_ascii_lowercase(), count) => return,
            Some(_) => ("pragma-unknown", format!("unknown limit `{name}`")),
        };
        self.warn(class, rest[0].span, message, host);
    }
}
