//! Queries over a file: the function that is deployed, as an instance of it, beside DuckDB and Polars over the same Parquet.

mod concurrency;
mod peers;
pub(crate) mod questions;
mod spawn;

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use shared::store::files::{data_key, rows_part};

use crate::AnyError;
use crate::api::ACME;
use crate::budget::Budgets;
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;
use crate::orders::write_orders;
use crate::statistics::Samples;
use peers::{ENGINES, Peers};
use questions::{Question, questions};

/// How much of the faster peer's time an answer may take, when columns are in memory, and all of them in the geometric mean.
const WARM_BUDGET: f64 = 1.0;
const WARM_MEAN_BUDGET: f64 = 0.75;

/// The same before columns are in memory.
const FIRST_BUDGET: f64 = 1.5;

/// What a kept answer may take of a first one's time.
const CACHED_BUDGET: f64 = 0.1;

/// What a dashboard may take of its slowest widget's time.
const DASHBOARD_BUDGET: f64 = 2.0;

/// How often each question is asked, in turns.
const TURNS: usize = 15;

/// That many rows have budgets.
const BUDGETED_ROWS: u64 = 1_000_000;

/// The memory that `template.yaml` gives the function, in MB.
pub(crate) const MEMORY_MB: &str = "3008";

/// The function.
pub(crate) const FUNCTION: &str = "analytics";
pub(crate) const QUERY: &str = "/api/analytics/query/";

/// Measures tables of these many rows.
pub(crate) async fn measure(rows: &[u64], budgets: &mut Budgets) -> Result<(), AnyError> {
    for rows in rows {
        let mut bench = Bench::start(*rows).await?;
        println!("\n## Queries over {rows} rows, {:.1} MB of Parquet\n", bench.parquet_mb);
        let is_budgeted = *rows == BUDGETED_ROWS;
        bench.questions(is_budgeted, budgets).await?;
        bench.kept(is_budgeted, budgets).await?;
        bench.dashboard(is_budgeted, budgets).await?;
        if is_budgeted {
            spawn::measure(&mut bench, budgets).await?;
            concurrency::measure(&mut bench).await?;
        }
    }
    Ok(())
}

/// A table, and what it is asked by.
struct Bench {
    deployment: Deployment,
    environment: Vec<(String, String)>,
    folder: tempfile::TempDir,
    parquet_mb: f64,
    source: u64,
    /// A table of one row: its queries open connections and start threads.
    small: u64,
    /// Names measures, so that no answer is kept for another.
    asked: usize,
}

impl Bench {
    async fn start(rows: u64) -> Result<Self, AnyError> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("orders.csv");
        let mut deployment = Deployment::start().await?;
        write_orders(&file, 1)?;
        let small = deployment.api.import(&file).await?;
        write_orders(&file, rows)?;
        let source = deployment.api.import(&file).await?;
        std::fs::remove_file(file)?;

        let data = deployment.api.request("POST", QUERY, Some(&count(source))).await?;
        let version = data["data_version"].as_str().ok_or("no version")?;
        let key = data_key(ACME.into(), source.into(), version, &rows_part(0));
        let parquet = deployment.api.app.files.get(&key).await?.ok_or("no Parquet")?;
        std::fs::write(folder.path().join("orders.parquet"), &parquet)?;

        let mut environment = deployment.environment(Duration::ZERO).await?;
        environment.push(("AWS_LAMBDA_FUNCTION_MEMORY_SIZE".to_owned(), MEMORY_MB.to_owned()));
        // Peers read a local file: what encrypting its bytes takes, on both sides, is left out. Later variables win.
        let s3 = deployment.api.stores.settings().s3_endpoint.ok_or("no S3")?;
        environment.push(("AWS_ENDPOINT_URL_S3".to_owned(), s3));
        #[expect(clippy::cast_precision_loss, reason = "a file's size, for people")]
        let parquet_mb = parquet.len() as f64 / 1e6;
        Ok(Self { deployment, environment, folder, parquet_mb, source, small, asked: 0 })
    }

    /// The file that peers read.
    fn parquet(&self) -> PathBuf {
        self.folder.path().join("orders.parquet")
    }

    /// An event that asks a question as nobody has before.
    fn event(&mut self, question: &Question) -> Result<String, AnyError> {
        self.asked += 1;
        let query = question.query(&format!("m{}", self.asked));
        let body = json!({ "data_source": self.source, "query": query });
        self.deployment.asked_by_token("POST", QUERY, Some(&body), None)
    }

    /// An instance that has its connections and threads, and has read nothing of the table.
    async fn instance(&self) -> Result<Instance, AnyError> {
        let mut instance = Instance::start(&binary(FUNCTION)?, &self.environment).await?;
        let small = self.deployment.asked_by_token("POST", QUERY, Some(&count(self.small)), None)?;
        instance.first(&small).await?;
        instance.another(&small).await?;
        Ok(instance)
    }

    /// The questions, in turns, to all engines: a slow moment of the machine falls on all alike.
    async fn questions(&mut self, is_budgeted: bool, budgets: &mut Budgets) -> Result<(), AnyError> {
        println!(
            "Milliseconds, the median of {TURNS}, in turns. First: nothing of the table is in memory. Peak memory: {MEMORY_MB} MB at most.\n"
        );
        println!(
            "| question | claribi | DuckDB | Polars | / faster | first: claribi | DuckDB | Polars | / faster |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        let questions = questions();
        let mut peers = Peers::start(&self.parquet(), self.folder.path())?;
        let mut warm = self.instance().await?;
        let mut taken: Vec<[Vec<f64>; 6]> = questions.iter().map(|_| Default::default()).collect();
        // The first turn does not count: all get to know the file.
        for turn in 0..=TURNS {
            for (question, taken) in questions.iter().zip(&mut taken) {
                let times = self.ask_all(question, &mut warm, &mut peers).await?;
                if turn > 0 {
                    taken.iter_mut().zip(times).for_each(|(taken, time)| taken.push(time));
                }
            }
        }
        let mut ratios = Vec::new();
        for (question, taken) in questions.iter().zip(taken) {
            let medians = taken.map(|times| Samples::new(times).median());
            let warm_ratio = medians[0] / medians[1].min(medians[2]);
            let first_ratio = medians[3] / medians[4].min(medians[5]);
            println!(
                "| {} | {:.1} | {:.1} | {:.1} | {warm_ratio:.2} | {:.1} | {:.1} | {:.1} | {first_ratio:.2} |",
                question.about, medians[0], medians[1], medians[2], medians[3], medians[4], medians[5]
            );
            if question.has_budget && is_budgeted {
                ratios.push(warm_ratio);
                let mut add = |when, budget, ratio| {
                    budgets.at_most(
                        format!("{}, {when} / the faster peer", question.about),
                        "×",
                        budget,
                        ratio,
                    );
                };
                add("warm", WARM_BUDGET, warm_ratio);
                add("first", FIRST_BUDGET, first_ratio);
            }
        }
        if is_budgeted {
            #[expect(clippy::cast_precision_loss, reason = "five")]
            let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
            budgets.at_most("the five questions, warm, geometric mean", "×", WARM_MEAN_BUDGET, mean);
        }
        println!("\nPeak memory of the instance: {:.0} MB.", warm.peak_memory()?);
        Ok(())
    }

    /// What claribi, `DuckDB` and Polars take for an answer, in ms: when they know the file, and then when they do not.
    async fn ask_all(
        &mut self,
        question: &Question,
        warm: &mut Instance,
        peers: &mut Peers,
    ) -> Result<[f64; 6], AnyError> {
        let mut times = [0.0; 6];
        let (time, answer) = warm.ask(&self.event(question)?).await?;
        times[0] = milliseconds(time);
        let rows = rows(&answer)? + question.more_rows_of_peers;
        for (index, engine) in ENGINES.into_iter().enumerate() {
            let (time, its_rows) = peers.ask(engine, false, question.name).await?;
            if its_rows != rows {
                return Err(format!("{}: {rows} rows, {engine} has {its_rows}", question.name).into());
            }
            times[1 + index] = time;
            times[4 + index] = peers.ask(engine, true, question.name).await?.0;
        }
        let mut fresh = self.instance().await?;
        times[3] = milliseconds(fresh.another(&self.event(question)?).await?);
        Ok(times)
    }

    /// Answers that are kept.
    async fn kept(&mut self, is_budgeted: bool, budgets: &mut Budgets) -> Result<(), AnyError> {
        let question = &questions()[1];
        let mut times = [const { Vec::new() }; 4];
        for _ in 0..TURNS {
            self.asked += 1;
            let query = question.query(&format!("m{}", self.asked));
            let body = json!({ "data_source": self.source, "query": query });
            let event = self.deployment.asked_by_token("POST", QUERY, Some(&body), None)?;
            let mut instance = self.instance().await?;
            let (first, answer) = instance.ask(&event).await?;
            let (again, kept) = instance.ask(&event).await?;
            let tag = answer["multiValueHeaders"]["etag"][0].as_str().ok_or("no tag")?;
            let known = self.deployment.asked_by_token("POST", QUERY, Some(&body), Some(tag))?;
            let (not_modified, nothing) = instance.ask(&known).await?;
            let (elsewhere, from_bucket) = self.instance().await?.ask(&event).await?;
            for (answer, cached) in [(&answer, false), (&kept, true), (&from_bucket, true)] {
                if result(answer)?["cached"] != cached {
                    return Err(format!("not as it was kept: {answer}").into());
                }
            }
            if nothing["statusCode"] != 304 {
                return Err(nothing.to_string().into());
            }
            for (times, time) in times.iter_mut().zip([first, again, not_modified, elsewhere]) {
                times.push(milliseconds(time));
            }
        }
        let [first, again, not_modified, elsewhere] = times.map(|times| Samples::new(times).median());
        println!(
            "\n{}: {first:.1} ms first, {again:.1} ms again, {not_modified:.1} ms for a 304, {elsewhere:.1} ms from the bucket.",
            question.about
        );
        if is_budgeted {
            budgets.at_most("an answer from memory / the first", "×", CACHED_BUDGET, again / first);
        }
        Ok(())
    }

    /// Twelve widgets in a call, beside each of them alone.
    async fn dashboard(&mut self, is_budgeted: bool, budgets: &mut Budgets) -> Result<(), AnyError> {
        let made = self
            .deployment
            .api
            .request("POST", "/api/dashboards/", Some(&questions::dashboard(self.source)))
            .await?;
        let id = made["id"].as_u64().ok_or("no ID")?;
        let event = |method, path: &str| {
            self.deployment.asked_by_token(method, &format!("/api/dashboards/{id}/{path}"), None, None)
        };
        let (refresh, data) = (event("POST", "refresh/")?, event("GET", "data/")?);
        let mut instance = self.instance().await?;
        let (mut whole, mut alone) = (Vec::new(), vec![Vec::new(); 12]);
        let mut first = Vec::new();
        for turn in 0..=TURNS / 2 {
            instance.ask(&refresh).await?;
            let (time, answer) = instance.ask(&data).await?;
            check_widgets(&answer)?;
            // Of the first, columns are read.
            if turn > 0 {
                whole.push(milliseconds(time));
            }
            instance.ask(&refresh).await?;
            for (widget, times) in alone.iter_mut().enumerate() {
                let (time, _) =
                    instance.ask(&event("GET", &format!("widgets/{}/data/", widget + 1))?).await?;
                times.push(milliseconds(time));
            }
            let mut fresh = self.instance().await?;
            fresh.ask(&refresh).await?;
            first.push(milliseconds(fresh.ask(&data).await?.0));
        }
        let alone = alone.into_iter().map(|times| Samples::new(times).median());
        let (slowest, all) = alone.fold((0.0_f64, 0.0), |(most, all), time| (most.max(time), all + time));
        let [whole, first] = [whole, first].map(|times| Samples::new(times).median());
        println!(
            "\nA dashboard of 12 widgets: {whole:.1} ms, {first:.1} ms first. Its slowest widget alone: {slowest:.1} ms; all one after another: {all:.1} ms."
        );
        if is_budgeted {
            budgets.at_most(
                "a dashboard of 12 widgets / its slowest",
                "×",
                DASHBOARD_BUDGET,
                whole / slowest,
            );
        }
        Ok(())
    }
}

/// How many rows a table has.
pub(crate) fn count(source: u64) -> Value {
    json!({ "data_source": source, "query": { "measures": [{ "aggregation": "count" }] } })
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// What an answer of a function has in its body.
fn result(answer: &Value) -> Result<Value, AnyError> {
    Ok(serde_json::from_str(answer["body"].as_str().ok_or_else(|| answer.to_string())?)?)
}

fn rows(answer: &Value) -> Result<u64, AnyError> {
    let result = result(answer)?;
    result["row_count"].as_u64().ok_or_else(|| result.to_string().into())
}

fn check_widgets(answer: &Value) -> Result<(), AnyError> {
    let result = result(answer)?;
    let widgets = result["widgets"].as_array().ok_or("no widgets")?;
    if widgets.iter().all(|widget| widget.get("result").is_some()) {
        Ok(())
    } else {
        Err(result.to_string().into())
    }
}
