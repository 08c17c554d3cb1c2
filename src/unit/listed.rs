//! What a listing shows besides bytes: the lines that were read, and which of its options are on.

use super::{Position, SectionId};
use crate::source::Span;

/// A line of a listing, those of macros and repetitions each time, and where the program stood before it.
#[derive(Clone, Debug)]
pub struct ListedLine {
    /// What it shows.
    pub shown: Shown,
    /// Something on the line.
    pub span: Span,
    /// How many macros, repetitions and included files it is inside of.
    pub depth: u32,
    /// The current section.
    pub section: SectionId,
    /// Its end.
    pub position: Position,
    /// Where room is reserved next, behind `absolute`.
    pub absolute: Option<i64>,
    /// How many messages there were.
    pub said: usize,
}

/// What a line of a listing shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The line of the source.
    Source,
    /// A line that no user wrote.
    Builtin(Box<str>),
    /// A line with what became of the line before.
    Remark(Box<str>),
    /// Something said about the line before, behind its bytes.
    Message(Box<str>),
    /// No line: `[list +]` and `[list -]` switch the listing on and off.
    Switch(bool),
}

/// Options of a listing: letters, as behind `-L`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListFlags(u128);

impl ListFlags {
    /// Whether the option with this letter is on.
    pub fn has(self, letter: u8) -> bool {
        self.0 >> letter & 1 != 0
    }

    /// Letters of the command line: `+` is all of them.
    pub fn add(&mut self, letters: &str) {
        for letter in letters.bytes() {
            match letter {
                b'+' => self.0 = !0,
                _ => self.switch(letter, true),
            }
        }
    }

    /// `+d-m`, as `%pragma list options` has it; as in nasm 2.16, only the first word counts.
    pub fn change(&mut self, text: &[u8]) {
        let mut on = true;
        for &letter in text.iter().take_while(|letter| !letter.is_ascii_whitespace()) {
            match letter {
                b'+' | b'-' => on = letter == b'+',
                _ => self.switch(letter, on),
            }
        }
    }

    fn switch(&mut self, letter: u8, on: bool) {
        if letter.is_ascii_alphanumeric() {
            self.0 = self.0 & !(1 << letter) | u128::from(on) << letter;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_switch_options() {
        let check = |letters: &str, change: &str, on: &str| {
            let mut flags = ListFlags::default();
            flags.add(letters);
            flags.change(change.as_bytes());
            let found: String = (b'a'..=b'z').filter(|&one| flags.has(one)).map(char::from).collect();
            assert_eq!(found, on, "{letters} {change}");
        };
        check("", "", "");
        check("de", "", "de");
        check("d\u{e9}", "+m-d -s", "m");
        check("s", "b-s+l", "bl");
    }
}
