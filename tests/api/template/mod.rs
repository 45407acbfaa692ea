//! `template.yaml`, the routers, `cargo lambda watch` and the local tables say the same.

mod data;
mod gateway;
mod operation;
mod paths;

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;
use shared::http::Routes;
use tests::{TestApp, table_names};

/// The functions of the API: their name in the template, their package, their routes.
fn functions() -> [(&'static str, &'static str, Routes); 6] {
    [
        ("AuthFunction", "auth", auth::routes()),
        ("StatusFunction", "status", status::routes()),
        ("ApiKeysFunction", "api-keys", api_keys::routes()),
        ("DataSourcesFunction", "data-sources", data_sources::routes()),
        ("DashboardsFunction", "dashboards", dashboards::routes()),
        ("DocsFunction", "docs", docs::routes()),
    ]
}

fn root(file: &str) -> String {
    std::fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn template() -> Value {
    serde_yaml_ng::from_str(&root("template.yaml")).unwrap()
}

/// What is at a path of names, whatever the intrinsic functions on the way.
fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, name| {
        let value = if let Value::Tagged(tagged) = value { &tagged.value } else { value };
        value.get(name).unwrap_or_else(|| panic!("no {name} in {path:?}"))
    })
}

fn text(value: &Value) -> &str {
    match value {
        Value::Tagged(tagged) => text(&tagged.value),
        value => value.as_str().unwrap_or_else(|| panic!("no text: {value:?}")),
    }
}

/// A value of the template, to compare one with.
fn yaml(text: &str) -> Value {
    serde_yaml_ng::from_str(text).unwrap()
}

/// The resources of a type, by name.
fn resources<'a>(template: &'a Value, kind: &str) -> BTreeMap<&'a str, &'a Value> {
    let resources = at(template, &["Resources"]).as_mapping().unwrap();
    let resources = resources.iter().map(|(name, resource)| (text(name), resource));
    resources.filter(|(_, resource)| text(at(resource, &["Type"])) == kind).collect()
}

#[test]
fn the_watch_router_serves_every_route_in_both_forms() {
    let manifest = root("Cargo.toml");
    let section = manifest.split("[workspace.metadata.lambda.watch.router]\n").nth(1).unwrap();
    let section = section.split("\n[").next().unwrap();
    let router: BTreeMap<_, _> = section
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(path, function)| (path.trim_matches('"'), function.trim_matches('"')))
        .collect();
    for (_, package, routes) in functions() {
        for route in routes.iter() {
            for path in [route.path.as_str(), route.path.trim_end_matches('/')] {
                let served = router.iter().find(|(declared, _)| {
                    declared.strip_suffix("{*rest}").map_or(**declared == path, |prefix| {
                        path.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty())
                    })
                });
                assert_eq!(served.map(|(_, function)| *function), Some(package), "{path}");
            }
        }
    }
}

#[test]
fn every_function_of_the_workspace_is_in_the_template_and_has_the_environment_that_it_reads() {
    let template = template();
    let globals = at(&template, &["Globals", "Function", "Environment", "Variables"]).as_mapping().unwrap();
    let set: BTreeSet<_> = globals.keys().map(text).collect();
    let runtime = root("shared/src/runtime.rs");
    let read = runtime.split("variable(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    // Lambda itself sets what begins with AWS_.
    let read: BTreeSet<_> = read.filter(|name| !name.starts_with("AWS_")).collect();
    assert_eq!(set, read);

    let folders = std::fs::read_dir(format!("{}/../functions", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let packages: BTreeSet<_> = folders
        .map(|folder| format!("functions/{}/", folder.unwrap().file_name().to_str().unwrap()))
        .collect();
    let functions = resources(&template, "AWS::Serverless::Function");
    let declared: BTreeSet<_> = functions
        .values()
        .map(|function| text(at(function, &["Properties", "CodeUri"])).to_owned())
        .collect();
    assert_eq!(declared, packages);
}

#[tokio::test]
async fn the_local_tables_are_the_templates() {
    let app = TestApp::start().await;
    let template = template();
    for (resource, name) in
        [("EntitiesTable", table_names().entities), ("CountersTable", table_names().counters)]
    {
        let declared = at(&template, &["Resources", resource, "Properties"]);
        let made = app.dynamodb.describe_table().table_name(&name).send().await.unwrap().table.unwrap();
        let key: Vec<_> = made
            .key_schema()
            .iter()
            .map(|part| (part.attribute_name().to_owned(), part.key_type().as_str().to_owned()))
            .collect();
        let declared_key: Vec<_> = at(declared, &["KeySchema"])
            .as_sequence()
            .unwrap()
            .iter()
            .map(|part| {
                (text(at(part, &["AttributeName"])).to_owned(), text(at(part, &["KeyType"])).to_owned())
            })
            .collect();
        assert_eq!(key, declared_key, "{resource}");
        assert_eq!(text(at(declared, &["BillingMode"])), "PAY_PER_REQUEST");
        let billing = made.billing_mode_summary().unwrap().billing_mode().unwrap();
        assert_eq!(billing.as_str(), "PAY_PER_REQUEST");

        let ttl = app.dynamodb.describe_time_to_live().table_name(&name).send().await.unwrap();
        let ttl = ttl.time_to_live_description.and_then(|ttl| ttl.attribute_name);
        let declared_ttl =
            declared.get("TimeToLiveSpecification").map(|ttl| text(at(ttl, &["AttributeName"])).to_owned());
        assert_eq!(ttl, declared_ttl, "{resource}");
    }
}
