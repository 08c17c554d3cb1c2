//! Names, each stored once: comparing two is comparing two integers.

/// A name of a [`Names`] table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// An open-addressing table over one buffer of text; no allocation for each name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: Vec<u8>,
    /// Where each name ends in `text`; it starts where the one before ends.
    ends: Vec<u32>,
    /// Hash and number plus one; zero is empty.  The length is a power of two.
    slots: Vec<(u32, u32)>,
}

impl Names {
    /// The hash that [`Names::intern_hashed`] expects, for scanners that compute it while they read.
    pub fn hash(name: &[u8]) -> u32 {
        name.iter().fold(0x811c_9dc5, |hash, &byte| Self::hash_step(hash, byte)) // FNV-1a.
    }

    /// One step of [`Names::hash`]; the start value is `0x811c_9dc5`.
    #[inline]
    pub fn hash_step(hash: u32, byte: u8) -> u32 {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    }

    /// The number of a name, new or old.
    pub fn intern(&mut self, name: &[u8]) -> NameId {
        self.intern_hashed(name, Self::hash(name))
    }

    /// As [`Names::intern`], with the hash already known.
    pub fn intern_hashed(&mut self, name: &[u8], hash: u32) -> NameId {
        if (self.ends.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) & mask;
        loop {
            let (found, number) = self.slots[at];
            if number == 0 {
                break;
            }
            if found == hash && self.get(NameId(number - 1)) == name {
                return NameId(number - 1);
            }
            at = (at + 1) & mask;
        }
        self.text.extend_from_slice(name);
        self.ends.push(u32::try_from(self.text.len()).expect("names are shorter than the 4 GiB of source"));
        let number = u32::try_from(self.ends.len()).expect("fewer names than bytes of source");
        self.slots[at] = (hash, number);
        NameId(number - 1)
    }

    /// The number of a name that is already there.
    pub fn find(&self, name: &[u8]) -> Option<NameId> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = Self::hash(name);
        let mask = self.slots.len() - 1;
        let mut at = spread(hash) & mask;
        loop {
            let (found, number) = self.slots[at];
            let id = NameId(number.checked_sub(1)?);
            if found == hash && self.get(id) == name {
                return Some(id);
            }
            at = (at + 1) & mask;
        }
    }

    /// The text of a name.
    pub fn get(&self, id: NameId) -> &[u8] {
        let index = id.0 as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        let length = (old.len() * 2).max(64);
        self.slots = vec![(0, 0); length];
        for (hash, number) in old.into_iter().filter(|&(_, number)| number != 0) {
            let mut at = spread(hash) & (length - 1);
            while self.slots[at].1 != 0 {
                at = (at + 1) & (length - 1);
            }
            self.slots[at] = (hash, number);
        }
    }
}

/// FNV's low bits are its weakest; fold the high ones in before masking.
fn spread(hash: u32) -> usize {
    (hash ^ (hash >> 15)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_stored_once_and_found_again() {
        let mut names = Names::default();
        let ids: Vec<_> = (0..1000).map(|n| names.intern(format!("name{n}").as_bytes())).collect();
        assert_eq!(names.len(), 1000);
        for (n, &id) in ids.iter().enumerate() {
            let text = format!("name{n}");
            assert_eq!(names.get(id), text.as_bytes());
            assert_eq!(names.intern(text.as_bytes()), id);
            assert_eq!(names.find(text.as_bytes()), Some(id));
        }
        assert_eq!(names.find(b"other"), None);
        assert_eq!(Names::default().find(b"x"), None);
    }
}
