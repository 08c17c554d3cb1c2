//! `[pragma output NAME TEXT]`, as the preprocessor hands it on: what stands around the names of symbols.

use super::{Cursor, Failure};
use crate::elf::records::Machine;

impl Cursor<'_, '_> {
    /// What follows `pragma`; of what is set twice the first counts, and the command line before it.
    pub(super) fn pragma(&mut self) -> Result<(), Failure> {
        let text = &self.lex.text()[self.token.start..];
        let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let facility = words.next().unwrap_or_default().to_ascii_lowercase();
        if !self.is_output(&facility) {
            return Ok(());
        }
        let name = words.next().unwrap_or_default().to_ascii_lowercase();
        let affix = words.next().unwrap_or_default();
        let affixes = &mut self.program.affixes;
        let (which, place) = match &name[..] {
            b"prefix" | b"gprefix" => (0, &mut affixes.global[0]),
            b"suffix" | b"gsuffix" => (1, &mut affixes.global[1]),
            b"lprefix" => (2, &mut affixes.local[0]),
            b"lsuffix" => (3, &mut affixes.local[1]),
            b"" => {
                let message = format!("empty `%pragma {}`", String::from_utf8_lossy(text.trim_ascii()));
                self.warn(self.token, "pragma-bad", message);
                return Ok(());
            }
            _ => {
                let message = format!("unknown `%pragma {}`", String::from_utf8_lossy(text.trim_ascii()));
                self.warn(self.token, "pragma-unknown", message);
                return Ok(());
            }
        };
        // Also an empty one counts.
        let is_first = !std::mem::replace(&mut self.program.given_affixes[which], true);
        if is_first && place.is_empty() {
            *place = String::from_utf8_lossy(affix).into_owned();
        }
        Ok(())
    }

    /// Whether a facility is the output's: by that name, or by its format's.
    fn is_output(&self, facility: &[u8]) -> bool {
        match facility {
            b"output" => true,
            b"bin" => self.program.flat,
            b"elf" => !self.program.flat && !self.is_x32(),
            b"elfx32" => self.is_x32(),
            b"elf32" => !self.program.flat && self.program.unit.machine == Machine::I386,
            b"elf64" => !self.program.flat && self.program.unit.machine == Machine::X86_64 && !self.is_x32(),
            _ => false,
        }
    }

    /// Whether objects for the x32 ABI are made.
    fn is_x32(&self) -> bool {
        self.program.unit.machine == Machine::X86_64 && self.program.pointer == 4
    }
}
