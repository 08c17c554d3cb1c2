//! A case: its options, its source, and what is expected of it.

use std::fs;
use std::path::PathBuf;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/nasm/corpus");

/// What begins an expectation.
const MARK: &str = ";= ";

/// A source file and what stands in it.
pub(crate) struct Case {
    /// `AREA/NAME.asm`.
    pub(crate) name: String,
    /// The folder of the area.
    pub(crate) folder: PathBuf,
    /// nasm's words.
    pub(crate) options: Vec<String>,
    /// What the first line says behind `:`.
    flags: Vec<String>,
    /// Without the expectation.
    pub(crate) text: Vec<u8>,
    pub(crate) expected: Outcome,
}

/// What an assembler made of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) messages: Vec<Message>,
    /// The output file; `None` when there is none.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Message {
    /// Zero where none is given.
    pub(crate) line: u32,
    /// `error`, `warning [-w+user]`.
    pub(crate) kind: String,
    pub(crate) text: String,
    /// Where in macros: file (when it is another), line, and the macro's name.
    pub(crate) trace: Vec<String>,
}

/// Every case, in the order of their names.
pub(crate) fn all() -> Vec<Case> {
    let list = |folder: &PathBuf| {
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let only = std::env::var("CASE").unwrap_or_default();
    let files = list(&PathBuf::from(CORPUS)).into_iter().flat_map(|area| list(&area));
    let sources = files.filter(|file| file.extension().is_some_and(|ending| ending == "asm"));
    let cases: Vec<_> = sources.map(read).filter(|case| case.name.contains(&only)).collect();
    assert!(!cases.is_empty(), "no case was found");
    cases
}

fn read(path: PathBuf) -> Case {
    let folder = path.parent().unwrap().to_owned();
    let area = folder.file_name().unwrap().to_string_lossy();
    let name = format!("{area}/{}", path.file_name().unwrap().to_string_lossy());
    Case::new(name, folder, &fs::read(&path).unwrap())
}

impl Case {
    /// A source with its first line and its expectation.
    pub(crate) fn new(name: String, folder: PathBuf, whole: &[u8]) -> Case {
        let (mut text, mut said) = (Vec::new(), Vec::new());
        for line in whole.split_inclusive(|&byte| byte == b'\n') {
            match line.strip_prefix(MARK.as_bytes()) {
                Some(rest) => said.push(String::from_utf8_lossy(rest).trim_end_matches('\n').to_owned()),
                None => text.extend_from_slice(line),
            }
        }
        let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let first = String::from_utf8_lossy(first);
        let first =
            first.strip_prefix("; ").unwrap_or_else(|| panic!("{name}: no options in the first line"));
        let (options, rest) = first.split_once(" : ").unwrap_or((first, ""));
        let split = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let (options, flags) = (split(options), split(rest));
        Case { folder, options, flags, expected: Outcome::parse(&said, &name), text, name }
    }

    /// The value of a one-letter option.
    pub(crate) fn format(&self) -> &str {
        let at = self.options.iter().position(|word| word == "-f");
        at.map_or("bin", |at| &self.options[at + 1])
    }

    pub(crate) fn says(&self, flag: &str) -> bool {
        self.flags.iter().any(|one| one == flag)
    }

    /// What is wrong with our outcome.
    pub(crate) fn judge(&self, found: &Outcome) -> Option<String> {
        if self.says("refused") && self.expected.bytes.is_none() && found.bytes.is_none() {
            return None;
        }
        let words_count = self.says("words");
        if found.bytes.is_none() && self.expected.bytes.is_none() {
            // nasm stops where we still look for more mistakes, and tells some twice.
            let told = |one: &Message| {
                one.kind != "error" || found.messages.iter().any(|other| one.is(other, words_count))
            };
            if self.expected.messages.iter().all(told) {
                return None;
            }
        }
        difference(&self.expected, found, words_count)
    }

    /// The name without the area.
    pub(crate) fn file(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or_default()
    }

    /// Writes the expectation anew if it changed.
    pub(crate) fn bless(&self, outcome: &Outcome) {
        if *outcome == self.expected {
            return;
        }
        let mut text = self.text.clone();
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
        text.extend_from_slice(outcome.show().as_bytes());
        fs::write(self.folder.join(self.file()), text).unwrap();
    }
}

impl Outcome {
    fn parse(said: &[String], name: &str) -> Outcome {
        let mut outcome = Outcome::default();
        for line in said {
            if let Some(place) = line.strip_prefix("  in ") {
                outcome.messages.last_mut().expect("a message").trace.push(place.to_owned());
            } else if let Some(message) = Message::parse(line) {
                outcome.messages.push(message);
            } else {
                let bytes = outcome.bytes.get_or_insert_default();
                line.split_whitespace().filter(|&word| word != "-").for_each(|word| {
                    let (byte, count) = word.split_once('*').unwrap_or((word, "1"));
                    let byte = u8::from_str_radix(byte, 16).unwrap_or_else(|_| panic!("{name}: {line}"));
                    bytes.extend(std::iter::repeat_n(byte, count.parse::<usize>().unwrap()));
                });
            }
        }
        outcome
    }

    /// As the lines at the end of a source.
    pub(crate) fn show(&self) -> String {
        let mut lines = Vec::new();
        for message in &self.messages {
            lines.push(message.show());
            lines.extend(message.trace.iter().map(|place| format!("  in {place}")));
        }
        if let Some(bytes) = &self.bytes {
            lines.extend(show_bytes(bytes));
        }
        lines.iter().map(|line| format!("{MARK}{line}\n")).collect()
    }

    /// Messages in the order of their lines: stages of different assemblers may take turns differently.
    pub(crate) fn sort(&mut self) {
        self.messages.sort_by_key(|message| message.line);
    }
}

impl Message {
    /// `3: warning: text [-w+user]`
    pub(crate) fn parse(line: &str) -> Option<Message> {
        let (number, rest) = line.split_once(": ")?;
        let (word, text) = rest.split_once(": ")?;
        let (text, class) = match text.rsplit_once(" [-w+") {
            Some((text, class)) => (text, Some(class.trim_end_matches(']'))),
            None => (text, None),
        };
        let kind = class.map_or(word.to_owned(), |class| format!("{word} {class}"));
        Some(Message { line: number.parse().ok()?, kind, text: text.to_owned(), trace: Vec::new() })
    }

    fn is(&self, other: &Message, words_count: bool) -> bool {
        (self.line, &self.kind, &self.trace) == (other.line, &other.kind, &other.trace)
            && (!words_count || self.text == other.text)
    }

    fn show(&self) -> String {
        match self.kind.split_once(' ') {
            Some((word, class)) => format!("{}: {word}: {} [-w+{class}]", self.line, self.text),
            None => format!("{}: {}: {}", self.line, self.kind, self.text),
        }
    }
}

/// Sixteen bytes in a line, long runs of one byte counted; `-` for an empty file.
fn show_bytes(bytes: &[u8]) -> Vec<String> {
    let runs = bytes.chunk_by(|one, other| one == other);
    let words: Vec<String> = runs
        .flat_map(|run| match run.len() {
            length @ 9.. => vec![format!("{:02x}*{length}", run[0])],
            length => vec![format!("{:02x}", run[0]); length],
        })
        .collect();
    if words.is_empty() {
        vec!["-".to_owned()]
    } else {
        words.chunks(16).map(|line| line.join(" ")).collect()
    }
}

/// What two outcomes differ in.
pub(crate) fn difference(expected: &Outcome, found: &Outcome, words_count: bool) -> Option<String> {
    let same = expected.messages.len() == found.messages.len()
        && expected.messages.iter().zip(&found.messages).all(|(one, other)| one.is(other, words_count));
    if same && expected.bytes == found.bytes {
        return None;
    }
    Some(format!("expected\n{}found\n{}", expected.show(), found.show()))
}
