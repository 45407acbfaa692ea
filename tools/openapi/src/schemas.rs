//! The schemas that operations share.

use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";

/// The name in a reference.
pub(crate) fn name(reference: &Value) -> &str {
    reference.as_str().and_then(|text| text.strip_prefix(PREFIX)).unwrap_or_default()
}

/// Tidies the schemas of a described document: objects and enumerations stay there by name, and texts and numbers go, with their
/// limits, to where they are used. Returns the schemas.
pub(crate) fn tidy(described: &mut Value) -> Map<String, Value> {
    let all = described["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let mut schemas = all.clone();
    for schema in schemas.values_mut() {
        refer_to_rows(schema, &all);
        inline_scalars(schema, &all);
        let is_union = schema["oneOf"].is_array();
        if is_union && let Some(union) = schema.as_object_mut().and_then(|schema| schema.remove("oneOf")) {
            // Nothing keeps a value from being several of them.
            schema["anyOf"] = union;
        }
    }
    inline_scalars(&mut described["paths"], &all);
    schemas.retain(|_, schema| !is_scalar(schema));
    schemas.extend(error_schemas());
    schemas
}

fn error_schemas() -> Map<String, Value> {
    use shared::base::Code;
    use shared::base::error::Envelope;
    use utoipa::{PartialSchema, ToSchema};
    // Cannot fail: every key is a string.
    let value = |schema| serde_json::to_value(schema).expect("a schema is JSON");
    Map::from_iter([
        (Envelope::name().into_owned(), value(Envelope::schema())),
        (Code::name().into_owned(), value(Code::schema())),
    ])
}

fn is_scalar(schema: &Value) -> bool {
    schema.get("enum").is_none()
        && matches!(schema["type"].as_str(), Some("string" | "integer" | "number" | "boolean"))
}

/// Puts texts and numbers in the place of references to them: a generated client should have a string there, not a class.
fn inline_scalars(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| inline_scalars(item, schemas)),
        Value::Object(object) => {
            object.values_mut().for_each(|member| inline_scalars(member, schemas));
            if let Some(scalar) = object.get("$ref").and_then(|reference| schemas.get(name(reference)))
                && is_scalar(scalar)
            {
                object.remove("$ref");
                for (key, member) in scalar.as_object().into_iter().flatten() {
                    object.entry(key).or_insert_with(|| member.clone());
                }
            }
            if let Some([scalar, null]) = object.get("oneOf").and_then(Value::as_array).map(Vec::as_slice)
                && is_scalar(scalar)
                && null["type"] == "null"
            {
                let mut scalar = scalar.clone();
                scalar["type"] = json!([scalar["type"], "null"]);
                object.remove("oneOf");
                for (key, member) in scalar.as_object().into_iter().flatten() {
                    object.entry(key).or_insert_with(|| member.clone());
                }
            }
        }
        _ => {}
    }
}

/// Refers to the rows of a page by their name.
fn refer_to_rows(schema: &mut Value, schemas: &Map<String, Value>) {
    if let Some(items) = schema.pointer_mut("/properties/results/items")
        && let Some((name, _)) = schemas.iter().find(|(_, schema)| *schema == items)
    {
        *items = json!({ "$ref": format!("{PREFIX}{name}") });
    }
}

/// Refuses unknown members in an object of a request, and in those within it.
pub(crate) fn close(name: &str, schemas: &mut Map<String, Value>) {
    let Some(schema) = schemas.get_mut(name) else { return };
    if schema.get("additionalProperties").is_some() {
        return;
    }
    if schema["type"] == "object" {
        schema["additionalProperties"] = false.into();
    }
    let mut within = Vec::new();
    references(&schemas[name], &mut within);
    for name in within {
        close(&name, schemas);
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(object) => {
            found.extend(object.get("$ref").map(|reference| name(reference).to_owned()));
            object.values().for_each(|member| references(member, found));
        }
        _ => {}
    }
}

/// Adds the merge patch (RFC 7396) of an object, in which nothing is required, and null takes away what need not be there. Of what is
/// also made, it has a name of its own: `DashboardUpdate` beside `DashboardCreate`. Returns a reference to it.
pub(crate) fn add_patch(name: &str, schemas: &mut Map<String, Value>) -> Value {
    let patch_name =
        name.strip_suffix("Create").map_or_else(|| name.to_owned(), |noun| format!("{noun}Update"));
    let mut patch = schemas.get(name).cloned().unwrap_or_default();
    if let Some(patch) = patch.as_object_mut() {
        let required = patch.remove("required").unwrap_or_default();
        let is_required =
            |name: &str| required.as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let properties = patch.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(kind) = property.get("type").and_then(Value::as_str)
                && !is_required(name)
            {
                property["type"] = json!([kind, "null"]);
            }
            if let Some(property) = property.as_object_mut() {
                property.remove("default");
            }
        }
    }
    schemas.insert(patch_name.clone(), patch);
    json!({ "$ref": format!("{PREFIX}{patch_name}") })
}
