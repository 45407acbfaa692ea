//! Widgets and their queries.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use shared::base::Fields;
use shared::model::dashboard::widget::{Widget, check_and_number};

/// Widgets as they would be answered after they were saved to a dashboard that has those of these ids; `None` if they are refused.
fn save(widgets: Value, present: &[u32]) -> Option<Value> {
    let mut widgets: Vec<Widget> = deserr::deserialize::<_, _, Fields>(widgets).ok()?;
    let next_id = present.iter().max().map_or(1, |id| id + 1);
    check_and_number(&mut widgets, &present.iter().copied().collect(), next_id).ok()?;
    serde_json::to_value(widgets).ok()
}

fuzz_target!(|input: &[u8]| {
    let Ok(widgets) = serde_json::from_slice(input) else { return };
    if let Some(saved) = save(widgets, &[]) {
        let ids: Vec<_> =
            saved.as_array().into_iter().flatten().filter_map(|widget| widget["id"].as_u64()).collect();
        let ids: Vec<_> = ids.into_iter().filter_map(|id| id.try_into().ok()).collect();
        assert_eq!(save(saved.clone(), &ids), Some(saved));
    }
});
