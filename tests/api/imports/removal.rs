//! What nothing points at any more is removed, and nothing else.

use std::time::Duration;

use serde_json::json;
use tests::paths::{DATA_SOURCES, action, imports, item};
use tests::{Actor, entities};

use super::{ORDERS, size, start};

#[tokio::test]
async fn the_version_before_is_removed_once_every_query_over_it_has_ended() {
    let (app, analyst, source) = start().await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    let first = app.data_versions(source);
    entities::imported(&app, &analyst, source, "n\n1\n").await;
    app.clock.advance(Duration::from_secs(899));
    app.run_jobs().await;
    assert_eq!(app.data_versions(source).len(), 2);
    app.clock.advance(Duration::from_secs(1));
    app.run_jobs().await;
    let left = app.data_versions(source);
    assert!(left.len() == 1 && left != first, "{left:?}");
    let preview = analyst.sign_in().await.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["rows"], json!([[1]]));
}

#[tokio::test]
async fn a_deleted_source_leaves_nothing_behind() {
    let (app, analyst, source) = start().await;
    let other = entities::data_source(&analyst).await;
    entities::imported(&app, &analyst, other, ORDERS).await;
    for _ in 0..50 {
        analyst.post(&imports(source), &size(ORDERS)).await;
    }
    entities::imported(&app, &analyst, source, ORDERS).await;
    assert_eq!(analyst.delete(&item(DATA_SOURCES, source)).await.status, 204);
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    assert_eq!(app.data_versions(source), Vec::<String>::new());
    assert_eq!(app.uploads(source), Vec::<String>::new());
    assert_eq!(app.items_under(&format!("DATASOURCE#{source}#")).await, 0);
    assert_eq!(app.data_versions(other).len(), 1, "another source keeps its own");
}

#[tokio::test]
async fn a_source_that_was_not_deleted_after_all_keeps_everything() {
    let (app, analyst, source) = start().await;
    entities::dashboard(&analyst, json!([tests::widget::pie(source)])).await;
    entities::imported(&app, &analyst, source, ORDERS).await;
    assert_eq!(analyst.delete(&item(DATA_SOURCES, source)).await.status, 409);
    app.clock.advance(Duration::from_mins(15));
    app.run_jobs().await;
    let preview = analyst.sign_in().await.get(&action(DATA_SOURCES, source, "preview")).await;
    assert_eq!(preview.body["row_count"], 3);
}
