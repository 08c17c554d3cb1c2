//! The x86 back end against nasm 2.16.01: lines with the bytes that it gave them, and lines made here that it is
//! asked about.

mod agree;
mod allocations;
mod batch;
mod cautions;
mod cpu;
#[path = "../support/decoded.rs"]
mod decoded;
mod garbage;
mod levels;
mod lines;
mod mistakes;
mod mutate;
#[path = "../support/oracle.rs"]
mod oracle;
mod random;
mod reject;
mod roundtrip;
