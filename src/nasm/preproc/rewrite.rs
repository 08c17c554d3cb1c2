//! `-E`: the expanded source as text that assembles to the same bytes.  `-M`: the files that it is made of.

use std::path::{Path, PathBuf};

use super::strings::quote;
use super::{Host, Options, Preprocessor, Purpose};
use crate::nasm::Origin;
use crate::nasm::lex::{Keyword, Kind, Lexer, keyword};
use crate::nasm::value::{quote_end, unquote};
use crate::source::FileId;

/// Every file that a source is made of, the source first; those that are missing will be made.
pub fn dependencies(mut options: Options, file: FileId, host: &mut dyn Host) -> Vec<PathBuf> {
    options.purpose = Purpose::Dependencies;
    options.missing_files_are_fine = true;
    let mut preprocessor = Preprocessor::new(options, file, host);
    loop {
        let binary = match preprocessor.next_line(host) {
            Some(line) => incbin(line.text),
            None => return preprocessor.dependencies().to_vec(),
        };
        if let Some(name) = binary {
            preprocessor.note_binary(&name, host);
        }
    }
}

/// The file that a line takes in with `incbin`.
fn incbin(line: &[u8]) -> Option<Vec<u8>> {
    let mut lexer = Lexer::new(line);
    loop {
        match lexer.next_token().kind {
            Kind::End => return None,
            Kind::Word(key) if keyword(key) == Some(Keyword::Incbin) => break,
            _ => {}
        }
    }
    let name = lexer.next_token();
    (name.kind == Kind::Text).then(|| unquote(&line[name.start..name.end]).into_owned())
}

/// The expanded source, a line for each line that the assembler would see.  `%line` says where a line comes from
/// unless that follows from the line before; a gap of one line is an empty line instead.
pub fn preprocess(mut options: Options, file: FileId, host: &mut dyn Host) -> Vec<u8> {
    options.purpose = Purpose::Preprocess;
    let mut preprocessor = Preprocessor::new(options, file, host);
    let mut position = Position::default();
    let mut out = Vec::new();
    let mut line = Vec::new();
    while let Some(next) = preprocessor.next_line(host) {
        line.clear();
        match next.origin {
            Origin::Verbatim(_) => squeeze(next.text, &mut line),
            Origin::Pieces(_) => line.extend_from_slice(next.text),
        }
        let (name, number) = preprocessor.location();
        if position.reach(name, number, line.is_empty(), &mut out) {
            out.extend_from_slice(&line);
            out.push(b'\n');
        }
    }
    out
}

/// Which line the reader of the text takes the next one for.
#[derive(Default)]
struct Position {
    name: Option<PathBuf>,
    /// `None` when only `%line` can tell.
    number: Option<u32>,
    /// What a line adds: nothing where lines of a macro stand for one line.
    step: u32,
}

impl Position {
    /// Writes what brings the reader to this line; false when the line is left out with it.
    fn reach(&mut self, name: &Path, number: u32, is_empty: bool, out: &mut Vec<u8>) -> bool {
        if self.name.as_deref() != Some(name) {
            *self = Position { name: Some(name.to_owned()), number: None, step: 1 };
        } else if let Some(expected) = self.number {
            if self.step == 0 {
                self.step = u32::from(expected + 1 == number);
            } else if expected + 1 == number {
                out.push(b'\n');
                self.number = Some(number);
            } else if expected == number + 1 {
                self.step = 0;
            }
        }
        if self.number.is_none() && is_empty {
            return false;
        }
        if self.number != Some(number) {
            let name = quoted_name(name.to_string_lossy().as_bytes());
            out.extend_from_slice(format!("%line {number}+{} {name}\n", self.step).as_bytes());
        }
        self.number = Some(number + self.step);
        true
    }
}

/// A file's name behind `%line`, quoted if it could be misread.
fn quoted_name(name: &[u8]) -> String {
    let is_bound = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`'));
    let is_odd = is_bound(name.first())
        || is_bound(name.last())
        || name.iter().any(u8::is_ascii_control)
        || name.windows(2).any(|pair| pair == b"  ");
    let quoted = if is_odd { quote(name) } else { name.to_owned() };
    String::from_utf8_lossy(&quoted).into_owned()
}

/// The line without its comment and white space before it, other white space as single spaces.
pub(super) fn squeeze(line: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        let length = match byte {
            b';' => break,
            b'\'' | b'"' | b'`' => quote_end(&line[at..]).map_or(line.len() - at, |last| last + 1),
            _ if is_white(byte) => {
                at += line[at..].iter().take_while(|&&byte| is_white(byte)).count();
                out.push(b' ');
                continue;
            }
            _ => 1,
        };
        out.extend_from_slice(&line[at..at + length]);
        at += length;
    }
    if out.last() == Some(&b' ') {
        out.pop();
    }
}

fn is_white(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}
