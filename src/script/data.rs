//! Strings, `data` and `space`: the program's memory, equal read-only data stored once.

use super::ast::*;
use super::fold;
use super::ir::{DataId, Datum, Operand, Place, Pointer};
use super::lower::Lowerer;
use super::names::Meaning;
use super::values::Value;
use crate::source::{Diagnostic, Span};

/// More than this in one datum is surely a mistake; bytes of a file are cheap, the reader's time is not.
const MAX_BYTES: i64 = 16 << 20;
/// The largest `space`, in bytes: all of it must be reachable from the code.
const MAX_SPACE: i64 = 1 << 30;

impl Lowerer<'_> {
    /// A string as a datum; an equal one that is there already is shared.
    pub(super) fn string(&mut self, bytes: Vec<u8>, terminated: bool, span: Span) -> DataId {
        let same = |datum: &Datum| datum.name.is_none() && datum.bytes == bytes;
        if let Some(at) = self.program.data.iter().position(same) {
            self.program.data[at].terminated |= terminated;
            return data_id(at);
        }
        let size = bytes.len() as u64;
        self.program.data.push(Datum {
            name: None,
            place: Place::ReadOnly,
            bytes,
            terminated,
            size,
            align: 1,
            pointers: Vec::new(),
            span,
        });
        data_id(self.program.data.len() - 1)
    }

    /// Gives the names of all declarations a meaning: their contents may name each other.
    pub(super) fn declare_all(&mut self, block: &Block) {
        let mut found = Vec::new();
        collect(block, &mut found);
        for (_, statement) in &found {
            match &statement.node {
                StatementKind::Data(data) => {
                    let place = if data.mutable { Place::Mutable } else { Place::ReadOnly };
                    self.declare(&data.name, place);
                }
                StatementKind::Space(name, _) => self.declare(name, Place::Space),
                _ => {}
            }
        }
    }

    /// Fills in what the declarations hold.
    pub(super) fn define_all(&mut self, block: &Block) {
        let mut found = Vec::new();
        collect(block, &mut found);
        for (inner, statement) in &found {
            if *inner {
                let text = "declarations stand outside of blocks";
                self.diagnostics.push(Diagnostic::error(statement.span, text));
                continue;
            }
            match &statement.node {
                StatementKind::Data(data) => self.data(data),
                StatementKind::Space(name, size) => self.space(name, size),
                _ => {}
            }
        }
    }

    fn declare(&mut self, name: &Name, place: Place) {
        let before = match self.names.get(&name.node) {
            Some(Meaning::Data(_, span) | Meaning::Number(_, span) | Meaning::Text(_, span)) => Some(*span),
            _ => None,
        };
        if let Some(span) = before {
            let wrong = Diagnostic::error(name.span, format!("`{}` is declared twice", name.node));
            self.diagnostics.push(wrong.label(span, "first declared here"));
            return;
        }
        if crate::syscall::constant(&name.node, self.machine).is_some()
            || super::names::WORDS.contains(&name.node.as_str())
        {
            self.diagnostics.error(name.span, format!("`{}` already has a meaning", name.node));
            return;
        }
        let id = data_id(self.program.data.len());
        self.program.data.push(Datum {
            name: Some(name.node.clone()),
            place,
            bytes: Vec::new(),
            terminated: false,
            size: 0,
            align: 1,
            pointers: Vec::new(),
            span: name.span,
        });
        self.names.insert(name.node.clone(), Meaning::Data(id, name.span));
    }

    fn space(&mut self, name: &Name, size: &Expr) {
        let Some(bytes) = self.constant(size) else { return };
        if !(1..=MAX_SPACE).contains(&bytes) {
            let text = format!("a space of {bytes} bytes; it may have 1 to {MAX_SPACE}");
            return self.diagnostics.error(size.span, text);
        }
        if let Some(Meaning::Data(id, span)) = self.names.get(&name.node)
            && *span == name.span
        {
            let datum = &mut self.program.data[id.0 as usize];
            datum.size = bytes.unsigned_abs();
            // A word's alignment costs nothing in memory and lets every width be read.
            datum.align = u64::from(fold::word_bits(self.machine) / 8).min(datum.size.next_power_of_two());
        }
    }

    fn data(&mut self, data: &Data) {
        let Some(Meaning::Data(id, span)) = self.names.get(&data.name.node).cloned() else { return };
        if span != data.name.span {
            return;
        }
        let mut built = Built { bytes: Vec::new(), pointers: Vec::new(), align: 1 };
        for field in &data.fields {
            if let Some(name) = &field.name {
                let key = (id, name.node.clone());
                if self.fields.insert(key, built.bytes.len() as i64).is_some() {
                    self.diagnostics.error(name.span, format!("the field `{}` is there twice", name.node));
                }
            }
            self.field(field, &mut built);
            if built.bytes.len() as i64 > MAX_BYTES {
                self.diagnostics.error(field.span, format!("the data is larger than {MAX_BYTES} bytes"));
                return;
            }
        }
        let datum = &mut self.program.data[id.0 as usize];
        datum.size = built.bytes.len() as u64;
        datum.bytes = built.bytes;
        datum.pointers = built.pointers;
        datum.align = built.align;
    }

    fn field(&mut self, field: &Field, built: &mut Built) {
        match &field.kind {
            FieldKind::Address(bytes) => built.bytes.extend_from_slice(bytes),
            FieldKind::Bytes(values) => {
                for value in values {
                    match self.value(value) {
                        Some(Value::Text(bytes)) => built.bytes.extend_from_slice(&bytes),
                        Some(other) => self.number(value, &other, 1, false, built),
                        None => {}
                    }
                }
            }
            FieldKind::Zero(count) => {
                let Some(count) = self.constant(count) else { return };
                if !(0..=MAX_BYTES).contains(&count) {
                    return self.diagnostics.error(field.span, format!("`zero {count}` is out of range"));
                }
                built.bytes.resize(built.bytes.len() + count as usize, 0);
            }
            FieldKind::Align(boundary) => {
                let Some(boundary) = self.constant(boundary) else { return };
                if !(1..=4096).contains(&boundary) || boundary.count_ones() != 1 {
                    let text = format!("`align {boundary}`: expected a power of two up to 4096");
                    return self.diagnostics.error(field.span, text);
                }
                let wanted = built.bytes.len().next_multiple_of(boundary as usize);
                built.bytes.resize(wanted, 0);
                built.align = built.align.max(boundary as u64);
            }
            FieldKind::Numbers { width, big_endian, values } => {
                let word = (fold::word_bits(self.machine) / 8) as u8;
                let width = if *width == 0 { word } else { *width };
                for value in values {
                    if let Some(found) = self.value(value) {
                        self.number(value, &found, width, *big_endian, built);
                    }
                }
            }
        }
    }

    fn number(&mut self, expr: &Expr, value: &Value, width: u8, big_endian: bool, built: &mut Built) {
        let number = match value {
            Value::Operand(Operand::Const(number)) => *number,
            Value::Operand(Operand::Data(target, addend)) => {
                return self.pointer(expr, *target, *addend, width, big_endian, built);
            }
            Value::Text(bytes) => {
                let target = self.string(bytes.clone(), true, expr.span);
                return self.pointer(expr, target, 0, width, big_endian, built);
            }
            Value::Operand(_) => return self.constant_wanted(expr.span),
        };
        let bits = u32::from(width) * 8;
        let fits = bits >= fold::word_bits(self.machine)
            || (number >= -(1_i64 << (bits - 1)) && number < 1_i64 << bits);
        if !fits {
            let text = format!("{number} does not fit in {bits} bits");
            return self.diagnostics.error(expr.span, text);
        }
        let bytes = number.to_le_bytes();
        let bytes = &bytes[..usize::from(width)];
        if big_endian {
            built.bytes.extend(bytes.iter().rev());
        } else {
            built.bytes.extend_from_slice(bytes);
        }
    }

    fn pointer(
        &mut self,
        expr: &Expr,
        target: DataId,
        addend: i64,
        width: u8,
        big_endian: bool,
        built: &mut Built,
    ) {
        if u32::from(width) * 8 != fold::word_bits(self.machine) || big_endian {
            let wrong = Diagnostic::error(expr.span, "an address takes a whole word");
            return self.diagnostics.push(wrong.hint("write `word` for the type of the field"));
        }
        let offset = u32::try_from(built.bytes.len()).unwrap_or(u32::MAX);
        built.pointers.push(Pointer { offset, target, addend });
        built.bytes.resize(built.bytes.len() + usize::from(width), 0);
        self.needs_text_end(target);
    }

    /// The address of a datum goes where its length does not: text that begins there must end in a NUL.
    pub(super) fn needs_text_end(&mut self, id: DataId) {
        let datum = &mut self.program.data[id.0 as usize];
        if datum.place != Place::Space && datum.bytes.last() != Some(&0) {
            datum.terminated = true;
        }
    }
}

struct Built {
    bytes: Vec<u8>,
    pointers: Vec<Pointer>,
    align: u64,
}

fn data_id(at: usize) -> DataId {
    DataId(u32::try_from(at).expect("fewer data than bytes of source"))
}

/// Every declaration, and whether it stands inside a block.
fn collect<'a>(block: &'a Block, found: &mut Vec<(bool, &'a Statement)>) {
    fn inner<'a>(block: &'a Block, nested: bool, found: &mut Vec<(bool, &'a Statement)>) {
        for statement in block {
            match &statement.node {
                StatementKind::Data(_) | StatementKind::Space(..) => found.push((nested, statement)),
                StatementKind::If(arms, otherwise) => {
                    arms.iter().for_each(|(_, block)| inner(block, true, found));
                    otherwise.iter().for_each(|block| inner(block, true, found));
                }
                StatementKind::While(_, block) | StatementKind::Loop(block) => inner(block, true, found),
                _ => {}
            }
        }
    }
    inner(block, false, found);
}
