//! Which function API Gateway hands a path to, and which paths it refuses to deploy.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use serde_yaml_ng::{Mapping, Value};

use super::{at, function_name, resources, root, template, text};

/// A path that a function declares.
struct Declared<'a> {
    function: &'a str,
    path: &'a str,
}

fn declared(template: &Value) -> Vec<Declared<'_>> {
    let mut declared = Vec::new();
    for (function, resource) in resources(template, "AWS::Serverless::Function") {
        let events = at(resource, &["Properties"]).get("Events").and_then(Value::as_mapping);
        for event in events.into_iter().flat_map(Mapping::values) {
            assert_eq!(text(at(event, &["Properties", "Method"])), "ANY", "{function}");
            declared.push(Declared { function, path: text(at(event, &["Properties", "Path"])) });
        }
    }
    declared
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// How well a declared path fits one that is asked for, part by part: literally (2), as a variable (1), as the start of what a
/// greedy variable takes (0). A slash at the end makes no difference.
fn fit(declared: &str, asked: &str) -> Option<Vec<u8>> {
    let mut asked = parts(asked).into_iter();
    let mut fit = Vec::new();
    for part in parts(declared) {
        let next = asked.next()?;
        if part.ends_with("+}") {
            fit.push(0);
            return Some(fit);
        } else if part.starts_with('{') {
            fit.push(1);
        } else if part == next {
            fit.push(2);
        } else {
            return None;
        }
    }
    asked.next().is_none().then_some(fit)
}

/// What API Gateway hands a path to: the declared path that fits best. A resource without a method is no candidate.
fn best<'a, 'b>(declared: &'b [Declared<'a>], asked: &str) -> Option<&'b Declared<'a>> {
    let candidates = declared.iter().filter_map(|declared| Some((fit(declared.path, asked)?, declared)));
    candidates.max_by(|(one, _), (other, _)| one.cmp(other)).map(|(_, declared)| declared)
}

/// `pathParameters` of an event.
fn parameters(declared: &str, asked: &str) -> Json {
    let asked = parts(asked);
    let mut parameters = Map::new();
    for (index, part) in parts(declared).into_iter().enumerate() {
        let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) else {
            continue;
        };
        let (name, value) = match name.strip_suffix('+') {
            Some(name) => (name, asked[index..].join("/")),
            None => (name, asked[index].to_owned()),
        };
        parameters.insert(name.to_owned(), value.into());
    }
    if parameters.is_empty() { Json::Null } else { parameters.into() }
}

/// Why API Gateway would not deploy these paths: of the children of a resource, at most one is a variable, and a greedy one has no
/// children.
fn refusal<'a>(paths: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut variables = BTreeMap::new();
    for path in paths {
        let parts = parts(path);
        let mut parent = String::new();
        for (index, part) in parts.iter().enumerate() {
            if part.ends_with("+}") && index + 1 < parts.len() {
                return Some(format!("{path} goes on after {part}"));
            }
            if part.starts_with('{') {
                let sibling = *variables.entry(parent.clone()).or_insert(*part);
                if sibling != *part {
                    return Some(format!("{sibling} and {part} are siblings under {parent}/"));
                }
            }
            parent = format!("{parent}/{part}");
        }
    }
    None
}

#[test]
fn every_route_is_reachable_through_its_function() {
    let template = template();
    let declared = declared(&template);
    for group in groups::GROUPS {
        let (name, package) = (function_name(group.package), group.package);
        let routes = (group.routes)();
        let function = at(&template, &["Resources", &name, "Properties"]);
        assert_eq!(text(at(function, &["CodeUri"])), format!("functions/{package}/"));
        for route in routes.iter() {
            let best =
                best(&declared, &route.path).unwrap_or_else(|| panic!("{} is not reachable", route.path));
            assert_eq!(best.function, name, "{}", route.path);
        }
        // What is greedy also takes paths that no route has: they are a 404.
        let own =
            declared.iter().filter(|declared| declared.function == name && !declared.path.ends_with("+}"));
        for declared in own.filter(|declared| declared.path != "/") {
            assert!(
                routes.iter().any(|route| fit(declared.path, &route.path).is_some()),
                "nothing answers at {}",
                declared.path
            );
        }
    }
}

#[test]
fn api_gateway_would_deploy_the_paths() {
    let template = template();
    assert_eq!(refusal(declared(&template).iter().map(|declared| declared.path)), None);
    let siblings = ["/api/dashboards/{id}", "/api/dashboards/{proxy+}"];
    assert_eq!(refusal(siblings).unwrap(), "{id} and {proxy+} are siblings under /api/dashboards/");
    assert!(refusal(["/api/reports/{id}", "/api/reports/{report_id}/runs"]).is_some());
    assert!(refusal(["/api/{proxy+}/runs"]).is_some());
    assert_eq!(refusal(["/api/reports/{id}/{proxy+}", "/api/reports/{id}/runs", "/{proxy+}"]), None);
}

#[test]
fn functions_can_share_what_is_below_an_item() {
    let template = template();
    let mut declared = declared(&template);
    for collection in ["/api/api-keys", "/api/dashboards", "/api/data-sources"] {
        for below in ["", "/{id}", "/{id}/{proxy+}"] {
            let path = format!("{collection}{below}");
            assert!(declared.iter().any(|declared| declared.path == path), "{path}");
        }
    }
    declared.push(Declared { function: "AnalyticsFunction", path: "/api/dashboards/{id}/data" });
    assert_eq!(refusal(declared.iter().map(|declared| declared.path)), None);
    assert_eq!(best(&declared, "/api/dashboards/7/data/").unwrap().function, "AnalyticsFunction");
    assert_eq!(best(&declared, "/api/dashboards/7/duplicate/").unwrap().function, "DashboardsFunction");
}

#[test]
fn the_docs_function_answers_at_paths_that_are_nobodys() {
    let template = template();
    let declared = declared(&template);
    for path in
        ["/favicon.ico", "/api", "/api/", "/api/unknown/", "/api/auth/", "/api/auth/unknown", "/api/health/x"]
    {
        assert_eq!(best(&declared, path).unwrap().function, "DocsFunction", "{path}");
    }
    assert_eq!(best(&declared, "/").unwrap().function, "ConsoleFunction");
    assert_eq!(best(&declared, "/api/dashboards/7/unknown").unwrap().function, "DashboardsFunction");
}

#[test]
fn the_events_are_what_api_gateway_sends_for_the_declared_paths() {
    let template = template();
    let declared = declared(&template);
    let folder = format!("{}/../events", env!("CARGO_MANIFEST_DIR"));
    let files =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut seen = 0;
    for file in files.filter(|file| file.rsplit('.').next() == Some("json")) {
        let event: Json = serde_json::from_str(&root(&format!("events/{file}"))).unwrap();
        let path = event["path"].as_str().unwrap();
        let best = best(&declared, path).unwrap();
        assert_eq!(event["resource"], best.path, "{file}");
        assert_eq!(event["requestContext"]["resourcePath"], best.path, "{file}");
        assert_eq!(event["pathParameters"], parameters(best.path, path), "{file}");
        seen += 1;
    }
    assert!(seen > 10, "{seen} events");
}
