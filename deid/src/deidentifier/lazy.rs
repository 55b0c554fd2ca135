//! An instance that was de-identified, about to be written.

use std::path::Path;

use isocenter_dcm::{Instance, Lazy, ReadAt};
use isocenter_files::beside;
use isocenter_volume::Ctx;

use super::payload::{self, Bits};
use crate::audit::Audit;
use crate::error::Error;
use crate::leak::{Hit, LeakScan, Passing};

/// An instance that was de-identified and is not written yet. Its pixel data may still lie in the file that it came from.
#[derive(Debug)]
pub struct Deidentified<R> {
    content: Content<R>,
    audit: Audit,
}

#[derive(Debug)]
enum Content<R> {
    Whole(Box<Instance>),
    /// Pixel data that is copied; of its words, some bits may be no samples.
    Apart(Box<Lazy<R>>, Option<Bits>),
}

impl<R: ReadAt> Deidentified<R> {
    pub(super) fn whole(instance: Instance, audit: Audit) -> Self {
        Self { content: Content::Whole(Box::new(instance)), audit }
    }

    pub(super) fn apart(lazy: Lazy<R>, bits: Option<Bits>, audit: Audit) -> Self {
        Self { content: Content::Apart(Box::new(lazy), bits), audit }
    }

    /// Its header.
    pub fn header(&self) -> &Instance {
        match &self.content {
            Content::Whole(instance) => instance,
            Content::Apart(lazy, _) => lazy.header(),
        }
    }

    /// What was done to it. What is cleared in pixel data that is copied is told by [`write`](Self::write).
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Writes it, whole or not at all, and into a folder that is made where it is missing. What is to be written is searched before: the bytes of the
    /// header as text, the pixel data as samples, in the blocks in which it passes.
    ///
    /// # Errors
    /// [`Error::Left`] where `search` finds anything; [`Error::Dicom`], [`Error::Io`], [`Error::Limit`], [`Error::Cancelled`]. Nothing is then at the path.
    pub fn write(self, path: impl AsRef<Path>, search: Option<&LeakScan>, ctx: &Ctx<'_>) -> Result<Audit, Error> {
        let (path, mut audit) = (path.as_ref(), self.audit);
        let io = |source| Error::Io { path: path.to_owned(), action: "write", source };
        match self.content {
            Content::Whole(instance) => {
                let bytes = instance.to_bytes()?;
                if let Some(search) = search {
                    refuse(search.scan_content(&bytes, ctx)?.into_iter().next())?;
                }
                beside::write_making_folders(path, &bytes).map_err(io)?;
            }
            Content::Apart(lazy, bits) => {
                beside::make_folders(path).map_err(io)?;
                if copy(&lazy, bits.as_ref(), path, search, ctx)? {
                    let vr = lazy.header().pixel_element().map_or(dicom_core::VR::OW, |element| element.vr);
                    audit.entries.push(payload::cleared(vr));
                }
            }
        }
        Ok(audit)
    }
}

/// Copies pixel data from file to file; says whether any of it was cleared.
fn copy<R: ReadAt>(
    lazy: &Lazy<R>,
    bits: Option<&Bits>,
    path: &Path,
    search: Option<&LeakScan>,
    ctx: &Ctx<'_>,
) -> Result<bool, Error> {
    let outgoing = lazy.outgoing()?;
    let [before, after] = outgoing.around();
    if let Some(search) = search {
        refuse([before, after].into_iter().flat_map(|part| search.scan(part)).next())?;
    }
    let mut passing = search.map(|search| Passing::new(search, before, outgoing.pixel_bytes()));
    let (mut changed, mut hit) = (false, None);
    let edit = &mut |block: &mut [u8]| {
        changed |= bits.is_some_and(|bits| bits.clear_all(block));
        hit = passing.as_mut().and_then(|passing| passing.next(block));
        // any error ends the writing
        if hit.is_some() { Err(isocenter_dcm::Error::Cancelled) } else { Ok(()) }
    };
    let written = outgoing.write(path, edit, ctx);
    refuse(hit)?;
    written?;
    Ok(changed)
}

fn refuse(hit: Option<Hit>) -> Result<(), Error> {
    hit.map_or(Ok(()), |hit| Err(Error::Left { hit }))
}
