//! What the functions may do with files and jobs: as much as the calls that they make take, where they make them.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use super::{at, code, resources, template, text, yaml};

/// What a function may do with the bucket or the queue.
struct Grant {
    function: &'static str,
    /// Where, as the template says it.
    place: &'static str,
    actions: &'static [&'static str],
}

const UPLOADS: &str = r#"!Sub "${FilesBucket.Arn}/uploads/*""#;
const TABLES: &str = r#"!Sub "${FilesBucket.Arn}/data/*""#;
const RESULTS: &str = r#"!Sub "${FilesBucket.Arn}/results/*""#;
const REPORTS: &str = r#"!Sub "${FilesBucket.Arn}/reports/*""#;
const COLUMNS: &str = r#"!Sub "${FilesBucket.Arn}/data/*/tables.json""#;
const BUCKET: &str = "!GetAtt FilesBucket.Arn";
const QUEUE: &str = "!GetAtt JobsQueue.Arn";
const REPORTS_QUEUE: &str = "!GetAtt ReportsQueue.Arn";

const GRANTS: &[Grant] = &[
    Grant { function: "DataSourcesFunction", place: UPLOADS, actions: &["s3:PutObject"] },
    Grant { function: "DataSourcesFunction", place: TABLES, actions: &["s3:GetObject"] },
    Grant { function: "DataSourcesFunction", place: BUCKET, actions: &["s3:ListBucket"] },
    Grant { function: "DataSourcesFunction", place: QUEUE, actions: &["sqs:SendMessage"] },
    Grant { function: "DashboardsFunction", place: COLUMNS, actions: &["s3:GetObject"] },
    Grant { function: "DashboardsFunction", place: BUCKET, actions: &["s3:ListBucket"] },
    Grant { function: "AnalyticsFunction", place: TABLES, actions: &["s3:GetObject"] },
    Grant {
        function: "AnalyticsFunction",
        place: RESULTS,
        actions: &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    },
    Grant { function: "AnalyticsFunction", place: BUCKET, actions: &["s3:ListBucket"] },
    Grant { function: "ReportsFunction", place: REPORTS, actions: &["s3:GetObject"] },
    Grant { function: "ReportsFunction", place: REPORTS_QUEUE, actions: &["sqs:SendMessage"] },
    Grant { function: "RunReportsFunction", place: TABLES, actions: &["s3:GetObject"] },
    Grant {
        function: "RunReportsFunction",
        place: REPORTS,
        actions: &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    },
    Grant { function: "RunReportsFunction", place: BUCKET, actions: &["s3:ListBucket"] },
    Grant {
        function: "RunReportsFunction",
        place: REPORTS_QUEUE,
        actions: &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
    },
    Grant {
        function: "IngestDataFunction",
        place: UPLOADS,
        actions: &["s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion"],
    },
    Grant {
        function: "IngestDataFunction",
        place: TABLES,
        actions: &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    },
    Grant { function: "IngestDataFunction", place: RESULTS, actions: &["s3:DeleteObject"] },
    Grant { function: "IngestDataFunction", place: BUCKET, actions: &["s3:ListBucket"] },
    Grant {
        function: "IngestDataFunction",
        place: QUEUE,
        actions: &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:SendMessage"],
    },
];

/// How each action is called in the code. Those that are missing here, Lambda calls in the function's name.
const CALLS: &[(&str, &[&str])] = &[
    ("s3:DeleteObject", &[".delete_object()", ".delete_objects()"]),
    ("s3:GetObject", &[".get_object()", "send(\"GET\""]),
    ("s3:GetObjectVersion", &[".set_version_id("]),
    ("s3:ListBucket", &[".list_objects_v2()"]),
    ("s3:PutObject", &[".put_object()", "link(\"PUT\""]),
    ("sqs:SendMessage", &["&SEND_MESSAGE"]),
];

/// What Lambda does with a queue in the name of the function that it calls.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions>
const TAKEN_BY_LAMBDA: [&str; 3] = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];

/// The statements of a function's policies that are about files or jobs.
fn statements<'a>(template: &'a Value, function: &str) -> Vec<&'a Value> {
    let policies = at(template, &["Resources", function, "Properties"]).get("Policies");
    let own = policies.and_then(Value::as_sequence).into_iter().flatten();
    let own = own.filter(|policy| !matches!(policy, Value::Tagged(_)));
    let statements = own.flat_map(|policy| at(policy, &["Statement"]).as_sequence().unwrap());
    statements.filter(|statement| actions(statement).iter().any(|action| is_of_files(action))).collect()
}

fn actions(statement: &Value) -> Vec<&str> {
    match at(statement, &["Action"]) {
        Value::Sequence(actions) => actions.iter().map(text).collect(),
        action => vec![text(action)],
    }
}

fn is_of_files(action: &str) -> bool {
    action.starts_with("s3:") || action.starts_with("sqs:")
}

#[test]
fn functions_may_do_with_files_and_jobs_what_the_table_says_and_nothing_else() {
    let template = template();
    for function in resources(&template, "AWS::Serverless::Function").keys() {
        let granted = GRANTS.iter().filter(|grant| grant.function == *function);
        let granted: Vec<_> = granted.map(|grant| (yaml(grant.place), grant.actions.to_vec())).collect();
        let allowed = statements(&template, function);
        let allowed: Vec<_> =
            allowed.iter().map(|one| (at(one, &["Resource"]).clone(), actions(one))).collect();
        assert_eq!(allowed, granted, "{function}");
    }
    // The policy that many share has no part in it.
    let shared =
        at(&template, &["Resources", "CollectionPolicy", "Properties", "PolicyDocument", "Statement"]);
    let mut shared = shared.as_sequence().unwrap().iter().flat_map(actions);
    assert!(!shared.any(is_of_files));
}

/// It writes data sources and their imports in transactions, as requests do, opens what they are fetched with, and keeps their schedules.
#[test]
fn the_job_that_makes_tables_may_write_entities_count_and_read_the_secret() {
    let template = template();
    let shared =
        at(&template, &["Resources", "CollectionPolicy", "Properties", "PolicyDocument", "Statement"]);
    let policies = at(&template, &["Resources", "IngestDataFunction", "Properties", "Policies"]);
    let own = at(&policies[0], &["Statement"]).as_sequence().unwrap();
    let others = own.iter().filter(|statement| !actions(statement).iter().any(|action| is_of_files(action)));
    let others: Vec<_> = others.collect();
    assert_eq!(others[0], &shared[0]);
    let sids: Vec<_> = others.iter().map(|statement| text(at(statement, &["Sid"]))).collect();
    assert_eq!(sids, ["ReadAndWriteEntities", "CountUsage", "ReadSecret", "KeepSchedules", "LendRole"]);
    assert_eq!(actions(others[1]), ["dynamodb:UpdateItem"]);
    assert_eq!(at(others[1], &["Resource"]), &yaml("!GetAtt CountersTable.Arn"));
    assert_eq!(actions(others[2]), ["secretsmanager:GetSecretValue"]);
    assert_eq!(at(others[2], &["Resource"]), &yaml("!Ref Secret"));
    assert_eq!(text(at(&shared[0], &["Sid"])), "ReadAndWriteEntities");
}

/// Calls to S3 and SQS are not metered, so which function makes them is not seen here; that none is allowed in vain is.
#[test]
fn nothing_is_allowed_with_files_and_jobs_that_no_code_does() {
    let granted: BTreeSet<_> = GRANTS.iter().flat_map(|grant| grant.actions).copied().collect();
    let called = CALLS.iter().map(|(action, _)| *action);
    let done: BTreeSet<_> = called.chain(TAKEN_BY_LAMBDA).collect();
    assert_eq!(granted, done);
    let code = code("shared/src") + &code("functions");
    for (action, calls) in CALLS {
        assert!(calls.iter().any(|call| code.contains(call)), "{action}: none of {calls:?}");
    }
}
