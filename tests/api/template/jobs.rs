//! The queues of jobs: how often they are tried, and who is told when they fail.

use serde_yaml_ng::Value;
use shared::model::import::{RUN_SECONDS, UPLOAD_SECONDS};
use shared::model::report::run;

use super::{at, resources, template, text, yaml};

/// A property of a resource that is a number.
fn number(template: &Value, resource: &str, path: &[&str]) -> i64 {
    let value = at(at(template, &["Resources", resource, "Properties"]), path);
    value.as_i64().unwrap_or_else(|| panic!("{path:?} of {resource} is no number"))
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>
#[test]
fn a_job_is_not_tried_again_while_it_runs() {
    let template = template();
    for (function, queue) in [("IngestDataFunction", "JobsQueue"), ("RunReportsFunction", "ReportsQueue")] {
        let timeout = number(&template, function, &["Timeout"]);
        let visibility = number(&template, queue, &["VisibilityTimeout"]);
        assert!(visibility >= 6 * timeout, "{visibility} s, and {function} may run for {timeout} s");
    }
}

/// Otherwise a report could be shown as failed and be done later, or its file be gone before its run.
#[test]
fn all_attempts_are_over_when_a_run_counts_as_failed_and_files_are_there_as_long_as_runs() {
    let template = template();
    let visibility = number(&template, "ReportsQueue", &["VisibilityTimeout"]);
    let attempts = number(&template, "ReportsQueue", &["RedrivePolicy", "maxReceiveCount"]);
    assert!(attempts * visibility <= run::RUN_SECONDS, "{attempts} attempts, {visibility} s apart");
    let rules = at(&template, &["Resources", "FilesBucket", "Properties", "LifecycleConfiguration", "Rules"]);
    let rule = rules.as_sequence().unwrap().iter().find(|rule| text(at(rule, &["Id"])) == "ExpireReports");
    let rule = rule.unwrap();
    assert_eq!(text(at(rule, &["Prefix"])), "reports/");
    let days = at(rule, &["ExpirationInDays"]).as_i64().unwrap();
    assert!(run::KEPT_SECONDS + 86_400 <= days * 86_400);
}

/// Otherwise an import could be shown as failed and be done later.
#[test]
fn all_attempts_are_over_when_an_import_counts_as_failed_and_its_upload_is_there_until_then() {
    let template = template();
    let visibility = number(&template, "JobsQueue", &["VisibilityTimeout"]);
    let attempts = number(&template, "JobsQueue", &["RedrivePolicy", "maxReceiveCount"]);
    assert_eq!(attempts, 3);
    assert!(attempts * visibility <= RUN_SECONDS, "{attempts} attempts, {visibility} s apart");
    let rules = at(&template, &["Resources", "FilesBucket", "Properties", "LifecycleConfiguration", "Rules"]);
    let days = at(&rules[0], &["ExpirationInDays"]).as_i64().unwrap();
    assert!(UPLOAD_SECONDS + RUN_SECONDS < days * 86_400);
}

#[test]
fn a_job_that_fails_is_kept_aside_for_two_weeks() {
    let template = template();
    for (queue, dead_letters) in
        [("JobsQueue", "JobsDeadLetterQueue"), ("ReportsQueue", "ReportsDeadLetterQueue")]
    {
        let target = ["Resources", queue, "Properties", "RedrivePolicy", "deadLetterTargetArn"];
        assert_eq!(at(&template, &target), &yaml(&format!("!GetAtt {dead_letters}.Arn")));
        // A message is as old as when it was sent first, so it must be kept here for longer than in the queue (4 days).
        assert_eq!(number(&template, dead_letters, &["MessageRetentionPeriod"]), 14 * 86_400);
    }
    for (name, queue) in resources(&template, "AWS::SQS::Queue") {
        assert_eq!(at(queue, &["Properties", "SqsManagedSseEnabled"]), &Value::from(true), "{name}");
    }
}

#[test]
fn an_instance_takes_one_job_at_a_time_and_leaves_requests_their_concurrency() {
    let template = template();
    for (mapping, queue, function, concurrency) in [
        ("JobsMapping", "JobsQueue", "IngestDataFunction", "ImportConcurrency"),
        ("ReportsMapping", "ReportsQueue", "RunReportsFunction", "ReportConcurrency"),
    ] {
        let expected = yaml(&format!(
            "
            EventSourceArn: !GetAtt {queue}.Arn
            FunctionName: !Ref {function}
            BatchSize: 1
            FunctionResponseTypes: [ReportBatchItemFailures]
            ScalingConfig: {{ MaximumConcurrency: !Ref {concurrency} }}
            "
        ));
        assert_eq!(at(&template, &["Resources", mapping, "Properties"]), &expected);
        // For events of its own, SAM adds a managed policy that lets the function read every queue of the account.
        let function = at(&template, &["Resources", function, "Properties"]);
        assert_eq!(function.get("Events"), None);
        // The bounds of MaximumConcurrency.
        let parameter = at(&template, &["Parameters", concurrency]);
        assert_eq!(
            (at(parameter, &["MinValue"]), at(parameter, &["MaxValue"])),
            (&Value::from(2), &Value::from(1_000))
        );
    }
}

#[test]
fn somebody_is_told_of_jobs_that_fail_or_do_not_get_their_turn() {
    let template = template();
    for (alarm, queue, metric) in [
        ("DeadLetterAlarm", "JobsDeadLetterQueue", "ApproximateNumberOfMessagesVisible"),
        ("JobAgeAlarm", "JobsQueue", "ApproximateAgeOfOldestMessage"),
        ("ReportsDeadLetterAlarm", "ReportsDeadLetterQueue", "ApproximateNumberOfMessagesVisible"),
        ("ReportAgeAlarm", "ReportsQueue", "ApproximateAgeOfOldestMessage"),
    ] {
        let properties = at(&template, &["Resources", alarm, "Properties"]);
        assert_eq!(text(at(properties, &["Namespace"])), "AWS/SQS", "{alarm}");
        assert_eq!(text(at(properties, &["MetricName"])), metric, "{alarm}");
        let dimensions = yaml(&format!("[{{ Name: QueueName, Value: !GetAtt {queue}.QueueName }}]"));
        assert_eq!(at(properties, &["Dimensions"]), &dimensions, "{alarm}");
    }
    assert_eq!(number(&template, "DeadLetterAlarm", &["Threshold"]), 0);
    assert_eq!(number(&template, "ReportsDeadLetterAlarm", &["Threshold"]), 0);
    // A job may wait for SQS's longest delay and then run for all of its time.
    let timeout = number(&template, "IngestDataFunction", &["Timeout"]);
    assert!(number(&template, "JobAgeAlarm", &["Threshold"]) > 900 + timeout);
}

/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html>
#[test]
fn schedules_of_the_group_may_send_to_the_queues_and_nothing_else() {
    let template = template();
    let role = at(&template, &["Resources", "ScheduleRole", "Properties"]);
    let trust = at(role, &["AssumeRolePolicyDocument", "Statement"]);
    let expected = yaml(
        "
        - Effect: Allow
          Action: sts:AssumeRole
          Principal: { Service: scheduler.amazonaws.com }
          Condition:
            ArnEquals: { aws:SourceArn: !GetAtt ScheduleGroup.Arn }
            StringEquals: { aws:SourceAccount: !Ref AWS::AccountId }
        ",
    );
    assert_eq!(trust, &expected);
    let policies = at(role, &["Policies"]).as_sequence().unwrap();
    assert_eq!(policies.len(), 1);
    let statements = at(&policies[0], &["PolicyDocument", "Statement"]);
    let expected = yaml(
        "
        - Sid: SendJobs
          Effect: Allow
          Action: sqs:SendMessage
          Resource:
            - !GetAtt JobsQueue.Arn
            - !GetAtt JobsDeadLetterQueue.Arn
            - !GetAtt ReportsQueue.Arn
            - !GetAtt ReportsDeadLetterQueue.Arn
        ",
    );
    assert_eq!(statements, &expected);
    assert_eq!(role.get("ManagedPolicyArns"), None);
}
