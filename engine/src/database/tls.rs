//! TLS to databases: whom it trusts.
//!
//! `verify_full` trusts one's own authority where there is one, and else the public ones (Mozilla's list) and those of Amazon RDS, whose
//! servers have certificates of Amazon's own. `require` is libpq's: encrypted, to whoever answers.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use shared::model::data_source::connection::SslMode;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use super::error::SourceError;
use super::target::Target;

/// The authorities of Amazon RDS for all regions, from
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html>: those that sign themselves.
pub(super) const RDS_AUTHORITIES: &str = include_str!("rds.pem");

/// How TLS is spoken to a target.
pub(super) fn config(target: &Target) -> Result<Arc<ClientConfig>, SourceError> {
    static TO_ANYBODY: LazyLock<Arc<ClientConfig>> = LazyLock::new(to_anybody);
    static TO_KNOWN: LazyLock<Arc<ClientConfig>> = LazyLock::new(|| to_those(known_authorities()));
    match (target.settings.ssl_mode, &target.settings.ca_certificate) {
        (SslMode::VerifyFull, Some(authority)) => Ok(to_those(authorities(authority)?)),
        (SslMode::VerifyFull, None) => Ok(Arc::clone(&TO_KNOWN)),
        _ => Ok(Arc::clone(&TO_ANYBODY)),
    }
}

fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(ring::default_provider()));
    Arc::clone(&PROVIDER)
}

/// The authorities of somebody's own.
pub(super) fn authorities(pem: &str) -> Result<RootCertStore, SourceError> {
    let unreadable = || SourceError::Certificate("ca_certificate cannot be read".to_owned());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
    }
    if roots.is_empty() { Err(unreadable()) } else { Ok(roots) }
}

fn known_authorities() -> RootCertStore {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let amazon = CertificateDer::pem_slice_iter(RDS_AUTHORITIES.as_bytes()).filter_map(Result::ok);
    roots.add_parsable_certificates(amazon);
    roots
}

fn to_those(roots: RootCertStore) -> Arc<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

fn to_anybody() -> Arc<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3")
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody))
        .with_no_client_auth();
    Arc::new(config)
}

/// Accepts all certificates, as long as who sends one has its key.
struct Anybody;

impl fmt::Debug for Anybody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Anybody")
    }
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

/// Why TLS failed, for people.
pub(super) fn of_rustls(error: &Error) -> SourceError {
    let reason = match error {
        Error::InvalidCertificate(reason) => match reason {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "it is for another host"
            }
            CertificateError::UnknownIssuer => "no authority that is trusted has signed it",
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "it is not valid yet"
            }
            // As those are that `openssl req -x509` makes unless told otherwise.
            CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                "it is an authority's own (CA:TRUE), and not a server's"
            }
            _ => "it is not valid",
        },
        Error::InvalidMessage(_) => return SourceError::Garbled("it is no TLS".to_owned()),
        Error::AlertReceived(alert) => {
            return SourceError::Network(format!("the server ended TLS with {alert:?}"));
        }
        _ => return SourceError::Network("TLS could not be set up".to_owned()),
    };
    SourceError::Certificate(reason.to_owned())
}
