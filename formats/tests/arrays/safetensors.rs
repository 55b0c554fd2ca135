//! Tensors.

use isocenter_formats::{Error, ReadOptions, Region, Source, WriteOptions, open_from, read_bytes, write_bytes};
use isocenter_volume::{Affine, Geometry};
use proptest::prelude::*;

use crate::{
    common::{back, file, numbered, refuses_a_scaling, small, survives_damage, text, upright},
    support::codes,
    voxels,
};

fn tensors(header: &str, bytes: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), bytes].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_type_comes_back_with_its_place(
        grid in upright(), slow in prop::collection::vec(1usize..4, 0..3), kind in 0usize..12, seed in any::<u64>(), lean in -1.0f64..1.0,
    ) {
        let affine = Affine::from_columns([grid.affine().column(0), grid.affine().column(1), [lean, lean / 3.0, 1.5]], grid.origin_mm());
        let grid = Geometry::new(grid.shape(), affine, grid.frame().clone()).unwrap();
        let written = file(grid, numbered(&slow), kind, seed);
        let read = back(&written, "safetensors");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(read.volume.head(), written.volume.head());
        prop_assert!(codes(&read).is_empty() && read.texts.is_empty());
    }
}

#[test]
fn tensors_of_others_are_read_by_name() {
    let header = r#"{"__metadata__":{"format":"pt"},"w":{"dtype":"I16","shape":[2,3],"data_offsets":[0,12]},"b":{"dtype":"BOOL","shape":[2],"data_offsets":[12,14]}}"#;
    let bytes = tensors(header, &[0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 1, 0]);
    assert!(read_bytes(&bytes, &ReadOptions::default()).unwrap_err().to_string().contains("b, w"));
    let read = read_bytes(&bytes, &ReadOptions::default().with_name("w")).unwrap();
    assert_eq!(
        (read.format, read.volume.shape(), voxels!(read, I16)),
        ("safetensors", [3, 2, 1], vec![0, 1, 2, 3, 4, 5])
    );
    assert_eq!((codes(&read), read.texts["format"].as_str()), (vec!["no-place"], "pt"));
    let read = read_bytes(&bytes, &ReadOptions::default().with_name("b")).unwrap();
    assert_eq!(voxels!(read, U8), [1, 0]);
    let longer = [bytes.as_slice(), b"xx"].concat();
    assert_eq!(
        codes(&read_bytes(&longer, &ReadOptions::default().with_name("w")).unwrap()),
        ["no-place", "trailing-bytes"]
    );
    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default().with_name("w")).unwrap();
    assert_eq!(voxels!(opened.read_region(&Region::block([1, 1, 0], [2, 1, 1])).unwrap(), I16), [4, 5]);
}

#[test]
fn broken_headers_are_refused() {
    let read = |header: &str| read_bytes(&tensors(header, &[0; 8]), &ReadOptions::default()).unwrap_err();
    for (header, reason) in [
        (r#"{"a":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}"#, "unsupported"),
        (r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,8]}}"#, "malformed"),
        (r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}}"#, "malformed"),
        (r#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, "malformed"),
        (r#"{"a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}}"#, "malformed"),
        (r#"{"a":{"dtype":"U8","shape":8,"data_offsets":[0,8]}}"#, "malformed"),
        (r#"{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}"#, "truncated"),
        (r#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[9,17]}}"#, "truncated"),
        (r#"{"a":{"dtype":"U8","shape":[99999],"data_offsets":[0,99999]}}"#, "limit"),
        (r#"{"a":{"dtype":"U8","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,8]}}"#, "malformed"),
        (r#"{"__metadata__":{"a":1},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#, "malformed"),
        (
            r#"{"__metadata__":{"isocenter.affine":"[[1,0,0,0]]","isocenter.frame":"patient"},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}"#,
            "malformed",
        ),
        (r#"{"__metadata__":{}}"#, "unsupported"),
        (r#"{"dtype": "#, "malformed"),
    ] {
        assert_eq!(read(header).reason(), reason, "{header}");
    }
    let far = [&(1u64 << 39).to_le_bytes(), b"{\"dtype\"".as_slice()].concat();
    assert!(matches!(read_bytes(&far, &ReadOptions::default()), Err(Error::Limit { .. })));
    survives_damage(&write_bytes(&small(3), "safetensors", &WriteOptions::default()).unwrap());
    refuses_a_scaling("safetensors");
    for kind in [12, 13] {
        assert_eq!(
            write_bytes(&small(kind), "safetensors", &WriteOptions::default()).unwrap_err().reason(),
            "unsupported"
        );
    }
}
