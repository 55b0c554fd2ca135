//! Slices as small pictures: three planes through a volume, label outlines on top, two volumes in one.
//!
//! Planes are shown as a radiologist expects: axial with the patient's right on the left and the nose up, coronal with the right
//! on the left and the head up, sagittal with the face on the left. Pixels are square in millimetres.

use image::{ImageEncoder, RgbImage, codecs::png};
use isocenter_volume::{Geometry, LabelMap, Orientation, Volume, stats};

/// Longest side of one plane, pixels.
const SIDE: u32 = 220;

/// The three planes of a volume through one point, with grey values 0..1 already windowed.
pub(crate) struct Planes {
    planes: [Plane; 3],
}

struct Plane {
    width: usize,
    height: usize,
    grey: Vec<f32>,
    /// For each pixel, the voxel (LPS index order) it shows.
    voxel: Vec<[usize; 3]>,
}

/// The range of real values shown as black to white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) low: f32,
    pub(crate) high: f32,
    /// Dark for high values, as PET is shown.
    pub(crate) inverted: bool,
}

impl Window {
    /// The usual window of a modality: soft tissue for Hounsfield units, white to black for uptake, else the 1st to 99.5th
    /// percentile.
    pub(crate) fn for_volume(volume: &Volume<f32>) -> Self {
        let finite: Vec<f32> = volume.step(0).unwrap_or_default().iter().copied().filter(|v| v.is_finite()).collect();
        let cuts = stats::percentiles(&finite, &[1.0, 99.5]).unwrap_or_default();
        let (low, high) = match (volume.scaling().unit(), cuts.as_slice()) {
            (isocenter_volume::Unit::Hu, _) => (-160.0, 240.0),
            (_, [low, high, ..]) if high > low => (*low as f32, *high as f32),
            _ => (0.0, 1.0),
        };
        let inverted = volume.meta().modality.as_deref() == Some("PT");
        Self { low, high, inverted }
    }

    fn grey(self, value: f32) -> f32 {
        let t = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        let t = if t.is_nan() { 0.0 } else { t };
        if self.inverted { 1.0 - t } else { t }
    }
}

impl Planes {
    /// Cuts three planes through the voxel nearest to `at` (world mm), or through the middle.
    ///
    /// The volume is turned to LPS first where its frame is the patient's.
    pub(crate) fn cut(volume: &Volume<f32>, at: Option<[f64; 3]>, window: Window) -> Option<Self> {
        let turned = volume.reorient(Orientation::LPS);
        let volume = turned.as_ref().unwrap_or(volume);
        let samples = volume.step(0)?;
        let shape = volume.shape();
        let spacing = volume.geometry().spacing_mm();
        let centre = at.map(|p| nearest_voxel(volume.geometry(), p)).unwrap_or(shape.map(|n| n / 2));
        // plane axes: (across, down, through), with `down` towards the feet for coronal and sagittal
        let layout = [(0, 1, 2, false), (0, 2, 1, true), (1, 2, 0, true)];
        let planes = layout.map(|(across, down, through, flip_down)| {
            let size_mm = [across, down].map(|a| shape[a] as f64 * spacing[a]);
            let scale = f64::from(SIDE) / size_mm[0].max(size_mm[1]);
            let [width, height] = size_mm.map(|mm| ((mm * scale).round() as usize).clamp(1, SIDE as usize));
            let mut grey = Vec::with_capacity(width * height);
            let mut voxel = Vec::with_capacity(width * height);
            for v in 0..height {
                for u in 0..width {
                    let mut index = centre;
                    index[across] = (u * shape[across] / width).min(shape[across] - 1);
                    let row = (v * shape[down] / height).min(shape[down] - 1);
                    index[down] = if flip_down { shape[down] - 1 - row } else { row };
                    index[through] = centre[through].min(shape[through] - 1);
                    let value = samples[index[0] + shape[0] * (index[1] + shape[1] * index[2])];
                    grey.push(window.grey(value));
                    voxel.push(index);
                }
            }
            Plane { width, height, grey, voxel }
        });
        Some(Self { planes })
    }

    /// The planes side by side in grey.
    pub(crate) fn to_picture(&self) -> RgbImage {
        self.paint(|plane, pixel| {
            let g = (plane.grey[pixel] * 255.0) as u8;
            [g, g, g]
        })
    }

    /// The planes with the outline of every label on top; the label map lies on the volume's grid.
    pub(crate) fn with_labels(&self, labels: &LabelMap, colour: impl Fn(u32) -> [u8; 3]) -> RgbImage {
        let turned = labels.reorient(Orientation::LPS);
        let labels = turned.as_ref().unwrap_or(labels);
        let shape = labels.geometry().shape();
        let layer = labels.layers().first();
        let label_at = |index: [usize; 3]| {
            layer.and_then(|l| l.at(index[0] + shape[0] * (index[1] + shape[1] * index[2]))).unwrap_or(0)
        };
        self.paint(|plane, pixel| {
            let here = label_at(plane.voxel[pixel]);
            let (u, v) = (pixel % plane.width, pixel / plane.width);
            let neighbours = [(u.wrapping_sub(1), v), (u + 1, v), (u, v.wrapping_sub(1)), (u, v + 1)];
            let on_edge = here != 0
                && neighbours.iter().any(|&(nu, nv)| {
                    nu < plane.width && nv < plane.height && label_at(plane.voxel[nv * plane.width + nu]) != here
                });
            if on_edge {
                return colour(here);
            }
            let g = (plane.grey[pixel] * 255.0) as u8;
            [g, g, g]
        })
    }

    /// Two volumes on one grid in one picture: this one in orange, the other in blue; where they agree it is grey.
    pub(crate) fn overlaid(&self, other: &Self) -> RgbImage {
        self.paint_numbered(|number, plane, pixel| {
            let a = plane.grey[pixel];
            let b = other.planes[number].grey.get(pixel).copied().unwrap_or(0.0);
            let mix = |x: f32| (x.clamp(0.0, 1.0) * 255.0) as u8;
            [mix(a), mix(0.5 * (a + b)), mix(b)]
        })
    }

    fn paint(&self, pixel: impl Fn(&Plane, usize) -> [u8; 3]) -> RgbImage {
        self.paint_numbered(|_, plane, p| pixel(plane, p))
    }

    fn paint_numbered(&self, pixel: impl Fn(usize, &Plane, usize) -> [u8; 3]) -> RgbImage {
        const GAP: u32 = 4;
        let mut picture = RgbImage::new(3 * SIDE + 2 * GAP, SIDE);
        for (number, plane) in self.planes.iter().enumerate() {
            let left = number as u32 * (SIDE + GAP) + (SIDE - plane.width as u32) / 2;
            let top = (SIDE - plane.height as u32) / 2;
            for v in 0..plane.height {
                for u in 0..plane.width {
                    let rgb = pixel(number, plane, v * plane.width + u);
                    picture.put_pixel(left + u as u32, top + v as u32, image::Rgb(rgb));
                }
            }
        }
        picture
    }
}

fn nearest_voxel(geometry: &Geometry, world: [f64; 3]) -> [usize; 3] {
    let index = geometry.index_of(world);
    let shape = geometry.shape();
    [0, 1, 2].map(|a| (index[a].round().max(0.0) as usize).min(shape[a] - 1))
}

/// A picture as PNG bytes; the same picture gives the same bytes.
pub(crate) fn to_png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = png::PngEncoder::new_with_quality(&mut bytes, png::CompressionType::Best, png::FilterType::Adaptive);
    // writing to memory cannot fail, and an empty picture is shown as missing
    let _ = encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8);
    bytes
}

/// World position (mm) of the middle of a label map's largest plane of labels, where it has any.
pub(crate) fn label_centre(labels: &LabelMap) -> Option<[f64; 3]> {
    let [nx, ny, nz] = labels.geometry().shape();
    let layer = labels.layers().first()?.to_u32();
    let count = |k: usize| layer[k * nx * ny..(k + 1) * nx * ny].iter().filter(|v| **v != 0).count();
    let (k, n) = (0..nz).map(|k| (k, count(k))).max_by_key(|&(k, n)| (n, nz - k))?;
    if n == 0 {
        return None;
    }
    let (mut si, mut sj) = (0usize, 0usize);
    for (p, _) in layer[k * nx * ny..(k + 1) * nx * ny].iter().enumerate().filter(|(_, v)| **v != 0) {
        si += p % nx;
        sj += p / nx;
    }
    Some(labels.geometry().world_of([si as f64 / n as f64, sj as f64 / n as f64, k as f64]))
}
