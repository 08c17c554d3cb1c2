//! ELF files: the records with the names of elf.h, and what reads and writes them.

pub mod fields;
pub mod fixture;
pub mod loader;
pub mod names;
pub mod read;
pub mod records;
pub mod write;
