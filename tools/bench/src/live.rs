//! Queries over databases: how much longer an answer takes than the database is waited for.

mod stopwatch;

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use stopwatch::Stopwatch;
use tests::databases::{Database, Kind, User, server};

use crate::AnyError;
use crate::budget::Budgets;
use crate::deployment::Deployment;
use crate::functions::binary;
use crate::instance::Instance;
use crate::orders::write_orders;
use crate::queries::questions::{Question, questions};
use crate::queries::{FUNCTION, MEMORY_MB, QUERY, count, milliseconds};
use crate::statistics::Samples;

/// How many rows the table has.
const ROWS: u64 = 100_000;

/// How much longer than the database is waited for an answer may take, in ms: over a connection that is there, and one that is not yet.
const WARM_BUDGET: f64 = 2.0;
const COLD_BUDGET: f64 = 10.0;

/// How often each question is asked, in turns.
const TURNS: usize = 15;

/// Measures the databases that are installed.
pub(crate) async fn measure(budgets: &mut Budgets) -> Result<(), AnyError> {
    for kind in Kind::ALL {
        let Some(server) = server(kind) else { continue };
        println!("\n## Queries over {ROWS} rows in {kind:?}\n");
        let mut bench = Bench::start(server.database()).await?;
        bench.questions(budgets).await?;
        bench.groups().await?;
        bench.starts().await?;
    }
    Ok(())
}

/// A table in a database, and what it is asked by.
struct Bench {
    deployment: Deployment,
    environment: Vec<(String, String)>,
    database: Database,
    stopwatch: Stopwatch,
    source: u64,
    /// A file of one row: its queries open connections to AWS and start threads.
    small: u64,
    /// Names measures, so that no answer is kept for another.
    asked: usize,
}

impl Bench {
    async fn start(database: Database) -> Result<Self, AnyError> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("orders.csv");
        let mut deployment = Deployment::start().await?;
        write_orders(&file, 1)?;
        let small = deployment.api.import(&file).await?;
        write_orders(&file, ROWS)?;
        fill(&database, &file);
        let stopwatch = Stopwatch::start(database.server.port).await?;
        let mut connection = database.connection(User::Reader);
        connection["port"] = stopwatch.port.into();
        let engine = database.server.kind.engine();
        let source =
            json!({ "name": "bench", "type": "database", "engine": engine, "connection": connection });
        let source = deployment.api.connect(&source).await?;
        let mut environment = deployment.environment(Duration::ZERO).await?;
        environment.push(("AWS_LAMBDA_FUNCTION_MEMORY_SIZE".to_owned(), MEMORY_MB.to_owned()));
        environment.push(("ALLOWED_NETWORKS".to_owned(), "127.0.0.0/8".to_owned()));
        Ok(Self { deployment, environment, database, stopwatch, source, small, asked: 0 })
    }

    /// An event that asks a question as nobody has before.
    fn event(&mut self, question: &Question) -> Result<String, AnyError> {
        self.asked += 1;
        self.event_of(question.query(&format!("m{}", self.asked)))
    }

    fn event_of(&self, mut query: Value) -> Result<String, AnyError> {
        query["table"] = self.database.table("orders").into();
        let body = json!({ "data_source": self.source, "query": query });
        self.deployment.asked_by_token("POST", QUERY, Some(&body), None)
    }

    /// An instance that has its connections to AWS and its threads, and none to the database.
    async fn instance(&self) -> Result<Instance, AnyError> {
        let mut instance = Instance::start(&binary(FUNCTION)?, &self.environment).await?;
        let small = self.deployment.asked_by_token("POST", QUERY, Some(&count(self.small)), None)?;
        instance.first(&small).await?;
        Ok(instance)
    }

    /// How long the answer took, and how long of it the database was waited for, in ms; and how often it was.
    async fn ask(&self, instance: &mut Instance, event: &str) -> Result<[f64; 3], AnyError> {
        self.stopwatch.take();
        let time = instance.another(event).await?;
        let waits = self.stopwatch.take();
        Ok([milliseconds(time), milliseconds(waits.time), waits.count.into()])
    }

    /// The questions, in turns.
    async fn questions(&mut self, budgets: &mut Budgets) -> Result<(), AnyError> {
        println!(
            "Milliseconds, the median of {TURNS}, in turns. Cold: the connection to the database is made for it. Kept: the answer is in memory.\n"
        );
        println!(
            "| question | an answer | the database | round trips | more | cold | the database | round trips | more | kept |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        let questions: Vec<_> = questions().into_iter().filter(|question| question.has_budget).collect();
        let mut warm = self.instance().await?;
        let mut taken: Vec<[Vec<f64>; 9]> = questions.iter().map(|_| Default::default()).collect();
        // The first turn does not count: all get to know the table.
        for turn in 0..=TURNS {
            for (question, taken) in questions.iter().zip(&mut taken) {
                let event = self.event(question)?;
                let [time, own, trips] = self.ask(&mut warm, &event).await?;
                let [kept, ..] = self.ask(&mut warm, &event).await?;
                let mut fresh = self.instance().await?;
                let event = self.event(question)?;
                let [cold, cold_own, cold_trips] = self.ask(&mut fresh, &event).await?;
                if turn > 0 {
                    let (more, cold_more) = (time - own, cold - cold_own);
                    let times = [time, own, trips, more, cold, cold_own, cold_trips, cold_more, kept];
                    taken.iter_mut().zip(times).for_each(|(taken, time)| taken.push(time));
                }
            }
        }
        let kind = self.database.server.kind;
        for (question, taken) in questions.iter().zip(taken) {
            let [time, own, trips, more, cold, cold_own, cold_trips, cold_more, kept] =
                taken.map(|times| Samples::new(times).median());
            println!(
                "| {} | {time:.1} | {own:.1} | {trips} | {more:.2} | {cold:.1} | {cold_own:.1} | {cold_trips} | {cold_more:.2} | {kept:.2} |",
                question.about
            );
            budgets.at_most(
                format!("{kind:?}, {}: more than it is waited for", question.about),
                "ms",
                WARM_BUDGET,
                more,
            );
            budgets.at_most(
                format!("{kind:?}, {}: the same, connecting", question.about),
                "ms",
                COLD_BUDGET,
                cold_more,
            );
        }
        Ok(())
    }

    /// As many groups as there are rows, all of which are fetched for a few of them.
    async fn groups(&mut self) -> Result<(), AnyError> {
        let mut instance = self.instance().await?;
        let (mut times, mut owns) = (Vec::new(), Vec::new());
        for turn in 0..=TURNS / 3 {
            let name = format!("g{turn}");
            let event = self.event_of(json!({
                "dimensions": [{ "field": "order_id" }],
                "measures": [{ "field": "revenue", "aggregation": "sum", "as": name }],
                "having": [{ "field": name, "operator": "gte", "values": [0] }],
                "limit": 10,
            }))?;
            let [time, own, _] = self.ask(&mut instance, &event).await?;
            if turn > 0 {
                times.push(time);
                owns.push(own);
            }
        }
        let [time, own] = [times, owns].map(|times| Samples::new(times).median());
        println!(
            "\n{ROWS} groups fetched: {time:.0} ms, of which the database {own:.0} ms. Peak memory of the instance: {:.0} MB.",
            instance.peak_memory()?
        );
        Ok(())
    }

    /// From the start of a process to its first answer.
    async fn starts(&mut self) -> Result<(), AnyError> {
        let question = &questions()[0];
        let (mut times, mut owns) = (Vec::new(), Vec::new());
        for _ in 0..TURNS {
            let event = self.event(question)?;
            self.stopwatch.take();
            let mut instance = Instance::start(&binary(FUNCTION)?, &self.environment).await?;
            times.push(milliseconds(instance.first(&event).await?));
            owns.push(milliseconds(self.stopwatch.take().time));
        }
        let [time, own] = [times, owns].map(|times| Samples::new(times).median());
        println!(
            "\nStart to first answer, all connections over TLS: {time:.1} ms, of which the database {own:.1} ms."
        );
        Ok(())
    }
}

/// Makes the table of the orders in a file.
fn fill(database: &Database, file: &Path) {
    let (table, file) = (database.quoted("orders"), file.display());
    let columns = "order_id bigint, ordered_at timestamp, country text, channel text, product text, quantity int, \
                   unit_price numeric(12, 2), discount numeric(4, 2), revenue numeric(14, 2), ship_date date, returned boolean, note text";
    database.run(&match database.server.kind {
        Kind::PostgreSql => format!(
            "CREATE TABLE {table} ({columns});
             \\copy {table} FROM '{file}' CSV HEADER
             VACUUM ANALYZE {table};"
        ),
        Kind::MariaDb => format!(
            "CREATE TABLE {table} ({});
             LOAD DATA LOCAL INFILE '{file}' INTO TABLE {table} FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' IGNORE 1 LINES
                 (order_id, @at, country, channel, product, quantity, unit_price, discount, revenue, ship_date, @returned, note)
                 SET ordered_at = STR_TO_DATE(@at, '%Y-%m-%dT%H:%i:%sZ'), returned = @returned = 'true';",
            columns.replace("timestamp", "datetime")
        ),
    });
}
