//! What functions are pointed at: the stores behind TLS, with one of each entity in them, and events that ask for them.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::AnyError;
use crate::api::Api;
use crate::tls::Certificate;

const EVENT: &str = include_str!("../../../events/status.json");

/// Stores behind TLS, and the demo's administrator with one of each entity.
pub(crate) struct Deployment {
    certificate: Certificate,
    certificate_file: NamedTempFile,
    refresh_token: String,
    pub(crate) api: Api,
}

impl Deployment {
    pub(crate) async fn start() -> Result<Self, AnyError> {
        let mut api = Api::start().await?;
        api.request("POST", "/api/api-keys/", Some(&json!({ "name": "bench" }))).await?;
        let file = json!({ "name": "bench", "type": "file", "engine": "csv" });
        api.request("POST", "/api/data-sources/", Some(&file)).await?;
        api.request("POST", "/api/dashboards/", Some(&dashboard())).await?;
        let certificate = Certificate::new()?;
        let certificate_file = NamedTempFile::new()?;
        std::fs::write(certificate_file.path(), &certificate.pem)?;
        let refresh_token = text(&api.tokens().await?["refresh"])?;
        Ok(Self { certificate, certificate_file, refresh_token, api })
    }

    /// The environment of a function whose calls to AWS take `delay` longer.
    pub(crate) async fn environment(&self, delay: Duration) -> Result<Vec<(String, String)>, AnyError> {
        let settings = self.api.stores.settings();
        let dynamodb = self.certificate.serve(address(settings.dynamodb_endpoint)?, delay).await?;
        let secrets = self.certificate.serve(address(settings.secrets_manager_endpoint)?, delay).await?;
        let s3 = self.certificate.serve(address(settings.s3_endpoint)?, delay).await?;
        let certificate = self.certificate_file.path().display().to_string();
        let jobs_queue_url = self.api.stores.jobs_queue_url();
        let reports_queue_url = self.api.stores.reports_queue_url();
        let variables = [
            ("AWS_REGION", settings.region.as_str()),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_CA_BUNDLE", &certificate),
            ("AWS_ENDPOINT_URL_DYNAMODB", &dynamodb),
            ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &secrets),
            ("AWS_ENDPOINT_URL_S3", &s3),
            ("ENTITIES_TABLE", "entities"),
            ("COUNTERS_TABLE", "counters"),
            ("SECRET_ID", local::demo::SECRET_ID),
            ("FILES_BUCKET", local::files::BUCKET),
            ("JOBS_QUEUE_URL", &jobs_queue_url),
            ("REPORTS_QUEUE_URL", &reports_queue_url),
            ("STAGE", "test"),
            ("CORS_ALLOWED_ORIGINS", "*"),
        ];
        Ok(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// An event with the administrator's token.
    pub(crate) fn by_token(&self, path: &str) -> Result<String, AnyError> {
        self.asked_by_token("GET", path, None, None)
    }

    /// An event with the administrator's token, a body of JSON, and the tag of an answer that is known.
    pub(crate) fn asked_by_token(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        tag: Option<&str>,
    ) -> Result<String, AnyError> {
        let bearer = format!("Bearer {}", self.api.token);
        let mut headers = vec![("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        headers.extend(tag.map(|tag| ("If-None-Match", tag)));
        event(method, path, &headers, body.map(Value::to_string))
    }

    /// An event with an API key of its own, which is good for 100 requests a minute.
    pub(crate) async fn by_key(&mut self, path: &str) -> Result<String, AnyError> {
        let key = self.api.request("POST", "/api/api-keys/", Some(&json!({ "name": "bench" }))).await?;
        event("GET", path, &[("X-API-Key", &text(&key["key"])?)], None)
    }

    /// An event that asks for a new access token.
    pub(crate) fn refresh(&self) -> Result<String, AnyError> {
        let body = json!({ "refresh": self.refresh_token }).to_string();
        event("POST", "/api/auth/token/refresh/", &[("Content-Type", "application/json")], Some(body))
    }
}

/// A dashboard with one widget.
pub(crate) fn dashboard() -> Value {
    json!({
        "name": "Revenue",
        "status": "published",
        "description": "By region and month",
        "widgets": [{
            "title": "Revenue by region",
            "type": "pie",
            "data_source": 1,
            "query": {
                "dimensions": [{ "field": "region" }],
                "measures": [{ "field": "amount", "aggregation": "sum" }],
            },
            "position": { "x": 0, "y": 0, "width": 6, "height": 4 },
        }],
    })
}

/// An event as API Gateway's REST API sends it.
fn event(
    method: &str,
    path: &str,
    new_headers: &[(&str, &str)],
    body: Option<String>,
) -> Result<String, AnyError> {
    let mut event: Value = serde_json::from_str(EVENT)?;
    for name in ["headers", "multiValueHeaders"] {
        let headers = event[name].as_object_mut().ok_or("no headers")?;
        headers.remove("Authorization");
        for (header, value) in new_headers {
            let value = if name == "headers" { json!(value) } else { json!([value]) };
            headers.insert((*header).to_owned(), value);
        }
    }
    event["path"] = path.into();
    event["httpMethod"] = method.into();
    event["body"] = body.into();
    event["requestContext"]["path"] = format!("/prod{path}").into();
    event["requestContext"]["httpMethod"] = method.into();
    Ok(event.to_string())
}

fn text(value: &Value) -> Result<String, AnyError> {
    Ok(value.as_str().ok_or("no text")?.to_owned())
}

fn address(url: Option<String>) -> Result<SocketAddr, AnyError> {
    Ok(url.unwrap_or_default().trim_start_matches("http://").parse()?)
}
