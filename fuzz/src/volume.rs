//! Files that hold a volume.

use std::collections::BTreeMap;

use isocenter_formats::{
    Companions, Error, File, Format, Opened, ReadOptions, Source, Stream, WriteOptions,
    analyze::Analyze,
    ecat::Ecat,
    fits::Fits,
    gipl::Gipl,
    hdf5::Hdf5,
    metaimage::MetaImage,
    mgh::Mgh,
    nifti::{
        Nifti,
        jnifti::{JniftiBinary, JniftiText},
    },
    npy::Npy,
    npz::Npz,
    nrrd::Nrrd,
    par::Par,
    pictures::{Jpeg, Png, Tiff},
    safetensors::Safetensors,
    vtk::Vtk,
    zarr::Zarr,
};
use isocenter_volume::{Ctx, Limits, with_samples};

/// Bytes of samples that fit a fuzzer's memory.
const MOST_BYTES: u64 = 16 << 20;

fn options() -> ReadOptions<'static> {
    let ctx = Ctx::default().with_limits(Limits::default().with_bytes(MOST_BYTES));
    ReadOptions::default().ctx(ctx).with_header_bytes(1 << 20)
}

/// Reads bytes as NIfTI.
pub fn nifti(data: &[u8]) {
    read_and_write(&Nifti, data, "nii");
}

/// Reads bytes as NRRD.
pub fn nrrd(data: &[u8]) {
    read_and_write(&Nrrd, data, "nrrd");
}

/// Reads bytes as MetaImage.
pub fn metaimage(data: &[u8]) {
    read_and_write(&MetaImage, data, "mha");
}

/// Reads bytes as MGH.
pub fn mgh(data: &[u8]) {
    read_and_write(&Mgh, data, "mgh");
}

/// Reads bytes as an array of NumPy.
pub fn npy(data: &[u8]) {
    read_and_write(&Npy, data, "npy");
}

/// Reads bytes as a VTK file.
pub fn vtk(data: &[u8]) {
    read_and_write(&Vtk, data, "vtk");
}

/// Reads bytes as a GIPL file.
pub fn gipl(data: &[u8]) {
    read_and_write(&Gipl, data, "gipl");
}

/// Reads bytes as an Analyze header, and as the voxels beside it.
pub fn analyze(data: &[u8]) {
    read_pair(&Analyze, data, ["a.hdr", "a.img"]);
}

/// Reads bytes as the text of a PAR/REC pair, and as the values beside it.
pub fn par(data: &[u8]) {
    read_pair(&Par, data, ["a.PAR", "a.REC"]);
}

/// Reads bytes as an ECAT 7 file.
pub fn ecat(data: &[u8]) {
    read_pair(&Ecat, data, ["a.v", "b"]);
}

/// Reads bytes as FITS.
pub fn fits(data: &[u8]) {
    read_alone(&Fits, data);
}

/// Reads bytes as HDF5, or as MINC 2.
pub fn hdf5(data: &[u8]) {
    read_and_write(&Hdf5, data, "h5");
}

/// Reads bytes as an archive of NumPy.
pub fn npz(data: &[u8]) {
    read_and_write(&Npz, data, "npz");
}

/// Reads bytes as safetensors.
pub fn safetensors(data: &[u8]) {
    read_and_write(&Safetensors, data, "safetensors");
}

/// Reads bytes as PNG.
pub fn png(data: &[u8]) {
    super::allow_caught_panics();
    read_and_write(&Png, data, "png");
}

/// Reads bytes as a picture of JPEG.
pub fn jpeg_picture(data: &[u8]) {
    super::allow_caught_panics();
    read_alone(&Jpeg, data);
}

/// Reads bytes as TIFF.
pub fn tiff(data: &[u8]) {
    super::allow_caught_panics();
    read_alone(&Tiff, data);
}

/// Reads bytes as JNIfTI, of the form that they begin as.
pub fn jnifti(data: &[u8]) {
    if JniftiText.sniff(data) {
        read_and_write(&JniftiText, data, "jnii");
    } else {
        read_and_write(&JniftiBinary, data, "bnii");
    }
}

/// Reads bytes as metadata of Zarr, up to a zero, and what follows as every chunk and as all other metadata.
pub fn zarr(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (metadata, rest) = data.split_at(end);
    let beside = Rest(rest.get(1..).unwrap_or_default());
    let options = options();
    let Ok(source) = Source::from_bytes(metadata) else { return };
    let Ok(opened) = Zarr.open(source.beside("zarr.json", &beside), &options) else { return };
    let head = opened.head().head.clone();
    if let Ok(file) = opened.read() {
        assert!(head == *file.volume.head());
    }
}

/// The same bytes under every name.
#[derive(Debug)]
struct Rest<'d>(&'d [u8]);

impl Companions for Rest<'_> {
    fn open(&self, _: &str) -> std::io::Result<Stream<'_>> {
        Ok(Stream::from_bytes(self.0))
    }
}

/// The head is the one of the whole. What is written may have other axes.
fn read_alone(format: &dyn Format, data: &[u8]) {
    let options = options();
    let Ok(source) = Source::from_bytes(data) else { return };
    let Ok(opened) = format.open(source, &options) else { return };
    let head = opened.head().head.clone();
    if let Ok(file) = opened.read() {
        assert!(head == *file.volume.head());
    }
}

/// The head is the one of the whole.
fn read_pair(format: &dyn Format, data: &[u8], [name, beside]: [&str; 2]) {
    let options = options();
    let beside = BTreeMap::from([(beside.to_owned(), data.to_vec())]);
    let Ok(source) = Source::from_bytes(data) else { return };
    let Ok(opened) = format.open(source.beside(name, &beside), &options) else { return };
    let head = opened.head().head.clone();
    if let Ok(file) = opened.read() {
        assert!(head == *file.volume.head());
    }
}

/// The head is the one of the whole; what is written reads back with the same samples.
fn read_and_write(format: &dyn Format, data: &[u8], extension: &str) {
    let options = options();
    let Ok(source) = Source::from_bytes(data) else { return };
    let head = format.read_head(source, &options);
    let Ok(source) = Source::from_bytes(data) else { return };
    let Ok(file) = format.open(source, &options).and_then(Opened::read) else { return };
    let head = head.expect("a file that is read has a head");
    assert!(head.head == *file.volume.head() && head.sample_type == file.volume.sample_type());
    match isocenter_formats::write_bytes(&file, extension, &WriteOptions::default().with_level(1)) {
        Ok(bytes) => {
            let back =
                isocenter_formats::read_bytes(&bytes, &ReadOptions::default()).expect("what was written is read");
            // as text, in which NaN is equal to NaN
            let text = |file: &File| with_samples!(file.volume.samples(), s => format!("{:?}", s.as_slice()));
            assert!(text(&file) == text(&back), "other samples");
        }
        Err(Error::Unsupported { .. } | Error::Scaling { .. } | Error::PerPlaneScaling) => {}
        Err(error) => panic!("what was read is not written: {error}"),
    }
}
