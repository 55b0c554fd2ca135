//! Why originals could not be sealed or opened. No message holds a value of an element.

use isocenter_volume::Family;

/// Why originals could not be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Bytes that are no certificate.
    #[error("the certificate: {what}")]
    Certificate {
        /// What is wrong with it.
        what: &'static str,
    },
    /// Bytes that are no private key.
    #[error("the private key: {what}")]
    Key {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A private key that is encrypted, under no passphrase or another one.
    #[error("the private key is encrypted: its passphrase is missing, or is another")]
    Passphrase,
    /// An instance without Encrypted Attributes.
    #[error("the instance has no Encrypted Attributes Sequence (0400,0500)")]
    NotSealed,
    /// Encrypted Content (0400,0520) that is no envelope.
    #[error("the envelope in (0400,0520): {what}")]
    Envelope {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A certificate, key or envelope of a kind that is not taken.
    #[error("{what}")]
    Unsupported {
        /// Of which kind it is, and what is taken.
        what: &'static str,
    },
    /// More than is taken.
    #[error("{what}: {asked} asked for, limit is {limit}")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// How much was asked for.
        asked: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// It opens under no key of the envelope. Which of the three it is cannot be told, and shall not be: whoever could ask often enough would learn the content.
    #[error("it is sealed to another key, was changed, or holds no Modified Attributes Sequence (0400,0550)")]
    OtherKey,
    /// The originals could not be written as a data set.
    #[error("the originals could not be written as a data set: {reason}")]
    Write {
        /// The code of the writer's reason.
        reason: &'static str,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    Random,
}

impl Error {
    /// A short, stable code of the reason, such as `other-key`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Certificate { .. } => "bad-certificate",
            Self::Key { .. } | Self::Passphrase => "bad-private-key",
            Self::NotSealed => "not-sealed",
            Self::Envelope { .. } => "bad-envelope",
            Self::Unsupported { .. } => "unsupported-envelope",
            Self::Limit { .. } => "limit",
            Self::OtherKey => "other-key",
            Self::Write { reason } => reason,
            Self::Random => "no-randomness",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Certificate { .. } | Self::Key { .. } | Self::Passphrase | Self::OtherKey => Family::Argument,
            Self::NotSealed | Self::Unsupported { .. } => Family::Unsupported,
            Self::Envelope { .. } | Self::Write { .. } => Family::Malformed,
            Self::Limit { .. } => Family::Limit,
            Self::Random => Family::Io,
        }
    }
}
