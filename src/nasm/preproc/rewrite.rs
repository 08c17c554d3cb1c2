//! `-E`: the expanded source as text that assembles to the same bytes.  `-M`: the files that it is made of.

use std::path::PathBuf;

use super::{Host, Options, Preprocessor, Purpose};
use crate::nasm::lex::{Keyword, Kind, Lexer, keyword};
use crate::nasm::value::unquote;
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

/// The expanded source, a line for each line that the assembler would see, with `%line` where the count jumps.
pub fn preprocess(mut options: Options, file: FileId, host: &mut dyn Host) -> Vec<u8> {
    options.purpose = Purpose::Preprocess;
    let mut preprocessor = Preprocessor::new(options, file, host);
    let mut out = Vec::new();
    let mut expected = (std::path::PathBuf::new(), 0);
    let mut line = Vec::new();
    loop {
        match preprocessor.next_line(host) {
            Some(next) => {
                line.clear();
                line.extend_from_slice(next.text);
            }
            None => return out,
        }
        let (name, number) = preprocessor.location();
        if name != expected.0 || number != expected.1 + 1 {
            out.extend_from_slice(format!("%line {number}+1 {}\n", name.display()).as_bytes());
        }
        out.extend_from_slice(line[..code_end(&line)].trim_ascii_end());
        out.push(b'\n');
        expected = (name, number);
    }
}

/// Where a line's comment begins.
fn code_end(line: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        at += match byte {
            b';' => return at,
            b'\'' | b'"' | b'`' => crate::nasm::value::quote_end(&line[at..]).unwrap_or(0) + 1,
            _ => 1,
        };
    }
    at
}
