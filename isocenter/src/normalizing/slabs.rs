//! A volume file normalized slab by slab: for what is larger than memory.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use isocenter_formats::{ReadOptions, Region, SlabWriter, open, read_head};
use isocenter_normalize::{
    Error as Refused, FittedPipeline, Pipeline,
    spatial::Block,
    stream::{Sink, Source},
};
use isocenter_volume::{Ctx, Head};

use super::{How, refused};
use crate::{
    Error,
    images::{Image, Images},
};

/// Runs steps from a volume file to another, holding about `bytes` of samples at a time.
///
/// The file is not compressed, so that a block is read without what lies before it; the output is NIfTI.
///
/// # Errors
/// [`Error::Usage`] for a compressed file, a series of DICOM, a mask or a picture asked for, a step that looks at the whole image; [`Error::Write`], [`Error::Cancelled`].
pub fn stream(
    images: &Images,
    image: &Image,
    pipeline: &Pipeline,
    how: &How<'_>,
    bytes: usize,
    out: &Path,
    ctx: &Ctx<'_>,
) -> Result<FittedPipeline, Error> {
    let told = |why: &str| Error::usage(format!("{}: {why}", image.path().display()));
    if how.mask.is_some() || how.draws {
        return Err(told("slab by slab there is no mask and no picture: leave --memory out, or these"));
    }
    if images.is_series(image) {
        return Err(told(
            "a series of DICOM is not read slab by slab: `isocenter convert --to nii` makes a file of it",
        ));
    }
    if is_compressed(image.path()).map_err(|source| Error::Io {
        action: "read the volume",
        path: image.path().to_owned(),
        source,
    })? {
        return Err(told(
            "it is compressed, and every slab would be unpacked from the start: --memory wants a file that is not",
        ));
    }
    let options = ReadOptions::default();
    let file = read_head(image.path(), &options).map_err(|error| told(&error.to_string()))?;
    if !how.all_images && file.is_label {
        return Err(told("it is a label map: --images says that it is an image"));
    }
    let assume = how.assume_patient_frame && !file.head.geometry().frame().is_patient();
    let head = if assume { file.head.assume_patient_frame() } else { file.head };
    let mut from = Planes { path: image.path().to_owned(), head, failed: None };
    let mut to = Written { path: out.to_owned(), ctx: *ctx, writer: None, failed: None };
    let done = pipeline.stream(&mut from, &mut to, bytes, ctx);
    if let Some(error) = from.failed {
        return Err(match error {
            isocenter_formats::Error::Cancelled => Error::Cancelled,
            other => told(&other.to_string()),
        });
    }
    if let Some(error) = to.failed {
        return Err(Error::Write(error));
    }
    let record = done.map_err(|error| refused(image.path(), error))?;
    if let Some(writer) = to.writer {
        writer.finish().map_err(Error::Write)?;
    }
    Ok(record)
}

fn is_compressed(path: &Path) -> std::io::Result<bool> {
    let mut magic = Vec::new();
    std::fs::File::open(path)?.take(6).read_to_end(&mut magic)?;
    let known: [&[u8]; 4] = [&[0x1f, 0x8b], b"BZh", &[0x28, 0xb5, 0x2f, 0xfd], &[0xfd, b'7', b'z', b'X', b'Z']];
    Ok(known.iter().any(|known| magic.starts_with(known)))
}

/// Blocks of a file, each read from its place.
struct Planes {
    path: PathBuf,
    head: Head,
    failed: Option<isocenter_formats::Error>,
}

impl Source for Planes {
    fn head(&self) -> &Head {
        &self.head
    }

    fn block(&mut self, step: usize, block: Block, out: &mut [f32]) -> Result<(), Refused> {
        let region = Region::block(block.start, block.size).of_step(step);
        let read = open(&self.path, &ReadOptions::default()).and_then(|opened| opened.read_region(&region));
        match read {
            Ok(file) => {
                let real = file.volume.to_real(&Ctx::default())?;
                out.copy_from_slice(real.voxels());
                Ok(())
            }
            Err(error) => {
                let message = error.to_string();
                self.failed = Some(error);
                Err(Refused::Source { message })
            }
        }
    }
}

/// A file that is written as slabs come.
struct Written<'a> {
    path: PathBuf,
    ctx: Ctx<'a>,
    writer: Option<SlabWriter<'a>>,
    failed: Option<isocenter_formats::Error>,
}

/// That of fast programs; the time of a large volume goes here.
const LEVEL: u32 = 1;

impl Written<'_> {
    fn keep<T>(&mut self, result: Result<T, isocenter_formats::Error>) -> Result<T, Refused> {
        result.map_err(|error| {
            let message = error.to_string();
            self.failed = Some(error);
            Refused::Source { message }
        })
    }
}

impl Sink for Written<'_> {
    fn begin(&mut self, head: &Head) -> Result<(), Refused> {
        let writer = SlabWriter::create(&self.path, head, LEVEL, self.ctx);
        self.writer = Some(self.keep(writer)?);
        Ok(())
    }

    fn put(&mut self, samples: &[f32]) -> Result<(), Refused> {
        let put = self.writer.as_mut().map_or(Ok(()), |writer| writer.put(samples));
        self.keep(put)
    }
}
