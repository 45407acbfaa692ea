//! Folders on a function's disk that jobs work in. They go with their job, unless that is killed: Lambda then starts the function anew on
//! the disk as it was left, and the next large file would have no room.

use std::ffi::OsStr;
use std::path::Path;

/// What the names of jobs' folders begin with, in the system's folder for temporary files.
pub const PREFIX: &str = "claribi-job-";

/// Removes the folders of jobs that were killed. To be called before there are any jobs.
pub(super) fn remove_leftovers() {
    // Elsewhere, they may be those of another process
    // (<https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>).
    if std::env::var_os("LAMBDA_TASK_ROOT").is_some() {
        remove_from(&std::env::temp_dir());
    }
}

fn remove_from(folder: &Path) {
    let is_job = |name: &OsStr| name.as_encoded_bytes().starts_with(PREFIX.as_bytes());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_job(&entry.file_name())
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            // It takes room, which is no reason not to begin.
            tracing::warn!(%error, "a job's folder was left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_jobs_are_removed() {
        let folder = std::env::temp_dir().join(format!("scratch-{}", uuid::Uuid::new_v4()));
        for name in [format!("{PREFIX}1/rows"), format!("{PREFIX}2"), "other".to_owned()] {
            std::fs::create_dir_all(folder.join(name)).expect("a disk");
        }
        std::fs::write(folder.join(format!("{PREFIX}1/rows/0.parquet")), "rows").expect("a disk");
        remove_from(&folder);
        let left =
            std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["other"]);
        std::fs::remove_dir_all(folder).expect("a folder");
    }
}
