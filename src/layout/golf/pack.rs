//! Placing a program's pieces into the free bytes of one template so that the file ends as early as possible.
//!
//! Pieces are data blocks, which stay whole, and instructions in their order, which may be cut anywhere if a jump
//! of two bytes leads from one part to the next.  The places are the template's gaps and the tail, which begins
//! where the headers end and has no limit:
//!
//! ```text
//! k = 24     [4,16)      [20,24)    [48,54)      [72,∞)
//! hello      13 bytes of code, crossing to [20,24) and a jump | 6 of code | message and tail
//! ```
//!
//! The search is depth-first: blocks first, largest first, then the instructions one after the other.  At each
//! instruction it may go on where it is, cross a short obstacle, or jump to another place.  A branch is cut off when
//! what is left cannot fit better than the best placement so far.  Nodes are counted, not seconds, so the result
//! is the same everywhere; the moves that promise most are tried first, so a small budget gives a good result.
//!
//! *Crossing*: four taken bytes between two gaps can become the immediate of `3d imm32` (cmp eax,imm32), which costs
//! one byte instead of the jump's two, where the flags are dead.

/// One instruction of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Op {
    /// Bytes.
    pub(super) length: usize,
    /// Whether execution goes on with the next one.
    pub(super) falls: bool,
    /// Whether the flags hold nothing that anybody reads when it begins.
    pub(super) flags_dead: bool,
    /// Whether it does the same behind a REX prefix with R and X set.
    pub(super) bears_rex: bool,
    /// Alignment in bytes.
    pub(super) align: usize,
}

/// What to place.
#[derive(Clone, Debug)]
pub(super) struct Program {
    /// Instructions, in order.
    pub(super) code: Vec<Op>,
    /// The instruction at which the process starts.
    pub(super) entry: usize,
    /// Blocks of data: bytes and alignment.
    pub(super) data: Vec<(usize, usize)>,
}

impl Program {
    /// Code and data together.
    fn bytes(&self) -> usize {
        let code: usize = self.code.iter().map(|op| op.length).sum();
        code + self.data.iter().map(|block| block.0).sum::<usize>()
    }
}

/// Where to place it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Free ranges, in order, none reaching to `end`.
    pub(super) gaps: Vec<(usize, usize)>,
    /// Where the tail begins: the free bytes that have no limit.
    pub(super) tail: usize,
    /// The file cannot end before this.
    pub(super) end: usize,
    /// The offset at which execution begins, when the header decides it.
    pub(super) entry: Option<usize>,
    /// The first instruction there stands behind a REX prefix.
    pub(super) behind_rex: bool,
    /// Whether the instruction set has the jumps and `3d imm32` as described above.
    pub(super) jumps: bool,
}

impl Place {
    /// The end of the file when the tail has grown to `tail` and takes `more` bytes.  An empty tail may begin behind it.
    fn end_with(&self, tail: usize, more: usize) -> usize {
        if tail == self.tail && more == 0 { self.end } else { self.end.max(tail + more) }
    }

    /// The end of the file if code and data of so many bytes filled every free one.
    pub(super) fn lower_bound(&self, bytes: usize) -> usize {
        let room: usize = self.gaps.iter().map(|gap| gap.1 - gap.0).sum();
        self.end_with(self.tail, bytes.saturating_sub(room))
    }
}

/// One thing that stands at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Instruction number n.
    Op(usize),
    /// A jump of two bytes to instruction number n.
    Jump(usize),
    /// One byte, `3d`; its immediate is the four bytes behind it.
    Cross,
    /// One byte that does nothing.
    Nop,
    /// Data block number n.
    Data(usize),
}

/// A finished placement.
#[derive(Clone, Debug)]
pub(super) struct Packing {
    /// The file's size in bytes.
    pub(super) end: usize,
    /// What stands where, in order of placing.
    pub(super) pieces: Vec<(usize, Piece)>,
}

/// Up to so many blocks of data every place is tried.
const SEARCHED: usize = 64;

/// A jump's size, and how far it reaches from its end.
const JUMP: usize = 2;

/// Finds the placement with the earliest end, below `limit` bytes, within `nodes` steps; what is left of them is
/// subtracted.  A placement that `accept` refuses does not count.
pub(super) fn pack(
    program: &Program,
    place: &Place,
    limit: usize,
    nodes: &mut u64,
    accept: &dyn Fn(&Packing) -> bool,
) -> Option<Packing> {
    let mut search = Search {
        program,
        place,
        best: None,
        limit,
        nodes: *nodes,
        accept,
        free: place.gaps.clone(),
        tail: place.tail,
        pieces: Vec::new(),
        placed: vec![None; program.code.len()],
        left: program.bytes(),
    };
    if place.end < limit {
        let mut order: Vec<usize> = (0..program.data.len()).collect();
        order.sort_by_key(|&index| std::cmp::Reverse(program.data[index].0));
        // Of very many blocks the largest go behind the headers without a search.
        let (large, small) = order.split_at(order.len().saturating_sub(SEARCHED));
        for &block in large {
            let (length, align) = program.data[block];
            let at = search.tail.next_multiple_of(align);
            search.pieces.push((at, Piece::Data(block)));
            search.tail = at + length;
            search.left -= length;
        }
        search.data(small);
    }
    *nodes = search.nodes;
    search.best
}

/// Where the next instruction goes.
#[derive(Clone, Copy)]
struct Cursor {
    at: usize,
    /// One past the last free byte; `usize::MAX` in the tail.
    limit: usize,
}

impl Cursor {
    /// Bytes that are left in a gap; none in the tail, which the search counts by its start.
    fn room(self) -> usize {
        if self.limit == usize::MAX { 0 } else { self.limit - self.at }
    }
}

struct Search<'a> {
    program: &'a Program,
    place: &'a Place,
    best: Option<Packing>,
    limit: usize,
    nodes: u64,
    accept: &'a dyn Fn(&Packing) -> bool,
    /// Free ranges below the tail.
    free: Vec<(usize, usize)>,
    tail: usize,
    pieces: Vec<(usize, Piece)>,
    /// Where each instruction lies that has its place.
    placed: Vec<Option<usize>>,
    /// Bytes that are not placed yet.
    left: usize,
}

impl Search<'_> {
    /// Whether the search must turn back: out of nodes, or no better end is possible from here.
    ///
    /// `here` is the room that is left where the search stands, which no free range counts.
    fn hopeless(&mut self, here: usize) -> bool {
        if self.nodes == 0 {
            return true;
        }
        self.nodes -= 1;
        let room = here + self.free.iter().map(|gap| gap.1 - gap.0).sum::<usize>();
        let end = self.place.end_with(self.tail, self.left.saturating_sub(room));
        end >= self.limit
    }

    fn data(&mut self, order: &[usize]) {
        if self.hopeless(0) {
            return;
        }
        let Some((&block, rest)) = order.split_first() else { return self.start() };
        let (length, align) = self.program.data[block];
        self.left -= length;
        // The tail first: a block is often longer than any gap, and code can be cut.
        let at = self.tail.next_multiple_of(align);
        let old_tail = self.tail;
        self.tail = at + length;
        self.with((at, Piece::Data(block)), |this| this.data(rest));
        self.tail = old_tail;
        for index in 0..self.free.len() {
            let gap = self.free[index];
            let at = gap.0.next_multiple_of(align);
            if at + length > gap.1 {
                continue;
            }
            // At the gap's end, unless alignment wants otherwise: what is left stays at its start.
            let at = if align == 1 { gap.1 - length } else { at };
            self.taking(index, (at, at + length), |this| {
                this.with((at, Piece::Data(block)), |this| this.data(rest))
            });
        }
        self.left += length;
    }

    /// Puts a piece down, goes on, and takes it back.
    fn with(&mut self, piece: (usize, Piece), then: impl FnOnce(&mut Self)) {
        self.pieces.push(piece);
        then(self);
        self.pieces.pop();
    }

    /// Takes `range` out of the free range `index` for as long as `then` runs.
    fn taking(&mut self, index: usize, range: (usize, usize), then: impl FnOnce(&mut Self)) {
        let gap = self.free.remove(index);
        let parts = [(gap.0, range.0), (range.1, gap.1)];
        let kept = parts.iter().filter(|part| part.0 < part.1).count();
        for part in parts.iter().filter(|part| part.0 < part.1).rev() {
            self.free.insert(index, *part);
        }
        then(self);
        self.free.drain(index..index + kept);
        self.free.insert(index, gap);
    }

    /// The entry's chain first, from the offset that the header wants, if it wants one.
    fn start(&mut self) {
        if self.program.code.is_empty() {
            return self.record();
        }
        let entry = self.program.entry;
        match self.place.entry {
            None => self.chain(entry),
            Some(at) if at >= self.tail => {
                // Between the tail's start and the entry lies a gap like any other.
                let gap = (self.tail, at);
                let old_tail = std::mem::replace(&mut self.tail, at);
                let pushed = gap.0 < gap.1;
                if pushed {
                    self.free.push(gap);
                }
                self.first(entry, Cursor { at, limit: usize::MAX });
                if pushed {
                    self.free.pop();
                }
                self.tail = old_tail;
            }
            Some(at) => {
                let Some(index) = self.free.iter().position(|gap| (gap.0..gap.1).contains(&at)) else {
                    return;
                };
                let limit = self.free[index].1;
                self.taking(index, (at, limit), |this| this.first(entry, Cursor { at, limit }));
            }
        }
    }

    /// The first instruction at a fixed offset: itself, or a jump to it.
    fn first(&mut self, entry: usize, cursor: Cursor) {
        let bears = !self.place.behind_rex || self.program.code[entry].bears_rex;
        if bears {
            self.op(entry, cursor);
        }
        self.jump(entry, cursor);
    }

    /// Begins a chain of instructions in every place that has room.
    fn chain(&mut self, index: usize) {
        if self.hopeless(0) {
            return;
        }
        let Op { length, align, .. } = self.program.code[index];
        for gap in 0..self.free.len() {
            let (start, limit) = self.free[gap];
            let at = start.next_multiple_of(align);
            if at + length <= limit {
                self.taking(gap, (at, limit), |this| this.op(index, Cursor { at, limit }));
            }
        }
        self.op(index, Cursor { at: self.tail.next_multiple_of(align), limit: usize::MAX });
    }

    /// Places instruction `index` at the cursor and goes on behind it.
    fn op(&mut self, index: usize, cursor: Cursor) {
        let op = self.program.code[index];
        let fits = op.length <= cursor.limit.saturating_sub(cursor.at) && cursor.at.is_multiple_of(op.align);
        if !fits || self.hopeless(cursor.room()) {
            return;
        }
        let next = Cursor { at: cursor.at + op.length, ..cursor };
        self.placed[index] = Some(cursor.at);
        self.left -= op.length;
        let old_tail = self.tail;
        if cursor.limit == usize::MAX {
            self.tail = next.at;
        }
        self.with((cursor.at, Piece::Op(index)), |this| {
            if op.falls && index + 1 < this.program.code.len() {
                this.go_on(index + 1, next);
            } else {
                this.leave(next, Self::next_chain);
            }
        });
        self.tail = old_tail;
        self.left += op.length;
        self.placed[index] = None;
    }

    /// Execution arrives at the cursor and wants instruction `index`.
    fn go_on(&mut self, index: usize, cursor: Cursor) {
        if let Some(at) = self.placed[index] {
            return self.close(index, at, cursor);
        }
        self.op(index, cursor);
        self.cross(index, cursor);
        self.jump(index, cursor);
    }

    /// Ends a chain that runs into an instruction which has its place already.
    fn close(&mut self, index: usize, at: usize, cursor: Cursor) {
        let next = Cursor { at: cursor.at + JUMP, ..cursor };
        if next.at > cursor.limit || !self.place.jumps || !reaches(next.at, at) {
            return;
        }
        let old_tail = self.tail;
        if cursor.limit == usize::MAX {
            self.tail = next.at;
        }
        self.with((cursor.at, Piece::Jump(index)), |this| this.leave(next, Self::next_chain));
        self.tail = old_tail;
    }

    /// Jumps to another place and puts `index` there.
    fn jump(&mut self, index: usize, cursor: Cursor) {
        if cursor.at + JUMP > cursor.limit || !self.place.jumps || self.hopeless(cursor.room()) {
            return;
        }
        let next = Cursor { at: cursor.at + JUMP, ..cursor };
        let old_tail = self.tail;
        let in_tail = cursor.limit == usize::MAX;
        if in_tail {
            self.tail = next.at;
        }
        self.with((cursor.at, Piece::Jump(index)), |this| {
            let Op { length, align, .. } = this.program.code[index];
            this.leave(next, |this| {
                for gap in 0..this.free.len() {
                    let (start, limit) = this.free[gap];
                    let at = start.next_multiple_of(align);
                    if at + length <= limit && at != next.at && reaches(next.at, at) {
                        this.taking(gap, (at, limit), |this| this.op(index, Cursor { at, limit }));
                    }
                }
                let at = this.tail.next_multiple_of(align);
                if !in_tail && reaches(next.at, at) {
                    this.op(index, Cursor { at, limit: usize::MAX });
                }
            });
        });
        self.tail = old_tail;
    }

    /// Lets the four bytes behind this gap be the immediate of a comparison, and goes on behind them.
    fn cross(&mut self, index: usize, cursor: Cursor) {
        let beyond = cursor.limit.wrapping_add(4);
        if !self.place.jumps
            || !self.program.code[index].flags_dead
            || cursor.limit == usize::MAX
            || cursor.at >= cursor.limit
            || self.hopeless(cursor.room())
        {
            return;
        }
        let spare = cursor.limit - 1 - cursor.at;
        let before = self.pieces.len();
        self.pieces.extend((0..spare).map(|n| (cursor.at + n, Piece::Nop)));
        self.pieces.push((cursor.limit - 1, Piece::Cross));
        if let Some(gap) = self.free.iter().position(|gap| gap.0 == beyond) {
            let (at, limit) = self.free[gap];
            self.taking(gap, (at, limit), |this| this.op(index, Cursor { at, limit }));
        } else if beyond == self.place.tail && self.tail == self.place.tail {
            self.op(index, Cursor { at: self.tail, limit: usize::MAX });
        }
        self.pieces.truncate(before);
    }

    /// Gives back what a chain left of its place.
    fn leave(&mut self, cursor: Cursor, then: impl FnOnce(&mut Self)) {
        let rest = (cursor.at, cursor.limit);
        if cursor.limit == usize::MAX || rest.0 >= rest.1 {
            return then(self);
        }
        let index = self.free.partition_point(|gap| gap.0 < rest.0);
        self.free.insert(index, rest);
        then(self);
        self.free.remove(index);
    }

    /// The next chain that has no place yet, or the end.
    fn next_chain(&mut self) {
        match self.placed.iter().position(Option::is_none) {
            Some(index) => self.chain(index),
            None => self.record(),
        }
    }

    fn record(&mut self) {
        let used = self.pieces.iter().map(|&(at, piece)| at + self.length(piece)).max().unwrap_or(0);
        let end = self.place.end.max(used);
        if end < self.limit {
            let packing = Packing { end, pieces: self.pieces.clone() };
            if (self.accept)(&packing) {
                self.limit = end;
                self.best = Some(packing);
            }
        }
    }

    fn length(&self, piece: Piece) -> usize {
        match piece {
            Piece::Op(index) => self.program.code[index].length,
            Piece::Jump(_) => JUMP,
            Piece::Cross | Piece::Nop => 1,
            Piece::Data(block) => self.program.data[block].0,
        }
    }
}

/// Whether a jump that ends at `from` reaches `to` with one byte.
fn reaches(from: usize, to: usize) -> bool {
    (-128..=127).contains(&(to as i64 - from as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn op(length: usize) -> Op {
        Op { length, falls: true, flags_dead: true, bears_rex: true, align: 1 }
    }

    /// The ELF64 header with k = 24.
    fn eighty() -> Place {
        Place {
            gaps: vec![(4, 16), (20, 24), (48, 54)],
            tail: 72,
            end: 80,
            entry: Some(4),
            behind_rex: true,
            jumps: true,
        }
    }

    fn check(code: &[usize], data: &[usize], place: &Place, expected: usize) {
        let program = Program {
            code: code.iter().map(|&length| op(length)).collect(),
            entry: 0,
            data: data.iter().map(|&length| (length, 1)).collect(),
        };
        let mut nodes = 1_000_000;
        let packing =
            pack(&program, place, usize::MAX, &mut nodes, &|_| true).expect("the tail has no limit");
        assert_eq!(packing.end, expected, "{packing:?}");
        let mut taken: Vec<(usize, usize)> = packing
            .pieces
            .iter()
            .map(|&(at, piece)| match piece {
                Piece::Op(index) => (at, at + code[index]),
                Piece::Jump(_) => (at, at + 2),
                Piece::Cross | Piece::Nop => (at, at + 1),
                Piece::Data(block) => (at, at + data[block]),
            })
            .collect();
        taken.sort_unstable();
        for (index, range) in taken.iter().enumerate() {
            let free =
                place.gaps.iter().any(|gap| gap.0 <= range.0 && range.1 <= gap.1) || range.0 >= place.tail;
            assert!(free, "{range:?} is not free");
            assert!(taken.get(index + 1).is_none_or(|next| range.1 <= next.0), "{range:?} overlaps");
        }
    }

    #[test]
    fn an_exit_hides_in_the_header() {
        check(&[2, 2], &[], &eighty(), 80);
        check(&[2, 3, 2], &[], &eighty(), 80);
    }

    #[test]
    fn hello_needs_six_bytes_more_than_the_header() {
        check(&[2, 2, 5, 2, 2, 2, 2, 2], &[14], &eighty(), 86);
    }

    #[test]
    fn two_obstacles_are_crossed() {
        let mut place = eighty();
        place.gaps.push((58, 62));
        check(&[7, 2, 2, 2, 2, 2, 2, 2], &[14], &place, 86);
    }

    #[test]
    fn what_fits_nowhere_goes_to_the_tail() {
        check(&[2, 2], &[100], &eighty(), 172);
        check(&[15, 15], &[], &eighty(), 102);
    }
}
