//! The local API, as a client of it sees it.

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::import::ImportError;
use crate::http_client::HttpClient;

/// A signed-in client.
#[derive(Debug)]
pub(super) struct Api {
    base_url: String,
    client: HttpClient,
    authorization: Option<String>,
}

/// Where and how a file is uploaded.
#[derive(Debug, Deserialize)]
pub(super) struct Upload {
    method: String,
    url: String,
    #[serde(default)]
    headers: serde_json::Map<String, Value>,
}

/// The results of a list.
#[derive(Debug, Deserialize)]
struct Page<T> {
    results: Vec<T>,
}

impl Api {
    /// Signs in to the API at this address, such as `http://127.0.0.1:3000`.
    pub(super) async fn sign_in(base_url: &str, email: &str, password: &str) -> Result<Self, ImportError> {
        #[derive(Deserialize)]
        struct Tokens {
            access: String,
        }
        let base_url = base_url.trim_end_matches('/').to_owned();
        let mut api = Self { base_url, client: HttpClient::new(), authorization: None };
        let credentials = json!({ "email": email, "password": password });
        let tokens: Tokens = api.post("/api/auth/login/", &credentials).await?;
        api.authorization = Some(format!("Bearer {}", tokens.access));
        Ok(api)
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ImportError> {
        self.call(Method::GET, path, Bytes::new()).await
    }

    /// The first hundred of a list.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, ImportError> {
        let page: Page<T> = self.get(&format!("{path}?page_size=100")).await?;
        Ok(page.results)
    }

    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, ImportError> {
        self.call(Method::POST, path, body.to_string().into()).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<T, ImportError> {
        let mut request = Request::builder().method(&method).uri(format!("{}{path}", self.base_url));
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        if method == Method::POST {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let asked = || format!("{method} {path}");
        let body = self.send(request.body(body), &asked).await?;
        serde_json::from_slice(&body).map_err(|error| ImportError::Unreadable(asked(), error))
    }

    /// Uploads a file.
    pub(super) async fn upload(&self, upload: &Upload, content: Bytes) -> Result<(), ImportError> {
        let mut request = Request::builder().method(upload.method.as_str()).uri(&upload.url);
        for (name, value) in &upload.headers {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            request = request.header(name, value);
        }
        self.send(request.body(content), &|| "The upload".to_owned()).await.map(drop)
    }

    async fn send(
        &self,
        request: axum::http::Result<Request<Bytes>>,
        asked: &(dyn Fn() -> String + Sync),
    ) -> Result<Bytes, ImportError> {
        let answer = match request {
            Ok(request) => self.client.send(request).await,
            Err(error) => return Err(ImportError::NotSent(asked(), error.to_string())),
        };
        match answer {
            Err(error) => Err(ImportError::NotSent(asked(), error.to_string())),
            Ok(answer) if matches!(answer.status, StatusCode::OK | StatusCode::CREATED) => Ok(answer.body),
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                Err(ImportError::Refused(asked(), answer.status, text))
            }
        }
    }
}
