//! Reading a document.

use isocenter_volume::{DynSamples, SampleType};

use super::{
    super::{data_type, extension, reader::Draft},
    array::{self, Array},
    bjdata, fields,
    tree::Tree,
};
use crate::{
    Error, Opened, ReadOptions, Warning,
    endian::Endian,
    samples::{self, Layout},
    source::{Compression, Source, Stream},
    walk::Walk,
};

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    // spelled bytes take a third more, numbers in digits as much as there is room for them
    let limit = options.ctx.limits().bytes;
    let bytes = source.rest("bytes of a document", limit.saturating_mul(4).saturating_add(options.header_bytes))?;
    let is_text = super::is_text(&bytes);
    let tree = if is_text {
        let value = serde_json::from_slice::<serde_json::Value>(&bytes);
        Tree::from(value.map_err(|_| Error::malformed("document", "no JSON", "an object"))?)
    } else {
        bjdata::parse(&bytes)?
    };
    drop(bytes);
    open_tree(tree, is_text, options)
}

/// Takes a part out of an object; of several of a name the one that was asked for.
fn take(tree: &mut Tree, key: &str, options: &ReadOptions<'_>) -> Option<Tree> {
    let key = options.name.map_or_else(|| key.to_owned(), |name| format!("{key}({name})"));
    let Tree::Object(parts) = tree else { return None };
    let at = parts.iter().position(|(known, _)| *known == key)?;
    Some(parts.swap_remove(at).1)
}

fn open_tree<'a>(mut tree: Tree, is_text: bool, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let data = take(&mut tree, "NIFTIData", options);
    let data = data.ok_or_else(|| Error::unsupported("a document without NIFTIData of that name at its top", ""))?;
    let given = take(&mut tree, "NIFTIHeader", options);
    let extensions = take(&mut tree, "NIFTIExtension", options);
    // the structure form has the array in a field of its own
    let data = match data {
        Tree::Object(mut parts) if parts.iter().all(|(key, _)| key != "_ArrayType_") => {
            let at = parts.iter().position(|(key, _)| key == "Data");
            let at = at.ok_or_else(|| Error::malformed("NIFTIData", "another structure", "Data in it"))?;
            parts.swap_remove(at).1
        }
        other => other,
    };
    let array = Array::of(data)?;
    let mut header = fields::read(given.as_ref())?;
    let mut warnings = Vec::new();
    let (sample, number) = types(&array, fields::data_type(given.as_ref())?, &mut warnings)?;
    let mut lengths = array.shape.clone();
    if sample == SampleType::Rgb {
        lengths.pop();
    }
    trim(&mut lengths);
    if let Some(mut stated) = given.as_ref().and_then(|g| g.get("Dim")).and_then(array::lengths) {
        trim(&mut stated);
        let mut whole = array.shape.clone();
        trim(&mut whole);
        if stated != lengths && stated != whole {
            return Err(Error::malformed("Dim", "other lengths", "those of NIFTIData"));
        }
    }
    if lengths.len() > 7 {
        return Err(Error::unsupported("more than seven axes", lengths.len()));
    }
    header.dim[0] = lengths.len() as i64;
    for (n, len) in lengths.iter().enumerate() {
        header.dim[n + 1] = i64::try_from(*len).unwrap_or(i64::MAX);
    }
    (header.datatype, header.bitpix) = data_type::code_of(sample)?;
    let mut draft = Draft::of(&header, options)?;
    draft.warnings.append(&mut warnings);
    if let Some(extensions) = extensions {
        let bytes = extension_bytes(extensions)?;
        extension::parse(&bytes, Endian::Little, &mut draft.texts, &mut draft.warnings);
    }
    let layout = Layout { walk: walk(&lengths, array.is_column), ..draft.layout.clone() };
    let (wanted, found) = (layout.bytes(), array.most_bytes(number));
    if wanted > found {
        return Err(Error::Truncated { what: "voxels", wanted, found });
    }
    let mut head = draft.into_head(&header)?;
    head.format = if is_text { "JNIfTI" } else { "binary JNIfTI" };
    let ctx = options.ctx;
    Ok(Opened::new(head, layout, move |head, layout| {
        let parts = (sample.bytes() / number.bytes()) as u64;
        let (is_column, is_complex) = (array.is_column, array.is_complex);
        let mut bytes = array.into_bytes(number, layout.count as u64 * parts)?;
        if is_complex || (is_column && parts > 1) {
            bytes = joined(&bytes, parts as usize, number.bytes());
        }
        let mut source = Source::new(Stream::from_bytes(&bytes), Compression::None)?.ctx(ctx);
        let samples: DynSamples = samples::read(&mut source, layout, &ctx)?;
        head.with_samples(samples)
    }))
}

/// The type of the samples, and that of the numbers that they are made of.
fn types(array: &Array, stated: Option<i16>, warnings: &mut Vec<Warning>) -> Result<(SampleType, SampleType), Error> {
    let stated = stated.map(fields::sample_of).transpose()?;
    let number = match (array.sample, stated) {
        (Some(number), _) => number,
        (None, Some(stated)) => stated,
        (None, None) => return Err(Error::malformed("DataType", "missing", "the type of the numbers of a list")),
    };
    if array.is_complex {
        return match number {
            SampleType::F32 => Ok((SampleType::Complex32, number)),
            SampleType::F64 => Ok((SampleType::Complex64, number)),
            other => Err(Error::unsupported("complex numbers of such parts", other.name())),
        };
    }
    match stated {
        Some(SampleType::Rgb) if number == SampleType::U8 && array.shape.last() == Some(&3) => {
            Ok((SampleType::Rgb, SampleType::U8))
        }
        // the signs of whole numbers are mixed up by a widespread writer, their bits are not
        Some(stated) if is_whole(stated) && is_whole(number) && stated.bytes() == number.bytes() => {
            if stated != number {
                warnings.push(Warning::TypeDisagrees);
            }
            Ok((stated, stated))
        }
        Some(stated) if stated != number => {
            warnings.push(Warning::TypeDisagrees);
            Ok((number, number))
        }
        _ if number == SampleType::F16 => Ok((SampleType::F32, SampleType::F32)),
        _ => Ok((number, number)),
    }
}

const fn is_whole(sample: SampleType) -> bool {
    matches!(
        sample,
        SampleType::U8
            | SampleType::I8
            | SampleType::U16
            | SampleType::I16
            | SampleType::U32
            | SampleType::I32
            | SampleType::U64
            | SampleType::I64
    )
}

/// Leaves out what has one step at the end.
fn trim(lengths: &mut Vec<u64>) {
    while lengths.len() > 1 && lengths.last() == Some(&1) {
        lengths.pop();
    }
}

/// Where the samples go whose last index varies fastest.
fn walk(lengths: &[u64], is_column: bool) -> Option<Walk> {
    if is_column {
        return None;
    }
    let in_file: Vec<usize> = lengths.iter().rev().map(|n| *n as usize).collect();
    let order: Vec<usize> = (0..lengths.len()).rev().collect();
    Walk::new(&in_file, &order)
}

/// Samples whose parts lie in rows of their own, one behind the other.
fn joined(bytes: &[u8], parts: usize, size: usize) -> Vec<u8> {
    let row = bytes.len() / parts.max(1);
    let mut out = Vec::with_capacity(bytes.len());
    for sample in 0..row / size {
        for part in 0..parts {
            let at = part * row + sample * size;
            out.extend_from_slice(&bytes[at..at + size]);
        }
    }
    out
}

/// Header extensions as NIfTI has them.
fn extension_bytes(tree: Tree) -> Result<Vec<u8>, Error> {
    let wrong = || Error::malformed("NIFTIExtension", "another value", "a list of byte streams");
    let Tree::List(items) = tree else { return Err(wrong()) };
    let mut out = Vec::new();
    for item in items {
        let code = item.get("Type").and_then(Tree::as_number).unwrap_or(0.0) as i32;
        let Tree::Object(mut parts) = item else { return Err(wrong()) };
        let at = parts.iter().position(|(key, _)| key == "_ByteStream_").ok_or_else(wrong)?;
        let content = array::bytes_of(parts.swap_remove(at).1).ok_or_else(wrong)?;
        let size = i32::try_from(content.len() + 8).map_err(|_| wrong())?;
        out.extend(size.to_le_bytes());
        out.extend(code.to_le_bytes());
        out.extend(content);
    }
    Ok(out)
}
