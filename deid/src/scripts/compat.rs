//! Pseudonyms of scripts: keyed, or as the original programs make them.

use serde::{Deserialize, Serialize};

use crate::pseudonym::Pseudonyms;

/// Whose hashes are made, in the place of keyed ones. **Insecure**: they have no key, and whoever has a list of ids or UIDs finds out which is which. Only for
/// going on with a data set that the original program began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Compat {
    /// CTP's: MD5 as a decimal number in `hash`, `hashname`, `hashptid`, `hashuid` and `hashdate`. UIDs of the standard are hashed too, as there.
    CtpMd5,
    /// RSNA's: UIDs and date shifts by MD5. Its subject numbers are counted, and so cannot be made again.
    RsnaMd5,
}

impl Compat {
    /// Its name, as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CtpMd5 => "ctp-md5",
            Self::RsnaMd5 => "rsna-md5",
        }
    }

    /// The one of a name.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::CtpMd5, Self::RsnaMd5].into_iter().find(|compat| compat.name() == name)
    }
}

/// A decimal number of a text: keyed, or its MD5.
pub(super) fn digits(names: &Pseudonyms, compat: Option<Compat>, text: &str) -> String {
    number(names, compat, text).to_string()
}

/// The same as a number.
pub(super) fn number(names: &Pseudonyms, compat: Option<Compat>, text: &str) -> u128 {
    match compat {
        Some(_) => u128::from_be_bytes(md5(text.as_bytes())),
        None => names.number("script", text),
    }
}

/// MD5 of RFC 1321. It protects nothing.
pub(super) fn md5(message: &[u8]) -> [u8; 16] {
    let mut state: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    let mut padded = message.to_vec();
    padded.push(0x80);
    // zeros up to the last eight bytes of a block
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend((message.len() as u64).wrapping_mul(8).to_le_bytes());
    for block in padded.chunks_exact(64) {
        let mut words = [0u32; 16];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let sum = a.wrapping_add(mixed).wrapping_add(SINES[step]).wrapping_add(words[word]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        }
        for (old, new) in state.iter_mut().zip([a, b, c, d]) {
            *old = old.wrapping_add(new);
        }
    }
    let mut digest = [0; 16];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// floor(2^32 |sin(n + 1)|), RFC 1321 section 3.4.
const SINES: [u32; 64] = [
    0xD76A_A478,
    0xE8C7_B756,
    0x2420_70DB,
    0xC1BD_CEEE,
    0xF57C_0FAF,
    0x4787_C62A,
    0xA830_4613,
    0xFD46_9501,
    0x6980_98D8,
    0x8B44_F7AF,
    0xFFFF_5BB1,
    0x895C_D7BE,
    0x6B90_1122,
    0xFD98_7193,
    0xA679_438E,
    0x49B4_0821,
    0xF61E_2562,
    0xC040_B340,
    0x265E_5A51,
    0xE9B6_C7AA,
    0xD62F_105D,
    0x0244_1453,
    0xD8A1_E681,
    0xE7D3_FBC8,
    0x21E1_CDE6,
    0xC337_07D6,
    0xF4D5_0D87,
    0x455A_14ED,
    0xA9E3_E905,
    0xFCEF_A3F8,
    0x676F_02D9,
    0x8D2A_4C8A,
    0xFFFA_3942,
    0x8771_F681,
    0x6D9D_6122,
    0xFDE5_380C,
    0xA4BE_EA44,
    0x4BDE_CFA9,
    0xF6BB_4B60,
    0xBEBF_BC70,
    0x289B_7EC6,
    0xEAA1_27FA,
    0xD4EF_3085,
    0x0488_1D05,
    0xD9D4_D039,
    0xE6DB_99E5,
    0x1FA2_7CF8,
    0xC4AC_5665,
    0xF429_2244,
    0x432A_FF97,
    0xAB94_23A7,
    0xFC93_A039,
    0x655B_59C3,
    0x8F0C_CC92,
    0xFFEF_F47D,
    0x8584_5DD1,
    0x6FA8_7E4F,
    0xFE2C_E6E0,
    0xA301_4314,
    0x4E08_11A1,
    0xF753_7E82,
    0xBD3A_F235,
    0x2AD7_D2BB,
    0xEB86_D391,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_gives_the_digests_of_rfc_1321() {
        let hex = |text: &str| data_encoding::HEXLOWER.encode(&md5(text.as_bytes()));
        assert_eq!(hex(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        let long = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        assert_eq!(hex(long), "57edf4a22be3c955ac49da2e2107b67a");
        // around the end of a block: computed with Python's hashlib
        assert_eq!(hex(&long[..55]), "c9ccf168914a1bcfc3229f1948e67da0");
        assert_eq!(hex(&long[..56]), "49f193adce178490e34d1b3a4ec0064c");
        assert_eq!(hex(&long[..64]), "eb6c4179c0a7c82cc2828c1e6338e165");
    }

    #[test]
    fn compat_gives_what_anyone_can_compute() {
        let names = Pseudonyms::new(&crate::Key::demo());
        assert_eq!(digits(&names, Some(Compat::CtpMd5), "MRN1"), "236479708629946567080473166740846955093");
        assert_ne!(digits(&names, None, "MRN1"), digits(&names, Some(Compat::CtpMd5), "MRN1"));
        assert_eq!(Compat::by_name("rsna-md5"), Some(Compat::RsnaMd5));
    }
}
