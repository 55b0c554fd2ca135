//! Names of algorithms and contents, as their bytes stand in DER.

/// 1.2.840.113549.1.1.1, RSA; as an algorithm of encryption, RSAES-PKCS1-v1_5 (RFC 3370, section 4.2.1).
pub(super) const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// 1.2.840.113549.1.1.7, RSAES-OAEP (RFC 3560).
pub(super) const OAEP: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x07";
/// 1.2.840.113549.1.1.8, its mask.
pub(super) const MGF1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08";
/// 1.3.14.3.2.26.
pub(super) const SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
/// 2.16.840.1.101.3.4.2.1.
pub(super) const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
/// 2.16.840.1.101.3.4.2.2.
pub(super) const SHA384: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
/// 2.16.840.1.101.3.4.2.3.
pub(super) const SHA512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
/// 1.2.840.113549.1.7.1, content that is bytes (RFC 5652, section 4).
pub(super) const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 1.2.840.113549.1.7.3, an envelope (RFC 5652, section 6).
pub(super) const ENVELOPED: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
/// 1.2.840.113549.3.7, Triple-DES in CBC mode (RFC 3370, section 5.1).
pub(super) const TRIPLE_DES: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x03\x07";
/// 2.16.840.1.101.3.4.1.2, AES in CBC mode (RFC 3565, section 4.1).
pub(super) const AES_128: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x02";
/// 2.16.840.1.101.3.4.1.22.
pub(super) const AES_192: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x16";
/// 2.16.840.1.101.3.4.1.42.
pub(super) const AES_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";
/// 2.5.29.14, Subject Key Identifier.
pub(super) const SUBJECT_KEY_ID: &[u8] = b"\x55\x1d\x0e";
