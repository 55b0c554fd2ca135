//! Originals sealed to certificates, and the private key that gives them back. Built without the feature, both are refused by name.

#[cfg(feature = "encrypted-attributes")]
mod doors {
    use std::path::{Path, PathBuf};

    use data_encoding::HEXLOWER;
    use isocenter_dcm::Instance;
    use isocenter_deid::{
        Deidentifier, Key,
        encrypted::{self, Originals, PrivateKey, Recipient},
    };

    use super::super::given;
    use crate::Error;

    /// Reads certificates.
    ///
    /// # Errors
    /// [`Error::Usage`] for what is no certificate, or of a key that is not taken.
    pub(in super::super) fn recipients(paths: &[PathBuf]) -> Result<Vec<Recipient>, Error> {
        let read = |path: &PathBuf| {
            let bytes = given::bytes(path, "the certificate")?;
            Recipient::from_certificate(&bytes).map_err(|error| Error::usage(format!("{}: {error}", path.display())))
        };
        paths.iter().map(read).collect()
    }

    /// A name of the recipients that tells nothing of them; `None` without any.
    pub(in super::super) fn digest(recipients: &[Recipient], all: bool, key: &Key) -> Option<String> {
        let mut certificates: Vec<&[u8]> = recipients.iter().map(Recipient::certificate).collect();
        certificates.sort_unstable();
        let what: &[u8] = if all { b"all" } else { b"identity" };
        let parts: Vec<&[u8]> = [what].into_iter().chain(certificates).collect();
        (parts.len() > 1).then(|| HEXLOWER.encode(&key.mac("recipients", &parts)[..16]))
    }

    pub(in super::super) fn seal_to(deidentifier: Deidentifier, recipients: Vec<Recipient>, all: bool) -> Deidentifier {
        deidentifier.with_recipients(recipients, if all { Originals::All } else { Originals::Identity })
    }

    /// A private key that opens what was sealed.
    pub(in super::super) struct Opener(PrivateKey);

    impl Opener {
        /// Reads one.
        ///
        /// # Errors
        /// [`Error::Usage`] for what is none, and where its passphrase is missing or another.
        pub(in super::super) fn read(path: &Path, passphrase: Option<&str>) -> Result<Self, Error> {
            let bytes = given::bytes(path, "the private key")?;
            let key = PrivateKey::from_bytes(&bytes, passphrase);
            key.map(Self).map_err(|error| Error::usage(format!("{}: {error}", path.display())))
        }

        /// Puts the originals back; else says why not.
        pub(in super::super) fn restore(&self, instance: &mut Instance) -> Result<(), &'static str> {
            encrypted::restore(instance, &self.0).map(drop).map_err(|error| error.reason())
        }
    }
}

#[cfg(not(feature = "encrypted-attributes"))]
mod doors {
    use std::{
        convert::Infallible,
        path::{Path, PathBuf},
    };

    use isocenter_dcm::Instance;
    use isocenter_deid::{Deidentifier, Key};

    use crate::Error;

    fn missing() -> Error {
        Error::usage(
            "this build cannot seal or open Encrypted Attributes: build it with `--features encrypted-attributes`",
        )
    }

    pub(in super::super) fn recipients(paths: &[PathBuf]) -> Result<Vec<Infallible>, Error> {
        if paths.is_empty() { Ok(Vec::new()) } else { Err(missing()) }
    }

    pub(in super::super) fn digest(_: &[Infallible], _: bool, _: &Key) -> Option<String> {
        None
    }

    pub(in super::super) fn seal_to(deidentifier: Deidentifier, _: Vec<Infallible>, _: bool) -> Deidentifier {
        deidentifier
    }

    pub(in super::super) struct Opener(Infallible);

    impl Opener {
        pub(in super::super) fn read(_: &Path, _: Option<&str>) -> Result<Self, Error> {
            Err(missing())
        }

        pub(in super::super) fn restore(&self, _: &mut Instance) -> Result<(), &'static str> {
            match self.0 {}
        }
    }
}

pub(super) use doors::*;
