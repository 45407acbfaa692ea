//! Instructions in place of time: what `valgrind --tool=callgrind` counts is the same whatever else the machine does.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

use crate::AnyError;
use crate::cold::{Contender, contenders};
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;

/// Further requests that are counted, within what an API key may ask for in a minute.
const REQUESTS: u32 = 50;

/// Prints what each function executes until its first answer, and for a further request.
pub(crate) async fn measure(functions: &[String]) -> Result<(), AnyError> {
    if Command::new("valgrind").arg("--version").output().await.is_err() {
        println!("\nInstructions were not counted: valgrind is not installed.");
        return Ok(());
    }
    let mut deployment = Deployment::start().await?;
    let contenders = contenders(&mut deployment, functions).await?;
    let environment = deployment.environment(Duration::ZERO).await?;
    println!("\n## Instructions (callgrind)\n");
    println!("| function | asked for | until the first answer (million) | a further request (thousand) |");
    println!("|---|---|---|---|");
    for Contender { function, asked, event, .. } in contenders {
        let cold = count(function, &event, 0, &environment).await?;
        let warm = count(function, &event, REQUESTS, &environment).await?;
        let further = warm.saturating_sub(cold) / u64::from(REQUESTS);
        println!(
            "| {function} | {asked} | {}.{:02} | {} |",
            cold / 1_000_000,
            cold / 10_000 % 100,
            further / 1_000
        );
    }
    println!(
        "\nIn {}; callgrind_annotate reads them, with names where binaries are not stripped.",
        out("*")?.display()
    );
    Ok(())
}

/// The instructions of an instance that answers one event and some more.
async fn count(
    function: &str,
    event: &str,
    more: u32,
    environment: &[(String, String)],
) -> Result<u64, AnyError> {
    let out = out(&format!("{function}-{more}"))?;
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display()));
    command.arg(binary(function)?);
    let mut instance = Instance::spawn(command, environment).await?;
    instance.first(event).await?;
    for _ in 0..more {
        instance.another(event).await?;
    }
    instance.end().await?;
    total(&out)
}

fn out(name: &str) -> Result<PathBuf, AnyError> {
    Ok(binary("callgrind")?.with_extension(format!("{name}.out")))
}

/// The sum at the end of what callgrind wrote
/// ([format](https://valgrind.org/docs/manual/cl-format.html)).
fn total(out: &Path) -> Result<u64, AnyError> {
    let text = std::fs::read_to_string(out)?;
    let line = text.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(line.ok_or("callgrind wrote no totals")?.trim().parse()?)
}
