//! Further requests of an instance, one at a time as Lambda hands them over: how long they take, and how much CPU.

use std::time::Duration;

use crate::AnyError;
use crate::budget::Budgets;
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;
use crate::statistics::Samples;

/// Own CPU a request may take, in ms: without that of the calls to DynamoDB.
const BUDGET_MS: f64 = 0.3;

/// Of the first, connections are opened and caches filled.
const WARM_UP: usize = 50;

/// Within what a user may ask for in a minute.
const REQUESTS: u32 = 800;

/// Prints what requests take of a function, and of the least that makes the same calls.
pub(crate) async fn measure(budgets: &mut Budgets) -> Result<(), AnyError> {
    let deployment = Deployment::start().await?;
    let environment = deployment.environment(Duration::ZERO).await?;
    println!("\n## Warm ({REQUESTS} requests, one at a time)\n");
    println!("| function | requests/s | p50 (ms) | p99 (ms) | CPU/request (ms) |\n|---|---|---|---|---|");
    let event = deployment.by_token("/api/auth/status/")?;
    let mut cpu = Vec::new();
    for (function, what) in [
        ("hello", "hello"),
        ("reference", "the same calls, and nothing else"),
        ("status", "status, by token"),
    ] {
        let mut instance = Instance::start(&binary(function)?, &environment).await?;
        instance.first(&event).await?;
        for _ in 0..WARM_UP {
            instance.another(&event).await?;
        }
        let before = instance.cpu()?;
        let mut times = Vec::new();
        for _ in 0..REQUESTS {
            times.push(instance.another(&event).await?);
        }
        let per_request = instance.cpu()?.saturating_sub(before).as_secs_f64() * 1e3 / f64::from(REQUESTS);
        let total: Duration = times.iter().sum();
        let times = Samples::of_times(times);
        println!(
            "| {what} | {:.0} | {:.2} | {:.2} | {per_request:.3} |",
            f64::from(REQUESTS) / total.as_secs_f64(),
            times.median(),
            times.quantile(0.99),
        );
        cpu.push(per_request);
    }
    let own = cpu[2] - cpu[1];
    println!("\nOwn CPU a request: {own:.3} ms, of it {:.3} ms Lambda's runtime.", cpu[0]);
    budgets.at_most("own CPU of a warm request, calls to DynamoDB excluded", "ms", BUDGET_MS, own);
    Ok(())
}
