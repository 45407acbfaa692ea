//! The widgets on a dashboard.

use serde_json::json;
use shared::model::Role;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, Reply, entities, widget};

use super::start;

/// What a widget of each type takes: dimensions, measures.
const REQUIREMENTS: &[(&str, [usize; 2], [usize; 2])] = &[
    ("line", [1, 2], [1, 10]),
    ("bar", [1, 2], [1, 10]),
    ("area", [1, 2], [1, 10]),
    ("pie", [1, 1], [1, 1]),
    ("scatter", [0, 2], [2, 3]),
    ("metric", [0, 0], [1, 1]),
    ("table", [0, 10], [0, 20]),
    ("funnel", [1, 1], [1, 1]),
    ("gauge", [0, 0], [1, 1]),
    ("heatmap", [2, 2], [1, 1]),
];

#[tokio::test]
async fn each_type_takes_what_the_table_says() {
    let (app, analyst, source) = start(Role::Analyst).await;
    for (widget_type, dimensions, measures) in REQUIREMENTS {
        for number in [0, 1, 2, 3, 10, 11] {
            for count in [0, 1, 2, 3, 10, 11, 20] {
                let mut widget = widget::pie(source);
                widget["type"] = json!(widget_type);
                let fields = |prefix, count| (0..count).map(move |index| format!("{prefix}{index}"));
                let dimension = fields("d", number).map(|field| json!({ "field": field }));
                let measure = fields("m", count).map(|field| json!({ "field": field, "aggregation": "max" }));
                widget["query"] = json!({ "dimensions": dimension.collect::<Vec<_>>(), "measures": measure.collect::<Vec<_>>() });
                let fits = (dimensions[0]..=dimensions[1]).contains(&number)
                    && (measures[0]..=measures[1]).contains(&count)
                    && number + count > 0;
                let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": [widget] })).await;
                assert_eq!(
                    reply.status,
                    if fits { 201 } else { 400 },
                    "{widget_type} {number} {count}: {reply:?}"
                );
                app.clock.advance(std::time::Duration::from_secs(1));
            }
        }
    }
}

#[tokio::test]
async fn widgets_keep_their_ids() {
    let (_, analyst, source) = start(Role::Analyst).await;
    let id =
        entities::dashboard(&analyst, json!([widget::pie(source), widget::text("a"), widget::text("b")]))
            .await;
    let shown = analyst.get(&item(DASHBOARDS, id)).await;
    let ids = |reply: &Reply| -> Vec<u64> {
        reply.body["widgets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|widget| widget["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(ids(&shown), [1, 2, 3]);
    let widgets = json!([shown.body["widgets"][2], widget::text("new"), shown.body["widgets"][0]]);
    let changed = analyst.patch(&item(DASHBOARDS, id), &json!({ "widgets": widgets })).await;
    assert_eq!(ids(&changed), [3, 4, 1], "the array is replaced, and what has an id keeps it");
    let changed = analyst.patch(&item(DASHBOARDS, id), &json!({ "widgets": [widget::text("newer")] })).await;
    assert_eq!(ids(&changed), [5], "ids are not used twice");

    let mut known = widget::text("x");
    known["id"] = json!(5);
    let twice = analyst.patch(&item(DASHBOARDS, id), &json!({ "widgets": [known, known] })).await;
    assert_eq!(twice.reasons("widgets[1].id"), "Must not be there twice.");
    known["id"] = json!(1);
    let gone = analyst.patch(&item(DASHBOARDS, id), &json!({ "widgets": [known] })).await;
    assert!(gone.reasons("widgets[0].id").starts_with("Must be that of a widget on the dashboard"));
}
