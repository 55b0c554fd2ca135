//! Volumes, templates, and the way there and back in memory.

use isocenter_convert::{
    Converted, Facts, Options,
    plan::plan,
    read::read,
    to_dicom::{Kind, Source, Template, ToDicom, Warning},
};
use isocenter_dcm::{Dataset, Instance, scan};
use isocenter_volume::{Affine, Ctx, DynSamples, DynVolume, Frame, Geometry, Head};

/// All that any kind wants of somebody.
pub(crate) const TEMPLATE: &str = r#"{"PatientID": "P1", "PatientName": "One^Patient", "StudyDate": "20260101", "StudyTime": "120000",
    "Units": "BQML", "DecayCorrection": "NONE", "Manufacturer": "Acme", "ManufacturerModelName": "M", "DeviceSerialNumber": "1",
    "SoftwareVersions": "1", "RadiopharmaceuticalInformationSequence": [{"RadionuclideHalfLife": 6586.2}]}"#;

pub(crate) fn template() -> Source {
    Source::of_template(TEMPLATE.parse::<Template>().unwrap())
}

/// An oblique grid, right-handed or left-handed, its slices shifted by so much of a row.
pub(crate) fn grid(shape: [usize; 3], left: bool, shear: f64) -> Geometry {
    let (c, s) = (0.8, 0.6);
    let row = [c, s, 0.0];
    let column = [-s * c, c * c, -s];
    let normal = [row[1] * column[2], -row[0] * column[2], row[0] * column[1] - row[1] * column[0]];
    let sign = if left { -1.0 } else { 1.0 };
    let step = [0, 1, 2].map(|a| sign * 2.3 * normal[a] + shear * column[a]);
    let columns = [row.map(|v| v * 0.7), column.map(|v| v * 0.9), step];
    Geometry::new(shape, Affine::from_columns(columns, [-123.456, 87.654, 33.21]), Frame::Patient(None)).unwrap()
}

pub(crate) fn volume(geometry: Geometry, samples: impl Into<DynSamples>) -> DynVolume {
    DynVolume::from_parts(Head::new(geometry), samples).unwrap()
}

/// Numbers from 0 on.
pub(crate) fn ramp(n: usize) -> Vec<i16> {
    (0..n).map(|i| (i % 3000) as i16 - 500).collect()
}

pub(crate) fn objects(kind: Kind, volume: &DynVolume, source: &Source) -> (Vec<Instance>, Vec<Warning>) {
    let how = ToDicom::new(kind);
    let objects = how.make(volume, source, &Ctx::default()).unwrap();
    let instances = objects.iter().collect::<Result<Vec<_>, _>>().unwrap();
    assert_eq!(instances.len(), objects.len());
    (instances, objects.warnings())
}

/// What our reader makes of objects, in files of the reverse order.
pub(crate) fn read_back(instances: &[Instance]) -> Vec<Converted> {
    let folder = tempfile::tempdir().unwrap();
    for (n, instance) in instances.iter().rev().enumerate() {
        instance.write(folder.path().join(format!("{n:04}.dcm"))).unwrap();
    }
    let scanned = scan::scan(&[folder.path()], &Facts::scan_options(), &Ctx::default()).unwrap();
    let files = Facts::of_all(&scanned);
    let plan = plan(&files, &Options::default()).unwrap();
    assert_eq!(plan.rejected, [], "nothing is to be rejected");
    plan.series.iter().map(|series| read(series, &files, &Options::default()).unwrap()).collect()
}

/// The headers of objects, for use as a reference.
pub(crate) fn headers(instances: &[Instance]) -> Vec<Dataset> {
    instances.iter().map(|instance| instance.dataset.clone()).collect()
}

/// The largest distance of a voxel's place and of its real value from those of what came back; a left-handed volume comes back with its
/// slices in the other order.
pub(crate) fn differences(volume: &DynVolume, back: &DynVolume) -> (f64, f64) {
    assert_eq!((volume.shape(), volume.steps()), (back.shape(), back.steps()));
    let [columns, rows, slices] = volume.shape();
    let is_left = !volume.geometry().is_right_handed();
    let other = |k: usize| if is_left { slices - 1 - k } else { k };
    let (mut place, mut value) = (0.0f64, 0.0f64);
    for k in [0, slices - 1] {
        for (i, j) in [(0, 0), (columns - 1, 0), (0, rows - 1), (columns - 1, rows - 1)] {
            let of = |v: &DynVolume, k: usize| v.geometry().world_of([i as f64, j as f64, k as f64]);
            let (a, b) = (of(volume, k), of(back, other(k)));
            place = (0..3).fold(place, |worst, axis| worst.max((a[axis] - b[axis]).abs()));
        }
    }
    let real = |v: &DynVolume| v.to_real_f64(&Ctx::default()).unwrap().into_parts().1;
    let (a, b) = (real(volume), real(back));
    let size = columns * rows;
    for plane in 0..slices * volume.steps() {
        let (step, k) = (plane / slices, plane % slices);
        let there = step * slices + other(k);
        let planes = a[plane * size..(plane + 1) * size].iter().zip(&b[there * size..(there + 1) * size]);
        value = planes.fold(value, |worst, (x, y)| worst.max((x - y).abs()));
    }
    (place, value)
}
