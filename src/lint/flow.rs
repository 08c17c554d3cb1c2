//! The fixed point: states at the beginning of every block, and in which state each function returns.
//!
//! A function is followed once, from a state in which every register holds "what it held at the start"; a call then
//! puts the caller's values in.  So what one caller passes is never mistaken for what another does.  A call of a
//! function that never returns has nothing behind it.
//!
//! Whether execution surely goes on behind a system call depends on its number, and a number may be lost when another
//! path arrives; what was said to be certain behind it is then found again from the final states.

use super::calls;
use super::flags::Flags;
use super::graph::{Graph, Kind, Next};
use super::program::Program;
use super::state::{FUNCTION, PROGRAM, SP, State};
use super::step::Stepper;
use super::value::{Ins, Value};

/// How often each instruction may be visited on average; real programs need two or three.
const MOST_VISITS: usize = 40;

/// What is known about a function.
struct Function {
    /// The state in which it returns; `None` as long as it does not.
    returns: Option<State>,
    /// The blocks that end with a call of it.
    callers: Vec<Ins>,
}

/// The outcome.
pub(super) struct Flow {
    /// For each block that is reached, by its first instruction.
    states: Vec<Option<Box<State>>>,
    functions: Vec<Function>,
    /// For each block: the functions that it belongs to.
    owners: Vec<Vec<u32>>,
    /// For each instruction: the function that begins there, or [`MAIN`].
    function_at: Vec<u32>,
    /// For each block: whether the function that it calls at its end knows it.
    is_caller: Vec<bool>,
}

/// Who looks at each instruction with the state before it.
pub(super) type Look<'l> = dyn FnMut(Ins, &State, &Way) + 'l;

/// Which ways lead out of an instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// To what stands behind it.
    pub(super) on: bool,
    /// The same, on a path where that is certain.
    pub(super) certain: bool,
}

struct Solver<'a> {
    program: &'a Program<'a>,
    graph: &'a Graph,
    stepper: Stepper,
    flow: Flow,
    waiting: Vec<Ins>,
    is_waiting: Vec<bool>,
    /// For each instruction: whether execution once surely went on behind it.
    was_certain: Vec<bool>,
    /// Whether that was taken back anywhere.
    is_stale: bool,
}

/// The number of the program's own code among the functions.
const MAIN: u32 = 0;

/// Follows the program; `None` when it does not settle in time.
pub(super) fn solve(program: &Program<'_>, graph: &Graph) -> Option<Flow> {
    let count = graph.nodes.len();
    let main = Function { returns: None, callers: Vec::new() };
    let mut solver = Solver {
        program,
        graph,
        stepper: Stepper { is_64: program.is_64() },
        flow: Flow {
            states: vec![None; count],
            functions: vec![main],
            owners: vec![Vec::new(); count],
            function_at: vec![MAIN; count],
            is_caller: vec![false; count],
        },
        waiting: Vec::new(),
        is_waiting: vec![false; count],
        was_certain: vec![false; count],
        is_stale: false,
    };
    let mut left = (count + 16) * MOST_VISITS;
    solver.run(&mut left)?;
    if solver.is_stale {
        solver.doubt();
        solver.run(&mut left)?;
    }
    Some(solver.flow)
}

/// Shows every instruction that is reached with its state.
pub(super) fn look(program: &Program<'_>, graph: &Graph, flow: Flow, look: &mut Look<'_>) {
    let mut solver = Solver {
        program,
        graph,
        stepper: Stepper { is_64: program.is_64() },
        flow,
        waiting: Vec::new(),
        is_waiting: vec![true; graph.nodes.len()],
        was_certain: vec![false; graph.nodes.len()],
        is_stale: false,
    };
    for block in 0..graph.nodes.len() {
        if solver.flow.states[block].is_some() {
            solver.block(u32::try_from(block).unwrap_or(0), look);
        }
    }
}

impl Solver<'_> {
    /// From the entry point until nothing changes; `None` when that takes more than is left.
    fn run(&mut self, left: &mut usize) -> Option<()> {
        self.arrive(self.graph.entry, &State::new(PROGRAM, PROGRAM), &[MAIN]);
        while let Some(block) = self.waiting.pop() {
            self.is_waiting[block as usize] = false;
            *left = left.checked_sub(self.block(block, &mut |_, _, _| {}))?;
        }
        Some(())
    }

    /// Takes back all that is certain, and lets every block say it again.
    fn doubt(&mut self) {
        for block in 0..self.graph.nodes.len() {
            if let Some(state) = &mut self.flow.states[block] {
                state.certain = 0;
                self.wait(u32::try_from(block).expect("as many as instructions"));
            }
        }
        for function in &mut self.flow.functions {
            if let Some(state) = &mut function.returns {
                state.certain = 0;
            }
        }
    }

    /// Follows one block to its end; what that cost: its instructions, and the functions that share it.
    fn block(&mut self, first: Ins, look: &mut Look<'_>) -> usize {
        let Some(state) = &self.flow.states[first as usize] else { return 1 };
        let mut state = State::clone(state);
        let owners = self.flow.owners[first as usize].clone();
        let mut before = state.clone();
        let mut ins = first;
        let mut steps = owners.len() * owners.len() / 16;
        loop {
            steps += 1;
            let node = self.graph.node(ins);
            before.clone_from(&state);
            self.stepper.step(ins, node, &before, &mut state);
            let way = self.leave((first, ins), &before, &mut state, &owners);
            look(ins, &before, &way);
            let Next::Ins(next) = node.next else { return steps };
            if !way.on {
                return steps;
            }
            if self.graph.node(next).leads {
                self.arrive(next, &state, &owners);
                return steps;
            }
            ins = next;
        }
    }

    /// Goes the ways that do not lead to the next instruction; whether that one is reached.  `state` becomes the
    /// state there.
    fn leave(&mut self, (first, ins): (Ins, Ins), before: &State, state: &mut State, owners: &[u32]) -> Way {
        let node = self.graph.node(ins);
        let mut on = true;
        match node.kind {
            Kind::Plain => {}
            Kind::Perhaps => state.certain = 0,
            Kind::Stop => on = false,
            Kind::Jump => {
                self.jump(ins, state, owners);
                on = false;
            }
            Kind::Loop => self.jump(ins, state, owners),
            Kind::Branch(condition) => {
                self.branch(ins, state, owners, state.flags.when(condition, true));
                state.flags = state.flags.when(condition, false);
                on = !state.flags.is_impossible();
            }
            Kind::IfZero => {
                let number = before.registers[1].constant();
                if number.is_none_or(|number| number == 0) {
                    self.jump(ins, state, owners);
                }
                on = number != Some(0);
            }
            Kind::Call => on = self.call((first, ins), before, state),
            Kind::Return(more) => {
                self.ret(before, more, owners);
                on = false;
            }
            Kind::Syscall | Kind::Int80 if calls::changes_stack(self.program, self.graph, ins, before) => {
                state.registers[SP] = Value::OnStack;
                state.forget_slots();
            }
            Kind::Syscall | Kind::Int80 => match calls::fate(self.program, self.graph, ins, before) {
                calls::Fate::Returns => {}
                calls::Fate::MayEnd => state.certain = 0,
                calls::Fate::Ends => on = false,
            },
        }
        let certain = on && state.certain != 0;
        if before.certain != 0 && !matches!(node.kind, Kind::Plain) {
            self.is_stale |= self.was_certain[ins as usize] && !certain;
            self.was_certain[ins as usize] |= certain;
        }
        Way { on, certain }
    }

    fn jump(&mut self, ins: Ins, state: &State, owners: &[u32]) {
        if let Some(target) = self.graph.node(ins).target {
            self.arrive(target, state, owners);
        }
    }

    fn branch(&mut self, ins: Ins, state: &State, owners: &[u32], flags: Flags) {
        if !flags.is_impossible() {
            let mut taken = state.clone();
            taken.flags = flags;
            self.jump(ins, &taken, owners);
        }
    }

    /// Enters a function; whether it returns.
    fn call(&mut self, (first, ins): (Ins, Ins), before: &State, state: &mut State) -> bool {
        let Some(target) = self.graph.node(ins).target else {
            *state = before.after_unknown_call();
            return true;
        };
        let index = self.function(target);
        let function = &mut self.flow.functions[index as usize];
        if !std::mem::replace(&mut self.flow.is_caller[first as usize], true) {
            function.callers.push(first);
        }
        let certain = if before.certain == 0 { 0 } else { FUNCTION };
        self.arrive(target, &State::new(FUNCTION, certain), &[index]);
        match &self.flow.functions[index as usize].returns {
            None => false,
            // It returned as functions do: to where it was called from.
            Some(returned) if matches!(returned.registers[SP], Value::Stack(_)) => {
                *state = before.after_call(returned);
                true
            }
            Some(_) => {
                *state = before.after_unknown_call();
                state.registers[SP] = Value::OnStack;
                true
            }
        }
    }

    /// The number of the function that begins at an instruction, made if it is new.
    fn function(&mut self, start: Ins) -> u32 {
        let known = self.flow.function_at[start as usize];
        if known != MAIN {
            return known;
        }
        let index = u32::try_from(self.flow.functions.len()).expect("fewer functions than instructions");
        self.flow.functions.push(Function { returns: None, callers: Vec::new() });
        self.flow.function_at[start as usize] = index;
        index
    }

    /// A return: every function that this may be the end of goes on behind its callers.
    fn ret(&mut self, before: &State, more: u16, owners: &[u32]) {
        let mut end = before.clone();
        // From here on: by how much the caller's stack is shorter, where that is known.
        end.registers[SP] = match before.registers[SP] {
            Value::Stack(0) if before.return_intact => Value::Stack(i64::from(more)),
            _ => Value::OnStack,
        };
        for &owner in owners.iter().filter(|&&owner| owner != MAIN) {
            let function = &mut self.flow.functions[owner as usize];
            let changed = match &mut function.returns {
                Some(known) => known.join(&end),
                None => {
                    function.returns = Some(end.clone());
                    true
                }
            };
            if changed {
                let callers = function.callers.clone();
                callers.into_iter().for_each(|block| self.wait(block));
            }
        }
    }

    fn wait(&mut self, block: Ins) {
        if !self.is_waiting[block as usize] {
            self.is_waiting[block as usize] = true;
            self.waiting.push(block);
        }
    }

    /// Joins a state into that of a block.
    fn arrive(&mut self, block: Ins, state: &State, owners: &[u32]) {
        let known = &mut self.flow.owners[block as usize];
        let mut changed = false;
        for &owner in owners {
            if !known.contains(&owner) {
                known.push(owner);
                changed = true;
            }
        }
        changed |= match &mut self.flow.states[block as usize] {
            Some(known) => known.join(state),
            none => {
                *none = Some(Box::new(state.clone()));
                true
            }
        };
        if changed {
            self.wait(block);
        }
    }
}
