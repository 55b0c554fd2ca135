//! Whoever may open what is sealed: the public key of a certificate.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};
use zeroize::Zeroizing;

use super::ber::{self, Bad, INTEGER, OCTETS, OID, Reader, SEQUENCE};
use super::error::Error;
use super::{oid, pem};

/// Whoever may open what is sealed, by the X.509 certificate of an RSA key of 2048 to 8192 bits.
///
/// Of the certificate nothing is looked at but the key and what names it: neither its dates, nor its uses, nor who signed it. Who takes one trusts it.
#[derive(Clone)]
pub struct Recipient {
    der: Arc<[u8]>,
    /// Issuer and serial number, as CMS has them.
    issuer_and_serial: Vec<u8>,
    /// Subject Key Identifier, if the certificate has one.
    key_id: Option<Vec<u8>>,
    key: Arc<Pkcs1PublicEncryptingKey>,
}

impl Recipient {
    /// Reads a certificate, PEM (the first one of a chain) or DER.
    ///
    /// # Errors
    /// [`Error::Certificate`]; [`Error::Unsupported`] for another key than RSA of 2048 to 8192 bits.
    pub fn from_certificate(bytes: &[u8]) -> Result<Self, Error> {
        let der = match pem::is_one(bytes) {
            true => pem::first(bytes, &["CERTIFICATE", "X509 CERTIFICATE"])
                .ok_or(Error::Certificate { what: "the file has no block CERTIFICATE that can be read" })?
                .der
                .to_vec(),
            false => bytes.to_vec(),
        };
        let parts = Parts::of(&der).map_err(|Bad(what)| Error::Certificate { what })?;
        if parts.algorithm != oid::RSA {
            return Err(Error::Unsupported { what: "the certificate is of another kind of key: only RSA is taken" });
        }
        let key = PublicEncryptingKey::from_der(parts.public_key).ok();
        let key = key.and_then(|key| Pkcs1PublicEncryptingKey::new(key).ok()).ok_or(Error::Unsupported {
            what: "the key of the certificate is not taken: RSA of 2048 to 8192 bits is",
        })?;
        Ok(Self {
            issuer_and_serial: ber::der(SEQUENCE, &[parts.issuer, parts.serial]),
            key_id: parts.key_id.map(<[u8]>::to_vec),
            key: Arc::new(key),
            der: der.into(),
        })
    }

    /// Names the key in envelopes by the certificate's issuer and serial number, as the older readers of PKCS#7 want it. They then stand in the clear in every
    /// file. Without, the certificate's Subject Key Identifier does, where it has one: 20 bytes that say nothing.
    #[must_use]
    pub fn by_issuer_and_serial(mut self) -> Self {
        self.key_id = None;
        self
    }

    /// The certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.der
    }

    /// What names it in an envelope: the tag of a context or a sequence, whole.
    pub(super) fn name(&self) -> Vec<u8> {
        match &self.key_id {
            Some(id) => ber::der(ber::CONTEXT, &[id]),
            None => self.issuer_and_serial.clone(),
        }
    }

    pub(super) const fn is_named_by_key_id(&self) -> bool {
        self.key_id.is_some()
    }

    /// Encrypts a key of content; RSAES-PKCS1-v1_5, which PS3.15 E.1.1 asks for.
    pub(super) fn encrypt(&self, content_key: &[u8]) -> Result<Vec<u8>, Error> {
        let mut sealed = Zeroizing::new(vec![0; self.key.ciphertext_size()]);
        // what fails with a good key and a short message is the system's randomness
        Ok(self.key.encrypt(content_key, &mut sealed).map_err(|_| Error::Random)?.to_vec())
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").field("bits", &self.key.key_size_bits()).finish_non_exhaustive()
    }
}

/// What is needed of a certificate (RFC 5280, section 4.1).
struct Parts<'a> {
    serial: &'a [u8],
    issuer: &'a [u8],
    algorithm: &'a [u8],
    public_key: &'a [u8],
    key_id: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn of(der: &'a [u8]) -> Result<Self, Bad> {
        let mut certificate = Reader::new(der).expect(SEQUENCE)?.inner();
        let mut signed = certificate.expect(SEQUENCE)?.inner();
        signed.optional(ber::CONTEXT | ber::CONSTRUCTED)?; // version
        let serial = signed.expect(INTEGER)?.raw;
        signed.expect(SEQUENCE)?; // algorithm of the signature
        let issuer = signed.expect(SEQUENCE)?.raw;
        signed.expect(SEQUENCE)?; // validity
        signed.expect(SEQUENCE)?; // subject
        let public_key = signed.expect(SEQUENCE)?;
        let algorithm = public_key.inner().expect(SEQUENCE)?.inner().expect(OID)?.content;
        signed.optional_string(ber::CONTEXT + 1)?;
        signed.optional_string(ber::CONTEXT + 2)?;
        let extensions = signed.optional((ber::CONTEXT + 3) | ber::CONSTRUCTED)?;
        let key_id = extensions.map(|extensions| key_id(extensions.inner())).transpose()?.flatten();
        Ok(Self { serial, issuer, algorithm, public_key: public_key.raw, key_id })
    }
}

fn key_id(mut extensions: Reader<'_>) -> Result<Option<&[u8]>, Bad> {
    const BOOLEAN: u8 = 0x01;
    let mut list = extensions.expect(SEQUENCE)?.inner();
    while !list.is_done() {
        let mut extension = list.expect(SEQUENCE)?.inner();
        let name = extension.expect(OID)?.content;
        extension.optional(BOOLEAN)?;
        let value = extension.expect(OCTETS)?;
        if name == oid::SUBJECT_KEY_ID {
            return Ok(Some(value.inner().expect(OCTETS)?.content));
        }
    }
    Ok(None)
}
