//! Lints: what a program will do that its author hardly meant, found before it runs.
//!
//! ```text
//! Unit, Sizes ─ Program ─ Graph ─ Flow ─ rules ─> diagnostics
//! ```
//!
//! `graph` follows the control flow from the entry point, `flow` finds what is known about the registers at each
//! instruction, `rules` and its helpers say what is wrong with that.  Nothing is said in doubt: a value that is not
//! known, a path that may not be taken, code whose boundaries are not known make no warning.  So a warning means
//! that the program, if it comes there, does not do what was meant; each has a page (`tinyelf explain NAME`).
//!
//! | file | what it knows |
//! | --- | --- |
//! | `program` | sections, fields, items and labels by place |
//! | `graph`, `starts`, `decode` | the instructions that may be reached |
//! | `value`, `flags`, `state` | what is known, and how two paths join |
//! | `step` | what an instruction does to it |
//! | `flow` | the fixed point, functions and their returns |
//! | `calls` | system calls: which one, and does it come back |
//! | `rules`, `lengths`, `text` | the lints |

mod calls;
mod decode;
mod flags;
mod flow;
mod graph;
mod lengths;
mod pages;
mod program;
mod rules;
mod starts;
mod state;
mod step;
mod text;
mod value;

use crate::layout::{self, Sizes};
use crate::source::{Diagnostic, Diagnostics, SourceMap, WarningPolicy};
use crate::unit::Unit;
use graph::Graph;
pub use pages::page;
use program::Program;
use rules::Rules;

/// The names of the lints, the gravest first.
pub const NAMES: [&str; 14] = [
    "no-exit",
    "ret-from-entry",
    "int80-abi",
    "int80-pointer",
    "syscall-abi",
    "value-as-pointer",
    "exit-status-unset",
    "syscall-clobber",
    "falls-into-data",
    "write-to-readonly",
    "length-spans-labels",
    "exit-status-range",
    "dollar-hex",
    "quote-escape",
];

/// Whether any lint would be shown.
pub fn is_wanted(policy: &WarningPolicy) -> bool {
    NAMES.iter().any(|name| policy.shows(name))
}

/// Looks at a whole program; says nothing where its structure is not known.
pub fn check(
    unit: &Unit,
    sizes: &Sizes,
    map: &SourceMap,
    options: &layout::Options,
    diagnostics: &mut Diagnostics,
) {
    let high = options.pie || options.image_base.is_some_and(|base| base >= 1 << 32);
    let entry = layout::entry_place(unit, sizes, options);
    let Some(program) = entry.and_then(|entry| Program::new(unit, sizes, map, entry, high)) else { return };
    let mut findings = Vec::new();
    text::quotes(&program, &mut findings);
    if let Some(graph) = Graph::new(&program) {
        findings.extend(follow(&program, &graph, options));
    }
    findings.sort_by_key(|finding| (finding.span.start, finding.name));
    findings.dedup();
    findings.into_iter().for_each(|finding| diagnostics.push(finding));
}

/// What the control flow shows.
fn follow(program: &Program<'_>, graph: &Graph, options: &layout::Options) -> Vec<Diagnostic> {
    let Some(flow) = flow::solve(program, graph) else { return Vec::new() };
    let unprotected = matches!(
        options.kind,
        layout::Kind::Golf(golf) if golf.promise == layout::Promise::Nothing
    );
    let mut rules = Rules::new(program, graph, unprotected);
    flow::look(program, graph, flow, &mut |ins, state, way| rules.look(ins, state, way.certain));
    rules.finish()
}
