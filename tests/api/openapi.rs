//! `openapi.json` is what the code says.

use serde_json::Value;
use shared::base::Code;
use shared::service::Routes;

fn committed() -> Value {
    let path = format!("{}/../openapi.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_committed_document_is_current() {
    assert!(
        committed() == openapi::document(),
        "openapi.json is stale. Renew it: cargo run -p openapi > openapi.json"
    );
}

/// Every reference in a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(object) => {
            found.extend(object.get("$ref").and_then(Value::as_str));
            object.values().for_each(|member| references(member, found));
        }
        _ => {}
    }
}

#[test]
fn references_lead_somewhere() {
    let document = openapi::document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let document = openapi::document();
    let mut ids = Vec::new();
    let mut described = 0;
    let documented = groups::GROUPS.iter().filter(|group| group.documentation.is_some());
    let routes = documented.fold(Routes::new(), |routes, group| routes.merge((group.routes)()));
    for route in routes.iter() {
        let operation = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
        let name = format!("{} {}", route.method, route.path);
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{name} has no tag");
        assert!(operation["security"].is_array(), "{name} does not say who may call it");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let takes_query = parameters.iter().any(|parameter| parameter["in"] == "query");
        assert_eq!(takes_query, route.takes_query, "{name}");
        ids.push(operation["operationId"].as_str().unwrap().to_owned());
        described += 1;
    }
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.values().map(|item| item.as_object().unwrap().len()).sum::<usize>(), described);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), described, "operation ids are unique");
}

#[test]
fn every_code_has_an_example() {
    let document = openapi::document().to_string();
    for code in Code::ALL {
        // 405 answers methods that no operation has.
        let is_described = document.contains(&format!("\"{}\":{{\"value\"", code.as_str()));
        assert_eq!(is_described, *code != Code::MethodNotAllowed, "{}", code.as_str());
    }
}
