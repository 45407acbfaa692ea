//! Cold starts: from the spawn of a process to its first answer to an admitted request.

use std::time::Duration;

use crate::AnyError;
use crate::budget::Budgets;
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;
use crate::statistics::Samples;

/// How much longer a function may take than the least that makes the calls in a row without which its credential is not proved:
/// for a token the secret and then a read, for an API key a read and then another.
const BUDGET: f64 = 1.5;

/// About what DynamoDB takes to answer in a region.
const REGION: Duration = Duration::from_millis(5);

const HELLO: &str = "hello";
const REFERENCE: &str = "reference";

const ONE: &str = "one call to DynamoDB";
const SECRET: &str = "the secret, then one call";
const TWO: &str = "two calls in a row";

/// A function that is started, and what for.
pub(crate) struct Contender {
    pub(crate) function: &'static str,
    pub(crate) asked: &'static str,
    /// What `reference` was asked that this is measured against.
    least: &'static str,
    pub(crate) event: String,
}

/// The functions, after what they are measured beside.
pub(crate) async fn contenders(
    deployment: &mut Deployment,
    functions: &[String],
) -> Result<Vec<Contender>, AnyError> {
    let status = deployment.by_key("/api/auth/status/").await?;
    let data_source = deployment.by_key("/api/data-sources/1/").await?;
    let dashboard = deployment.by_key("/api/dashboards/1/").await?;
    let by_token = |path| deployment.by_token(path);
    let contender = |function, asked, least, event| Contender { function, asked, least, event };
    let all = [
        contender(HELLO, "nothing", "", by_token("/")?),
        contender(REFERENCE, ONE, ONE, by_token("/one/")?),
        contender(REFERENCE, SECRET, SECRET, by_token("/secret/")?),
        contender(REFERENCE, TWO, TWO, by_token("/two/")?),
        contender("status", "status, by token", SECRET, by_token("/api/auth/status/")?),
        contender("status", "status, by API key", TWO, status),
        contender("auth", "a token refresh", SECRET, deployment.refresh()?),
        contender("api-keys", "an API key, by token", SECRET, by_token("/api/api-keys/1/")?),
        contender("data-sources", "a data source, by API key", TWO, data_source),
        contender("dashboards", "a dashboard, by API key", TWO, dashboard),
        contender("docs", "openapi.json", ONE, by_token("/api/openapi.json/")?),
    ];
    let is_wanted =
        |name: &str| name == HELLO || name == REFERENCE || functions.iter().any(|other| other == name);
    Ok(all.into_iter().filter(|contender| is_wanted(contender.function)).collect())
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
            for (contender, starts) in contenders.iter().zip(&mut measured) {
                starts.push(start(contender.function, &contender.event, &environment).await?);
            }
        }
        println!("\n## {heading} (ms; median of {starts}, and the middle half)\n");
        println!("| function | asked for | ready | first answer | CPU | peak MB | / hello | / the least |");
        println!("|---|---|---|---|---|---|---|---|");
        let answers: Vec<_> = measured
            .iter()
            .map(|starts| Samples::of_times(starts.iter().map(|start| start.answer)))
            .collect();
        let hello = answers[0].median();
        let reference = |least: &str| {
            let index =
                contenders.iter().position(|other| other.function == REFERENCE && other.asked == least);
            index.map_or(hello, |index| answers[index].median())
        };
        for ((contender, starts), answer) in contenders.iter().zip(&measured).zip(&answers) {
            let Contender { function, asked, least, .. } = contender;
            let ratio = answer.median() / reference(least);
            let ready = Samples::of_times(starts.iter().map(|start| start.ready));
            let cpu = Samples::of_times(starts.iter().map(|start| start.cpu));
            let memory = Samples::new(starts.iter().map(|start| start.peak_memory));
            println!(
                "| {function} | {asked} | {:.2} | {} | {:.2} | {:.1} | {:.1} | {ratio:.2} |",
                ready.median(),
                answer.spread(),
                cpu.median(),
                memory.median(),
                answer.median() / hello,
            );
            if delay.is_zero() && !matches!(*function, HELLO | REFERENCE) {
                let what = format!("cold start of {function} ({asked}) / {least}");
                budgets.at_most(what, "×", BUDGET, ratio);
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
