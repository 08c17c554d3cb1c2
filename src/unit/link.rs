//! Several units into one: sections of one name are joined in order, globals meet externs.
//!
//! Each unit is copied behind what is there, with every id and position moved:
//!
//! ```text
//! unit 1  .text  literal 0..40, 3 fragments      unit 2  .text  literal 0..10, 1 fragment
//! joined  .text  literal 0..50, fragments 3 + (align, if unit 2's section asks for one) + 1
//! ```
//!
//! `$$` in a source means the start of its own part, so it becomes a position in the joined section.  A symbol
//! that stays undefined is no error here: relocatable output keeps it, executables refuse it
//! ([`report_undefined`]).

use std::collections::BTreeMap;

use super::{
    Align, Binding, Definition, Expr, ExprId, Exprs, Fixup, Fragment, FragmentKind, Item, NameId, Names,
    Position, Section, SectionId, SectionKind, Symbol, SymbolId, Unit, Value, weak,
};
use crate::elf::records::Machine;
use crate::source::{Diagnostic, Diagnostics, Span};

/// Joins units in order; the first gives the machine.  `None` for no units, or after an error was recorded:
/// a symbol defined twice, units for different machines, a joined section of 4 GiB or more.
pub fn link(mut units: Vec<Unit>, diagnostics: &mut Diagnostics) -> Option<Unit> {
    let before = diagnostics.error_count();
    weak::keep_own(&mut units);
    let mut units = units.into_iter();
    let mut joined = units.next()?;
    let mut globals = BTreeMap::new();
    for (index, symbol) in joined.symbols.iter().enumerate() {
        if symbol.binding != Binding::Local {
            globals.insert(symbol.name, symbol_id(index));
        }
    }
    for unit in units {
        if unit.machine != joined.machine {
            let (first, second) = (joined.machine.name(), unit.machine.name());
            diagnostics.error(
                Span::NONE,
                format!("a program is for one machine, but these are for {first} and {second}"),
            );
            return None;
        }
        Joiner::new(&mut joined, &mut globals, unit, diagnostics)?.join();
    }
    (diagnostics.error_count() == before).then_some(joined)
}

/// Records an error for each symbol that is used and defined nowhere; a weak one stands for zero, and `defines` says
/// which of those that are declared the layout will define.
pub fn report_undefined(unit: &Unit, defines: &dyn Fn(&[u8]) -> bool, diagnostics: &mut Diagnostics) {
    let is_missing = |&(id, _): &(SymbolId, Span)| {
        let symbol = unit.symbol(id);
        !symbol.external || !defines(unit.names.get(symbol.name))
    };
    used_undefined(unit).filter(is_missing).for_each(|(id, used)| {
        let error = undefined_error(unit, id);
        // What nobody declared stands at its first use already.
        let is_declared = unit.symbol(id).external && used != unit.symbol(id).span;
        diagnostics.push(if is_declared { error.label(used, "used here") } else { error });
    });
}

/// As [`report_undefined`], for an object: what `extern` declares is left to the linker.
pub fn report_undeclared(unit: &Unit, diagnostics: &mut Diagnostics) {
    used_undefined(unit)
        .filter(|&(id, _)| !unit.symbol(id).external)
        .for_each(|(id, _)| diagnostics.push(undefined_error(unit, id)));
}

/// The symbols that are used, defined nowhere, and not weak, with one place that uses each.  An `extern` that nothing
/// uses is the front end's to warn about.
pub fn used_undefined(unit: &Unit) -> impl Iterator<Item = (SymbolId, Span)> + '_ {
    let mut used = vec![None; unit.symbols.len()];
    let mut mark = |value: Value, span| mark_symbols(&unit.exprs, value, span, &mut used);
    for section in &unit.sections {
        section.fixups.iter().for_each(|fixup| mark(fixup.value, fixup.span));
        for fragment in &section.fragments {
            fragment_values(fragment).into_iter().flatten().for_each(|value| mark(value, fragment.span));
        }
    }
    for symbol in &unit.symbols {
        if let Definition::Equ(value) = symbol.definition {
            mark(value, symbol.span);
        }
    }
    used.into_iter().enumerate().filter_map(|(index, used)| {
        let id = symbol_id(index);
        let symbol = unit.symbol(id);
        let is_open = matches!(symbol.definition, Definition::Undefined) && symbol.binding != Binding::Weak;
        used.filter(|_| is_open).map(|span| (id, span))
    })
}

/// "undefined symbol", with what there is instead of a C library.
pub fn undefined_error(unit: &Unit, id: SymbolId) -> Diagnostic {
    let symbol = unit.symbol(id);
    let name = unit.symbol_name(id);
    let error = Diagnostic::error(symbol.span, format!("undefined symbol `{name}`"));
    if !symbol.external {
        return error;
    }
    let error =
        error.note("`extern` promises a definition in another file of the program; none of them has it");
    match libc_replacement(&name) {
        Some(call) => error
            .note("there is no C library here: a static executable talks to the kernel itself")
            .hint(format!("use the system call {call}")),
        None => error.hint("name the file that defines it on the same command line"),
    }
}

/// The system call that does what a function of the C library does, for the functions that people declare first.
fn libc_replacement(name: &str) -> Option<&'static str> {
    Some(match name {
        "printf" | "puts" | "putchar" | "fprintf" | "fputs" | "putc" | "fwrite" => {
            "write(fd, buffer, length)"
        }
        "scanf" | "gets" | "fgets" | "getchar" | "getc" | "getline" | "fread" => "read(fd, buffer, length)",
        "exit" | "_exit" | "abort" => "exit(status)",
        "malloc" | "calloc" | "realloc" => {
            "mmap(0, length, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)"
        }
        "free" => "munmap(address, length)",
        "fopen" => "open(path, flags, mode)",
        "fclose" => "close(fd)",
        "sleep" | "usleep" => "nanosleep(request, remaining)",
        "time" => "time(address) or clock_gettime(clock, address)",
        "system" => "fork() and execve(path, argv, envp)",
        _ => return None,
    })
}

fn symbol_id(index: usize) -> SymbolId {
    SymbolId(u32::try_from(index).expect("fewer symbols than bytes of source"))
}

/// The values of a fragment; at most two.
fn fragment_values(fragment: &Fragment) -> [Option<Value>; 2] {
    match &fragment.kind {
        FragmentKind::Branch(branch) => [Some(branch.target), None],
        FragmentKind::Sized(sized) => [Some(sized.values[0]), Some(sized.values[1])],
        FragmentKind::Align(_) => [None, None],
        FragmentKind::Fill(fill) => [Some(fill.count), None],
        FragmentKind::Reserve { size } => [Some(*size), None],
    }
}

/// Notes the first place that mentions each symbol of a value; a work list, since expressions may be deep.
fn mark_symbols(exprs: &Exprs, value: Value, span: Span, used: &mut [Option<Span>]) {
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        let id = match value {
            Value::Const(_) => continue,
            Value::Symbol { symbol, .. } => {
                used[symbol.0 as usize].get_or_insert(span);
                continue;
            }
            Value::Expr(id) => id,
        };
        match exprs.get(id) {
            Expr::Value(inner) => work.push(inner),
            Expr::Here(..) | Expr::SectionStart(_) => {}
            Expr::Unary(_, a) | Expr::Wrt(a, _) => work.push(Value::Expr(a)),
            Expr::Binary(_, a, b) => work.extend([a, b].map(Value::Expr)),
            Expr::Conditional(a, b, c) => work.extend([a, b, c].map(Value::Expr)),
        }
    }
}

/// One unit on its way into another: where its ids and positions went.
struct Joiner<'a> {
    joined: &'a mut Unit,
    unit: Unit,
    diagnostics: &'a mut Diagnostics,
    globals: &'a mut BTreeMap<NameId, SymbolId>,
    sections: Vec<SectionId>,
    /// The position in the joined section where this unit's part begins.
    bases: Vec<Position>,
    symbols: Vec<SymbolId>,
    first_expr: u32,
}

impl<'a> Joiner<'a> {
    /// Finds every section's and symbol's new place.
    fn new(
        joined: &'a mut Unit,
        globals: &'a mut BTreeMap<NameId, SymbolId>,
        unit: Unit,
        diagnostics: &'a mut Diagnostics,
    ) -> Option<Self> {
        let first_expr = u32::try_from(joined.exprs.len()).expect("fewer expressions than bytes of source");
        let mut this = Joiner {
            joined,
            unit,
            diagnostics,
            globals,
            sections: vec![],
            bases: vec![],
            symbols: vec![],
            first_expr,
        };
        for index in 0..this.unit.sections.len() {
            this.place_section(index)?;
        }
        for index in 0..this.unit.symbols.len() {
            this.place_symbol(index);
        }
        Some(this)
    }

    fn join(mut self) {
        self.copy_exprs();
        self.copy_definitions();
        for index in 0..self.unit.sections.len() {
            self.copy_section(index);
        }
        if self.joined.entry.is_none() {
            self.joined.entry = self.unit.entry.map(|entry| self.symbols[entry.0 as usize]);
        }
        self.joined.refuse_overflow |= self.unit.refuse_overflow;
        self.joined.vectors |= self.unit.vectors;
        let map_request = self.unit.map_request.take();
        self.joined.map_request = self.joined.map_request.take().or(map_request);
        if self.unit.osabi != [0; 2] {
            self.joined.osabi = self.unit.osabi;
        }
    }

    /// Makes room for a section's part: a new section, or an alignment at the end of the one of that name.
    fn place_section(&mut self, index: usize) -> Option<()> {
        let part = &self.unit.sections[index];
        let name = self.joined.names.intern(self.unit.names.get(part.name));
        let found = self.joined.sections.iter().position(|section| section.name == name);
        let place = found.unwrap_or_else(|| {
            self.joined.sections.push(empty_like(part, name, &self.unit.names, &mut self.joined.names));
            self.joined.sections.len() - 1
        });
        let section = &mut self.joined.sections[place];
        if section.literal.len() + part.literal.len() > u32::MAX as usize {
            let name = String::from_utf8_lossy(self.joined.names.get(name)).into_owned();
            self.diagnostics.error(part.span, format!("section `{name}` grows beyond 4 GiB"));
            return None;
        }
        if found.is_some() {
            merge_attributes(section, part);
            align_end(section, part, self.joined.machine);
        }
        self.sections.push(SectionId(u32::try_from(place).expect("fewer sections than bytes of source")));
        self.bases.push(section.end());
        Some(())
    }

    /// Gives a symbol its number: that of the global it meets, or a new one.
    fn place_symbol(&mut self, index: usize) {
        let symbol = &self.unit.symbols[index];
        let name = self.joined.names.intern(self.unit.names.get(symbol.name));
        let met = match symbol.binding {
            Binding::Local => None,
            Binding::Global | Binding::Weak => self.globals.get(&name).copied(),
        };
        let id = met.unwrap_or_else(|| {
            self.joined.symbols.push(Symbol { definition: Definition::Undefined, name, ..symbol.clone() });
            symbol_id(self.joined.symbols.len() - 1)
        });
        if symbol.binding != Binding::Local {
            self.globals.insert(name, id);
        }
        self.symbols.push(id);
    }

    fn position(&self, section: SectionId, position: Position) -> Position {
        let base = self.bases[section.0 as usize];
        Position { fragment: base.fragment + position.fragment, literal: base.literal + position.literal }
    }

    fn expr(&self, id: ExprId) -> ExprId {
        ExprId(self.first_expr + id.0)
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::Const(number) => Value::Const(number),
            Value::Symbol { symbol, addend } => {
                Value::Symbol { symbol: self.symbols[symbol.0 as usize], addend }
            }
            Value::Expr(id) => Value::Expr(self.expr(id)),
        }
    }

    fn copy_exprs(&mut self) {
        for index in 0..self.unit.exprs.len() {
            let id = ExprId(u32::try_from(index).expect("fewer expressions than bytes of source"));
            let moved = match self.unit.exprs.get(id) {
                Expr::Value(value) => Expr::Value(self.value(value)),
                Expr::Here(section, position) => {
                    Expr::Here(self.sections[section.0 as usize], self.position(section, position))
                }
                Expr::SectionStart(section) => {
                    Expr::Here(self.sections[section.0 as usize], self.bases[section.0 as usize])
                }
                Expr::Unary(op, a) => Expr::Unary(op, self.expr(a)),
                Expr::Binary(op, a, b) => Expr::Binary(op, self.expr(a), self.expr(b)),
                Expr::Conditional(a, b, c) => Expr::Conditional(self.expr(a), self.expr(b), self.expr(c)),
                Expr::Wrt(a, wrt) => Expr::Wrt(self.expr(a), wrt),
            };
            self.joined.exprs.push(moved);
        }
    }

    fn copy_definitions(&mut self) {
        for index in 0..self.unit.symbols.len() {
            let mut symbol = self.unit.symbols[index].clone();
            symbol.size = symbol.size.map(|size| self.value(size));
            symbol.definition = match symbol.definition {
                Definition::Label { section, position } => Definition::Label {
                    section: self.sections[section.0 as usize],
                    position: self.position(section, position),
                },
                Definition::Equ(value) => Definition::Equ(self.value(value)),
                other => other,
            };
            self.meet(self.symbols[index], symbol);
        }
    }

    /// The rules of symbol resolution (gABI ch. 4): a strong definition beats a weak one and a common, two strong
    /// ones are an error, of two commons the larger size and alignment hold.
    fn meet(&mut self, id: SymbolId, new: Symbol) {
        let name = self.joined.symbol_name(id).into_owned();
        let old = &mut self.joined.symbols[id.0 as usize];
        match (old.definition, new.definition) {
            (_, Definition::Undefined) => {
                // A strong reference beside a weak one must be satisfied.
                if matches!(old.definition, Definition::Undefined) && new.binding == Binding::Global {
                    old.binding = Binding::Global;
                }
            }
            (Definition::Common { size, align }, Definition::Common { size: new_size, align: new_align }) => {
                old.definition = Definition::Common { size: size.max(new_size), align: align.max(new_align) };
            }
            (Definition::Undefined | Definition::Common { .. }, _) => *old = Symbol { name: old.name, ..new },
            (_, Definition::Common { .. }) => {}
            (_, _) if old.binding == Binding::Weak => *old = Symbol { name: old.name, ..new },
            (_, _) if new.binding == Binding::Weak => {}
            (_, _) => {
                let first = old.span;
                self.diagnostics.push(
                    Diagnostic::error(new.span, format!("`{name}` is defined in two files"))
                        .label(first, "first defined here")
                        .hint("make one of them local by leaving out its `global`"),
                );
            }
        }
    }

    fn copy_section(&mut self, index: usize) {
        let base = self.bases[index];
        let place = self.sections[index].0 as usize;
        let part = std::mem::replace(
            &mut self.unit.sections[index],
            Section::new(NameId(0), SectionKind::Progbits, Default::default(), Span::NONE),
        );
        let part_is_empty = part.is_empty();
        let fixups: Vec<_> = part.fixups.iter().map(|fixup| self.moved_fixup(base, fixup)).collect();
        let (candidates, patterns) = {
            let section = &self.joined.sections[place];
            (length(section.candidates.len()), length(section.patterns.len()))
        };
        let fragments: Vec<_> = part
            .fragments
            .into_iter()
            .map(|fragment| self.moved_fragment(base, fragment, candidates, patterns))
            .collect();
        let section = &mut self.joined.sections[place];
        let was_empty = section.is_empty();
        if !part_is_empty {
            section.data_end = moved(base, part.data_end);
        }
        section.literal.extend_from_slice(&part.literal);
        section.fragments.extend(fragments);
        section.fixups.extend(fixups);
        section.candidates.extend(part.candidates);
        section.patterns.extend(part.patterns);
        let distances = part.distances.iter().map(|&(from, to)| (moved(base, from), moved(base, to)));
        section.distances.extend(distances);
        section.items = match (section.items.take(), part.items) {
            (None, Some(items)) if was_empty => Some(items),
            (Some(mut all), Some(items)) => {
                for item in items.iter() {
                    let position = moved(base, item.position);
                    all.push(Item { position, ..item });
                }
                Some(all)
            }
            _ => None,
        };
    }

    fn moved_fixup(&self, base: Position, fixup: &Fixup) -> Fixup {
        Fixup { position: moved(base, fixup.position), value: self.value(fixup.value), ..*fixup }
    }

    fn moved_fragment(&self, base: Position, fragment: Fragment, candidates: u32, patterns: u32) -> Fragment {
        let shift = |range: std::ops::Range<u32>, by: u32| range.start + by..range.end + by;
        let kind = match fragment.kind {
            FragmentKind::Branch(mut branch) => {
                branch.target = self.value(branch.target);
                FragmentKind::Branch(branch)
            }
            FragmentKind::Sized(mut sized) => {
                sized.values = sized.values.map(|value| self.value(value));
                sized.candidates = shift(sized.candidates, candidates);
                FragmentKind::Sized(sized)
            }
            FragmentKind::Align(mut align) => {
                align.pattern = shift(align.pattern, patterns);
                FragmentKind::Align(align)
            }
            FragmentKind::Fill(mut fill) => {
                fill.count = self.value(fill.count);
                fill.pattern = shift(fill.pattern, patterns);
                FragmentKind::Fill(fill)
            }
            FragmentKind::Reserve { size } => FragmentKind::Reserve { size: self.value(size) },
        };
        Fragment { literal: base.literal + fragment.literal, span: fragment.span, kind }
    }
}

fn length(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than bytes of output")
}

fn moved(base: Position, position: Position) -> Position {
    Position { fragment: base.fragment + position.fragment, literal: base.literal + position.literal }
}

/// A section with the attributes of `part` and nothing in it.
fn empty_like(part: &Section, name: NameId, from: &Names, to: &mut Names) -> Section {
    let mut flat = part.flat.clone();
    flat.follows = flat.follows.map(|other| to.intern(from.get(other)));
    flat.vfollows = flat.vfollows.map(|other| to.intern(from.get(other)));
    Section {
        entsize: part.entsize,
        align: part.align,
        implicit_align: part.implicit_align,
        flat,
        order: part.order,
        ..Section::new(name, part.kind, part.flags, part.span)
    }
}

/// As ld does: rights are added up, contents win over zeroes, the strictest alignment holds.
fn merge_attributes(section: &mut Section, part: &Section) {
    section.flags.alloc |= part.flags.alloc;
    section.flags.write |= part.flags.write;
    section.flags.exec |= part.flags.exec;
    section.flags.tls |= part.flags.tls;
    section.flags.merge &= part.flags.merge;
    section.flags.strings &= part.flags.strings;
    if section.kind == SectionKind::Nobits {
        section.kind = part.kind;
    }
    section.align = section.align.max(part.align);
    section.implicit_align = section.implicit_align.max(part.implicit_align);
}

/// Pads the joined section so that the next part starts where its own alignment wants it.
fn align_end(section: &mut Section, part: &Section, machine: Machine) {
    if part.align <= 1 || part.is_empty() || section.is_empty() {
        return;
    }
    let x86 = matches!(machine, Machine::X86_64 | Machine::I386);
    let byte = if section.flags.exec && x86 { 0x90 } else { 0 };
    let start = length(section.patterns.len());
    section.patterns.push(byte);
    let position = section.end();
    if let Some(items) = &mut section.items {
        items.push(Item { position, kind: super::ItemKind::Padding, span: part.span });
    }
    section.fragments.push(Fragment {
        literal: position.literal,
        span: part.span,
        kind: FragmentKind::Align(Align { boundary: part.align, pattern: start..start + 1, nops: None }),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{FixupKind, SectionFlags};

    /// A unit with `length` bytes of .text, `defines` as a global at its end, `wants` as an extern that it points to.
    fn unit(length: usize, defines: &str, wants: &str, align: u64) -> Unit {
        let mut unit = Unit::new(Machine::X86_64);
        let name = unit.names.intern(b".text");
        let mut text = Section::new(name, SectionKind::Progbits, SectionFlags::TEXT, Span::new(1, 2));
        text.literal = vec![0xcc; length];
        text.align = align;
        let end = text.end();
        let wanted = unit.names.intern(wants.as_bytes());
        let external =
            Symbol { binding: Binding::Global, external: true, ..Symbol::new(wanted, Span::new(3, 4)) };
        unit.symbols.push(external);
        let defined = unit.names.intern(defines.as_bytes());
        unit.symbols.push(Symbol {
            binding: Binding::Global,
            definition: Definition::Label { section: SectionId(0), position: end },
            ..Symbol::new(defined, Span::new(5, 6))
        });
        text.fixups.push(Fixup {
            position: Position::default(),
            width: 4,
            kind: FixupKind::Absolute,
            value: Value::Symbol { symbol: SymbolId(0), addend: 0 },
            span: Span::new(7, 8),
        });
        unit.sections.push(text);
        unit
    }

    #[test]
    fn sections_are_joined_and_globals_meet_externs_in_both_directions() {
        let mut diagnostics = Diagnostics::new();
        let joined = link(vec![unit(8, "a", "b", 1), unit(5, "b", "a", 16)], &mut diagnostics).unwrap();
        assert_eq!(joined.sections.len(), 1);
        let text = &joined.sections[0];
        assert_eq!(text.literal.len(), 13);
        assert_eq!(text.fragments.len(), 1, "the second part asks for 16 bytes");
        assert_eq!(text.fixups[1].position, Position { fragment: 1, literal: 8 });
        assert_eq!(joined.symbols.len(), 2);
        let defined = |name: &str| {
            let id = joined.names.find(name.as_bytes()).unwrap();
            joined.symbols.iter().find(|symbol| symbol.name == id).unwrap().definition
        };
        assert!(matches!(
            defined("a"),
            Definition::Label { position: Position { fragment: 0, literal: 8 }, .. }
        ));
        assert!(matches!(
            defined("b"),
            Definition::Label { position: Position { fragment: 1, literal: 13 }, .. }
        ));
        report_undefined(&joined, &|_| false, &mut diagnostics);
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_symbol_defined_twice_shows_both_places() {
        let mut diagnostics = Diagnostics::new();
        assert!(link(vec![unit(1, "a", "b", 1), unit(1, "a", "b", 1)], &mut diagnostics).is_none());
        let error = diagnostics.iter().next().unwrap();
        assert_eq!(error.message, "`a` is defined in two files");
        assert_eq!(error.labels.len(), 1);
    }

    #[test]
    fn a_function_of_the_c_library_is_answered_with_the_system_call() {
        let mut diagnostics = Diagnostics::new();
        let joined = link(vec![unit(1, "a", "printf", 1)], &mut diagnostics).unwrap();
        report_undefined(&joined, &|_| false, &mut diagnostics);
        let error = diagnostics.iter().next().unwrap();
        assert_eq!(error.message, "undefined symbol `printf`");
        assert_eq!(error.hint.as_deref(), Some("use the system call write(fd, buffer, length)"));
    }
}
