//! System-call scripts: what they say, how small they are, and that they do the same on every machine.

#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;

mod build;
mod checks;
mod encodings;
mod equal;
mod errors;
mod first;
mod language;
mod random;
mod robust;
mod size;
mod source;
mod templates;
