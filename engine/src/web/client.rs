//! Getting an answer: connecting where needed, and following redirects.

use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, LOCATION, USER_AGENT,
};
use hyper::{Request, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use shared::model::data_source::Networks;
use shared::model::data_source::data::Validators;
use tokio::time::timeout;
use url::Origin;

use crate::web::connect::{Connection, connect};
use crate::web::{Answer, Location, Patience, Trouble, Trust};

/// How many redirects are followed, one after the other.
const MAX_REDIRECTS: usize = 5;

const AGENT: &str = concat!("claribi/", env!("CARGO_PKG_VERSION"));

/// Asks for one thing after the other.
pub struct Client<'a> {
    trust: &'a Trust,
    networks: &'a Networks,
    patience: &'a Patience,
    /// What is sent with requests to this origin, and to no other.
    token: Option<(Origin, SecretString)>,
    /// The connection that the last answer came over.
    kept: Option<(Origin, Connection)>,
}

impl<'a> Client<'a> {
    /// One that sends a token, if there is one, to the origin of a location.
    pub fn new(
        trust: &'a Trust,
        networks: &'a Networks,
        patience: &'a Patience,
        location: &Location,
        token: Option<SecretString>,
    ) -> Self {
        let token = token.map(|token| (location.origin(), token));
        Self { trust, networks, patience, token, kept: None }
    }

    /// The answer from a location, or from where that leads to. `known` is what is there already.
    pub async fn get(&mut self, location: &Location, known: Option<&Validators>) -> Result<Answer, Trouble> {
        let mut at = location.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.ask(&at, known).await?;
            let Some(next) = redirect(&response) else {
                return Ok(Answer::new(at, response, *self.patience));
            };
            let what = format!("{at} redirects, and what it redirects to");
            at = at.join(next, self.networks, &what)?;
        }
        Err(Trouble::Lasting(format!("{location} redirects more than {MAX_REDIRECTS} times.")))
    }

    /// Whether the token is sent to a location.
    pub fn has_token_for(&self, location: &Location) -> bool {
        self.token.as_ref().is_some_and(|(origin, _)| *origin == location.origin())
    }

    async fn ask(
        &mut self,
        location: &Location,
        known: Option<&Validators>,
    ) -> Result<Response<Incoming>, Trouble> {
        let mut connection = self.connection(location).await?;
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = location
            .target()
            .parse()
            .map_err(|_| Trouble::Lasting(format!("{location} is no URL that can be asked for.")))?;
        *request.headers_mut() = self.headers(location, known)?;
        let answered = timeout(self.patience.answer, connection.send_request(request)).await;
        let response = answered.map_err(|_| {
            let seconds = self.patience.answer.as_secs();
            Trouble::passing(format!("{location} did not answer within {seconds} s."))
        })?;
        let response = response.map_err(|error| {
            let why = if error.is_parse() {
                "gave an answer that is no HTTP"
            } else {
                "ended the connection without an answer"
            };
            Trouble::passing(format!("{location} {why}."))
        })?;
        self.kept = Some((location.origin(), connection));
        Ok(response)
    }

    async fn connection(&mut self, location: &Location) -> Result<Connection, Trouble> {
        if let Some((origin, mut connection)) = self.kept.take()
            && origin == location.origin()
            && connection.ready().await.is_ok()
        {
            return Ok(connection);
        }
        connect(self.trust, self.networks, self.patience, location).await
    }

    fn headers(&self, location: &Location, known: Option<&Validators>) -> Result<HeaderMap, Trouble> {
        let mut headers = HeaderMap::new();
        let mut add = |name: HeaderName, value: &str| -> Result<(), Trouble> {
            let value = HeaderValue::from_str(value);
            let value =
                value.map_err(|_| Trouble::Lasting(format!("{name} cannot be sent with such a value.")))?;
            headers.insert(name, value);
            Ok(())
        };
        add(HOST, &location.authority())?;
        add(ACCEPT, "application/json")?;
        add(ACCEPT_ENCODING, "identity")?;
        add(USER_AGENT, AGENT)?;
        if let Some(etag) = known.and_then(|known| known.etag.as_deref()) {
            add(IF_NONE_MATCH, etag)?;
        }
        if let Some(last_modified) = known.and_then(|known| known.last_modified.as_deref()) {
            add(IF_MODIFIED_SINCE, last_modified)?;
        }
        if let Some((_, token)) = self.token.as_ref().filter(|_| self.has_token_for(location)) {
            let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
            let mut value = value.map_err(|_| {
                Trouble::Lasting("connection.token has characters that headers cannot have.".to_owned())
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }
}

/// Where a response says that the answer is, if it does.
fn redirect(response: &Response<Incoming>) -> Option<&str> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    response.headers().get(LOCATION).filter(|_| is_redirect)?.to_str().ok()
}
