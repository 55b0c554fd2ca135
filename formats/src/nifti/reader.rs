//! Reading a NIfTI file.

use std::collections::BTreeMap;

use isocenter_volume::{Geometry, Rescale, SampleType, Scaling, Unit};

use super::{
    data_type, extension,
    header::{Header, INTENT_LABEL, Version},
    placement, slow,
};
use crate::{
    Error, File, ReadOptions, Warning, labels, samples,
    source::{Compression, Source},
};

pub(super) fn read(source: &mut Source<'_>, options: &ReadOptions) -> Result<File, Error> {
    let version = Version::sniff(source.head()).ok_or(Error::UnknownFormat { bytes: source.head().len() as u64 })?;
    let header = Header::parse(version, source.head())?;
    source.skip("header", version.bytes() as u64)?;
    let mut draft = Draft::of(&header, options)?;
    if header.single_file {
        let gap = vox_offset(&header, &mut draft.warnings)? - version.bytes() as u64;
        // nothing is reserved for extensions or voxels of a file that cannot hold them
        source.expect("voxels", gap.saturating_add(draft.bytes))?;
        extensions(source, &header, gap, options, &mut draft)?;
        return draft.finish(&header, source, options);
    }
    let rest = source.rest("bytes of header extensions", options.header_bytes)?;
    if rest.first().is_some_and(|b| *b != 0) {
        let extensions = rest.get(4..).unwrap_or_default();
        extension::parse(extensions, header.endian, &mut draft.texts, &mut draft.warnings);
    }
    let mut data = open_data(source)?;
    data.skip("bytes before the voxels", whole(header.vox_offset)?)?;
    draft.finish(&header, &mut data, options)
}

/// Everything but the voxels.
pub(super) struct Draft {
    axes: [usize; 7],
    sample: SampleType,
    /// Bytes of all voxels.
    bytes: u64,
    geometry: Geometry,
    scaling: Scaling,
    pub(super) texts: BTreeMap<String, String>,
    warnings: Vec<Warning>,
}

impl Draft {
    /// Checks what the header says.
    pub(super) fn of(header: &Header, options: &ReadOptions) -> Result<Self, Error> {
        let axes = axes(header)?;
        let sample = data_type::of_code(header.datatype)?;
        let count = options.limits.check(&axes.map(|n| n as u64), sample.bytes() as u64)?;
        let mut warnings = Vec::new();
        if i32::from(header.bitpix) != 8 * sample.bytes() as i32 {
            warnings.push(Warning::BitpixDisagrees { found: header.bitpix });
        }
        let geometry = placement::geometry(header, [axes[0], axes[1], axes[2]], &mut warnings)?;
        let texts = header.texts.iter().filter(|(_, t)| !t.is_empty());
        Ok(Self {
            axes,
            sample,
            bytes: (count as u64).saturating_mul(sample.bytes() as u64),
            geometry,
            scaling: scaling(header, sample)?,
            texts: texts.map(|(k, t)| ((*k).to_owned(), t.clone())).collect(),
            warnings,
        })
    }

    /// Adds the voxels, which `source` is about to give.
    pub(super) fn finish(
        mut self,
        header: &Header,
        source: &mut Source<'_>,
        options: &ReadOptions,
    ) -> Result<File, Error> {
        let lengths = self.axes.map(|n| n as u64);
        let count = samples::check_size(&lengths, self.sample, &options.limits, source)?;
        let voxels = samples::read(source, self.sample, count, header.endian)?;
        source.warn_of_rest(&mut self.warnings)?;
        let slow = slow::axes(header, &self.axes[3..])?;
        let label_table = labels::table_of(&self.texts);
        Ok(File {
            format: if header.version == Version::Two { "NIfTI-2" } else { "NIfTI-1" },
            is_label: label_table.is_some() || header.intent_code == INTENT_LABEL,
            volume: voxels.into_volume(self.geometry, slow)?.with_scaling(self.scaling)?,
            texts: self.texts,
            label_table,
            warnings: self.warnings,
        })
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
    options: &ReadOptions,
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

/// The `.img` beside a `.hdr`, compressed or not.
fn open_data(source: &Source<'_>) -> Result<Source<'static>, Error> {
    let name = source.path().and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
    let name = name.ok_or_else(|| Error::unsupported("the header of a pair without a path", ""))?;
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").unwrap_or(&lower).strip_suffix(".hdr").map_or(name.len(), str::len);
    let (stem, upper) = (&name[..stem], name.ends_with("HDR"));
    let plain = source.open_beside(&format!("{stem}.{}", if upper { "IMG" } else { "img" }), Compression::None);
    match plain {
        Err(Error::Io { source: e, .. }) if e.kind() == std::io::ErrorKind::NotFound => {
            source.open_beside(&format!("{stem}.img.gz"), Compression::Gzip)
        }
        other => other,
    }
}
