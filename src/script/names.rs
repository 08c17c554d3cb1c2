//! What names mean: collected before the statements are lowered, so that a function-less script may name its
//! data and variables in any order.

use super::ast::*;
use super::ir::{DataId, VReg};
use super::lower::Lowerer;
use crate::source::{Diagnostic, Span, did_you_mean};
use crate::syscall;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Variable(VReg),
    /// `data` or `space`, and where it was declared.
    Data(DataId, Span),
    /// A parameter fixed at build time.
    Number(i64, Span),
    Text(Vec<u8>, Span),
}

/// Names that the language itself gives a meaning.
pub(super) const WORDS: &[&str] = &[
    "argc", "argv", "envp", "WORD", "if", "else", "while", "loop", "break", "continue", "data", "mut",
    "space", "param", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "word",
];

/// Functions that the language itself has.
pub(super) const FUNCTIONS: &[&str] = &["strlen", "len", "err", "ult", "syscall"];

impl Lowerer<'_> {
    /// Gives every variable that is assigned anywhere a virtual register.
    pub(super) fn collect_variables(&mut self, block: &Block) {
        for statement in block {
            match &statement.node {
                StatementKind::Assign(name, _) => self.assigned(name),
                StatementKind::If(arms, otherwise) => {
                    arms.iter().for_each(|(_, block)| self.collect_variables(block));
                    otherwise.iter().for_each(|block| self.collect_variables(block));
                }
                StatementKind::While(_, block) | StatementKind::Loop(block) => self.collect_variables(block),
                _ => {}
            }
        }
    }

    fn assigned(&mut self, name: &Name) {
        let fixed = if WORDS.contains(&name.node.as_str()) {
            Some(("is a word of the language", None))
        } else if syscall::constant(&name.node, self.machine).is_some() {
            Some(("is a constant of the system", None))
        } else {
            match self.names.get(&name.node) {
                Some(Meaning::Data(_, span)) => Some(("is data: its name is an address", Some(*span))),
                Some(Meaning::Number(_, span) | Meaning::Text(_, span)) => {
                    Some(("is a parameter", Some(*span)))
                }
                _ => None,
            }
        };
        if let Some((reason, declared)) = fixed {
            let mut wrong = Diagnostic::error(name.span, format!("`{}` cannot be assigned to", name.node));
            wrong = wrong.note(format!("`{}` {reason}", name.node));
            if let Some(span) = declared {
                wrong = wrong.label(span, "it is declared here");
            }
            self.diagnostics.push(wrong.hint("take another name for the variable"));
            return;
        }
        if !self.names.contains_key(&name.node) {
            let register = self.program.new_register();
            self.program.variables.push((name.node.clone(), register));
            self.names.insert(name.node.clone(), Meaning::Variable(register));
        }
    }

    /// Says that a name has no meaning, with the nearest that have one.
    pub(super) fn unknown_name(&mut self, name: &str, span: Span) {
        let mut wrong = Diagnostic::error(span, format!("`{name}` is assigned nowhere"));
        let mut candidates: Vec<&str> = self.names.keys().map(String::as_str).collect();
        candidates.extend(syscall::constants().map(|one| -> &str { one }));
        candidates.extend(WORDS.iter().map(|one| -> &str { one }));
        wrong = match did_you_mean(name.as_bytes(), candidates.into_iter().map(str::as_bytes)) {
            Some(hint) => wrong.hint(hint),
            None => wrong.hint(format!("give it a value first: `{name} = 0`")),
        };
        self.diagnostics.push(wrong);
    }
}
