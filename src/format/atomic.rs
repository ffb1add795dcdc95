//! Replaces files as a whole.

use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes to a temporary file beside the target and renames it over the target when all went well. What is no
/// regular file (`/dev/stdout`, a pipe) is written directly.
pub(super) fn replace<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(Error::usage("is a folder, not a file").advise("name a file inside it"));
    }
    if existing.as_ref().is_some_and(|m| !m.is_file()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        let value = write(&mut out)?;
        out.flush()?;
        return Ok(value);
    }
    // A link stays a link: what it points to is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::usage("its folder does not exist").advise("make the folder first"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duizhao-");
    let mut temporary = builder
        .tempfile_in(folder)
        // The name of the temporary file would only puzzle.
        .map_err(|e| Error::from(std::io::Error::from(e.kind())).advise("may you write in its folder?"))?;
    let value = {
        let mut out = BufWriter::new(temporary.as_file_mut());
        let value = write(&mut out)?;
        out.flush()?;
        value
    };
    temporary.as_file().sync_all()?;
    if let Some(existing) = existing {
        fs::set_permissions(temporary.path(), existing.permissions())?;
    } else {
        set_usual_permissions(temporary.path())?;
    }
    temporary.persist(&target).map_err(|e| Error::from(e.error))?;
    Ok(value)
}

/// Temporary files are private; a new output is as readable as any file the user makes.
#[cfg(unix)]
fn set_usual_permissions(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let probe = path.with_extension("probe");
    let mode = File::create(&probe).and_then(|f| f.metadata()).map(|m| m.permissions().mode());
    let _ = fs::remove_file(&probe);
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode?))?)
}

#[cfg(not(unix))]
fn set_usual_permissions(_: &Path) -> Result<()> {
    Ok(())
}
