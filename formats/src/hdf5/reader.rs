//! Reading the volume of a file.

use isocenter_volume::SampleType;

use super::{attributes, itk};
use crate::{
    Error, FileHead, Opened, ReadOptions,
    array::{Array, Order, chosen},
    h5::{dataset::Dataset, datatype::Kind, tree::Tree},
    minc,
    samples::{self, Layout},
    source::{Compression, Source, Stream},
};

/// Axes of a volume.
const AXES: std::ops::RangeInclusive<usize> = 2..=5;

pub(super) fn open<'a>(mut source: Source<'a>, options: &ReadOptions<'a>) -> Result<Opened<'a>, Error> {
    let bytes = source.rest("bytes of a file", options.ctx.limits().bytes.saturating_add(options.header_bytes))?;
    let tree = Tree::new(bytes)?;
    if options.name.is_none() && minc::is_minc(&tree)? {
        return minc::open(tree, options);
    }
    let name = options.name.map(|name| name.trim_matches('/'));
    if name.is_none_or(|name| name == itk::VOXELS)
        && let Some(voxels) = tree.dataset(itk::VOXELS)?
    {
        let (head, layout) = itk::open(&tree, &voxels, options)?;
        return Ok(opened(tree, voxels, head, layout, options));
    }
    let path = choose(&tree, name)?;
    let voxels =
        tree.dataset(&path)?.ok_or_else(|| Error::malformed("data set", "missing", "the one that was listed"))?;
    let (head, layout) = plain(&voxels, options)?;
    Ok(opened(tree, voxels, head, layout, options))
}

/// The path of the volume.
fn choose(tree: &Tree, name: Option<&str>) -> Result<String, Error> {
    let all = tree.datasets()?;
    if let Some(name) = name
        && let Some(found) = all.iter().find(|found| found.path == name)
    {
        // a name that somebody gave: what it is not is said
        let rank = found.space.shape.len();
        return match found.data_type.kind {
            Kind::Sample(..) if !AXES.contains(&rank) => {
                Err(Error::unsupported("a data set of other than two to five axes", format!("{rank}: {name}")))
            }
            Kind::Sample(..) => not_k_space(name),
            other => Err(Error::unsupported("elements of a data set", format!("{}: {name}", itk::kind_name(other)))),
        };
    }
    let volumes = all
        .iter()
        .filter(|found| AXES.contains(&found.space.shape.len()) && matches!(found.data_type.kind, Kind::Sample(..)));
    let paths: Vec<&str> = volumes.map(|found| found.path.as_str()).collect();
    not_k_space(chosen(&paths, name)?)
}

/// Measurements before their transform are no image.
fn not_k_space(path: &str) -> Result<String, Error> {
    let last = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase().replace(['-', '_'], "");
    if last.contains("kspace") {
        return Err(Error::unsupported("k-space, which is no image", path));
    }
    Ok(path.to_owned())
}

/// The head of a data set of any program, placed by what its attributes say.
fn plain(voxels: &Dataset, options: &ReadOptions<'_>) -> Result<(FileHead, Layout), Error> {
    let Kind::Sample(mut sample, endian) = voxels.data_type.kind else {
        return Err(Error::unsupported("elements of a data set", itk::kind_name(voxels.data_type.kind)));
    };
    let mut shape = voxels.space.shape.clone();
    if shape.contains(&0) {
        return Err(Error::malformed("data space", format!("{shape:?}"), "axes of at least 1"));
    }
    if itk::says_rgb(&voxels.attributes) && sample == SampleType::U8 && shape.len() > 2 && shape.last() == Some(&3) {
        shape.pop();
        sample = SampleType::Rgb;
    }
    let array = Array { sample, endian, shape, is_fortran: false };
    let (mut head, layout) = array.head("HDF5", Order::LastIsI, options)?;
    attributes::put(&mut head, &voxels.attributes)?;
    Ok((head, layout))
}

fn opened<'a>(tree: Tree, voxels: Dataset, head: FileHead, layout: Layout, options: &ReadOptions<'a>) -> Opened<'a> {
    let ctx = options.ctx;
    Opened::new(head, layout, move |head, layout| {
        let raw = voxels.raw(&tree.image, &ctx)?;
        let mut source = Source::new(Stream::from_bytes(&raw), Compression::None)?.ctx(ctx);
        head.with_samples(samples::read(&mut source, layout, &ctx)?)
    })
}
