//! `%error`, `%warning`, `%fatal`, `%note`, `%line`, `%pragma` (nasmdoc 4.8 to 4.10).

use std::ffi::OsString;
use std::path::PathBuf;

use super::Preprocessor;
use super::frame::Frame;
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

    /// `%line nnn[+mmm] [file]`: what `__?LINE?__` and `__?FILE?__` say from the next line on.
    pub(super) fn set_line(&mut self, list: &[Token], host: &mut dyn Host) {
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
        if rest.get(1).is_some_and(|token| self.text.is(token, b"+")) {
            let Some(given) = number(self, 2) else {
                return self.error(span, "`%line` expects a number behind `+`", host);
            };
            step = given;
            at = 3;
        }
        let name = self.detoken_bytes(&rest[at.min(rest.len())..]);
        let name = super::strings::unquoted(&name).into_owned();
        let file = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::File(file) => Some(file),
            Frame::Body(_) => None,
        });
        if let Some(file) = file {
            file.line = line;
            file.step = step;
            if !name.is_empty() {
                file.name = PathBuf::from(OsString::from(String::from_utf8_lossy(&name).into_owned()));
            }
            let start = file.start + offset(file.at);
            host.map().add_mark(LineMark { start, line, step, name: file.name.clone() });
        }
    }

    /// `%pragma`: few mean something here; `-E` passes those of other stages on.
    pub(super) fn pragma(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let word = |this: &Self, at: usize| {
            rest.get(at).map(|token| this.text.of(token).to_ascii_lowercase()).unwrap_or_default()
        };
        let facility = word(self, 0);
        match &facility[..] {
            b"preproc" => {
                if word(self, 1) == b"sane_empty_expansion" {
                    let default = self.sane_empty;
                    self.sane_empty = self.boolean(&rest[2..], default, host).unwrap_or(default);
                }
                return;
            }
            b"limit" => self.set_limit(&rest, host),
            b"asm" | b"list" | b"file" | b"input" | b"output" | b"debug" => self.warn_of_pragma(&rest, host),
            format if *format == self.options.format[..] => self.warn_of_pragma(&rest, host),
            _ => {}
        }
        if self.options.purpose == Purpose::Preprocess && !rest.is_empty() {
            let text = format!("[pragma {}]\n", self.shown(&rest));
            self.push_text("<pragma>", &text, host);
        }
    }

    fn warn_of_pragma(&mut self, rest: &[Token], host: &mut dyn Host) {
        let message = format!("unknown `%pragma {}`", self.shown(rest));
        self.warn("pragma-unknown", rest[0].span, message, host);
    }

    /// `%pragma limit NAME VALUE`.
    fn set_limit(&mut self, rest: &[Token], host: &mut dyn Host) {
        let [_, name, value @ ..] = rest else { return };
        let word = String::from_utf8_lossy(&self.detoken_bytes(&rest[1..rest.len() - value.len().min(1)]))
            .to_ascii_lowercase();
        let Some(last) = value.last() else { return };
        let unlimited = self.text.of(last).eq_ignore_ascii_case(b"unlimited");
        let value = if unlimited { i64::MAX } else { self.evaluate(&[*last], host).unwrap_or(0) };
        let count = u64::try_from(value).unwrap_or(0);
        if !self.options.limits.set(&word, count) {
            self.warn("pragma-bad", name.span, format!("unknown limit `{word}`"), host);
        }
    }
}
