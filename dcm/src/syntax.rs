//! Transfer syntaxes: how a data set and its pixels are written.
//!
//! Source: DICOM PS3.5 section 10 and annex A; UIDs from PS3.6 annex A.

/// How a data set is written, told by its UID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferSyntax {
    /// Whether each element says its VR.
    pub explicit_vr: bool,
    /// Whether numbers are big endian.
    pub big_endian: bool,
    /// Whether the data set is deflated as a whole.
    pub deflated: bool,
    /// How the frames are coded.
    pub coding: Coding,
}

/// How frames are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coding {
    /// As they are, one after the other.
    Native,
    /// As they are, a fragment each.
    EncapsulatedUncompressed,
    /// Deflated, a frame each.
    DeflatedFrame,
    /// Run lengths, PS3.5 annex G.
    Rle,
    /// JPEG with the cosine transform (processes 1, 2, 4 and the retired progressive ones).
    Jpeg,
    /// JPEG lossless (process 14).
    JpegLossless,
    /// JPEG-LS, lossless and near-lossless.
    JpegLs,
    /// JPEG 2000 part 1.
    Jpeg2000,
    /// High-throughput JPEG 2000.
    HtJ2k,
    /// JPEG XL.
    JpegXl,
    /// Video.
    Video,
}

impl TransferSyntax {
    /// Explicit VR little endian, the syntax this crate writes native data in.
    pub const EXPLICIT_VR_LITTLE_ENDIAN: &'static str = "1.2.840.10008.1.2.1";
    /// Implicit VR little endian, the default syntax.
    pub const IMPLICIT_VR_LITTLE_ENDIAN: &'static str = "1.2.840.10008.1.2";

    /// The syntax of a UID; `None` where it is none of the standard's.
    ///
    /// ```
    /// use isocenter_dcm::{TransferSyntax, syntax::Coding};
    /// let j2k = TransferSyntax::of("1.2.840.10008.1.2.4.90").ok_or("unknown")?;
    /// assert!(j2k.explicit_vr && j2k.coding == Coding::Jpeg2000);
    /// # Ok::<_, &str>(())
    /// ```
    pub fn of(uid: &str) -> Option<Self> {
        use Coding::*;
        let little = |coding| Self { explicit_vr: true, big_endian: false, deflated: false, coding };
        let rest = uid.strip_prefix("1.2.840.10008.1.2")?;
        Some(match rest {
            "" => Self { explicit_vr: false, ..little(Native) },
            ".1" => little(Native),
            ".2" => Self { big_endian: true, ..little(Native) },
            ".1.98" => little(EncapsulatedUncompressed),
            ".1.99" => Self { deflated: true, ..little(Native) },
            ".5" => little(Rle),
            ".8.1" => little(DeflatedFrame),
            ".4.57" | ".4.70" => little(JpegLossless),
            ".4.80" | ".4.81" => little(JpegLs),
            ".4.90" | ".4.91" | ".4.92" | ".4.93" => little(Jpeg2000),
            ".4.110" | ".4.111" | ".4.112" => little(JpegXl),
            ".4.201" | ".4.202" | ".4.203" => little(HtJ2k),
            _ => {
                let number: u16 = rest.strip_prefix(".4.")?.split('.').next()?.parse().ok()?;
                match number {
                    50..=56 | 58..=66 => little(Jpeg),
                    100..=108 => little(Video),
                    _ => return None,
                }
            }
        })
    }

    /// Whether frames stand in fragments.
    pub const fn is_encapsulated(&self) -> bool {
        !matches!(self.coding, Coding::Native)
    }

    /// Whether decoding may give other values than were put in: the lossy codecs.
    pub fn is_lossy(uid: &str) -> bool {
        let number = uid.strip_prefix("1.2.840.10008.1.2.4.").and_then(|n| n.split('.').next()?.parse::<u16>().ok());
        number.is_some_and(|n| matches!(n, 50..=56 | 58..=66 | 81 | 91 | 93 | 100..=108 | 111 | 112 | 203))
    }
}
