//! Widgets over data that was imported: their queries must fit its columns.

use serde_json::{Value, json};
use shared::model::Role;
use tests::paths::{DASHBOARDS, item};
use tests::{Actor, entities, widget};

use super::start;

/// A pie over the source, with another field as its dimension.
fn pie_by(source: u64, field: &str) -> Value {
    let mut widget = widget::pie(source);
    widget["query"]["dimensions"][0]["field"] = field.into();
    widget
}

#[tokio::test]
async fn a_query_must_fit_the_columns_once_there_are_any() {
    let (app, analyst, source) = start(Role::Analyst).await;
    let body = json!({ "name": "x", "widgets": [widget::pie(source), pie_by(source, "colour")] });
    assert_eq!(analyst.post(DASHBOARDS, &body).await.status, 201);

    entities::imported(&app, &analyst, source, "region,amount\nNorth,1\n").await;
    let reply = analyst.post(DASHBOARDS, &body).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert_eq!(
        reply.reasons("widgets[1].query.dimensions[0].field"),
        r#"There is no column "colour" in table "data": it has "region", "amount"."#
    );
    assert_eq!(reply.body["fields"].as_object().unwrap().len(), 1);

    let mut summed = widget::pie(source);
    summed["query"]["measures"][0]["field"] = "region".into();
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": [summed] })).await;
    assert_eq!(
        reply.reasons("widgets[0].query.measures[0].aggregation"),
        r#"Must not be sum of "region", which is of type text: it takes integers and numbers."#
    );
}

#[tokio::test]
async fn what_was_valid_stays_so_until_it_is_changed() {
    let (app, analyst, source) = start(Role::Analyst).await;
    entities::imported(&app, &analyst, source, "region,amount,colour\nNorth,1,red\n").await;
    let id = entities::dashboard(&analyst, json!([pie_by(source, "colour"), widget::pie(source)])).await;
    let breaking = json!({ "allow_breaking": true });
    let import = entities::import(&app, &analyst, source, "region,amount\nNorth,1\n", &breaking).await;
    assert_eq!(import.body["status"], "done", "{import:?}");

    let path = item(DASHBOARDS, id);
    let mut widgets = analyst.get(&path).await.body["widgets"].clone();
    widgets[0]["title"] = "Moved".into();
    widgets[0]["position"]["y"] = 9.into();
    widgets[1]["query"]["limit"] = 3.into();
    let reply = analyst.patch(&path, &json!({ "widgets": widgets })).await;
    assert_eq!(reply.status, 200, "{reply:?}");

    widgets[0]["query"]["limit"] = 3.into();
    let reply = analyst.patch(&path, &json!({ "widgets": widgets })).await;
    assert!(!reply.reasons("widgets[0].query.dimensions[0].field").is_empty(), "{reply:?}");

    // As a new one, it is looked at like any other.
    widgets[0].as_object_mut().unwrap().remove("id");
    let reply = analyst.patch(&path, &json!({ "widgets": widgets })).await;
    assert!(!reply.reasons("widgets[0].query.dimensions[0].field").is_empty(), "{reply:?}");

    // Under another's ID, it is another widget.
    widgets[0]["id"] = widgets[1]["id"].clone();
    widgets.as_array_mut().unwrap().truncate(1);
    let reply = analyst.patch(&path, &json!({ "widgets": widgets })).await;
    assert!(!reply.reasons("widgets[0].query.dimensions[0].field").is_empty(), "{reply:?}");
}

#[tokio::test]
async fn mistakes_are_told_together_with_those_of_other_sources() {
    let (app, analyst, source) = start(Role::Analyst).await;
    let other = entities::data_source(&analyst).await;
    for source in [source, other] {
        entities::imported(&app, &analyst, source, "region,amount\nNorth,1\n").await;
    }
    let widgets = json!([pie_by(source, "a"), widget::pie(source), pie_by(other, "b")]);
    let reply = analyst.post(DASHBOARDS, &json!({ "name": "x", "widgets": widgets })).await;
    for field in ["widgets[0].query.dimensions[0].field", "widgets[2].query.dimensions[0].field"] {
        assert!(reply.reasons(field).starts_with("There is no column"), "{reply:?}");
    }
    assert_eq!(reply.body["fields"].as_object().unwrap().len(), 2);
}
