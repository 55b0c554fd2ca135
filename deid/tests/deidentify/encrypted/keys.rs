//! Keys and certificates, made when they are asked for. Nobody signs the certificates: nobody looks.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use isocenter_deid::encrypted::{PrivateKey, Recipient};

/// A key and its certificate.
pub(super) struct Pair {
    /// PKCS#8.
    pub(super) private: Vec<u8>,
    /// X.509, DER.
    pub(super) certificate: Vec<u8>,
}

impl Pair {
    fn new(serial: u8) -> Self {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let private: Pkcs8V1Der<'_> = key.as_der().unwrap();
        let public: PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
        let certificate = certificate(serial, public.as_ref());
        Self { private: private.as_ref().to_vec(), certificate }
    }

    pub(super) fn recipient(&self) -> Recipient {
        Recipient::from_certificate(&self.certificate).unwrap()
    }

    pub(super) fn key(&self) -> PrivateKey {
        PrivateKey::from_bytes(&self.private, None).unwrap()
    }
}

/// Whoever may read.
pub(super) static TRIAL: LazyLock<Pair> = LazyLock::new(|| Pair::new(7));
/// Somebody else.
pub(super) static OTHER: LazyLock<Pair> = LazyLock::new(|| Pair::new(8));

/// A value of DER.
pub(super) fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let mut bytes = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    bytes.extend(content);
    bytes
}

fn certificate(serial: u8, public: &[u8]) -> Vec<u8> {
    let algorithm = der(0x30, &[&der(0x06, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"]), &[5, 0]]);
    let name =
        der(0x30, &[&der(0x31, &[&der(0x30, &[&der(0x06, &[b"\x55\x04\x03"]), &der(0x0C, &[b"Trial Office"])])])]);
    let time = der(0x17, &[b"200101000000Z"]);
    let key_id = der(0x30, &[&der(0x06, &[b"\x55\x1d\x0e"]), &der(0x04, &[&der(0x04, &[&[serial; 20]])])]);
    let signed = der(
        0x30,
        &[
            &der(0xA0, &[&[2, 1, 2]]),
            &[2, 1, serial],
            &algorithm,
            &name,
            &der(0x30, &[&time, &time]),
            &name,
            public,
            &der(0xA3, &[&der(0x30, &[&key_id])]),
        ],
    );
    der(0x30, &[&signed, &algorithm, &der(0x03, &[&[0; 257]])])
}
