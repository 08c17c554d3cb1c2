//! Layouts against their judges: nasm for flat output, readelf and its kin for structure, the kernel for behaviour.

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

mod behave;
mod executable;
mod figures;
mod fixture;
mod flat;
mod loader;
mod options;
mod program;
mod random;
