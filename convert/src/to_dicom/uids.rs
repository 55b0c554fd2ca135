//! New UIDs: derived from what they name by a key, or given.

use std::fmt::Write as _;

use isocenter_dcm::Dataset;
use isocenter_files::Key;
use isocenter_volume::{DynSamples, DynVolume};
use sha2::{Digest, Sha256};

use super::{error::Error, grammar};

/// The UIDs of what is made.
///
/// Derived ones are `2.25.` and 128 bits of an HMAC-SHA-256 under the key, of the volume (grid, slow axes, scaling, samples), the
/// kind, the reference's instances, the template and the options: the same of all of these give the same UIDs anywhere.
///
/// ```
/// use isocenter_convert::to_dicom::Uids;
/// let uids = Uids::given("1.2.3", vec!["1.2.3.1".to_owned(), "1.2.3.2".to_owned()]);
/// # let _ = uids;
/// ```
#[derive(Clone, Debug)]
pub struct Uids {
    key: Key,
    series: Option<String>,
    instances: Option<Vec<String>>,
}

impl Default for Uids {
    /// Derived by a key that is published, for where nobody is to be kept from deriving them too.
    fn default() -> Self {
        Self::derived(Key::demo())
    }
}

impl Uids {
    /// Derived by a key.
    pub const fn derived(key: Key) -> Self {
        Self { key, series: None, instances: None }
    }

    /// A Series Instance UID, and a SOP Instance UID for each object in its order.
    pub fn given(series: impl Into<String>, instances: Vec<String>) -> Self {
        Self { series: Some(series.into()), instances: Some(instances), ..Self::default() }
    }

    /// Sets the Series Instance UID; the others stay as they are.
    #[must_use]
    pub fn with_series(mut self, series: impl Into<String>) -> Self {
        self.series = Some(series.into());
        self
    }

    /// Whether what was given is enough for so many objects.
    pub(super) fn check(&self, objects: usize) -> Result<(), Error> {
        let given = self.series.iter().chain(self.instances.iter().flatten());
        if !given.into_iter().all(|uid| grammar::is_uid(uid)) {
            return Err(Error::Uids { what: "one is no UID" });
        }
        let distinct = |uids: &Vec<String>| uids.iter().collect::<std::collections::BTreeSet<_>>().len() == objects;
        if self.instances.as_ref().is_some_and(|uids| uids.len() != objects || !distinct(uids)) {
            return Err(Error::Uids { what: "there must be one for each object, no two alike" });
        }
        Ok(())
    }

    /// The UIDs of one making.
    pub(super) fn seeded(&self, seed: [u8; 32]) -> Seeded<'_> {
        Seeded { uids: self, seed }
    }
}

/// UIDs of one making.
#[derive(Clone, Debug)]
pub(super) struct Seeded<'a> {
    uids: &'a Uids,
    seed: [u8; 32],
}

impl Seeded<'_> {
    /// The UID of what a word names.
    pub(super) fn of(&self, what: &str) -> String {
        self.uids.key.new_uid("volume to dicom", &[&self.seed, what.as_bytes()])
    }

    pub(super) fn series(&self) -> String {
        self.uids.series.clone().unwrap_or_else(|| self.of("series"))
    }

    pub(super) fn instance(&self, number: usize) -> String {
        let given = self.uids.instances.as_ref().and_then(|uids| uids.get(number).cloned());
        given.unwrap_or_else(|| self.of(&format!("instance {number}")))
    }
}

/// A digest of a volume, of data sets and of words.
pub(super) fn seed(volume: &DynVolume, datasets: &[&Dataset], words: &[&str]) -> Result<[u8; 32], Error> {
    let mut hasher = Sha256::new();
    let head = volume.head();
    let mut text = String::new();
    // numbers print to the last bit
    let _ = write!(text, "{:?} {:?} {:?}", head.geometry(), head.slow_axes(), head.scaling());
    part(&mut hasher, text.as_bytes());
    part(&mut hasher, volume.sample_type().name().as_bytes());
    part(&mut hasher, bytes(volume.samples()).unwrap_or_default());
    for dataset in datasets {
        let file = isocenter_dcm::Instance::new(isocenter_dcm::FileMeta::default(), (*dataset).clone()).to_bytes()?;
        part(&mut hasher, &file);
    }
    words.iter().for_each(|word| part(&mut hasher, word.as_bytes()));
    Ok(hasher.finalize().into())
}

fn part(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// The samples as they lie in memory; complex ones have no place in DICOM.
fn bytes(samples: &DynSamples) -> Option<&[u8]> {
    use bytemuck::cast_slice;
    Some(match samples {
        DynSamples::U8(s) => s,
        DynSamples::I8(s) => cast_slice(s),
        DynSamples::U16(s) => cast_slice(s),
        DynSamples::I16(s) => cast_slice(s),
        DynSamples::U32(s) => cast_slice(s),
        DynSamples::I32(s) => cast_slice(s),
        DynSamples::U64(s) => cast_slice(s),
        DynSamples::I64(s) => cast_slice(s),
        DynSamples::F16(s) => cast_slice(s),
        DynSamples::F32(s) => cast_slice(s),
        DynSamples::F64(s) => cast_slice(s),
        DynSamples::Rgb(s) => cast_slice(s),
        DynSamples::Complex32(_) | DynSamples::Complex64(_) => return None,
    })
}
