//! The global offset table of a static program: what `wrt` asks of a linker (nasmdoc 8.9.3), done before sizes.
//!
//! ```text
//! mov rax,[rel x wrt ..got]      → lea rax,[rel x]                     as GNU ld does
//! call [rel f wrt ..got]         → call [rel slot]              .got:  slot: dq f
//! mov rax,[rel t wrt ..gottpoff] → mov rax,[rel slot]                  slot: dq t - thread pointer
//! mov rax,x wrt ..gotoff         → x - _GLOBAL_OFFSET_TABLE_
//! ```
//!
//! A unit goes in and the same unit comes out with plain values and a section `.got`, so that everything behind
//! needs to know nothing of tables.  Nothing writes the table: the addresses in it are known, and it is read-only data.
//! Where a program names the table, it begins with the three words that the psABI keeps for a dynamic linker, zeroes.

use super::bounds::THREAD_POINTER;
use crate::elf::records::Class;
use crate::source::Span;
use crate::unit::{
    Base, BinaryOp, Binding, Definition, Evaluated, Expr, ExprId, Fixup, FixupKind, FragmentKind, Offsets,
    Position, Section, SectionFlags, SectionId, SectionKind, Symbol, SymbolId, SymbolKind, Unit, Value, Wrt,
    evaluate, places, symbols, used_undefined,
};

/// The name of the table.
const TABLE: &[u8] = b"_GLOBAL_OFFSET_TABLE_";

/// Words at the start of a table that the program names.
const RESERVED: usize = 3;

/// Makes of `..gotpc` in data and immediates the distance to the table that it means.  That counts from the start of the
/// source's own part of the section: this comes before units are joined.
pub fn anchor_got(unit: &mut Unit) {
    for used in uses(unit) {
        let is_table = matches!(used.target, Some(Base::Symbol(symbol)) if is_named_table(unit, symbol));
        if used.wrt == Wrt::Gotpc && !used.relative && is_table {
            let start = unit.exprs.push(Expr::SectionStart(used.place.section));
            let value = difference(unit, used.value, start);
            set(unit, used.place, value);
        }
    }
}

/// Makes the table.
pub fn place_got(unit: &mut Unit) {
    let base = (0..)
        .map(SymbolId)
        .take(unit.symbols.len())
        .find(|&id| is_named_table(unit, id) && matches!(unit.symbol(id).definition, Definition::Undefined));
    let is_named = base.is_some_and(|base| used_undefined(unit).any(|(id, _)| id == base));
    let reserved = if is_named { RESERVED } else { 0 };
    let mut table = Table { slots: Vec::new(), reserved, base, pointer: None };
    for used in uses(unit) {
        table.take(unit, &used);
    }
    if let Some(base) = table.base.filter(|_| is_named || !table.slots.is_empty()) {
        table.place(unit, base);
    }
}

fn is_named_table(unit: &Unit, symbol: SymbolId) -> bool {
    unit.names.get(unit.symbol(symbol).name) == TABLE
}

/// A value that is seen through the table.
#[derive(Clone, Copy, Debug)]
struct Use {
    place: Place,
    value: Value,
    wrt: Wrt,
    target: Option<Base>,
    /// Whether the field holds a distance.
    relative: bool,
    /// What stands before the field: in most instructions the operation code, and the byte that says how operands are
    /// addressed.
    before: [u8; 2],
    span: Span,
}

/// Where a value stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    section: SectionId,
    kind: PlaceKind,
}

#[derive(Clone, Copy, Debug)]
enum PlaceKind {
    Fixup(usize),
    /// One of the two values of a sized instruction, or a branch's target.
    Fragment(usize, usize),
}

/// Positions as numbers that differ where positions do: enough to see what a value is made of.
struct Apart;

impl Offsets for Apart {
    fn offset(&self, _: SectionId, position: Position) -> u64 {
        u64::from(position.fragment) << 32 | u64::from(position.literal)
    }
}

/// Every value with a `wrt`, other than those that mean the address itself.
fn uses(unit: &Unit) -> Vec<Use> {
    let mut out = Vec::new();
    if !unit.exprs.have_wrt() {
        return out;
    }
    let mut note = |place, value, kind, before, span| {
        let Ok(Evaluated { wrt: Some(wrt), plus: target, .. }) = evaluate(unit, &Apart, value) else {
            return;
        };
        if !matches!(wrt, Wrt::Plt | Wrt::Sym) {
            let relative = matches!(kind, FixupKind::Relative { .. });
            out.push(Use { place, value, wrt, target, relative, before, span });
        }
    };
    for (id, section) in unit.sections() {
        let place = |kind| Place { section: id, kind };
        for (index, fixup) in section.fixups.iter().enumerate() {
            let before = section.literal[..fixup.position.literal as usize].last_chunk();
            let before = before.copied().unwrap_or_default();
            note(place(PlaceKind::Fixup(index)), fixup.value, fixup.kind, before, fixup.span);
        }
        for (index, fragment) in section.fragments.iter().enumerate() {
            let mut note = |which, value, kind, before| {
                note(place(PlaceKind::Fragment(index, which)), value, kind, before, fragment.span);
            };
            match &fragment.kind {
                FragmentKind::Branch(branch) => {
                    let kind = FixupKind::Relative { end: branch.near_width };
                    note(0, branch.target, kind, [0; 2]);
                }
                FragmentKind::Sized(sized) => {
                    // The last candidate takes addresses.
                    let last = &section.candidates[sized.candidates.end as usize - 1];
                    for (which, field) in last.fields.iter().enumerate() {
                        let Some((field, _)) = field else { continue };
                        let before = last.encoding.as_slice()[..usize::from(field.offset)].last_chunk();
                        let before = before.copied().unwrap_or_default();
                        note(which, sized.values[which], field.kind, before);
                    }
                }
                _ => {}
            }
        }
    }
    out
}

/// Puts another value in its place.
fn set(unit: &mut Unit, place: Place, value: Value) {
    let section = &mut unit.sections[place.section.0 as usize];
    match place.kind {
        PlaceKind::Fixup(index) => section.fixups[index].value = value,
        PlaceKind::Fragment(index, which) => match &mut section.fragments[index].kind {
            FragmentKind::Branch(branch) => branch.target = value,
            FragmentKind::Sized(sized) => sized.values[which] = value,
            _ => {}
        },
    }
}

fn expr(unit: &mut Unit, value: Value) -> ExprId {
    match value {
        Value::Expr(id) => id,
        value => unit.exprs.push(Expr::Value(value)),
    }
}

/// A difference that is no plain number while sizes are found: those were chosen for an address.
fn difference(unit: &mut Unit, value: Value, from: ExprId) -> Value {
    let value = expr(unit, value);
    let difference = unit.exprs.push(Expr::Binary(BinaryOp::Sub, value, from));
    Value::Expr(unit.exprs.push(Expr::Wrt(difference, Wrt::Sym)))
}

/// An undefined symbol that is defined later.
fn external(unit: &mut Unit, name: &[u8], span: Span) -> SymbolId {
    let name = unit.names.intern(name);
    unit.symbols.push(Symbol { external: true, ..Symbol::new(name, span) });
    SymbolId(u32::try_from(unit.symbols.len() - 1).expect("fewer symbols than bytes of source"))
}

/// What a slot holds, for comparison: what it counts from, how far from it, and whether as seen by a thread.
type Content = (Base, i64, bool);

struct Table {
    slots: Vec<(Option<Content>, Value, Span)>,
    reserved: usize,
    base: Option<SymbolId>,
    /// The symbol for the thread pointer.
    pointer: Option<SymbolId>,
}

impl Table {
    /// Puts in place of a value what it means.
    fn take(&mut self, unit: &mut Unit, used: &Use) {
        let wide = unit.machine.class() == Class::Elf64;
        // On i386 a register holds the table's address, or else the slot's address is meant.
        let is_address = used.relative || !wide && used.before[1] & 0xc7 == 0x05;
        let value = match used.wrt {
            Wrt::Got | Wrt::Gotpc if is_address && self.is_lea(unit, used) => {
                make_lea(unit, used);
                plain(unit, used.value)
            }
            Wrt::Got | Wrt::Gotpc if is_address => self.slot(unit, used),
            Wrt::Got => {
                let slot = self.slot(unit, used);
                self.offset_of(unit, slot, used.span)
            }
            Wrt::Gotoff if !used.relative => self.offset_of(unit, used.value, used.span),
            Wrt::Gottpoff | Wrt::Tlsie => self.slot(unit, used),
            // Those who fill in the field tell.
            Wrt::Gotpc | Wrt::Gotoff | Wrt::Plt | Wrt::Sym => return,
        };
        set(unit, used.place, value);
    }

    /// Whether a load from the table may as well compute the address.
    fn is_lea(&self, unit: &Unit, used: &Use) -> bool {
        let is_load = used.relative && used.before[0] == 0x8b && used.before[1] & 0xc7 == 0x05;
        let has_place = match used.target {
            Some(Base::Section(_)) => true,
            Some(Base::Symbol(symbol)) => unit.symbol(symbol).binding != Binding::Weak,
            None => false,
        };
        is_load && has_place && matches!(used.place.kind, PlaceKind::Fixup(_))
    }

    /// The address of the slot for a value.
    fn slot(&mut self, unit: &mut Unit, used: &Use) -> Value {
        let is_thread = matches!(used.wrt, Wrt::Gottpoff | Wrt::Tlsie);
        let content = content(unit, used.value, is_thread);
        let found = self.slots.iter().position(|slot| content.is_some() && slot.0 == content);
        let index = found.unwrap_or_else(|| {
            let value = if is_thread {
                let pointer = *self.pointer.get_or_insert_with(|| external(unit, THREAD_POINTER, used.span));
                let pointer = expr(unit, Value::Symbol { symbol: pointer, addend: 0 });
                difference(unit, used.value, pointer)
            } else {
                plain(unit, used.value)
            };
            self.slots.push((content, value, used.span));
            self.slots.len() - 1
        });
        let addend = ((self.reserved + index) * word(unit)) as i64;
        Value::Symbol { symbol: self.base(unit, used.span), addend }
    }

    fn base(&mut self, unit: &mut Unit, span: Span) -> SymbolId {
        *self.base.get_or_insert_with(|| external(unit, TABLE, span))
    }

    /// How far from the table an address lies.
    fn offset_of(&mut self, unit: &mut Unit, address: Value, span: Span) -> Value {
        let base = Value::Symbol { symbol: self.base(unit, span), addend: 0 };
        let base = expr(unit, base);
        difference(unit, address, base)
    }

    /// Makes the section, and the symbol a label at its start.
    fn place(self, unit: &mut Unit, base: SymbolId) {
        let word = word(unit);
        let name = unit.names.intern(b".got");
        let mut section = Section::new(name, SectionKind::Progbits, SectionFlags::RODATA, Span::NONE);
        section.align = word as u64;
        section.entsize = word as u64;
        section.literal = vec![0; (self.reserved + self.slots.len()) * word];
        section.fixups = (self.reserved..)
            .zip(self.slots)
            .map(|(index, (_, value, span))| Fixup {
                position: Position { fragment: 0, literal: (index * word) as u32 },
                width: word as u8,
                kind: FixupKind::Absolute,
                value,
                span,
            })
            .collect();
        let id = SectionId(u32::try_from(unit.sections.len()).expect("few sections"));
        let symbol = &mut unit.symbols[base.0 as usize];
        symbol.definition = Definition::Label { section: id, position: Position::default() };
        symbol.kind = SymbolKind::Object;
        symbol.size = Some(Value::Const(section.literal.len() as i64));
        symbol.binding = Binding::Local;
        unit.sections.push(section);
    }
}

/// The bytes of an address.
fn word(unit: &Unit) -> usize {
    if unit.machine.class() == Class::Elf64 { 8 } else { 4 }
}

/// What a slot for the value would hold; `None` for what is made of more than one address.
fn content(unit: &Unit, value: Value, is_thread: bool) -> Option<Content> {
    let is_one = places(unit, value).len() + symbols(unit, value).len() == 1;
    let found = evaluate(unit, &Apart, value).ok().filter(|_| is_one)?;
    Some((found.plus?, found.addend, is_thread))
}

/// The value without its `wrt`.
fn plain(unit: &mut Unit, value: Value) -> Value {
    let Value::Expr(id) = value else { return value };
    match unit.exprs.get(id) {
        Expr::Wrt(inner, _) => Value::Expr(inner),
        _ => Value::Expr(unit.exprs.push(Expr::Wrt(id, Wrt::Sym))),
    }
}

/// `mov reg,[memory]` to `lea reg,[memory]`.
fn make_lea(unit: &mut Unit, used: &Use) {
    let PlaceKind::Fixup(index) = used.place.kind else { return };
    let section = &mut unit.sections[used.place.section.0 as usize];
    let field = section.fixups[index].position.literal as usize;
    if let Some(opcode) = field.checked_sub(2).and_then(|at| section.literal.get_mut(at)) {
        *opcode = 0x8d;
    }
}
