//! Weak definitions that another unit's definition replaces: what the unit itself says about them keeps meaning its own.
//!
//! nasm writes a reference to a label of the same source as a place in its section, so that no linker changes it; only
//! `wrt` names the symbol itself.  Here the unit gets a local symbol beside the weak one, and its values name that.

use std::collections::BTreeMap;

use super::{Binding, Definition, Expr, ExprId, FragmentKind, Symbol, SymbolId, Unit, Value};

/// Separates every weak definition from its unit's references, where another unit defines the same name.
pub(super) fn keep_own(units: &mut [Unit]) {
    let weak = |symbol: &Symbol| is_defined(symbol) && symbol.binding == Binding::Weak;
    if units.len() < 2 || !units.iter().any(|unit| unit.symbols.iter().any(weak)) {
        return;
    }
    let mut definitions: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for unit in &*units {
        for symbol in unit.symbols.iter().filter(|one| is_defined(one) && one.binding != Binding::Local) {
            *definitions.entry(unit.names.get(symbol.name).to_vec()).or_default() += 1;
        }
    }
    for unit in units {
        let replaced =
            |symbol: &Symbol| weak(symbol) && definitions.get(unit.names.get(symbol.name)) > Some(&1);
        let own: BTreeMap<SymbolId, SymbolId> = (0..)
            .map(SymbolId)
            .zip(&unit.symbols)
            .filter(|(_, symbol)| replaced(symbol))
            .zip((unit.symbols.len() as u32..).map(SymbolId))
            .map(|((weak, _), local)| (weak, local))
            .collect();
        if !own.is_empty() {
            separate(unit, &own);
        }
    }
}

fn is_defined(symbol: &Symbol) -> bool {
    !matches!(symbol.definition, Definition::Undefined)
}

fn separate(unit: &mut Unit, own: &BTreeMap<SymbolId, SymbolId>) {
    for weak in own.keys() {
        let local = Symbol { binding: Binding::Local, ..unit.symbol(*weak).clone() };
        unit.symbols.push(local);
    }
    let change = |value: &mut Value| {
        if let Value::Symbol { symbol, .. } = value
            && let Some(local) = own.get(symbol)
        {
            *symbol = *local;
        }
    };
    let named = below_wrt(unit);
    for (id, node) in unit.exprs.iter_mut() {
        if let Expr::Value(value) = node
            && !named[id.0 as usize]
        {
            change(value);
        }
    }
    for section in &mut unit.sections {
        section.fixups.iter_mut().for_each(|fixup| change(&mut fixup.value));
        for fragment in &mut section.fragments {
            match &mut fragment.kind {
                FragmentKind::Branch(branch) => change(&mut branch.target),
                FragmentKind::Sized(sized) => sized.values.iter_mut().for_each(change),
                FragmentKind::Fill(fill) => change(&mut fill.count),
                FragmentKind::Reserve { size } => change(size),
                FragmentKind::Align(_) => {}
            }
        }
    }
    for symbol in &mut unit.symbols {
        if let Definition::Equ(value) = &mut symbol.definition {
            change(value);
        }
        symbol.size.iter_mut().for_each(change);
    }
}

/// By expression: whether it is an operand of `wrt`.
fn below_wrt(unit: &Unit) -> Vec<bool> {
    let mut below = vec![false; unit.exprs.len()];
    // Operands come before the operators that use them.
    for index in (0..unit.exprs.len()).rev() {
        let id = ExprId(u32::try_from(index).expect("fewer expressions than bytes of source"));
        let is_below = below[index];
        let mut mark = |operand: ExprId| below[operand.0 as usize] = true;
        match unit.exprs.get(id) {
            Expr::Wrt(a, _) => mark(a),
            Expr::Unary(_, a) | Expr::Value(Value::Expr(a)) if is_below => mark(a),
            Expr::Binary(_, a, b) if is_below => [a, b].into_iter().for_each(mark),
            Expr::Conditional(a, b, c) if is_below => [a, b, c].into_iter().for_each(mark),
            _ => {}
        }
    }
    below
}
