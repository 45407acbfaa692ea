//! Access and refresh tokens: JWTs signed with HS256 and nothing else.
//!
//! A token says who it is for; what they may do is looked up on each request, so that a changed role or password
//! and a deactivated user count at once. Claims are those of RFC 7519 and: `org` (organization), `token_type`, and
//! `ver` (the user's [credentials version](crate::model::User::credentials_version)).

use std::time::Duration;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::hs256;
use crate::base::{Code, Error, OrganizationId, Timestamp, UserId};
use crate::model::{User, user};
use crate::store::{Secrets, SigningKey};

/// How long an access token lives.
pub const ACCESS_TOKEN_LIFETIME: Duration = Duration::from_hours(1);

/// How long a refresh token lives.
pub const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_hours(7 * 24);

/// How far ahead the clock of the machine that issued a token may be.
const CLOCK_LEEWAY: Duration = Duration::from_secs(5);

const ISSUER: &str = "claribi";

/// The longest token that is read; ours have some 400 bytes.
pub const MAX_BYTES: usize = 4096;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenType {
    /// Requests.
    Access,
    /// New access tokens.
    Refresh,
}

impl TokenType {
    fn lifetime(self) -> Duration {
        match self {
            Self::Access => ACCESS_TOKEN_LIFETIME,
            Self::Refresh => REFRESH_TOKEN_LIFETIME,
        }
    }
}

/// What a verified token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenSubject {
    /// The user's organization.
    pub organization: OrganizationId,
    /// The user.
    pub user: UserId,
    /// The user's credentials version when the token was issued.
    pub credentials_version: u64,
}

impl TokenSubject {
    /// The subject of tokens for `user`.
    pub fn of(organization: OrganizationId, user: &User) -> Self {
        Self { organization, user: user.id, credentials_version: user.credentials_version }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    org: OrganizationId,
    ver: u64,
    token_type: TokenType,
    jti: String,
    iat: i64,
    exp: i64,
}

/// Signs a token with the current key.
pub async fn issue(
    secrets: &Secrets,
    subject: TokenSubject,
    token_type: TokenType,
    now: Timestamp,
) -> Result<String, Error> {
    let keys = secrets.keys().await?;
    sign(&keys.signing.current, subject, token_type, now).map_err(Error::internal)
}

fn sign(
    key: &SigningKey,
    subject: TokenSubject,
    token_type: TokenType,
    now: Timestamp,
) -> Result<String, jsonwebtoken::errors::Error> {
    let iat = now.as_second();
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub: subject.user.to_string(),
        org: subject.organization,
        ver: subject.credentials_version,
        token_type,
        jti: Uuid::new_v4().simple().to_string(),
        iat,
        exp: iat + token_type.lifetime().as_secs().cast_signed(),
    };
    hs256::install();
    let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(key.secret.expose_secret().as_bytes()))
}

/// A token as presented. Nothing vouches for what it says before [`verify`](Self::verify) has.
#[derive(Debug)]
pub struct PresentedToken {
    token: SecretString,
    key_id: String,
    /// Whom it says it is for.
    pub claimed: TokenSubject,
}

impl PresentedToken {
    /// Reads a token, if it looks like one that we write.
    pub fn parse(token: SecretString) -> Result<Self, Error> {
        let text = token.expose_secret();
        if text.len() > MAX_BYTES {
            return Err(invalid(
                "It is longer than any token of ours: send the token exactly as it was issued.",
            ));
        }
        let header = jsonwebtoken::decode_header(text).map_err(|error| {
            invalid("It is not a complete JWT signed with HS256: send the token exactly as it was issued.")
                .caused_by(error)
        })?;
        if header.alg != Algorithm::HS256 {
            return Err(invalid("It is not signed with HS256, the only algorithm accepted."));
        }
        let key_id = match header.kid {
            Some(kid) if header.typ.as_deref() == Some("JWT") => kid,
            _ => return Err(invalid("Its header is not one of ours: it must have typ JWT and a kid.")),
        };
        // What is critical and not understood makes a token invalid (RFC 7515, section 4.1.11); we understand nothing of it.
        if header.crit.is_some() {
            return Err(invalid("Its header is not one of ours: it must not have crit."));
        }
        let claims: Claims = jsonwebtoken::dangerous::insecure_decode_claims(text).map_err(unreadable)?;
        Ok(Self { key_id, claimed: claims.subject()?, token })
    }

    /// Whom it is for: verified to be ours, of the given type, of the present, and unaltered. Takes no I/O while the secret is
    /// cached and the key is among its own. Whether it is still good for its user, [`current_user`] says.
    pub async fn verify(
        &self,
        secrets: &Secrets,
        expected: TokenType,
        now: Timestamp,
    ) -> Result<TokenSubject, Error> {
        let key = secrets.signing_key(&self.key_id).await?;
        let key =
            key.ok_or_else(|| invalid("It was signed with a key that is not in use: sign in again."))?;
        verify_with(&key, self.token.expose_secret(), expected, now)
    }
}

impl Claims {
    fn subject(&self) -> Result<TokenSubject, Error> {
        let user = self.sub.parse::<u64>().map_err(|_| invalid("Its subject is not a user."))?;
        Ok(TokenSubject { organization: self.org, user: user.into(), credentials_version: self.ver })
    }
}

fn verify_with(
    key: &SigningKey,
    token: &str,
    expected: TokenType,
    now: Timestamp,
) -> Result<TokenSubject, Error> {
    hs256::install();
    // Time is checked below, against the injected clock.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();

    let secret = DecodingKey::from_secret(key.secret.expose_secret().as_bytes());
    let claims = jsonwebtoken::decode::<Claims>(token, &secret, &validation).map_err(unreadable)?.claims;

    let now = now.as_second();
    if claims.iss != ISSUER {
        return Err(invalid("It was issued by somebody else."));
    }
    if claims.iat > now + CLOCK_LEEWAY.as_secs().cast_signed() {
        return Err(invalid("It was issued in the future."));
    }
    if claims.exp <= now {
        return Err(expired(claims.token_type));
    }
    if claims.token_type != expected {
        return Err(invalid(match expected {
            TokenType::Access => "It is a refresh token: send the access token.",
            TokenType::Refresh => "It is an access token: send the refresh token.",
        }));
    }
    claims.subject()
}

fn unreadable(error: jsonwebtoken::errors::Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidSignature => {
            invalid("Its signature does not match: send the token exactly as it was issued.")
        }
        ErrorKind::Json(_) => invalid("It lacks a claim that our tokens have, or has one of the wrong type."),
        _ => invalid("It cannot be read: send the token exactly as it was issued."),
    }
    .caused_by(error)
}

/// The token's user, if it is still good for them: they are active, and have the password that they had.
pub fn current_user(subject: TokenSubject, user: Option<User>) -> Result<User, Error> {
    let user = user.ok_or_else(|| invalid("Its user no longer exists."))?;
    if user.status != user::Status::Active {
        return Err(invalid("Its user has been deactivated."));
    }
    if user.credentials_version != subject.credentials_version {
        return Err(invalid("Its user's password was changed after it was issued: sign in again."));
    }
    Ok(user)
}

/// The one sentence in which a token is refused, whatever the reason.
fn invalid(reason: &str) -> Error {
    Error::new(Code::InvalidToken, format!("The token was refused. {reason}"))
}

fn expired(token_type: TokenType) -> Error {
    Error::new(
        Code::TokenExpired,
        match token_type {
            TokenType::Access => "The access token has expired: get a new one at /api/auth/token/refresh/.",
            TokenType::Refresh => "The refresh token has expired: sign in again at /api/auth/login/.",
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey { id: "v1".into(), secret: "0123456789abcdef0123456789abcdef".to_owned().into() }
    }

    fn subject() -> TokenSubject {
        TokenSubject { organization: 7.into(), user: 3.into(), credentials_version: 2 }
    }

    fn verified(token: &str, expected: TokenType, now: i64) -> Result<TokenSubject, Code> {
        verify_with(&key(), token, expected, at(now)).map_err(|error| error.code())
    }

    #[test]
    fn a_token_says_what_it_was_issued_for() {
        let token = sign(&key(), subject(), TokenType::Access, at(NOW)).unwrap();
        let presented = PresentedToken::parse(token.clone().into()).unwrap();
        assert_eq!((presented.key_id.as_str(), presented.claimed), ("v1", subject()));
        assert_eq!(verified(&token, TokenType::Access, NOW), Ok(subject()));
        assert_eq!(verified(&token, TokenType::Refresh, NOW), Err(Code::InvalidToken));
    }

    #[test]
    fn lifetimes_end_to_the_second() {
        for (token_type, lifetime) in [(TokenType::Access, 3_600), (TokenType::Refresh, 604_800)] {
            let token = sign(&key(), subject(), token_type, at(NOW)).unwrap();
            assert!(verified(&token, token_type, NOW + lifetime - 1).is_ok());
            assert_eq!(verified(&token, token_type, NOW + lifetime), Err(Code::TokenExpired));
        }
    }

    #[test]
    fn clocks_may_differ_by_five_seconds() {
        let token = sign(&key(), subject(), TokenType::Access, at(NOW)).unwrap();
        assert!(verified(&token, TokenType::Access, NOW - 5).is_ok());
        assert_eq!(verified(&token, TokenType::Access, NOW - 6), Err(Code::InvalidToken));
    }

    #[test]
    fn any_changed_character_is_noticed() {
        let token = sign(&key(), subject(), TokenType::Access, at(NOW)).unwrap();
        for index in 0..token.len() {
            let original = token.as_bytes()[index];
            // Differs in the highest of the six bits, so that it differs even where base64url pads with low bits.
            let other = if original == b'g' { b'A' } else { b'g' };
            if original == b'A' || original == b'.' {
                continue;
            }
            let mut bytes = token.clone().into_bytes();
            bytes[index] = other;
            let altered = String::from_utf8(bytes).unwrap();
            assert!(verified(&altered, TokenType::Access, NOW).is_err(), "character {index}");
        }
    }
}
