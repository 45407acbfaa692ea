//! `template.yaml`, the routers, `cargo lambda watch` and the local tables say the same.

mod data;
mod file_policies;
mod files;
mod gateway;
mod jobs;
mod operation;
mod order;
mod paths;
mod policies;

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;
use tests::{TestApp, table_names};

/// The name of a group's function in the template: `DataSourcesFunction` for `data-sources`.
fn function_name(package: &str) -> String {
    let capitalized = package.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    capitalized.collect::<String>() + "Function"
}

fn root(file: &str) -> String {
    std::fs::read_to_string(format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// All of the code in a folder.
fn code(folder: &str) -> String {
    let entries = std::fs::read_dir(format!("{}/../{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let code = entries.map(|entry| {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        match path.rsplit('.').next() {
            _ if entry.file_type().unwrap().is_dir() => code(&path),
            Some("rs") => root(&path),
            _ => String::new(),
        }
    });
    code.collect()
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
fn the_watch_configuration_is_current() {
    assert!(
        root("CargoLambda.toml") == groups::watch_configuration(),
        "CargoLambda.toml is stale. Renew it: cargo run -p groups -- watch > CargoLambda.toml"
    );
}

#[test]
fn every_function_of_the_workspace_is_in_the_template_and_has_the_environment_that_it_reads() {
    let template = template();
    let globals = at(&template, &["Globals", "Function", "Environment", "Variables"]).as_mapping().unwrap();
    let functions = resources(&template, "AWS::Serverless::Function");
    let own = functions.values().filter_map(|function| {
        at(function, &["Properties"]).get("Environment")?.get("Variables")?.as_mapping()
    });
    let set: BTreeSet<_> = globals.keys().chain(own.flat_map(|own| own.keys())).map(text).collect();
    let code = code("shared/src") + &code("functions");
    let read = code.split("variable(\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    // Lambda itself sets what begins with AWS_.
    let read: BTreeSet<_> = read.filter(|name| !name.starts_with("AWS_")).collect();
    assert_eq!(set, read);

    let folders = std::fs::read_dir(format!("{}/../functions", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let packages: BTreeSet<_> = folders
        .map(|folder| format!("functions/{}/", folder.unwrap().file_name().to_str().unwrap()))
        .collect();
    let declared: BTreeSet<_> = functions
        .values()
        .map(|function| text(at(function, &["Properties", "CodeUri"])).to_owned())
        .collect();
    assert_eq!(declared, packages);
    let listed: BTreeSet<_> = groups::packages().map(|package| format!("functions/{package}/")).collect();
    assert_eq!(listed, packages);
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
