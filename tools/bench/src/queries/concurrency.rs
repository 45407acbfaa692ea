//! Many clients at once, on one process: as the local server is asked, for Lambda hands over one request at a time.

use std::time::{Duration, Instant};

use serde_json::json;

use super::questions::questions;
use super::{Bench, QUERY, milliseconds};
use crate::AnyError;
use crate::statistics::Samples;

const CLIENTS: [usize; 3] = [1, 8, 32];

/// How long they ask.
const FOR: Duration = Duration::from_secs(4);

/// The demo's users who may ask: what each may in a minute is more than they can in that time.
const USERS: [&str; 4] = ["you", "owner", "analyst", "member"];

/// Prints how many questions are answered, none of which was asked before.
pub(crate) async fn measure(bench: &mut Bench) -> Result<(), AnyError> {
    let api = &bench.deployment.api;
    let mut tokens = Vec::new();
    for user in USERS {
        let tokens_of = api.tokens_of(&format!("{user}@example.com")).await?;
        tokens.push(tokens_of["access"].as_str().ok_or("no token")?.to_owned());
    }
    println!("\n### Clients at once, on one process, {} s each\n", FOR.as_secs());
    println!("| clients | queries/s | p50 (ms) | p99 (ms) |\n|---|---|---|---|");
    for clients in CLIENTS {
        api.next_window();
        let began = Instant::now();
        let client = |client: usize| {
            let (tokens, source) = (&tokens, bench.source);
            async move {
                let (questions, mut times) = (questions(), Vec::new());
                while began.elapsed() < FOR {
                    let asked = times.len();
                    let query =
                        questions[asked % questions.len()].query(&format!("m{clients}_{client}_{asked}"));
                    let body = json!({ "data_source": source, "query": query });
                    let start = Instant::now();
                    api.post_by(&tokens[client % tokens.len()], QUERY, &body).await?;
                    times.push(milliseconds(start.elapsed()));
                }
                Ok::<_, AnyError>(times)
            }
        };
        let times = futures_util::future::try_join_all((0..clients).map(client)).await?;
        let seconds = began.elapsed().as_secs_f64();
        let times = Samples::new(times.into_iter().flatten());
        println!(
            "| {clients} | {:.0} | {:.1} | {:.1} |",
            times.count() / seconds,
            times.median(),
            times.quantile(0.99)
        );
    }
    Ok(())
}
