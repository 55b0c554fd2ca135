//! What is kept of one file.

use std::{fmt, path::Path};

use isocenter_dcm::{
    ReadAt, ReadLimits,
    scan::{FileKind, Kind, Place, Scanned},
};
use rayon::prelude::*;

use super::{ImageFacts, triage};
use crate::Reason;

/// What a plan and a reading need of one file: where its bytes are, and what its header says of its frames.
///
/// The header itself may go, so that the facts of many files are held where their headers could not be: keep nothing else of a
/// scan ([`scan_with`](isocenter_dcm::scan::scan_with)). They hold identifiers; `Debug` prints none.
///
/// ```no_run
/// use isocenter_convert::Facts;
/// use isocenter_dcm::scan::scan_with;
/// use isocenter_volume::Ctx;
/// let files = scan_with(&["study"], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file))?;
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone)]
pub struct Facts {
    place: Place,
    found: Result<Box<ImageFacts>, Reason>,
    /// Series Instance UID of an image that cannot become a volume.
    series_uid: Option<String>,
}

impl Facts {
    /// The facts of one file.
    pub fn of(scanned: &Scanned) -> Self {
        let found = look(scanned).map(Box::new);
        let series_uid = match (&found, &scanned.kind) {
            (Err(_), Kind::Dicom(instance)) => instance.series_instance_uid(),
            (Err(_), Kind::Failed(_)) => salvaged(scanned),
            _ => None,
        };
        Self { place: scanned.place(), found, series_uid }
    }

    /// The facts of all files of a scan, in its order; on the rayon pool of the caller.
    pub fn of_all(scanned: &[Scanned]) -> Vec<Self> {
        scanned.par_iter().map(Self::of).collect()
    }

    /// Where the file lies.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The path as the scan had it.
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Why the file cannot become a volume, as far as it alone tells.
    pub fn refusal(&self) -> Option<&Reason> {
        self.found.as_ref().err()
    }

    /// Number of its frames, a mosaic being one; 0 for what cannot become a volume, as far as it alone tells.
    pub fn frames(&self) -> usize {
        self.found.as_ref().map_or(0, |image| image.frames.len())
    }

    /// The facts of a file that is not opened, or not what it was.
    #[cfg(feature = "serde")]
    pub(crate) const fn refused(place: Place, reason: Reason) -> Self {
        Self { place, found: Err(reason), series_uid: None }
    }

    pub(crate) fn series_uid(&self) -> Option<&str> {
        self.series_uid.as_deref()
    }

    pub(crate) fn image(&self) -> Result<&ImageFacts, &Reason> {
        self.found.as_deref()
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Facts");
        match &self.found {
            Ok(image) => shown.field("frames", &image.frames.len()).field("sample_type", &image.sample_type),
            Err(reason) => shown.field("refusal", reason),
        };
        shown.finish_non_exhaustive()
    }
}

/// The Series Instance UID in the first bytes of a file that could not be opened: what follows the Study Instance UID, explicit or
/// implicit, little endian.
fn salvaged(scanned: &Scanned) -> Option<String> {
    let bytes = scanned.place().bytes(&ReadLimits::default()).ok()?;
    let mut head = vec![0; usize::try_from(bytes.size().ok()?).ok()?.min(SALVAGED_BYTES)];
    bytes.read_exact_at(&mut head, 0).ok()?;
    // value and end of a UID whose tag is at a place
    let uid = |at: usize, tag: [u8; 4]| {
        let header = head.get(at..at + 8).filter(|header| header.starts_with(&tag))?;
        let length = match header.get(4..)? {
            [b'U', b'I', low, high] => usize::from(u16::from_le_bytes([*low, *high])),
            [low, high, 0, 0] => usize::from(u16::from_le_bytes([*low, *high])),
            _ => return None,
        };
        let text = std::str::from_utf8(head.get(at + 8..at + 8 + length)?).ok()?.trim_end_matches(['\0', ' ']);
        let is_uid = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        is_uid.then(|| (text.to_owned(), at + 8 + length))
    };
    let starts = head.windows(4).enumerate().filter(|(_, tag)| *tag == STUDY_UID).map(|(at, _)| at);
    starts.filter_map(|at| uid(uid(at, STUDY_UID)?.1, SERIES_UID)).map(|(text, _)| text).next()
}

const STUDY_UID: [u8; 4] = [0x20, 0, 0x0D, 0];
const SERIES_UID: [u8; 4] = [0x20, 0, 0x0E, 0];

/// How far a damaged file is looked into: its identifiers stand before its private elements and its pixels.
const SALVAGED_BYTES: usize = 1 << 18;

/// Gathers the facts of one file, or says why it is none of our business.
fn look(scanned: &Scanned) -> Result<ImageFacts, Reason> {
    let instance = match &scanned.kind {
        Kind::Dicom(instance) => instance,
        Kind::Directory(_) => return Err(Reason::NotAnImage(Some("Media Storage Directory"))),
        Kind::NotDicom(FileKind::Empty) => return Err(Reason::Unreadable("empty-file")),
        Kind::NotDicom(kind) if kind.is_unopened() => return Err(Reason::NotAFile(*kind)),
        Kind::NotDicom(kind) if kind.is_packed() => return Err(Reason::Archive(*kind)),
        Kind::NotDicom(_) => return Err(Reason::NotDicom),
        Kind::Failed(error) => return Err(error.into()),
        _ => return Err(Reason::NotDicom),
    };
    if let Some(reason) = triage::refusal(instance) {
        return Err(reason);
    }
    let uid = instance.sop_instance_uid().ok_or(Reason::NoInstanceUid)?;
    ImageFacts::of(instance, uid, scanned.bytes)
}
