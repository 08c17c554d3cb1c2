//! Sources of the corpus, cut, spliced and mistyped: whatever comes of them, it comes soon and without a panic.
//!
//! `STRESS_TURNS=100000` does more of it, `STRESS_SEED=7` other ones, and `STRESS_FILE=PATH` keeps the source under
//! way, to be looked at when a turn does not end.

use std::time::{Duration, Instant};

use crate::case::{self, Case};
use crate::ours;

/// An unoptimized build on a busy machine takes about a hundredth of it.
const SOON: Duration = Duration::from_secs(20);

/// What a source is made wrong with: each is somewhere special in the language.
const PIECES: &[&str] = &[
    "%",
    "%%",
    "%$",
    "%$$x",
    "%{",
    "}",
    "%[",
    "]",
    "%1",
    "%0",
    "%00",
    "%-1",
    "%{1:-1}",
    "%{-1:1}",
    "%?",
    "%??",
    "%*?",
    "%!HOME",
    "%+",
    "%,",
    "(",
    ")",
    "{",
    "[",
    "\\\n",
    "\n",
    ";",
    ":",
    "::",
    ",",
    ",,",
    "'",
    "\"",
    "`",
    "`\\x",
    "$",
    "$$",
    "..",
    "..@",
    ".x",
    "0x",
    "1e",
    "1.5e+",
    "0ffh",
    "99999999999999999999",
    "-1",
    "1<<63",
    "-1<<63",
    "?",
    "+",
    "-",
    "*",
    "/",
    "//",
    "<=>",
    "<<<",
    "||",
    "seg",
    "wrt ..got",
    "times -1",
    "times 5",
    "times 1<<40",
    "equ",
    "dup (",
    "db",
    "dd",
    "dt 1.5",
    "resb",
    "incbin 'x'",
    "align 8",
    "alignb 1<<31",
    "section .x",
    "absolute 5",
    "org 3",
    "extern x",
    "global x",
    "common x 4",
    "struc s",
    "endstruc",
    "istruc s",
    "at s.a",
    "iend",
    "%macro m 0-*",
    "%rmacro m 1",
    "%endmacro",
    "%rep 3",
    "%rep 99999999",
    "%endrep",
    "%exitrep",
    "%exitmacro",
    "%rotate 1",
    "%define x",
    "%define x(a) x(a) a",
    "%xdefine x x x",
    "%assign x x+1",
    "%undef x",
    "%defalias a b",
    "%if",
    "%if 1",
    "%elif 0",
    "%else",
    "%endif",
    "%ifdef x",
    "%ifmacro m 1",
    "%push",
    "%pop",
    "%repl c",
    "%line 5+-1 x",
    "%pragma limit rep 3",
    "%use masm",
    "%use fp",
    "%clear",
    "%strcat x x, x",
    "%substr x 'abc' 2,-1",
    "%deftok x 'x x'",
    "%eval(",
    "%cond(",
    "%sel(",
    "%num(1,2,99)",
    "__?float32?__(",
    "__?utf16?__(",
    "__?LINE?__",
    "\0",
    "\u{1a}",
    "é",
    "\r",
];

/// Numbers that are the same in every run: xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    /// A stretch of a text, mostly short.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let most = if self.below(4) == 0 { length } else { 12 };
        start..(start + self.below(most)).min(length)
    }
}

fn mutate(text: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let place = random.below(text.len() + 1);
    match random.below(9) {
        0 => drop(text.drain(random.range(text.len()))),
        1 => {
            let piece = other[random.range(other.len())].to_vec();
            drop(text.splice(place..place, piece));
        }
        2 => {
            let piece = text[random.range(text.len())].to_vec();
            drop(text.splice(place..place, piece));
        }
        3 => text.truncate(place),
        4 | 5 => {
            let mut lines: Vec<&[u8]> = text.split_inclusive(|&byte| byte == b'\n').collect();
            let (from, to) = (random.below(lines.len()), random.below(lines.len()));
            match random.below(3) {
                0 if !lines.is_empty() => lines.insert(to, lines[from]),
                1 if !lines.is_empty() => lines.swap(from, to),
                _ => {
                    let others: Vec<&[u8]> = other.split_inclusive(|&byte| byte == b'\n').collect();
                    let line = others.get(random.below(others.len())).copied().unwrap_or_default();
                    lines.insert(to, line);
                }
            }
            *text = lines.concat();
        }
        6 => {
            let range = random.range(text.len());
            let piece = PIECES[random.below(PIECES.len())].bytes();
            drop(text.splice(range, piece));
        }
        _ => {
            let piece = PIECES[random.below(PIECES.len())].bytes();
            drop(text.splice(place..place, piece));
        }
    }
}

#[test]
fn no_source_makes_a_panic_or_an_endless_run() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let turns: u64 = number("STRESS_TURNS").unwrap_or(400);
    let seed: u64 = number("STRESS_SEED").unwrap_or(1);
    let keep = std::env::var_os("STRESS_FILE");
    let cases = case::all();
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for turn in 0..turns {
        let (from, other) = (&cases[random.below(cases.len())], &cases[random.below(cases.len())]);
        let mut text = from.text.clone();
        for _ in 0..=random.below(8) {
            mutate(&mut text, &other.text, &mut random);
        }
        // What is repeated too often to be looked at here has its own tests.
        // An argument that grows in each of 10,000 levels costs nasm a minute, too.
        let limits =
            "%pragma limit rep 2000\n%pragma limit macro-tokens 20000\n%pragma limit macro-levels 1000\n";
        let mut source = limits.as_bytes().to_vec();
        source.extend_from_slice(&text);
        if let Some(path) = &keep {
            std::fs::write(path, &source).unwrap();
        }
        let begin = Instant::now();
        check(from, &source);
        assert!(begin.elapsed() < SOON, "turn {turn}, {}: {:?}", from.name, begin.elapsed());
    }
}

fn check(case: &Case, source: &[u8]) {
    let outcome = ours::bounded(case, source);
    let said = outcome.messages.iter().any(|message| message.kind.starts_with("error"));
    assert_eq!(outcome.bytes.is_none(), said, "an error is said when there is no output, and only then");
    ours::expand(case, source);
}
