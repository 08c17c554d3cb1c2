//! Lines of files: where they end, whether they need anything, and their tokens if they do.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use memchr::memchr;

use super::frame::{File, Frame, Location, What};
use super::host::Host;
use super::names::Filter;
use super::single::{NIL, Scope};
use super::token::offset;
use super::tokenize::{Flaw, Place, is_name_byte, tokenize};
use super::{Preprocessor, token};
use crate::source::Span;

/// What a file's next line turned out to be.
pub(super) enum Read {
    /// A line that needs nothing, as a range of the file's text.
    Verbatim(usize, usize),
    /// A line that may be forgotten.
    Skipped,
    /// A line whose tokens are in the work list.
    Tokens,
    /// The end of the file.
    End,
}

/// The bounds of a line: its text up to `end`, the next one from `next` on, and whether it goes on behind `\`.
struct Bounds {
    end: usize,
    next: usize,
    continued: bool,
}

fn bounds(text: &[u8], from: usize) -> Bounds {
    let rest = &text[from..];
    let (mut end, next) = match memchr(b'\n', rest) {
        Some(newline) => (from + newline, from + newline + 1),
        None => (text.len(), text.len()),
    };
    if end > from && text[end - 1] == b'\r' {
        end -= 1;
    }
    Bounds { end, next, continued: next > end && end > from && text[end - 1] == b'\\' }
}

/// What a byte can begin, for the scan of lines that need nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Dull,
    Word,
    Digit,
    Percent,
    Quote,
    Comment,
    Newline,
}

/// A line that needs nothing of the preprocessor.
struct Plain {
    /// Where its text ends.
    end: usize,
    /// Where the next line begins.
    next: usize,
    /// Its first word; empty if it has none.
    word: Range<usize>,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Dull; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'?' | b'@' | b'$' | 0x80..=0xff => Class::Word,
            b'0'..=b'9' => Class::Digit,
            // `#` begins a position that C's preprocessor wrote.
            b'%' | b'#' => Class::Percent,
            b'\'' | b'"' | b'`' => Class::Quote,
            b';' => Class::Comment,
            b'\n' => Class::Newline,
            _ => Class::Dull,
        };
        at += 1;
    }
    table
};

const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = matches!(CLASSES[at], Class::Word | Class::Digit) || matches!(at as u8, b'#' | b'~');
        at += 1;
    }
    table
};

impl Preprocessor {
    /// Reads the next line of the innermost frame, a file.
    pub(super) fn read_file_line(&mut self, host: &mut dyn Host) -> Read {
        let Some(Frame::File(file)) = self.frames.last_mut() else { return Read::End };
        let from = file.at;
        if from >= file.text.len() {
            return Read::End;
        }
        let emitting = self.conditions.len() == file.conditions
            || self.conditions.last().is_some_and(|condition| condition.emits());
        let lines = 1 + std::mem::take(&mut file.joined);
        file.location.line = file.location.line.wrapping_add(file.step.wrapping_mul(lines));
        if self.unlisted == 0 && file.own {
            self.location = file.location;
        }
        let place = file.start + offset(from);
        let is_own = file.own;
        if self.options.lists {
            self.list_file_line(is_own, Span::new(place, place + 1), host);
        }
        let Some(Frame::File(file)) = self.frames.last_mut() else { return Read::End };
        if emitting
            && !self.options.tasm
            && self.defining.is_none()
            && let Some(plain) = plain_line(&file.text, from, &self.filter, |word| {
                let atom = self.names.find(word);
                self.singles.head(Scope::Global, atom) != NIL || self.multis.head(atom) != NIL
            })
        {
            file.at = plain.next;
            self.here = Span::new(place, place + offset(plain.end - from));
            if plain.word.is_empty() && !file.own && is_remark(&file.text[from..plain.end]) {
                return Read::Skipped;
            }
            if may_enter_section(&file.text[plain.word])
                && let Some(directive) = section_directive(&file.text[from..plain.end])
            {
                self.section = directive;
            }
            return Read::Verbatim(from, plain.end);
        }
        let Bounds { end, next, continued } = bounds(&file.text, from);
        file.at = next;
        let text = file.text.clone();
        let line = &text[from..end];
        self.here = Span::new(place, place + offset(end - from));
        if self.options.is_off && !(line.trim_ascii_start().starts_with(b"%line") || line.starts_with(b"#")) {
            return if may_be_directive(line) { Read::Skipped } else { Read::Verbatim(from, end) };
        }
        if !continued {
            if self.defining.is_none() && !emitting && !self.options.tasm && !may_be_directive(line) {
                return Read::Skipped;
            }
            let at = Place::Source(self.here);
            let flaw = tokenize(line, at, &self.names, &mut self.text, &mut self.list);
            self.report_flaw(flaw, emitting, host);
            return Read::Tokens;
        }
        self.join_lines(&text, from, place, end, next);
        let joined = std::mem::take(&mut self.joined);
        let runs = std::mem::take(&mut self.runs);
        let flaw = tokenize(&joined, Place::Joined(&runs), &self.names, &mut self.text, &mut self.list);
        self.joined = joined;
        self.runs = runs;
        self.report_flaw(flaw, emitting, host);
        Read::Tokens
    }

    /// Puts a line and those that `\` joins to it together.
    fn join_lines(&mut self, text: &[u8], from: usize, place: u32, end: usize, next: usize) {
        self.joined.clear();
        self.runs.clear();
        let (mut start, mut end, mut next, mut continued) = (from, end, next, true);
        loop {
            self.runs.push((offset(self.joined.len()), place + offset(start - from)));
            self.joined.extend_from_slice(&text[start..end - usize::from(continued)]);
            if !continued || next >= text.len() {
                break;
            }
            let bounds = bounds(text, next);
            start = next;
            (end, next, continued) = (bounds.end, bounds.next, bounds.continued);
            if let Some(Frame::File(file)) = self.frames.last_mut() {
                file.joined += 1;
            }
        }
        if let Some(Frame::File(file)) = self.frames.last_mut() {
            file.at = next;
        }
    }

    fn report_flaw(&mut self, flaw: Option<Flaw>, emitting: bool, host: &mut dyn Host) {
        let (name, message, at) = match flaw {
            Some(Flaw::String(at)) => ("pp-open-string", "unterminated string", at),
            Some(Flaw::Bracket(at)) => ("pp-open-brackets", "unterminated `%` construct", at),
            None => return,
        };
        if emitting {
            let start = (self.here.start + offset(at)).min(self.here.end);
            self.warn(name, Span { start, ..self.here }, message, host);
        }
    }

    /// Copies the next line of the innermost frame, a macro or a repetition; false when it had none left.
    pub(super) fn read_body_line(&mut self, host: &mut dyn Host) -> bool {
        let Some(Frame::Body(run)) = self.frames.last_mut() else { return false };
        if run.at >= run.body.len() {
            if let What::Repeat { left, .. } = &mut run.what
                && *left > 0
                && run.body.len() > 0
            {
                *left -= 1;
                run.at = 0;
                return false;
            }
            self.end_run();
            return false;
        }
        let location = run.body.copy_line(run.at, &mut self.list, &mut self.text);
        if self.unlisted == 0 {
            self.location = location;
        }
        run.at += 1;
        if let What::Call(call) = &run.what {
            for token in &mut self.list {
                token.span = call.place.unwrap_or(token::within(token.span, call.expansion));
            }
        }
        if let (Some(first), Some(last)) = (self.list.first(), self.list.last()) {
            self.here = first.span.to(last.span);
            if self.options.lists {
                self.list_body_line(host);
            }
        }
        true
    }

    /// Makes text a frame of its own.
    pub(super) fn push_file(&mut self, name: &Path, text: Arc<[u8]>, start: u32, own: bool) {
        let conditions = self.conditions.len();
        let location = if own { Location { file: self.file_number(name), line: 0 } } else { self.location };
        self.frames.push(Frame::File(File {
            text,
            at: 0,
            start,
            location,
            step: 1,
            joined: 0,
            conditions,
            own,
            standard: false,
        }));
    }

    /// A file's place in the list of names.
    pub(super) fn file_number(&mut self, name: &Path) -> u32 {
        let known = self.file_names.iter().rposition(|known| known == name);
        offset(known.unwrap_or_else(|| {
            self.file_names.push(name.to_owned());
            self.file_names.len() - 1
        }))
    }

    /// Makes text that no user wrote a frame; a false answer says that the source map is full.
    pub(super) fn push_text(&mut self, name: &str, text: &str, host: &mut dyn Host) -> bool {
        let text: Arc<[u8]> = Arc::from(text.as_bytes());
        let Some(id) = host.map().add(name.as_ref(), text.clone()) else { return false };
        let start = host.map().file(id).start;
        self.push_file(name.as_ref(), text, start, false);
        true
    }

    /// Remembers the section that an expanded line enters.
    pub(super) fn note_expanded_section(&mut self) {
        if let Some(directive) = section_directive(&self.out) {
            self.section = directive;
        }
    }
}

/// The line at `from`, if it holds nothing for the preprocessor: no `%`, no word that names a macro, no line that `\`
/// joins to it.
fn plain_line(
    text: &[u8],
    from: usize,
    filter: &Filter,
    mut names_a_macro: impl FnMut(&[u8]) -> bool,
) -> Option<Plain> {
    let rest = &text[from..];
    let mut first = 0..0;
    let mut at = 0;
    let newline = loop {
        let Some(&byte) = rest.get(at) else { break rest.len() };
        match CLASSES[usize::from(byte)] {
            Class::Dull => at += 1,
            Class::Word | Class::Digit => {
                let start = at;
                at += 1;
                while rest.get(at).is_some_and(|&byte| WORD[usize::from(byte)]) {
                    at += 1;
                }
                if first.end == 0 {
                    first = start..at;
                }
                if filter.first[usize::from(byte)]
                    && filter.passes(&rest[start..at])
                    && names_a_macro(&rest[start..at])
                {
                    return None;
                }
            }
            Class::Newline => break at,
            Class::Percent => return None,
            Class::Comment => break line_end(rest, at),
            Class::Quote => {
                let end = line_end(rest, at);
                match crate::nasm::value::quote_end(&rest[at..end]) {
                    Some(last) => at += last + 1,
                    None => break end,
                }
            }
        }
    };
    let next = from + (newline + 1).min(rest.len());
    let mut line = &rest[..newline];
    if let [before @ .., b'\r'] = line {
        line = before;
    }
    let joined = newline < rest.len() && line.last() == Some(&b'\\');
    (!joined).then(|| Plain { end: from + line.len(), next, word: from + first.start..from + first.end })
}

/// Where the line that `at` lies in ends.
fn line_end(text: &[u8], at: usize) -> usize {
    memchr(b'\n', &text[at..]).map_or(text.len(), |more| at + more)
}

/// Whether a line that begins with this word may be `section`, `segment` or `absolute`.
fn may_enter_section(word: &[u8]) -> bool {
    matches!(word.len(), 7 | 8) && matches!(word[0] | 0x20, b's' | b'a')
}

/// Whether a line is empty or a comment.
fn is_remark(line: &[u8]) -> bool {
    line.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|&byte| byte == b';')
}

/// Whether a line can be a directive.
fn may_be_directive(line: &[u8]) -> bool {
    line.first() == Some(&b'#') || line.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'%')
}

/// `[section .data]` for `section .data`: what nasm's macro of that name leaves in `__?SECT?__`.
fn section_directive(line: &[u8]) -> Option<Vec<u8>> {
    let first = line.iter().position(|byte| !byte.is_ascii_whitespace())?;
    if !matches!(line[first], b's' | b'S' | b'a' | b'A') {
        return None;
    }
    let rest = &line[first..];
    let word = rest.iter().position(|&byte| !is_name_byte(byte))?;
    let known = [&b"section"[..], b"segment", b"absolute"];
    if !known.iter().any(|name| rest[..word].eq_ignore_ascii_case(name)) {
        return None;
    }
    let mut end = word;
    while end < rest.len() && rest[end] != b';' {
        end += match rest[end] {
            b'\'' | b'"' | b'`' => crate::nasm::value::quote_end(&rest[end..]).unwrap_or(0) + 1,
            _ => 1,
        };
    }
    let mut directive = b"[".to_vec();
    directive.extend_from_slice(rest[..end.min(rest.len())].trim_ascii());
    directive.push(b']');
    Some(directive)
}
