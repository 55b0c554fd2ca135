//! Sound files of every format, as the crate writes them or as they are made byte by byte.

use std::collections::BTreeMap;

use isocenter_formats::{File, WriteOptions, write_bytes, write_pair};
use isocenter_testing::mutate::Kind;
use isocenter_volume::{Affine, AxisKind, DynVolume, Frame, Geometry, Head, SlowAxis};

#[cfg(feature = "hdf5")]
use crate::files;
use crate::support::{ecat, par};

/// A sound file.
pub(crate) struct Seed {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// What lies beside it, by name.
    pub(crate) beside: BTreeMap<String, Vec<u8>>,
    pub(crate) kind: Kind,
    /// The extension to write it with again.
    pub(crate) extension: &'static str,
}

fn volume(steps: usize) -> File {
    let affine = Affine::from_spacing_origin([0.5, 0.75, 2.0], [-4.0, 5.0, 6.0]);
    let geometry = Geometry::new([6, 5, 4], affine, Frame::Patient(None)).unwrap();
    let axis = SlowAxis::new(AxisKind::Time, steps).unwrap();
    let head = Head::new(geometry).with_slow_axes(if steps > 1 { vec![axis] } else { Vec::new() }).unwrap();
    let samples: Vec<i16> = (0..head.len()).map(|n| (n * n % 977) as i16 - 300).collect();
    File::from_volume(DynVolume::from_parts(head, samples).unwrap())
}

fn text(marker: &'static [u8]) -> Kind {
    Kind { marker, is_text: true, ..Kind::PLAIN }
}

/// Every format, and every way to write it.
pub(crate) fn all() -> Vec<Seed> {
    let plain = WriteOptions::default();
    let raw = plain.with_nrrd_gzip(false);
    let single = [
        ("nii", plain, Kind::PLAIN),
        ("nii", plain.with_nifti2(true), Kind::PLAIN),
        ("nii.gz", plain, Kind::PLAIN),
        ("nrrd", plain, text(b"\n\n")),
        ("nrrd", raw, text(b"\n\n")),
        ("mha", plain, text(b"LOCAL\n")),
        ("mha", plain.with_metaimage_zlib(true), text(b"LOCAL\n")),
        ("mgh", plain, Kind::PLAIN),
        ("mgz", plain, Kind::PLAIN),
        ("npy", plain, text(b"}")),
        ("vtk", plain, text(b"default\n")),
        ("gipl", plain, Kind::PLAIN),
        #[cfg(feature = "pictures")]
        ("tif", plain, Kind::PLAIN),
        #[cfg(feature = "hdf5")]
        ("h5", plain, Kind::PLAIN),
        #[cfg(feature = "npz")]
        ("npz", plain, Kind::PLAIN),
        #[cfg(feature = "npz")]
        ("npz", plain.with_level(0), Kind::PLAIN),
        #[cfg(feature = "json")]
        ("safetensors", plain, text(b"}")),
        #[cfg(feature = "json")]
        ("jnii", plain, text(b"}")),
        #[cfg(feature = "json")]
        ("bnii", plain, Kind::PLAIN),
    ];
    let mut seeds = Vec::new();
    for (extension, options, kind) in single {
        for steps in if extension == "vtk" { 1..2 } else { 1..3 } {
            let bytes = write_bytes(&volume(steps), extension, &options).unwrap();
            let name = format!("{extension} {} of {steps}", seeds.len());
            seeds.push(Seed { name, bytes, beside: BTreeMap::new(), kind, extension });
        }
    }
    let pairs = [
        ("hdr", "img", plain, Kind::PLAIN),
        ("hdr", "img", plain.with_analyze(true), Kind::PLAIN),
        ("nhdr", "raw", raw, text(b"data file")),
        ("mhd", "raw", plain, text(b"ElementDataFile")),
    ];
    for (extension, data, options, kind) in pairs {
        let data = format!("a.{data}");
        let (header, voxels) = (&mut Vec::new(), &mut Vec::new());
        write_pair([header, voxels], &data, &volume(1), extension, &options).unwrap();
        let (bytes, beside) = (header.clone(), BTreeMap::from([(data, voxels.clone())]));
        seeds.push(Seed { name: format!("{extension} {}", seeds.len()), bytes, beside, kind, extension });
    }
    #[cfg(feature = "hdf5")]
    for (name, packed) in files::ALL {
        let bytes = files::plain(packed);
        seeds.push(Seed { name: name.into(), bytes, beside: BTreeMap::new(), kind: Kind::PLAIN, extension: "h5" });
    }
    #[cfg(feature = "pictures")]
    {
        let geometry = Geometry::new([9, 7, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
        let samples: Vec<u16> = (0..63).map(|n| n * n * 11).collect();
        let picture = File::from_volume(isocenter_volume::Volume::new(samples, geometry).unwrap().into());
        let bytes = write_bytes(&picture, "png", &plain).unwrap();
        seeds.push(Seed { name: "png".into(), bytes, beside: BTreeMap::new(), kind: Kind::PLAIN, extension: "png" });
    }
    #[cfg(feature = "zarr")]
    for is_v2 in [false, true] {
        let (group, array) = if is_v2 { (".zattrs", ".zarray") } else { ("zarr.json", "zarr.json") };
        let format = isocenter_formats::registry().iter().find(|f| f.name() == "Zarr").unwrap();
        let mut files = BTreeMap::new();
        let target = &mut isocenter_formats::Target::Several { stem: "a", sink: &mut files };
        format.write(&volume(2), target, &plain.with_zarr2(is_v2)).unwrap();
        // the store as a whole, and its array alone
        for (folder, name) in [("a.zarr/", group), ("a.zarr/0/", array)] {
            let bytes = files[&format!("{folder}{name}")].clone();
            let below = files.iter().filter_map(|(n, b)| Some((n.strip_prefix(folder)?.to_owned(), b.clone())));
            let (beside, name) = (below.collect(), format!("zarr {folder}{name}"));
            seeds.push(Seed { name, bytes, beside, kind: text(b"}"), extension: "nii" });
        }
    }
    let cards = [
        "SIMPLE  = T",
        "BITPIX  = 16",
        "NAXIS   = 3",
        "NAXIS1  = 4",
        "NAXIS2  = 3",
        "NAXIS3  = 2",
        "BZERO   = 32768",
        "END",
    ];
    let mut bytes: Vec<u8> = cards.iter().flat_map(|card| format!("{card:<80}").into_bytes()).collect();
    bytes.resize(2880, b' ');
    bytes.extend((0..48).chain([0; 2832]));
    seeds.push(Seed { name: "fits".into(), bytes, beside: BTreeMap::new(), kind: text(b"END"), extension: "nii" });
    let two = [ecat::ONE, ecat::Matrix { frame: 2, block: 5, ..ecat::ONE }];
    let bytes = ecat::file(&two, 1);
    seeds.push(Seed { name: "ecat".into(), bytes, beside: BTreeMap::new(), kind: Kind::PLAIN, extension: "nii" });
    let rows = [par::slice(1), par::Row { index: 1, ..par::slice(2) }];
    let voxels: Vec<u8> = (0..8i16).flat_map(i16::to_le_bytes).collect();
    seeds.push(Seed {
        name: "par".into(),
        bytes: par::text(par::GENERAL, &rows).into_bytes(),
        beside: BTreeMap::from([("a.REC".to_owned(), voxels)]),
        kind: text(b"IMAGE INFORMATION"),
        extension: "nii",
    });
    seeds
}
