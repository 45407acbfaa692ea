//! An Athena, and an STS, that do as a test says.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tests::TestClock;

/// What an execution does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Execution {
    Running,
    Done,
    /// It has failed, or was cancelled, for a reason.
    Ended(&'static str, String),
}

/// Whom a role lets in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Trust {
    /// Nobody.
    #[default]
    Nobody,
    /// Everybody.
    Everybody,
    /// Who says this external ID.
    ExternalId(String),
}

#[derive(Debug)]
pub(super) struct Started {
    pub(super) token: String,
    pub(super) request: Value,
    pub(super) execution: Execution,
    completed_at: i64,
}

#[derive(Debug)]
struct Inner {
    started: Vec<Started>,
    /// What executions do that are started from now on.
    next: Execution,
    rows: Vec<Vec<Option<String>>>,
    /// Where executions say that their results are put: what comes before their IDs, and after.
    output: Option<(String, String)>,
    pages: usize,
    stopped: Vec<String>,
    trust: Trust,
    assumed: Vec<String>,
    authorizations: Vec<String>,
}

/// Athena.
#[derive(Clone)]
pub(super) struct Fake {
    inner: Arc<Mutex<Inner>>,
    clock: TestClock,
}

impl Fake {
    pub(super) fn new(clock: TestClock) -> Self {
        let inner = Inner {
            started: Vec::new(),
            next: Execution::Done,
            rows: vec![vec![Some("42".to_owned())]],
            output: None,
            pages: 0,
            stopped: Vec::new(),
            trust: Trust::default(),
            assumed: Vec::new(),
            authorizations: Vec::new(),
        };
        Self { inner: Arc::new(Mutex::new(inner)), clock }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// What executions do that are started from now on.
    pub(super) fn next(&self, execution: Execution) {
        self.inner().next = execution;
    }

    /// All that runs is this from now on.
    pub(super) fn all_running(&self, execution: &Execution) {
        let now = self.clock.now();
        for started in &mut self.inner().started {
            if started.execution == Execution::Running {
                (started.execution, started.completed_at) = (execution.clone(), now);
            }
        }
    }

    /// What all executions answer.
    pub(super) fn rows(&self, rows: Vec<Vec<Option<String>>>) {
        self.inner().rows = rows;
    }

    pub(super) fn trust(&self, trust: Trust) {
        self.inner().trust = trust;
    }

    /// Executions say from now on that their results are put there: what comes before their IDs, and after.
    pub(super) fn output(&self, before: &str, after: &str) {
        self.inner().output = Some((before.to_owned(), after.to_owned()));
    }

    /// How many pages of results were given since this was asked last.
    pub(super) fn take_pages(&self) -> usize {
        std::mem::take(&mut self.inner().pages)
    }

    /// How many executions were started.
    pub(super) fn started(&self) -> usize {
        self.inner().started.len()
    }

    /// What was sent to start the last one.
    pub(super) fn last_request(&self) -> Value {
        self.inner().started.last().unwrap().request.clone()
    }

    /// The executions that were stopped.
    pub(super) fn stopped(&self) -> Vec<String> {
        self.inner().stopped.clone()
    }

    /// The roles that were assumed.
    pub(super) fn assumed(&self) -> Vec<String> {
        self.inner().assumed.clone()
    }

    /// As whom Athena was asked last: the header of the signature.
    pub(super) fn last_authorization(&self) -> String {
        self.inner().authorizations.last().unwrap().clone()
    }

    pub(super) fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }

    fn sts(&self, body: &str) -> Response {
        let mut inner = self.inner();
        let external_id = body.split('&').find_map(|pair| pair.strip_prefix("ExternalId="));
        let is_let_in = match &inner.trust {
            Trust::Nobody => false,
            Trust::Everybody => true,
            Trust::ExternalId(wanted) => external_id == Some(wanted),
        };
        if !is_let_in {
            let error = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>";
            return (StatusCode::FORBIDDEN, error).into_response();
        }
        inner.assumed.push(external_id.unwrap_or_default().to_owned());
        "<R><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></R>"
            .into_response()
    }

    fn call(&self, operation: &str, request: &Value) -> Result<Value, (&'static str, String)> {
        let now = self.clock.now();
        let mut inner = self.inner();
        let index = || {
            let id = request["QueryExecutionId"].as_str().unwrap_or_default();
            id.strip_prefix("execution-").and_then(|index| index.parse::<usize>().ok()).unwrap()
        };
        Ok(match operation {
            "GetWorkGroup" if request["WorkGroup"] != "primary" => {
                return Err(("InvalidRequestException", "WorkGroup other is not found.".to_owned()));
            }
            "GetWorkGroup" => json!({ "WorkGroup": { "Name": "primary", "State": "ENABLED" } }),
            "ListTableMetadata" if request["DatabaseName"] != "lake" => {
                let said =
                    "com.amazonaws.services.glue.model.EntityNotFoundException: Database none not found";
                return Err(("MetadataException", said.to_owned()));
            }
            "ListTableMetadata" => {
                let column = |name: &str, native: &str| json!({ "Name": name, "Type": native });
                let columns = [
                    column("country", "string"),
                    column("amount", "decimal(10,2)"),
                    column("tags", "array<string>"),
                ];
                let orders = json!({
                    "Name": "orders", "TableType": "EXTERNAL_TABLE", "Columns": columns,
                    "PartitionKeys": [column("at", "timestamp")],
                });
                json!({ "TableMetadataList": [orders] })
            }
            "StartQueryExecution" => {
                let token = request["ClientRequestToken"].as_str().unwrap().to_owned();
                let known = inner.started.iter().position(|started| started.token == token);
                let index = known.unwrap_or_else(|| {
                    let execution = inner.next.clone();
                    inner.started.push(Started {
                        token,
                        request: request.clone(),
                        execution,
                        completed_at: now,
                    });
                    inner.started.len() - 1
                });
                assert_eq!(inner.started[index].request, *request, "a token stands for one request");
                json!({ "QueryExecutionId": format!("execution-{index}") })
            }
            "GetQueryExecution" => {
                let index = index();
                let output = inner.output.as_ref();
                let output = output.map(|(before, after)| format!("{before}execution-{index}{after}"));
                let started = &inner.started[index];
                let (state, reason) = match &started.execution {
                    Execution::Running => ("RUNNING", Value::Null),
                    Execution::Done => ("SUCCEEDED", Value::Null),
                    Execution::Ended(state, reason) => (*state, json!(reason)),
                };
                let status = json!({
                    "State": state, "StateChangeReason": reason, "SubmissionDateTime": started.completed_at,
                    "CompletionDateTime": started.completed_at,
                });
                json!({
                    "QueryExecution": {
                        "Status": status,
                        "Statistics": { "DataScannedInBytes": 20_000_000 },
                        "ResultConfiguration": { "OutputLocation": output },
                    },
                })
            }
            "GetQueryResults" => {
                inner.pages += 1;
                let statement = inner.started[index()].request["QueryString"].as_str().unwrap_or_default();
                page(&inner.rows, statement, request)
            }
            "StopQueryExecution" => {
                let index = index();
                inner.stopped.push(format!("execution-{index}"));
                if inner.started[index].execution == Execution::Running {
                    inner.started[index].execution = Execution::Ended("CANCELLED", String::new());
                    inner.started[index].completed_at = now;
                }
                json!({})
            }
            other => panic!("{other} is not called"),
        })
    }
}

/// A page of the rows, which a statement may limit; the names of the columns come first.
fn page(rows: &[Vec<Option<String>>], statement: &str, request: &Value) -> Value {
    let width = rows.first().map_or(1, Vec::len);
    let names: Vec<Option<String>> = (0..width).map(|index| Some(format!("_col{index}"))).collect();
    let begin = request["NextToken"].as_str().map_or(0, |token| token.parse::<usize>().unwrap());
    let size = usize::try_from(request["MaxResults"].as_u64().unwrap()).unwrap();
    let limit = statement.rsplit_once(" LIMIT ").and_then(|(_, limit)| limit.parse().ok());
    let all: Vec<_> = std::iter::once(&names).chain(rows.iter().take(limit.unwrap_or(usize::MAX))).collect();
    let data = |row: &Vec<Option<String>>| {
        row.iter()
            .map(|value| value.as_ref().map_or(json!({}), |text| json!({ "VarCharValue": text })))
            .collect::<Vec<_>>()
    };
    let page: Vec<_> = all.iter().skip(begin).take(size).map(|row| json!({ "Data": data(row) })).collect();
    let end = begin + page.len();
    let columns: Vec<_> = names.iter().map(|name| json!({ "Name": name, "Type": "varchar" })).collect();
    let set = json!({ "Rows": page, "ResultSetMetadata": { "ColumnInfo": columns } });
    if end < all.len() {
        json!({ "ResultSet": set, "NextToken": end.to_string() })
    } else {
        json!({ "ResultSet": set })
    }
}

async fn answer(State(fake): State<Fake>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(target) = headers.get("x-amz-target") else {
        return fake.sts(&String::from_utf8_lossy(&body));
    };
    let authorization = headers["authorization"].to_str().unwrap().to_owned();
    fake.inner().authorizations.push(authorization);
    let request = serde_json::from_slice(&body).unwrap();
    let operation = target.to_str().unwrap().strip_prefix("AmazonAthena.").unwrap();
    match fake.call(operation, &request) {
        Ok(answer) => answer.to_string().into_response(),
        Err((name, message)) => {
            (StatusCode::BAD_REQUEST, json!({ "__type": name, "message": message }).to_string())
                .into_response()
        }
    }
}
