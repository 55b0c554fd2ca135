//! Originals into an instance.

use std::sync::Arc;

use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use dicom_dictionary_std::tags;
use isocenter_dcm::{Dataset, Element};

use super::error::Error;
use super::originals::Originals;
use super::recipient::Recipient;
use super::{content, envelope};
use crate::dummy;
use crate::leak::LeakScan;

/// Envelopes that are made until one holds no known value by chance.
const TRIES: usize = 16;

/// To whom originals are sealed, and which.
#[derive(Clone, Debug)]
pub(crate) struct Sealing {
    recipients: Arc<[Recipient]>,
    originals: Originals,
}

impl Sealing {
    /// `None` without a recipient.
    pub(crate) fn new(recipients: Vec<Recipient>, originals: Originals) -> Option<Self> {
        (!recipients.is_empty()).then(|| Self { recipients: recipients.into(), originals })
    }

    /// What may have to be sealed of an instance that is not de-identified yet.
    pub(crate) fn before(&self, dataset: &Dataset) -> Dataset {
        self.originals.before(dataset)
    }

    /// The Encrypted Attributes Sequence of an instance that was de-identified; `None` where nothing was changed.
    ///
    /// # Errors
    /// [`Error::Limit`], [`Error::Write`], [`Error::Random`].
    pub(crate) fn seal(&self, before: &Dataset, after: &Dataset, known: &LeakScan) -> Result<Option<Element>, Error> {
        let originals = self.originals.changed(before, after);
        if originals.iter().next().is_none() {
            return Ok(None);
        }
        let plain = content::write(originals)?;
        let mut sealed = envelope::seal(&plain, &self.recipients)?;
        // Random bytes may spell a short value. The search of what is written would not tell that from the value itself.
        for _ in 1..TRIES {
            if known.scan(&sealed).is_empty() {
                break;
            }
            sealed = envelope::seal(&plain, &self.recipients)?;
        }
        if sealed.len() % 2 == 1 {
            sealed.push(0);
        }
        let item = Dataset::from_element_iter([
            DataElement::new(tags::ENCRYPTED_CONTENT_TRANSFER_SYNTAX_UID, VR::UI, content::SYNTAX),
            DataElement::new(tags::ENCRYPTED_CONTENT, VR::OB, PrimitiveValue::U8(sealed.into())),
        ]);
        Ok(Some(dummy::sequence(tags::ENCRYPTED_ATTRIBUTES_SEQUENCE, vec![item])))
    }
}
