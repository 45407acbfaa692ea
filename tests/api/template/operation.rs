//! Logs, metrics and alarms.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use super::{at, resources, root, template, text, yaml};

#[test]
fn all_functions_log_to_one_group() {
    let template = template();
    let expected = yaml("{ LogFormat: JSON, LogGroup: !Ref FunctionLog }");
    assert_eq!(at(&template, &["Globals", "Function", "LoggingConfig"]), &expected);
    for (name, function) in resources(&template, "AWS::Serverless::Function") {
        assert_eq!(at(function, &["Properties"]).get("LoggingConfig"), None, "{name}");
    }
    let groups = resources(&template, "AWS::Logs::LogGroup");
    assert_eq!(groups.keys().copied().collect::<Vec<_>>(), ["AccessLog", "FunctionLog"]);
}

#[test]
fn the_access_log_has_the_source_address_and_no_header_query_or_body() {
    let template = template();
    let format = text(at(&template, &["Resources", "Api", "Properties", "AccessLogSetting", "Format"]));
    let format: serde_json::Value = serde_json::from_str(format).unwrap();
    assert_eq!(format["source_ip"], "$context.identity.sourceIp");
    let logged: BTreeSet<_> = format.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "function_latency_ms",
        "gateway_error",
        "latency_ms",
        "method",
        "request_id",
        "resource",
        "response_bytes",
        "source_ip",
        "status",
        "time",
    ];
    assert_eq!(logged, BTreeSet::from(expected));
}

#[test]
fn metrics_of_each_method_are_kept_only_if_asked_for() {
    let template = template();
    let settings = at(&template, &["Resources", "Api", "Properties", "MethodSettings"]);
    assert_eq!(at(&settings[0], &["MetricsEnabled"]), &yaml("!Ref DetailedMetrics"));
    assert_eq!(text(at(&template, &["Parameters", "DetailedMetrics", "Default"])), "false");
}

#[test]
fn a_handful_of_requests_raises_no_alarm() {
    let template = template();
    let errors = at(&template, &["Resources", "ServerErrorAlarm", "Properties", "Metrics"]);
    let expected = "IF(errors >= 5, 100 * errors / requests, 0)";
    assert_eq!(text(at(&errors[0], &["Expression"])), expected);
    let latency = at(&template, &["Resources", "LatencyAlarm", "Properties"]);
    assert_eq!(text(at(latency, &["EvaluateLowSampleCountPercentile"])), "ignore");
}

/// An alarm on an expression takes at most 10 metrics, so one per function would not do.
#[test]
fn throttled_functions_are_watched_however_many_they_are() {
    let template = template();
    let alarm = at(&template, &["Resources", "FunctionThrottleAlarm", "Properties"]);
    assert_eq!(text(at(alarm, &["Namespace"])), "AWS/Lambda");
    assert_eq!(text(at(alarm, &["MetricName"])), "Throttles");
    assert_eq!(alarm.get("Dimensions"), None);
    for (name, alarm) in resources(&template, "AWS::CloudWatch::Alarm") {
        let metrics = at(alarm, &["Properties"]).get("Metrics").and_then(Value::as_sequence);
        assert!(metrics.is_none_or(|metrics| metrics.len() <= 10), "{name}");
    }
}

/// What `docs/deploying.md` says that the alarms cost.
#[test]
fn the_guide_counts_what_the_alarms_watch() {
    let template = template();
    let alarms = resources(&template, "AWS::CloudWatch::Alarm");
    let watched: usize = alarms
        .values()
        .map(|alarm| match at(alarm, &["Properties"]).get("Metrics").and_then(Value::as_sequence) {
            Some(metrics) => metrics.iter().filter(|metric| metric.get("MetricStat").is_some()).count(),
            None => 1,
        })
        .sum();
    let guide = root("docs/deploying.md");
    assert!(guide.contains(&format!("alarms on {watched} metrics")), "the alarms watch {watched} metrics");
    for name in alarms.keys() {
        assert!(guide.contains(&format!("`{name}`")), "{name} is not in the guide");
    }
}

#[test]
fn which_origins_may_call_is_the_operators_to_say() {
    let template = template();
    let variables = at(&template, &["Globals", "Function", "Environment", "Variables"]);
    assert_eq!(at(variables, &["CORS_ALLOWED_ORIGINS"]), &yaml("!Ref CorsAllowedOrigins"));
    assert_eq!(at(variables, &["ALLOWED_NETWORKS"]), &yaml("!Ref AllowedNetworks"));
    assert_eq!(text(at(&template, &["Parameters", "AllowedNetworks", "Default"])), "");
    assert_eq!(text(at(&template, &["Parameters", "CorsAllowedOrigins", "Default"])), "*");
}

#[test]
fn every_parameter_is_used_and_described() {
    let template = template();
    let source = root("template.yaml");
    for (name, parameter) in at(&template, &["Parameters"]).as_mapping().unwrap() {
        let name = text(name);
        assert!(text(at(parameter, &["Description"])).ends_with('.'), "{name}");
        let used = [format!("!Ref {name}"), format!("${{{name}}}")].iter().any(|form| source.contains(form));
        assert!(used, "{name}");
    }
}
