//! Encryption of content: block ciphers in CBC mode, padded as RFC 5652 section 6.3 says.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use zeroize::Zeroizing;

use super::oid;

/// A cipher of content; all that PS3.15 E.1.1 allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    TripleDes,
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        match name {
            oid::TRIPLE_DES => Some(Self::TripleDes),
            oid::AES_128 => Some(Self::Aes128),
            oid::AES_192 => Some(Self::Aes192),
            oid::AES_256 => Some(Self::Aes256),
            _ => None,
        }
    }

    /// Bytes of a key.
    pub(super) const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// `None` for another key, and for what was changed.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        fn open<C: KeyIvInit + BlockModeDecrypt>(key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
            C::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(sealed).ok()
        }
        let open = match self {
            Self::TripleDes => open::<cbc::Decryptor<des::TdesEde3>>,
            Self::Aes128 => open::<cbc::Decryptor<aes::Aes128>>,
            Self::Aes192 => open::<cbc::Decryptor<aes::Aes192>>,
            Self::Aes256 => open::<cbc::Decryptor<aes::Aes256>>,
        };
        open(key, iv, sealed).map(Zeroizing::new)
    }
}

/// Encrypts with AES-256.
pub(super) fn encrypt(key: &[u8; 32], iv: &[u8; 16], content: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<aes::Aes256>::new(key.into(), iv.into()).encrypt_padded_vec::<Pkcs7>(content)
}
