//! Buckets that cannot be read, and objects that do not fit together.

use serde_json::json;
use shared::model::Plan;
use tests::paths::DATA_SOURCES;
use tests::{Actor, ServiceFault};

use super::bucket::bucket;
use super::{import, made, refused, start};

#[tokio::test]
async fn what_is_wrong_with_the_objects_is_told() {
    let (app, owner) = start().await;
    app.set_plan(Plan::Starter).await;
    app.put_object("exports", "mixed/1.csv", "n\n1\n");
    app.put_object("exports", "mixed/2.json", "[]");
    app.put_object("exports", "gz/1.csv.gz", "x");
    app.put_object("exports", "bad/1.csv", "a,b\n1,2\n");
    app.put_object("exports", "bad/2.csv", "a,b\n1,2\n3\n");
    app.put_object("exports", "types/1.csv", "n\n1\n");
    app.put_object("exports", "types/2.csv", "n\nx\n");
    app.put_object("exports", "damaged/1.parquet", "PAR1 and nothing");
    app.put_object("exports", "lines/1.ndjson", "{\"a\":1}\n{");
    app.put_object("exports", "large/1.csv", "n\n".repeat(3_000_000));
    app.put_object("exports", "large/2.csv", "n\n".repeat(3_000_000));
    for (prefix, more, why) in [
        ("mixed/", json!({}), "more than one kind under \"mixed/\": \"mixed/1.csv\" and \"mixed/2.json\""),
        ("gz/", json!({}), "Compressed objects are not read."),
        ("nothing/", json!({}), "no object under \"nothing/\""),
        ("bad/", json!({}), "bad/2.csv: The row has 1 fields where the table has 2 columns."),
        ("types/", json!({ "columns": { "n": "integer" } }), "types/2.csv: "),
        ("damaged/", json!({}), "damaged/1.parquet: The Parquet file could not be read"),
        ("lines/", json!({}), "lines/1.ndjson: What begins here does not end before the file does"),
        ("large/", json!({}), "The objects have 12000000 bytes together; the plan allows 10000000."),
    ] {
        let source = bucket(&owner, prefix, more).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains(why), "{prefix}: {reason}");
    }
    let source = bucket(&owner, "bad/", json!({})).await;
    assert_eq!(import(&app, &owner, source).await.body["errors"][0]["row"], 3);
}

#[tokio::test]
async fn what_s3_says_is_told_in_words() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.csv", "n\n1\n");
    let source = bucket(&owner, "a/", json!({})).await;
    for (fault, why) in [
        (ServiceFault::Refused(403, "AccessDenied"), "it needs s3:ListBucket"),
        (ServiceFault::Refused(403, "InvalidAccessKeyId"), "check connection.access_key_id"),
        (ServiceFault::Refused(403, "SignatureDoesNotMatch"), "send connection.secret_access_key again"),
        (ServiceFault::Refused(404, "NoSuchBucket"), "There is no bucket exports."),
        (ServiceFault::Refused(301, "PermanentRedirect"), "is not in the region eu-central-1"),
        (ServiceFault::Refused(400, "AuthorizationHeaderMalformed"), "change connection.region"),
        (ServiceFault::Refused(400, "SomethingElse"), "S3 refused to list its objects: SomethingElse."),
        (ServiceFault::Unavailable, "Import it again later."),
    ] {
        app.bucket.fail(move |call| call.uri.contains("exports").then_some(fault));
        let reason = refused(&app, &owner, source).await;
        app.bucket.fail(|_| None);
        assert!(reason.contains(why), "{fault:?}: {reason}");
    }
}

#[tokio::test]
async fn a_bucket_is_read_with_its_own_keys_and_no_others() {
    let (app, owner) = start().await;
    app.put_object("exports", "a/1.csv", "n\n1\n");
    for (more, why) in [
        (json!({ "access_key_id": "others" }), "access_key"),
        (json!({ "secret_access_key": "wrong" }), "secret_access_key"),
        (json!({ "bucket": "no-such-bucket" }), "There is no bucket no-such-bucket."),
    ] {
        let source = bucket(&owner, "a/", more).await;
        let reason = refused(&app, &owner, source).await;
        assert!(reason.contains(why), "{reason}");
        assert!(!reason.contains("wrong"), "{reason}");
    }
    let without = json!({ "bucket": "exports", "region": "eu-central-1", "access_key_id": "local" });
    let source = made(&owner, "cloud", "s3", without).await;
    assert_eq!(refused(&app, &owner, source).await, "connection.secret_access_key is not set.");
}

#[tokio::test]
async fn what_would_become_another_host_is_refused_when_it_is_written() {
    let (_, owner) = start().await;
    for (field, value) in [
        ("bucket", json!("evil.example/#")),
        ("bucket", json!("arn:aws:s3:::x")),
        ("bucket", json!("s3://exports")),
        ("region", json!("eu-central-1.evil.example")),
        ("region", json!("x@evil.example")),
        ("format", json!("xlsx")),
        ("refresh", json!("minutely")),
    ] {
        let mut connection = json!({ "bucket": "exports", "region": "eu-central-1", "access_key_id": "k" });
        connection[field] = value.clone();
        let body = json!({ "name": "x", "type": "cloud", "engine": "s3", "connection": connection });
        let reply = owner.post(DATA_SOURCES, &body).await;
        assert_eq!(reply.status, 400, "{value}");
        assert!(!reply.reasons(&format!("connection.{field}")).is_empty(), "{value}");
    }
}
