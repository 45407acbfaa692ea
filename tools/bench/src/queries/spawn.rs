//! From the start of a process to its first answer, beside a program that is nothing but `DataFusion`.

use std::process::Stdio;
use std::time::Instant;

use tokio::process::Command;

use super::questions::questions;
use super::{Bench, FUNCTION, milliseconds};
use crate::AnyError;
use crate::budget::Budgets;
use crate::functions::{binary, cargo_build, root};
use crate::instance::Instance;
use crate::statistics::Samples;

/// How much longer the function may take.
const BUDGET: f64 = 2.0;

const TURNS: usize = 10;

/// Prints both.
pub(crate) async fn measure(bench: &mut Bench, budgets: &mut Budgets) -> Result<(), AnyError> {
    let folder = root().join("tools/bench/datafusion");
    let target = root().join("target/datafusion");
    let mut cargo = cargo_build();
    cargo
        .arg("--release")
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    if !cargo.status()?.success() {
        return Err("DataFusion does not build".into());
    }
    let program = target.join("release/bare-datafusion");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut memory = Vec::new();
    for _ in 0..TURNS {
        let event = bench.event(&questions()[0])?;
        let mut instance = Instance::start(&binary(FUNCTION)?, &bench.environment).await?;
        ours.push(milliseconds(instance.first(&event).await?));
        memory.push(instance.peak_memory()?);
        let began = Instant::now();
        let bare = Command::new(&program).arg(bench.parquet()).stdout(Stdio::null()).status().await?;
        theirs.push(milliseconds(began.elapsed()));
        if !bare.success() {
            return Err("DataFusion has no answer".into());
        }
    }
    let [ours, theirs, memory] = [ours, theirs, memory].map(|samples| Samples::new(samples).median());
    println!(
        "\nStart to first answer: {ours:.1} ms, of which stores behind TLS; bare DataFusion over the local file: {theirs:.1} ms. Peak memory then: {memory:.0} MB."
    );
    budgets.at_most("start to first query answer / bare DataFusion", "×", BUDGET, ours / theirs);
    Ok(())
}
