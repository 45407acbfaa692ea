//! DuckDB and Polars, which answer the same questions over the same Parquet file.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::{AnyError, python};

const PROGRAM: &str = include_str!("peers.py");

/// The names that the program has for them.
pub(crate) const ENGINES: [&str; 2] = ["duckdb", "polars"];

/// The program that has both.
pub(crate) struct Peers {
    _process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peers {
    /// Starts it over a Parquet file. The program is put into the folder.
    pub(crate) fn start(parquet: &Path, folder: &Path) -> Result<Self, AnyError> {
        let program = folder.join("peers.py");
        File::create(&program)?.write_all(PROGRAM.as_bytes())?;
        let mut process = Command::new(python::environment()?)
            .arg(program)
            .arg(parquet)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let questions = process.stdin.take().ok_or("no input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no output")?);
        Ok(Self { _process: process, questions, answers })
    }

    /// How long an answer took, in ms, and how many rows it has.
    pub(crate) async fn ask(
        &mut self,
        engine: &str,
        is_first: bool,
        question: &str,
    ) -> Result<(f64, u64), AnyError> {
        let when = if is_first { "first" } else { "warm" };
        self.questions.write_all(format!("{engine} {when} {question}\n").as_bytes()).await?;
        let mut line = String::new();
        self.answers.read_line(&mut line).await?;
        let (milliseconds, rows) =
            line.trim().split_once(' ').ok_or_else(|| format!("{engine} has no answer to {question}"))?;
        Ok((milliseconds.parse()?, rows.parse()?))
    }
}
