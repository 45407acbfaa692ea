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

fuzz_target!(|input: &str| {
    let Some((target, patch)) = input.split_once('\n') else { return };
    let (Ok(target @ Value::Object(_)), Ok(patch @ Value::Object(_))) =
        (serde_json::from_str::<Value>(target), serde_json::from_str::<Value>(patch))
    else {
        return;
    };
    let apply =
        |target: &Value| MergePatch::from(patch.clone()).apply::<Value>(target).expect("any value will do");
    let mut once = apply(&target);
    // What is removed without being there is left for the type to refuse.
    let unknown = |name: &str| patch[name].is_null() && target.get(name).is_none();
    if let (Value::Object(once), Value::Object(patch)) = (&mut once, &patch) {
        for name in patch.keys().filter(|name| unknown(name)) {
            assert_eq!(once.remove(name), Some(Value::Null));
        }
    }
    assert_eq!(once, merged(target, &patch));
    assert_eq!(merged(once.clone(), &patch), once);
});
