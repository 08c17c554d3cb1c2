//! Whether what is odd about a file is damage.
//!
//! A golfed file has impossible numbers on purpose: its headers lie over each other, and what the kernel does not read
//! holds code.  So what is odd is a problem only where Linux does not start the file, or starts it without bytes that a
//! segment was to have; that those bytes are missing is no damage where the number of them belongs to another
//! structure as well.

use super::ByteMap;
use super::region::Owner;
use crate::elf::loader::{self, Kernel};

/// What is odd about a file.
pub(super) struct Verdict {
    /// The versions of Linux that start the file all the same; empty where it is damaged, or nothing is odd.
    pub(super) accepted_by: Vec<Kernel>,
    /// For each problem: what else the bytes are that say it.
    pub(super) others: Vec<Vec<String>>,
}

impl Verdict {
    /// On the problems of a file.
    pub(super) fn of(map: &ByteMap<'_>) -> Verdict {
        let others = others(map);
        let file = &map.file;
        if others.is_empty() {
            return Verdict { accepted_by: Vec::new(), others };
        }
        let is_cut = file.phdrs.iter().enumerate().any(|(index, segment)| {
            let end = segment.p_offset.0.saturating_add(segment.p_filesz);
            let at = file.phdr_offset(index as u64);
            let mut said = file.problems.iter().zip(&others);
            end > file.size() && said.any(|(one, others)| one.offset.0 == at && others.is_empty())
        });
        let accepted_by = if is_cut { Vec::new() } else { loader::kernels(file.bytes) };
        Verdict { accepted_by, others }
    }

    /// Whether Linux starts the file with what is odd about it.
    pub(super) fn is_accepted(&self) -> bool {
        !self.accepted_by.is_empty()
    }

    /// The words above the list.
    pub(super) fn heading(&self) -> String {
        match self.is_accepted() {
            true => format!("Odd, but Linux starts the file ({})", loader::versions(&self.accepted_by)),
            false => "Problems".to_owned(),
        }
    }
}

/// For each problem the owners of its bytes beside the structure that it is about.
fn others(map: &ByteMap<'_>) -> Vec<Vec<String>> {
    let file = &map.file;
    if file.problems.is_empty() {
        return Vec::new();
    }
    let pieces = map.pieces();
    let about = |at: u64| {
        let segments = (0..file.phdrs.len()).map(|index| file.phdr_offset(index as u64));
        match (0..).zip(segments).find(|one| one.1 == at) {
            Some((index, _)) => (Owner::Phdr(index), file.form.class.phdr_size()),
            None => (Owner::Ehdr, 2),
        }
    };
    let of = |at: u64| {
        let (own, size) = about(at);
        let mut names: Vec<String> = Vec::new();
        for piece in pieces.iter().filter(|one| one.count > 1 && one.start < at + size && at < one.end) {
            let owners = piece.owners.iter().map(|&index| map.regions[index as usize].owner);
            for owner in owners.filter(|&owner| owner != own) {
                let name = super::text::owner_name(map, owner);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    };
    file.problems.iter().map(|one| of(one.offset.0)).collect()
}
