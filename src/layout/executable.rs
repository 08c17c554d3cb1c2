//! `standard` and `compact`: plain headers, then contents, no segment both writable and executable unless a section is.
//!
//! ```text
//! file offset   0 ehdr | phdrs | .text .rodata … | .data … | .shstrtab | section headers (standard)
//!               └────── PT_LOAD R+X ────────────┘ └ PT_LOAD R+W, .bss behind it in memory
//! ```
//!
//! Segments share file pages: the address of a byte is congruent to its file offset modulo the page size, so the
//! file needs no padding; the second segment starts on the next page of the address space, at the same place in it.

use super::bounds;
use super::entry::{self, EntryPoint};
use super::golf::{GolfOptions, Whole, golf};
use super::image::{Chunk, Ehdr, Image, Phdr, Placement};
use super::notes;
use super::overlap;
use super::patch::{Addresses, Patcher};
use super::relax::Sizes;
use super::tls;
use crate::elf::loader::{self, Kernel};
use crate::elf::records::{Class, FileOffset, Machine, VirtAddr, elf};
use crate::elf::write::{e_flags, write};
use crate::source::{Diagnostic, Diagnostics, Severity, Span};
use crate::unit::{Section, SectionId, SectionKind, Unit};

/// What an executable is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Every tool reads it: section headers, PT_GNU_STACK.
    #[default]
    Standard,
    /// Headers and contents only.
    Compact,
    /// The smallest file within a promise; compact where that cannot be done.
    Golf(GolfOptions),
}

/// What can be asked of an executable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The layout.
    pub kind: Kind,
    /// `-e`: the symbol at which the process starts.
    pub entry: Option<String>,
    /// `-z execstack`: PT_GNU_STACK asks for an executable stack.
    pub execstack: bool,
    /// `-z gnustack` and `-z nognustack`; by default standard has PT_GNU_STACK and compact has not.
    pub gnustack: Option<bool>,
    /// The address of file offset 0; a multiple of the page size.
    pub image_base: Option<u64>,
    /// `-z separate-code`: read-only data lies in a segment that is not executable.
    pub separate_code: bool,
    /// `--symbols`: `.symtab` and `.strtab`, for nm, gdb and objdump.
    pub symbols: bool,
    /// `--sections`: compact with one section header for each segment's contents, so that objdump disassembles it.
    pub sections: bool,
    /// `--pie`: the kernel chooses the address.
    pub pie: bool,
    /// Standard lays sections out so that programs find what they find when GNU ld links them: the i386 address, and, for
    /// vector instructions and programs that name bounds, alignments that follow from ld's beginning each kind of section
    /// on a page.
    pub as_linked: bool,
}

impl Options {
    /// Whether every section has a header.
    fn has_all_headers(&self) -> bool {
        self.kind == Kind::Standard || self.symbols
    }
}

/// The address of file offset 0 where nobody says otherwise: that of GNU ld, and above every vm.mmap_min_addr.
/// On RISC-V it lets two bytes (`c.lui`) make the upper part of an address.
fn image_base(machine: Machine, as_linked: bool) -> u64 {
    match machine {
        Machine::Riscv64 => 0x1_0000,
        Machine::I386 if as_linked => 0x0804_8000,
        _ => 0x40_0000,
    }
}

/// Lays out an executable; `None` after an error was recorded.
pub fn executable(
    unit: &Unit,
    sizes: &Sizes,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Image> {
    let before = diagnostics.error_count();
    let mut options = options.clone();
    options.execstack |= notes::wants_execstack(unit);
    let options = &options;
    check_options(unit.machine, options, diagnostics);
    let entry = entry::find(unit, sizes, options, diagnostics);
    if let (Kind::Golf(golf_options), Some(EntryPoint::Place(section, offset))) = (options.kind, entry) {
        let golfed = if bounds::are_named(unit) || options.execstack {
            Err(Whole::Entangled)
        } else {
            golf(unit, sizes, (section, offset), golf_options, diagnostics)
        };
        match golfed {
            Ok(golfed) => {
                let golfed = golfed?;
                for assumption in golfed.assumptions {
                    diagnostics.push(Diagnostic::new(Severity::Note, Span::NONE, assumption));
                }
                if let Some(kernel) = needed_kernel(&golfed.image) {
                    let note = format!("assumed: Linux {kernel} or newer");
                    diagnostics.push(Diagnostic::new(Severity::Note, Span::NONE, note));
                }
                return Some(golfed.image);
            }
            Err(reason) => {
                let note = format!("golf leaves this program compact: {reason}");
                diagnostics.push(Diagnostic::new(Severity::Note, Span::NONE, note));
            }
        }
    }
    let plan = Plan::new(unit, sizes, options);
    plan.check(diagnostics);
    let addresses = plan.addresses(unit);
    let address = entry.map(|entry| entry.address(&addresses)).unwrap_or_default();
    let image = plan.image(&addresses, address, options, diagnostics);
    (diagnostics.error_count() == before).then_some(image)
}

/// The oldest kernel that starts a file, where it is not the oldest that is known.
fn needed_kernel(image: &Image) -> Option<Kernel> {
    let kernels = loader::kernels(&write(image));
    kernels.first().copied().filter(|first| Some(first) != Kernel::ALL.first())
}

/// Options that contradict each other, or ask for what cannot be loaded.
fn check_options(machine: Machine, options: &Options, diagnostics: &mut Diagnostics) {
    let mut refuse = |when: bool, message: &str| {
        if when {
            diagnostics.error(Span::NONE, message);
        }
    };
    let golf = matches!(options.kind, Kind::Golf(_));
    refuse(golf && options.symbols, "`--symbols` needs section headers, which golf leaves out");
    refuse(golf && options.sections, "`--sections` needs section headers, which golf leaves out");
    refuse(golf && options.pie, "`--pie` is for the layouts standard and compact");
    refuse(golf && options.separate_code, "`-z separate-code` is for the layouts standard and compact");
    refuse(golf && options.image_base.is_some(), "golf chooses the address itself: leave out `--image-base`");
    let page = machine.max_page_size();
    if let Some(base) = options.image_base
        && base % page != 0
    {
        diagnostics
            .error(Span::NONE, format!("the image base {base:#x} is no multiple of the page, {page:#x}"));
    }
}

/// A section with its place.
pub(super) struct Placed {
    pub(super) id: SectionId,
    pub(super) offset: u64,
    pub(super) address: u64,
    pub(super) size: u64,
    pub(super) in_file: bool,
}

impl Placed {
    pub(super) fn placement(&self) -> Placement {
        Placement {
            section: self.id,
            start: 0,
            length: self.size,
            offset: self.in_file.then_some(FileOffset(self.offset)),
            address: Some(VirtAddr(self.address)),
            size: self.size,
        }
    }
}

/// Where everything lies.
pub(super) struct Plan<'a> {
    pub(super) unit: &'a Unit,
    pub(super) sizes: &'a Sizes,
    pub(super) placed: Vec<Placed>,
    pub(super) segments: Vec<Phdr>,
    /// Sections that are not loaded but kept in the file.
    pub(super) unloaded: Vec<SectionId>,
    pub(super) contents_start: u64,
    pub(super) contents_end: u64,
    /// Whether the program header lies in section headers.
    is_overlapped: bool,
    /// Whether sections are aligned as by ld, for instructions that want it.
    aligns: bool,
    /// Whether zeroes stand behind data, as in ld's pages.
    pads: bool,
}

/// What the first section of a kind is aligned to where ld would begin a page: enough for every instruction that
/// wants its operand aligned.
const FIRST_ALIGN: u64 = 64;

/// How many zeroes stand behind data where ld's page would go on with them: `mov rax, [x]` reads so many bytes too many
/// when `x` is one.
const BEHIND_DATA: u64 = 7;

/// Whether a section takes part at all: empty ones get no header and no place.
fn is_kept(unit: &Unit, sizes: &Sizes, id: SectionId) -> bool {
    sizes.section(unit, id) > 0
}

/// The places in the order of thread-local data and of its room.
const TLS: [u8; 2] = [3, 4];

/// Sections in the order of the file: executable, read-only, those that change their own code, then writable ones:
/// thread-local data, other data, room.
fn order(section: &Section) -> Option<u8> {
    if !section.flags.alloc {
        return None;
    }
    if section.flags.tls {
        return Some(TLS[usize::from(tls::is_room(section))]);
    }
    Some(
        match (
            section.flags.write || section.kind == SectionKind::Nobits,
            section.kind == SectionKind::Nobits,
        ) {
            (false, _) if section.flags.exec => 0,
            (false, _) => 1,
            (true, _) if section.flags.exec => 2,
            (true, false) => 5,
            (true, true) => 6,
        },
    )
}

/// Which sections of one place in the order lie side by side: notes of one header, and the arrays of functions, whose
/// bounds have names.
fn neighbours(unit: &Unit, section: &Section) -> (u8, u64) {
    match (notes::group(section), bounds::array(unit, section)) {
        (Some((_, align)), _) => (1, align),
        (None, Some((array, turn))) => (2 + array as u8, turn),
        (None, None) => (5, 0),
    }
}

impl<'a> Plan<'a> {
    fn new(unit: &'a Unit, sizes: &'a Sizes, options: &Options) -> Self {
        let class = unit.machine.class();
        let page = unit.machine.max_page_size();
        let as_linked = options.as_linked && options.kind == Kind::Standard;
        let aligns = options.as_linked && (unit.vectors || bounds::are_named(unit));
        // A position-independent program is linked at 0: the kernel adds the address it chooses.
        let default = if options.pie { 0 } else { image_base(unit.machine, as_linked) };
        let base = options.image_base.unwrap_or(default);
        let kept: Vec<SectionId> =
            unit.sections().map(|(id, _)| id).filter(|&id| is_kept(unit, sizes, id)).collect();
        let group = |wanted: &[u8]| -> Vec<SectionId> {
            let mut ids: Vec<_> = kept
                .iter()
                .copied()
                .filter(|&id| order(unit.section(id)).is_some_and(|o| wanted.contains(&o)))
                .collect();
            ids.sort_by_key(|&id| (order(unit.section(id)), neighbours(unit, unit.section(id))));
            ids
        };
        const READ: u32 = elf::PF_R.0;
        let code = READ | elf::PF_X.0;
        let mut loads = match group(&[1]) {
            // The headers are read-only data as well and share its segment.
            data if options.separate_code && !data.is_empty() => vec![(data, READ), (group(&[0]), code)],
            _ => vec![(group(&[0, 1]), code)],
        };
        loads.push((group(&[2]), code | elf::PF_W.0));
        loads.push((group(&[3, 4, 5, 6]), READ | elf::PF_W.0));
        let first = loads.remove(0);
        // Room for thread-local data alone needs no memory.
        let is_room = |id: &SectionId| tls::is_room(unit.section(*id));
        let (loads, lone): (Vec<_>, Vec<_>) =
            loads.into_iter().partition(|(ids, _)| !ids.iter().all(is_room));
        let loads_number = 1 + loads.len() as u64;
        let has_tls = kept.iter().any(|&id| order(unit.section(id)).is_some() && unit.section(id).flags.tls);
        let others = u64::from(has_tls) + notes::count(unit, &kept) + u64::from(has_gnustack(options));
        let phnum = loads_number + others;
        let is_overlapped =
            options.sections && !options.symbols && !options.pie && phnum == 1 && !first.0.is_empty();
        let headers = if is_overlapped {
            overlap::contents_start(unit, sizes, &first.0)
        } else {
            class.ehdr_size() + phnum * class.phdr_size()
        };
        let mut plan = Plan {
            unit,
            sizes,
            placed: vec![],
            segments: vec![],
            unloaded: vec![],
            contents_start: headers,
            contents_end: headers,
            is_overlapped,
            aligns,
            pads: as_linked,
        };
        plan.segment(&first.0, 0, base, first.1, page);
        for (ids, flags) in loads {
            let start = plan.contents_end;
            // The next page, at the same offset inside it; the same page if nothing of the last segment is in it.
            let address = plan.used().next_multiple_of(page) + start % page;
            plan.segment(&ids, start, address, flags, page);
        }
        for (ids, _) in lone {
            let (start, used) = (plan.contents_end, plan.used());
            plan.place(&ids, start, used);
        }
        if options.has_all_headers() {
            let is_unloaded =
                |section: &Section| !section.flags.alloc && !notes::is_about_stack(unit, section);
            plan.unloaded = kept.into_iter().filter(|&id| is_unloaded(unit.section(id))).collect();
        }
        plan
    }

    /// A section's alignment behind one of kind `last` of the same segment.
    fn alignment(&self, section: &Section, last: Option<u8>) -> u64 {
        let is_template = section.flags.tls && !last.is_some_and(|last| TLS.contains(&last));
        let own = if is_template { tls::align(self.unit) } else { section.align }.max(1);
        if !self.aligns || section.flags.exec {
            return own;
        }
        let own = own.max(section.implicit_align);
        let room_behind_data = section.kind == SectionKind::Nobits && last.is_some();
        if last == order(section) || room_behind_data { own } else { own.max(FIRST_ALIGN) }
    }

    /// The address behind the last segment.
    fn used(&self) -> u64 {
        self.segments.last().map_or(0, |last| last.p_vaddr.0 + last.p_memsz)
    }

    /// One PT_LOAD: sections from `contents_end` on, in a segment that begins at file offset `start`.
    fn segment(&mut self, ids: &[SectionId], start: u64, address: u64, flags: u32, page: u64) {
        let end = self.place(ids, start, address);
        self.segments.push(Phdr {
            p_type: elf::PT_LOAD.0,
            p_flags: flags,
            p_offset: FileOffset(start),
            p_vaddr: VirtAddr(address),
            p_paddr: VirtAddr(address),
            p_filesz: self.contents_end - start,
            p_memsz: end - start,
            p_align: page,
        });
    }

    /// Sections one behind the other from `contents_end` on, where the byte at `start` has that address; the end in
    /// memory, as a file offset.
    fn place(&mut self, ids: &[SectionId], start: u64, address: u64) -> u64 {
        let mut offset = self.contents_end;
        let mut last = None;
        // What the room of thread-local data would take.
        let mut room = 0;
        for &id in ids {
            let section = self.unit.section(id);
            let in_file = section.kind != SectionKind::Nobits;
            let align = self.alignment(section, last);
            last = order(section);
            // The address must be aligned; the offset follows since both are congruent modulo the page.
            let size = self.sizes.section(self.unit, id);
            if tls::is_room(section) {
                let at = (address + (offset - start) + room).next_multiple_of(align);
                self.placed.push(Placed { id, offset: start + (at - address), address: at, size, in_file });
                room = at + size - (address + (offset - start));
                continue;
            }
            let at = (address + (offset - start)).next_multiple_of(align);
            offset = start + (at - address);
            self.placed.push(Placed { id, offset, address: at, size, in_file });
            offset += size;
            if in_file {
                offset += self.zeroes_behind(section);
                self.contents_end = offset;
            }
        }
        offset
    }

    /// How many zeroes follow a section in the file: code's page has nothing else in it when ld writes it.
    fn zeroes_behind(&self, section: &Section) -> u64 {
        let ends_with_data = section.data_end == section.end();
        let is_code = section.flags.exec && !section.flags.write;
        if self.pads && is_code && ends_with_data { BEHIND_DATA } else { 0 }
    }

    fn check(&self, diagnostics: &mut Diagnostics) {
        let unit = self.unit;
        for (id, section) in unit.sections() {
            let name = String::from_utf8_lossy(unit.names.get(section.name)).into_owned();
            if section.flags.write && section.flags.exec && is_kept(unit, self.sizes, id) {
                let message = format!("section `{name}` is both writable and executable");
                diagnostics.push(
                    Diagnostic::warning("writable-code", section.span, message)
                        .note("the kernel lets any bug write code there")
                        .hint("give code and data a section each"),
                );
            }
        }
        let limit = if unit.machine.class() == Class::Elf32 { 0xc000_0000 } else { 1 << 47 };
        if let Some(last) = self.segments.last()
            && last.p_vaddr.0.saturating_add(last.p_memsz) > limit
        {
            let end = last.p_vaddr.0.saturating_add(last.p_memsz);
            diagnostics
                .error(Span::NONE, format!("the program ends at {end:#x}, user addresses at {limit:#x}"));
        }
    }

    fn addresses(&self, unit: &Unit) -> Addresses {
        let mut sections = vec![VirtAddr(0); unit.sections.len()];
        // A label in an empty section still has an address: that of the first segment's contents.
        let first = self.segments[0].p_vaddr.0 + unit.machine.class().ehdr_size();
        for (id, section) in unit.sections() {
            if section.flags.alloc {
                sections[id.0 as usize] = VirtAddr(first);
            }
        }
        for placed in &self.placed {
            sections[placed.id.0 as usize] = VirtAddr(placed.address);
        }
        let base = self.segments[0].p_vaddr;
        let named = bounds::named(unit);
        let address = |(id, bound)| (id, bounds::address(unit, bound, &self.placed, base, self.used()));
        Addresses { sections, symbols: named.map(address).collect() }
    }

    fn image(
        &self,
        addresses: &Addresses,
        entry: VirtAddr,
        options: &Options,
        diagnostics: &mut Diagnostics,
    ) -> Image {
        let unit = self.unit;
        let class = unit.machine.class();
        let patcher =
            Patcher { unit, sizes: self.sizes, addresses, cuts_addresses: false, movable: options.pie };
        let mut chunks: Vec<Chunk> = Vec::new();
        for placed in self.placed.iter().filter(|placed| placed.in_file) {
            let bytes = patcher.contents(placed.id, diagnostics);
            chunks.push(Chunk { offset: FileOffset(placed.offset), bytes });
        }
        let mut phdrs = self.segments.clone();
        if let Some(last) = phdrs.last_mut().filter(|last| self.pads && last.p_filesz == last.p_memsz)
            && last.p_flags & elf::PF_W.0 != 0
        {
            // The kernel clears the rest of the page, in which names and section headers would be read.
            last.p_memsz += BEHIND_DATA;
        }
        phdrs.extend(tls::template(unit, &self.placed).map(|template| template.header()));
        phdrs.extend(notes::headers(unit, &self.placed));
        if has_gnustack(options) {
            phdrs.push(gnu_stack(options.execstack));
        }
        let mut ehdr = Ehdr {
            ei_osabi: [0; 2],
            e_type: if options.pie { elf::ET_DYN.0 } else { elf::ET_EXEC.0 },
            e_entry: entry,
            e_phoff: FileOffset(class.ehdr_size()),
            e_shoff: FileOffset(0),
            e_flags: e_flags(unit.machine),
            e_shstrndx: 0,
        };
        let placements = self.placed.iter().map(Placed::placement).collect();
        let mut image = Image {
            machine: unit.machine,
            class: unit.machine.class(),
            ehdr: None,
            phdrs,
            shdrs: vec![],
            chunks,
            placements,
        };
        if options.has_all_headers() {
            self.section_headers(&patcher, options, &mut ehdr, &mut image, diagnostics);
        } else if self.is_overlapped {
            overlap::headers(self, &mut ehdr, &mut image);
        } else if options.sections {
            self.segment_headers(&mut ehdr, &mut image);
        }
        image.ehdr = Some(ehdr);
        image
    }
}

fn has_gnustack(options: &Options) -> bool {
    options.gnustack.unwrap_or(options.kind == Kind::Standard) || options.execstack
}

/// Its rights are those of the stack; readers expect the usual 16 bytes of alignment.
fn gnu_stack(executable: bool) -> Phdr {
    let exec = if executable { elf::PF_X.0 } else { 0 };
    Phdr {
        p_type: elf::PT_GNU_STACK.0,
        p_flags: elf::PF_R.0 | elf::PF_W.0 | exec,
        p_offset: FileOffset(0),
        p_vaddr: VirtAddr(0),
        p_paddr: VirtAddr(0),
        p_filesz: 0,
        p_memsz: 0,
        p_align: 16,
    }
}
