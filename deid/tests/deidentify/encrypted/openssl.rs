//! The same envelopes by OpenSSL's `cms`: it opens ours, we open its.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use isocenter_dcm::{Dataset, FileMeta, Instance, VR, tags, value};
use isocenter_deid::encrypted::{self, Error, Originals, PrivateKey, Recipient};
use tempfile::TempDir;

use super::{original, seal};
use crate::build;

/// A folder with what OpenSSL makes.
struct OpenSsl {
    folder: TempDir,
}

impl OpenSsl {
    /// With a key `key.pem` and its certificate `cert.pem`; `None`, and a word about it, where the program is not there.
    #[allow(clippy::print_stdout, reason = "a skipped test says so")]
    fn new() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: there is no openssl on this machine");
            return None;
        }
        let made = Self { folder: tempfile::tempdir().unwrap() };
        made.run("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=Trial");
        Some(made)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &str) {
        let done = Command::new("openssl").args(arguments.split(' ')).current_dir(self.folder.path()).output().unwrap();
        assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn recipient(&self) -> Recipient {
        Recipient::from_certificate(&self.read("cert.pem")).unwrap()
    }

    fn key(&self) -> PrivateKey {
        PrivateKey::from_bytes(&self.read("key.pem"), None).unwrap()
    }
}

fn envelope_of(instance: &Instance) -> Vec<u8> {
    let item = value::item(&instance.dataset, tags::ENCRYPTED_ATTRIBUTES_SEQUENCE).unwrap();
    value::bytes(item.get(tags::ENCRYPTED_CONTENT).unwrap())
}

/// The data set of PS3.3 table C.12-7, with one name, in explicit VR little endian; or implicit.
fn content(path: &Path, is_explicit: bool) {
    let name = build::text(tags::PATIENT_NAME, VR::PN, "Plantedname^Q");
    let originals = build::sequence(tags::MODIFIED_ATTRIBUTES_SEQUENCE, vec![build::dataset(vec![name])]);
    let file = Instance::new(FileMeta::default(), build::dataset(vec![originals])).to_bytes().unwrap();
    let length = u32::from_le_bytes(file[140..144].try_into().unwrap());
    let explicit = file[144 + length as usize..].to_vec();
    let implicit = b"\0\x04\x50\x05\xff\xff\xff\xff\xfe\xff\0\xe0\x16\0\0\0\x10\0\x10\0\x0e\0\0\0Plantedname^Q \xfe\xff\xdd\xe0\0\0\0\0";
    fs::write(path, if is_explicit { &explicit[..] } else { &implicit[..] }).unwrap();
}

/// An instance with that envelope.
fn with(envelope: &[u8], syntax: &str) -> Dataset {
    let item = build::dataset(vec![
        build::text(tags::ENCRYPTED_CONTENT_TRANSFER_SYNTAX_UID, VR::UI, syntax),
        build::bytes(tags::ENCRYPTED_CONTENT, VR::OB, envelope),
    ]);
    build::dataset(vec![build::sequence(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE, vec![item])])
}

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";

#[test]
fn openssl_opens_what_is_sealed_here() {
    let Some(openssl) = OpenSsl::new() else { return };
    for recipient in [openssl.recipient(), openssl.recipient().by_issuer_and_serial()] {
        let mut instance = original();
        seal(&mut instance, vec![super::keys::OTHER.recipient(), recipient], Originals::Identity);
        fs::write(openssl.path("sealed"), envelope_of(&instance)).unwrap();
        openssl.run("cms -decrypt -inform DER -in sealed -inkey key.pem -recip cert.pem -out open");
        let open = openssl.read("open");
        assert!(open.starts_with(b"\0\x04\x50\x05SQ"), "{:02x?}", &open[..8]);
        assert!(open.windows(20).any(|window| window == b"Plantedname^Quentina"));
    }
}

#[test]
fn what_openssl_seals_opens_here() {
    let Some(openssl) = OpenSsl::new() else { return };
    let oaep = "-keyopt rsa_padding_mode:oaep";
    for (how, is_explicit) in [
        ("-aes-128-cbc cert.pem", true),
        ("-aes-192-cbc cert.pem", false),
        ("-aes-256-cbc cert.pem", true),
        ("-des3 cert.pem", true),
        ("-aes-256-cbc -keyid cert.pem", true),
        // BER with indefinite lengths and octet strings in pieces
        ("-aes-256-cbc -stream cert.pem", true),
        ("-aes-256-cbc -stream -indef cert.pem", false),
        (&format!("-aes-256-cbc -recip cert.pem {oaep}"), true),
        (&format!("-aes-128-cbc -recip cert.pem {oaep} -keyopt rsa_oaep_md:sha256"), true),
        (&format!("-aes-128-cbc -recip cert.pem {oaep} -keyopt rsa_oaep_md:sha512 -keyopt rsa_mgf1_md:sha512"), true),
    ] {
        content(&openssl.path("content"), is_explicit);
        openssl.run(&format!("cms -encrypt -binary -in content -outform DER -out sealed {how}"));
        let dataset = with(&openssl.read("sealed"), if is_explicit { EXPLICIT } else { IMPLICIT });
        let originals = encrypted::open(&dataset, &openssl.key()).unwrap_or_else(|error| panic!("{how}: {error}"));
        assert_eq!(value::string(&originals, tags::PATIENT_NAME).as_deref(), Some("Plantedname^Q"), "{how}");
    }
}

#[test]
fn what_openssl_seals_in_another_way_is_refused_by_name() {
    let Some(openssl) = OpenSsl::new() else { return };
    content(&openssl.path("content"), true);
    for how in [
        "cms -encrypt -camellia128 -binary -in content -outform DER -out sealed cert.pem",
        "cms -encrypt -aes-256-gcm -binary -in content -outform DER -out sealed cert.pem",
        "cms -EncryptedData_encrypt -aes128 -secretkey 00112233445566778899aabbccddeeff -binary -in content -outform DER -out sealed",
        "cms -encrypt -aes-256-cbc -pwri_password x -binary -in content -outform DER -out sealed",
    ] {
        openssl.run(how);
        let error = encrypted::open(&with(&openssl.read("sealed"), EXPLICIT), &openssl.key()).unwrap_err();
        assert_eq!(error.reason(), "unsupported-envelope", "{how}");
    }
}

#[test]
fn keys_are_read_in_every_form_that_openssl_writes() {
    let Some(openssl) = OpenSsl::new() else { return };
    let mut instance = original();
    seal(&mut instance, vec![openssl.recipient()], Originals::Identity);
    openssl.run("pkcs8 -topk8 -in key.pem -out sealed.pem -passout pass:secret");
    openssl.run("pkcs8 -topk8 -in key.pem -out sealed.der -outform DER -passout pass:secret -scrypt");
    openssl.run("pkcs8 -topk8 -in key.pem -out older.pem -v2 des3 -v2prf hmacWithSHA1 -passout pass:secret");
    openssl.run("pkcs8 -topk8 -nocrypt -in key.pem -out key.der -outform DER");
    openssl.run("rsa -traditional -in key.pem -out pkcs1.pem");
    openssl.run("rsa -traditional -in key.pem -out pkcs1.der -outform DER");
    for (name, passphrase) in [
        ("sealed.pem", Some("secret")),
        ("sealed.der", Some("secret")),
        ("older.pem", Some("secret")),
        ("key.der", None),
        ("pkcs1.pem", None),
        ("pkcs1.der", None),
    ] {
        let key = PrivateKey::from_bytes(&openssl.read(name), passphrase).unwrap();
        assert!(encrypted::open(&instance.dataset, &key).is_ok(), "{name}");
    }
    for passphrase in [None, Some("another")] {
        let error = PrivateKey::from_bytes(&openssl.read("sealed.pem"), passphrase).unwrap_err();
        assert_eq!(error, Error::Passphrase);
    }
    openssl.run("rsa -traditional -aes128 -in key.pem -out old.pem -passout pass:secret");
    let error = PrivateKey::from_bytes(&openssl.read("old.pem"), Some("secret")).unwrap_err();
    assert_eq!(error.reason(), "unsupported-envelope");
}

#[test]
fn other_keys_than_rsa_are_refused_by_name() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.pem -out ec.crt -subj /CN=E");
    openssl.run("req -x509 -newkey rsa:1024 -nodes -keyout short.pem -out short.crt -subj /CN=S");
    for name in ["ec", "short"] {
        let error = Recipient::from_certificate(&openssl.read(&format!("{name}.crt"))).unwrap_err();
        assert_eq!(error.reason(), "unsupported-envelope", "{name}");
        let error = PrivateKey::from_bytes(&openssl.read(&format!("{name}.pem")), None).unwrap_err();
        assert_eq!(error.reason(), "unsupported-envelope", "{name}");
    }
}
