//! `--stack`: what the kernel laid on the stack before the first instruction (psABI, "Process Initialization").
//!
//! ```text
//! rsp ─> argc | argv[0] … 0 | envp[0] … 0 | AT_… value … AT_NULL 0 | the texts that they point to
//! ```

use std::fmt::Write as _;

use super::RunError;
use super::memory::Memory;
use super::quote::quote;
use super::tracee::Tracee;
use crate::elf::records::Machine;

/// A word of the stack: its address, its value, what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    address: u64,
    value: u64,
    name: String,
}

/// The table, one line for each word.
pub(super) fn table(tracee: &Tracee) -> Result<String, RunError> {
    let registers = tracee.registers()?;
    let width = if registers.machine == Machine::I386 { 4 } else { 8 };
    let mut text = String::new();
    for row in rows(tracee, registers.stack, width) {
        let value = format!("{:#x}", row.value);
        let _ = writeln!(text, "{:#x}  {value:<2$}  {}", row.address, row.name, 2 + 2 * width);
    }
    Ok(text)
}

/// The words in order; fewer where memory ends before the end of the vector.
fn rows(memory: &dyn Memory, stack: u64, width: usize) -> Vec<Row> {
    let mut words = Words { memory, width, address: stack, rows: Vec::new() };
    let _ = words.all();
    words.rows
}

struct Words<'a> {
    memory: &'a dyn Memory,
    width: usize,
    address: u64,
    rows: Vec<Row>,
}

impl Words<'_> {
    fn all(&mut self) -> Option<()> {
        let count = self.next()?;
        self.push(count, "argc".to_owned());
        for list in ["argv", "envp"] {
            for index in 0.. {
                let value = self.next()?;
                if value == 0 {
                    self.push(value, format!("the end of {list}"));
                    break;
                }
                let text = self.text(value);
                self.push(value, format!("{list}[{index}]  {text}"));
            }
        }
        loop {
            let kind = self.next()?;
            let (name, meaning) = auxiliary(kind);
            self.push(kind, name);
            let value = self.next()?;
            let meaning = match kind {
                // AT_PLATFORM, AT_BASE_PLATFORM, AT_EXECFN
                15 | 24 | 31 => format!("{meaning}  {}", self.text(value)),
                _ => meaning.to_owned(),
            };
            self.push(value, format!("  {meaning}"));
            if kind == 0 {
                return Some(());
            }
        }
    }

    fn next(&self) -> Option<u64> {
        self.memory.word(self.address, self.width)
    }

    fn push(&mut self, value: u64, name: String) {
        self.rows.push(Row { address: self.address, value, name });
        self.address += self.width as u64;
    }

    fn text(&self, address: u64) -> String {
        /// Longer ones (LS_COLORS) are cut.
        const LONGEST: usize = 60;
        match self.memory.text(address, LONGEST) {
            None => "(not readable)".to_owned(),
            Some((text, true)) => quote(&text),
            Some((text, false)) => quote(&text) + "...",
        }
    }
}

/// Name and meaning of an entry of the auxiliary vector (uapi/linux/auxvec.h, getauxval(3)).
fn auxiliary(kind: u64) -> (String, &'static str) {
    let (name, meaning) = match kind {
        0 => ("AT_NULL", "the end of the auxiliary vector"),
        2 => ("AT_EXECFD", "a descriptor of the program"),
        3 => ("AT_PHDR", "address of the program headers"),
        4 => ("AT_PHENT", "bytes of a program header"),
        5 => ("AT_PHNUM", "program headers"),
        6 => ("AT_PAGESZ", "bytes of a page"),
        7 => ("AT_BASE", "address of the interpreter"),
        8 => ("AT_FLAGS", "flags"),
        9 => ("AT_ENTRY", "the entry point"),
        11 => ("AT_UID", "real user"),
        12 => ("AT_EUID", "effective user"),
        13 => ("AT_GID", "real group"),
        14 => ("AT_EGID", "effective group"),
        15 => ("AT_PLATFORM", "the processor"),
        16 => ("AT_HWCAP", "what the processor can do"),
        17 => ("AT_CLKTCK", "ticks in a second of times()"),
        23 => ("AT_SECURE", "whether rights were raised"),
        24 => ("AT_BASE_PLATFORM", "the real processor"),
        25 => ("AT_RANDOM", "address of 16 random bytes"),
        26 => ("AT_HWCAP2", "what else it can do"),
        27 => ("AT_RSEQ_FEATURE_SIZE", "bytes of restartable sequences that the kernel knows"),
        28 => ("AT_RSEQ_ALIGN", "their alignment"),
        29 => ("AT_HWCAP3", "what else it can do"),
        30 => ("AT_HWCAP4", "what else it can do"),
        31 => ("AT_EXECFN", "the name of the file"),
        32 => ("AT_SYSINFO", "address of the vDSO's way into the kernel"),
        33 => ("AT_SYSINFO_EHDR", "address of the vDSO"),
        51 => ("AT_MINSIGSTKSZ", "bytes of a stack on which a signal can be handled"),
        _ => return (format!("AT_{kind}"), "not known here"),
    };
    (name.to_owned(), meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::memory::tests::At;

    #[test]
    fn every_word_has_its_address_its_value_and_its_name() {
        let mut memory = Vec::new();
        let words = [1u32, 0x1030, 0, 0x1034, 0, 6, 0x1000, 31, 0x1030, 0, 0, 7];
        memory.extend(words.into_iter().flat_map(u32::to_le_bytes));
        memory.extend(b"./a\0X=1\0");
        let found = rows(&At(0x1000, memory), 0x1000, 4);
        let names: Vec<&str> = found.iter().map(|row| row.name.as_str()).collect();
        let expected = [
            "argc",
            "argv[0]  \"./a\"",
            "the end of argv",
            "envp[0]  \"X=1\"",
            "the end of envp",
            "AT_PAGESZ",
            "  bytes of a page",
            "AT_EXECFN",
            "  the name of the file  \"./a\"",
            "AT_NULL",
            "  the end of the auxiliary vector",
        ];
        assert_eq!(names, expected);
        let values: Vec<u32> = found.iter().map(|row| row.value as u32).collect();
        assert_eq!(values, words[..11]);
        assert_eq!(found[10].address, 0x1028);
    }
}
