//! What must not be lost: the tables, the secret and the files.

use serde_yaml_ng::Value;

use super::{at, resources, root, template, text, yaml};

/// CloudFormation generates a new value when any of this changes, and the data-encryption keys in the old one would be gone.
#[test]
fn the_secret_is_never_generated_anew() {
    let template = template();
    let expected = yaml(
        r#"
        SecretStringTemplate: "{}"
        GenerateStringKey: jwt_signing_key
        PasswordLength: 64
        ExcludePunctuation: true
        "#,
    );
    assert_eq!(at(&template, &["Resources", "Secret", "Properties", "GenerateSecretString"]), &expected);
}

#[test]
fn what_is_retained_is_not_left_behind_by_a_failed_first_deployment() {
    let template = template();
    let resources = at(&template, &["Resources"]).as_mapping().unwrap();
    for (name, resource) in resources {
        let name = text(name);
        let policy = resource.get("DeletionPolicy").map(text);
        match name {
            // Deletion protection would make the rollback itself fail.
            "EntitiesTable" => {
                assert_eq!(policy, Some("Retain"));
                assert_eq!(at(resource, &["Properties", "DeletionProtectionEnabled"]), &Value::from(true));
            }
            "Secret" | "FilesBucket" | "FilesBucketPolicy" | "ApiGatewayAccount" | "ApiGatewayLogRole" => {
                assert_eq!(policy, Some("RetainExceptOnCreate"), "{name}");
            }
            _ => assert!(matches!(policy, None | Some("Delete")), "{name}: {policy:?}"),
        }
        if policy.is_some_and(|policy| policy.starts_with("Retain")) {
            assert_eq!(text(at(resource, &["UpdateReplacePolicy"])), "Retain", "{name}");
        }
    }
}

/// Two rotations within the 7 days of a refresh token sign users out. First days of months are at least 28 days apart, and a
/// schedule with `rate()` could still rotate at its old date after it was changed.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
#[test]
fn rotations_are_weeks_apart_even_when_their_schedule_changes() {
    let template = template();
    let rotation = at(&template, &["Resources", "SecretRotation", "Properties"]);
    assert_eq!(at(rotation, &["RotateImmediatelyOnUpdate"]), &Value::from(false));
    let expected = yaml(r#"{ ScheduleExpression: !Sub "cron(0 4 1 ${SecretRotationMonths} ? *)" }"#);
    assert_eq!(at(rotation, &["RotationRules"]), &expected);
}

#[test]
fn only_secrets_manager_may_rotate_and_only_this_secret() {
    let template = template();
    let expected = yaml(
        "
        FunctionName: !Ref RotateSecretFunction
        Action: lambda:InvokeFunction
        Principal: secretsmanager.amazonaws.com
        SourceAccount: !Ref AWS::AccountId
        SourceArn: !Ref Secret
        ",
    );
    assert_eq!(at(&template, &["Resources", "RotateSecretPermission", "Properties"]), &expected);
}

/// Every use of the entities table follows `EntitiesTableName`: a reference to the stack's own table stands in an `!If` only.
#[test]
fn the_stack_can_be_pointed_at_a_restored_table() {
    let template = template();
    let table = at(&template, &["Resources", "EntitiesTable"]);
    assert_eq!(text(at(table, &["Condition"])), "OwnsEntitiesTable");
    let condition = yaml(r#"!Equals [!Ref EntitiesTableName, ""]"#);
    assert_eq!(at(&template, &["Conditions", "OwnsEntitiesTable"]), &condition);

    let name = "!If [OwnsEntitiesTable, !Ref EntitiesTable, !Ref EntitiesTableName]";
    let arn = "!If [OwnsEntitiesTable, !GetAtt EntitiesTable.Arn, !Sub \
        \"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${EntitiesTableName}\"]";
    let rest = root("template.yaml").replace(name, "").replace(arn, "").replace("EntitiesTableName", "");
    for reference in ["!Ref EntitiesTable", "!GetAtt EntitiesTable", "${EntitiesTable"] {
        assert!(!rest.contains(reference), "{reference:?} does not follow EntitiesTableName");
    }
    let variables = at(&template, &["Globals", "Function", "Environment", "Variables"]);
    assert_eq!(at(variables, &["ENTITIES_TABLE"]), &yaml(name));
}

/// Mail goes out in the name of one address, and only where there is one.
#[test]
fn the_job_that_makes_reports_sends_mail_from_one_address() {
    let template = template();
    let policy = at(&template, &["Resources", "MailPolicy"]);
    assert_eq!(text(at(policy, &["Condition"])), "SendsMail");
    let condition = yaml(r#"!Not [!Equals [!Ref MailFrom, ""]]"#);
    assert_eq!(at(&template, &["Conditions", "SendsMail"]), &condition);
    let properties = at(policy, &["Properties"]);
    assert_eq!(at(properties, &["Roles"]), &yaml("[!Ref RunReportsFunctionRole]"));
    let expected = yaml(
        "
        - Sid: SendMail
          Effect: Allow
          Action: [ses:SendEmail, ses:SendRawEmail]
          Resource: !Sub \"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*\"
          Condition:
            StringEquals: { ses:FromAddress: !Ref MailFrom }
        ",
    );
    assert_eq!(at(properties, &["PolicyDocument", "Statement"]), &expected);
}

/// Other people's data is read as their roles, and nobody's unless the operator says so.
#[test]
fn roles_are_assumed_and_the_own_one_is_lent_only_as_the_operator_says() {
    let template = template();
    for parameter in ["AthenaRoleArns", "AthenaPolicyArn"] {
        assert_eq!(text(at(&template, &["Parameters", parameter, "Default"])), "");
    }
    let policy = at(&template, &["Resources", "AssumeRolesPolicy"]);
    assert_eq!(text(at(policy, &["Condition"])), "AssumesRoles");
    let properties = at(policy, &["Properties"]);
    let functions = ["AnalyticsFunction", "IngestDataFunction", "RunReportsFunction"];
    let roles = functions.map(|function| format!("!Ref {function}Role")).join(", ");
    assert_eq!(at(properties, &["Roles"]), &yaml(&format!("[{roles}]")));
    let expected = yaml(
        "
        - Sid: AssumeRoles
          Effect: Allow
          Action: sts:AssumeRole
          Resource: !Ref AthenaRoleArns
        ",
    );
    assert_eq!(at(properties, &["PolicyDocument", "Statement"]), &expected);
    let lent = yaml("!If [LendsOwnRole, !Ref AthenaPolicyArn, !Ref AWS::NoValue]");
    for (function, properties) in resources(&template, "AWS::Serverless::Function") {
        let policies = properties.get("Policies").and_then(Value::as_sequence);
        let has = policies.is_some_and(|policies| policies.contains(&lent));
        assert_eq!(has, functions.contains(&function), "{function}");
    }
    let variables = at(&template, &["Globals", "Function", "Environment", "Variables"]);
    assert_eq!(at(variables, &["ATHENA_OWN_ROLE"]), &yaml("!If [LendsOwnRole, 'true', 'false']"));
}

/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html>
#[test]
fn jobs_keep_schedules_of_their_group_and_lend_them_one_role() {
    for (function, names) in [("RunReportsFunction", "*"), ("IngestDataFunction", "data-source-*")] {
        keeps_schedules(function, names);
    }
}

fn keeps_schedules(function: &str, names: &str) {
    let template = template();
    let policies = at(&template, &["Resources", function, "Properties", "Policies"]);
    let statements = at(&policies[0], &["Statement"]).as_sequence().unwrap();
    let of = |sid: &str| statements.iter().find(|one| text(at(one, &["Sid"])) == sid).unwrap();
    let expected = "
        Sid: KeepSchedules
        Effect: Allow
        Action: [scheduler:CreateSchedule, scheduler:DeleteSchedule, scheduler:UpdateSchedule]
        Resource: !Sub \"arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/NAMES\"
        ";
    assert_eq!(of("KeepSchedules"), &yaml(&expected.replace("NAMES", names)), "{function}");
    let expected = yaml(
        "
        Sid: LendRole
        Effect: Allow
        Action: iam:PassRole
        Resource: !GetAtt ScheduleRole.Arn
        Condition:
          StringEquals: { iam:PassedToService: scheduler.amazonaws.com }
        ",
    );
    assert_eq!(of("LendRole"), &expected, "{function}");
}

#[test]
fn functions_that_serve_collections_share_one_policy() {
    let template = template();
    let policies = resources(&template, "AWS::IAM::ManagedPolicy");
    assert_eq!(
        policies.keys().copied().collect::<Vec<_>>(),
        ["AssumeRolesPolicy", "CollectionPolicy", "MailPolicy"]
    );
    for function in ["ApiKeysFunction", "DataSourcesFunction", "DashboardsFunction", "ReportsFunction"] {
        let policies = at(&template, &["Resources", function, "Properties", "Policies"]);
        assert_eq!(policies[0], yaml("!Ref CollectionPolicy"), "{function}");
    }
}
