//! Headers, opened anew where they are needed.

use isocenter_dcm::{Dataset, Instance};

use crate::{Error, Facts, Options, plan::FrameRef};

/// The files of a plan, whose headers can be asked for.
pub(super) struct Headers<'a> {
    files: &'a [Facts],
    options: &'a Options<'a>,
}

/// A header that was opened.
pub(super) struct Opened(Instance);

impl Opened {
    pub(super) fn dataset(&self) -> &Dataset {
        &self.0.dataset
    }
}

impl<'a> Headers<'a> {
    pub(super) const fn new(files: &'a [Facts], options: &'a Options<'a>) -> Self {
        Self { files, options }
    }

    /// Opens the header of a file.
    pub(super) fn open(&self, file: usize) -> Result<Opened, Error> {
        self.options.ctx.check()?;
        let facts = self.files.get(file).ok_or(Error::OtherFiles)?;
        let opened = facts.place().open_header(&self.options.open());
        opened.map(Opened).map_err(|source| Error::Dicom { file, source })
    }

    /// What each of some frames says in its header, each file opened once where its frames follow each other.
    pub(super) fn each<T>(
        &self,
        frames: &[FrameRef],
        mut of: impl FnMut(&Dataset, usize) -> T,
    ) -> Result<Vec<T>, Error> {
        let mut held: Option<(usize, Opened)> = None;
        let mut found = Vec::with_capacity(frames.len());
        for at in frames {
            let opened = match held.take().filter(|(file, _)| *file == at.file) {
                Some(same) => same,
                None => (at.file, self.open(at.file)?),
            };
            found.push(of(opened.1.dataset(), at.frame));
            held = Some(opened);
        }
        Ok(found)
    }

    /// The instance numbers of frames, from the facts.
    pub(super) fn instance_numbers(&self, frames: &[FrameRef]) -> Option<Vec<f64>> {
        self.facts(frames, |order| order.instance_number)
    }

    /// When frames were acquired, seconds, from the facts.
    pub(super) fn acquired_s(&self, frames: &[FrameRef]) -> Option<Vec<f64>> {
        self.facts(frames, |order| order.acquisition_s)
    }

    fn facts(
        &self,
        frames: &[FrameRef],
        of: impl Fn(&crate::facts::frame::OrderFacts) -> Option<f64>,
    ) -> Option<Vec<f64>> {
        let one = |at: &FrameRef| of(&self.files.get(at.file)?.image().ok()?.frames.get(at.frame)?.order);
        frames.iter().map(one).collect()
    }
}
