//! The command line, as users see it: every option, exit status and message, completely compared.

#[path = "../support/host.rs"]
mod host;
#[path = "../support/oracle.rs"]
mod oracle;
#[path = "../support/patience.rs"]
mod patience;
#[path = "../support/tool.rs"]
mod tool;

mod build;
mod debug;
mod diagnostics;
mod examples;
mod help;
mod listing_options;
mod map;
mod map_file;
mod nasm;
mod output;
mod readers;
mod reading;
mod readme;
mod run;
mod template;
mod usage;
mod watch;
mod wrap;
