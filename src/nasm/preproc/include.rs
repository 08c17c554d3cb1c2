//! `%include`, `%use`, `%depend`, `%pathsearch`, and the settings of the command line (nasmdoc 4.6).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Preprocessor;
use super::frame::Frame;
use super::host::Host;
use super::options::{Purpose, Setting};
use super::standard::PACKAGES;
use super::token::{Kind, Token};
use crate::source::{Diagnostic, LoadError, Span};

/// A path as the source's bytes say it.
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

impl Preprocessor {
    /// Makes the settings of the command line a file of directives before the source.
    pub(super) fn push_settings(&mut self, host: &mut dyn Host) {
        if !std::mem::take(&mut self.fresh) || self.options.settings.is_empty() {
            return;
        }
        let mut text = Vec::new();
        for setting in &self.options.settings {
            match setting {
                Setting::Define(definition) => {
                    text.extend_from_slice(b"%define ");
                    let mut parts = definition.splitn(2, |&byte| byte == b'=');
                    text.extend_from_slice(parts.next().unwrap_or_default());
                    text.push(b' ');
                    text.extend_from_slice(parts.next().unwrap_or_default());
                }
                Setting::Undefine(name) => {
                    text.extend_from_slice(b"%undef ");
                    text.extend_from_slice(name);
                }
                Setting::Include(path) => {
                    text.extend_from_slice(b"%include ");
                    text.extend(super::strings::quote(path.to_string_lossy().as_bytes()));
                }
                Setting::Before(line) => text.extend_from_slice(line),
                Setting::Pragma(pragma) => {
                    text.extend_from_slice(b"%pragma ");
                    text.extend_from_slice(pragma);
                }
            }
            text.push(b'\n');
        }
        let text: Arc<[u8]> = Arc::from(text);
        let name = Path::new("<command line>");
        if let Some(id) = host.map().add(name, text.clone()) {
            let start = host.map().file(id).start;
            self.push_file(name, text, start, false);
        }
    }

    /// The file name that a directive says, without quotes.
    fn file_name(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) -> Option<(Vec<u8>, Span)> {
        let directive = self.shown(&list[..1]);
        let mut rest = list.split_off(1);
        self.expand(&mut rest, host);
        let Some(first) =
            rest.first().copied().filter(|t| matches!(t.kind, Kind::String | Kind::Environment))
        else {
            self.error(list[0].span, format!("`{directive}` expects a file name"), host);
            return None;
        };
        if let Some(token) = rest.get(1) {
            let message = format!("trailing garbage after `{directive}` ignored");
            self.warn("pp-trailing", token.span, message, host);
        }
        let text = self.detoken_bytes(&[first]);
        Some((super::strings::unquoted(&text).into_owned(), first.span))
    }

    /// The file, here or in the folders to search; with the path that it was found at.
    fn find_file(&self, path: &Path, host: &dyn Host) -> Result<(PathBuf, Arc<[u8]>), LoadError> {
        let mut first = match host.loader().load(path) {
            Ok(text) => return Ok((path.to_owned(), text)),
            Err(error) => error,
        };
        if path.is_absolute() {
            return Err(first);
        }
        for folder in &self.options.include {
            let candidate = folder.join(path);
            match host.loader().load(&candidate) {
                Ok(text) => return Ok((candidate, text)),
                Err(error) if !error.is_not_found() && first.is_not_found() => first = error,
                Err(_) => {}
            }
        }
        Err(first)
    }

    pub(super) fn include(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some((name, span)) = self.file_name(list, host) else { return };
        let path = path_of(&name);
        let depth = self.frames.iter().filter(|frame| matches!(frame, Frame::File(_))).count();
        let limit = self.options.limits.include_depth;
        if depth > limit {
            let message = format!("`{}` is included {limit} files deep", path.display());
            host.diagnostics().push(Diagnostic::error(span, message).note("does a file include itself?"));
            self.stopped = true;
            return;
        }
        match self.find_file(&path, host) {
            Ok((found, text)) => {
                self.note_dependency(found.clone());
                let Some(id) = host.map().add(&found, text.clone()) else {
                    return self.error(span, "all sources together may have 4 GiB", host);
                };
                let start = host.map().file(id).start;
                self.push_file(&found, text, start, true);
            }
            Err(error) => {
                self.note_dependency(path.clone());
                if self.options.missing_files_are_fine {
                    return;
                }
                let message = format!("unable to open include file `{}`: {}", path.display(), error.source);
                let mut diagnostic = Diagnostic::error(span, message);
                if error.is_not_found() && !path.is_absolute() {
                    diagnostic = diagnostic.note(self.searched());
                }
                host.diagnostics().push(diagnostic);
                // Alone, the preprocessor goes on to show the rest.
                self.stopped = self.options.purpose != Purpose::Preprocess;
            }
        }
    }

    fn searched(&self) -> String {
        let folders: Vec<String> =
            self.options.include.iter().map(|folder| format!(", `{}`", folder.display())).collect();
        format!("searched the working folder{}", folders.concat())
    }

    /// Notes a file that `incbin` names.
    pub(super) fn note_binary(&mut self, name: &[u8], host: &mut dyn Host) {
        let path = path_of(name);
        let found = self.find_file(&path, host).map_or(path, |(found, _)| found);
        self.note_dependency(found);
    }

    fn note_dependency(&mut self, path: PathBuf) {
        if !self.dependencies.contains(&path) {
            self.dependencies.push(path);
        }
    }

    pub(super) fn depend(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        if let Some((name, _)) = self.file_name(list, host) {
            let path = path_of(&name);
            host.loader().note(&path);
            self.note_dependency(path);
        }
    }

    /// Where `%include` would find a file; its name as it is when it would not.
    pub(super) fn search_path(&self, name: &[u8], host: &dyn Host) -> Vec<u8> {
        match self.find_file(&path_of(name), host) {
            Ok((found, _)) => found.to_string_lossy().into_owned().into_bytes(),
            Err(_) => name.to_owned(),
        }
    }

    pub(super) fn define_path(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let Some(name) = self.macro_name(list, host) else { return };
        let mut rest = list.split_off(2);
        self.expand(&mut rest, host);
        let Some(file) = rest.first().filter(|token| token.kind == Kind::String) else {
            return self.error(name.span, "`%pathsearch` expects a file name", host);
        };
        let found = self.search_path(&super::strings::unquoted(self.text.of(file)), host);
        let token = self.string_token(&found, file.span);
        self.define_tokens(&name, &[token], host);
    }

    /// The package that `%use` or `%ifusable` names; `None` inside for one that is not there.
    pub(super) fn is_package(
        &mut self,
        rest: &mut Vec<Token>,
        first: Token,
        name: &str,
        host: &mut dyn Host,
    ) -> Option<Option<&'static str>> {
        self.expand(rest, host);
        let Some(token) = rest.first().filter(|token| matches!(token.kind, Kind::Id | Kind::String)) else {
            self.error(first.span, format!("`{name}` expects a package name"), host);
            return None;
        };
        let word = super::strings::unquoted(self.text.of(token)).to_ascii_lowercase();
        Some(PACKAGES.iter().map(|package| package.0).find(|package| package.as_bytes() == word))
    }

    pub(super) fn use_package(&mut self, list: &mut Vec<Token>, host: &mut dyn Host) {
        let mut rest = list.split_off(1);
        let Some(found) = self.is_package(&mut rest, list[0], "%use", host) else { return };
        let Some(package) = found else {
            let known: Vec<_> = PACKAGES.iter().map(|package| package.0).collect();
            let message = format!("unknown `%use` package: `{}`", self.shown(&rest[..1]));
            let note = format!("the packages are {}", known.join(", "));
            return host.diagnostics().push(Diagnostic::error(list[0].span, message).note(note));
        };
        if self.packages.contains(&package) {
            return;
        }
        self.packages.push(package);
        if let Some((name, text)) = PACKAGES.iter().find(|one| one.0 == package) {
            let text = format!("%define __?USE_{}?__\n{text}", name.to_ascii_uppercase());
            self.push_text(&format!("<package {name}>"), &text, host);
        }
    }
}
