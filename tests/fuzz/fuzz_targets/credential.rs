//! Credentials: headers, API keys, what tokens say before they are verified.

#![no_main]

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use shared::access::Credential;
use shared::access::api_key::{PresentedKey, Stage};
use shared::access::token::PresentedToken;
use shared::base::Code;

fuzz_target!(|input: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n').take(4) {
        let (name, value) = match line.split_first() {
            Some((b'k', value)) => (HeaderName::from_static("x-api-key"), value),
            Some((_, value)) => (HeaderName::from_static("authorization"), value),
            None => continue,
        };
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    match Credential::from_headers(&headers) {
        Err(refusal) => assert_eq!(refusal.code(), Code::NotAuthenticated),
        Ok(Credential::ApiKey(text)) => match PresentedKey::parse(Stage::Test, &text) {
            Err(refusal) => assert_eq!(refusal.code(), Code::InvalidApiKey),
            Ok(key) => assert!(key.matches(key.secret_digest())),
        },
        Ok(Credential::AccessToken(text)) => {
            let refusal = PresentedToken::parse(text).err();
            assert!(refusal.is_none_or(|refusal| refusal.code() == Code::InvalidToken));
        }
    }
});
