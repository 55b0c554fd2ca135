//! A volume of the crate `nifti`, taken apart.

use super::{
    extension,
    header::{Header, Version},
    reader::Draft,
};
use crate::{
    Error, File, ReadOptions,
    endian::Endian,
    fixed::text_of,
    source::{Compression, Source, Stream},
};

/// Reads a file from a header and the bytes of its voxels in the byte order that the header states.
pub(crate) fn read<'a>(
    header: &nifti::NiftiHeader,
    extensions: impl Iterator<Item = (i32, &'a [u8])>,
    voxels: &[u8],
    options: &ReadOptions<'_>,
) -> Result<File, Error> {
    let header = convert(header);
    let mut draft = Draft::of(&header, options)?;
    for (index, (code, content)) in extensions.enumerate() {
        if let Some(text) = extension::text(content) {
            draft.texts.insert(extension::name(index, code), text);
        }
    }
    let mut source = Source::new(Stream::from_bytes(voxels), Compression::None)?.ctx(options.ctx);
    draft.finish(&header, &mut source, options)
}

fn convert(from: &nifti::NiftiHeader) -> Header {
    let wide = |row: [f32; 4]| row.map(f64::from);
    Header {
        version: Version::One,
        endian: if from.endianness == nifti::Endianness::Little { Endian::Little } else { Endian::Big },
        single_file: true,
        // as i16, which the standard says they are
        dim: from.dim.map(|n| i64::from(n as i16)),
        pixdim: from.pixdim.map(f64::from),
        datatype: from.datatype,
        bitpix: from.bitpix,
        vox_offset: f64::from(from.vox_offset),
        scl_slope: f64::from(from.scl_slope),
        scl_inter: f64::from(from.scl_inter),
        toffset: f64::from(from.toffset),
        qform_code: i32::from(from.qform_code),
        sform_code: i32::from(from.sform_code),
        quatern: [from.quatern_b, from.quatern_c, from.quatern_d].map(f64::from),
        qoffset: [from.quatern_x, from.quatern_y, from.quatern_z].map(f64::from),
        srow: [wide(from.srow_x), wide(from.srow_y), wide(from.srow_z)],
        xyzt_units: i32::from(from.xyzt_units),
        intent_code: i32::from(from.intent_code),
        texts: [
            ("data_type", text_of(&from.data_type)),
            ("db_name", text_of(&from.db_name)),
            ("descrip", text_of(&from.descrip)),
            ("aux_file", text_of(&from.aux_file)),
            ("intent_name", text_of(&from.intent_name)),
        ],
    }
}
