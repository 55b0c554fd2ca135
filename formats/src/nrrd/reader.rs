//! Reading an NRRD file.

use super::{axes::Roles, data, fields::Fields, header::Header, kinds, permute::permute, place};
use crate::{
    Error, File, ReadOptions, labels,
    samples::Samples,
    source::{Compression, Source},
};

pub(super) fn read(source: &mut Source<'_>, options: &ReadOptions) -> Result<File, Error> {
    let mut warnings = Vec::new();
    let fields = Fields::read(source, options.header_bytes, &mut warnings)?;
    let header = Header::parse(&fields)?;
    let roles = Roles::of(&header)?;
    let lengths: Vec<u64> = header.axes[roles.joined..].iter().map(|a| a.size).collect();
    options.limits.check(&lengths, roles.sample.bytes() as u64)?;
    let geometry = place::geometry(&header, &roles, &mut warnings)?;

    let voxels = match &header.data_file {
        None => data::read(source, &header, roles.sample, &lengths, &options.limits, &mut warnings)?,
        Some(name) => {
            // the encoding is undone by what reads the data: here the bytes are taken as they lie
            let mut beside = source.open_beside(name, Compression::None)?;
            data::read(&mut beside, &header, roles.sample, &lengths, &options.limits, &mut warnings)?
        }
    };
    let shape: Vec<usize> = lengths.iter().map(|n| *n as usize).collect();
    let voxels = reorder(voxels, &shape, &roles.order());
    let slow = roles.slow.iter().map(|n| kinds::slow_axis(&header.axes[*n])).collect::<Result<Vec<_>, _>>()?;
    let label_table = labels::table_of(&fields.texts);
    Ok(File {
        format: "NRRD",
        volume: voxels.into_volume(geometry, slow)?,
        is_label: label_table.is_some(),
        texts: fields.texts,
        label_table,
        warnings,
    })
}

fn reorder(samples: Samples, shape: &[usize], order: &[usize]) -> Samples {
    macro_rules! each {
        ($($arm:ident),*) => {
            match samples {
                $(Samples::$arm(v) => Samples::$arm(permute(v, shape, order)),)*
            }
        };
    }
    each!(U8, I8, U16, I16, U32, I32, U64, I64, F32, F64, Complex32, Complex64, Rgb)
}
