//! The templates of this run: those that come with tinyelf, and the user's own from `--templates DIR` or
//! TINYELF_TEMPLATES.  One of the user's takes the place of ours with the same name; none takes a command's.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args as _, Command, CommandFactory as _};

use super::arguments::{Arguments, TargetOptions, WriteOptions};
use crate::template::{self, Template};

/// All templates, by name.  The words are read before clap sees them: templates are commands of their own.
pub(super) fn templates(words: &[OsString]) -> Result<Vec<Template>> {
    let mut templates = template::catalogue();
    let Some(folder) = folder(words) else { return Ok(templates) };
    let own = read(&folder).with_context(|| format!("the templates in `{}`", folder.display()))?;
    templates.retain(|template| own.iter().all(|one| one.name != template.name));
    templates.extend(own);
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(templates)
}

/// What `--templates` says, else the environment.
fn folder(words: &[OsString]) -> Option<PathBuf> {
    let mut given = None;
    let mut words = words.iter().skip(1).take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word == "--templates" {
            given = words.next().map(PathBuf::from);
        } else if let Some(path) = word.to_str().and_then(|word| word.strip_prefix("--templates=")) {
            given = Some(PathBuf::from(path));
        }
    }
    given.or_else(|| std::env::var_os("TINYELF_TEMPLATES").filter(|path| !path.is_empty()).map(PathBuf::from))
}

/// Every NAME.sys and NAME.MACHINE.asm of a folder; other files are none of our business.
fn read(folder: &Path) -> Result<Vec<Template>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if !path.extension().is_some_and(|extension| extension == "sys" || extension == "asm") {
            continue;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        files.push((path.to_string_lossy().into_owned(), text));
    }
    files.sort();
    let templates = template::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str())))?;
    let root = Arguments::command();
    let taken = WriteOptions::augment_args(TargetOptions::augment_args(Command::new("taken")));
    for template in &templates {
        let name = &template.name;
        if name == "help" || root.get_subcommands().any(|command| command.get_name() == name) {
            bail!("`{name}` is a command of tinyelf; give the template another name");
        }
        for option in template.parameters.iter().filter(|parameter| parameter.option) {
            let option = option.name.as_str();
            let own = ["help", "version", "no-newline"].contains(&option);
            if own
                || root.get_arguments().chain(taken.get_arguments()).any(|one| one.get_long() == Some(option))
            {
                bail!("`--{option}` of the template `{name}` is an option of tinyelf; give it another name");
            }
        }
    }
    Ok(templates)
}
