//! Mosaics made by code, each sample of which tells the place in the patient that it shows.

use isocenter_convert::Converted;
use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};

use crate::support::{MR, item, number, numbers, object, pixel_module, sequence, short, text, words};

type Vector = [f64; 3];

/// A slab of slices.
#[derive(Clone, Debug)]
pub(crate) struct Slab {
    pub(crate) row: Vector,
    pub(crate) column: Vector,
    /// Columns and rows of a slice.
    pub(crate) tile: [usize; 2],
    pub(crate) count: usize,
    /// Distance of rows, then of columns, mm.
    pub(crate) spacing: [f64; 2],
    pub(crate) step_mm: f64,
    /// The centre of the first pixel of the first tile.
    pub(crate) first: Vector,
    /// 1 where slices follow the normal, -1 where they go against it.
    pub(crate) way: f64,
}

pub(crate) const AXIAL: [Vector; 2] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
pub(crate) const CORONAL: [Vector; 2] = [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0]];
/// Its normal is to the right: Siemens numbers such slices to the left.
pub(crate) const SAGITTAL: [Vector; 2] = [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0]];

impl Slab {
    pub(crate) fn new([row, column]: [Vector; 2], count: usize, way: f64) -> Self {
        let (tile, spacing) = ([5, 4], [2.5, 3.0]);
        Self { row, column, tile, count, spacing, step_mm: 3.6, first: [-31.0, 12.5, -40.0], way }
    }

    pub(crate) fn normal(&self) -> Vector {
        let ([a, b, c], [d, e, f]) = (self.row, self.column);
        [b * f - c * e, c * d - a * f, a * e - b * d]
    }

    fn across(&self) -> usize {
        (1..).find(|side| side * side >= self.count).unwrap()
    }

    /// The centre of a pixel of a slice.
    pub(crate) fn world(&self, i: f64, j: f64, k: f64) -> Vector {
        let (n, [down, right]) = (self.normal(), self.spacing);
        [0, 1, 2].map(|a| {
            self.first[a] + i * right * self.row[a] + j * down * self.column[a] + k * self.way * self.step_mm * n[a]
        })
    }

    /// The centre of a slice, as the protocol states it.
    fn centre(&self, k: usize) -> Vector {
        self.world(self.tile[0] as f64 / 2.0, self.tile[1] as f64 / 2.0, k as f64)
    }

    fn picture(&self, down: usize, step: usize) -> (Vec<u16>, [usize; 2]) {
        let [columns, rows] = [self.tile[0] * self.across(), self.tile[1] * down];
        let mut pixels = vec![0; columns * rows];
        for k in 0..self.count {
            let [left, top] = [k % self.across() * self.tile[0], k / self.across() * self.tile[1]];
            for (j, i) in (0..self.tile[1]).flat_map(|j| (0..self.tile[0]).map(move |i| (j, i))) {
                let place = self.world(i as f64, j as f64, k as f64);
                pixels[(top + j) * columns + left + i] = (shown(place) + 100.0 * step as f64).round() as u16;
            }
        }
        (pixels, [columns, rows])
    }

    /// The public part of a mosaic of so many rows of tiles.
    fn public(&self, uid: usize, down: usize) -> Dataset {
        let mut ds = object(MR, "MR", uid);
        pixel_module(&mut ds);
        short(&mut ds, tags::BITS_STORED, 16);
        short(&mut ds, tags::HIGH_BIT, 15);
        let (pixels, [columns, rows]) = self.picture(down, uid);
        short(&mut ds, tags::COLUMNS, columns as u16);
        short(&mut ds, tags::ROWS, rows as u16);
        words(&mut ds, &pixels);
        numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &[self.row, self.column].concat());
        numbers(&mut ds, tags::PIXEL_SPACING, &self.spacing);
        number(&mut ds, tags::SPACING_BETWEEN_SLICES, self.step_mm);
        text(&mut ds, tags::INSTANCE_NUMBER, VR::IS, &(uid + 1).to_string());
        text(&mut ds, tags::ACQUISITION_NUMBER, VR::IS, &(uid + 1).to_string());
        ds
    }

    /// A mosaic of Siemens with nothing of the maker's own in it; of several the `uid`th is 100 brighter than the one before.
    pub(crate) fn bare(&self, uid: usize) -> Dataset {
        let mut ds = self.public(uid, self.across());
        text(&mut ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
        let larger = |axis: usize| (self.tile[axis] * (self.across() - 1)) as f64 / 2.0;
        let corner = self.world(-larger(0), -larger(1), 0.0);
        numbers(&mut ds, tags::IMAGE_POSITION_PATIENT, &corner);
        ds
    }

    /// The same with the image header that scanners write.
    pub(crate) fn siemens(&self, uid: usize) -> Dataset {
        let mut ds = self.bare(uid);
        let normal = self.normal().map(|n| format!("{:.8}", n * self.way));
        let normal: Vec<&str> = normal.iter().map(String::as_str).collect();
        image_header(
            &mut ds,
            &[
                ("EchoLinePosition", &[]),
                ("NumberOfImagesInMosaic", &[&self.count.to_string()]),
                ("SliceNormalVector", &normal),
            ],
        );
        ds
    }

    /// A grid of United Imaging.
    pub(crate) fn united_imaging(&self, uid: usize) -> Dataset {
        let mut ds = self.public(uid, self.count.div_ceil(self.across()));
        text(&mut ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\VFRAME");
        text(&mut ds, Tag(0x0065, 0x0010), VR::LO, "Image Private Header");
        number(&mut ds, Tag(0x0065, 0x1050), self.count as f64);
        let place = |k: usize| self.world(0.0, 0.0, k as f64);
        let items = (0..self.count).map(|k| item(|ds| numbers(ds, tags::IMAGE_POSITION_PATIENT, &place(k))));
        sequence(&mut ds, Tag(0x0065, 0x1051), items.collect());
        ds
    }

    /// The text of the protocol: its slices go along the patient's axes, whatever the tiles do.
    pub(crate) fn protocol(&self) -> String {
        let mut slices: Vec<Vector> = (0..self.count).map(|k| self.centre(k)).collect();
        let along = |v: &Vector| v.iter().zip(self.normal()).map(|(v, n)| v * n.abs()).sum::<f64>();
        slices.sort_by(|a, b| along(a).total_cmp(&along(b)));
        let mut lines = format!("### ASCCONV BEGIN ###\nsSliceArray.lSize\t = \t{}\n", self.count);
        for (k, slice) in slices.iter().enumerate() {
            for (name, mm) in ["dSag", "dCor", "dTra"].iter().zip(slice) {
                lines += &format!("sSliceArray.asSlice[{k}].sPosition.{name}\t = \t{mm}\n");
            }
        }
        lines + "### ASCCONV END ###\n"
    }
}

/// What a sample shows: a number that is another at every place of the slabs of these tests.
pub(crate) fn shown([x, y, z]: Vector) -> f64 {
    30_000.0 + 23.0 * x + 41.0 * y + 61.0 * z
}

pub(crate) fn image_header(ds: &mut Dataset, elements: &[(&str, &[&str])]) {
    header(ds, 0x1010, elements);
}

/// The series header with a protocol.
pub(crate) fn series_header(ds: &mut Dataset, protocol: &str) {
    header(ds, 0x1020, &[("MrPhoenixProtocol", &[protocol])]);
}

fn header(ds: &mut Dataset, element: u16, elements: &[(&str, &[&str])]) {
    text(ds, Tag(0x0029, 0x0010), VR::LO, "SIEMENS CSA HEADER");
    put(ds, Tag(0x0029, element), bytes(elements));
}

pub(crate) fn put(ds: &mut Dataset, tag: Tag, bytes: Vec<u8>) {
    ds.put(DataElement::new(tag, VR::OB, PrimitiveValue::U8(bytes.into())));
}

/// A header in its newer form.
pub(crate) fn bytes(elements: &[(&str, &[&str])]) -> Vec<u8> {
    fn put(out: &mut Vec<u8>, number: usize) {
        out.extend((number as u32).to_le_bytes());
    }
    let mut out = b"SV10\x04\x03\x02\x01".to_vec();
    put(&mut out, elements.len());
    put(&mut out, 77);
    for (name, values) in elements {
        let mut field = [0; 64];
        field[..name.len()].copy_from_slice(name.as_bytes());
        out.extend(field);
        put(&mut out, values.len());
        out.extend(b"UN\0\0");
        [0, 6, 77].into_iter().for_each(|n| put(&mut out, n));
        for item in 0..6 {
            let text = values.get(item).map_or(String::new(), |value| format!("{value}\0"));
            [text.len(), text.len(), 77, text.len()].into_iter().for_each(|n| put(&mut out, n));
            out.extend(text.as_bytes());
            out.resize(out.len().next_multiple_of(4), 0);
        }
    }
    out
}

/// Whether every voxel of every step lies where its sample says.
pub(crate) fn is_true(converted: &Converted) -> bool {
    let volume = &converted.volume;
    let samples = volume.samples().get::<u16>().unwrap();
    let [columns, rows, slices] = volume.shape();
    let steps = samples.chunks_exact(columns * rows * slices).enumerate();
    let mut places = steps.flat_map(|(step, samples)| {
        samples.iter().enumerate().map(move |(n, sample)| {
            (step, [n % columns, n / columns % rows, n / columns / rows].map(|index| index as f64), sample)
        })
    });
    places.all(|(step, index, sample)| {
        let place = volume.geometry().affine().apply(index);
        // rounded to a whole number
        (f64::from(*sample) - shown(place) - 100.0 * step as f64).abs() < 0.51
    })
}
