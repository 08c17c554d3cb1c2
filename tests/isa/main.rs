//! The x86 back end against lines with the bytes that nasm 2.16.01 gave them.

mod lines;
mod parse;
