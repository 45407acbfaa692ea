//! Who sends requests in a test: users with their tokens, and programs with their keys.

use axum::Router;
use serde_json::{Value, json};
use shared::base::OrganizationId;
use shared::http::PeerAddress;
use shared::model::User;
use std::net::IpAddr;

use crate::paths::LOGIN;
use crate::{PASSWORD, Reply, TestRequest};

/// Where requests are sent, and from.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The router under test.
    pub router: Router,
    /// Where the requests come from.
    pub address: IpAddr,
}

impl Instance {
    /// Starts a request of nobody's.
    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        TestRequest::new(self.router.clone(), method, path).extension(PeerAddress(self.address))
    }
}

/// Somebody with a credential.
pub trait Actor {
    /// Starts a request of theirs.
    fn request(&self, method: &str, path: &str) -> TestRequest;

    /// Starts a `GET`.
    fn get(&self, path: &str) -> TestRequest {
        self.request("GET", path)
    }

    /// Starts a `POST` of JSON.
    fn post(&self, path: &str, body: &Value) -> TestRequest {
        self.request("POST", path).json(body)
    }

    /// Starts a `PATCH`.
    fn patch(&self, path: &str, body: &Value) -> TestRequest {
        self.request("PATCH", path).json(body)
    }

    /// Starts a `DELETE`.
    fn delete(&self, path: &str) -> TestRequest {
        self.request("DELETE", path)
    }
}

/// A user of a test's organization, signed in.
#[derive(Clone, Debug)]
pub struct TestUser {
    /// The user as stored when they were added.
    pub user: User,
    /// The user's organization.
    pub organization: OrganizationId,
    /// An access token of theirs.
    pub access: String,
    /// A refresh token of theirs.
    pub refresh: String,
    /// Where they send requests.
    pub instance: Instance,
}

impl Actor for TestUser {
    fn request(&self, method: &str, path: &str) -> TestRequest {
        self.instance.request(method, path).token(&self.access)
    }
}

impl TestUser {
    /// Signs in again, and shows the new access token from then on.
    pub async fn sign_in(&self) -> Self {
        let body = json!({ "email": self.user.email, "password": PASSWORD });
        let reply = self.instance.request("POST", LOGIN).json(&body).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        Self { access: reply.text("access"), refresh: reply.text("refresh"), ..self.clone() }
    }

    /// The same user, showing another token.
    pub fn with(&self, access: impl Into<String>) -> Self {
        Self { access: access.into(), ..self.clone() }
    }

    /// The same user, at another instance.
    pub fn at(&self, instance: &Instance) -> Self {
        Self { instance: instance.clone(), ..self.clone() }
    }
}

/// A program with an API key.
#[derive(Clone, Debug)]
pub struct TestKey {
    /// The key's ID.
    pub id: u64,
    /// The key.
    pub key: String,
    /// Where it is used.
    pub instance: Instance,
}

impl Actor for TestKey {
    fn request(&self, method: &str, path: &str) -> TestRequest {
        self.instance.request(method, path).api_key(&self.key)
    }
}

impl TestKey {
    /// The key with another secret, and a checksum to match.
    pub fn forged(&self) -> Self {
        let mut alphabet = data_encoding::Specification::new();
        alphabet.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
        let alphabet = alphabet.encoding().expect("an alphabet");
        let (prefix, text) = self.key.split_at(16);
        let mut bytes = alphabet.decode(text.as_bytes()).expect("a key");
        fastrand::Rng::new().fill(&mut bytes[24..56]);
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(prefix.as_bytes());
        checksum.update(&bytes[..56]);
        bytes[56..].copy_from_slice(&checksum.finalize().to_be_bytes());
        self.with(format!("{prefix}{}", alphabet.encode(&bytes)))
    }

    /// The key that a reply to this user shows, once.
    pub fn shown_in(reply: &Reply, user: &TestUser) -> Self {
        Self { id: reply.id(), key: reply.text("key"), instance: user.instance.clone() }
    }

    /// The same key, at another instance.
    pub fn at(&self, instance: &Instance) -> Self {
        Self { instance: instance.clone(), ..self.clone() }
    }

    /// Another key, in its place.
    pub fn with(&self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self.clone() }
    }
}
