//! Widgets and their queries.

#![no_main]

use dashboards::fuzzing::save;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(widgets) = serde_json::from_slice(input) else { return };
    if let Some(saved) = save(widgets, &[]) {
        let ids: Vec<_> =
            saved.as_array().into_iter().flatten().filter_map(|widget| widget["id"].as_u64()).collect();
        let ids: Vec<_> = ids.into_iter().filter_map(|id| id.try_into().ok()).collect();
        assert_eq!(save(saved.clone(), &ids), Some(saved));
    }
});
