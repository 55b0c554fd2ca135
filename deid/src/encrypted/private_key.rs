//! The key that opens what is sealed, and how keys of content are carried.

use std::fmt;

use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
    OaepPrivateDecryptingKey, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey,
};
use pkcs8::EncryptedPrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::ber::{self, Bad, CONSTRUCTED, CONTEXT, INTEGER, NULL, OCTETS, OID, Reader, SEQUENCE, Tlv};
use super::error::Error;
use super::{oid, pem};

/// The private key of a certificate that something was sealed to: RSA of 2048 to 8192 bits.
pub struct PrivateKey {
    pkcs1: Pkcs1PrivateDecryptingKey,
    oaep: OaepPrivateDecryptingKey,
}

impl PrivateKey {
    /// Reads a key, PEM or DER: PKCS#8, encrypted PKCS#8 (PBES2) with its passphrase, or PKCS#1.
    ///
    /// # Errors
    /// [`Error::Key`], [`Error::Passphrase`]; [`Error::Unsupported`] for another key than RSA of 2048 to 8192 bits, and for one that is encrypted in an older way.
    pub fn from_bytes(bytes: &[u8], passphrase: Option<&str>) -> Result<Self, Error> {
        let block = match pem::is_one(bytes) {
            true => Some(
                pem::first(bytes, &["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY"])
                    .ok_or(Error::Key { what: "the file has no block PRIVATE KEY that can be read" })?,
            ),
            false => None,
        };
        if block.as_ref().is_some_and(|block| block.has_headers) {
            return Err(Error::Unsupported {
                what: "the private key is encrypted in an older way: write it anew with `openssl pkcs8 -topk8`",
            });
        }
        let der = block.as_ref().map_or(bytes, |block| &block.der);
        let form = match block.as_ref().map(|block| block.label) {
            Some("ENCRYPTED PRIVATE KEY") => Form::Encrypted,
            Some("RSA PRIVATE KEY") => Form::Pkcs1,
            Some(_) => Form::Pkcs8,
            None => Form::of(der).map_err(|Bad(what)| Error::Key { what })?,
        };
        match form {
            Form::Pkcs8 => Self::from_pkcs8(der),
            Form::Pkcs1 => {
                let algorithm = ber::der(SEQUENCE, &[&ber::der(OID, &[oid::RSA]), &[NULL, 0]]);
                let key = Zeroizing::new(ber::der(OCTETS, &[der]));
                Self::from_pkcs8(&Zeroizing::new(ber::der(SEQUENCE, &[&[INTEGER, 1, 0], &algorithm, &key])))
            }
            Form::Encrypted => {
                let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| Error::Unsupported {
                    what: "the private key is encrypted in a way that is not taken: PBES2 with AES or Triple-DES is",
                })?;
                let key = sealed.decrypt(passphrase.ok_or(Error::Passphrase)?).map_err(|_| Error::Passphrase)?;
                Self::from_pkcs8(key.as_bytes())
            }
        }
    }

    fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        let algorithm = algorithm(der).map_err(|Bad(what)| Error::Key { what })?;
        if algorithm != oid::RSA {
            return Err(Error::Unsupported { what: "the private key is of another kind: only RSA is taken" });
        }
        let refused = Error::Unsupported { what: "the private key is not taken: RSA of 2048 to 8192 bits is" };
        let key = PrivateDecryptingKey::from_pkcs8(der).map_err(|_| refused.clone())?;
        Ok(Self {
            pkcs1: Pkcs1PrivateDecryptingKey::new(key.clone()).map_err(|_| refused.clone())?,
            oaep: OaepPrivateDecryptingKey::new(key).map_err(|_| refused)?,
        })
    }

    /// What is carried; `None` where this key does not open it.
    pub(super) fn decrypt(&self, transport: Transport, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let mut room = Zeroizing::new(vec![0; self.pkcs1.min_output_size()]);
        let found = match transport {
            Transport::Pkcs1 => self.pkcs1.decrypt(sealed, &mut room),
            Transport::Oaep(algorithm) => self.oaep.decrypt(algorithm, sealed, &mut room, None),
        };
        found.ok().map(|key| Zeroizing::new(key.to_vec()))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("bits", &self.pkcs1.key_size_bits()).finish_non_exhaustive()
    }
}

/// How a key of content is encrypted under a public key.
#[derive(Clone, Copy)]
pub(super) enum Transport {
    Pkcs1,
    Oaep(&'static OaepAlgorithm),
}

impl Transport {
    /// By an AlgorithmIdentifier; `None` where it is none that is taken.
    pub(super) fn of(algorithm: &Tlv<'_>) -> Result<Option<Self>, Bad> {
        let mut parts = algorithm.inner();
        match parts.expect(OID)?.content {
            oid::RSA => Ok(Some(Self::Pkcs1)),
            oid::OAEP => Ok(oaep(parts)?.map(Self::Oaep)),
            _ => Ok(None),
        }
    }
}

/// RSAES-OAEP-params (RFC 4055, section 4.1): what is left out is SHA-1, and a label of no bytes. Hash and mask have to be of one function.
fn oaep(mut parameters: Reader<'_>) -> Result<Option<&'static OaepAlgorithm>, Bad> {
    let (mut hash, mut mask, mut has_label) = (oid::SHA1, oid::SHA1, false);
    if let Some(list) = parameters.optional(SEQUENCE)? {
        let mut list = list.inner();
        if let Some(given) = list.optional(CONTEXT | CONSTRUCTED)? {
            hash = name(given.inner())?.0;
        }
        if let Some(given) = list.optional((CONTEXT + 1) | CONSTRUCTED)? {
            let (function, of) = name(given.inner())?;
            if function != oid::MGF1 {
                return Ok(None);
            }
            mask = name(of)?.0;
        }
        if let Some(given) = list.optional((CONTEXT + 2) | CONSTRUCTED)? {
            let mut source = name(given.inner())?.1;
            has_label = source.optional(OCTETS)?.is_none_or(|label| !label.content.is_empty());
        }
    }
    let found = match hash {
        oid::SHA1 => &OAEP_SHA1_MGF1SHA1,
        oid::SHA256 => &OAEP_SHA256_MGF1SHA256,
        oid::SHA384 => &OAEP_SHA384_MGF1SHA384,
        oid::SHA512 => &OAEP_SHA512_MGF1SHA512,
        _ => return Ok(None),
    };
    Ok((hash == mask && !has_label).then_some(found))
}

/// Name and parameters of an AlgorithmIdentifier.
fn name(mut reader: Reader<'_>) -> Result<(&[u8], Reader<'_>), Bad> {
    let mut parts = reader.expect(SEQUENCE)?.inner();
    Ok((parts.expect(OID)?.content, parts))
}

enum Form {
    Pkcs1,
    Pkcs8,
    Encrypted,
}

impl Form {
    fn of(der: &[u8]) -> Result<Self, Bad> {
        let mut parts = Reader::new(der).expect(SEQUENCE)?.inner();
        if parts.optional(INTEGER)?.is_none() {
            return Ok(Self::Encrypted);
        }
        Ok(if parts.optional(INTEGER)?.is_some() { Self::Pkcs1 } else { Self::Pkcs8 })
    }
}

/// Of PrivateKeyInfo (RFC 5208, section 5).
fn algorithm(der: &[u8]) -> Result<&[u8], Bad> {
    let mut parts = Reader::new(der).expect(SEQUENCE)?.inner();
    parts.expect(INTEGER)?;
    Ok(name(parts)?.0)
}
