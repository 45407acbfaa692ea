//! The Scheduler's calls, over [restJson1](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).

use std::net::SocketAddr;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::schedule::{Refusal, Schedule};
use super::{GROUP, Scheduler};
use crate::queue::{ACCOUNT, REGION};
use crate::server::{Server, without_delay};
use crate::start_error::StartError;

/// A running Scheduler, stopped when dropped.
#[derive(Debug)]
pub struct SchedulerServer(Server);

impl SchedulerServer {
    /// Starts with those schedules. They send nothing unless [`Scheduler::run`] is called.
    pub fn start(scheduler: Scheduler) -> Result<Self, StartError> {
        let router = router(scheduler);
        Server::start("scheduler", move |listener, stopped| async move {
            let until_stopped = async {
                let _ = stopped.await;
            };
            let served =
                axum::serve(without_delay(listener), router).with_graceful_shutdown(until_stopped).await;
            if let Err(error) = served {
                eprintln!("the embedded Scheduler stopped: {error}");
            }
        })
        .map(Self)
        .map_err(|error| StartError(format!("The embedded Scheduler did not start: {error}.")))
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }
}

/// What answers, for those schedules.
pub fn router(scheduler: Scheduler) -> Router {
    let calls = get(read).post(create).put(update).delete(delete);
    Router::new().route("/schedules/{name}", calls).with_state(scheduler)
}

async fn create(State(scheduler): State<Scheduler>, Path(name): Path<String>, body: String) -> Response {
    answer(parse(&body).and_then(|schedule| scheduler.create(&name, schedule)).map(|()| arn(&name)))
}

async fn update(State(scheduler): State<Scheduler>, Path(name): Path<String>, body: String) -> Response {
    answer(parse(&body).and_then(|schedule| scheduler.update(&name, schedule)).map(|()| arn(&name)))
}

async fn read(
    State(scheduler): State<Scheduler>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let found = in_group(query.as_deref()).and_then(|()| scheduler.get(&name));
    answer(found.and_then(|schedule| {
        let mut shown = serde_json::to_value(schedule).map_err(|error| Refusal::not_saved(&error.into()))?;
        shown["Name"] = json!(name);
        shown["Arn"] = arn(&name)["ScheduleArn"].take();
        Ok(shown)
    }))
}

async fn delete(
    State(scheduler): State<Scheduler>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    answer(in_group(query.as_deref()).and_then(|()| scheduler.delete(&name)).map(|()| json!({})))
}

fn parse(body: &str) -> Result<Schedule, Refusal> {
    let schedule: Schedule =
        serde_json::from_str(body).map_err(|error| Refusal::invalid(error.to_string()))?;
    check_group(schedule.group_name.as_deref())?;
    Ok(schedule)
}

fn in_group(query: Option<&str>) -> Result<(), Refusal> {
    let query = query.unwrap_or_default().as_bytes();
    let group = form_urlencoded::parse(query).find(|(name, _)| name == "groupName");
    check_group(group.as_ref().map(|(_, group)| &**group))
}

fn check_group(group: Option<&str>) -> Result<(), Refusal> {
    if group == Some(GROUP) {
        return Ok(());
    }
    let group = group.unwrap_or("default");
    let message = format!("Schedule group {group} does not exist.");
    Err(Refusal { status: StatusCode::NOT_FOUND, name: "ResourceNotFoundException", message })
}

fn arn(name: &str) -> Value {
    json!({ "ScheduleArn": format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{GROUP}/{name}") })
}

fn answer(result: Result<Value, Refusal>) -> Response {
    match result {
        Ok(body) => Json(body).into_response(),
        Err(Refusal { status, name, message }) => {
            let error_type = [("x-amzn-errortype", format!("{name}:"))];
            (status, error_type, Json(json!({ "Message": message }))).into_response()
        }
    }
}
