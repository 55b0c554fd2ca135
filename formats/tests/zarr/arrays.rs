//! Plain arrays of both versions; bytes as zarr-python 2.18.7 and 3.1.6 with numcodecs 0.16.6 write them.

use isocenter_formats::{ReadOptions, Region};
use serde_json::{Value, json};

use crate::{
    store::{Store, of, open, read, shorts},
    support::{codes, gzip},
    voxels,
};

pub(crate) fn v2() -> Value {
    json!({
        "zarr_format": 2, "shape": [3, 2], "chunks": [2, 2], "dtype": "<i2", "compressor": null, "fill_value": -1,
        "order": "C", "filters": null,
    })
}

pub(crate) fn v3() -> Value {
    json!({
        "zarr_format": 3, "node_type": "array", "shape": [2, 3], "data_type": "int16", "fill_value": -1,
        "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": [2, 2] } },
        "chunk_key_encoding": { "name": "default", "configuration": { "separator": "/" } },
        "codecs": [{ "name": "bytes", "configuration": { "endian": "little" } }],
        "attributes": {}, "dimension_names": null, "storage_transformers": [],
    })
}

/// Packed forms of [`steps`], by the codec of version 2: blosc of lz4, of lz4 with bits shuffled, of zstd and of zlib; zstd; lz4.
pub(crate) const PACKED: [(&str, &str); 6] = [
    (
        "blosc",
        "020131028000000080000000680000001400000050000000ff360000000303030606060909090c0c0c0f0f0f1212121515151818181b1b1b1e1e1e2121212424242727272a2a2a2d2d2d3030303333333636363939393c3c3c3f0000000000050023500000000000",
    ),
    (
        "blosc",
        "020134028000000080000000580000001400000040000000ff26388ee3388ee3388ef8811ff8811ff881c0f1e3c0f1e3c0f100fe03ff01fc00fe0000fcff0100ffff00000000feffffff0000000000050033500000000000",
    ),
    (
        "blosc",
        "0201910280000000800000006a000000140000005200000028b52ffd20804d020014040000000303030606060909090c0c0c0f0f0f1212121515151818181b1b1b1e1e1e2121212424242727272a2a2a2d2d2d3030303333333636363939393c3c3c3f00010001251005",
    ),
    (
        "blosc",
        "0201700280000000800000004f0000001400000037000000785e1dc1810680301400c0c78888881111232222628ce8ffff2add5dc42fd9d93b383a999d5d5c2d6eee1e9e5ede569b8f6f7c45e507a2",
    ),
    (
        "zstd",
        "28b52ffd20801d0200e800000306090c0f1215181b1e2124272a2d303336393c003c003c003f0014004004dc81c68008b8038d011170071a0322e00e340644c01d680c88803bd0584e4400b0",
    ),
    (
        "lz4",
        "8000000011000100110302001106020011090200110c0200110f0200111202001115020011180200111b0200111e0200112102001124020011270200112a0200112d020011300200113302001136020011390200803c003c003c003f00",
    ),
];

/// 0, 0, 0, 3, 3, 3, 6, ... to 63: what the packed buffers below hold.
fn steps() -> Vec<i16> {
    (0..64).map(|n| n / 3 * 3).collect()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap()).collect()
}

#[test]
fn version_2_has_edges_orders_and_values_of_what_is_not_stored() {
    let chunk = shorts([1, 2, 3, 4]);
    let store = of(".zarray", &v2(), json!({}), &[("0.0", chunk.clone()), ("1.0", shorts([5, 6, 99, 99]))]);
    let file = read(&store).unwrap();
    assert_eq!((file.format, file.volume.shape(), voxels!(file, I16)), ("Zarr", [2, 3, 1], vec![1, 2, 3, 4, 5, 6]));
    assert_eq!(codes(&file), ["no-place"]);
    // columns first, big endian, another separator, a chunk that is not there
    let big: Vec<u8> = [1i16, 3, 2, 4].into_iter().flat_map(i16::to_be_bytes).collect();
    let changes = json!({ "order": "F", "dtype": ">i2", "dimension_separator": "/" });
    let file = read(&of(".zarray", &v2(), changes, &[("0/0", big)])).unwrap();
    assert_eq!(voxels!(file, I16), [1, 2, 3, 4, -1, -1]);
    assert_eq!(codes(&file), ["no-place", "chunks-missing"]);
    // without attributes of an image a `.zattrs` is that of the array beside it
    let mut store = of(".zarray", &v2(), json!({}), &[("0.0", chunk)]);
    store.insert(".zattrs".to_owned(), b"{\"attributes\": 1}".to_vec());
    assert_eq!(voxels!(open(&store, ".zattrs", &ReadOptions::default()).unwrap().read().unwrap(), I16)[..2], [1, 2]);
}

#[test]
fn packed_chunks_of_version_2() {
    let packed = PACKED.map(|(id, hex)| (json!({ "id": id }), unhex(hex)));
    let zipped = (json!({ "id": "gzip", "level": 1 }), gzip(&[&shorts(steps())]));
    for (compressor, bytes) in packed.into_iter().chain([zipped]) {
        let changes = json!({ "shape": [64], "chunks": [64], "compressor": compressor });
        let file = read(&of(".zarray", &v2(), changes, &[("0", bytes)])).unwrap();
        assert_eq!(voxels!(file, I16), steps(), "{compressor}");
    }
    // a block of so many samples has a stream for each of their bytes
    let split = unhex(
        "02012102b0040000b00400003a000000140000001100000021050001000f0700ffff3b5005000000000d0000001f000100ffff41500000000000",
    );
    let changes = json!({ "shape": [600], "chunks": [600], "compressor": { "id": "blosc" } });
    let file = read(&of(".zarray", &v2(), changes, &[("0", split)])).unwrap();
    assert_eq!(voxels!(file, I16), (0..600).map(|n| if n % 7 == 0 { 5 } else { 0 }).collect::<Vec<i16>>());
}

#[test]
fn version_3_has_transposes_checksums_and_names() {
    // rows of 2 x 2: 1 2 | 3 and 4 5 | 6; columns lie together
    let codecs = json!([
        { "name": "transpose", "configuration": { "order": [1, 0] } },
        { "name": "bytes", "configuration": { "endian": "little" } },
        { "name": "crc32c" },
    ]);
    let sealed = |values: [i16; 4], sum: &str| [shorts(values), unhex(sum)].concat();
    let first = sealed([1, 4, 2, 5], "f022ae95");
    let second = sealed([3, 6, 0, 0], "57a2153e");
    let chunks = [("c/0/0", first.clone()), ("c/0/1", second.clone())];
    let file = read(&of("zarr.json", &v3(), json!({ "codecs": codecs }), &chunks)).unwrap();
    assert_eq!((file.volume.shape(), voxels!(file, I16)), ([3, 2, 1], vec![1, 2, 3, 4, 5, 6]));
    let wrong = [("c/0/0", first), ("c/0/1", [&second[..11], &[0]].concat())];
    assert_eq!(read(&of("zarr.json", &v3(), json!({ "codecs": codecs }), &wrong)).unwrap_err().reason(), "malformed");
    for (keys, name) in [
        (json!({ "name": "v2", "configuration": { "separator": "." } }), "0.1"),
        (json!({ "name": "v2" }), "0.1"),
        (json!({ "name": "default", "configuration": { "separator": "." } }), "c.0.1"),
        (json!({ "name": "default" }), "c/0/1"),
    ] {
        let store = of("zarr.json", &v3(), json!({ "chunk_key_encoding": keys }), &[(name, shorts([3, 0, 6, 0]))]);
        assert_eq!(voxels!(read(&store).unwrap(), I16), [-1, -1, 3, -1, -1, 6], "{keys}");
    }
}

/// A shard of 2 x 4 in chunks of 2 x 2, the second not stored.
pub(crate) fn shard(is_at_end: bool) -> Store {
    let place = if is_at_end { "end" } else { "start" };
    let bytes = json!({ "name": "bytes", "configuration": { "endian": "little" } });
    let codecs = json!([{ "name": "sharding_indexed", "configuration": {
        "chunk_shape": [2, 2], "codecs": [bytes], "index_codecs": [bytes], "index_location": place,
    } }]);
    let changes = json!({
        "codecs": codecs, "chunk_grid": { "name": "regular", "configuration": { "chunk_shape": [2, 4] } },
    });
    let at = if is_at_end { 0u64 } else { 32 };
    let index: Vec<u8> = [at, 8, u64::MAX, u64::MAX].into_iter().flat_map(u64::to_le_bytes).collect();
    let chunk = shorts([1, 2, 3, 4]);
    let file = if is_at_end { [chunk, index].concat() } else { [index, chunk].concat() };
    of("zarr.json", &v3(), changes, &[("c/0/0", file)])
}

#[test]
fn shards_hold_chunks_and_their_places() {
    for is_at_end in [true, false] {
        let store = shard(is_at_end);
        assert_eq!(voxels!(read(&store).unwrap(), I16), [1, 2, -1, 3, 4, -1]);
        let mut cut = store.clone();
        cut.insert("c/0/0".to_owned(), store["c/0/0"][..31].to_vec());
        assert_eq!(read(&cut).unwrap_err().reason(), "truncated");
        let mut far = store.clone();
        let index = if is_at_end { 8 } else { 0 };
        far.get_mut("c/0/0").unwrap()[index + 1] = 7;
        assert_eq!(read(&far).unwrap_err().reason(), "truncated");
    }
}

#[test]
fn a_region_is_read_from_its_chunks_alone() {
    let store = of("zarr.json", &v3(), json!({}), &[("c/0/0", shorts([1, 2, 4, 5])), ("c/0/1", vec![0])]);
    assert_eq!(read(&store).unwrap_err().reason(), "truncated", "a chunk that is too short");
    let opened = open(&store, "zarr.json", &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::block([1, 0, 0], [1, 2, 1])).unwrap();
    assert_eq!(voxels!(part, I16), [2, 5]);
}
