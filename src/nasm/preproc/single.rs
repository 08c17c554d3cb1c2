//! Single-line macros: the table, definition and removal (nasmdoc 4.1).

use super::names::{Atom, Filter, Names};
use super::token::{Kind, Text, Token, Tokens, offset};
use super::tokenize::name_of;

/// No macro: the end of a chain.
pub(super) const NIL: u32 = u32::MAX;

/// Aliases that stand for aliases; more of them lead round in a circle.
const MOST_ALIASES: u32 = 100;

/// How an argument is treated before it is put in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Formal {
    /// `=x`: evaluated to a number.
    pub(super) evaluated: bool,
    /// `&x`: made a quoted string.
    pub(super) quoted: bool,
    /// `&&x`: made a quoted string unless it is one.
    pub(super) quoted_once: bool,
    /// `!x`: white space and braces are kept.
    pub(super) verbatim: bool,
}

/// What a macro expands to when it is not a stored body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Magic {
    /// Its body.
    None,
    /// `__?FILE?__`.
    File,
    /// `__?LINE?__`.
    Line,
    /// `__?BITS?__`.
    Bits,
    /// `__?PTR?__`.
    Pointer,
    /// `__?SECT?__`, the directive that comes back to the current section.
    Section,
    /// A date or time, by its index: the first use without a known time warns.
    Date,
    /// A preprocessor function, by its index in `functions::NAMES`.
    Function(u8),
}

/// One macro.
#[derive(Clone, Debug)]
pub(super) struct Single {
    /// Its name as defined.
    pub(super) name: Vec<u8>,
    /// Whether the case of a use must fit.
    pub(super) case: bool,
    /// Its parameters.
    pub(super) formals: Vec<Formal>,
    /// Whether the last parameter takes the rest.
    pub(super) greedy: bool,
    /// What it stands for; parameters are [`Kind::Formal`].
    pub(super) body: Tokens,
    /// Whether it stands for another macro's name.
    pub(super) alias: bool,
    /// Whether it is being expanded.
    pub(super) busy: bool,
    /// What it expands to.
    pub(super) magic: Magic,
    /// The next macro of that name.
    pub(super) next: u32,
}

impl Single {
    /// A macro without parameters or body.
    pub(super) fn new(name: &[u8], case: bool) -> Self {
        Single {
            name: name.to_owned(),
            case,
            formals: Vec::new(),
            greedy: false,
            body: Tokens::default(),
            alias: false,
            busy: false,
            magic: Magic::None,
            next: NIL,
        }
    }

    /// Whether a use so spelled can mean this macro (the names are known to agree but for case).
    pub(super) fn is_spelled(&self, name: &[u8]) -> bool {
        !self.case || self.name == name
    }
}

/// Where a name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Everywhere.
    Global,
    /// In the context at this place of the stack.
    Context(usize),
}

/// A context of the stack (nasmdoc 4.7).
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// Its name, empty for none.
    pub(super) name: Vec<u8>,
    /// Its number: `%$x` that is no macro is the symbol `..@NUMBER.x`.
    pub(super) number: u64,
    /// Its macros, by name.
    pub(super) heads: Vec<(Atom, u32)>,
    /// Where it was pushed, for messages.
    pub(super) span: crate::source::Span,
}

/// An alias leads to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AliasLoop;

/// Why a new macro stands before an older one of its name instead of in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shadow {
    /// One of them wants a use's case to fit, the other does not.
    Case,
    /// One of them has parameters, the other has none.
    Parameters,
    /// The older one is greedy and could be called so, too.
    Greedy,
}

/// All single-line macros.
#[derive(Default)]
pub(super) struct Singles {
    pub(super) list: Vec<Single>,
    free: Vec<u32>,
    heads: Vec<u32>,
    pub(super) contexts: Vec<Context>,
    /// `%aliases off`.
    pub(super) no_aliases: bool,
}

impl Singles {
    /// The first macro of a name; [`NIL`] for none.
    pub(super) fn head(&self, scope: Scope, atom: Atom) -> u32 {
        let Some(index) = atom.index() else { return NIL };
        match scope {
            Scope::Global => self.heads.get(index).copied().unwrap_or(NIL),
            Scope::Context(at) => {
                let heads = &self.contexts[at].heads;
                heads.iter().find(|head| head.0 == atom).map_or(NIL, |head| head.1)
            }
        }
    }

    fn head_slot(&mut self, scope: Scope, atom: Atom) -> &mut u32 {
        match scope {
            Scope::Global => {
                let index = atom.index().expect("a macro that is defined has a numbered name");
                if self.heads.len() <= index {
                    self.heads.resize(index + 1, NIL);
                }
                &mut self.heads[index]
            }
            Scope::Context(at) => {
                let heads = &mut self.contexts[at].heads;
                let found = heads.iter().position(|head| head.0 == atom).unwrap_or_else(|| {
                    heads.push((atom, NIL));
                    heads.len() - 1
                });
                &mut heads[found].1
            }
        }
    }

    /// The first macro that a use so spelled can mean, whatever its parameters.
    pub(super) fn find(&self, scope: Scope, atom: Atom, name: &[u8]) -> Option<u32> {
        self.find_from(self.head(scope, atom), name)
    }

    /// The same, from some place of a chain on.
    pub(super) fn find_from(&self, mut at: u32, name: &[u8]) -> Option<u32> {
        while at != NIL {
            let one = &self.list[at as usize];
            if one.is_spelled(name) && !(one.alias && self.no_aliases) {
                return Some(at);
            }
            at = one.next;
        }
        None
    }

    /// Whether something of that name is defined (`%ifdef`): an alias is what it stands for.  With `alias`, whether
    /// it is an alias.
    pub(super) fn is_defined(&self, scope: Scope, atom: Atom, name: &[u8], alias: bool) -> bool {
        self.is_defined_behind(scope, atom, name, alias, 0)
    }

    fn is_defined_behind(&self, scope: Scope, atom: Atom, name: &[u8], alias: bool, depth: u32) -> bool {
        let mut at = self.head(scope, atom);
        while let Some(found) = self.find_from(at, name) {
            let one = &self.list[found as usize];
            if alias && one.alias || !alias && !one.alias {
                return true;
            }
            if !alias && depth < MOST_ALIASES {
                let (atom, name) = Self::target(one);
                if self.is_defined_behind(scope, atom, &name, false, depth + 1) {
                    return true;
                }
            }
            at = one.next;
        }
        false
    }

    /// Defines or redefines a macro.
    pub(super) fn define(
        &mut self,
        scope: Scope,
        atom: Atom,
        new: Single,
    ) -> Result<Option<Shadow>, AliasLoop> {
        let count = new.formals.len();
        let mut at = self.head(scope, atom);
        while at != NIL {
            let one = &self.list[at as usize];
            let fits = count == 0
                || one.formals.is_empty()
                || one.formals.len() == count
                || one.greedy && count + 1 >= one.formals.len();
            let spelled = if one.case && new.case { one.name == new.name } else { true };
            if spelled && fits {
                break;
            }
            at = one.next;
        }
        if at == NIL {
            self.insert(scope, atom, new);
            return Ok(None);
        }
        let one = &mut self.list[at as usize];
        if one.alias && one.busy {
            return Err(AliasLoop);
        }
        if one.alias && !self.no_aliases && !new.alias {
            one.busy = true;
            let target = Self::target(one);
            let result = self.define(scope, target.0, Single { name: target.1, ..new });
            self.list[at as usize].busy = false;
            return result;
        }
        let shadow = if one.case != new.case {
            Some(Shadow::Case)
        } else if one.formals.is_empty() != new.formals.is_empty() {
            Some(Shadow::Parameters)
        } else {
            (one.formals.len() < count).then_some(Shadow::Greedy)
        };
        match shadow {
            Some(_) => self.insert(scope, atom, new),
            None => *one = Single { next: one.next, ..new },
        }
        Ok(shadow)
    }

    /// The number and spelling of the name that an alias stands for.
    fn target(alias: &Single) -> (Atom, Vec<u8>) {
        match alias.body.list.first() {
            Some(token) => {
                let text = alias.body.text.of(token);
                (token.atom, name_of(text, token.kind).to_owned())
            }
            None => (Atom::NONE, Vec::new()),
        }
    }

    fn insert(&mut self, scope: Scope, atom: Atom, new: Single) {
        let next = *self.head_slot(scope, atom);
        let new = Single { next, ..new };
        let at = match self.free.pop() {
            Some(at) => {
                self.list[at as usize] = new;
                at
            }
            None => {
                self.list.push(new);
                offset(self.list.len() - 1)
            }
        };
        *self.head_slot(scope, atom) = at;
    }

    /// Removes every macro that a name so spelled can mean (`%undef`); with `alias`, aliases themselves rather than
    /// what they stand for (`%undefalias`).  False when an alias leads to itself.
    pub(super) fn undefine(&mut self, scope: Scope, atom: Atom, name: &[u8], alias: bool) -> bool {
        let mut sound = true;
        let mut before = NIL;
        let mut at = self.head(scope, atom);
        while at != NIL {
            let one = &mut self.list[at as usize];
            let next = one.next;
            if !one.is_spelled(name) {
                before = at;
            } else if one.alias && !alias {
                before = at;
                if !self.no_aliases && one.busy {
                    sound = false;
                } else if !self.no_aliases {
                    one.busy = true;
                    let (atom, name) = Self::target(one);
                    sound &= self.undefine(scope, atom, &name, false);
                    self.list[at as usize].busy = false;
                }
            } else {
                match before {
                    NIL => *self.head_slot(scope, atom) = next,
                    _ => self.list[before as usize].next = next,
                }
                self.free.push(at);
            }
            at = next;
        }
        sound
    }

    /// Removes the macros of a scope (`%clear`): aliases, others, or both.
    pub(super) fn clear(&mut self, context: bool, defines: bool, aliases: bool) {
        if !context {
            let heads = std::mem::take(&mut self.heads);
            self.heads = heads.into_iter().map(|head| self.sift(head, defines, aliases)).collect();
            return;
        }
        for at in 0..self.contexts.len() {
            let mut heads = std::mem::take(&mut self.contexts[at].heads);
            for head in &mut heads {
                head.1 = self.sift(head.1, defines, aliases);
            }
            self.contexts[at].heads = heads;
        }
    }

    fn sift(&mut self, head: u32, defines: bool, aliases: bool) -> u32 {
        let mut kept = Vec::new();
        let mut at = head;
        while at != NIL {
            let one = &self.list[at as usize];
            if if one.alias { aliases } else { defines } {
                self.free.push(at);
            } else {
                kept.push(at);
            }
            at = one.next;
        }
        for pair in 0..kept.len() {
            self.list[kept[pair] as usize].next = kept.get(pair + 1).copied().unwrap_or(NIL);
        }
        kept.first().copied().unwrap_or(NIL)
    }

    /// Drops the innermost context and its macros.
    pub(super) fn pop_context(&mut self) {
        if let Some(context) = self.contexts.pop() {
            for (_, head) in context.heads {
                self.sift(head, true, true);
            }
        }
    }
}

/// Numbers the names of a body, so that its expansion hashes nothing.
pub(super) fn number_names(list: &mut [Token], text: &Text, names: &mut Names) {
    for token in list.iter_mut().filter(|token| token.is_name() && token.atom == Atom::NONE) {
        token.atom = names.number(name_of(text.of(token), token.kind));
    }
}

/// Marks the tokens of a body that are parameters.
pub(super) fn mark_formals(body: &mut Tokens, formals: &[Vec<u8>]) {
    for token in body.list.iter_mut().filter(|token| token.kind == Kind::Id) {
        let found = formals.iter().position(|formal| formal == body.text.of(token));
        if let Some(found) = found {
            token.kind = Kind::Formal;
            token.formal = u16::try_from(found).unwrap_or(u16::MAX);
        }
    }
}

/// Lets the filter pass a name that is being defined, and numbers it.
pub(super) fn announce(name: &[u8], names: &mut Names, filter: &mut Filter) -> Atom {
    filter.add(name);
    names.number(name)
}
