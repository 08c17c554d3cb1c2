//! The only way to read a file: below this trait no stage knows whether there is a disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a file could not be read, in the words of the system.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`: {source}", path.display())]
pub struct LoadError {
    /// The path that was asked for.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl LoadError {
    /// Whether the file does not exist, as opposed to not being readable: `%include` then tries the next folder.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// Where source text, included files and `incbin` data come from.
pub trait Loader {
    /// The whole file.
    ///
    /// # Errors
    /// When the path does not exist, is a directory, or cannot be read.
    fn load(&self, path: &Path) -> Result<Arc<[u8]>, LoadError>;

    /// The source depends on a file that is not read (`%depend`).
    fn note(&self, _path: &Path) {}
}

/// Reads from the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskLoader;

impl Loader for DiskLoader {
    fn load(&self, path: &Path) -> Result<Arc<[u8]>, LoadError> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Arc::from(bytes)),
            Err(source) => Err(LoadError { path: path.to_owned(), source }),
        }
    }
}

/// Files held in memory, for tests and for programs that embed the assembler.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    files: BTreeMap<PathBuf, Arc<[u8]>>,
}

impl MemoryLoader {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same loader with one file more.
    #[must_use]
    pub fn with(mut self, path: impl Into<PathBuf>, text: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.into(), Arc::from(text.as_ref()));
        self
    }
}

impl Loader for MemoryLoader {
    fn load(&self, path: &Path) -> Result<Arc<[u8]>, LoadError> {
        self.files.get(path).cloned().ok_or_else(|| LoadError {
            path: path.to_owned(),
            source: io::Error::from(io::ErrorKind::NotFound),
        })
    }
}
