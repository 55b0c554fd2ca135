//! Broken files: every one is an error, none makes the reader take the memory that it announces, none a panic.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

use isocenter_formats::{Error, ReadOptions, read_bytes};
use isocenter_volume::{Ctx, Limits};
use support::{Bytes, gzip};

/// More than the whole test needs, far less than the smallest lie below asks for.
const MOST_MEMORY_KB: u64 = 200_000;

fn nifti(change: impl FnOnce(&mut Bytes) -> &mut Bytes) -> Vec<u8> {
    let mut file = Bytes::new(&[2, 3, 4], 4, 16, false);
    file.bytes.extend_from_slice(&[0; 48]);
    change(&mut file);
    file.bytes
}

fn huge(f: &mut Bytes) -> &mut Bytes {
    f.i16(42, 30_000).i16(44, 30_000).i16(46, 4)
}

fn nifti_files() -> Vec<(&'static str, Vec<u8>)> {
    let whole = nifti(|f| f);
    let mut bad_crc = gzip(&[&whole]);
    let end = bad_crc.len() - 6;
    bad_crc[end] ^= 0xff;
    let packed = gzip(&[&whole]);
    vec![
        ("no axis", nifti(|f| f.i16(40, 0))),
        ("eight axes", nifti(|f| f.i16(40, 8))),
        ("an axis of 0", nifti(|f| f.i16(44, 0))),
        ("a negative axis", nifti(|f| f.i16(42, -2))),
        ("no type", nifti(|f| f.i16(70, 0))),
        ("another type", nifti(|f| f.i16(70, 77))),
        ("3.6 billion voxels", nifti(huge)),
        ("3.6 billion voxels, packed", gzip(&[&nifti(huge)])),
        ("more than the limit", nifti(|f| huge(f).i16(40, 5).i16(48, 30_000).i16(50, 30_000))),
        ("voxels in the header", nifti(|f| f.f32(108, 100.0))),
        ("voxels at half a byte", nifti(|f| f.f32(108, 352.5))),
        ("voxels at minus one", nifti(|f| f.f32(108, -1.0))),
        ("voxels nowhere", nifti(|f| f.f32(108, f32::NAN))),
        ("voxels at infinity", nifti(|f| f.f32(108, f32::INFINITY))),
        ("voxels behind the end", nifti(|f| f.f32(108, 1e9))),
        ("extensions behind the end", nifti(|f| f.f32(108, 1e9).put(348, &[1]))),
        ("a slope without intercept", nifti(|f| f.f32(112, 1.0).f32(116, f32::NAN))),
        ("a flat sform", nifti(|f| f.i16(254, 1))),
        ("a sform of NaN", nifti(|f| f.sform([[f32::NAN; 4]; 3]))),
        ("no rotation", nifti(|f| f.i16(252, 1).f32(256, 1.0).f32(260, 1.0))),
        ("an origin of NaN", nifti(|f| f.i16(252, 1).f32(268, f32::NAN))),
        ("Analyze", nifti(|f| f.put(344, &[0; 4]))),
        ("half a header", whole[..200].to_vec()),
        ("a header alone", whole[..348].to_vec()),
        ("one byte short", whole[..whole.len() - 1].to_vec()),
        ("packed, cut", packed[..packed.len() - 12].to_vec()),
        ("packed, cut in the header", packed[..30].to_vec()),
        ("packed, wrong checksum", bad_crc),
        ("packed, no deflate data", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xffnonsense".to_vec()),
    ]
}

fn nrrd_files() -> Vec<(&'static str, Vec<u8>)> {
    let base = "NRRD0005\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 1 1\n\
        space directions: (1,0,0) (0,1,0) (0,0,1)\nkinds: domain domain domain\nendian: little\nencoding: raw\n\
        space origin: (0,0,0)\n\n";
    let with = |old: &str, new: &str| {
        assert!(base.contains(old), "{old}");
        [base.replace(old, new).as_bytes(), &[1, 2, 3, 4]].concat()
    };
    assert!(read_bytes(&with("short", "short"), &ReadOptions::default()).is_ok());
    vec![
        ("another version", with("NRRD0005", "NRRD0009")),
        ("no version", with("NRRD0005", "NRRDxxxx")),
        ("no type", with("type: short\n", "")),
        ("another type", with("short", "quad")),
        ("blocks", with("short", "block")),
        ("no axes", with("dimension: 3", "dimension: 0")),
        ("too many axes", with("dimension: 3", "dimension: 99999999999")),
        ("axes in words", with("dimension: 3", "dimension: three")),
        ("too few sizes", with("sizes: 2 1 1", "sizes: 2 1")),
        ("a size of 0", with("sizes: 2 1 1", "sizes: 2 0 1")),
        ("a negative size", with("sizes: 2 1 1", "sizes: 2 -1 1")),
        ("3.6 billion voxels", with("sizes: 2 1 1", "sizes: 60000 60000 1")),
        ("2^180 voxels", with("sizes: 2 1 1", "sizes: 1152921504606846976 1152921504606846976 1152921504606846976")),
        ("too few directions", with("(0,0,1)", "")),
        ("flat directions", with("(0,0,1)", "(0,1,0)")),
        ("short vectors", with("(1,0,0)", "(1,0)")),
        ("vectors of NaN", with("(1,0,0)", "(nan,0,0)")),
        ("open vectors", with("(1,0,0)", "(1,0,0")),
        ("a short origin", with("origin: (0,0,0)", "origin: (0,0)")),
        ("no space", with("space: left-posterior-superior\n", "")),
        ("another space", with("left-posterior-superior", "left-handed-desk")),
        ("four dimensions", with("left-posterior-superior", "left-posterior-superior-time")),
        ("no byte order", with("endian: little\n", "")),
        ("another byte order", with("little", "middle")),
        ("no encoding", with("encoding: raw\n", "")),
        ("another encoding", with("encoding: raw", "encoding: zebra")),
        ("bzip2", with("encoding: raw", "encoding: bzip2")),
        ("no gzip", with("encoding: raw", "encoding: gzip")),
        ("no numbers", with("encoding: raw", "encoding: text")),
        ("no digits", with("encoding: raw", "encoding: hex")),
        ("a field twice", with("type: short\n", "type: short\ntype: short\n")),
        ("skips back", with("encoding: raw", "encoding: raw\nbyte skip: -2")),
        ("skips behind the end", with("encoding: raw", "encoding: raw\nbyte skip: 100")),
        ("skips lines that are not there", with("encoding: raw", "encoding: raw\nline skip: 9")),
        ("detached, without a path", with("encoding: raw", "encoding: raw\ndata file: a.raw")),
        ("one byte short", with("short", "short").split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default()),
        ("a header alone", base.as_bytes().to_vec()),
        ("an endless header", [b"NRRD0005\n# ".to_vec(), vec![b'x'; 20 << 20]].concat()),
    ]
}

/// A MetaImage header of two voxels of two bytes; changed, then followed by its voxels.
const METAIMAGE: &str = "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n\
    CompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 1 1 1\n\
    DimSize = 2 1 1\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";

fn metaimage(old: &str, new: &str) -> Vec<u8> {
    assert!(METAIMAGE.contains(old), "{old}");
    [METAIMAGE.replace(old, new).as_bytes(), &[1, 2, 3, 4]].concat()
}

fn metaimage_files() -> Vec<(&'static str, Vec<u8>)> {
    let with = metaimage;
    assert!(read_bytes(&with("Image", "Image"), &ReadOptions::default()).is_ok());
    vec![
        ("a mesh", with("= Image", "= Mesh")),
        ("no axes", with("NDims = 3\n", "")),
        ("eleven axes", with("NDims = 3", "NDims = 11")),
        ("2^64 axes", with("NDims = 3", "NDims = 18446744073709551616")),
        ("axes in words", with("NDims = 3", "NDims = three")),
        ("no sizes", with("DimSize = 2 1 1\n", "")),
        ("too few sizes", with("DimSize = 2 1 1", "DimSize = 2 1")),
        ("a size of 0", with("DimSize = 2 1 1", "DimSize = 2 0 1")),
        ("a negative size", with("DimSize = 2 1 1", "DimSize = 2 -1 1")),
        ("3.6 billion voxels", with("DimSize = 2 1 1", "DimSize = 60000 60000 1")),
        (
            "3.6 billion voxels, packed",
            with(
                "= False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 1 1 1\nDimSize = 2 1 1",
                "= True\nElementSpacing = 1 1 1\nDimSize = 60000 60000 1",
            ),
        ),
        (
            "2^180 voxels",
            with("DimSize = 2 1 1", "DimSize = 1152921504606846976 1152921504606846976 1152921504606846976"),
        ),
        ("no channels", with("ElementType", "ElementNumberOfChannels = 0\nElementType")),
        ("2^62 channels", with("ElementType", "ElementNumberOfChannels = 4611686018427387904\nElementType")),
        ("no type", with("ElementType = MET_SHORT\n", "")),
        ("another type", with("MET_SHORT", "MET_QUAD")),
        ("texts", with("MET_SHORT", "MET_STRING")),
        ("two places", with("Offset = 0 0 0", "Offset = 0 0 0\nPosition = 1 0 0")),
        ("a short place", with("Offset = 0 0 0", "Offset = 0 0")),
        ("a place of NaN", with("Offset = 0 0 0", "Offset = 0 nan 0")),
        ("a short matrix", with("1 0 0 0 1 0 0 0 1", "1 0 0 0 1 0 0 0")),
        ("a flat matrix", with("1 0 0 0 1 0 0 0 1", "1 0 0 0 1 0 0 1 0")),
        ("an endless matrix", with("1 0 0 0 1 0 0 0 1", "inf 0 0 0 1 0 0 0 1")),
        ("spacing in words", with("ElementSpacing = 1", "ElementSpacing = one")),
        ("an endless scaling", with("Offset", "ElementToIntensityFunctionSlope = inf\nOffset")),
        ("a scaling of 0", with("Offset", "ElementToIntensityFunctionSlope = 0\nOffset")),
        ("another order of bytes", with("MSB = False", "MSB = Middle")),
        ("packed text", with("BinaryData = True", "BinaryData = False\nCompressedData = True")),
        ("no numbers", with("BinaryData = True", "BinaryData = False")),
        ("no zlib stream", with("CompressedData = False", "CompressedData = True")),
        ("skips back", with("Offset", "HeaderSize = -2\nOffset")),
        ("skips behind the end", with("Offset", "HeaderSize = 9999\nOffset")),
        ("voxels in the header", with("Offset", "HeaderSize = 20\nOffset")),
        ("detached, without a path", with("LOCAL", "a.raw")),
        ("an empty list", with("LOCAL\n", "LIST\n\n")),
        ("no end", with("ElementDataFile = LOCAL\n", "")),
        ("one byte short", with("Image", "Image").split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default()),
        ("a header alone", METAIMAGE.as_bytes().to_vec()),
        ("an endless header", [b"NDims = 3\nComment = ".to_vec(), vec![b'x'; 20 << 20]].concat()),
    ]
}

/// An MGH file of two voxels of two bytes whose fields are set by their offset.
fn mgh(at: usize, field: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = [1i32, 2, 1, 1, 1, 4, 0].iter().flat_map(|n| n.to_be_bytes()).collect();
    bytes.extend([0, 1]);
    for n in 0..15 {
        bytes.extend(if [0, 1, 2, 3, 7, 11].contains(&n) { 1.0f32 } else { 0.0 }.to_be_bytes());
    }
    bytes.resize(284, 0);
    bytes.extend([1, 2, 3, 4]);
    bytes[at..at + field.len()].copy_from_slice(field);
    bytes
}

fn mgh_files() -> Vec<(&'static str, Vec<u8>)> {
    let whole = mgh(0, &[]);
    assert!(read_bytes(&whole, &ReadOptions::default()).is_ok());
    let sizes = |sizes: [i32; 4]| mgh(4, &sizes.map(i32::to_be_bytes).concat());
    vec![
        ("another version", mgh(0, &2i32.to_be_bytes())),
        ("a width of 0", sizes([0, 1, 1, 1])),
        ("a negative width", sizes([-2, 1, 1, 1])),
        ("no frames", sizes([2, 1, 1, 0])),
        ("3.6 billion voxels", sizes([60_000, 60_000, 1, 1])),
        ("3.6 billion voxels, packed", gzip(&[&sizes([60_000, 60_000, 1, 1])])),
        ("2^64 voxels", sizes([65_535; 4])),
        ("another type", mgh(20, &11i32.to_be_bytes())),
        ("flat directions", mgh(42, &[0; 12])),
        ("a spacing of 0", mgh(30, &[0; 4])),
        ("a spacing of NaN", mgh(30, &f32::NAN.to_be_bytes())),
        ("an endless centre", mgh(78, &f32::INFINITY.to_be_bytes())),
        ("half a header", whole[..200].to_vec()),
        ("a header alone", whole[..284].to_vec()),
        ("one byte short", whole[..287].to_vec()),
        ("packed, cut", gzip(&[&whole])[..40].to_vec()),
        ("more behind the voxels than a header may be", [whole, vec![1; 20 << 20]].concat()),
    ]
}

#[test]
fn every_broken_file_is_an_error_and_takes_no_memory() {
    let other = [
        ("nothing", vec![]),
        ("a picture", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("packed nothing", gzip(&[b""])),
        ("zeros", vec![0; 1000]),
    ];
    for (name, bytes) in
        nifti_files().into_iter().chain(nrrd_files()).chain(metaimage_files()).chain(mgh_files()).chain(other)
    {
        match read_bytes(&bytes, &ReadOptions::default()) {
            Ok(_) => panic!("{name}: was read"),
            Err(Error::Io { source, .. }) => panic!("{name}: blamed on the system: {source}"),
            Err(_) => {}
        }
    }
    // any cut and any changed byte of a good file: an error or a volume, never a panic
    let good = nifti(|f| f.sform([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]));
    for bytes in [good.clone(), gzip(&[&good]), metaimage("Image", "Image"), mgh(0, &[])] {
        for n in 0..bytes.len() {
            assert!(read_bytes(&bytes[..n], &ReadOptions::default()).is_err());
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut changed = bytes.clone();
                changed[n] = value;
                let _ = read_bytes(&changed, &ReadOptions::default());
            }
        }
    }
    let peak = peak_memory_kb();
    assert!(peak < MOST_MEMORY_KB, "{peak} kB");
}

#[test]
fn a_callers_limit_holds() {
    let file = nifti(|f| f);
    let options = ReadOptions::default().ctx(Ctx::default().with_limits(Limits::default().with_bytes(47)));
    assert!(matches!(read_bytes(&file, &options), Err(Error::Limit { asked: 48, limit: 47, .. })));
}

/// The most resident memory so far; 0 where the system does not tell.
fn peak_memory_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
