//! Random scripts do the same on every machine and in every layout.
//!
//! Values stay within 31 bits, so that the word's width cannot show: the generator knows a bound of every
//! expression and only joins what stays in range.  The state is printed as bytes after every few statements.

use std::fmt::Write as _;

use tinyelf::elf::records::Machine;
use tinyelf::layout::{GolfOptions, Kind};

use crate::build::{build, run, runner};
use crate::random::Random;

const LIMIT: i64 = 1 << 30;
const VARIABLES: u64 = 9;

struct Writer {
    random: Random,
    text: String,
    loops: usize,
    counters: usize,
}

impl Writer {
    fn variable(&mut self) -> String {
        format!("v{}", self.random.below(VARIABLES))
    }

    /// An expression and the largest absolute value it can have.
    fn expression(&mut self, depth: u32) -> (String, i64) {
        if depth == 0 || self.random.below(5) == 0 {
            return match self.random.below(7) {
                0 => {
                    let number = self.random.edgy(11) as i64;
                    (number.to_string(), number)
                }
                1 => (format!("u8[area + ({} & 31)]", self.variable()), 255),
                2 => (format!("i8[area + {}]", self.random.below(32)), 128),
                3 => (format!("u16[area + {}]", 2 * self.random.below(16)), 65535),
                4 => (format!("u8[area + at{}]", self.random.below(2)), 255),
                _ => (self.variable(), 2047),
            };
        }
        let (left, left_bound) = self.expression(depth - 1);
        let (right, right_bound) = self.expression(depth - 1);
        let small = 1 + self.random.below(9) as i64;
        let sum = left_bound + right_bound;
        let made = match self.random.below(17) {
            0 | 1 => (format!("({left} + {right})"), sum),
            2 | 3 => (format!("({left} - {right})"), sum),
            4 => (format!("{left} * {right}"), left_bound.saturating_mul(right_bound)),
            5 => (format!("({left}) / {small}"), left_bound),
            6 => (format!("({left}) % {small}"), small),
            7 => (format!("(({left}) & {right})"), left_bound.max(right_bound) * 2),
            8 => (format!("(({left}) | {right})"), left_bound.max(right_bound) * 2 + 1),
            9 => (format!("(({left}) ^ {right})"), left_bound.max(right_bound) * 2 + 1),
            10 => (format!("(({left}) << {})", small % 4), left_bound << (small % 4)),
            11 => (format!("(({left}) >> ({right} & 15))"), left_bound),
            12 => (format!("(({left} & 0xffff) >>> {})", small), 65535),
            13 => (format!("(-({left}))"), left_bound),
            14 => (format!("(~({left}))"), left_bound + 1),
            15 => (format!("({})", self.condition(depth - 1)), 1),
            _ => (format!("!({left})"), 1),
        };
        if made.1 < LIMIT { made } else { (format!("(({left}) & 4095)"), 4095) }
    }

    fn condition(&mut self, depth: u32) -> String {
        let (left, _) = self.expression(depth);
        let (right, _) = self.expression(depth);
        let sign = ["==", "!=", "<", "<=", ">", ">="][self.random.below(6) as usize];
        match self.random.below(9) {
            0 if depth > 0 => format!("({}) && {left} {sign} {right}", self.condition(depth - 1)),
            1 if depth > 0 => format!("({left} {sign} {right} || {})", self.condition(depth - 1)),
            2 => format!("ult(({left}) & 0xffff, ({right}) & 0xffff)"),
            3 => format!("!({left} {sign} {right})"),
            4 => format!("({left})"),
            _ => format!("({left}) {sign} ({right})"),
        }
    }

    fn statement(&mut self, depth: u32) {
        match self.random.below(14) {
            0..=4 => {
                let (name, (value, _)) = (self.variable(), self.expression(3));
                writeln!(self.text, "{name} = ({value}) & 2047").unwrap();
            }
            5 => {
                let (value, _) = self.expression(2);
                let width = ["u8", "u16"][self.random.below(2) as usize];
                let at = 2 * self.random.below(16);
                writeln!(self.text, "{width}[area + {at}] = {value}").unwrap();
            }
            6 => {
                let (value, name) = (self.expression(2).0, self.variable());
                let at = self.random.below(2);
                match self.random.below(3) {
                    0 => writeln!(self.text, "u8[area + ({name} & 31)] = {value}").unwrap(),
                    1 => writeln!(self.text, "u8[area + at{at}] = {value}").unwrap(),
                    _ => writeln!(self.text, "at{at} = {name} & 31\nu8[at{at} + area] = {value}").unwrap(),
                }
            }
            7 => {
                let name = self.variable();
                let call = [
                    "(close(-1) == -EBADF)",
                    "(getpid() == getpid())",
                    "write(1, \"tick\")",
                    "(read(-1, area, 4) < 0)",
                    "(lseek(-1, 0, SEEK_CUR) == -EBADF)",
                    "strlen(\"abc\") + len(area)",
                    "strlen(word[names])",
                ][self.random.below(7) as usize];
                writeln!(self.text, "{name} = {call} + {} & 2047", self.random.below(5)).unwrap();
            }
            8 => writeln!(self.text, "write(1, area)").unwrap(),
            9 | 10 if depth > 0 => {
                let condition = self.condition(1);
                writeln!(self.text, "if {condition} {{").unwrap();
                self.block(depth - 1);
                if self.random.below(2) == 0 {
                    self.text.push_str("} else {\n");
                    self.block(depth - 1);
                }
                self.text.push_str("}\n");
            }
            11 if depth > 0 => {
                self.counters += 1;
                let counter = format!("c{}", self.counters);
                let times = 1 + self.random.below(4);
                writeln!(self.text, "{counter} = 0\nwhile {counter} < {times} {{\n{counter} = {counter} + 1")
                    .unwrap();
                self.loops += 1;
                self.block(depth - 1);
                self.loops -= 1;
                self.text.push_str("}\n");
            }
            12 if self.loops > 0 => {
                let word = ["break", "continue"][self.random.below(2) as usize];
                let condition = self.condition(1);
                writeln!(self.text, "if {condition} {{ {word} }}").unwrap();
            }
            _ => self.print(),
        }
    }

    fn block(&mut self, depth: u32) {
        for _ in 0..1 + self.random.below(4) {
            self.statement(depth);
        }
    }

    fn print(&mut self) {
        for variable in 0..VARIABLES {
            writeln!(self.text, "u16[line + {}] = v{variable}", 2 * variable).unwrap();
        }
        self.text.push_str("write(1, line)\n");
    }
}

pub(crate) fn script(seed: u64) -> String {
    let mut writer = Writer { random: Random::new(seed), text: String::new(), loops: 0, counters: 0 };
    writer.text.push_str("space area 32\nmut data names { word \"one\"; word 0 }\n");
    writeln!(writer.text, "space line {}", 2 * VARIABLES).unwrap();
    for variable in 0..VARIABLES {
        writeln!(writer.text, "v{variable} = argc * {}", variable * 7).unwrap();
    }
    writer.text.push_str("at0 = argc\nat1 = argc * 5\n");
    for _ in 0..4 + writer.random.below(12) {
        writer.statement(3);
    }
    writer.print();
    let (status, _) = writer.expression(2);
    writeln!(writer.text, "exit({status} & 127)").unwrap();
    writer.text
}

fn check(seed: u64) {
    let text = script(seed);
    let mut first = None;
    for (number, machine) in Machine::ALL.into_iter().enumerate() {
        // What golf makes for the kernel alone runs natively.
        let native = runner(machine).is_some_and(|words| words.is_empty());
        let golf = native.then(|| Kind::Golf(GolfOptions { effort: 2_000, ..GolfOptions::default() }));
        for layout in [Kind::Standard, Kind::Compact].into_iter().chain(golf) {
            // The emulators take most of the time: outside of `.ci/run` each sees one layout of a script.
            if !thorough() && number >= 2 && seed.is_multiple_of(2) != (layout == Kind::Standard) {
                continue;
            }
            let place = format!("script {seed}, {} {layout:?}\n{text}", machine.name());
            let bytes = build(&text, machine, layout).unwrap_or_else(|wrong| panic!("{place}\n{wrong}"));
            let Some(output) = run(machine, &bytes, &[], b"") else { continue };
            let found = (output.status.to_string(), output.stdout);
            assert!(output.status.code().is_some(), "{place}\n{}", found.0);
            match &first {
                None => first = Some(found),
                Some(first) => assert_eq!(found, *first, "{place}"),
            }
        }
    }
}

fn thorough() -> bool {
    std::env::var_os("TINYELF_REQUIRE_ORACLES").is_some()
}

#[test]
fn random_scripts_do_the_same_on_all_machines_and_in_all_layouts() {
    let asked = std::env::var("TINYELF_TEST_COUNT").ok().and_then(|count| count.parse().ok());
    let count: u64 = asked.unwrap_or(if thorough() { 300 } else { 100 });
    let halves = [0, 1].map(|half| std::thread::spawn(move || (half..count).step_by(2).for_each(check)));
    for half in halves {
        if let Err(panic) = half.join() {
            std::panic::resume_unwind(panic);
        }
    }
}
