//! What became what, kept under lock: the way back from pseudonyms to originals.
//!
//! Keyed pseudonyms need no table; the way back does, as an HMAC cannot be inverted. A [`Crosswalk`] holds the patients, UIDs and other ids of a
//! run ([`Told`]); [`seal`](Crosswalk::seal) encrypts it, and only the project's key, and a passphrase where one was given, opens it. It belongs outside of any output.
//!
//! The file is a line `isocenter crosswalk 1`, a line of JSON that says how the key is derived, and the encrypted text. The key of the encryption is Argon2id (64 MiB, three passes) of an HMAC of
//! the passphrase under the project's key, the cipher XChaCha20-Poly1305, and both lines are authenticated with the text.
//!
//! Source: RFC 9106 (Argon2), RFC 8439 and draft-irtf-cfrg-xchacha (the cipher).
//!
//! # Examples
//! ```
//! use isocenter_deid::{Crosswalk, Key};
//! let key = Key::demo();
//! let sealed = Crosswalk::new().seal(&key, "a passphrase")?;
//! assert!(Crosswalk::open(&sealed, &key, "another").is_err());
//! assert!(Crosswalk::open(&sealed, &key, "a passphrase")?.is_empty());
//! # Ok::<_, isocenter_deid::Error>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64;
use isocenter_files::Key;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::pseudonym::{Pair, Patient, Told};

/// First line of a file.
const MARK: &str = "isocenter crosswalk 1\n";
/// Memory of the derivation, KiB, and passes over it.
const COST: (u32, u32) = (64 * 1024, 3);
/// The most that a file may ask for: 1 GiB, 32 passes.
const HIGHEST_COST: (u32, u32) = (1024 * 1024, 32);
/// Bytes of the longest line of JSON.
const LONGEST_HEAD: usize = 1024;

/// Patients, UIDs and other ids, by pseudonym. It identifies: `Debug` shows counts.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    patients: BTreeMap<String, Patient>,
    /// Original UIDs by new ones.
    uids: BTreeMap<String, String>,
    /// Originals by keyword and new value.
    values: BTreeMap<String, BTreeMap<String, String>>,
}

/// How the key of a file is derived.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    cipher: String,
    nonce: String,
}

impl Crosswalk {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what was told in a run.
    pub fn add(&mut self, told: &Told) {
        for patient in told.patients() {
            self.patient(patient);
        }
        for (pair, original, new) in told.pairs() {
            match pair {
                Pair::Uid => drop(self.uids.insert(new, original)),
                Pair::Value { keyword } => drop(self.values.entry(keyword).or_default().insert(new, original)),
            }
        }
    }

    /// Adds another one: of an earlier run, of another worker.
    pub fn merge(&mut self, other: Self) {
        other.patients.into_values().for_each(|patient| self.patient(patient));
        self.uids.extend(other.uids);
        for (keyword, values) in other.values {
            self.values.entry(keyword).or_default().extend(values);
        }
    }

    fn patient(&mut self, patient: Patient) {
        match self.patients.get_mut(&patient.pseudonym) {
            Some(known) => known.fill(&patient),
            None => drop(self.patients.insert(patient.pseudonym.clone(), patient)),
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.patients.is_empty() && self.uids.is_empty() && self.values.is_empty()
    }

    /// The patients, by pseudonym.
    pub fn patients(&self) -> impl Iterator<Item = &Patient> {
        self.patients.values()
    }

    /// The patient of a new Patient ID.
    pub fn patient_of(&self, pseudonym: &str) -> Option<&Patient> {
        self.patients.get(pseudonym)
    }

    /// The original of a new UID.
    pub fn uid_of(&self, pseudonym: &str) -> Option<&str> {
        self.uids.get(pseudonym).map(String::as_str)
    }

    /// The original of another value, by the keyword of its element.
    pub fn value_of(&self, keyword: &str, pseudonym: &str) -> Option<&str> {
        self.values.get(keyword)?.get(pseudonym).map(String::as_str)
    }

    /// All of it as rows: keyword (`UID` for UIDs), original, pseudonym.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let patients =
            self.patients.values().map(|patient| ("PatientID", patient.id.as_str(), patient.pseudonym.as_str()));
        let uids = self.uids.iter().map(|(new, original)| ("UID", original.as_str(), new.as_str()));
        let values = self.values.iter().flat_map(|(keyword, values)| {
            values.iter().map(|(new, original)| (keyword.as_str(), original.as_str(), new.as_str()))
        });
        // whoever has a patient of their own row needs no second
        patients.chain(uids).chain(values.filter(|(keyword, ..)| *keyword != "PatientID"))
    }

    /// Encrypts it under a project's key and a passphrase, which may be empty.
    ///
    /// # Errors
    /// [`Error::Crosswalk`] where the system gives no random bytes.
    pub fn seal(&self, key: &Key, passphrase: &str) -> Result<Vec<u8>, Error> {
        let failed = |what: &'static str| Error::Crosswalk { what };
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        getrandom::fill(&mut salt)
            .and_then(|()| getrandom::fill(&mut nonce))
            .map_err(|_| failed("the system gives no random bytes"))?;
        let head = Head {
            kdf: "argon2id".to_owned(),
            memory_kib: COST.0,
            passes: COST.1,
            salt: BASE64.encode(&salt),
            cipher: "xchacha20-poly1305".to_owned(),
            nonce: BASE64.encode(&nonce),
        };
        let head =
            format!("{MARK}{}\n", serde_json::to_string(&head).map_err(|_| failed("its head could not be written"))?);
        let text = Zeroizing::new(serde_json::to_vec(self).map_err(|_| failed("its text could not be written"))?);
        let cipher = cipher(key, passphrase, &salt, COST)?;
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: &text, aad: head.as_bytes() })
            .map_err(|_| failed("it could not be encrypted"))?;
        let mut bytes = head.into_bytes();
        bytes.extend(sealed);
        Ok(bytes)
    }

    /// Opens what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// [`Error::Crosswalk`] for what is none, for another key or passphrase, and for a file that was changed: which of the two it is cannot be told.
    pub fn open(bytes: &[u8], key: &Key, passphrase: &str) -> Result<Self, Error> {
        let failed = |what: &'static str| Error::Crosswalk { what };
        let none = || failed("the file is no crosswalk");
        let rest = bytes.strip_prefix(MARK.as_bytes()).ok_or_else(none)?;
        let line = rest.iter().take(LONGEST_HEAD).position(|&b| b == b'\n').ok_or_else(none)?;
        let (head, sealed) = rest.split_at(line + 1);
        let authenticated = bytes.get(..MARK.len() + line + 1).ok_or_else(none)?;
        let head: Head = serde_json::from_slice(head).map_err(|_| none())?;
        if head.kdf != "argon2id" || head.cipher != "xchacha20-poly1305" {
            return Err(failed("it was made by a newer version"));
        }
        let cost = (head.memory_kib, head.passes);
        if cost.0 > HIGHEST_COST.0 || cost.1 > HIGHEST_COST.1 {
            return Err(failed("it asks for more memory or time than a crosswalk takes"));
        }
        let salt = BASE64.decode(head.salt.as_bytes()).map_err(|_| none())?;
        let nonce = BASE64.decode(head.nonce.as_bytes()).map_err(|_| none())?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| none())?;
        let text = cipher(key, passphrase, &salt, cost)?
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: authenticated })
            .map_err(|_| failed("another key or passphrase, or the file was changed"))?;
        let text = Zeroizing::new(text);
        serde_json::from_slice(&text).map_err(|_| failed("it was made by another version"))
    }
}

fn cipher(
    key: &Key,
    passphrase: &str,
    salt: &[u8],
    (memory_kib, passes): (u32, u32),
) -> Result<XChaCha20Poly1305, Error> {
    let failed = |_| Error::Crosswalk { what: "its key cannot be derived with these parameters" };
    let secret = Zeroizing::new(key.mac("crosswalk", &[passphrase.as_bytes()]));
    let mut derived = Zeroizing::new([0; 32]);
    let params = Params::new(memory_kib, passes, 1, Some(derived.len())).map_err(failed)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&*secret, salt, &mut *derived)
        .map_err(failed)?;
    Ok(XChaCha20Poly1305::new((&*derived).into()))
}

impl fmt::Debug for Crosswalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Crosswalk");
        shown.field("patients", &self.patients.len()).field("uids", &self.uids.len()).finish_non_exhaustive()
    }
}
