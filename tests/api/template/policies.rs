//! Policies allow what the functions do, and nothing else: the calls that each makes are compared with what it may.

use std::collections::BTreeSet;

use serde_json::json;
use serde_yaml_ng::Value;
use shared::model::Role;
use shared::model::user::PasswordHash;
use shared::store::users;
use tests::entities::{self, api_key};
use tests::paths::{
    ANALYTICS_QUERY, API_KEYS, DASHBOARDS, DATA_SOURCES, REFRESH, REPORTS, STATUS, USAGE, item,
};
use tests::{Actor, Call, Fault, Instance, TestApp, TestKey, TestUser, Wire, widget};

use super::{at, function_name, resources, root, template, text};

/// [`tests::PASSWORD`], hashed with 8 MiB.
const PAST_HASH: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$n5onxyK0cSYnrKwuBCTgKQ$+TTU2lJGxOxErHaRSl5kfCqukJ30Kg4K8oxmmADiC3Y";

/// Actions on tables.
type Allowed = BTreeSet<(&'static str, String)>;

/// The actions that a call takes: a transaction takes those that it consists of.
fn actions(call: &Call) -> Allowed {
    let table = |name: &serde_json::Value| match name.as_str() {
        Some("test-entities") => "entities",
        Some("test-counters") => "counters",
        other => panic!("{other:?} is no table"),
    };
    match call.operation.as_str() {
        "BatchGetItem" => {
            let tables = call.body["RequestItems"].as_object().unwrap().keys();
            tables.map(|name| (table(&json!(name)), "BatchGetItem".to_owned())).collect()
        }
        "TransactWriteItems" => {
            let writes = call.body["TransactItems"].as_array().unwrap().iter();
            let parts = writes.flat_map(|write| write.as_object().unwrap());
            parts.map(|(kind, write)| (table(&write["TableName"]), format!("{kind}Item"))).collect()
        }
        operation => [(table(&call.body["TableName"]), operation.to_owned())].into(),
    }
}

/// What the policies of a function allow on the tables.
fn allowed(template: &Value, function: &str) -> Allowed {
    let policies = at(template, &["Resources", function, "Properties"]).get("Policies");
    let mut allowed = Allowed::new();
    for policy in policies.and_then(Value::as_sequence).into_iter().flatten() {
        let document = match policy {
            // The operator's own, which is about Athena.
            Value::Tagged(choice) if choice.tag == "If" => continue,
            Value::Tagged(reference) => {
                at(template, &["Resources", text(&reference.value), "Properties", "PolicyDocument"])
            }
            document => document,
        };
        for statement in at(document, &["Statement"]).as_sequence().unwrap() {
            let resource = serde_yaml_ng::to_string(at(statement, &["Resource"])).unwrap();
            let table = match &resource {
                resource if resource.contains("EntitiesTable") => "entities",
                resource if resource.contains("CountersTable") => "counters",
                _ => continue,
            };
            let actions = at(statement, &["Action"]);
            let actions = actions.as_sequence().cloned().unwrap_or_else(|| vec![actions.clone()]);
            allowed.extend(actions.iter().map(|action| {
                (table, text(action).strip_prefix("dynamodb:").expect("an action on a table").to_owned())
            }));
        }
    }
    allowed
}

/// An app on a wire, and its people; each group's requests go to a router of its own.
struct Stage {
    wire: Wire,
    app: TestApp,
    owner: TestUser,
    key: TestKey,
}

impl Stage {
    async fn set() -> Self {
        let wire = Wire::default();
        let app = TestApp::start_on(&wire).await;
        let owner = app.user(Role::Owner).await;
        let key = api_key(&owner, "read_write").await;
        Self { wire, app, owner, key }
    }

    fn instance(&self, package: &str) -> Instance {
        let group = groups::GROUPS.iter().find(|group| group.package == package).unwrap();
        let router = (group.routes)().into_router(self.app.app.clone());
        Instance { router, address: self.app.address }
    }

    /// The calls of a function's life: its start, its requests, and what it does after an answer.
    async fn calls(&self, package: &str) -> Allowed {
        self.wire.take_calls();
        if !["console", "docs"].contains(&package) {
            self.app.app.store.ping().await.unwrap();
        }
        let instance = self.instance(package);
        let (owner, key) = (self.owner.at(&instance), self.key.at(&instance));
        match package {
            "auth" => self.sign_in(&instance).await,
            "status" => {
                owner.get(STATUS).await;
                key.get(STATUS).await;
                instance.request("GET", "/api/health/").await;
            }
            "api-keys" => {
                self.write_collection(&owner, API_KEYS, json!({ "name": "x", "scope": "read_only" })).await;
                owner.post(&format!("{}rotate/", item(API_KEYS, 2)), &json!({})).await;
            }
            "data-sources" => {
                let file = json!({ "name": "x", "type": "file", "engine": "csv" });
                self.write_collection(&owner, DATA_SOURCES, file).await;
            }
            "dashboards" => {
                self.write_collection(&owner, DASHBOARDS, json!({ "name": "x" })).await;
                owner.post(&format!("{}duplicate/", item(DASHBOARDS, 2)), &json!({})).await;
                key.get(DASHBOARDS).await;
            }
            "analytics" => {
                let dashboard = entities::dashboard(&self.owner, json!([widget::pie(1)])).await;
                self.wire.take_calls();
                owner.get(&format!("{}data/", item(DASHBOARDS, dashboard))).await;
                let query =
                    json!({ "data_source": 1, "query": { "measures": [{ "aggregation": "count" }] } });
                owner.post(ANALYTICS_QUERY, &query).await;
                key.post(ANALYTICS_QUERY, &query).await;
            }
            "reports" => {
                let dashboard = entities::dashboard(&self.owner, json!([])).await;
                self.wire.take_calls();
                let schedule = json!({ "cron": "0 8 * * *", "timezone": "UTC" });
                let report =
                    json!({ "name": "x", "dashboard": dashboard, "format": "pdf", "schedule": schedule });
                self.write_collection(&owner, REPORTS, report).await;
                owner.post(&format!("{}generate/", item(REPORTS, 2)), &json!({})).await;
                owner.get(&format!("{}runs/", item(REPORTS, 2))).await;
            }
            "usage" => {
                owner.get(USAGE).await;
                key.get(USAGE).await;
            }
            "docs" => {
                instance.request("GET", "/api/docs/").await;
                instance.request("GET", "/api/unknown/").await;
            }
            "console" => {
                instance.request("GET", "/").await;
                instance.request("GET", "/assets/unknown/app/main.js").await;
            }
            other => panic!("say what {other} does"),
        }
        self.app.clock.advance(std::time::Duration::from_mins(2));
        self.app.after_answer().await;
        self.wire.take_calls().iter().flat_map(actions).collect()
    }

    async fn sign_in(&self, instance: &Instance) {
        // With a hash of past parameters, so that it is replaced.
        let past: PasswordHash = serde_json::from_value(json!(PAST_HASH)).unwrap();
        let user = &self.owner.user;
        users::rehash_password(&self.app.app.store, self.app.organization_id(), user, &past).await.unwrap();
        self.wire.take_calls();
        let body = json!({ "email": self.owner.user.email, "password": tests::PASSWORD });
        instance.request("POST", tests::paths::LOGIN).json(&body).await;
        instance.request("POST", REFRESH).json(&json!({ "refresh": self.owner.refresh })).await;
    }

    /// Every kind of request on a collection, with and without luck.
    async fn write_collection(&self, owner: &TestUser, collection: &str, body: serde_json::Value) {
        owner.get(collection).await;
        for _ in 0..2 {
            let reply = owner.post(collection, &body).header("idempotency-key", collection).await;
            assert_eq!(reply.status, 201, "{reply:?}");
        }
        assert_eq!(owner.post(collection, &body).await.status, 201);
        let refused =
            owner.post(collection, &json!({})).header("idempotency-key", format!("{collection} refused"));
        assert_eq!(refused.await.status, 400);
        // What was done although the news of it was lost is found by its claim.
        self.wire.fail(|call| (call.operation == "TransactWriteItems").then_some(Fault::LostAnswer));
        owner.post(collection, &body).header("idempotency-key", format!("{collection} lost")).await;
        self.wire.fail(|_| None);
        let id = owner.post(collection, &body).await.id();
        assert_eq!(owner.patch(&item(collection, id), &json!({ "name": "y" })).await.status, 200);
        assert_eq!(owner.delete(&item(collection, id)).await.status, 204);
        owner.get(&item(collection, 1)).await;
    }
}

#[tokio::test]
async fn a_policy_allows_what_its_functions_do_and_nothing_else() {
    let template = template();
    let stage = Stage::set().await;
    let mut made = Vec::new();
    for group in groups::GROUPS {
        let function = function_name(group.package);
        let calls = Box::pin(stage.calls(group.package)).await;
        let allowed = allowed(&template, &function);
        assert!(calls.is_subset(&allowed), "{function} may not {:?}", calls.difference(&allowed));
        made.push((allowed, calls));
    }
    // What functions with the same policy do, together.
    for (allowed, _) in &made {
        let together: Allowed = made
            .iter()
            .filter(|(other, _)| other == allowed)
            .flat_map(|(_, calls)| calls.iter().cloned())
            .collect();
        assert_eq!(*allowed, together, "nothing is allowed that is never done");
    }
}

#[test]
fn what_functions_may_with_the_secret_is_what_they_do() {
    let template = template();
    let may = |function: &str| -> BTreeSet<String> {
        let function = serde_yaml_ng::to_string(at(&template, &["Resources", function])).unwrap();
        let actions = function.split("secretsmanager:").skip(1);
        actions.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect()
    };
    let does: BTreeSet<String> =
        ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"]
            .map(str::to_owned)
            .into();
    assert_eq!(may("RotateSecretFunction"), does);
    let code = root("functions/rotate-secret/src/lib.rs");
    for call in
        [".describe_secret()", ".get_secret_value()", ".put_secret_value()", ".update_secret_version_stage()"]
    {
        assert!(code.contains(call), "{call}");
    }
    for name in resources(&template, "AWS::Serverless::Function").keys() {
        if *name != "RotateSecretFunction" {
            assert!(may(name).is_subset(&["GetSecretValue".to_owned()].into()), "{name}");
        }
    }
}
