//! What Linux does with a static executable: fs/binfmt_elf.c as a function from bytes to an outcome.
//!
//! Which kernels run a file cannot be tried out on one machine, so the checks of `load_elf_binary`, `elf_load` and
//! `elf_map` are written down here, in the order of the kernel, with what changed between 4.14 and 6.18.  That the
//! model tells the truth is itself tried out: a test executes hundreds of damaged files and compares.
//!
//! ```text
//! magic, type, machine, phentsize, phnum, table, PT_INTERP │ PT_LOAD: congruence, sizes, addresses; entry │ first byte
//!            an error is an errno of execve                │        an error is SIGSEGV                   │ runs
//! ```

use super::fields::{
    E_ENTRY, E_MACHINE, E_PHENTSIZE, E_PHNUM, E_PHOFF, E_TYPE, Field, P_FILESZ, P_FLAGS, P_MEMSZ, P_OFFSET,
    P_TYPE, P_VADDR,
};
use super::read::Form;
use super::records::{Class, elf};

/// A version of Linux.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kernel(pub u16, pub u16);

impl Kernel {
    /// The versions at which what the loader does changed, and the ones before: 4.14 to 6.18.
    pub const ALL: [Kernel; 9] = [
        Kernel(4, 14),
        Kernel(4, 17),
        Kernel(5, 4),
        Kernel(5, 7),
        Kernel(5, 8),
        Kernel(6, 6),
        Kernel(6, 7),
        Kernel(6, 16),
        Kernel(6, 18),
    ];

    /// Readable data of 64-bit programs without PT_GNU_STACK is no longer executable.
    const READ_IS_NOT_EXEC: Kernel = Kernel(5, 8);
    /// Each segment is loaded for itself; a failure to clear the tail of a page that is not writable is ignored.
    const SEGMENT_WISE: Kernel = Kernel(6, 7);
    /// The table of program headers may be larger than a page.
    const LARGE_TABLE: Kernel = Kernel(6, 17);
}

impl std::fmt::Display for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `execve` fails, mostly with ENOEXEC.
    Refused(&'static str),
    /// The process is ended by a signal before its first instruction.
    Killed(&'static str),
    /// The byte at this file offset is the first that is executed.
    Starts(u64),
}

/// The smallest pages, with which most kernels are built.
const PAGE: u64 = 0x1000;

/// Below this an ordinary user maps nothing (vm.mmap_min_addr as distributions set it).
const LOWEST: u64 = 0x1_0000;

/// Larger offsets no file system has.
const LARGEST_OFFSET: u64 = 1 << 62;

/// One PT_LOAD.
struct Load {
    flags: u32,
    offset: u64,
    vaddr: u64,
    filesz: u64,
    memsz: u64,
}

/// Executes a file in thought, as an ordinary user of a 64-bit kernel that also runs 32-bit programs.
pub fn execute(file: &[u8], kernel: Kernel) -> Outcome {
    match Loader::new(file, kernel).and_then(|loader| loader.load()) {
        Ok(offset) => Outcome::Starts(offset),
        Err(outcome) => outcome,
    }
}

/// The versions of [`Kernel::ALL`] that execute a file.
pub fn kernels(file: &[u8]) -> Vec<Kernel> {
    let starts = |&kernel: &Kernel| matches!(execute(file, kernel), Outcome::Starts(_));
    Kernel::ALL.into_iter().filter(starts).collect()
}

/// `4.14+`, or a list where a newer one refuses what an older one runs.
pub fn versions(kernels: &[Kernel]) -> String {
    match kernels.first() {
        Some(first) if Kernel::ALL.ends_with(kernels) => format!("{first}+"),
        Some(_) => kernels.iter().map(Kernel::to_string).collect::<Vec<_>>().join(","),
        None => "none".to_owned(),
    }
}

struct Loader<'a> {
    file: &'a [u8],
    kernel: Kernel,
    form: Form,
}

impl<'a> Loader<'a> {
    /// The checks of the file header.
    fn new(file: &'a [u8], kernel: Kernel) -> Result<Self, Outcome> {
        let refused = |reason| Err(Outcome::Refused(reason));
        let form = |class| Form { class, big_endian: false };
        if !file.starts_with(&elf::ELFMAG) {
            return refused("the magic number");
        }
        // The header is read into a buffer of zeros: a file may end inside it.
        let loader = |class| Loader { file, kernel, form: form(class) };
        let narrow = loader(Class::Elf32);
        let e_type = narrow.number(0, &E_TYPE);
        if e_type != u64::from(elf::ET_EXEC.0) && e_type != u64::from(elf::ET_DYN.0) {
            return refused("e_type");
        }
        // EI_CLASS is not read: the machine decides.  6 is 486, a historical number of the same machine.
        let machine = narrow.number(0, &E_MACHINE);
        match machine {
            3 | 6 => Ok(narrow),
            62 | 183 | 243 => Ok(loader(Class::Elf64)),
            _ => refused("e_machine"),
        }
    }

    fn number(&self, record: u64, field: &Field) -> u64 {
        self.form.field(self.file, record, field)
    }

    /// Where user addresses end.
    fn task_size(&self) -> u64 {
        match self.form.class {
            Class::Elf64 => (1 << 47) - PAGE,
            Class::Elf32 => 0xffff_e000,
        }
    }

    fn load(&self) -> Result<u64, Outcome> {
        let table = self.table()?;
        self.interpreter(&table)?;
        let loads: Vec<Load> =
            table.iter().filter(|&&at| self.kind(at) == elf::PT_LOAD.0).map(|&at| self.segment(at)).collect();
        let fixed = self.number(0, &E_TYPE) == u64::from(elf::ET_EXEC.0);
        for (index, load) in loads.iter().enumerate() {
            self.map(load, fixed, &loads, index)?;
        }
        let entry = self.number(0, &E_ENTRY);
        if fixed && entry >= self.task_size() {
            return Err(Outcome::Killed("the entry is no user address"));
        }
        self.clear_tails(&loads)?;
        self.first_byte(entry, &loads, self.reads_execute(&table))
    }

    /// The offsets of the program headers.
    fn table(&self) -> Result<Vec<u64>, Outcome> {
        let each = self.form.class.phdr_size();
        if self.number(0, &E_PHENTSIZE) != each {
            return Err(Outcome::Refused("e_phentsize"));
        }
        let count = self.number(0, &E_PHNUM);
        let most = if self.kernel >= Kernel::LARGE_TABLE { 0x1_0000 } else { PAGE };
        if count == 0 || count * each > most {
            return Err(Outcome::Refused("e_phnum"));
        }
        let start = self.number(0, &E_PHOFF);
        let end = start.checked_add(count * each);
        if end.is_none_or(|end| end > self.file.len() as u64) {
            return Err(Outcome::Refused("the program headers are not in the file"));
        }
        Ok((0..count).map(|index| start + index * each).collect())
    }

    fn kind(&self, at: u64) -> u32 {
        u32::try_from(self.number(at, &P_TYPE)).expect("four bytes")
    }

    /// A static program has none; what is taken for one here is no path.
    fn interpreter(&self, table: &[u64]) -> Result<(), Outcome> {
        match table.iter().any(|&at| self.kind(at) == elf::PT_INTERP.0) {
            true => Err(Outcome::Refused("PT_INTERP")),
            false => Ok(()),
        }
    }

    fn segment(&self, at: u64) -> Load {
        Load {
            flags: u32::try_from(self.number(at, &P_FLAGS)).expect("four bytes"),
            offset: self.number(at, &P_OFFSET),
            vaddr: self.number(at, &P_VADDR),
            filesz: self.number(at, &P_FILESZ),
            memsz: self.number(at, &P_MEMSZ),
        }
    }

    /// arch/x86/include/asm/elf.h, "exec-all": whether what is readable is executable, too.
    fn reads_execute(&self, table: &[u64]) -> bool {
        let stack = table.iter().rev().find(|&&at| self.kind(at) == elf::PT_GNU_STACK.0);
        let old = self.kernel < Kernel::READ_IS_NOT_EXEC;
        match stack {
            None => old || self.form.class == Class::Elf32,
            Some(&at) => old && self.number(at, &P_FLAGS) & u64::from(elf::PF_X.0) != 0,
        }
    }

    /// One PT_LOAD, with the others' extent for the first, which reserves the room of all.
    fn map(&self, load: &Load, fixed: bool, loads: &[Load], index: usize) -> Result<(), Outcome> {
        let killed = |reason| Err(Outcome::Killed(reason));
        let (limit, within) = (self.task_size(), load.vaddr % PAGE);
        if !(load.offset ^ load.vaddr).is_multiple_of(PAGE)
            && (load.filesz > 0 || self.kernel < Kernel::SEGMENT_WISE)
        {
            return killed("p_offset and p_vaddr differ within a page");
        }
        if load.filesz == 0 && self.kernel < Kernel::SEGMENT_WISE {
            return killed("a segment without bytes in the file");
        }
        if load.vaddr >= limit
            || load.filesz > load.memsz
            || load.memsz > limit
            || limit - load.memsz < load.vaddr
        {
            return killed("the segment's sizes or addresses");
        }
        if load.offset.saturating_add(load.filesz) > LARGEST_OFFSET {
            return killed("p_offset is more than a file can have");
        }
        let start = load.vaddr - within;
        if fixed && start < LOWEST {
            return killed("p_vaddr is below vm.mmap_min_addr");
        }
        if index == 0 {
            let lowest = loads.iter().map(|one| one.vaddr / PAGE * PAGE).min().unwrap_or(0);
            let highest = loads.iter().map(|one| one.vaddr.saturating_add(one.memsz)).max().unwrap_or(0);
            let total = highest.saturating_sub(lowest);
            if total == 0 || total > limit || fixed && start.saturating_add(total) > limit {
                return killed("the extent of all segments");
            }
        }
        Ok(())
    }

    /// Before 6.7 the tail of the last page with contents was cleared at the end, once, and had to be writable.
    fn clear_tails(&self, loads: &[Load]) -> Result<(), Outcome> {
        let file_end = loads.iter().map(|one| one.vaddr + one.filesz).max().unwrap_or(0);
        let memory_end = loads.iter().map(|one| one.vaddr + one.memsz).max().unwrap_or(0);
        if self.kernel >= Kernel::SEGMENT_WISE || file_end == memory_end || file_end.is_multiple_of(PAGE) {
            return Ok(());
        }
        match loads.iter().rev().find(|one| one.covers(file_end)) {
            Some(one) if one.flags & elf::PF_W.0 != 0 => Ok(()),
            _ => Err(Outcome::Killed("p_memsz is above p_filesz where nothing can be written")),
        }
    }

    /// The file offset behind an address; a fault where there is none, or nothing that may be executed.
    fn first_byte(&self, entry: u64, loads: &[Load], reads_execute: bool) -> Result<u64, Outcome> {
        let Some(load) = loads.iter().rev().find(|one| one.covers(entry)) else {
            return Err(Outcome::Killed("the entry is in no segment"));
        };
        let readable = load.flags & (elf::PF_R.0 | elf::PF_W.0) != 0;
        if load.flags & elf::PF_X.0 == 0 && !(readable && reads_execute && load.flags & elf::PF_R.0 != 0) {
            return Err(Outcome::Killed("the entry is in a segment that is not executable"));
        }
        let offset = load.offset.wrapping_sub(load.vaddr).wrapping_add(entry);
        let cleared = load.flags & elf::PF_W.0 != 0
            && load.memsz > load.filesz
            && entry.checked_sub(load.vaddr).is_some_and(|far| far >= load.filesz);
        if cleared || offset >= self.file.len() as u64 {
            return Err(Outcome::Killed("the entry is behind the file's bytes"));
        }
        Ok(offset)
    }
}

impl Load {
    /// Whether an address is in the pages taken from the file.
    fn covers(&self, address: u64) -> bool {
        let end = self.vaddr.saturating_add(self.filesz).checked_next_multiple_of(PAGE).unwrap_or(u64::MAX);
        self.filesz > 0 && (self.vaddr / PAGE * PAGE..end).contains(&address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header, program header, and code at 120: the fields named, else those of a plain program.
    fn file(change: &[(usize, u64, u64)]) -> Vec<u8> {
        let mut bytes = vec![0u8; 124];
        let plain = [
            (0, 4, 0x464c_457f),
            (16, 2, 2),
            (18, 2, 62),
            (24, 8, 0x40_0078),
            (32, 8, 64),
            (54, 2, 56),
            (56, 2, 1),
            (64, 4, 1),
            (68, 4, 5),
            (80, 8, 0x40_0000),
            (96, 8, 124),
            (104, 8, 124),
        ];
        for &(at, size, value) in plain.iter().chain(change) {
            bytes[at..at + size as usize].copy_from_slice(&value.to_le_bytes()[..size as usize]);
        }
        bytes
    }

    fn check(change: &[(usize, u64, u64)], kernel: Kernel, expected: Outcome) {
        assert_eq!(execute(&file(change), kernel), expected, "{change:?} on {kernel}");
    }

    #[test]
    fn a_plain_program_starts_on_every_kernel() {
        for kernel in Kernel::ALL {
            check(&[], kernel, Outcome::Starts(120));
        }
        assert_eq!(kernels(&file(&[])), Kernel::ALL);
    }

    #[test]
    fn what_comes_before_the_new_image_is_refused_and_what_comes_after_kills() {
        let new = Kernel(6, 18);
        check(&[(0, 1, 0)], new, Outcome::Refused("the magic number"));
        check(&[(16, 2, 4)], new, Outcome::Refused("e_type"));
        check(&[(18, 2, 40)], new, Outcome::Refused("e_machine"));
        check(&[(54, 2, 57)], new, Outcome::Refused("e_phentsize"));
        check(&[(56, 2, 0)], new, Outcome::Refused("e_phnum"));
        check(&[(56, 2, 2)], new, Outcome::Refused("the program headers are not in the file"));
        check(&[(80, 8, 0x40_0001)], new, Outcome::Killed("p_offset and p_vaddr differ within a page"));
        check(&[(96, 8, 125)], new, Outcome::Killed("the segment's sizes or addresses"));
        check(&[(64, 4, 0)], new, Outcome::Killed("the entry is in no segment"));
        check(&[(24, 8, 1 << 47)], new, Outcome::Killed("the entry is no user address"));
        check(&[(24, 8, 0x40_007c)], new, Outcome::Killed("the entry is behind the file's bytes"));
    }

    #[test]
    fn kernels_differ() {
        let unwritable = Outcome::Killed("p_memsz is above p_filesz where nothing can be written");
        check(&[(104, 8, 125)], Kernel(6, 6), unwritable);
        check(&[(104, 8, 125)], Kernel(6, 7), Outcome::Starts(120));
        let no_execute = Outcome::Killed("the entry is in a segment that is not executable");
        check(&[(68, 4, 4)], Kernel(5, 7), Outcome::Starts(120));
        check(&[(68, 4, 4)], Kernel(5, 8), no_execute);
    }
}
