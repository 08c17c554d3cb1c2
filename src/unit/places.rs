//! The places that a value is made of, for those who move what lies between them.

use super::{Definition, Expr, Position, SectionId, SymbolId, Unit, Value};

/// Every place that a value mentions, each as often as it does.  A value of two places of one section holds their
/// distance.
pub fn places(unit: &Unit, value: Value) -> Vec<(SectionId, Position)> {
    mentioned(unit, value).0
}

/// The symbols that a value depends on and that are no place: undefined ones, and common ones.
pub fn symbols(unit: &Unit, value: Value) -> Vec<SymbolId> {
    mentioned(unit, value).1
}

fn mentioned(unit: &Unit, value: Value) -> (Vec<(SectionId, Position)>, Vec<SymbolId>) {
    let (mut out, mut symbols) = (Vec::new(), Vec::new());
    let mut work = vec![value];
    // A symbol may be defined by itself; evaluation reports that, and here it must only end.
    let mut opened = 0;
    while let Some(value) = work.pop() {
        let id = match value {
            Value::Const(_) => continue,
            Value::Symbol { symbol, .. } => {
                match unit.symbol(symbol).definition {
                    Definition::Label { section, position } => out.push((section, position)),
                    Definition::Equ(value) if opened <= unit.symbols.len() => {
                        opened += 1;
                        work.push(value);
                    }
                    Definition::Equ(_) => {}
                    Definition::Undefined | Definition::Common { .. } => symbols.push(symbol),
                }
                continue;
            }
            Value::Expr(id) => id,
        };
        match unit.exprs.get(id) {
            Expr::Value(inner) => work.push(inner),
            Expr::Here(section, position) => out.push((section, position)),
            Expr::SectionStart(section) => out.push((section, Position::default())),
            Expr::Unary(_, a) | Expr::Wrt(a, _) => work.push(Value::Expr(a)),
            Expr::Binary(_, a, b) => work.extend([a, b].map(Value::Expr)),
            Expr::Conditional(a, b, c) => work.extend([a, b, c].map(Value::Expr)),
        }
    }
    (out, symbols)
}
