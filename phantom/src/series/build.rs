//! From a series in the making to data sets and files.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use isocenter_volume::{Frame, Geometry, affine};
use rayon::prelude::*;

use super::{Modality, SeriesBuilder, Stored, WrittenSeries};
use crate::{
    Contrast, Error,
    dicom::{self, Context, instance::Instance, pet::Injection, uid::uid},
    truth::Planted,
};

impl SeriesBuilder {
    /// The data sets, by plane, and what was planted in them.
    ///
    /// # Errors
    /// [`Error::Argument`] for numbers that do not match the planes, a multi-frame image that is not MR, more than 65535 rows or
    /// columns.
    pub fn instances(&self) -> Result<(Vec<Instance>, Vec<Planted>), Error> {
        self.check()?;
        let planes = self.volume.shape()[2];
        let seconds = self.seconds.unwrap_or(self.study.seconds + 300 * self.number);
        let pet = self.modality == Modality::Pet;
        let injection = pet.then(|| {
            let invented = || Injection::fdg(self.study.stream.fork("injection"), seconds);
            self.injection.clone().unwrap_or_else(invented)
        });
        let factor = injection.as_ref().map_or(1.0, |i| i.bqml_per_suv(self.study.person.weight_kg));
        let stored = Stored::new(&self.volume, self.modality, self.contrast, self.vendor, factor);
        let series_uid = self.series_uid();
        let frame_uid = match (&self.frame_uid, self.volume.geometry().frame()) {
            (Some(uid), _) | (None, Frame::Patient(Some(uid))) => uid.clone(),
            _ => uid(self.study.stream, &["frame", self.modality.code()]),
        };
        let description = self.description.clone().unwrap_or_else(|| default_description(self.contrast).to_owned());
        let ctx = Context {
            study: &self.study,
            vendor: self.vendor,
            modality: self.modality,
            contrast: self.contrast,
            series_uid: &series_uid,
            frame_uid: &frame_uid,
            number: self.number,
            description: &description,
            body_part: self.body_part,
            protocol: default_description(self.contrast),
            geometry: self.volume.geometry(),
            localizer: self.localizer,
            tilt_deg: self.tilt_deg.unwrap_or_else(|| tilt_of(self.volume.geometry())),
            seconds: injection.as_ref().map_or(seconds, |i| i.started_s),
            injection: injection.as_ref(),
            stored: &stored,
            plant: self.plant,
        };
        let stream = self.study.stream.fork(&series_uid);
        let kept: Vec<usize> = (0..planes).filter(|k| !self.missing.contains(k)).collect();
        let number_of = |plane: usize| self.instance_numbers.as_ref().map_or(plane as u32 + 1, |n| n[plane]);
        let syntax = self.syntax.unwrap_or(self.vendor.syntax());
        let build = |plane: Option<usize>, file: usize| {
            let sop_uid = uid(stream, &["instance", &plane.map_or("all".to_owned(), |p| p.to_string())]);
            let header = match plane {
                Some(plane) => dicom::single(&ctx, plane, number_of(plane), &sop_uid),
                None => {
                    let mut frames = kept.clone();
                    frames.sort_by_key(|&k| number_of(k));
                    dicom::enhanced(&ctx, &frames, 1, &sop_uid)
                }
            };
            let (object, planted) = header.finish();
            let name = self.vendor.file_name(self.modality, self.number, file, &self.study);
            (Instance { name, plane, syntax, object }, planted)
        };
        let built: Vec<_> = if self.enhanced {
            vec![build(None, 1)]
        } else {
            let file_of = |plane: usize| self.file_numbers.as_ref().map_or(plane + 1, |n| n[plane]);
            kept.par_iter().map(|&plane| build(Some(plane), file_of(plane))).collect()
        };
        let mut planted = BTreeSet::new();
        let mut instances = Vec::with_capacity(built.len());
        for (instance, own) in built {
            instances.push(instance);
            planted.extend(own);
        }
        Ok((instances, planted.into_iter().collect()))
    }

    /// Writes the files into a folder, which is made where it is missing.
    ///
    /// # Errors
    /// As [`SeriesBuilder::instances`], [`Error::Encode`], [`Error::Io`].
    pub fn write(&self, dir: &Path) -> Result<WrittenSeries, Error> {
        let (instances, planted) = self.instances()?;
        std::fs::create_dir_all(dir).map_err(Error::io(dir))?;
        let files: Vec<PathBuf> = instances.par_iter().map(|i| i.write(dir)).collect::<Result<_, Error>>()?;
        Ok(WrittenSeries {
            study_uid: self.study.uid.clone(),
            series_uid: self.series_uid(),
            modality: self.modality,
            sop_instance_uids: instances.iter().map(Instance::sop_instance_uid).collect(),
            files,
            planted,
            geometry: self.volume.geometry().clone(),
        })
    }

    fn check(&self) -> Result<(), Error> {
        let [columns, rows, planes] = self.volume.shape();
        if columns > usize::from(u16::MAX) || rows > usize::from(u16::MAX) || planes > usize::from(u16::MAX) {
            return Err(Error::Argument { what: "an image has at most 65535 rows, columns and planes" });
        }
        if self.volume.steps() != 1 {
            return Err(Error::Argument { what: "a series is written from a volume of one step" });
        }
        if self.enhanced && self.modality != Modality::Mr {
            return Err(Error::Argument { what: "only MR is written as an enhanced multi-frame image" });
        }
        let unique = |n: usize, len: usize| n == len && len == planes;
        if let Some(numbers) = &self.instance_numbers {
            let set: BTreeSet<_> = numbers.iter().collect();
            if !unique(set.len(), numbers.len()) {
                return Err(Error::Argument { what: "every plane needs one instance number of its own" });
            }
        }
        if let Some(numbers) = &self.file_numbers {
            let set: BTreeSet<_> = numbers.iter().collect();
            if !unique(set.len(), numbers.len()) {
                return Err(Error::Argument { what: "every plane needs one file number of its own" });
            }
        }
        Ok(())
    }
}

/// The angle (degrees) by which images lean against the advance of the slices, about a row's direction; positive as in
/// (0018,1120). Zero for a rectangular grid.
fn tilt_of(geometry: &Geometry) -> f64 {
    let [i, j, k] = geometry.direction();
    let lean = affine::dot(j, k);
    let height = affine::dot(affine::cross(i, j), k);
    let degrees = libm::atan2(lean, height) * (180.0 / std::f64::consts::PI);
    let rounded = (degrees * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

const fn default_description(contrast: Contrast) -> &'static str {
    match contrast {
        Contrast::T1 => "t1_mprage",
        Contrast::T2 => "t2_tse",
        Contrast::Flair => "t2_flair",
        Contrast::Ct => "CT standard",
        Contrast::Suv => "PET AC",
    }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::Volume;

    use super::*;
    use crate::grid::{Grid, Plane};

    fn small() -> Volume<f32> {
        let g = Grid::new(Plane::Axial, [4, 3, 5], [1.0, 1.0, 2.0]).geometry().unwrap();
        Volume::new((0..60).map(|v| v as f32).collect::<Vec<_>>(), g).unwrap()
    }

    #[test]
    fn refuses_numbers_that_repeat() {
        let b = SeriesBuilder::new(Modality::Mr, small()).instance_numbers(vec![1, 2, 2, 3, 4]);
        assert!(matches!(b.instances(), Err(Error::Argument { .. })));
        let b = SeriesBuilder::new(Modality::Ct, small()).enhanced(true);
        assert!(matches!(b.instances(), Err(Error::Argument { .. })));
    }

    #[test]
    fn the_tilt_of_the_grid_is_found_again() {
        for angle in [-12.5, 0.0, 20.0] {
            let g = Grid::new(Plane::Axial, [4, 3, 5], [1.0, 1.0, 2.0]).tilt_deg(angle).geometry().unwrap();
            assert!((tilt_of(&g) - angle).abs() < 1e-6, "{} for {angle}", tilt_of(&g));
        }
    }

    #[test]
    fn a_missing_slice_is_not_written_and_the_others_keep_their_identity() {
        let all = SeriesBuilder::new(Modality::Mr, small()).instances().unwrap().0;
        let some = SeriesBuilder::new(Modality::Mr, small()).missing_slice(3).instances().unwrap().0;
        assert_eq!(some.len(), 4);
        assert_eq!(some[3].sop_instance_uid(), all[4].sop_instance_uid());
    }
}
