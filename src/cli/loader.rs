//! The disk, remembering what was read: dependency files list it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::source::{DiskLoader, LoadError, Loader};

/// Reads from the disk and remembers every file that was there, in order, each once.
#[derive(Debug, Default)]
pub(super) struct RecordingLoader {
    read: RefCell<Vec<PathBuf>>,
}

impl RecordingLoader {
    /// What was read so far.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.read.borrow().clone()
    }
}

impl Loader for RecordingLoader {
    fn load(&self, path: &Path) -> Result<Arc<[u8]>, LoadError> {
        let text = DiskLoader.load(path)?;
        self.note(path);
        Ok(text)
    }

    fn note(&self, path: &Path) {
        let mut read = self.read.borrow_mut();
        if !read.iter().any(|known| known == path) {
            read.push(path.to_owned());
        }
    }
}
