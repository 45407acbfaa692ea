//! Queries over databases: how much longer an answer takes than the database is waited for.
//!
//! Of that, the driver takes some to read what came. How much is found out by the same driver, asked the same statement with nothing else
//! beside it. Budgets are held against all of it.

mod direct;
mod stopwatch;

use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::time::{Duration, Instant};

use direct::Direct;
use serde_json::{Value, json};
use stopwatch::{Stopwatch, Wait, Waits, detour};
use tests::databases::{Database, Kind, User, server};
use tests::paths::ANALYTICS_EXPLAIN;

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

/// How long an answer may take beside the waits for the database and for the stores, in ms: over a connection that is there, and one that
/// is not yet.
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
    to_database: Stopwatch,
    direct: Direct,
    directly: Stopwatch,
    to_stores: Stopwatch,
    /// What a wait takes longer for being counted, in ms.
    detour: f64,
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
        let [to_database, directly, to_stores] = [(); 3].map(|()| Stopwatch::default());
        let mut connection = database.connection(User::Reader);
        connection["port"] = to_database.forward(database.server.port).await?.into();
        let direct = Direct::connect(&database, directly.forward(database.server.port).await?).await?;
        let engine = database.server.kind.engine();
        let source =
            json!({ "name": "bench", "type": "database", "engine": engine, "connection": connection });
        let source = deployment.api.connect(&source).await?;
        let mut environment = deployment.environment(Duration::ZERO).await?;
        for (_, url) in environment.iter_mut().filter(|(name, _)| name.starts_with("AWS_ENDPOINT_URL_")) {
            let (host, port) = url.rsplit_once(':').ok_or("an endpoint without a port")?;
            *url = format!("{host}:{}", to_stores.forward(port.parse()?).await?);
        }
        environment.push(("AWS_LAMBDA_FUNCTION_MEMORY_SIZE".to_owned(), MEMORY_MB.to_owned()));
        environment.push(("ALLOWED_NETWORKS".to_owned(), "127.0.0.0/8".to_owned()));
        let detour = detour().await?;
        println!("A wait takes {detour:.3} ms longer for being counted.\n");
        Ok(Self {
            deployment,
            environment,
            database,
            to_database,
            direct,
            directly,
            to_stores,
            detour,
            source,
            small,
            asked: 0,
        })
    }

    /// An event that asks a question as nobody has before.
    fn event(&mut self, question: &Question) -> Result<String, AnyError> {
        self.asked += 1;
        self.event_of(QUERY, question.query(&format!("m{}", self.asked)))
    }

    fn event_of(&self, path: &str, mut query: Value) -> Result<String, AnyError> {
        query["table"] = self.database.table("orders").into();
        let body = json!({ "data_source": self.source, "query": query });
        self.deployment.asked_by_token("POST", path, Some(&body), None)
    }

    /// The statement that the database is asked for a question.
    async fn statement(&self, instance: &mut Instance, question: &Question) -> Result<String, AnyError> {
        let (_, answer) = instance.ask(&self.event_of(ANALYTICS_EXPLAIN, question.query("m"))?).await?;
        let explanation: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default())?;
        Ok(explanation["plan"].as_str().ok_or_else(|| answer.to_string())?.to_owned())
    }

    /// Asks for a question directly.
    async fn ask_directly(&mut self, statement: &str, question: &Question) -> Result<Taken, AnyError> {
        self.directly.take(Instant::now());
        let began = Instant::now();
        let rows = self.direct.ask(statement, question.texts).await?;
        let time = began.elapsed();
        if rows == 0 {
            return Err(format!("no rows: {statement}").into());
        }
        Ok(self.taken_of([self.directly.take(began + time), Vec::new()], time))
    }

    /// An instance that has its connections to AWS and its threads, and none to the database.
    async fn instance(&self) -> Result<Instance, AnyError> {
        let mut instance = Instance::start(&binary(FUNCTION)?, &self.environment).await?;
        let small = self.deployment.asked_by_token("POST", QUERY, Some(&count(self.small)), None)?;
        instance.first(&small).await?;
        Ok(instance)
    }

    /// One of a function that does nothing: how fast the machine is at the time.
    async fn hello(&self) -> Result<Instance, AnyError> {
        let mut hello = Instance::start(&binary("hello")?, &self.environment).await?;
        hello.first(&self.deployment.by_token(QUERY)?).await?;
        Ok(hello)
    }

    /// Asks an instance.
    async fn ask(&self, instance: &mut Instance, event: &str) -> Result<Taken, AnyError> {
        let began = self.begin();
        let time = instance.another(event).await?;
        Ok(self.taken(began, time))
    }

    fn begin(&self) -> Instant {
        let now = Instant::now();
        self.taken(now, Duration::ZERO);
        now
    }

    /// What an answer took that was asked for then.
    fn taken(&self, began: Instant, time: Duration) -> Taken {
        self.taken_of(
            [&self.to_database, &self.to_stores].map(|stopwatch| stopwatch.take(began + time)),
            time,
        )
    }

    fn taken_of(&self, [database, stores]: [Vec<Wait>; 2], time: Duration) -> Taken {
        // Both may be waited for at once.
        let all = Waits::of(database.iter().chain(&stores).copied());
        let [database, stores] = [database, stores].map(Waits::of);
        Taken {
            time: milliseconds(time),
            database: milliseconds(database.time),
            round_trips: database.count.into(),
            stores: milliseconds(stores.time),
            own: milliseconds(time) - milliseconds(all.time) - self.detour * f64::from(all.stops),
        }
    }

    /// The questions, in turns.
    async fn questions(&mut self, budgets: &mut Budgets) -> Result<(), AnyError> {
        println!(
            "Milliseconds, the medians of {TURNS}, in turns. Cold: the connection to the database is made for it. The driver: what it takes of that, measured by itself. Kept: the answer is in memory.\n"
        );
        let columns = "an answer | the database | round trips | the stores | own";
        println!("| question | {columns} | the driver | cold: {columns} | kept | its own |");
        println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        let questions: Vec<_> = questions().into_iter().filter(|question| question.has_budget).collect();
        let mut taken: Vec<[Vec<Taken>; 4]> = questions.iter().map(|_| Default::default()).collect();
        let mut instance = self.instance().await?;
        let mut statements = Vec::new();
        for question in &questions {
            statements.push(self.statement(&mut instance, question).await?);
        }
        let (mut hello, mut all_hello) = (self.hello().await?, Vec::new());
        // The first turn does not count: all get to know the table.
        for turn in 0..=TURNS {
            for (question, [all_warm, _, all_kept, _]) in questions.iter().zip(&mut taken) {
                let event = self.event(question)?;
                let warm = self.ask(&mut instance, &event).await?;
                let kept = self.ask(&mut instance, &event).await?;
                let greeted = hello.another(&event).await?;
                if turn > 0 {
                    all_warm.push(warm);
                    all_kept.push(kept);
                    all_hello.push(greeted);
                }
            }
        }
        // Not in the same turns: the functions would wait for longer, and have less in the processors' caches.
        for turn in 0..=TURNS {
            let asked = questions.iter().zip(&statements).zip(&mut taken);
            for ((question, statement), [.., all_direct]) in asked {
                let direct = self.ask_directly(statement, question).await?;
                if turn > 0 {
                    all_direct.push(direct);
                }
            }
        }
        // Nor these: an instance that ends takes a processor for some milliseconds.
        for _ in 0..TURNS {
            for (question, [_, all_cold, ..]) in questions.iter().zip(&mut taken) {
                let mut instance = self.instance().await?;
                let event = self.event(question)?;
                all_cold.push(self.ask(&mut instance, &event).await?);
            }
        }
        let kind = self.database.server.kind;
        for (question, taken) in questions.iter().zip(taken) {
            let [warm, cold, kept, direct] = taken.map(|all| Taken::median(&all));
            let about = question.about;
            println!(
                "| {about} | {warm} | {:.2} | {cold} | {:.2} | {:.2} |",
                direct.own, kept.time, kept.own
            );
            let mut hold = |what: &str, most, taken: Taken| {
                budgets.at_most(format!("{kind:?}, {about}: {what}"), "ms", most, taken.own);
            };
            hold("beside what is waited for", WARM_BUDGET, warm);
            hold("the same, connecting", COLD_BUDGET, cold);
        }
        println!(
            "\nA function that does nothing, asked in the same turns: {:.2} ms.",
            Samples::of_times(all_hello).median()
        );
        Ok(())
    }

    /// As many groups as there are rows, all of which are fetched for a few of them.
    async fn groups(&mut self) -> Result<(), AnyError> {
        let mut instance = self.instance().await?;
        let mut taken = Vec::new();
        for turn in 0..=TURNS / 3 {
            let name = format!("g{turn}");
            let event = self.event_of(
                QUERY,
                json!({
                    "dimensions": [{ "field": "order_id" }],
                    "measures": [{ "field": "revenue", "aggregation": "sum", "as": name }],
                    "having": [{ "field": name, "operator": "gte", "values": [0] }],
                    "limit": 10,
                }),
            )?;
            let one = self.ask(&mut instance, &event).await?;
            if turn > 0 {
                taken.push(one);
            }
        }
        let Taken { time, database, .. } = Taken::median(&taken);
        println!(
            "\n{ROWS} groups fetched: {time:.0} ms, of which the database {database:.0} ms. Peak memory of the instance: {:.0} MB.",
            instance.peak_memory()?
        );
        Ok(())
    }

    /// From the start of a process to its first answer.
    async fn starts(&mut self) -> Result<(), AnyError> {
        let question = &questions()[0];
        let mut taken = Vec::new();
        for _ in 0..TURNS {
            let event = self.event(question)?;
            let began = self.begin();
            let mut instance = Instance::start(&binary(FUNCTION)?, &self.environment).await?;
            let time = instance.first(&event).await?;
            taken.push(self.taken(began, time));
        }
        let Taken { time, database, stores, .. } = Taken::median(&taken);
        println!(
            "\nStart to first answer, all connections over TLS: {time:.1} ms, of which the database {database:.1} ms, and the stores {stores:.1} ms."
        );
        Ok(())
    }
}

/// What an answer took, in ms.
#[derive(Clone, Copy)]
struct Taken {
    /// In all.
    time: f64,
    /// As long as the database was waited for.
    database: f64,
    /// How often it was.
    round_trips: f64,
    /// As long as DynamoDB and S3 were waited for.
    stores: f64,
    /// What it took beside all that is waited for.
    own: f64,
}

impl Taken {
    /// The median of each.
    fn median(all: &[Self]) -> Self {
        let median = |of: fn(&Self) -> f64| Samples::new(all.iter().map(of)).median();
        Self {
            time: median(|taken| taken.time),
            database: median(|taken| taken.database),
            round_trips: median(|taken| taken.round_trips),
            stores: median(|taken| taken.stores),
            own: median(|taken| taken.own),
        }
    }
}

impl Display for Taken {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { time, database, round_trips, stores, own } = self;
        write!(formatter, "{time:.1} | {database:.1} | {round_trips} | {stores:.2} | {own:.2}")
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
