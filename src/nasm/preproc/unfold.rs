//! Bodies of single-line macros on their way to the stack: see `expand` for the order of events.
//!
//! A body is put on token by token, and a name in it may be a call whose body comes first.  Bodies under way lie on a
//! list, so that macros may call each other as deeply as their limit says, whatever room our own stack has.

use super::Preprocessor;
use super::expand::Tried;
use super::host::Host;
use super::token::{Kind, Token, offset};

/// A body that is being put on.
pub(super) struct Unfolding {
    which: u32,
    call: Token,
    /// What was there before the call's arguments: arguments, and their bounds.
    marks: (usize, usize),
    /// Below this height nothing was touched.
    low: usize,
    /// Where the body's text begins.
    base: u32,
    /// Tokens of the body that are still to be put on.
    left: usize,
    /// Tokens of the current argument that are still to be put on, from the last to the first.
    argument: (u32, u32),
    /// The white space before the current argument.
    space: bool,
    /// Whether a comma that depends on what follows is wanted.
    comma: bool,
    /// The stack's height before the current token.
    before: usize,
}

impl Preprocessor {
    /// Puts on what a macro of the preprocessor's own makes.
    pub(super) fn put_magic(
        &mut self,
        which: u32,
        call: &Token,
        bounds: usize,
        floor: usize,
        host: &mut dyn Host,
    ) {
        let arguments = self.expansion.bounds[bounds..].to_vec();
        let mut list = self.magic_body(which, call, &arguments, host);
        // The first token of what is put on takes the call's place, and with it the call's white space.
        if let Some(first) = list.first_mut() {
            first.space = call.space;
        } else {
            self.space_next(floor, call.space);
        }
        self.expansion.stack.extend(list.into_iter().rev());
    }

    /// Begins to put on a stored body.
    pub(super) fn begin_body(
        &mut self,
        which: u32,
        call: &Token,
        marks: (usize, usize),
        rest: usize,
        host: &mut dyn Host,
    ) -> Tried {
        let body = &self.singles.list[which as usize].body;
        let made = offset(body.list.len() + self.expansion.arguments.len() - marks.0);
        if self.expansion.left < made || self.text.0.len() > self.options.limits.text {
            self.give_up(call, host);
            return Tried::Done(rest);
        }
        self.expansion.left -= made;
        let base = offset(self.text.0.len());
        self.text.0.extend_from_slice(&body.text.0);
        self.expansion.bodies.push(Unfolding {
            which,
            call: *call,
            marks,
            low: rest,
            base,
            left: body.list.len(),
            argument: (0, 0),
            space: false,
            comma: false,
            before: 0,
        });
        Tried::Body
    }

    /// Puts on the newest body, last token first, trying each name as a macro, up to a call that has a body itself;
    /// false when it is all there.
    pub(super) fn put_until_call(&mut self, floor: usize, host: &mut dyn Host) -> bool {
        while let Some(token) = self.next_of_body(floor) {
            let work = &mut self.expansion;
            let frame = work.bodies.last_mut().expect("a body is being put on");
            frame.before = work.stack.len();
            let (call, which) = (frame.call, frame.which);
            match token.kind {
                Kind::Name | Kind::InnerName => work.stack.push(Token { space: token.space, ..call }),
                Kind::DefinedName | Kind::InnerDefinedName => {
                    let name = self.name_as_defined(&call, which);
                    let (start, len) = self.text.add(&name);
                    self.expansion.stack.push(Token { start, len, space: token.space, ..call });
                }
                _ => {
                    work.stack.push(token);
                    if token.is_name() {
                        match self.try_top(floor, host) {
                            Tried::Plain => {}
                            Tried::Done(low) => self.returned(low, floor),
                            Tried::Body => return true,
                        }
                    }
                }
            }
            self.note_result();
        }
        false
    }

    /// The name of a call as its macro's definition spells it.
    fn name_as_defined(&self, call: &Token, which: u32) -> Vec<u8> {
        let text = self.text.of(call);
        let prefix = text.len() - super::tokenize::name_of(text, call.kind).len();
        [&text[..prefix], &self.singles.list[which as usize].name].concat()
    }

    /// The next token of the newest body: its own, or one of an argument.
    fn next_of_body(&mut self, floor: usize) -> Option<Token> {
        loop {
            let work = &mut self.expansion;
            let frame = work.bodies.last_mut().expect("a body is being put on");
            if frame.argument.1 > frame.argument.0 {
                frame.argument.1 -= 1;
                let argument = work.arguments[frame.argument.1 as usize];
                let is_first = frame.argument.1 == frame.argument.0;
                return Some(Token {
                    space: if is_first { frame.space } else { argument.space },
                    ..argument
                });
            }
            frame.left = frame.left.checked_sub(1)?;
            let body = self.singles.list[frame.which as usize].body.list[frame.left];
            let token = Token { start: body.start + frame.base, span: frame.call.span, ..body };
            match token.kind {
                Kind::Formal => {
                    frame.argument = work.bounds[frame.marks.1 + usize::from(token.formal)];
                    (frame.space, frame.comma) = (token.space, false);
                    if frame.argument.0 == frame.argument.1 {
                        self.space_next(floor, token.space);
                    }
                }
                Kind::CondComma if frame.comma => {
                    let (start, len) = self.text.add(b",");
                    work.stack.push(Token { start, len, kind: Kind::Other, ..token });
                }
                Kind::CondComma => {}
                _ => return Some(token),
            }
        }
    }

    /// Ends the newest body; the height above which everything is finished.
    pub(super) fn end_body(&mut self, floor: usize) -> usize {
        let frame = self.expansion.bodies.pop().expect("a body was put on");
        let single = &mut self.singles.list[frame.which as usize];
        single.busy = false;
        let is_empty = single.body.list.is_empty();
        let top = self.expansion.stack.len();
        if top > frame.low && !is_empty {
            self.expansion.stack[top - 1].space = frame.call.space;
        } else {
            self.space_next(floor, frame.call.space);
        }
        self.forget_arguments(frame.marks);
        frame.low
    }

    /// A call that the newest body made is finished down to a height.
    pub(super) fn returned(&mut self, low: usize, floor: usize) {
        let frame = self.expansion.bodies.last_mut().expect("a body made the call");
        // A call that reached behind this macro leaves nothing to be looked at again: nasm walks to the end of the
        // line.
        if low < frame.low {
            frame.low = floor;
        }
        self.note_result();
    }

    /// Remembers whether anything came of the newest body's current token.
    fn note_result(&mut self) {
        let height = self.expansion.stack.len();
        let frame = self.expansion.bodies.last_mut().expect("a body is being put on");
        frame.comma |= height > frame.before;
    }

    /// White space before something that vanished stays before what follows it.
    fn space_next(&mut self, floor: usize, space: bool) {
        let top = self.expansion.stack.len();
        if top > floor {
            self.expansion.stack[top - 1].space |= space;
        } else {
            self.trailing |= space && floor == 0;
        }
    }
}
