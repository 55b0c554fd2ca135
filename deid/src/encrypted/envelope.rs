//! The envelope: content under a key of its own, that key under the public key of each recipient.
//!
//! Written in DER: AES-256-CBC, RSAES-PKCS1-v1_5, a fresh key and a fresh vector from the system's randomness each time. Read in BER, of every kind that
//! PS3.15 E.1.1 allows, and with RSAES-OAEP besides. It hides and does not sign: whoever has the certificate can make one.
//!
//! Source: RFC 5652, sections 3 and 6; RFC 3370; RFC 3565; RFC 3560; RFC 3218 (why a key that does not open is no error of its own).

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::ber::{self, Bad, CONSTRUCTED, CONTEXT, INTEGER, OCTETS, OID, Reader, SEQUENCE, SET};
use super::cipher::{self, Cipher};
use super::error::Error;
use super::oid;
use super::private_key::{PrivateKey, Transport};
use super::recipient::Recipient;

/// Recipients that are looked at.
const MOST_RECIPIENTS: usize = 64;
/// Bytes of the largest content.
const LARGEST: u64 = 256 << 20;

/// Seals content to recipients.
pub(super) fn seal(content: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, Error> {
    limit("bytes of originals", content.len() as u64, LARGEST)?;
    let (mut key, mut vector) = (Zeroizing::new([0; 32]), [0; 16]);
    getrandom::fill(&mut *key).and_then(|()| getrandom::fill(&mut vector)).map_err(|_| Error::Random)?;
    let algorithm = ber::der(SEQUENCE, &[&ber::der(OID, &[oid::RSA]), &[ber::NULL, 0]]);
    let mut carried = Vec::new();
    for recipient in recipients {
        let version = if recipient.is_named_by_key_id() { 2 } else { 0 };
        let sealed = ber::der(OCTETS, &[&recipient.encrypt(&*key)?]);
        carried.push(ber::der(SEQUENCE, &[&[INTEGER, 1, version], &recipient.name(), &algorithm, &sealed]));
    }
    // a set of DER is sorted
    carried.sort();
    let carried: Vec<&[u8]> = carried.iter().map(Vec::as_slice).collect();
    let version = if recipients.iter().any(Recipient::is_named_by_key_id) { 2 } else { 0 };
    let cipher = ber::der(SEQUENCE, &[&ber::der(OID, &[oid::AES_256]), &ber::der(OCTETS, &[&vector])]);
    let sealed = ber::der(CONTEXT, &[&cipher::encrypt(&key, &vector, content)]);
    let content = ber::der(SEQUENCE, &[&ber::der(OID, &[oid::DATA]), &cipher, &sealed]);
    let enveloped = ber::der(SEQUENCE, &[&[INTEGER, 1, version], &ber::der(SET, &carried), &content]);
    Ok(ber::der(SEQUENCE, &[&ber::der(OID, &[oid::ENVELOPED]), &ber::der(CONTEXT | CONSTRUCTED, &[&enveloped])]))
}

/// Opens an envelope with a key. `take` says whether a content is one; what the key makes of a key that is not its own is none.
pub(super) fn open<T>(bytes: &[u8], key: &PrivateKey, mut take: impl FnMut(&[u8]) -> Option<T>) -> Result<T, Error> {
    let envelope = Envelope::of(bytes)?;
    for (transport, sealed) in &envelope.carried {
        // A key that this one does not open is replaced by a random one and tried all the same: from outside, a wrong padding of the key and a wrong
        // content look alike.
        let mut content_key = Zeroizing::new(vec![0; envelope.cipher.key_bytes()]);
        getrandom::fill(&mut content_key).map_err(|_| Error::Random)?;
        if let Some(found) = key.decrypt(*transport, sealed).filter(|found| found.len() == content_key.len()) {
            content_key = found;
        }
        let content = envelope.cipher.decrypt(&content_key, envelope.vector, &envelope.sealed);
        if let Some(taken) = content.and_then(|content| take(&content)) {
            return Ok(taken);
        }
    }
    Err(Error::OtherKey)
}

/// A key of content, and how it is encrypted.
type Carried<'a> = (Transport, Cow<'a, [u8]>);

/// What stands in an envelope.
struct Envelope<'a> {
    /// The key of the content, for each recipient that may be us.
    carried: Vec<Carried<'a>>,
    cipher: Cipher,
    vector: &'a [u8],
    sealed: Cow<'a, [u8]>,
}

impl<'a> Envelope<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self, Error> {
        let bad = |Bad(what)| Error::Envelope { what };
        let mut parts = enveloped(bytes)?;
        parts.expect(INTEGER).map_err(bad)?;
        parts.optional(CONTEXT | CONSTRUCTED).map_err(bad)?; // certificates of the originator
        let recipients = parts.expect(SET).map_err(bad)?;
        let carried = carried(recipients.inner())?;
        let mut content = parts.expect(SEQUENCE).map_err(bad)?.inner();
        content.expect(OID).map_err(bad)?;
        let mut algorithm = content.expect(SEQUENCE).map_err(bad)?.inner();
        let name = algorithm.expect(OID).map_err(bad)?;
        let cipher = Cipher::of(name.content).ok_or(Error::Unsupported {
            what: "the content of the envelope is encrypted in another way than AES or Triple-DES in CBC mode",
        })?;
        let vector = algorithm.expect(OCTETS).map_err(bad)?.content;
        let sealed = content.optional_string(CONTEXT).map_err(bad)?;
        let sealed = sealed.ok_or(Error::Envelope { what: "it holds no content" })?;
        limit("bytes of an envelope", sealed.content.len() as u64, LARGEST)?;
        Ok(Self { carried, cipher, vector, sealed: sealed.octets().map_err(bad)? })
    }
}

/// The parts of EnvelopedData, which stands alone or as the content that it says it is.
fn enveloped(bytes: &[u8]) -> Result<Reader<'_>, Error> {
    let bad = |Bad(what)| Error::Envelope { what };
    // an even length may have taken a byte after it
    let outer = Reader::new(bytes).expect(SEQUENCE).map_err(bad)?;
    let mut parts = outer.inner();
    match parts.optional(OID).map_err(bad)? {
        None => Ok(outer.inner()),
        Some(name) if name.content == oid::ENVELOPED => {
            let content = parts.expect(CONTEXT | CONSTRUCTED).map_err(bad)?;
            Ok(content.inner().expect(SEQUENCE).map_err(bad)?.inner())
        }
        Some(_) => Err(Error::Unsupported { what: "the content is another kind of CMS than EnvelopedData" }),
    }
}

/// Of the recipients those with RSA key transport; the others are passed over.
fn carried(mut list: Reader<'_>) -> Result<Vec<Carried<'_>>, Error> {
    let bad = |Bad(what)| Error::Envelope { what };
    let (mut carried, mut count) = (Vec::new(), 0);
    while !list.is_done() {
        count += 1;
        limit("recipients of an envelope", count, MOST_RECIPIENTS as u64)?;
        let recipient = list.next().map_err(bad)?;
        if recipient.tag != SEQUENCE {
            continue;
        }
        let mut parts = recipient.inner();
        parts.expect(INTEGER).map_err(bad)?;
        parts.next().map_err(bad)?; // its name: every one is tried, so that no certificate is needed
        let algorithm = parts.expect(SEQUENCE).map_err(bad)?;
        let sealed = parts.optional_string(OCTETS).map_err(bad)?;
        let sealed = sealed.ok_or(Error::Envelope { what: "a recipient has no key" })?.octets().map_err(bad)?;
        if let Some(transport) = Transport::of(&algorithm).map_err(bad)? {
            carried.push((transport, sealed));
        }
    }
    if carried.is_empty() {
        return Err(Error::Unsupported { what: "the envelope has no recipient with RSA key transport" });
    }
    Ok(carried)
}

const fn limit(what: &'static str, asked: u64, limit: u64) -> Result<(), Error> {
    if asked > limit { Err(Error::Limit { what, asked, limit }) } else { Ok(()) }
}
