//! Tokens that were not issued: forged, altered, or from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

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
    jsonwebtoken::encode(header, claims, &EncodingKey::from_secret(key.as_bytes())).expect("a token")
}

/// The header that the app writes.
pub async fn header(app: &TestApp) -> Header {
    let keys = app.app.secrets.keys().await.expect("keys");
    Header { kid: Some(keys.signing.current.id.clone()), ..Header::new(Algorithm::HS256) }
}

/// A token of any header and claims, with a signature of the right length that matches nothing.
pub fn unsigned(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), URL_SAFE_NO_PAD.encode(signature))
}
