//! Originals under lock in the instance itself: the Encrypted Attributes Sequence (0400,0500), and the way back by a private key.
//!
//! [`Deidentifier::with_recipients`](crate::Deidentifier::with_recipients) copies what it changes into a data set of its own, encrypts that to the certificates of
//! whoever may have it back ([`Recipient`]), and puts it into the instance. [`open`] shows the originals to the holder of a [`PrivateKey`]; [`restore`] puts them back.
//! No table is kept, and whoever de-identifies needs no secret.
//!
//! What to know before:
//! - An envelope is random: two runs differ in its bytes, and in nothing else.
//! - It hides and does not sign. Anybody with the certificate can make one, so that originals are believed as much as the file is.
//! - It is as good as its key for as long as the file is kept. PS3.15 E.1.1 warns of that itself: what is sealed today may be opened in decades.
//! - Its size tells how long the originals are; the key identifier of the recipient's certificate stands in the clear.
//! - Pixel data is not sealed.
//!
//! Source: DICOM PS3.15 E.1.1 steps 1 to 5, E.1.2; PS3.3 C.12.1.1.4; RFC 5652, RFC 3370, RFC 3565. RSA is AWS-LC's (C), the ciphers are RustCrypto's.
//!
//! # Examples
//! ```no_run
//! use isocenter_dcm::OpenOptions;
//! use isocenter_deid::encrypted::{self, Originals, PrivateKey, Recipient};
//! use isocenter_deid::{Ctx, Deidentifier, Key, Profile};
//!
//! let trial = Recipient::from_certificate(&std::fs::read("trial.crt")?)?;
//! let mut instance = OpenOptions::new().open("scan.dcm")?;
//! let deidentifier = Deidentifier::new(Profile::basic(), &Key::demo()).with_recipients(vec![trial], Originals::Identity);
//! deidentifier.apply(&mut instance, "MRN1", &Ctx::default())?;
//!
//! let key = PrivateKey::from_bytes(&std::fs::read("trial.key")?, None)?;
//! encrypted::restore(&mut instance, &key)?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod ber;
mod cipher;
mod content;
mod envelope;
mod error;
mod oid;
mod originals;
mod pem;
mod private_key;
mod recipient;
mod sealing;

use dicom_core::header::Header;
use dicom_core::{DataElement, Tag, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Instance, text, value};

pub use self::error::Error;
pub use self::originals::Originals;
pub use self::private_key::PrivateKey;
pub use self::recipient::Recipient;
pub(crate) use self::sealing::Sealing;

/// Items that are looked at.
const MOST_ITEMS: usize = 64;
/// Elements whose samples are not read with a header.
const PIXELS: [Tag; 3] = [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA];

/// The originals that are sealed in a data set: the attributes of the first envelope that the key opens (PS3.15 E.1.2 step 1). They identify.
///
/// # Errors
/// [`Error::NotSealed`]; [`Error::OtherKey`], also for what was changed; [`Error::Envelope`], [`Error::Unsupported`], [`Error::Limit`], [`Error::Random`].
pub fn open(dataset: &Dataset, key: &PrivateKey) -> Result<Dataset, Error> {
    let items = value::sequence(dataset, tags::ENCRYPTED_ATTRIBUTES_SEQUENCE).ok_or(Error::NotSealed)?;
    let mut failed = Error::NotSealed;
    for item in items.iter().take(MOST_ITEMS) {
        let syntax = value::string(item, tags::ENCRYPTED_CONTENT_TRANSFER_SYNTAX_UID).unwrap_or_default();
        let Some(sealed) = item.get(tags::ENCRYPTED_CONTENT) else { continue };
        match envelope::open(&value::bytes(sealed), key, |content| content::read(content, syntax.trim())) {
            Ok(originals) => return Ok(originals),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Puts the originals that are sealed in an instance back, in place, and says how many attributes those are (PS3.15 E.1.2): what stands in their place goes, the
/// Encrypted Attributes Sequence too, Patient Identity Removed becomes NO, and what tells of the de-identification is removed. A header alone will do.
///
/// # Errors
/// As [`open`]; [`Error::Unsupported`] where pixel data is sealed and only the header was read. The instance is then as it was.
pub fn restore(instance: &mut Instance, key: &PrivateKey) -> Result<usize, Error> {
    let originals = open(&instance.dataset, key)?;
    if instance.is_header_only() && originals.tags().any(|tag| PIXELS.contains(&tag)) {
        return Err(Error::Unsupported { what: "pixel data is sealed: the instance has to be read whole" });
    }
    let dataset = &mut instance.dataset;
    for tag in [
        tags::ENCRYPTED_ATTRIBUTES_SEQUENCE,
        tags::DEIDENTIFICATION_METHOD,
        tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
        tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
    ] {
        dataset.remove_element(tag);
    }
    let mut count = 0;
    for original in originals {
        let tag = original.tag();
        // groups of files and messages have no place in a data set
        if tag.group() >= 0x0008 && tag.element() != 0 {
            count += usize::from(tag != tags::SPECIFIC_CHARACTER_SET);
            dataset.put(original);
        }
    }
    dataset.put(DataElement::new(tags::PATIENT_IDENTITY_REMOVED, VR::CS, "NO"));
    for tag in [tags::DEIDENTIFICATION_METHOD, tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE] {
        dataset.remove_element(tag);
    }
    text::declare_utf8(dataset);
    if let Some(uid) = instance.sop_instance_uid() {
        instance.meta.media_storage_sop_instance_uid = uid;
    }
    if let Some(uid) = instance.sop_class_uid() {
        instance.meta.media_storage_sop_class_uid = uid;
    }
    Ok(count)
}
