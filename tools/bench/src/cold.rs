//! Cold starts: from the spawn of a process to its first answer to an admitted request.

use std::time::Duration;

use crate::AnyError;
use crate::budget::Budgets;
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;
use crate::statistics::Samples;

/// How much longer than the least that calls DynamoDB once a function may take.
const BUDGET: f64 = 1.5;

/// About what DynamoDB takes to answer in a region.
const REGION: Duration = Duration::from_millis(5);

const HELLO: &str = "hello";
const REFERENCE: &str = "reference";

/// A function, what it is asked for, and the event that asks.
pub(crate) type Contender = (&'static str, &'static str, String);

/// The functions, after what they are measured beside.
pub(crate) async fn contenders(
    deployment: &mut Deployment,
    functions: &[String],
) -> Result<Vec<Contender>, AnyError> {
    let status = deployment.by_key("/api/auth/status/").await?;
    let data_source = deployment.by_key("/api/data-sources/1/").await?;
    let dashboard = deployment.by_key("/api/dashboards/1/").await?;
    let by_token = |path| deployment.by_token(path);
    let all = [
        (HELLO, "nothing", by_token("/")?),
        (REFERENCE, "one call to DynamoDB", by_token("/one/")?),
        ("status", "status, by token", by_token("/api/auth/status/")?),
        ("status", "status, by API key", status),
        ("auth", "a token refresh", deployment.refresh()?),
        ("api-keys", "an API key, by token", by_token("/api/api-keys/1/")?),
        ("data-sources", "a data source, by API key", data_source),
        ("dashboards", "a dashboard, by API key", dashboard),
        ("docs", "openapi.json", by_token("/api/openapi.json/")?),
    ];
    let is_wanted = |function: &str| {
        function == HELLO || function == REFERENCE || functions.iter().any(|name| name == function)
    };
    Ok(all.into_iter().filter(|(function, ..)| is_wanted(function)).collect())
}

/// Starts each function `starts` times, in turns, so that a slow moment of the machine falls on all alike.
pub(crate) async fn measure(
    starts: usize,
    functions: &[String],
    budgets: &mut Budgets,
) -> Result<(), AnyError> {
    let mut deployment = Deployment::start().await?;
    let contenders = contenders(&mut deployment, functions).await?;
    for (delay, heading) in
        [(Duration::ZERO, "Cold start"), (REGION, "Cold start, with AWS answering after 5 ms")]
    {
        let environment = deployment.environment(delay).await?;
        let mut measured: Vec<Vec<Start>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..starts {
            for ((function, _, event), starts) in contenders.iter().zip(&mut measured) {
                starts.push(start(function, event, &environment).await?);
            }
        }
        println!("\n## {heading} (ms; median of {starts}, and the middle half)\n");
        println!("| function | asked for | ready | first answer | CPU | peak MB | / hello | / one call |");
        println!("|---|---|---|---|---|---|---|---|");
        let answers: Vec<_> = measured
            .iter()
            .map(|starts| Samples::of_times(starts.iter().map(|start| start.answer)))
            .collect();
        let (hello, one_call) = (answers[0].median(), answers[1].median());
        for (((function, asked, _), starts), answer) in contenders.iter().zip(&measured).zip(&answers) {
            let ready = Samples::of_times(starts.iter().map(|start| start.ready));
            let cpu = Samples::of_times(starts.iter().map(|start| start.cpu));
            let memory = Samples::new(starts.iter().map(|start| start.peak_memory));
            println!(
                "| {function} | {asked} | {:.2} | {} | {:.2} | {:.1} | {:.1} | {:.2} |",
                ready.median(),
                answer.spread(),
                cpu.median(),
                memory.median(),
                answer.median() / hello,
                answer.median() / one_call,
            );
            if delay.is_zero() && !matches!(*function, HELLO | REFERENCE) {
                let what = format!("cold start of {function} ({asked}) / least with one call");
                budgets.at_most(what, "×", BUDGET, answer.median() / one_call);
            }
        }
    }
    Ok(())
}

struct Start {
    ready: Duration,
    answer: Duration,
    cpu: Duration,
    peak_memory: f64,
}

async fn start(function: &str, event: &str, environment: &[(String, String)]) -> Result<Start, AnyError> {
    let mut instance = Instance::start(&binary(function)?, environment).await?;
    let answer = instance.first(event).await?;
    Ok(Start {
        ready: instance.until_ready,
        answer,
        cpu: instance.cpu()?,
        peak_memory: instance.peak_memory()?,
    })
}
