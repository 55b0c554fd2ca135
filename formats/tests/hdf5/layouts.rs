//! Files of every age, with every index of chunks.

use isocenter_formats::{Error, ReadOptions, Region, Source, Warning, open_from, read_bytes, write_bytes};
use isocenter_volume::{Ctx, Limits};

use crate::{
    common::small,
    files::{self, packed, plain},
    read,
    support::codes,
    values, voxels,
};

const ALL: [(&str, &str); 5] = [
    ("old tree", files::TREE1),
    ("fixed array", files::FIXED),
    ("extensible array", files::EXTENSIBLE),
    ("new tree", files::TREE2),
    ("heaps", files::DENSE),
];

/// Two volumes, `a` and the truths `deep/b`; k-space; a line.
const SEVERAL: &str = "\
    H4sIAAAAAAACA+1YTU/CQBCd2bZkQ2ICfkG82CNHjh4loYSDUSOaeBS1CURjiF64yRFv/gyP/gyP/CNsuzPILpQSYwyEfYe+7u7sR7Zvp3n71qw3\
    tvIHeYghJbhQgGmMCcM9vcztN8RIPCT+EFyPSVuZ6os0vhl3eREEcfTYAM9TdRX7YLGJaAa185ivqVwh/hJ6XJv4Pgx7MT+89Np3IcBj9ymc1ml1\
    yXkRPNUHuaxmRqEqeHqH2Cw7kd7jyMJkCJk8vYjjshBqIEknxEEKgJyxksFKfIfW6VkdoyxBiwTfWRzP2WSY0/MEN3xSPeeHzs7i8fj893fXW89Z\
    ukJDTzijr4rKq0K1FeSPvhq1k1aQ5NSrgDun6y0n9ZEZnX/ej/n/CVMnZh5gfY2M43Jr7FvTptCUjReO6+GC7zJfHRYWFhYWFhbriyzf7W/DlGux\
    2DQovzcxpdD37J78jd87Uuzofi/N9836v0FSty/U2Xxech1F/xBcctIlCaXX6K1Lbe4v+qb7Sil1h5a1H6ofIhr3J8Y9iuRcdJxxj1KW+s0C430l\
    9fENVwBH/IgVAAA=";

#[test]
fn every_index_of_chunks_gives_the_same_voxels() {
    for (name, file) in ALL {
        let read = read(file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((read.format, read.volume.shape()), ("HDF5", [7, 5, 3]), "{name}");
        assert_eq!(voxels!(read, I16), values(105), "{name}");
        if name == "heaps" {
            // 250, 500 and 2000 micrometres
            assert_eq!(read.volume.geometry().spacing_mm(), [0.25, 0.5, 2.0]);
            assert!(codes(&read).is_empty() && !read.volume.geometry().frame().is_patient());
        } else {
            assert_eq!(read.warnings, [Warning::NoPlace], "{name}");
        }
    }
}

#[test]
fn a_region_is_cut_out() {
    let bytes = plain(files::TREE1);
    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::planes([7, 5, 3], 1, 1)).unwrap();
    assert_eq!(voxels!(part, I16), values(105)[35..70]);
}

#[test]
fn an_image_of_itk_has_its_place_and_its_texts() {
    let read = read(files::ITK).unwrap();
    assert_eq!((read.volume.shape(), voxels!(read, I16)), ([4, 3, 2], values(24)));
    let grid = read.volume.geometry();
    assert!(grid.frame().is_patient());
    // SetDirection((0, 1, 0, -1, 0, 0, 0, 0, 1)) of SimpleITK, rows first; spacing 0.5, 0.75, 2
    assert_eq!(grid.affine().rows(), [[0.0, 0.75, 0.0, -4.0], [-0.5, 0.0, 0.0, 5.0], [0.0, 0.0, 2.0, 6.0]]);
    assert_eq!(read.texts.get("key").map(String::as_str), Some("value"));
    // the data set by its own name is the same image
    for name in ["/ITKImage/0/VoxelData", "ITKImage/0/VoxelData"] {
        let named = read_bytes(&packed(files::ITK), &ReadOptions::default().with_name(name)).unwrap();
        assert_eq!(named.volume.geometry(), grid);
    }
}

#[test]
fn a_name_chooses_and_what_is_no_volume_is_said() {
    let bytes = packed(files::ITK);
    let named = |name| read_bytes(&bytes, &ReadOptions::default().with_name(name));
    for (name, what) in [
        ("ITKImage/0/Origin", "two to five axes"),
        ("ITKImage/0/VoxelType", "texts"),
        ("nothing", "ITKImage/0/Directions"),
    ] {
        let refused = named(name).unwrap_err();
        assert_eq!(refused.reason(), "unsupported");
        assert!(refused.to_string().contains(what), "{name}: {refused}");
    }
    // a matrix is a data set of two axes
    assert_eq!(named("ITKImage/0/Directions").unwrap().volume.shape(), [3, 3, 1]);
    // of several nobody chose
    let several = packed(SEVERAL);
    let refused = read_bytes(&several, &ReadOptions::default()).unwrap_err();
    assert!(
        refused.to_string().contains("several arrays in a file, with_name chooses (a, deep/b, kspace)"),
        "{refused}"
    );
    let named = |name| read_bytes(&several, &ReadOptions::default().with_name(name));
    assert_eq!(voxels!(named("a").unwrap(), U8), [0, 1, 2, 3, 4, 5]);
    assert_eq!(voxels!(named("/deep/b").unwrap(), U8), [1, 0]);
    let refused = named("kspace").unwrap_err();
    assert!(refused.to_string().contains("k-space"), "{refused}");
    // the image of MINC by its name is a data set like any other
    let name = ReadOptions::default().with_name("minc-2.0/image/0/image");
    let plain = read_bytes(&packed(files::MINC), &name).unwrap();
    assert_eq!((plain.format, plain.volume.shape(), codes(&plain)), ("HDF5", [5, 4, 3], vec!["no-place"]));
}

/// The bytes with a name in place of another of the same length.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|part| part == old).unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

#[test]
fn cuts_and_changed_bytes_end_in_an_error_or_a_volume() {
    let written = write_bytes(&small(2), "h5", &Default::default()).unwrap();
    let options = ReadOptions::default().ctx(Ctx::default().with_limits(Limits::default().with_bytes(1 << 20)));
    let all = files::ALL.map(|(_, file)| plain(file)).into_iter().chain([written]);
    for bytes in all {
        for n in (0..bytes.len()).step_by(7) {
            // what is at the end may be free
            let _ = read_bytes(&bytes[..n], &options);
        }
        assert!(read_bytes(&bytes[..bytes.len() / 2], &options).is_err());
        for n in (0..bytes.len()).filter(|n| bytes[*n] != 0 || n % 16 == 0) {
            for value in [1, 0xff] {
                let mut changed = bytes.clone();
                changed[n] = value;
                if let Err(Error::Io { source, .. }) = read_bytes(&changed, &options) {
                    panic!("blamed on the system: {source}");
                }
            }
        }
    }
}

#[test]
fn a_huge_data_set_is_refused_before_memory_is_taken() {
    // 2^40 along the first axis, wherever its length 3 stands in the header's data space
    let bytes = plain(files::TREE1);
    let space = [3u64, 5, 7].map(u64::to_le_bytes).concat();
    let huge = [1u64 << 40, 5, 7].map(u64::to_le_bytes).concat();
    let error = read_bytes(&replaced(&bytes, &space, &huge), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Limit { .. } | Error::Truncated { .. }), "{error}");
    // below the limit, and not in the file either: chunks that nobody wrote have an end
    let large = [60_000u64, 600, 7].map(u64::to_le_bytes).concat();
    let error = read_bytes(&replaced(&bytes, &space, &large), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
}

#[test]
fn netcdf_is_refused_by_name() {
    let error = read_bytes(b"CDF\x01\0\0\0\0\0\0\0\x0a", &ReadOptions::default()).unwrap_err();
    assert!(error.to_string().contains("MINC 1"), "{error}");
}
