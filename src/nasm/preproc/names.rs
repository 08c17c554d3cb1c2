//! Names of macros, contexts and directives, each numbered once.
//!
//! nasm finds a macro without regard to case and then asks whether the case must fit, so names are numbered in lower
//! case: two spellings have one number.  A token of a stored body carries its number, so that expanding it again costs
//! an index and no hash.

/// The number of a name in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Atom(pub(super) u32);

impl Atom {
    /// The number of a text that no macro can have as its name, or that was not looked up.
    pub(super) const NONE: Atom = Atom(u32::MAX);

    /// The place of the name's entry in a table; `None` for [`Atom::NONE`].
    pub(super) fn index(self) -> Option<usize> {
        (self != Atom::NONE).then_some(self.0 as usize)
    }
}

/// The table of names: open addressing, a power of two slots, at most half full.
pub(super) struct Names {
    slots: Vec<(u32, u32)>,
    ends: Vec<u32>,
    text: Vec<u8>,
}

impl Names {
    pub(super) fn new() -> Self {
        Names { slots: vec![(0, u32::MAX); 1024], ends: Vec::new(), text: Vec::new() }
    }

    /// The number of a name; [`Atom::NONE`] when it was never numbered.
    pub(super) fn find(&self, name: &[u8]) -> Atom {
        Atom(self.slots[self.slot(hash(name), name)].1)
    }

    /// The number of a name, which gets one if it has none.
    pub(super) fn number(&mut self, name: &[u8]) -> Atom {
        let hash = hash(name);
        let slot = self.slot(hash, name);
        if self.slots[slot].1 != u32::MAX {
            return Atom(self.slots[slot].1);
        }
        let id = u32::try_from(self.ends.len()).expect("fewer names than bytes of source");
        self.text.extend(name.iter().map(u8::to_ascii_lowercase));
        self.ends.push(u32::try_from(self.text.len()).expect("names are shorter than the source"));
        self.slots[slot] = (hash, id);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        Atom(id)
    }

    fn name(&self, id: u32) -> &[u8] {
        let start = (id as usize).checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.text[start..self.ends[id as usize] as usize]
    }

    /// The slot that holds the name, or the empty one where it belongs.
    fn slot(&self, hash: u32, name: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let (other, id) = self.slots[at];
            if id == u32::MAX || (other == hash && self.name(id).eq_ignore_ascii_case(name)) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![(0, u32::MAX); old.len() * 2];
        let mask = self.slots.len() - 1;
        for (hash, id) in old.into_iter().filter(|slot| slot.1 != u32::MAX) {
            let mut at = hash as usize & mask;
            while self.slots[at].1 != u32::MAX {
                at = (at + 1) & mask;
            }
            self.slots[at] = (hash, id);
        }
    }
}

/// FNV-1a over lower case, its high bits folded down.
fn hash(name: &[u8]) -> u32 {
    let full = name.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    (full ^ (full >> 32)) as u32
}

/// Which words of the source may be macros: asked for every word of a line that holds no `%`, before anything is
/// hashed.  It says yes for any word whose length and first and last letters are those of a macro.
pub(super) struct Filter {
    bits: Vec<u64>,
    /// First letters that occur, so that most words are dismissed by one look.
    pub(super) first: [bool; 256],
}

impl Filter {
    pub(super) fn new() -> Self {
        Filter { bits: vec![0; 512], first: [false; 256] }
    }

    fn place(word: &[u8]) -> usize {
        let first = usize::from(word[0]) & 31;
        let last = usize::from(word[word.len() - 1]) & 31;
        (word.len() & 31) << 10 | first << 5 | last
    }

    /// Lets a name through from now on.
    pub(super) fn add(&mut self, name: &[u8]) {
        let Some(&first) = name.first() else { return };
        let place = Self::place(name);
        self.bits[place >> 6] |= 1 << (place & 63);
        self.first[usize::from(first.to_ascii_lowercase())] = true;
        self.first[usize::from(first.to_ascii_uppercase())] = true;
    }

    /// Whether a word (not empty) may be a macro.
    pub(super) fn passes(&self, word: &[u8]) -> bool {
        let place = Self::place(word);
        self.bits[place >> 6] >> (place & 63) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_have_one_number() {
        let mut names = Names::new();
        let first = names.number(b"Alpha");
        assert_eq!(names.number(b"aLPHA"), first);
        assert_eq!(names.find(b"beta"), Atom::NONE);
        for count in 0..5000 {
            names.number(format!("name{count}").as_bytes());
        }
        assert_eq!(names.find(b"ALPHA"), first);
        assert_eq!(names.number(b"last"), Atom(5001));
    }

    #[test]
    fn the_filter_never_hides_a_macro() {
        let mut filter = Filter::new();
        filter.add(b"Strlen");
        assert!(filter.passes(b"sTRLEN") && filter.first[usize::from(b's')]);
        assert!(!filter.passes(b"mov"));
    }
}
