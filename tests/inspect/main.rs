//! The map of a file's bytes: complete, equal to what readelf and objdump say, and unharmed by damage.

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

mod browser;
mod damage;
mod files;
mod golden;
mod peers;
#[cfg(unix)]
mod readers;
