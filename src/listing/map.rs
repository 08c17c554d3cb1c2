//! The map (`--map`) as text: file offset, address, bytes, and the line that they came from.
//!
//! ```text
//! offset    address         bytes                    source
//! 00000000  0x400000        7f 45 4c 46 02 01 01 00  Elf64_Ehdr, the file header
//!                           … 56 more bytes
//! 00000078  0x400078        b8 01 00 00 00           hello.asm:4  mov eax, 1
//! 00000082  0x400082        b8 3c 00 00 00           hello.asm:9  exit 3  <- exit.inc:2  mov eax, 60
//! ```
//!
//! Every byte of the file is in one row or counted behind it: what no source made is called by its owner, as `inspect`
//! knows it.

use std::io::{self, Write};

use super::origin::Origin;
use crate::inspect::{ByteMap, Piece};

/// Bytes in a row.
const ROW: usize = 8;
/// More rows of the same statement are only counted.
const MOST_ROWS: usize = 4;

/// Writes the map of a file; `origins` are in its order.
pub fn map(bytes: &[u8], origins: &[Origin], out: &mut dyn Write) -> io::Result<()> {
    let owners = ByteMap::new(bytes).ok().map(|map| (map.pieces(), map));
    writeln!(out, "offset    address         bytes                    source")?;
    let mut rows = Rows { bytes, owners, out };
    let (in_file, in_memory) = origins.split_at(origins.partition_point(|one| one.offset.is_some()));
    let mut at = 0;
    for origin in in_file {
        let (start, end) = (origin.offset.unwrap_or(at), origin.end().unwrap_or(at));
        rows.unwritten(at, start)?;
        rows.row((start, end), origin.address, &origin.words(), MOST_ROWS)?;
        at = end;
    }
    rows.unwritten(at, bytes.len() as u64)?;
    for origin in in_memory {
        let text = format!("{} bytes of memory", origin.size);
        writeln!(rows.out, "          {:<14}  {text:23}  {}", address(origin.address), origin.words())?;
    }
    Ok(())
}

fn address(address: Option<u64>) -> String {
    address.map_or_else(String::new, |address| format!("{address:#x}"))
}

struct Rows<'a> {
    bytes: &'a [u8],
    /// Whose the bytes are, where the file is ELF.
    owners: Option<(Vec<Piece>, ByteMap<'a>)>,
    out: &'a mut dyn Write,
}

impl Rows<'_> {
    /// What comes from no line, cut where the owners change.
    fn unwritten(&mut self, start: u64, end: u64) -> io::Result<()> {
        if start >= end {
            return Ok(());
        }
        let Some((pieces, owners)) = &self.owners else { return self.row((start, end), None, "padding", 1) };
        let first = pieces.partition_point(|piece| piece.end <= start);
        let pieces = pieces[first..].iter().take_while(|piece| piece.start < end);
        let rows: Vec<_> = pieces
            .map(|piece| {
                let owner = |&index: &u32| owners.owner_name(&owners.regions[index as usize]);
                let names: Vec<_> = piece.owners.iter().map(owner).collect();
                let first = piece.start.max(start);
                ((first, piece.end.min(end)), owners.file.address_of(first), names.join("; "))
            })
            .collect();
        rows.into_iter().try_for_each(|(range, address, what)| self.row(range, address, &what, 1))
    }

    fn row(&mut self, (start, end): (u64, u64), at: Option<u64>, what: &str, most: usize) -> io::Result<()> {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let bytes = self.bytes.get(place(start)..place(end)).unwrap_or_default();
        for (number, chunk) in bytes.chunks(ROW).take(most).enumerate() {
            let hex: Vec<_> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
            let far = (number * ROW) as u64;
            let address = address(at.map(|at| at.wrapping_add(far)));
            let what = if number == 0 { what } else { "" };
            let line = format!("{:08x}  {address:<14}  {:23}  {what}", start + far, hex.join(" "));
            writeln!(self.out, "{}", line.trim_end())?;
        }
        match bytes.len().saturating_sub(ROW * most) {
            0 => Ok(()),
            more => writeln!(self.out, "{:26}… {more} more bytes", ""),
        }
    }
}
