//! Certificates, keys and envelopes that are none: a typed error, whatever the bytes.

use isocenter_dcm::{Dataset, VR, tags, value};
use isocenter_deid::encrypted::{self, Error, Originals, PrivateKey, Recipient};
use proptest::prelude::*;

use super::keys::{TRIAL, der};
use super::{original, seal};
use crate::build;

/// A data set whose Encrypted Content is those bytes.
fn sealed(bytes: &[u8]) -> Dataset {
    let item = build::dataset(vec![
        build::text(tags::ENCRYPTED_CONTENT_TRANSFER_SYNTAX_UID, VR::UI, "1.2.840.10008.1.2.1"),
        build::bytes(tags::ENCRYPTED_CONTENT, VR::OB, bytes),
    ]);
    build::dataset(vec![build::sequence(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE, vec![item])])
}

/// An envelope of ours.
fn envelope() -> Vec<u8> {
    let mut instance = original();
    seal(&mut instance, vec![TRIAL.recipient()], Originals::Identity);
    let item = value::item(&instance.dataset, tags::ENCRYPTED_ATTRIBUTES_SEQUENCE).unwrap();
    value::bytes(item.get(tags::ENCRYPTED_CONTENT).unwrap())
}

fn reason(bytes: &[u8]) -> &'static str {
    encrypted::open(&sealed(bytes), &TRIAL.key()).unwrap_err().reason()
}

#[test]
fn what_is_no_envelope_is_told_apart_from_what_is_not_taken() {
    let content_info = |name: &[u8]| der(0x30, &[&der(0x06, &[name]), &der(0xA0, &[&der(0x30, &[])])]);
    assert_eq!(reason(b""), "bad-envelope");
    assert_eq!(reason(b"no envelope at all"), "bad-envelope");
    assert_eq!(reason(&[0x30, 0x84, 255, 255, 255, 255]), "bad-envelope");
    assert_eq!(reason(&[0x30, 0x80].repeat(50_000)), "bad-envelope");
    assert_eq!(reason(&content_info(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03")), "bad-envelope");
    // signed data
    assert_eq!(reason(&content_info(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")), "unsupported-envelope");
    // a recipient with key agreement alone
    let agreed = der(0x31, &[&der(0xA1, &[])]);
    let enveloped = der(0x30, &[&[2, 1, 2], &agreed, &der(0x30, &[])]);
    assert_eq!(reason(&enveloped), "unsupported-envelope");
    let many = der(0x31, &vec![&der(0xA1, &[])[..]; 100]);
    assert_eq!(reason(&der(0x30, &[&[2, 1, 2], &many])), "limit");
}

#[test]
fn a_content_that_is_cut_or_changed_does_not_open() {
    let whole = envelope();
    assert!(encrypted::open(&sealed(&whole), &TRIAL.key()).is_ok());
    assert_eq!(reason(&whole[..whole.len() - 20]), "bad-envelope");
    let mut changed = whole.clone();
    let last = changed.len() - 5;
    changed[last] ^= 1;
    assert_eq!(reason(&changed), "other-key");
}

#[test]
fn certificates_and_keys_that_are_none_are_refused() {
    let bad = |bytes: &[u8]| Recipient::from_certificate(bytes).unwrap_err().reason();
    assert_eq!(bad(b""), "bad-certificate");
    assert_eq!(bad(b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"), "bad-certificate");
    assert_eq!(bad(&TRIAL.private), "bad-certificate");
    assert_eq!(bad(&TRIAL.certificate[..200]), "bad-certificate");
    let bad = |bytes: &[u8]| PrivateKey::from_bytes(bytes, None).unwrap_err().reason();
    assert_eq!(bad(b""), "bad-private-key");
    assert_eq!(bad(b"-----BEGIN PRIVATE KEY-----\n"), "bad-private-key");
    assert_eq!(bad(&TRIAL.private[..100]), "bad-private-key");
}

#[test]
fn no_key_shows_itself() {
    assert_eq!(format!("{:?}", TRIAL.key()), "PrivateKey { bits: 2048, .. }");
    assert_eq!(format!("{:?}", TRIAL.recipient()), "Recipient { bits: 2048, .. }");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_change_of_an_envelope_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = envelope();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        // names and the content's vector are not authenticated: what opens is still a data set
        let _: Result<Dataset, Error> = encrypted::open(&sealed(&bytes), &TRIAL.key());
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0..4usize) {
        let start = [&[][..], &[0x30, 0x80], &[0x30, 0x82, 1, 0], &[0x24, 0x80]][start];
        let bytes = [start, &bytes[..]].concat();
        let _ = encrypted::open(&sealed(&bytes), &TRIAL.key());
        let _ = Recipient::from_certificate(&bytes);
        let _ = PrivateKey::from_bytes(&bytes, Some("x"));
    }

    #[test]
    fn no_change_of_a_certificate_or_key_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for original in [&TRIAL.certificate, &TRIAL.private] {
            let mut bytes = original.clone();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = Recipient::from_certificate(&bytes);
            let _ = PrivateKey::from_bytes(&bytes, None);
        }
    }
}
