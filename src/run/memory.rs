//! The memory of a process, as far as it can be read.

/// Something that has bytes at addresses.
pub(super) trait Memory {
    /// Reads from an address on; how many bytes there were.
    fn read(&self, address: u64, into: &mut [u8]) -> usize;

    /// Exactly so many bytes, or nothing.
    fn bytes(&self, address: u64, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        (self.read(address, &mut bytes) == length).then_some(bytes)
    }

    /// A little-endian word of `width` bytes.
    fn word(&self, address: u64, width: usize) -> Option<u64> {
        let mut word = [0; 8];
        word[..width].copy_from_slice(&self.bytes(address, width)?);
        Some(u64::from_le_bytes(word))
    }

    /// The bytes before the next NUL, at most `most`; and whether the NUL was reached.
    fn text(&self, address: u64, most: usize) -> Option<(Vec<u8>, bool)> {
        /// Reads stay within a page: the next one may not be there.
        const PAGE: u64 = 0x1000;
        let mut text = Vec::new();
        while text.len() < most {
            let at = address.checked_add(text.len() as u64)?;
            let step = usize::try_from(PAGE - at % PAGE).expect("at most a page").min(most - text.len());
            let mut part = vec![0; step];
            let count = self.read(at, &mut part);
            if let Some(end) = part[..count].iter().position(|&byte| byte == 0) {
                text.extend_from_slice(&part[..end]);
                return Some((text, true));
            }
            text.extend_from_slice(&part[..count]);
            if count < step {
                return (!text.is_empty()).then_some((text, false));
            }
        }
        Some((text, false))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::Memory;

    /// Bytes from an address on.
    pub(in crate::run) struct At(pub(in crate::run) u64, pub(in crate::run) Vec<u8>);

    impl Memory for At {
        fn read(&self, address: u64, into: &mut [u8]) -> usize {
            let Some(skip) = address.checked_sub(self.0) else { return 0 };
            let rest = usize::try_from(skip).ok().and_then(|skip| self.1.get(skip..)).unwrap_or(&[]);
            let count = rest.len().min(into.len());
            into[..count].copy_from_slice(&rest[..count]);
            count
        }
    }

    #[test]
    fn text_ends_at_a_nul_at_the_limit_or_where_memory_ends() {
        let memory = At(0xff8, b"hello wide world\0rest".to_vec());
        assert_eq!(memory.text(0xff8, 99), Some((b"hello wide world".to_vec(), true)));
        assert_eq!(memory.text(0xff8, 5), Some((b"hello".to_vec(), false)));
        assert_eq!(memory.text(0xff8 + 17, 99), Some((b"rest".to_vec(), false)));
        assert_eq!(memory.text(0, 99), None);
        assert_eq!(memory.word(0xff8, 4), Some(u64::from(u32::from_le_bytes(*b"hell"))));
        assert_eq!(memory.word(0xff8 + 20, 4), None);
    }
}
