//! Writing a document.

use isocenter_volume::{Complex, DynSamples, SampleType};

use super::{
    super::{
        extension,
        header::Version,
        writer::{extensions_of, header_of},
    },
    array, bjdata, fields,
    tree::{Tree, Typed},
};
use crate::{Error, File, WriteOptions, gzip, pace::Paced, samples, target::Target, walk::Walk};

/// The version of the specification that is followed.
const VERSION: &str = "0.5";

pub(super) fn write(
    file: &File,
    target: &mut Target<'_>,
    options: &WriteOptions<'_>,
    is_text: bool,
) -> Result<(), Error> {
    let header = header_of(file, Version::Two)?;
    let volume = &file.volume;
    let used = usize::try_from(header.dim[0]).unwrap_or(0).min(7);
    let mut lengths: Vec<u64> = header.dim[1..=used].iter().map(|n| n.unsigned_abs()).collect();
    // the last index varies fastest
    let in_file: Vec<usize> = lengths.iter().rev().map(|n| *n as usize).collect();
    let order: Vec<usize> = (0..used).rev().collect();
    let walk = Walk::new(&in_file, &order);

    let stage = options.ctx.stage("voxels", samples::bytes_written(volume.samples()));
    let mut packed = Vec::new();
    let mut encoder = gzip::Encoder::zlib(&mut packed, options.level, &options.ctx).map_err(Error::io)?;
    for part in parts(volume.samples()) {
        let out = &mut Paced::new(&mut encoder, &stage);
        let written = match walk.clone() {
            Some(walk) => samples::write_walked(&part, walk, out),
            None => samples::write(&part, out),
        };
        written.map_err(Error::io)?;
    }
    encoder.finish().map_err(Error::io)?;

    let sample = volume.sample_type();
    let is_complex = matches!(sample, SampleType::Complex32 | SampleType::Complex64);
    let mut numbers = volume.samples().len() as i128;
    if sample == SampleType::Rgb {
        lengths.push(3);
        numbers *= 3;
    }
    let whole = |list: &[u64]| Tree::List(list.iter().map(|n| Tree::Whole(i128::from(*n))).collect());
    let mut data = vec![
        ("_ArrayType_".to_owned(), Tree::text(array::name_of(sample))),
        ("_ArraySize_".to_owned(), whole(&lengths)),
    ];
    if is_complex {
        data.push(("_ArrayIsComplex_".to_owned(), Tree::Truth(true)));
    }
    let rows = if is_complex { 2 } else { 1 };
    data.push(("_ArrayZipType_".to_owned(), Tree::text("zlib")));
    data.push(("_ArrayZipSize_".to_owned(), Tree::List(vec![Tree::Whole(rows), Tree::Whole(numbers)])));
    data.push(("_ArrayZipData_".to_owned(), Tree::Typed(Box::new(Typed::of_bytes(packed)))));

    let serial = if is_text { "https://json.org" } else { "https://neurojson.org/bjdata/draft2" };
    let info = Tree::object([
        ("JNIFTIVersion", Tree::text(VERSION)),
        ("AnnotationFormat", Tree::text("https://neurojson.org/jnifti/draft2")),
        ("SerialFormat", Tree::text(serial)),
    ]);
    let mut document = vec![
        ("_DataInfo_".to_owned(), info),
        ("NIFTIHeader".to_owned(), fields::written(&header)),
        ("NIFTIData".to_owned(), Tree::Object(data)),
    ];
    let extensions = extensions(file);
    if !extensions.is_empty() {
        document.push(("NIFTIExtension".to_owned(), Tree::List(extensions)));
    }
    let document = Tree::Object(document);
    let bytes = if is_text {
        serde_json::Value::from(document).to_string().into_bytes()
    } else {
        let mut bytes = Vec::new();
        bjdata::write(&document, &mut bytes);
        bytes
    };
    target.header(&bytes)
}

/// The samples; of complex ones the real parts, then the imaginary ones.
fn parts(samples: &DynSamples) -> Vec<DynSamples> {
    fn both<T: Copy>(all: &[Complex<T>]) -> Vec<DynSamples>
    where
        DynSamples: From<Vec<T>>,
    {
        let real: Vec<T> = all.iter().map(|c| c.re).collect();
        let imaginary: Vec<T> = all.iter().map(|c| c.im).collect();
        vec![real.into(), imaginary.into()]
    }
    match samples {
        DynSamples::Complex32(all) => both(all.as_slice()),
        DynSamples::Complex64(all) => both(all.as_slice()),
        other => vec![other.clone()],
    }
}

/// The header extensions, each a byte stream.
fn extensions(file: &File) -> Vec<Tree> {
    let bytes = extension::to_bytes(&file.texts, &extensions_of(file));
    let mut rest = bytes.as_slice();
    let mut out = Vec::new();
    while let Some((size, behind)) = rest.split_first_chunk::<4>() {
        let size = i32::from_le_bytes(*size).max(8) as usize;
        let code = behind.first_chunk::<4>().map_or(0, |code| i32::from_le_bytes(*code));
        let content = rest.get(8..size).unwrap_or_default().to_vec();
        out.push(Tree::object([
            ("Size", Tree::Whole(content.len() as i128)),
            ("Type", Tree::Whole(i128::from(code))),
            ("_ByteStream_", Tree::Typed(Box::new(Typed::of_bytes(content)))),
        ]));
        rest = rest.get(size..).unwrap_or_default();
    }
    out
}
