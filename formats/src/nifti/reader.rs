//! Reading a NIfTI file.

use std::collections::BTreeMap;

use isocenter_volume::{Ctx, Geometry, Head, Rescale, SampleType, Scaling, Unit};

use super::{
    data_type, extension,
    header::{Header, INTENT_LABEL, Version},
    placement, slow,
};
use crate::{
    Error, File, FileHead, Opened, ReadOptions, Warning, labels, pair,
    samples::{self, Layout},
    source::Source,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let (header, draft) = begin(&mut source, options)?;
    let (layout, ctx) = (draft.layout.clone(), options.ctx);
    let head = draft.into_head(&header)?;
    let read = move |head: FileHead, layout: Layout| {
        if header.single_file {
            return finish(&mut source, head, layout, &ctx);
        }
        let mut data = pair::open_data(&source)?;
        data.skip("bytes before the voxels", whole(header.vox_offset)?)?;
        finish(&mut data, head, layout, &ctx)
    };
    Ok(Opened::new(head, layout, read))
}

/// Adds the voxels, which `source` is about to give.
fn finish(source: &mut Source<'_>, mut head: FileHead, layout: Layout, ctx: &Ctx<'_>) -> Result<File, Error> {
    let samples = samples::read(source, layout, ctx)?;
    source.warn_of_rest(&mut head.warnings)?;
    head.with_samples(samples)
}

/// Reads up to the voxels of a single file, or all of the header of a pair.
fn begin(source: &mut Source<'_>, options: &ReadOptions<'_>) -> Result<(Header, Draft), Error> {
    let version = Version::sniff(source.head()).ok_or(Error::UnknownFormat { bytes: source.head().len() as u64 })?;
    let header = Header::parse(version, source.head())?;
    source.skip("header", version.bytes() as u64)?;
    let mut draft = Draft::of(&header, options)?;
    if header.single_file {
        let gap = vox_offset(&header, &mut draft.warnings)? - version.bytes() as u64;
        // nothing is reserved for extensions or voxels of a file that cannot hold them
        source.expect("voxels", gap.saturating_add(draft.layout.bytes()))?;
        extensions(source, &header, gap, options, &mut draft)?;
        return Ok((header, draft));
    }
    let rest = source.rest("bytes of header extensions", options.header_bytes)?;
    if rest.first().is_some_and(|b| *b != 0) {
        let extensions = rest.get(4..).unwrap_or_default();
        extension::parse(extensions, header.endian, &mut draft.texts, &mut draft.warnings);
    }
    Ok((header, draft))
}

/// Everything but the voxels.
pub(super) struct Draft {
    axes: [usize; 7],
    pub(super) layout: Layout,
    geometry: Geometry,
    scaling: Scaling,
    pub(super) texts: BTreeMap<String, String>,
    pub(super) warnings: Vec<Warning>,
}

impl Draft {
    /// Checks what the header says.
    pub(super) fn of(header: &Header, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let axes = axes(header)?;
        let sample = data_type::of_code(header.datatype)?;
        let count = options.ctx.limits().check(&axes.map(|n| n as u64), sample.bytes() as u64)?;
        let mut warnings = Vec::new();
        if i32::from(header.bitpix) != 8 * sample.bytes() as i32 {
            warnings.push(Warning::BitpixDisagrees { found: header.bitpix });
        }
        let geometry = placement::geometry(header, [axes[0], axes[1], axes[2]], &mut warnings)?;
        let texts = header.texts.iter().filter(|(_, t)| !t.is_empty());
        Ok(Self {
            axes,
            layout: Layout::new(sample, count, header.endian),
            geometry,
            scaling: scaling(header, sample)?,
            texts: texts.map(|(k, t)| ((*k).to_owned(), t.clone())).collect(),
            warnings,
        })
    }

    pub(super) fn into_head(self, header: &Header) -> Result<FileHead, Error> {
        let slow = slow::axes(header, &self.axes[3..])?;
        let label_table = labels::table_of(&self.texts);
        Ok(FileHead {
            format: if header.version == Version::Two { "NIfTI-2" } else { "NIfTI-1" },
            head: Head::new(self.geometry).with_slow_axes(slow)?.with_scaling(self.scaling)?,
            sample_type: self.layout.sample,
            is_label: label_table.is_some() || header.intent_code == INTENT_LABEL,
            texts: self.texts,
            label_table,
            warnings: self.warnings,
        })
    }

    /// Adds the voxels, which `source` is about to give.
    #[cfg(feature = "nifti")]
    pub(super) fn finish(
        self,
        header: &Header,
        source: &mut Source<'_>,
        options: &ReadOptions<'_>,
    ) -> Result<File, Error> {
        let layout = self.layout.clone();
        finish(source, self.into_head(header)?, layout, &options.ctx)
    }
}

/// Lengths of all seven axes.
fn axes(header: &Header) -> Result<[usize; 7], Error> {
    let used = header.dim[0];
    if !(1..=7).contains(&used) {
        return Err(Error::malformed("dim[0]", used, "1 to 7 axes"));
    }
    let mut axes = [1; 7];
    for (n, axis) in axes.iter_mut().enumerate().take(used as usize) {
        let len = header.dim[n + 1];
        *axis = usize::try_from(len)
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| Error::malformed("dim", len, "an axis of at least 1"))?;
    }
    Ok(axes)
}

fn scaling(header: &Header, sample: SampleType) -> Result<Scaling, Error> {
    let slope = header.scl_slope;
    // nifti1.h: a slope of 0 is no scaling, and the scaling of colours is ignored; not finite is taken as nibabel takes it
    if slope == 0.0 || !slope.is_finite() || sample == SampleType::Rgb {
        return Ok(Scaling::default());
    }
    if !header.scl_inter.is_finite() {
        return Err(Error::malformed("scl_inter", header.scl_inter, "a number, since scl_slope is one"));
    }
    Ok(Scaling::uniform(Rescale::new(slope, header.scl_inter)?, Unit::Arbitrary))
}

/// Where the voxels of a single file begin.
fn vox_offset(header: &Header, warnings: &mut Vec<Warning>) -> Result<u64, Error> {
    let least = header.version.bytes() as u64 + 4;
    match whole(header.vox_offset)? {
        0 => {
            warnings.push(Warning::VoxOffsetZero);
            Ok(least)
        }
        offset if offset < least => Err(Error::malformed("vox_offset", offset, "0, or a place after the header")),
        offset => Ok(offset),
    }
}

fn whole(offset: f64) -> Result<u64, Error> {
    // 2^53: past this, f64 is no address
    if (0.0..9_007_199_254_740_992.0).contains(&offset) && offset == offset.trunc() {
        Ok(offset as u64)
    } else {
        Err(Error::malformed("vox_offset", offset, "a whole number of bytes"))
    }
}

/// Reads what lies between header and voxels.
fn extensions(
    source: &mut Source<'_>,
    header: &Header,
    bytes: u64,
    options: &ReadOptions<'_>,
    draft: &mut Draft,
) -> Result<(), Error> {
    let mut extender = [0; 4];
    source.fill("extender", &mut extender)?;
    let bytes = bytes - 4;
    if extender[0] == 0 {
        return source.skip("bytes before the voxels", bytes);
    }
    if bytes > options.header_bytes {
        return Err(Error::Limit { what: "bytes of header extensions", asked: bytes, limit: options.header_bytes });
    }
    let mut content = vec![0; bytes as usize];
    source.fill("header extensions", &mut content)?;
    extension::parse(&content, header.endian, &mut draft.texts, &mut draft.warnings);
    Ok(())
}

/// The files that may hold the voxels of a pair; none for a single file.
pub(super) fn data_files(source: &mut Source<'_>) -> Result<Vec<String>, Error> {
    let version = Version::sniff(source.head()).ok_or(Error::UnknownFormat { bytes: source.head().len() as u64 })?;
    if Header::parse(version, source.head())?.single_file {
        return Ok(Vec::new());
    }
    Ok(pair::data_names(source)?.to_vec())
}
