//! `--map` and `--html`: what was just built, with the lines that its bytes came from.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::help;
use super::output::{self, Mode, Target};
use crate::elf::records::Machine;
use crate::inspect::{self, ByteMap};
use crate::listing;
use crate::pipeline::{Built, Format};

/// What is to be shown of a build, beside the program.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct SeeOptions {
    /// Print where each byte came from: file offset, address, bytes, source line
    #[arg(long)]
    map: bool,
    /// Write the page of `tinyelf inspect --html`, with the source lines in it
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

impl SeeOptions {
    /// Whether anything is to be shown.
    pub(super) fn is_wanted(&self) -> bool {
        self.map || self.html.is_some()
    }

    /// Refuses what cannot be shown, before anything is built.
    pub(super) fn check(&self, target: &Target, inputs: &[PathBuf], format: Format) -> Result<()> {
        if self.map && *target == Target::Stdout {
            bail!("`--map` prints on standard output, where the program goes: name a file with `-o`");
        }
        let Some(page) = &self.html else { return Ok(()) };
        if format == Format::Flat {
            bail!(
                "`--html` shows ELF files, and `-f bin` writes none: `--map` shows where its bytes came from"
            );
        }
        let page = Target::File(page.clone());
        if page == *target {
            bail!("`--html` and the program have the same name, `{}`", target.name());
        }
        output::refuse_inputs(&page, inputs)
    }

    /// The same for one machine of several: a page of its own, `page.i386.html`.
    pub(super) fn of_machine(&self, machine: Option<Machine>) -> SeeOptions {
        let mut own = self.clone();
        if let (Some(page), Some(machine)) = (&mut own.html, machine) {
            let ending = page.extension().unwrap_or_default().to_owned();
            page.set_extension(machine.name());
            if !ending.is_empty() {
                page.as_mut_os_string().push(".");
                page.as_mut_os_string().push(ending);
            }
        }
        own
    }

    /// Before one map of several: whose it is.
    pub(super) fn head(&self, target: &Target) -> Result<()> {
        if self.map {
            help::print(format!("{}:\n", target.name()).as_bytes())?;
        }
        Ok(())
    }

    /// Prints the map and writes the page.
    pub(super) fn show(&self, built: &Built, target: &Target) -> Result<()> {
        if self.map {
            let mut text = Vec::new();
            listing::map(&built.bytes, &built.origins, &mut text).context("cannot write the map")?;
            help::print(&text)?;
        }
        let Some(path) = &self.html else { return Ok(()) };
        let map = ByteMap::new(&built.bytes)?.with_origins(built.origins.clone());
        let name = target.name();
        let title = Path::new(&name).file_name().map_or(name.clone().into(), |name| name.to_string_lossy());
        let mut page = Vec::new();
        inspect::html(&map, &title, &mut page).context("cannot write the page")?;
        output::write(&Target::File(path.clone()), &page, Mode::Plain)
    }
}
