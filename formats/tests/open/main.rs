//! Files opened in two steps: the header, then all samples or those of a region.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{
    cell::Cell,
    io::{self, Cursor, Read, Seek, SeekFrom},
};

use isocenter_formats::{
    Error, File, ReadOptions, Region, Source, Stream, WriteOptions, open, open_from, read_bytes, source::Compression,
    write, write_bytes,
};
use isocenter_volume::{Affine, AxisKind, DynSamples, Frame, Geometry, Head, SlowAxis, Volume};
use proptest::prelude::*;

/// Extension, and whether it holds a slow axis.
const EXTENSIONS: [&str; 6] = ["nii", "nii.gz", "nrrd", "mha", "mgh", "mgz"];

fn file(shape: [usize; 3], steps: usize) -> File {
    let affine = Affine::from_spacing_origin([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let head = Head::new(Geometry::new(shape, affine, Frame::Patient(None)).unwrap());
    // numbered by every format in its own way
    let head = head.with_slow_axes(vec![SlowAxis::new(AxisKind::Layer, steps).unwrap()]).unwrap();
    let samples: Vec<i16> = (0..head.len()).map(|n| n as i16).collect();
    File::from_volume(Volume::from_parts(head, samples).unwrap().into())
}

fn samples(samples: &DynSamples) -> Vec<i16> {
    samples.get::<i16>().unwrap().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_region_is_the_whole_cut(
        shape in prop::array::uniform3(1usize..7), steps in 1usize..4, ends in prop::array::uniform3((0usize..7, 0usize..7)),
        step in prop::option::of(0usize..4), labels in any::<bool>(),
    ) {
        let start = [0, 1, 2].map(|a| ends[a].0.min(ends[a].1) % shape[a]);
        let size = [0, 1, 2].map(|a| (ends[a].0.abs_diff(ends[a].1) + 1).min(shape[a] - start[a]));
        let mut whole = file(shape, steps);
        // layers lie fastest in NRRD: a region of what moves
        whole.is_label = labels;
        for extension in EXTENSIONS {
            let bytes = write_bytes(&whole, extension, &WriteOptions::default()).unwrap();
            let options = ReadOptions::default();
            let read = read_bytes(&bytes, &options).unwrap();
            let mut region = Region::block(start, size);
            let mut wanted = read.volume.clone();
            if let Some(step) = step {
                region = region.of_step(step);
                let cut = wanted.extract_step(step);
                prop_assert_eq!(cut.is_err(), step >= read.volume.steps());
                let Ok(cut) = cut else {
                    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &options).unwrap();
                    prop_assert!(matches!(opened.read_region(&region), Err(Error::Volume(_))));
                    continue;
                };
                wanted = cut;
            }
            let map = read.volume.geometry().map_to_crop(start, size).unwrap();
            let wanted = wanted.remap(&map, &options.ctx).unwrap();
            let sources = [
                Source::from_bytes(&bytes),
                Source::from_reader(bytes.as_slice()),
                Source::new(Stream::from_seekable(Cursor::new(&bytes)).unwrap(), Compression::Detect),
            ];
            for source in sources {
                let part = open_from(source.unwrap(), &options).unwrap().read_region(&region).unwrap();
                prop_assert_eq!(samples(part.volume.samples()), samples(wanted.samples()));
                prop_assert_eq!(part.volume.geometry(), wanted.geometry());
                prop_assert_eq!(part.volume.slow_axes(), wanted.slow_axes());
                prop_assert_eq!(&part.warnings, &read.warnings);
            }
        }
    }
}

/// Counts what is read.
struct Counted<'c>(Cursor<&'c [u8]>, &'c Cell<usize>);

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.0.read(out)?;
        self.1.set(self.1.get() + got);
        Ok(got)
    }
}

impl Seek for Counted<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_plane_of_a_plain_file_costs_its_bytes_and_the_header_none_of_them() {
    // what a stream asks for at once
    const AHEAD: usize = 1 << 17;
    let whole = file([256, 256, 40], 2);
    for extension in ["nii", "mha", "mgh", "nrrd"] {
        let bytes = write_bytes(&whole, extension, &WriteOptions::default().with_nrrd_gzip(false)).unwrap();
        let count = Cell::new(0);
        let stream = Stream::from_seekable(Counted(Cursor::new(&bytes), &count)).unwrap();
        let opened = open_from(Source::new(stream, Compression::Detect).unwrap(), &ReadOptions::default()).unwrap();
        assert!(count.get() <= AHEAD, "{extension}: {} to open", count.get());
        let plane = opened.read_region(&Region::planes([256, 256, 40], 39, 1).of_step(1)).unwrap();
        assert_eq!(samples(plane.volume.samples())[..], samples(whole.volume.samples())[79 * 65_536..]);
        assert!(count.get() <= 3 * AHEAD, "{extension}: {} of {}", count.get(), bytes.len());
    }
}

#[test]
fn a_file_cut_short_is_found_before_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nii");
    write(&path, &file([8, 8, 8], 1)).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 100]).unwrap();
    assert!(matches!(open(&path, &ReadOptions::default()), Err(Error::Truncated { .. })));
    // where it is cut after it was opened, who reads it is told where
    std::fs::write(&path, &bytes).unwrap();
    let opened = open(&path, &ReadOptions::default()).unwrap();
    assert_eq!((opened.head().format, opened.head().head.shape()), ("NIfTI-1", [8, 8, 8]));
    assert_eq!(opened.read().unwrap().volume.shape(), [8, 8, 8]);
}
