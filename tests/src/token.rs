//! Tokens that were not issued: forged, altered, or from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};

use crate::{TestApp, TestUser};

/// The claims that the app would issue an access token with.
pub fn claims(app: &TestApp, user: &TestUser) -> Value {
    json!({
        "iss": "claribi",
        "sub": user.user.id.to_string(),
        "org": app.organization_id(),
        "ver": user.user.credentials_version,
        "token_type": "access",
        "jti": "0123456789abcdef0123456789abcdef",
        "iat": app.clock.now(),
        "exp": app.clock.now() + 3600,
    })
}

/// Signs claims as the app would, with its key, under any header.
pub async fn sign(app: &TestApp, header: &Header, claims: &Value) -> String {
    let keys = app.app.secrets.keys().await.expect("keys");
    let key = secrecy::ExposeSecret::expose_secret(&keys.signing.current.secret).to_owned();
    let header = serde_json::to_value(header).expect("a header");
    let signed = format!("{}.{}", encode(&header), encode(claims));
    let signature = match header["alg"].as_str() {
        Some("HS256") => mac::<Hmac<Sha256>>(&key, &signed),
        Some("HS512") => mac::<Hmac<Sha512>>(&key, &signed),
        other => panic!("{other:?} is not for tests"),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn mac<M: Mac + KeyInit>(key: &str, text: &str) -> Vec<u8> {
    let key = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("a key");
    key.chain_update(text).finalize().into_bytes().to_vec()
}

fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// The header that the app writes.
pub async fn header(app: &TestApp) -> Header {
    let keys = app.app.secrets.keys().await.expect("keys");
    Header { kid: Some(keys.signing.current.id.clone()), ..Header::new(Algorithm::HS256) }
}

/// A token of any header and claims, with a signature of the right length that matches nothing.
pub fn unsigned(header: &Value, claims: &Value, signature: &[u8]) -> String {
    format!("{}.{}.{}", encode(header), encode(claims), URL_SAFE_NO_PAD.encode(signature))
}
