//! Random numbers that are the same in every run: xorshift64*.

/// A generator.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }

    /// A number of some bits: now and then an edge, small or large, else any.
    pub(crate) fn edgy(&mut self, bits: u32) -> u64 {
        let mask = u64::MAX >> (64 - bits);
        match self.below(6) {
            0 => [0, 1, 2, mask, mask - 1, mask >> 1, (mask >> 1) + 1][self.below(7) as usize],
            1 => self.below(64) & mask,
            _ => self.next() & mask,
        }
    }

    /// A signed number of some bits, edges as in `edgy`.
    pub(crate) fn signed(&mut self, bits: u32) -> i64 {
        (self.edgy(bits) << (64 - bits)) as i64 >> (64 - bits)
    }
}
