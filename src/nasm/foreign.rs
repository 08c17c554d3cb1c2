//! Text that people paste and that is not NASM: recognised as a whole, so that one message replaces the hundred that
//! its lines would give.
//!
//! [`binary`] looks at the first bytes before anything is assembled; [`recognise`] looks at the text only after
//! assembling found errors.  A sign must be something that NASM source cannot have in that place, so that a
//! real mistake in a real source is never explained away.

use std::ops::Range;

use crate::source::{Diagnostic, Span};

/// What the text is, where that shows first, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// The bytes of the text that show it.
    pub range: Range<usize>,
    /// What it is.
    pub message: String,
    /// Why that is not NASM.
    pub note: Option<&'static str>,
    /// What could be done.
    pub hint: &'static str,
}

impl Foreign {
    /// The one message, for a text whose first byte has the number `start` in the source map.
    pub fn diagnostic(&self, start: u32) -> Diagnostic {
        let place = |offset: usize| start + u32::try_from(offset).expect("the map numbers every byte");
        let span = Span::new(place(self.range.start), place(self.range.end));
        let error = Diagnostic::error(span, self.message.as_str()).hint(self.hint);
        match self.note {
            Some(note) => error.note(note),
            None => error,
        }
    }
}

/// A file that is no text at all.
pub fn binary(text: &[u8]) -> Option<Foreign> {
    if text.starts_with(b"\x7fELF") {
        return Some(Foreign {
            range: 0..4,
            message: "this is an ELF file, not a source".to_owned(),
            note: None,
            hint: "`objdump -d -M intel FILE` shows its instructions; to include its bytes write `incbin \"FILE\"`",
        });
    }
    text.starts_with(b"\xff\xfe").then(|| Foreign {
        range: 0..2,
        message: "this text is in UTF-16".to_owned(),
        note: None,
        hint: "`iconv -f UTF-16 -t UTF-8 FILE` makes it readable",
    })
}

/// What a text that gave errors is, if it is not NASM.
pub fn recognise(text: &[u8]) -> Option<Foreign> {
    binary(text)
        .or_else(|| stray_bytes(text))
        .or_else(|| line_numbers(text))
        .or_else(|| c_source(text))
        .or_else(|| fasm_source(text))
        .or_else(|| masm_source(text))
        .or_else(|| gnu_source(text))
        .or_else(|| comments(text))
        .or_else(|| quotes(text))
}

/// Bytes that no text has, and those of another encoding where NASM looks at characters.
fn stray_bytes(text: &[u8]) -> Option<Foreign> {
    if text.starts_with("\u{feff}".as_bytes()) {
        return Some(Foreign {
            range: 0..3,
            message: "a byte order mark stands before the text".to_owned(),
            note: None,
            hint: "`sed '1s/^\\xef\\xbb\\xbf//' FILE` takes it off",
        });
    }
    if let Some(at) = text.iter().position(|&byte| byte == 0) {
        return Some(Foreign {
            range: at..at + 1,
            message: "this is no text: it contains the byte 0".to_owned(),
            note: None,
            hint: "`xxd FILE` shows what it is; to include its bytes write `incbin \"FILE\"`",
        });
    }
    lines(text).find_map(|(start, line)| {
        let code = without_comment(line, b";");
        std::str::from_utf8(code).err()?;
        let (place, byte) = outside_quotes(code).find(|(_, byte)| !byte.is_ascii())?;
        let at = start + place;
        Some(Foreign {
            range: at..at + 1,
            message: format!("this text is not in UTF-8: the byte {byte:#04x} stands here"),
            note: None,
            hint: "`iconv -f LATIN1 -t UTF-8 FILE` makes it readable, if that is what it is in",
        })
    })
}

/// A line, trimmed, and where it starts.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    text.split_inclusive(|&byte| byte == b'\n').map(move |line| {
        let indent = line.len() - line.trim_ascii_start().len();
        let trimmed = (start + indent, line.trim_ascii());
        start += line.len();
        trimmed
    })
}

/// Every line, blank ones aside, begins with a number, each one more than the last; or a column of numbers was
/// copied beside the text and landed before it.
fn line_numbers(text: &[u8]) -> Option<Foreign> {
    let numbered = |lines: &mut dyn Iterator<Item = (usize, &[u8])>, alone: bool| {
        let mut last = None;
        let mut first = None;
        let mut seen = 0;
        for (start, line) in lines {
            let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let number: Option<u32> = std::str::from_utf8(&line[..digits]).ok()?.parse().ok();
            let Some(number) = number.filter(|_| !alone || digits == line.len()) else {
                return if alone { Some((first?, seen)) } else { None };
            };
            if last.is_some_and(|last| number <= last || number > last + 20) {
                return None;
            }
            last = Some(number);
            first = first.or(Some(start..start + digits));
            seen += 1;
        }
        Some((first?, seen))
    };
    let filled = || lines(text).filter(|(_, line)| !line.is_empty());
    let all = numbered(&mut filled().take(50), false);
    let (range, message, hint) = match all.filter(|(_, seen)| *seen >= 3) {
        Some((range, _)) => (
            range,
            "every line begins with a line number",
            "`sed -E 's/^ *[0-9]+[:.|]? ?//' FILE` takes the numbers off",
        ),
        None => {
            let is_number = |line: &[u8]| line.iter().all(u8::is_ascii_digit);
            let column = &mut filled().skip_while(|(_, line)| !is_number(line));
            let (range, _) = numbered(column, true).filter(|(_, seen)| *seen >= 3)?;
            (range, "a column of line numbers stands here", "`sed -E '/^ *[0-9]+ *$/d' FILE` takes it out")
        }
    };
    Some(Foreign { range, message: message.to_owned(), note: None, hint })
}

fn c_source(text: &[u8]) -> Option<Foreign> {
    let signs: &[&[u8]] = &[
        b"#include <",
        b"#include \"",
        b"int main(",
        b"void main(",
        b"#pragma ",
        b"using namespace ",
        b"fn main()",
    ];
    let (start, sign) = lines(text)
        .find_map(|(start, line)| Some((start, signs.iter().find(|sign| line.starts_with(sign))?)))?;
    // An assembler source that is run through the C preprocessor is another case: its hint would be wrong.
    let braces = lines(text)
        .filter(|(_, line)| line.ends_with(b"{") || line.ends_with(b"}") || line.starts_with(b"}"))
        .count();
    if braces == 0 && sign.starts_with(b"#") {
        return None;
    }
    Some(Foreign {
        range: start..start + sign.trim_ascii_end().len(),
        message: "this is a program in a higher language, not assembly".to_owned(),
        note: None,
        hint: "`gcc -S -masm=intel FILE` shows the instructions it becomes, in GNU syntax",
    })
}

/// Where `int 0x80` stands, the way into the kernel of 32-bit programs.
pub fn int_80(text: &[u8]) -> Option<Range<usize>> {
    lines(text).find_map(|(start, line)| {
        let code = without_comment(line, b";").to_ascii_lowercase();
        let is_int = |at: &usize| {
            let begins = *at == 0 || code[at - 1].is_ascii_whitespace() || code[at - 1] == b':';
            begins && code[*at..].starts_with(b"int") && code.get(at + 3).is_some_and(u8::is_ascii_whitespace)
        };
        let at = (0..code.len()).find(is_int)?;
        let number = code[at + 4..].trim_ascii();
        [&b"0x80"[..], b"80h", b"128", b"080h"].contains(&number).then(|| start + at..start + code.len())
    })
}

/// flat assembler: `format` names the output before anything else.
fn fasm_source(text: &[u8]) -> Option<Foreign> {
    let (start, line) = lines(text).find(|(_, line)| !without_comment(line, b";").is_empty())?;
    let mut words =
        without_comment(line, b";").split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let kinds: &[&[u8]] = &[b"elf", b"elf64", b"pe", b"pe64", b"ms", b"ms64", b"mz", b"coff", b"binary"];
    let begins = words.next()?.eq_ignore_ascii_case(b"format");
    let kind = words.next()?;
    (begins && kinds.iter().any(|known| kind.eq_ignore_ascii_case(known))).then(|| Foreign {
        range: start..start + line.iter().take_while(|byte| !byte.is_ascii_whitespace()).count(),
        message: "this is flat assembler (fasm) source, not NASM".to_owned(),
        note: Some("NASM has no `format`, `entry` and `segment readable executable`: `-f` and section names say it"),
        hint: "write `section .text`, `section .data`, `global _start` and `_start:`; `rb 8` is `resb 8`, `file \"x\"` is `incbin \"x\"`",
    })
}

/// MASM and TASM: processors and models with a dot.
fn masm_source(text: &[u8]) -> Option<Foreign> {
    let processors: &[&[u8]] = &[b".8086", b".186", b".286", b".386", b".486", b".586", b".686"];
    let (start, sign) = lines(text).find_map(|(start, line)| {
        let code = without_comment(line, b";");
        let length = code.iter().position(u8::is_ascii_whitespace).unwrap_or(code.len());
        let word = code[..length].to_ascii_lowercase();
        let stem = word.strip_suffix(b"p").unwrap_or(&word);
        let alone = length == code.len();
        let shows = if alone { processors.contains(&stem) } else { word == b".model" };
        shows.then_some((start, length))
    })?;
    Some(Foreign {
        range: start..start + sign,
        message: "this is MASM or TASM source, not NASM".to_owned(),
        note: Some(
            "NASM has no models, procedures and types: a name is an address, and `[name]` is what stands there",
        ),
        hint: "write `section .text` for `.code`, `name:` for `name PROC`, `x` for `OFFSET x`, `dword [x]` for `x`, `x: dd 5` for `x DWORD 5`",
    })
}

/// Directives that begin a line in GNU as; in NASM a name with a dot is a local label.
const GNU_DIRECTIVES: &[&[u8]] = &[
    b".text",
    b".data",
    b".bss",
    b".globl",
    b".global",
    b".section",
    b".ascii",
    b".asciz",
    b".string",
    b".byte",
    b".word",
    b".long",
    b".quad",
    b".short",
    b".int",
    b".zero",
    b".skip",
    b".space",
    b".type",
    b".size",
    b".align",
    b".p2align",
    b".balign",
    b".intel_syntax",
    b".att_syntax",
    b".code32",
    b".code64",
    b".code16",
    b".set",
    b".equ",
    b".file",
    b".comm",
    b".lcomm",
    b".extern",
    b".macro",
    b".include",
];

fn gnu_source(text: &[u8]) -> Option<Foreign> {
    let mut directive = None;
    for (start, line) in lines(text) {
        let code = without_comment(line, b";#");
        if let Some(at) = percent_register(code) {
            return Some(Foreign {
                range: start + at.start..start + at.end,
                message: "this is GNU assembler source in AT&T syntax, not NASM".to_owned(),
                note: Some(
                    "NASM writes the destination first, registers without `%` and numbers without `$`: `mov eax,60`",
                ),
                hint: "`as FILE -o x.o && objdump -d -M intel x.o` shows it in the order that NASM uses",
            });
        }
        let word = code.iter().position(u8::is_ascii_whitespace).unwrap_or(code.len());
        if directive.is_none() && GNU_DIRECTIVES.iter().any(|known| code[..word].eq_ignore_ascii_case(known))
        {
            directive = Some(start..start + word);
        }
    }
    Some(Foreign {
        range: directive?,
        message: "this is GNU assembler source, not NASM".to_owned(),
        note: Some("NASM's directives have no dot, and a name with one is a label"),
        hint: "write `section .text`, `global _start`, `db \"text\",10` for `.text`, `.globl _start`, `.ascii \"text\\n\"`",
    })
}

/// `%rax` as an operand: after white space, a comma, a bracket or `*`, but not first on the line.
fn percent_register(code: &[u8]) -> Option<Range<usize>> {
    let mut from = 1;
    loop {
        let at = from + code.get(from..)?.iter().position(|&byte| byte == b'%')?;
        let name = code[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let before = code[at - 1];
        if (before.is_ascii_whitespace() || b",(*-".contains(&before))
            && is_register(&code[at + 1..at + 1 + name])
        {
            return Some(at..at + 1 + name);
        }
        from = at + 1;
    }
}

fn is_register(name: &[u8]) -> bool {
    let stem = match name {
        [b'r' | b'e', rest @ ..] if name.len() == 3 => rest,
        _ => name,
    };
    let named: &[&[u8]] = &[
        b"ax", b"bx", b"cx", b"dx", b"si", b"di", b"bp", b"sp", b"al", b"bl", b"cl", b"dl", b"ah", b"bh",
        b"ch", b"dh", b"ip", b"cs", b"ds", b"es", b"fs", b"gs", b"ss", b"sil", b"dil",
    ];
    let numbered = |prefix: &[u8]| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
    };
    named.contains(&stem) || numbered(b"r") || numbered(b"xmm") || numbered(b"ymm")
}

/// `# …` and `// …`, which are comments elsewhere.
fn comments(text: &[u8]) -> Option<Foreign> {
    let mut first = None;
    let mut count = 0;
    for (start, line) in lines(text) {
        if let Some(at) = comment_mark(line) {
            count += 1;
            first = first.or(Some((start + at, line[at])));
        }
    }
    let (start, byte) = first?;
    let mark = if byte == b'#' { "#" } else { "//" };
    let lines = if count == 1 { "one line".to_owned() } else { format!("{count} lines") };
    Some(Foreign {
        range: start..start + mark.len(),
        message: format!("`{mark}` does not begin a comment here ({lines})"),
        note: None,
        hint: if byte == b'#' {
            "NASM's comments begin with `;`: `sed -E 's/(^|[[:space:]])#/\\1;/' FILE` changes them"
        } else {
            "NASM's comments begin with `;`: `sed -E 's@(^|[[:space:]])//@\\1;@' FILE` changes them"
        },
    })
}

/// Where a mark begins that is first on its line, or stands after code and before words that no expression has.
fn comment_mark(line: &[u8]) -> Option<usize> {
    let code = without_comment(line, b";");
    if code.starts_with(b"#") || code.starts_with(b"//") || code.starts_with(b"/*") {
        return Some(0);
    }
    let (at, _) = outside_quotes(code).find(|&(at, _)| {
        let rest = &code[at..];
        at > 0
            && code[at - 1].is_ascii_whitespace()
            && (rest.starts_with(b"# ") || rest.starts_with(b"//") && two_words(&rest[2..]))
    })?;
    Some(at)
}

/// Two words with nothing but white space between them: prose, not an operand.
fn two_words(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let is_word =
        |word: Option<&[u8]>| word.is_some_and(|word| word.iter().all(|byte| byte.is_ascii_alphabetic()));
    is_word(words.next()) && is_word(words.next())
}

/// The line up to a comment mark that is not inside quotes.
fn without_comment<'a>(line: &'a [u8], marks: &[u8]) -> &'a [u8] {
    match outside_quotes(line).find(|(_, byte)| marks.contains(byte)) {
        Some((at, _)) => line[..at].trim_ascii_end(),
        None => line,
    }
}

/// The bytes that are not part of a string, and where they stand.
fn outside_quotes(line: &[u8]) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut quote = None;
    line.iter().copied().enumerate().filter(move |&(_, byte)| match quote {
        Some(open) => {
            if byte == open {
                quote = None;
            }
            false
        }
        None => {
            quote = matches!(byte, b'"' | b'\'' | b'`').then_some(byte);
            quote.is_none()
        }
    })
}

/// Quotes and spaces that word processors put in.
fn quotes(text: &[u8]) -> Option<Foreign> {
    let marks = ["\u{201c}", "\u{201d}", "\u{2018}", "\u{2019}", "\u{ab}", "\u{bb}", "\u{a0}"];
    for (start, line) in lines(text) {
        let code = without_comment(line, b";");
        for (at, _) in outside_quotes(code).filter(|(_, byte)| !byte.is_ascii()) {
            let Some(mark) = marks.iter().find(|mark| code[at..].starts_with(mark.as_bytes())) else {
                continue;
            };
            let range = start + at..start + at + mark.len();
            if *mark == "\u{a0}" {
                return Some(Foreign {
                    range,
                    message: "a no-break space stands where a space is meant".to_owned(),
                    note: None,
                    hint: "`sed 's/\\xc2\\xa0/ /g' FILE` makes them plain spaces",
                });
            }
            return Some(Foreign {
                range,
                message: format!("the typographic quote `{mark}` does not begin or end a string"),
                note: None,
                hint: "`sed 's/[“”]/\"/g' FILE` makes them plain quotes",
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let found = recognise(text.as_bytes());
        let shown = found.as_ref().map(|foreign| foreign.message.as_str());
        assert!(
            match (shown, expected) {
                (Some(shown), Some(expected)) => shown.contains(expected),
                (shown, expected) => shown == expected,
            },
            "{shown:?} for {text}"
        );
    }

    #[test]
    fn what_people_paste_is_recognised() {
        check("\x7fELF\x02\x01", Some("ELF file"));
        check("\u{feff}section .text\n", Some("byte order mark"));
        check("mov eax,\0\n", Some("the byte 0"));
        check("1 section .text\n2\n3 global _start\n", Some("line number"));
        check("section .text\n1\n2\n3\nnop\n", Some("column of line numbers"));
        check("1: mov eax,1\n2: ret\n4: nop\n", Some("line number"));
        check("#include <stdio.h>\nint main() {\n  return 0;\n}\n", Some("higher language"));
        check("_start:\n  mov $60, %eax\n  syscall\n", Some("AT&T"));
        check(".intel_syntax noprefix\n.globl _start\n", Some("GNU assembler source, not"));
        check("section .text\n# a comment\n nop\n", Some("`#` does not begin a comment here (one line)"));
        check("mov eax,1 // the exit call\n// more\n", Some("`//` does not begin a comment here (2 lines)"));
        check("; demo\nformat ELF64 executable 3\nentry start\n", Some("fasm"));
        check(".386\n.model flat, stdcall\n.data\nx dword 5\n", Some("MASM"));
        check("; DOS\n.MODEL SMALL\n.STACK 100h\n", Some("MASM"));
        check("msg db \u{201c}hello\u{201d}\n", Some("typographic quote"));
    }

    #[test]
    fn the_call_of_32_bit_programs_is_found() {
        assert_eq!(int_80(b"nop\nx: INT\t80h ; kernel\n"), Some(7..14));
        assert_eq!(int_80(b"; int 0x80\nint 0x81\nprint 128\n"), None);
    }

    #[test]
    fn nasm_source_is_not() {
        check(
            "; it\u{2019}s fine\nmsg db \"# // \u{201c}\", 10\nx equ 8 // 2\n%rep 4\n.text: nop\n%endrep\n",
            None,
        );
        check("format db 1\n.code: nop\n.386: nop\n.model: nop\n", None);
        check("mov eax, %1\nmov ebx, a %+ b\nfoo equ 7 % bar\n", None);
        check("", None);
    }
}
