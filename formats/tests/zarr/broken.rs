//! Broken stores: an error or a volume, no panic, and no memory for what was only announced.

use isocenter_formats::{ReadOptions, WriteOptions};
use isocenter_volume::{Ctx, Limits};
use serde_json::json;

use crate::{
    arrays::{PACKED, shard, unhex, v2, v3},
    common::small,
    store::{Store, of, read, read_with, shorts, written},
};

#[test]
fn what_metadata_ask_for_too_much_or_nothing_we_have_is_refused() {
    let grid = |chunk: &[u64]| json!({ "name": "regular", "configuration": { "chunk_shape": chunk } });
    let bytes = json!({ "name": "bytes", "configuration": { "endian": "little" } });
    let named = |name: &str| json!([bytes, { "name": name, "configuration": {} }]);
    for (reason, changes) in [
        ("limit", json!({ "shape": [1_000_000, 1_000_000, 1_000_000], "chunk_grid": grid(&[64, 64, 64]) })),
        ("limit", json!({ "shape": [60_000, 60_000], "chunk_grid": grid(&[60_000, 60_000]), "data_type": "float64" })),
        ("limit", json!({ "shape": [60_000, 60_000] })),
        ("limit", json!({ "chunk_grid": grid(&[u64::MAX, u64::MAX]) })),
        ("malformed", json!({ "shape": [2, 0] })),
        ("malformed", json!({ "shape": [2, -3] })),
        ("malformed", json!({ "shape": "2" })),
        ("malformed", json!({ "shape": [2, 3, 4] })),
        ("malformed", json!({ "chunk_grid": grid(&[2, 0]) })),
        ("unsupported", json!({ "chunk_grid": { "name": "rectangular" } })),
        ("unsupported", json!({ "chunk_key_encoding": { "name": "hashed" } })),
        ("malformed", json!({ "chunk_key_encoding": { "name": "v2", "configuration": { "separator": "-" } } })),
        ("unsupported", json!({ "data_type": "bfloat16" })),
        ("unsupported", json!({ "data_type": "r24" })),
        ("malformed", json!({ "fill_value": 70_000 })),
        ("malformed", json!({ "fill_value": "nothing" })),
        ("malformed", json!({ "codecs": [] })),
        ("malformed", json!({ "codecs": [bytes, bytes] })),
        ("malformed", json!({ "codecs": [{ "name": "bytes" }] })),
        ("unsupported", json!({ "codecs": [{ "name": "gzip" }, bytes] })),
        ("unsupported", json!({ "codecs": named("numcodecs.lzma") })),
        ("unsupported", json!({ "codecs": named("vlen-utf8") })),
        ("malformed", json!({ "codecs": named("transpose") })),
        ("malformed", json!({ "codecs": [{ "name": "transpose", "configuration": { "order": [0, 0] } }, bytes] })),
        ("unsupported", json!({ "storage_transformers": [{ "name": "cipher" }] })),
        ("unsupported", json!({ "extra": { "name": "one" } })),
        ("unsupported", json!({ "zarr_format": 4 })),
    ] {
        let refused = read(&of("zarr.json", &v3(), changes.clone(), &[])).unwrap_err();
        assert_eq!(refused.reason(), reason, "{changes}: {refused}");
    }
    let fine = of("zarr.json", &v3(), json!({ "extra": { "must_understand": false } }), &[]);
    assert!(read(&fine).is_ok(), "a field that says that it need not be understood");
    assert!(read(&Store::from([("zarr.json".to_owned(), b"{\"zarr_format\": 3".to_vec())])).is_err());
    // blosc packs with others too
    let mut snappy = vec![2, 1, 0x41, 2, 8, 0, 0, 0, 8, 0, 0, 0, 24, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0];
    let store =
        |bytes: &[u8]| of("zarr.json", &v3(), json!({ "codecs": named("blosc") }), &[("c/0/0", bytes.to_vec())]);
    assert_eq!(read(&store(&snappy)).unwrap_err().reason(), "unsupported");
    snappy[2] = 0x01;
    assert!(read(&store(&snappy)).unwrap_err().to_string().contains("blosclz"));
}

#[test]
fn chunks_are_no_longer_than_they_should_be() {
    let bytes = json!({ "name": "bytes", "configuration": { "endian": "little" } });
    let zeros = crate::support::gzip(&[&vec![0; 8 << 20]]);
    let store = of("zarr.json", &v3(), json!({ "codecs": [bytes, { "name": "gzip" }] }), &[("c/0/0", zeros)]);
    assert_eq!(read(&store).unwrap_err().reason(), "malformed");
    let store = of("zarr.json", &v3(), json!({}), &[("c/0/0", shorts([1, 2, 3, 4, 5]))]);
    assert_eq!(read(&store).unwrap_err().reason(), "malformed");
    let limits = Limits::default().with_bytes(11);
    let options = ReadOptions::default().ctx(Ctx::default().with_limits(limits));
    let store = of("zarr.json", &v3(), json!({}), &[]);
    assert_eq!(read_with(&store, &options).unwrap_err().reason(), "limit");
}

#[test]
fn no_cut_and_no_changed_byte_is_a_panic() {
    for is_v2 in [false, true] {
        let store = written(&small(3), &WriteOptions::default().with_zarr2(is_v2)).unwrap();
        for (name, bytes) in &store {
            for n in 0..bytes.len() {
                let mut changed = store.clone();
                changed.insert(name.clone(), bytes[..n].to_vec());
                // the version of a group is all that `.zgroup` says, which is not read where the attributes are
                assert!(read(&changed).is_err() || name == ".zgroup" || n + 1 == bytes.len(), "{name} cut at {n}");
                for value in [0, 1, b'9', b' ', 0x7f, 0x80, 0xff] {
                    let mut bytes = bytes.clone();
                    bytes[n] = value;
                    changed.insert(name.clone(), bytes);
                    let _ = read(&changed);
                }
            }
        }
    }
}

#[test]
fn no_packed_chunk_is_a_panic() {
    let damaged = |store: &Store, chunk: &str| {
        let bytes = &store[chunk];
        let mut changed = store.clone();
        for n in 0..bytes.len() {
            changed.insert(chunk.to_owned(), bytes[..n].to_vec());
            assert!(read(&changed).is_err(), "{chunk} cut at {n}");
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[n] ^= 1 << bit;
                changed.insert(chunk.to_owned(), bytes);
                let _ = read(&changed);
            }
        }
    };
    for (id, hex) in PACKED {
        let changes = json!({ "shape": [64], "chunks": [64], "compressor": { "id": id } });
        damaged(&of(".zarray", &v2(), changes, &[("0", unhex(hex))]), "0");
    }
    for is_at_end in [true, false] {
        damaged(&shard(is_at_end), "c/0/0");
    }
}
