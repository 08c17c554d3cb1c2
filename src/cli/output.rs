//! Writes output files: all or nothing.
//!
//! A regular or new file is written beside its target and renamed, so that an older file stays whole until the
//! new one is; a symbolic link is followed first.  A device, FIFO or socket is opened and written, never
//! replaced.  Executables get mode 0755, all else 0644, less the umask.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// What kind of file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// 0755.
    Executable,
    /// 0644.
    Plain,
}

/// Where output goes: `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// `-o PATH`, or `out/STEM` when it is not given.
    pub(super) fn new(given: Option<&Path>, stem: &Path) -> Self {
        match given {
            Some(path) if path == Path::new("-") => Target::Stdout,
            Some(path) => Target::File(path.to_owned()),
            None => Target::File(Path::new("out").join(stem)),
        }
    }

    /// How messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Target::Stdout => "standard output".to_owned(),
            Target::File(path) => path.display().to_string(),
        }
    }
}

/// Refuses an output that is also one of the inputs: to be asked before anything is built.
pub(super) fn refuse_inputs(target: &Target, inputs: &[PathBuf]) -> Result<()> {
    let Target::File(path) = target else { return Ok(()) };
    let Ok(own) = identity(path) else { return Ok(()) };
    match inputs.iter().find(|input| identity(input).is_ok_and(|other| other == own)) {
        Some(input) => bail!(
            "the output `{}` is also an input (`{}`); choose another name with `-o`",
            path.display(),
            input.display()
        ),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(path)?;
    // A device may be both: `tinyelf build /dev/stdin -o /dev/null` harms nobody.
    if !metadata.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

/// Writes everything, or nothing.
pub(super) fn write(target: &Target, bytes: &[u8], mode: Mode) -> Result<()> {
    match target {
        Target::Stdout => write_stdout(bytes),
        Target::File(path) => write_file(path, bytes, mode),
    }
}

fn write_stdout(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    if stdout.is_terminal() {
        bail!("the output is no text: not written to a terminal (`-o FILE`, or send it into a pipe)");
    }
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        // Whoever read has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("cannot write to standard output"),
    }
}

fn write_file(path: &Path, bytes: &[u8], mode: Mode) -> Result<()> {
    let failure = || format!("cannot write `{}`", path.display());
    let path = &follow_links(path).with_context(failure)?;
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => bail!("{}: it is a folder", failure()),
        Ok(metadata) if !metadata.is_file() => {
            let mut device = OpenOptions::new().write(true).open(path).with_context(failure)?;
            device.write_all(bytes).with_context(failure)
        }
        _ => {
            make_default_folder(path).with_context(failure)?;
            replace(path, bytes, mode).with_context(failure)
        }
    }
}

/// The end of a chain of symbolic links, which need not exist yet.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    const LONGEST: usize = 40; // As the kernel's own limit, path_resolution(7).
    let mut path = path.to_owned();
    for _ in 0..LONGEST {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().map_or_else(|| next.clone(), |parent| parent.join(&next)),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// `out` is made when it is missing; a folder that the user named is not.
fn make_default_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if parent == Path::new("out") => fs::create_dir_all(parent),
        _ => Ok(()),
    }
}

fn replace(path: &Path, bytes: &[u8], mode: Mode) -> io::Result<()> {
    let (mut file, beside) = create_beside(path, mode)?;
    let outcome = file.write_all(bytes);
    drop(file);
    let outcome = outcome.and_then(|()| fs::rename(&beside, path));
    if outcome.is_err() {
        // The error that matters is the first one.
        let _ = fs::remove_file(&beside);
    }
    outcome
}

/// A new file in the folder of `path`, under a name that nothing else has.
fn create_beside(path: &Path, mode: Mode) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(if mode == Mode::Executable { 0o755 } else { 0o644 });
    }
    #[cfg(not(unix))]
    let _ = mode;
    for attempt in 0..1000 {
        let mut beside = std::ffi::OsString::from(".");
        // A long name leaves no room for ours.
        beside.push(if name.len() < 200 { name } else { "output".as_ref() });
        beside.push(format!(".{}.{attempt}", std::process::id()));
        let beside = path.with_file_name(beside);
        match options.open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            outcome => return outcome.map(|file| (file, beside)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
