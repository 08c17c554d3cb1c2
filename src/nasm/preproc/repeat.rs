//! `%rep`, `%endrep`, `%exitrep`, `%exitmacro`, `%rotate` (nasmdoc 4.3.9, 4.5).

use std::rc::Rc;

use super::Preprocessor;
use super::frame::{Frame, Run, What};
use super::host::Host;
use super::single::number_names;
use super::token::{Kind, Token};
use crate::source::Diagnostic;

impl Preprocessor {
    pub(super) fn begin_repeat(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let mut rest = list.split_off(1);
        let mut unlisted = false;
        if rest.first().is_some_and(|token| self.text.of(token).eq_ignore_ascii_case(b".nolist")) {
            unlisted = !self.lists(b'f');
            rest.remove(0);
        }
        // `2.nolist` would be one word of the expression.
        for token in &mut rest {
            token.space |= self.text.of(token).eq_ignore_ascii_case(b".nolist");
        }
        self.expand(&mut rest, host);
        let turns = if rest.is_empty() {
            self.error(span, "`%rep` expects a repeat count", host);
            0
        } else {
            self.evaluate(&rest, host).unwrap_or(0)
        };
        let limit = self.options.limits.rep;
        let place = rest.first().map_or(span, |token| token.span);
        let turns = match u64::try_from(turns) {
            Ok(turns) if turns <= limit => turns,
            Ok(turns) => {
                let message = format!("`%rep` count {turns} exceeds limit (currently {limit})");
                self.error(place, message, host);
                0
            }
            Err(_) => {
                self.warn("pp-rep-negative", place, format!("negative `%rep` count: {turns}"), host);
                0
            }
        };
        self.start_defining(None, turns, unlisted, span);
    }

    pub(super) fn end_repeat(&mut self, list: &[Token], host: &mut dyn Host) {
        let Some(mut defining) = self.defining.take_if(|defining| defining.head.is_none()) else {
            return self.error(list[0].span, "`%endrep` without a `%rep` that it could end", host);
        };
        let mut body = std::mem::take(&mut defining.body);
        if defining.turns == 0 {
            body.clear();
            self.idle_bodies.push(body);
            return;
        }
        let tokens = body.tokens_mut();
        number_names(&mut tokens.list, &tokens.text, &mut self.names);
        let conditions = self.conditions.len();
        let unlisted = defining.unlisted;
        self.unlisted_turns += u32::from(unlisted);
        let what = What::Repeat { left: defining.turns - 1, unlisted };
        self.frames.push(Frame::Body(Run { body: Rc::new(body), at: 0, conditions, what }));
    }

    pub(super) fn exit_repeat(&mut self, list: &[Token], host: &mut dyn Host) {
        self.leave(list[0], "%exitrep", "%rep", |what| matches!(what, What::Repeat { .. }), host);
    }

    pub(super) fn exit_macro(&mut self, list: &[Token], host: &mut dyn Host) {
        self.leave(list[0], "%exitmacro", "%macro", |what| matches!(what, What::Call(_)), host);
    }

    /// Ends the innermost run of a kind, and what runs inside of it.
    fn leave(&mut self, at: Token, name: &str, block: &str, is: fn(&What) -> bool, host: &mut dyn Host) {
        let found = self.frames.iter().rposition(|frame| match frame {
            Frame::Body(run) => is(&run.what),
            Frame::File(_) => false,
        });
        let file = self.frames.iter().rposition(|frame| matches!(frame, Frame::File(_)));
        let Some(found) = found.filter(|&found| file.is_none_or(|file| file < found)) else {
            let message = format!("`{name}` not within `{block}`");
            return host.diagnostics().push(Diagnostic::error(at.span, message));
        };
        if let Frame::Body(run) = &self.frames[found] {
            self.conditions.truncate(run.conditions);
        }
        while self.frames.len() > found {
            self.end_run();
        }
    }

    pub(super) fn rotate(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let span = list[0].span;
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        if rest.is_empty() {
            return self.error(span, "`%rotate` missing rotate count", host);
        }
        let Some(count) = self.evaluate(&rest, host) else { return };
        let Some(call) = self.current_call_mut() else {
            return self.error(span, "`%rotate` invoked outside a macro call", host);
        };
        let length = i64::try_from(call.bounds.len()).unwrap_or(i64::MAX);
        if length == 0 {
            self.error(span, "`%rotate` invoked within macro without parameters", host);
        } else {
            let turned = (i64::try_from(call.rotate).unwrap_or(0) + count % length).rem_euclid(length);
            call.rotate = usize::try_from(turned).unwrap_or(0);
        }
    }

    /// `%comment`: everything to `%endcomment` is stored as a body that never runs (newer than nasm 2.16).
    pub(super) fn begin_comment(&mut self, list: &[Token]) {
        debug_assert!(list[0].kind == Kind::Preproc);
        if let Some(Frame::File(file)) = self.frames.last_mut() {
            let rest = &file.text[file.at..];
            let mut at = 0;
            for line in rest.split_inclusive(|&byte| byte == b'\n') {
                at += line.len();
                file.joined += 1;
                if line.trim_ascii().to_ascii_lowercase().starts_with(b"%endcomment") {
                    break;
                }
            }
            file.at += at;
        }
    }
}
