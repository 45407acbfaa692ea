//! API Gateway events, by way of `lambda_http`, to the same routers.

use axum::Router;
use lambda_http::lambda_runtime::{Context, LambdaEvent};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use shared::model::Role;
use tests::{TestApp, TestUser};
use tower::ServiceExt;

/// What Lambda would give back to API Gateway.
struct Answer {
    status: u64,
    headers: Value,
    body: Value,
}

async fn answer(router: Router, event: String) -> Answer {
    let event = RawValue::from_string(event).unwrap();
    let service = shared::service::runtime::service(router);
    let response = service.oneshot(LambdaEvent::new(event, Context::default())).await.unwrap();
    let response = serde_json::to_value(response).unwrap();
    let body = response["body"].as_str().unwrap();
    Answer {
        status: response["statusCode"].as_u64().unwrap(),
        headers: response["multiValueHeaders"].clone(),
        body: serde_json::from_str(body).unwrap(),
    }
}

struct Fixture {
    app: TestApp,
    user: TestUser,
}

impl Fixture {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let user = app.user(Role::Administrator).await;
        Self { app, user }
    }

    /// Sends the event of that name, with this user's email, password and tokens in it.
    async fn send(&self, name: &str) -> Answer {
        self.send_with(name, |_| {}).await
    }

    async fn send_with(&self, name: &str, change: impl FnOnce(&mut Value)) -> Answer {
        answer(self.app.router(), self.event(name, change)).await
    }

    fn event(&self, name: &str, change: impl FnOnce(&mut Value)) -> String {
        let path = format!("{}/../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let event = std::fs::read_to_string(path).unwrap();
        let event = event
            .replace("ACCESS_TOKEN", &self.user.access)
            .replace("REFRESH_TOKEN", &self.user.refresh)
            .replace("you@example.com", &self.user.user.email.to_string())
            .replace("your-password", tests::PASSWORD);
        let mut event: Value = serde_json::from_str(&event).unwrap();
        change(&mut event);
        event.to_string()
    }
}

#[tokio::test]
async fn login_refresh_and_status_work() {
    let fixture = Fixture::start().await;
    let login = fixture.send("login").await;
    assert_eq!(login.status, 200, "{}", login.body);
    assert!(login.body["access"].is_string() && login.body["refresh"].is_string());
    assert!(fixture.send("refresh").await.body["access"].is_string());
    for name in ["status", "status-without-slash"] {
        let status = fixture.send(name).await;
        assert_eq!(status.status, 200, "{name}");
        assert_eq!(status.body["user"]["id"], 1);
    }
    assert_eq!(fixture.send("health").await.status, 200);
}

#[tokio::test]
async fn a_base64_body_is_decoded() {
    use base64::Engine as _;
    let fixture = Fixture::start().await;
    let body = json!({ "email": fixture.user.user.email, "password": tests::PASSWORD }).to_string();
    let body = base64::engine::general_purpose::STANDARD.encode(body);
    let login = fixture.send_with("login-base64", |event| event["body"] = json!(body)).await;
    assert_eq!(login.status, 200, "{}", login.body);
    assert_eq!(fixture.send("login-base64").await.body["error"], "invalid_credentials");
    assert_eq!(fixture.send("login-broken-base64").await.body["error"], "invalid_json");
}

#[tokio::test]
async fn the_gateways_request_id_is_ours() {
    let fixture = Fixture::start().await;
    let answer = fixture.send("health").await;
    assert_eq!(answer.headers["x-request-id"], json!(["7f3c2a90-5b1e-4c8d-9a6f-2e4d8c1b0a97"]));
}

#[tokio::test]
async fn what_came_in_the_clear_is_refused() {
    let answer = Fixture::start().await.send("status-over-http").await;
    assert_eq!((answer.status, &answer.body["error"]), (403, &json!("https_required")));
}

#[tokio::test]
async fn a_decoded_query_keeps_its_parameters_apart() {
    let answer = Fixture::start().await.send("status-query").await;
    assert_eq!((answer.status, &answer.body["error"]), (400, &json!("validation_error")));
    let names: Vec<_> = answer.body["fields"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["\0", "a b&c=d"]);
}

#[tokio::test]
async fn paths_with_variables_reach_their_handlers() {
    let fixture = Fixture::start().await;
    for name in ["dashboard", "duplicate"] {
        let answer = fixture.send(name).await;
        assert_eq!(
            (answer.status, &answer.body["detail"]),
            (404, &json!("No dashboard with ID 1 was found."))
        );
    }
}

/// API Gateway hands unknown paths to the docs function, which knows no credential.
#[tokio::test]
async fn an_unknown_path_is_a_404_whatever_the_credential() {
    let fixture = Fixture::start().await;
    let docs = groups::GROUPS.iter().find(|group| group.package == "docs").unwrap();
    let docs = (docs.routes)().into_router(fixture.app.app.clone());
    for (name, path) in [("unknown", None), ("unknown", Some("/")), ("hostile-path", None)] {
        let event = fixture.event(name, |event| {
            if let Some(path) = path {
                event["path"] = json!(path);
            }
        });
        let answer = answer(docs.clone(), event).await;
        assert_eq!((answer.status, &answer.body["error"]), (404, &json!("not_found")), "{name} {path:?}");
        assert!(answer.headers["x-request-id"].is_array(), "{}", answer.headers);
    }
}

#[tokio::test]
async fn a_header_outside_ascii_is_left_out() {
    let answer = Fixture::start().await.send("status-header-not-ascii").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn hostile_paths_and_hosts_get_an_answer() {
    let fixture = Fixture::start().await;
    assert_eq!(fixture.send("hostile-path").await.body["error"], "not_found");
    assert_eq!(fixture.send("hostile-host").await.status, 200);
    assert_eq!(fixture.send("status-percent-encoded").await.body["error"], "not_found");
    for path in [
        "//",
        "\\",
        "api",
        "/api/\u{0}",
        "/é/ü",
        "/api/%",
        "/%%%",
        "?",
        ":99999",
        "#",
        " ",
        "/api/auth/status/?a=b",
    ] {
        let answer = fixture.send_with("health", |event| event["path"] = json!(path)).await;
        assert_eq!((answer.status, &answer.body["error"]), (404, &json!("not_found")), "{path:?}");
    }
    for host in ["", " ", "a/b", "[", "é.example", "%00", "a:b:c", "user@host"] {
        let answer = fixture.send_with("health", |event| {
            event["headers"]["Host"] = json!(host);
            event["multiValueHeaders"]["Host"] = json!([host]);
        });
        assert_eq!(answer.await.status, 200, "{host:?}");
    }
    for query in ["a b", "&", "=", "\u{0}", "é", "%", "%zz", "\"", "#", "?"] {
        let answer = fixture.send_with("health", |event| {
            event["multiValueQueryStringParameters"] = json!({ query: [query, query] });
            event["queryStringParameters"] = json!({ query: query });
        });
        let answer = answer.await;
        assert_eq!((answer.status, &answer.body["error"]), (400, &json!("validation_error")), "{query:?}");
        assert!(answer.body["fields"][query].is_array(), "{}", answer.body);
    }
}
