//! Files with bytes changed, cut off and doubled: always a map, never a panic, never a hang.
//!
//! `TINYELF_MUTATIONS` says how many (100,000 take some minutes); the seed is fixed.

use tinyelf::inspect::{self, ByteMap, Sections};

use crate::files;

struct Random(u64);

impl Random {
    /// xorshift64.
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Counts what is written: output must stay in proportion to the file.
struct Counter(u64);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn damaged(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(6) {
        let near_start = random.below(4) > 0;
        let reach = if near_start { bytes.len().min(256) } else { bytes.len() };
        let at = random.below(reach);
        match random.below(8) {
            0 => bytes.truncate(at.max(5)),
            1 => bytes[at] = 0xff,
            2 => bytes[at] = 0,
            3 => {
                let end = (at + 8).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
            4 => {
                let from = random.below(bytes.len());
                let length = random.below(64).min(bytes.len() - from).min(bytes.len() - at);
                bytes.copy_within(from..from + length, at);
            }
            _ => bytes[at] = random.next().to_le_bytes()[3],
        }
    }
    bytes[..4].copy_from_slice(b"\x7fELF");
    bytes
}

/// Every byte is in a region, in order, and the pieces cover the file once.
pub(crate) fn check_complete(name: &str, map: &ByteMap<'_>) {
    let mut at = 0;
    for piece in map.pieces() {
        assert_eq!(piece.start, at, "{name}: a hole before {:#x}", piece.start);
        assert!(piece.start < piece.end && piece.count >= 1 && !piece.owners.is_empty(), "{name}");
        at = piece.end;
    }
    assert_eq!(at, map.file.size(), "{name}: bytes at the end without owner");
    for region in map.regions.iter().filter(|region| region.itemised) {
        let mut at = region.start;
        for item in map.items(region) {
            assert!(item.start == at && item.end > at, "{name}: {item:?} in {region:?}");
            at = item.end;
        }
        assert_eq!(at, region.end, "{name}: {region:?}");
    }
}

#[test]
fn damaged_files_have_a_complete_map_of_bounded_size() {
    let count = std::env::var("TINYELF_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
    let files = files::all();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for round in 0..count {
        let (name, original) = &files[random.below(files.len())];
        let bytes = damaged(original, &mut random);
        let map = ByteMap::new(&bytes).unwrap();
        let name = format!("{name}, round {round}");
        check_complete(&name, &map);
        let mut counter = Counter(0);
        inspect::text(&map, Sections::default(), &mut counter).unwrap();
        let parts = Sections { header: true, segments: true, sections: true, symbols: true, code: true };
        inspect::text(&map, parts, &mut counter).unwrap();
        if round % 8 == 0 {
            inspect::json(&map, &mut counter).unwrap();
            inspect::html(&map, "x", &mut counter).unwrap();
        }
        let bound = 100_000 + 4000 * bytes.len() as u64;
        assert!(counter.0 < bound, "{name}: {} bytes of text for {} of file", counter.0, bytes.len());
    }
}

/// The file that this test is in: made by rustc and a linker, with megabytes of debug information.
#[test]
fn a_large_program_of_rust_has_a_complete_map() {
    let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    // Of a system without ELF there is nothing to see.
    let Ok(map) = ByteMap::new(&bytes) else { return };
    let pieces = map.pieces();
    let mut at = 0;
    for piece in &pieces {
        assert!(piece.start == at && piece.end > at);
        at = piece.end;
    }
    assert_eq!(at, bytes.len() as u64);
    let small = map.regions.iter().filter(|region| region.itemised && region.end - region.start < 1 << 18);
    for region in small {
        let mut at = region.start;
        for item in map.items(region) {
            assert!(item.start == at && item.end > at, "{item:?} in {region:?}");
            at = item.end;
        }
        assert_eq!(at, region.end, "{region:?}");
    }
    assert!(map.regions.len() > 30, "{} regions", map.regions.len());
}

#[test]
fn whole_files_have_a_complete_map_too() {
    for (name, bytes) in files::all() {
        check_complete(&name, &ByteMap::new(&bytes).unwrap());
    }
}
