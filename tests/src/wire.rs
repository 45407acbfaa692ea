//! A DynamoDB that answers within the call, counts and holds what it is asked, and fails as told.
//!
//! The embedded server never throttles, conflicts or hangs, and its sockets do not take part in paused time. This one
//! runs the same engine in process, behind the SDK's HTTP interface.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

/// A call to DynamoDB.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation: `GetItem`, …
    pub operation: String,
    /// What it was called with.
    pub body: Value,
    /// The capacity units that it consumed.
    pub units: f64,
}

impl Call {
    /// Whether it only reads.
    pub fn is_read(&self) -> bool {
        matches!(self.operation.as_str(), "GetItem" | "BatchGetItem" | "Query" | "Scan")
    }
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused for being too many; nothing is done.
    Throttled,
    /// A 500; nothing is done.
    ServerError,
    /// A 500 after it was done.
    LostAnswer,
    /// A transaction cancelled because of another, or a write that met one; nothing is done.
    TransactionConflict,
    /// A transaction cancelled because one of its items had too much to do; nothing is done.
    TransactionThrottled,
    /// A transaction of which only what it checks beside its writes does not hold, as when another write came before it; nothing is
    /// done.
    Overtaken,
    /// A batch of which nothing was read: all its keys are handed back.
    Unprocessed,
    /// No connection; nothing is done.
    NoConnection,
    /// No answer, ever.
    Hang,
}

type FaultPlan = dyn FnMut(&Call) -> Option<Fault> + Send;

/// The DynamoDB.
#[derive(Clone)]
pub struct Wire(Arc<Inner>);

struct Inner {
    database: Database,
    calls: Mutex<Vec<Call>>,
    hold: Mutex<Duration>,
    plan: Mutex<Box<FaultPlan>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Default for Wire {
    fn default() -> Self {
        Self(Arc::new(Inner {
            database: Database::memory().expect("a database"),
            calls: Mutex::default(),
            hold: Mutex::default(),
            plan: Mutex::new(Box::new(|_| None)),
        }))
    }
}

impl Wire {
    /// Holds every answer for this long.
    pub fn hold(&self, time: Duration) {
        *self.0.hold.lock().expect("not poisoned") = time;
    }

    /// Fails calls as `plan` says.
    pub fn fail(&self, plan: impl FnMut(&Call) -> Option<Fault> + Send + 'static) {
        *self.0.plan.lock().expect("not poisoned") = Box::new(plan);
    }

    /// The calls since the last time this was asked.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.0.calls.lock().expect("not poisoned"))
    }

    /// For the SDK.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    fn answer(&self, call: &Call, fault: Option<Fault>) -> (u16, String) {
        match fault {
            Some(Fault::Throttled) => refusal(400, "ProvisionedThroughputExceededException"),
            Some(Fault::ServerError) => refusal(500, "InternalServerError"),
            Some(Fault::TransactionConflict) if call.operation != "TransactWriteItems" => {
                refusal(400, "TransactionConflictException")
            }
            Some(Fault::TransactionConflict) => cancelled(call, "TransactionConflict", is_first),
            Some(Fault::TransactionThrottled) => cancelled(call, "ThrottlingError", is_first),
            Some(Fault::Overtaken) => {
                cancelled(call, "ConditionalCheckFailed", |_, write| write.get("ConditionCheck").is_some())
            }
            Some(Fault::Unprocessed) => {
                let answer = json!({ "Responses": {}, "UnprocessedKeys": call.body["RequestItems"] });
                (200, answer.to_string())
            }
            Some(Fault::LostAnswer) => {
                let _ = run(&self.0.database, call);
                refusal(500, "InternalServerError")
            }
            Some(Fault::Hang | Fault::NoConnection) | None => match run(&self.0.database, call) {
                Ok(body) => (200, body),
                Err(error) => (error.status_code(), error.to_json()),
            },
        }
    }
}

fn units(answer: &str) -> f64 {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let units = |consumed: &Value| consumed["CapacityUnits"].as_f64().unwrap_or_default();
    match &answer["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => units(table),
    }
}

fn is_first(position: usize, _: &Value) -> bool {
    position == 0
}

/// A transaction that was cancelled for this reason, which these of its writes have.
fn cancelled(call: &Call, code: &str, which: impl Fn(usize, &Value) -> bool) -> (u16, String) {
    let writes = call.body["TransactItems"].as_array().cloned().unwrap_or_default();
    let reason = |(position, write)| json!({ "Code": if which(position, write) { code } else { "None" }, "Message": "as told" });
    let answer = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "cancelled",
        "CancellationReasons": writes.iter().enumerate().map(reason).collect::<Vec<_>>(),
    });
    (400, answer.to_string())
}

fn refusal(status: u16, kind: &str) -> (u16, String) {
    (status, format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{kind}","message":"as told"}}"#))
}

fn run(database: &Database, call: &Call) -> Result<String, DynoxideError> {
    macro_rules! run {
        ($method:ident) => {{
            let request = serde_json::from_value(call.body.clone()).expect("a request");
            let response = database.$method(request)?;
            Ok(serde_json::to_string(&response).expect("a response"))
        }};
    }
    match call.operation.as_str() {
        "CreateTable" => run!(create_table),
        "UpdateTimeToLive" => run!(update_time_to_live),
        "GetItem" => run!(get_item),
        "BatchGetItem" => run!(batch_get_item),
        "UpdateItem" => run!(update_item),
        "PutItem" => run!(put_item),
        "DeleteItem" => run!(delete_item),
        "Query" => run!(query),
        "Scan" => run!(scan),
        "TransactWriteItems" => run!(transact_write_items),
        other => panic!("{other} is not wired"),
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").expect("an operation");
        let operation = target.rsplit('.').next().expect("an operation").to_owned();
        let body = serde_json::from_slice(request.body().bytes().expect("a body")).expect("JSON");
        let mut call = Call { operation, body, units: 0.0 };
        let fault = (self.0.plan.lock().expect("not poisoned"))(&call);
        if fault == Some(Fault::NoConnection) {
            self.0.calls.lock().expect("not poisoned").push(call);
            let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
            return HttpConnectorFuture::ready(Err(ConnectorError::io(refused.into())));
        }
        let (status, body) = self.answer(&call, fault);
        call.units = units(&body);
        self.0.calls.lock().expect("not poisoned").push(call);
        let hold = *self.0.hold.lock().expect("not poisoned");
        HttpConnectorFuture::new(async move {
            if fault == Some(Fault::Hang) {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(hold).await;
            let status = status.try_into().expect("a status");
            Ok(HttpResponse::new(status, SdkBody::from(body)))
        })
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
