//! Merge patches, against the algorithm of RFC 7396, section 2.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use shared::http::MergePatch;

fn merged(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut target = if let Value::Object(target) = target { target } else { Map::new() };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            let before = target.remove(name).unwrap_or_default();
            target.insert(name.clone(), merged(before, value));
        }
    }
    target.into()
}

/// What is removed without being there is left for the type to refuse: as null.
fn remove_unknown(merged: &mut Value, patch: &Value, before: &Value) {
    let (Value::Object(merged), Value::Object(patch)) = (merged, patch) else { return };
    for (name, value) in patch {
        let was = before.get(name).unwrap_or(&Value::Null);
        if value.is_null() && was.is_null() {
            assert_eq!(merged.remove(name), Some(Value::Null));
        } else if let Some(merged) = merged.get_mut(name) {
            remove_unknown(merged, value, was);
        }
    }
}

fuzz_target!(|input: &str| {
    let Some((target, patch)) = input.split_once('\n') else { return };
    let (Ok(target @ Value::Object(_)), Ok(patch @ Value::Object(_))) =
        (serde_json::from_str::<Value>(target), serde_json::from_str::<Value>(patch))
    else {
        return;
    };
    let apply =
        |target: &Value| MergePatch::<Value>::from(patch.clone()).apply(target).expect("any value will do");
    let mut once = apply(&target);
    remove_unknown(&mut once, &patch, &target);
    assert_eq!(once, merged(target, &patch));
    assert_eq!(merged(once.clone(), &patch), once);
});
