//! File text, spans, the only way to read a file, and diagnostics.
//!
//! In: bytes from a [`Loader`].  Out: a [`SourceMap`] that turns a [`Span`] into file, line and column, and
//! [`Diagnostics`], the one form in which every stage reports a user's mistake.

mod diagnostic;
mod lines;
mod loader;
mod map;
mod near;
mod span;
mod warning;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use lines::Lines;
pub use loader::{DiskLoader, LoadError, Loader, MemoryLoader};
pub use map::{Expansion, ExpansionId, FileId, LineColumn, LineMark, SourceFile, SourceMap};
pub use near::{did_you_mean, nearest};
pub use span::Span;
pub use warning::{CLASSES as WARNING_CLASSES, Class as WarningClass, UnknownWarning, WarningPolicy};
