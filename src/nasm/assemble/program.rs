//! The unit under construction: symbols by name, the current section, and which distances are known already.

use std::collections::BTreeMap;

use super::{Affixes, Answers};
use crate::elf::records::Class;
use crate::isa::x86::Bits;
use crate::nasm::expr::{Rest, Term, Waiting};
use crate::nasm::value::FloatMode;
use crate::source::{Diagnostic, Span, WarningPolicy};
use crate::unit::{
    Binding, Definition, Fragment, FragmentKind, ListedLine, NameId, Names, Position, SectionId, Shown,
    Symbol, SymbolId, SymbolKind, Unit, Value,
};

/// Everything that statements change.
pub(in crate::nasm) struct Program {
    pub(in crate::nasm) unit: Unit,
    /// Number of the symbol plus one, by name.
    symbol_of: Vec<u32>,
    pub(super) section_of_name: BTreeMap<NameId, SectionId>,
    /// By symbol: whether an expression mentions it.
    pub(super) used: Vec<bool>,
    pub(super) section: SectionId,
    /// By section.
    known: Vec<KnownSizes>,
    /// `absolute`: where the next label lies, when no section is current.
    pub(super) absolute: Option<Term>,
    /// The start of the current statement: what `$` means.
    pub(super) start: Position,
    /// The last label that is not local, in full.
    parent: Vec<u8>,
    parent_hash: u32,
    scratch: Vec<u8>,
    pub(in crate::nasm) bits: Bits,
    pub(in crate::nasm) default_rel: bool,
    pub(super) default_bnd: bool,
    /// Whether `align` raises the alignment of its section.
    pub(super) sectalign: bool,
    pub(in crate::nasm) float_mode: FloatMode,
    /// `-f bin`.
    pub(super) flat: bool,
    /// `-t`.
    pub(in crate::nasm) tasm: bool,
    /// Bytes of a pointer in the output's tables.
    pub(super) pointer: u64,
    /// Whether bytes were written that depend on where they stand: the next turn of `times` needs its own.
    pub(super) place_dependent: bool,
    pub(super) answers: Answers,
    /// Which warnings were shown before the first line, and at each `[warning push]`.
    pub(super) given_warnings: WarningPolicy,
    pub(super) warnings: Vec<WarningPolicy>,
    /// Symbols of flat output that were given types, visibilities or sizes.
    pub(super) flat_attributes: Vec<usize>,
    /// What stood behind the colon of a symbol's declaration.
    pub(super) attributes: BTreeMap<usize, Vec<u8>>,
    /// The first instruction that only another mode has.
    pub(super) other_mode: Option<Span>,
    /// Symbols that belong to the last label before them, where there is none.
    pub(super) orphans: Vec<SymbolId>,
    /// The symbol that was defined last, while no data was seen behind it; none if it stands for a mere number.
    pub(super) newest: Option<SymbolId>,
    /// Symbols with data behind them, and the size of an element: types for debuggers.
    pub(super) of_data: Vec<(SymbolId, u64)>,
    /// What stands around the names of symbols.
    pub(super) affixes: Affixes,
    /// Which of them `%pragma` has set: prefix and suffix of globals, then of locals.
    pub(super) given_affixes: [bool; 4],
    /// Symbols that `static` names.
    pub(super) statics: Vec<usize>,
    /// Expressions have mentioned so many symbols that were not defined before them.
    pub(super) forward: u32,
    /// What the expressions that are being read have open.
    pub(in crate::nasm) waiting: Vec<Waiting>,
    /// Macros that nasm would have called for directives.
    pub(super) macro_calls: u64,
    /// Whether the item table is wanted.
    pub(super) items: bool,
    /// Counts definitions and named sections, for the order in which object files list them.
    listed: u32,
}

/// For each number of fragments: how many of them have no size yet, and how many bytes the others have.
struct KnownSizes(Vec<(u32, u64)>);

impl Program {
    pub(super) fn new(unit: Unit, bits: Bits, flat: bool) -> Self {
        let unit_class = unit.machine.class();
        Program {
            unit,
            symbol_of: Vec::new(),
            section_of_name: BTreeMap::new(),
            used: Vec::new(),
            section: SectionId(0),
            known: Vec::new(),
            absolute: None,
            start: Position::default(),
            parent: Vec::new(),
            parent_hash: Names::hash(b""),
            scratch: Vec::new(),
            bits,
            default_rel: false,
            default_bnd: false,
            sectalign: true,
            float_mode: FloatMode::default(),
            flat,
            tasm: false,
            pointer: if unit_class == Class::Elf64 { 8 } else { 4 },
            place_dependent: false,
            answers: Answers::default(),
            given_warnings: WarningPolicy::default(),
            warnings: Vec::new(),
            flat_attributes: Vec::new(),
            attributes: BTreeMap::new(),
            other_mode: None,
            orphans: Vec::new(),
            affixes: Affixes::default(),
            given_affixes: [false; 4],
            newest: None,
            of_data: Vec::new(),
            statics: Vec::new(),
            forward: 0,
            waiting: Vec::new(),
            macro_calls: 0,
            items: false,
            listed: 0,
        }
    }

    /// A line of the listing, with where the program stands.
    pub(super) fn listed_line(&self, shown: Shown, span: Span, depth: u32, said: usize) -> ListedLine {
        ListedLine {
            shown,
            span,
            depth,
            section: self.section,
            position: self.end(),
            absolute: self.absolute.and_then(|place| place.as_number()),
            said,
        }
    }

    /// `$`.
    pub(in crate::nasm) fn here(&self) -> Term {
        self.absolute.unwrap_or_else(|| Term::rest(Rest::Here(self.section, self.start)))
    }

    /// `$$`.
    pub(in crate::nasm) fn section_start(&mut self) -> Term {
        let section = match self.absolute {
            None => Some(self.section),
            Some(place) if place.rest == Rest::None => None,
            Some(place) => {
                let place = self.value(&place);
                self.section_of(place)
            }
        };
        section.map_or(Term::number(0), |section| Term::rest(Rest::Here(section, Position::default())))
    }

    /// The symbol of a name as a source writes it, made if it is new, and marked as used.
    #[inline]
    pub(in crate::nasm) fn mention(&mut self, word: &[u8], span: Span) -> SymbolId {
        let symbol = self.symbol(word, span);
        self.used[symbol.0 as usize] = true;
        if matches!(self.unit.symbol(symbol).definition, Definition::Undefined) {
            self.forward += 1;
        }
        symbol
    }

    /// The symbol of a name; `.x` belongs to the last label that is not local.
    pub(super) fn symbol(&mut self, word: &[u8], span: Span) -> SymbolId {
        if self.is_local(word) {
            let hash = word.iter().fold(self.parent_hash, |hash, &byte| Names::hash_step(hash, byte));
            self.scratch.clear();
            self.scratch.extend_from_slice(&self.parent);
            self.scratch.extend_from_slice(word);
            let name = self.unit.names.intern_hashed(&self.scratch, hash);
            let id = self.symbol_named(name, span);
            if self.parent.is_empty() && self.orphans.last() != Some(&id) {
                self.orphans.push(id);
            }
            return id;
        }
        let name = self.unit.names.intern(word);
        self.symbol_named(name, span)
    }

    fn symbol_named(&mut self, name: NameId, span: Span) -> SymbolId {
        let index = name.0 as usize;
        if index >= self.symbol_of.len() {
            self.symbol_of.resize((index + 1).max(self.symbol_of.len() * 2), 0);
        }
        if let Some(number) = self.symbol_of[index].checked_sub(1) {
            return SymbolId(number);
        }
        self.unit.symbols.push(Symbol::new(name, span));
        self.used.push(false);
        let count = u32::try_from(self.unit.symbols.len()).expect("fewer symbols than bytes of source");
        self.symbol_of[index] = count;
        SymbolId(count - 1)
    }

    /// `.x` before every label belongs to the last label of the source: nasm reads it more than once and does not
    /// begin anew with the labels.
    pub(super) fn adopt_orphans(&mut self) -> Vec<Diagnostic> {
        let mut wrong = Vec::new();
        let orphans = std::mem::take(&mut self.orphans);
        for id in orphans.into_iter().filter(|_| !self.parent.is_empty()) {
            let name = [&self.parent, self.unit.names.get(self.unit.symbol(id).name)].concat();
            let whole = self.unit.names.intern(&name);
            let known = self.symbol_of.get(whole.0 as usize).and_then(|number| number.checked_sub(1));
            let defined = !matches!(self.unit.symbol(id).definition, Definition::Undefined);
            match known.map(SymbolId) {
                None => self.unit.symbols[id.0 as usize].name = whole,
                Some(other) if other == id => {}
                Some(other)
                    if defined && !matches!(self.unit.symbol(other).definition, Definition::Undefined) =>
                {
                    let (first, again) = (self.unit.symbol(id).span, self.unit.symbol(other).span);
                    let message = format!("`{}` is defined twice", String::from_utf8_lossy(&name));
                    wrong.push(Diagnostic::error(again, message).label(first, "first defined here"));
                }
                Some(other) => {
                    let (from, to) = if defined { (id, other) } else { (other, id) };
                    self.unit.symbols[to.0 as usize].definition =
                        Definition::Equ(Value::Symbol { symbol: from, addend: 0 });
                }
            }
        }
        wrong
    }

    /// What a symbol stands for in an expression; a constant is a number at once.
    pub(in crate::nasm) fn symbol_term(&self, symbol: SymbolId) -> Term {
        match self.unit.symbol(symbol).definition {
            Definition::Equ(Value::Const(number)) => Term::number(number),
            Definition::Equ(Value::Symbol { symbol, addend }) => {
                Term { number: addend, ..Term::rest(Rest::Symbol(symbol)) }
            }
            Definition::Equ(Value::Expr(id)) => match self.unit.exprs.get(id) {
                crate::unit::Expr::Here(section, position) => Term::rest(Rest::Here(section, position)),
                _ => Term::rest(Rest::Expr(id)),
            },
            _ => Term::rest(Rest::Symbol(symbol)),
        }
    }

    /// The next number in the order of definitions and named sections.
    pub(super) fn next_in_order(&mut self) -> u32 {
        self.listed += 1;
        self.listed
    }

    /// Names with two dots are the formats' own, but for `..@x`.
    fn refused_name(&self, word: &[u8]) -> Option<String> {
        const OF_ELF: [&[u8]; 8] =
            [b"start", b"gotpc", b"gotoff", b"got", b"plt", b"sym", b"tlsie", b"gottpoff"];
        let special = word.strip_prefix(b"..").filter(|rest| rest.first() != Some(&b'@'))?;
        let known = !self.flat && OF_ELF.contains(&special);
        (!known).then(|| format!("`{}` is no special symbol of this format", String::from_utf8_lossy(word)))
    }

    /// Defines a symbol; the error is the diagnostic for a second definition.
    pub(super) fn define(
        &mut self,
        word: &[u8],
        span: Span,
        definition: Definition,
    ) -> Result<SymbolId, Box<Diagnostic>> {
        if let Some(problem) = self.refused_name(word) {
            return Err(Box::new(Diagnostic::error(span, problem)));
        }
        let id = self.symbol(word, span);
        let order = self.next_in_order();
        let old = self.unit.symbol(id).definition;
        self.newest = (!matches!(definition, Definition::Equ(Value::Const(_)))).then_some(id);
        let symbol = &mut self.unit.symbols[id.0 as usize];
        match (old, definition) {
            (Definition::Undefined, _) => {
                symbol.definition = definition;
                symbol.span = span;
                symbol.external = false;
                symbol.order = order;
            }
            (Definition::Equ(Value::Const(old)), Definition::Equ(Value::Const(new))) if old == new => {}
            (
                Definition::Label { section: old, position: from },
                Definition::Label { section: new, position: to },
            ) if old == new && from == to => {}
            _ => {
                let first = symbol.span;
                let name = self.unit.symbol_name(id);
                let error = Diagnostic::error(span, format!("`{name}` is defined twice"));
                return Err(Box::new(error.label(first, "first defined here")));
            }
        }
        Ok(id)
    }

    /// Defines a label at the current place, and makes it the parent of local labels.
    pub(super) fn define_label(&mut self, word: &[u8], span: Span) -> Result<(), Box<Diagnostic>> {
        let definition = match self.absolute {
            None => Definition::Label { section: self.section, position: self.end() },
            Some(place) => Definition::Equ(self.value(&place)),
        };
        self.define(word, span, definition)?;
        if word.first() != Some(&b'.') && !self.is_local(word) {
            self.parent.clear();
            self.parent.extend_from_slice(word);
            self.parent_hash = Names::hash(word);
        }
        Ok(())
    }

    /// Data with elements of `size` bytes begins: that is what the symbol before it stands for.
    #[inline]
    pub(super) fn data_begins(&mut self, size: u64) {
        if let Some(symbol) = self.newest.take() {
            self.of_data.push((symbol, size));
        }
    }

    /// Tells debuggers which local symbols are data; what a directive said of a symbol stands.
    pub(super) fn type_data(&mut self) {
        for (id, size) in std::mem::take(&mut self.of_data) {
            let symbol = &mut self.unit.symbols[id.0 as usize];
            if symbol.binding == Binding::Local && symbol.kind == SymbolKind::None {
                symbol.kind = SymbolKind::Object;
                symbol.size = Some(Value::Const(size.cast_signed()));
            }
        }
    }

    /// The place after everything in the current section.
    #[inline]
    pub(super) fn end(&self) -> Position {
        self.unit.sections[self.section.0 as usize].end()
    }

    /// The current section's bytes.
    #[inline]
    pub(super) fn literal(&mut self) -> &mut Vec<u8> {
        &mut self.unit.sections[self.section.0 as usize].literal
    }

    pub(super) fn note_section(&mut self) {
        self.known.push(KnownSizes(vec![(0, 0)]));
    }

    /// Appends a fragment to the current section; `size` is its bytes where they are known.
    pub(super) fn push_fragment(&mut self, kind: FragmentKind, size: Option<u64>, span: Span) {
        let literal = self.end().literal;
        let index = self.section.0 as usize;
        self.unit.sections[index].fragments.push(Fragment { literal, span, kind });
        let known = &mut self.known[index].0;
        let (unknown, bytes) = *known.last().expect("it begins with one entry");
        known.push(match size {
            Some(size) => (unknown, bytes.saturating_add(size)),
            None => (unknown + 1, bytes),
        });
    }

    /// From one place to another of a section, if every size between them is known.
    #[inline]
    pub(in crate::nasm) fn known_distance(
        &self,
        section: SectionId,
        from: Position,
        to: Position,
    ) -> Option<i64> {
        let literal = i64::from(to.literal) - i64::from(from.literal);
        if from.fragment == to.fragment {
            return Some(literal);
        }
        let known = &self.known[section.0 as usize].0;
        let (unknown_from, bytes_from) = known[from.fragment as usize];
        let (unknown_to, bytes_to) = known[to.fragment as usize];
        (unknown_from == unknown_to).then(|| literal + bytes_to as i64 - bytes_from as i64)
    }

    /// Remembers that a distance became a number.
    pub(in crate::nasm) fn note_distance(&mut self, section: SectionId, from: Position, to: Position) {
        if self.items {
            self.unit.sections[section.0 as usize].note_distance(from, to);
        }
    }

    /// How many fragments without a size stand before a place, and the bytes of those with one.
    pub(super) fn known_before(&self, section: SectionId, position: Position) -> (u32, u64) {
        self.known[section.0 as usize].0[position.fragment as usize]
    }

    /// The offset of the current end from the section's start, if it is known.
    pub(super) fn known_offset(&self) -> Option<i64> {
        self.known_distance(self.section, Position::default(), self.end())
    }

    /// Whether a name belongs to the label before it: one dot, not two, or `@@` of TASM's.
    #[inline]
    fn is_local(&self, word: &[u8]) -> bool {
        match word {
            [b'.', next, ..] => *next != b'.',
            [b'@', b'@', ..] => self.tasm,
            _ => false,
        }
    }
}
