//! nasm's columns: number, offset, at most 18 characters of bytes, depth, text.

use std::fmt::Write as _;

/// How many characters of bytes a line has room for.
const ROOM: usize = 18;

/// Lines as they fill up.
#[derive(Default)]
pub(super) struct Columns {
    out: String,
    number: u32,
    depth: u32,
    /// The text that the next line shows; later lines of the same statement show none.
    text: Option<String>,
    offset: u64,
    bytes: String,
}

impl Columns {
    /// Begins a line of source.
    pub(super) fn source(&mut self, number: u32, depth: u32, text: &[u8]) {
        self.number = number;
        self.depth = depth;
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        self.text = Some(String::from_utf8_lossy(text).into_owned());
    }

    /// Adds a byte, a field or a remark; it is never split over two lines.
    pub(super) fn unit(&mut self, offset: u64, text: &str) {
        if self.bytes.len() + text.len() > ROOM {
            self.bytes.push('-');
            self.emit();
        }
        if self.bytes.is_empty() {
            self.offset = offset;
        }
        self.bytes.push_str(text);
    }

    /// How often the bytes before it stand there; on a line of its own it has the offset of the line before.
    pub(super) fn repetition(&mut self, count: &str) {
        self.unit(self.offset, count);
    }

    /// Ends a line of source.
    pub(super) fn end(&mut self) {
        if self.text.is_some() || !self.bytes.is_empty() {
            self.emit();
        }
    }

    /// What was said about a line.
    pub(super) fn message(&mut self, mark: char, number: u32, depth: u32, message: &str) {
        let depth = if depth == 0 { String::new() } else { format!("<{depth}>") };
        let marks = mark.to_string().repeat(ROOM);
        let _ = writeln!(self.out, "{number:6}          {marks} {depth:>4}  {message}");
    }

    /// Everything.
    pub(super) fn finish(self) -> String {
        self.out
    }

    fn emit(&mut self) {
        let (number, width) = (self.number, ROOM + 1);
        let _ = match self.bytes.is_empty() {
            true => write!(self.out, "{number:6} {:1$}", "", width + 9),
            false => write!(self.out, "{number:6} {:08X} {:width$}", self.offset, self.bytes),
        };
        let text = self.text.take();
        let _ = match (self.depth, &text) {
            (0, None) => Ok(()),
            (0, Some(_)) => write!(self.out, "    "),
            (1..10, _) => write!(self.out, " <{}>", self.depth),
            _ => write!(self.out, "<{}>", self.depth),
        };
        if let Some(text) = text {
            let _ = write!(self.out, " {text}");
        }
        self.out.push('\n');
        self.bytes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_data_continues_on_lines_without_text() {
        let mut columns = Columns::default();
        columns.source(2, 0, b"msg: db \"Hello, World!\",10");
        for (at, byte) in (0..).zip(b"Hello, World!\n") {
            columns.unit(at, &format!("{byte:02X}"));
        }
        columns.end();
        columns.source(14, 1, b" mov eax, %1");
        columns.unit(0xa, "B8");
        columns.unit(0xb, "[00000000]");
        columns.end();
        columns.source(3, 0, b"len equ $-msg");
        columns.end();
        // From nasm 2.16.01.
        let expected = "     2 00000000 48656C6C6F2C20576F-     msg: db \"Hello, World!\",10\n     \
             2 00000009 726C64210A         \n    \
             14 0000000A B8[00000000]        <1>  mov eax, %1\n     \
             3                                  len equ $-msg\n";
        assert_eq!(columns.finish(), expected);
    }
}
