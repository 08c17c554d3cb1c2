//! Stored lines: what stands between `%macro` and `%endmacro`, or `%rep` and `%endrep`, as tokens.

use super::frame::Location;
use super::token::{Text, Token, Tokens, offset};

/// Where one stored line ends, and where it was written.
#[derive(Clone, Copy, Debug)]
struct Row {
    tokens: u32,
    text: u32,
    location: Location,
}

/// The lines of a body.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    tokens: Tokens,
    rows: Vec<Row>,
}

impl Body {
    /// Appends a line.
    pub(super) fn add(&mut self, list: &[Token], text: &Text, location: Location) {
        self.tokens.append(list, text);
        self.rows.push(Row {
            tokens: offset(self.tokens.list.len()),
            text: offset(self.tokens.text.0.len()),
            location,
        });
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// All tokens, to be numbered when the body is complete.
    pub(super) fn tokens_mut(&mut self) -> &mut Tokens {
        &mut self.tokens
    }

    /// Forgets the lines, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.rows.clear();
    }

    /// Copies a line's tokens to `list` and their texts to `text`; where the line was written.
    pub(super) fn copy_line(&self, at: usize, list: &mut Vec<Token>, text: &mut Text) -> Location {
        let row = self.rows[at];
        let (first, from) = match at.checked_sub(1) {
            Some(before) => (self.rows[before].tokens, self.rows[before].text),
            None => (0, 0),
        };
        let base = offset(text.0.len());
        text.0.extend_from_slice(&self.tokens.text.0[from as usize..row.text as usize]);
        let tokens = &self.tokens.list[first as usize..row.tokens as usize];
        list.extend(tokens.iter().map(|token| Token { start: token.start - from + base, ..*token }));
        row.location
    }
}
