//! Writing a NIfTI file.

use isocenter_volume::{Head, Rescale, SampleType};

use super::{
    data_type, extension,
    header::{Header, INTENT_LABEL, Version},
    placement, slow,
};
use crate::{
    Error, File, WriteOptions,
    endian::Endian,
    labels::{self, caret},
    pace::Paced,
    samples,
    target::Target,
};

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    let version = if options.nifti2 { Version::Two } else { Version::One };
    let mut header = header_of(file, version)?;
    let extensions = extension::to_bytes(&file.texts, &extensions_of(file));
    header.single_file = !target.is_pair();
    if header.single_file {
        header.vox_offset = (version.bytes() + 4 + extensions.len()) as f64;
    }
    target.header(&header.to_bytes())?;
    if header.single_file || !extensions.is_empty() {
        target.header(&[u8::from(!extensions.is_empty()), 0, 0, 0])?;
        target.header(&extensions)?;
    }
    let stage = options.ctx.stage("voxels", samples::bytes_written(file.volume.samples()));
    samples::write(file.volume.samples(), &mut Paced::new(target.data(), &stage)).map_err(Error::io)
}

/// The header of a file, but for where its voxels are.
pub(super) fn header_of(file: &File, version: Version) -> Result<Header, Error> {
    let mut header = header_of_head(file.volume.head(), file.volume.sample_type(), version)?;
    if file.is_label {
        header.intent_code = INTENT_LABEL;
    }
    for (key, text) in &mut header.texts {
        if let Some(given) = file.texts.get(*key) {
            given.clone_into(text);
        }
    }
    Ok(header)
}

/// The header of a volume without texts.
pub(super) fn header_of_head(head: &Head, samples: SampleType, version: Version) -> Result<Header, Error> {
    let pair = head.scaling().as_uniform().ok_or(Error::PerPlaneScaling)?;
    let mut header = empty(version, data_type::code_of(samples)?, pair);
    for (n, len) in head.shape().into_iter().enumerate() {
        header.dim[n + 1] = len as i64;
    }
    slow::set(&mut header, head.slow_axes())?;
    if let Some(long) = header.dim.iter().find(|n| version == Version::One && **n > i64::from(i16::MAX)) {
        return Err(Error::unsupported("an axis above 32767 in NIfTI-1; WriteOptions::with_nifti2 can hold it", long));
    }
    placement::set(&mut header, head.geometry());
    if version == Version::One {
        header.check_single()?;
    }
    Ok(header)
}

/// The extension that holds the label table, where there is one.
pub(super) fn extensions_of(file: &File) -> Vec<(i32, String)> {
    let table = file.label_table.as_ref().filter(|t| !t.is_empty());
    table.map(|t| (caret::CODE, caret::to_text(&labels::with_colours(t, &file.texts)))).into_iter().collect()
}

fn empty(version: Version, (datatype, bitpix): (i16, i16), scaling: Rescale) -> Header {
    Header {
        version,
        endian: Endian::Little,
        single_file: true,
        dim: [3, 1, 1, 1, 1, 1, 1, 1],
        pixdim: [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        datatype,
        bitpix,
        vox_offset: 0.0,
        scl_slope: scaling.slope(),
        scl_inter: scaling.intercept(),
        toffset: 0.0,
        qform_code: 0,
        sform_code: 0,
        quatern: [0.0; 3],
        qoffset: [0.0; 3],
        srow: [[0.0; 4]; 3],
        // millimetres
        xyzt_units: 2,
        intent_code: 0,
        texts: ["data_type", "db_name", "descrip", "aux_file", "intent_name"].map(|key| (key, String::new())),
    }
}
