//! The arguments of a multi-line macro call: split at commas, braces hide commas (nasmdoc 4.3).

use super::Preprocessor;
use super::host::Host;
use super::token::{Token, offset};

impl Preprocessor {
    /// The bounds of each argument in `list`; true when the last one is empty behind a comma.
    pub(super) fn split_arguments(
        &mut self,
        list: &[Token],
        bounds: &mut Vec<(u32, u32)>,
        host: &mut dyn Host,
    ) -> bool {
        if list.is_empty() {
            return false;
        }
        let mut at = 0;
        loop {
            let start = at;
            if list.get(at).is_some_and(|token| self.text.is(token, b"{")) {
                let open = at;
                at = self.closing_brace(list, at);
                if !self.text.is(&list[at - 1], b"}") {
                    self.error(list[open].span, "expecting closing brace in macro parameter", host);
                } else if let Some(token) = list.get(at).filter(|token| !self.text.is(token, b",")) {
                    self.error(token.span, "braces do not enclose all of macro parameter", host);
                }
            }
            while at < list.len() && !self.text.is(&list[at], b",") {
                at += 1;
            }
            bounds.push((offset(start), offset(at)));
            if at >= list.len() {
                return bounds.len() > 1 && start == at;
            }
            at += 1;
        }
    }

    /// The place behind the brace that closes the one at `open`.
    fn closing_brace(&self, list: &[Token], open: usize) -> usize {
        let mut depth = 0;
        for (at, token) in list.iter().enumerate().skip(open) {
            if self.text.is(token, b"{") {
                depth += 1;
            } else if self.text.is(token, b"}") {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
        }
        list.len()
    }

    /// An argument without the braces around it.
    pub(super) fn trim_argument(&self, list: &[Token], start: u32, end: u32) -> (u32, u32) {
        let at = start as usize;
        if start < end && self.text.is(&list[at], b"{") {
            let close = self.closing_brace(&list[..end as usize], at);
            let closed = self.text.is(&list[close - 1], b"}") && close - 1 > at;
            return (start + 1, offset(close - usize::from(closed)));
        }
        (start, end)
    }
}
