//! The bucket of uploads and tables.

use serde_yaml_ng::Value;

use super::{at, resources, template, text, yaml};

/// The UUID at the end of the stack's ARN. The name of a stack would not do: it may have capitals and 128 characters, the name of a
/// bucket neither.
const BUCKET_ID: &str = r#"!Select [2, !Split ["/", !Ref AWS::StackId]]"#;

fn bucket(template: &Value) -> &Value {
    at(template, &["Resources", "FilesBucket", "Properties"])
}

/// The resources of a policy that denies what does not come over TLS.
fn denied_without_tls(policy: &Value) -> &Value {
    let statements = at(policy, &["Properties", "PolicyDocument", "Statement"]).as_sequence().unwrap();
    let statement = statements.iter().find(|statement| text(at(statement, &["Effect"])) == "Deny").unwrap();
    assert_eq!(text(at(statement, &["Principal"])), "*");
    assert!(["s3:*", "sqs:*"].contains(&text(at(statement, &["Action"]))));
    assert_eq!(at(statement, &["Condition"]), &yaml("{ Bool: { aws:SecureTransport: false } }"));
    at(statement, &["Resource"])
}

#[test]
fn every_bucket_and_queue_is_reached_over_tls_only() {
    let template = template();
    let buckets = resources(&template, "AWS::S3::Bucket");
    assert_eq!(buckets.keys().copied().collect::<Vec<_>>(), ["FilesBucket"]);
    let policy = at(&template, &["Resources", "FilesBucketPolicy"]);
    assert_eq!(at(policy, &["Properties", "Bucket"]), &yaml("!Ref FilesBucket"));
    let all = yaml(r#"[!GetAtt FilesBucket.Arn, !Sub "${FilesBucket.Arn}/*"]"#);
    assert_eq!(denied_without_tls(policy), &all);

    for queue in resources(&template, "AWS::SQS::Queue").keys() {
        let policy = at(&template, &["Resources", &format!("{queue}Policy")]);
        assert_eq!(at(policy, &["Properties", "Queues"]), &yaml(&format!("[!Ref {queue}]")));
        assert_eq!(denied_without_tls(policy), &yaml(&format!("!GetAtt {queue}.Arn")));
    }
}

#[test]
fn the_bucket_is_nobodys_but_the_accounts() {
    let template = template();
    let bucket = bucket(&template);
    let expected = yaml(
        "
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
        ",
    );
    assert_eq!(at(bucket, &["PublicAccessBlockConfiguration"]), &expected);
    let expected = yaml("{ Rules: [{ ObjectOwnership: BucketOwnerEnforced }] }");
    assert_eq!(at(bucket, &["OwnershipControls"]), &expected);
    let encryption = at(bucket, &["BucketEncryption", "ServerSideEncryptionConfiguration"]);
    assert_eq!(encryption, &yaml("[{ ServerSideEncryptionByDefault: { SSEAlgorithm: AES256 } }]"));
}

#[test]
fn what_is_deleted_can_be_had_back_for_a_day_and_nothing_else_is_kept() {
    let template = template();
    let bucket = bucket(&template);
    assert_eq!(at(bucket, &["VersioningConfiguration"]), &yaml("{ Status: Enabled }"));
    let expected = yaml(
        "
        - Id: ExpireUploads
          Status: Enabled
          Prefix: uploads/
          ExpirationInDays: 1
        - Id: ExpireResults
          Status: Enabled
          Prefix: results/
          ExpirationInDays: 7
        - Id: ExpireReports
          Status: Enabled
          Prefix: reports/
          ExpirationInDays: 91
        - Id: RemoveWhatWasDeleted
          Status: Enabled
          NoncurrentVersionExpiration: { NoncurrentDays: 1 }
          ExpiredObjectDeleteMarker: true
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }
        ",
    );
    assert_eq!(at(bucket, &["LifecycleConfiguration", "Rules"]), &expected);
}

#[test]
fn pages_that_may_call_the_api_may_send_files() {
    let template = template();
    let expected = yaml(
        r#"
        - AllowedOrigins: !Split [",", !Ref CorsAllowedOrigins]
          AllowedMethods: [GET, PUT]
          AllowedHeaders: ["*"]
          ExposedHeaders: [ETag]
          MaxAge: 86400
        "#,
    );
    assert_eq!(at(bucket(&template), &["CorsConfiguration", "CorsRules"]), &expected);
}

#[test]
fn the_bucket_tells_the_queue_of_uploads_and_of_nothing_else() {
    let template = template();
    let expected = yaml(
        "
        QueueConfigurations:
          - Event: s3:ObjectCreated:*
            Queue: !GetAtt JobsQueue.Arn
            Filter: { S3Key: { Rules: [{ Name: prefix, Value: uploads/ }] } }
        ",
    );
    assert_eq!(at(bucket(&template), &["NotificationConfiguration"]), &expected);
}

#[test]
fn only_this_bucket_of_this_account_may_send_to_the_queue() {
    let template = template();
    let name = yaml(&format!(r#"!Sub ["claribi-files-${{Id}}", {{ Id: {BUCKET_ID} }}]"#));
    assert_eq!(at(bucket(&template), &["BucketName"]), &name);
    // Its policy must be there before the bucket, which sends a notification to try whether it may.
    assert_eq!(text(at(&template, &["Resources", "FilesBucket", "DependsOn"])), "JobsQueuePolicy");

    let policy = at(&template, &["Resources", "JobsQueuePolicy", "Properties", "PolicyDocument"]);
    let statements = at(policy, &["Statement"]).as_sequence().unwrap();
    let allowed: Vec<_> =
        statements.iter().filter(|statement| text(at(statement, &["Effect"])) == "Allow").collect();
    let expected = yaml(&format!(
        r#"
        Sid: NotifyOfUploads
        Effect: Allow
        Principal: {{ Service: s3.amazonaws.com }}
        Action: sqs:SendMessage
        Resource: !GetAtt JobsQueue.Arn
        Condition:
          ArnEquals:
            aws:SourceArn: !Sub ["arn:${{AWS::Partition}}:s3:::claribi-files-${{Id}}", {{ Id: {BUCKET_ID} }}]
          StringEquals: {{ aws:SourceAccount: !Ref AWS::AccountId }}
        "#
    ));
    assert_eq!(allowed, [&expected]);
}
