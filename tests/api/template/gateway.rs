//! The REST API itself: what it answers by itself, how it is deployed and reached.

use std::collections::BTreeMap;

use serde_yaml_ng::Value;
use shared::base::Code;

use super::{at, template, text, yaml};

#[test]
fn the_gateways_own_answers_are_in_the_envelope() {
    let template = template();
    let responses =
        at(&template, &["Resources", "Api", "Properties", "GatewayResponses"]).as_mapping().unwrap();
    for (name, response) in responses {
        let body = text(at(response, &["ResponseTemplates", "application/json"]));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        let code = Code::ALL.iter().find(|code| code.as_str() == body["error"]).unwrap();
        assert_eq!(body["message"], code.message(), "{name:?}");
        assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{name:?}");
        if let Some(status) = response.get("StatusCode") {
            assert_eq!(status.as_u64(), Some(code.status().as_u16().into()), "{name:?}");
        }
        let headers = at(response, &["ResponseParameters", "Headers"]).as_mapping().unwrap();
        let headers: BTreeMap<_, _> = headers.iter().map(|(name, value)| (text(name), text(value))).collect();
        let mut expected = BTreeMap::from([
            ("X-Request-Id", "context.requestId"),
            ("Access-Control-Allow-Origin", "'*'"),
            ("Access-Control-Expose-Headers", "'X-Request-Id, Retry-After'"),
            ("Strict-Transport-Security", "'max-age=31536000'"),
        ]);
        if matches!(code, Code::RateLimited | Code::ServiceUnavailable) {
            expected.insert("Retry-After", "'1'");
        }
        assert_eq!(headers, expected, "{name:?}");
    }
}

/// There is no validator, authorizer, usage plan or API key of the gateway's, and a proxy integration passes on any media type.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html>
#[test]
fn only_answers_that_the_gateway_can_give_are_declared() {
    let template = template();
    let api = at(&template, &["Resources", "Api", "Properties"]);
    for property in ["Auth", "Cors", "Models", "DefinitionBody"] {
        assert_eq!(api.get(property), None, "{property}");
    }
    let mut names: Vec<_> = at(api, &["GatewayResponses"]).as_mapping().unwrap().keys().map(text).collect();
    names.sort_unstable();
    let expected = [
        "ACCESS_DENIED",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "MISSING_AUTHENTICATION_TOKEN",
        "REQUEST_TOO_LARGE",
        "THROTTLED",
        "WAF_FILTERED",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_tls_policy_comes_with_an_access_mode() {
    let template = template();
    for resource in ["Api", "Domain"] {
        let properties = at(&template, &["Resources", resource, "Properties"]);
        assert!(text(at(properties, &["SecurityPolicy"])).starts_with("SecurityPolicy_"), "{resource}");
        assert_eq!(text(at(properties, &["EndpointAccessMode"])), "STRICT", "{resource}");
    }
}

#[test]
fn every_change_reaches_the_stage_which_waits_until_it_may_log() {
    let template = template();
    let api = at(&template, &["Resources", "Api"]);
    assert_eq!(at(api, &["Properties", "AlwaysDeploy"]), &Value::from(true));
    assert_eq!(text(at(api, &["DependsOn"])), "ApiGatewayAccount");
}

#[test]
fn the_base_url_does_not_end_in_a_slash() {
    let template = template();
    let urls = at(&template, &["Outputs", "BaseUrl", "Value"]);
    let Value::Tagged(urls) = urls else { panic!("no !If: {urls:?}") };
    for url in &urls.value.as_sequence().unwrap()[1..] {
        assert!(text(url).ends_with("/api"), "{url:?}");
    }
}

#[test]
fn a_domain_needs_a_certificate_and_a_zone_needs_a_domain() {
    let expected = yaml(
        r#"
        DomainNeedsCertificate:
          RuleCondition: !Not [!Equals [!Ref DomainName, ""]]
          Assertions:
            - Assert: !Not [!Equals [!Ref CertificateArn, ""]]
              AssertDescription: DomainName needs a CertificateArn.
        HostedZoneNeedsDomain:
          RuleCondition: !Not [!Equals [!Ref HostedZoneId, ""]]
          Assertions:
            - Assert: !Not [!Equals [!Ref DomainName, ""]]
              AssertDescription: HostedZoneId needs a DomainName.
        SubnetsNeedSecurityGroups:
          RuleCondition: !Not [!Equals [!Join ["", !Ref VpcSubnetIds], ""]]
          Assertions:
            - Assert: !Not [!Equals [!Join ["", !Ref VpcSecurityGroupIds], ""]]
              AssertDescription: VpcSubnetIds need VpcSecurityGroupIds.
        "#,
    );
    assert_eq!(at(&template(), &["Rules"]), &expected);
}

/// What is no text, or is compressed, reaches clients as bytes and not in base64, whatever they accept: a browser asks for scripts with
/// `*/*`, and for a picture in an order of its own.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html>
#[test]
fn every_answer_may_be_bytes() {
    let template = template();
    let declared = at(&template, &["Resources", "Api", "Properties", "BinaryMediaTypes"]);
    assert_eq!(declared.as_sequence().unwrap().iter().map(text).collect::<Vec<_>>(), ["*~1*"]);
}
