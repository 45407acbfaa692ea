//! In which order CloudFormation makes the resources: each after those that it refers to, so none may refer to itself by way of
//! others.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml_ng::Value;

use super::{at, root, template, text, yaml};

/// What a value refers to, be it a resource or a parameter.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    let mut refer = |name: &str| {
        let name = name.split('.').next().unwrap_or_default();
        found.insert(name.to_owned());
    };
    match value {
        Value::Tagged(tagged) => match (&tagged.tag, &tagged.value) {
            (tag, Value::String(name)) if *tag == "Ref" || *tag == "GetAtt" => refer(name),
            (tag, Value::String(text)) if *tag == "Sub" => {
                text.split("${").skip(1).filter_map(|rest| rest.split('}').next()).for_each(refer);
            }
            (tag, Value::Sequence(parts)) if *tag == "Sub" => {
                let [Value::String(text), values] = &parts[..] else { panic!("no !Sub: {parts:?}") };
                text.split("${").skip(1).filter_map(|rest| rest.split('}').next()).for_each(refer);
                references(values, found);
            }
            (_, value) => references(value, found),
        },
        Value::Mapping(mapping) => mapping.values().for_each(|value| references(value, found)),
        Value::Sequence(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// The resources that CloudFormation could not make: those that refer to themselves by way of others, and those that refer to such.
fn impossible(template: &Value) -> BTreeSet<String> {
    let mut left = BTreeMap::new();
    for (name, resource) in at(template, &["Resources"]).as_mapping().unwrap() {
        let mut found = BTreeSet::new();
        references(resource, &mut found);
        found.extend(resource.get("DependsOn").map(|name| text(name).to_owned()));
        if text(at(resource, &["Type"])) == "AWS::Serverless::Function" {
            references(at(template, &["Globals", "Function"]), &mut found);
        }
        left.insert(text(name).to_owned(), found);
    }
    loop {
        let possible = |references: &BTreeSet<String>| !references.iter().any(|name| left.contains_key(name));
        let made: Vec<_> = left
            .iter()
            .filter(|(_, references)| possible(references))
            .map(|(name, _)| name.clone())
            .collect();
        if made.is_empty() {
            return left.into_keys().collect();
        }
        left.retain(|name, _| !made.contains(name));
    }
}

#[test]
fn no_resource_waits_for_itself() {
    assert_eq!(impossible(&template()), BTreeSet::new());
}

/// The bucket waits for the policy of the queue, so the policy must not wait for the bucket.
#[test]
fn a_policy_that_referred_to_the_bucket_would_be_a_circle() {
    let name = r#"!Sub ["arn:${AWS::Partition}:s3:::claribi-files-${Id}", { Id: !Select [2, !Split ["/", !Ref AWS::StackId]] }]"#;
    let source = root("template.yaml");
    assert!(source.contains(name));
    let impossible = impossible(&yaml(&source.replace(name, "!GetAtt FilesBucket.Arn")));
    for resource in ["FilesBucket", "JobsQueuePolicy", "StatusFunction"] {
        assert!(impossible.contains(resource), "{resource}");
    }
    assert!(!impossible.contains("JobsQueue"));
}
