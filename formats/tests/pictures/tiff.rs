//! TIFF: as ImageJ and tifffile write it, written and read again, broken.

use isocenter_formats::{Error, ReadOptions, Region, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Quantity, SlowAxis};
use proptest::prelude::*;

use crate::{
    common::{back, file, small, survives_damage, text, upright},
    support::codes,
    voxels,
};

/// Tags (number, type, value), pixels and description of a page.
type Page<'p> = (&'p [(u16, u16, u32)], &'p [u8], &'p str);

/// A TIFF made field by field: pages of raw bytes, each with its own tags.
fn tiff(big: bool, pages: &[Page<'_>]) -> Vec<u8> {
    let short = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let long = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut bytes = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
    let mut link = bytes.len();
    bytes.extend([0; 4]);
    for (tags, data, description) in pages {
        let (at, words) = (bytes.len() as u32, bytes.len() as u32 + data.len() as u32);
        bytes.extend(*data);
        bytes.extend(description.bytes());
        bytes.push(0);
        let mut all: Vec<(u16, u16, u32, u32)> =
            tags.iter().map(|(tag, kind, value)| (*tag, *kind, 1, *value)).collect();
        all.push((273, 4, 1, at));
        all.push((279, 4, 1, data.len() as u32));
        if !description.is_empty() {
            all.push((270, 2, description.len() as u32 + 1, words));
        }
        all.sort();
        let here = bytes.len() as u32;
        bytes[link..link + 4].copy_from_slice(&long(here));
        bytes.extend(short(all.len() as u16));
        for (tag, kind, count, value) in all {
            bytes.extend([short(tag), short(kind)].concat());
            bytes.extend(long(count));
            if kind == 3 { bytes.extend([short(value as u16), [0, 0]].concat()) } else { bytes.extend(long(value)) }
        }
        link = bytes.len();
        bytes.extend([0; 4]);
    }
    bytes
}

/// Tags of gray pixels.
fn gray(width: u32, height: u32, bits: u32) -> Vec<(u16, u16, u32)> {
    vec![(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, 1), (277, 3, 1), (278, 4, height)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_real_type_comes_back_with_its_spacing(
        grid in upright(), channels in 1usize..4, times in 1usize..4, kind in prop::sample::select(vec![0usize, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13]),
        seed in any::<u64>(),
    ) {
        let mut slow = Vec::new();
        if channels > 1 {
            slow.push(SlowAxis::new(AxisKind::Channel, channels).unwrap());
        }
        if times > 1 {
            let steps = (0..times).map(|n| n as f64 * 2.5).collect();
            slow.push(SlowAxis::numbered(AxisKind::Time, Quantity::Time, steps).unwrap());
        }
        let written = file(grid.clone(), slow, kind, seed);
        let read = back(&written, "tif");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(read.volume.slow_axes(), written.volume.slow_axes());
        let place = Affine::from_spacing_origin(grid.spacing_mm(), [0.0; 3]);
        prop_assert_eq!(read.volume.geometry(), &Geometry::new(grid.shape(), place, Frame::Unknown).unwrap());
        prop_assert!(codes(&read).is_empty(), "{:?}", codes(&read));
    }
}

#[test]
fn channels_behind_times_go_before_them() {
    let axes = vec![SlowAxis::new(AxisKind::Time, 3).unwrap(), SlowAxis::new(AxisKind::Channel, 2).unwrap()];
    let grid = Geometry::new([1, 1, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
    let mut written = file(grid, axes, 0, 1);
    let samples: Vec<u8> = (0..12).collect();
    written.volume = isocenter_volume::DynVolume::from_parts(written.volume.head().clone(), samples).unwrap();
    let read = back(&written, "tiff");
    let kinds: Vec<_> = read.volume.slow_axes().iter().map(|a| (a.kind().clone(), a.len())).collect();
    assert_eq!(kinds, [(AxisKind::Channel, 2), (AxisKind::Time, 3)]);
    // voxel k of time t and channel c was k + 2 t + 6 c
    assert_eq!(voxels!(read, U8), [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
}

#[test]
fn pages_of_imagej_are_channels_then_planes_then_times() {
    let words = "ImageJ=1.54f\nimages=8\nchannels=2\nslices=2\nframes=2\nhyperstack=true\nunit=\\u00B5m\nspacing=3\nfinterval=0.5\n\
        cf=0\nc0=-10.0\nc1=2.0\nvunit=HU\n";
    let tags = gray(1, 1, 8);
    let pages: Vec<_> = (0..8u8).map(|n| vec![n]).collect();
    let pages: Vec<_> = pages.iter().map(|p| (tags.as_slice(), p.as_slice(), words)).collect();
    let read = read_bytes(&tiff(false, &pages), &ReadOptions::default()).unwrap();
    assert_eq!(voxels!(read, U8), [0, 2, 1, 3, 4, 6, 5, 7]);
    assert_eq!(read.volume.slow_axes()[1].numbers(&Quantity::Time), Some(&[0.0, 0.5][..]));
    assert_eq!(read.volume.scaling().as_uniform().map(|r| (r.slope(), r.intercept())), Some((2.0, -10.0)));
    // a unit without a resolution places nothing
    assert_eq!(codes(&read), ["no-place"]);
    // one directory, all pages behind it
    let read = read_bytes(
        &tiff(true, &[(&gray(1, 1, 16), &[0, 0, 0, 1, 0, 2, 0, 3], "ImageJ=1.54f\nimages=4\nslices=4\n")]),
        &ReadOptions::default(),
    );
    assert_eq!(voxels!(read.unwrap(), U16), [0, 1, 2, 3]);
    let short = tiff(true, &[(&gray(1, 1, 16), &[0, 0], "ImageJ=1.54f\nimages=400\nslices=400\n")]);
    assert!(matches!(read_bytes(&short, &ReadOptions::default()), Err(Error::Truncated { .. })));
    let few = tiff(false, &[(&tags, &[1], "ImageJ=1.54f\nimages=1\nslices=4\n")]);
    assert!(matches!(read_bytes(&few, &ReadOptions::default()), Err(Error::Malformed { .. })));
}

#[test]
fn plain_pages_lie_along_k_and_tifffile_names_more_axes() {
    let pages = |words: &'static str| {
        let data: Vec<Vec<u8>> = (0..6u8).map(|n| vec![n, n + 10]).collect();
        let tags = gray(2, 1, 8);
        let all: Vec<_> = data.iter().map(|d| (tags.as_slice(), d.as_slice(), words)).collect();
        read_bytes(&tiff(false, &all), &ReadOptions::default()).unwrap()
    };
    let plain = pages("");
    assert_eq!((plain.volume.shape(), plain.volume.steps(), codes(&plain)), ([2, 1, 6], 1, vec!["no-place"]));
    let shaped = pages("{\"shape\": [2, 3, 1, 2]}");
    assert_eq!((shaped.volume.shape(), shaped.volume.steps()), ([2, 1, 3], 2));
    assert_eq!(voxels!(shaped, U8), [0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, 15]);
    // of another array
    assert_eq!(pages("{\"shape\": [5, 1, 2]}").volume.shape(), [2, 1, 6]);
}

#[test]
fn what_is_no_page_of_a_volume_is_said() {
    let small_copy = [gray(1, 1, 8), vec![(254, 4, 1)]].concat();
    let read =
        read_bytes(&tiff(false, &[(&gray(2, 1, 8), &[1, 2], ""), (&small_copy, &[9], "")]), &ReadOptions::default())
            .unwrap();
    assert_eq!((voxels!(read, U8), codes(&read)), (vec![1, 2], vec!["no-place", "reduced-pages-ignored"]));
    let sizes =
        read_bytes(&tiff(false, &[(&gray(2, 1, 8), &[1, 2], ""), (&gray(1, 1, 8), &[9], "")]), &ReadOptions::default());
    assert_eq!(sizes.unwrap_err().reason(), "unsupported");
    let none = read_bytes(&tiff(false, &[(&small_copy, &[9], "")]), &ReadOptions::default());
    assert_eq!(none.unwrap_err().reason(), "unsupported");
    for (bits, reason) in [(1, "unsupported"), (12, "unsupported")] {
        let read = read_bytes(&tiff(false, &[(&gray(1, 1, bits), &[0, 0], "")]), &ReadOptions::default());
        assert_eq!(read.unwrap_err().reason(), reason, "{bits}");
    }
    for kind in [11, 12] {
        assert_eq!(write_bytes(&small(kind), "tif", &WriteOptions::default()).unwrap_err().reason(), "unsupported");
    }
}

#[test]
fn a_region_is_cut_out_of_pages() {
    let bytes = write_bytes(&small(2), "tif", &WriteOptions::default()).unwrap();
    let whole = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::block([1, 0, 1], [2, 1, 1])).unwrap();
    assert_eq!(voxels!(part, U16), voxels!(whole, U16)[7..9]);
}

#[test]
fn a_damaged_tiff_is_an_error() {
    // without directories behind the pages, whose end may be cut
    let one = file(Geometry::new([3, 2, 1], Affine::IDENTITY, Frame::Unknown).unwrap(), Vec::new(), 2, 3);
    survives_damage(&write_bytes(&one, "tif", &WriteOptions::default()).unwrap());
    let huge = tiff(false, &[(&gray(60_000, 60_000, 16), &[0; 8], "")]);
    assert!(matches!(read_bytes(&huge, &ReadOptions::default()), Err(Error::Truncated { .. })));
    // directories in a circle
    let mut circle = tiff(false, &[(&gray(1, 1, 8), &[7], "")]);
    let end = circle.len() - 4;
    let first: [u8; 4] = circle[4..8].try_into().unwrap();
    circle[end..].copy_from_slice(&first);
    assert!(read_bytes(&circle, &ReadOptions::default()).is_err());
}

#[test]
fn tiles_packed_with_lzw_are_read_at_the_borders_too() {
    // the tile of 16 x 16 whose pixel at x, y is (16 (x / 4) + y) / 5, packed by imagecodecs 2026.3.6
    let packed = "80002040001c14060684018130b04c0e090684c2a190e8341e120a8c02a290603c740f198d40c09230247a3f1900ca4032492c7a412a95c9\
        24d2f954b24c0b9c02e612c044f411399d4a80b4302cfa7f39015240544a2cfa814aa5d128d4fa55328c0cac032a14c86026b35aa5446bb5\
        f8ad8a195f8080";
    let packed: Vec<u8> =
        (0..packed.len() / 2).map(|n| u8::from_str_radix(&packed[2 * n..2 * n + 2], 16).unwrap()).collect();
    let bytes = tiled(&packed);
    let read = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    let wanted: Vec<u8> =
        (0..20 * 18).map(|n| (16 * (n % 20 % 16 / 4) + n / 20 % 16) / 5).map(|n: usize| n as u8).collect();
    assert_eq!(voxels!(read, U8), wanted);
    survives_changes(&bytes);
}

/// A picture of 20 x 18 in four such tiles.
fn tiled(tile: &[u8]) -> Vec<u8> {
    let mut bytes = b"II*\0".to_vec();
    let lists = 8 + 4 * tile.len() as u32;
    bytes.extend((lists + 32).to_le_bytes());
    (0..4).for_each(|_| bytes.extend(tile));
    (0..4).for_each(|n| bytes.extend((8 + n * tile.len() as u32).to_le_bytes()));
    (0..4).for_each(|_| bytes.extend((tile.len() as u32).to_le_bytes()));
    let fields: [(u16, u32, u32); 10] = [
        (256, 1, 20),
        (257, 1, 18),
        (258, 1, 8),
        (259, 1, 5),
        (262, 1, 1),
        (277, 1, 1),
        (322, 1, 16),
        (323, 1, 16),
        (324, 4, lists),
        (325, 4, lists + 16),
    ];
    bytes.extend((fields.len() as u16).to_le_bytes());
    for (tag, count, value) in fields {
        bytes.extend([tag.to_le_bytes(), 4u16.to_le_bytes()].concat());
        bytes.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    bytes.extend([0; 4]);
    bytes
}

fn survives_changes(bytes: &[u8]) {
    for n in 0..bytes.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut changed = bytes.to_vec();
            changed[n] = value;
            let _ = read_bytes(&changed, &ReadOptions::default());
        }
    }
}
