//! Renders and writes a cohort, patient by patient.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use isocenter_volume::{Ctx, Geometry, LabelMap, Stage, Volume};

use super::{Cohort, Order, PatientPlan, SeriesPlan, Subject, faults};
use crate::{
    Body, Contrast, Error, Truth,
    dicom::vendor::Vendor,
    nifti,
    series::{Modality, SeriesBuilder},
    truth::{Kind, Planted, TruthLabels, TruthPatient, TruthSeries, TruthUptake},
};

pub(super) fn write(cohort: &Cohort, dir: &Path, ctx: &Ctx<'_>) -> Result<Truth, Error> {
    let total: usize = cohort.patients.iter().map(|p| p.series.len() + p.faults.len()).sum();
    let mut out = Output {
        dir,
        stage: ctx.stage("writing the cohort", total as u64),
        planted: BTreeSet::new(),
        truth: Truth { seed: cohort.seed, ..Truth::default() },
    };
    for plan in &cohort.patients {
        out.patient(plan)?;
    }
    out.truth.planted = out.planted.into_iter().collect();
    Ok(out.truth)
}

/// The folder that is filled, and the truth that grows with it.
pub(super) struct Output<'a> {
    dir: &'a Path,
    stage: Stage<'a>,
    planted: BTreeSet<Planted>,
    pub(super) truth: Truth,
}

impl Output<'_> {
    fn patient(&mut self, plan: &PatientPlan) -> Result<(), Error> {
        let person = &plan.study.person;
        self.truth.patients.push(TruthPatient {
            id: person.id.clone(),
            name: person.name(),
            weight_kg: person.weight_kg,
            studies: vec![plan.study.uid.clone()],
        });
        self.planted.insert(Planted { place: "family name".to_owned(), value: person.family.clone() });
        let folder = self.dir.join(&plan.folder);
        for series in &plan.series {
            self.tick()?;
            let volume = plan.render(series, &series.grid.geometry()?)?;
            let builder = plan.builder(series, volume);
            let written = builder.write(&folder.join(series.folder))?;
            self.plant(written.planted);
            let files = written.files.iter().map(|f| self.relative(f)).collect();
            self.truth.series.push(plan.truth_of(series, &written.series_uid, &written.geometry, files));
            if let Some((orientation, name)) = series.labels {
                self.labels(plan, series, &written.geometry, orientation, &folder.join(name))?;
            }
            if series.contrast == Contrast::Suv {
                self.uptake(plan, series, &written.series_uid);
            }
        }
        for &fault in &plan.faults {
            self.tick()?;
            faults::write(self, plan, fault, &folder)?;
        }
        Ok(())
    }

    fn labels(
        &mut self,
        plan: &PatientPlan,
        series: &SeriesPlan,
        geometry: &Geometry,
        orientation: &str,
        path: &Path,
    ) -> Result<(), Error> {
        let map = plan.labels(series, geometry)?.reorient(orientation.parse()?, &self.stage.ctx())?;
        let mut truth = TruthLabels {
            path: self.relative(path),
            series_uid: plan.builder_uid(series),
            names: map.segments().iter().map(|s| (s.value, s.name.clone())).collect(),
            voxels: Default::default(),
        };
        for value in map.layers().iter().flat_map(|l| l.iter()) {
            *truth.voxels.entry(value).or_default() += 1;
        }
        truth.voxels.remove(&0);
        let name = plan.study.person.id.clone();
        nifti::write_labels(path, &map, &name)?;
        self.plant([Planted { place: "NIfTI db_name".to_owned(), value: name }]);
        self.truth.labels.push(truth);
        Ok(())
    }

    fn uptake(&mut self, plan: &PatientPlan, series: &SeriesPlan, series_uid: &str) {
        let Subject::Body(body) = &plan.subject else { return };
        self.truth.suv.extend(body.uptake().iter().map(|u| TruthUptake {
            series_uid: series_uid.to_owned(),
            region: u.region.to_owned(),
            centre_mm: series.pose.apply(u.centre_mm),
            radius_mm: u.radius_mm,
            value: u.suv,
        }));
    }

    fn tick(&mut self) -> Result<(), Error> {
        self.stage.advance(1).map_err(|_| Error::Cancelled)
    }

    pub(super) fn plant(&mut self, planted: impl IntoIterator<Item = Planted>) {
        self.planted.extend(planted);
    }

    /// A path below the cohort's folder, with `/`.
    pub(super) fn relative(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.dir).unwrap_or(path);
        let parts: Vec<String> = below.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
        parts.join("/")
    }

    pub(super) fn absolute(&self, relative: &str) -> PathBuf {
        self.dir.join(relative)
    }
}

impl PatientPlan {
    pub(super) fn render(&self, series: &SeriesPlan, geometry: &Geometry) -> Result<Volume<f32>, Error> {
        let seed = self.study.stream.fork("noise").bits(u64::from(series.number));
        match &self.subject {
            Subject::Head(head) => head.render(geometry, &series.pose, series.contrast, seed),
            Subject::Body(body) => body.render(geometry, &series.pose, series.contrast, seed),
        }
    }

    fn labels(&self, series: &SeriesPlan, geometry: &Geometry) -> Result<LabelMap, Error> {
        match &self.subject {
            Subject::Head(head) => head.labels(geometry, &series.pose),
            Subject::Body(body) => Body::labels(body, geometry, &series.pose),
        }
    }

    /// The maker of a series: the CT of a head comes from another scanner.
    fn vendor_of(&self, series: &SeriesPlan) -> Vendor {
        match (&self.subject, series.contrast, self.vendor) {
            (Subject::Head(_), Contrast::Ct, Vendor::Siemens) => Vendor::Ge,
            (Subject::Head(_), Contrast::Ct, _) => Vendor::Siemens,
            _ => self.vendor,
        }
    }

    pub(super) fn builder(&self, series: &SeriesPlan, volume: Volume<f32>) -> SeriesBuilder {
        let modality = match series.contrast {
            Contrast::Ct => Modality::Ct,
            Contrast::Suv => Modality::Pet,
            _ => Modality::Mr,
        };
        let planes = volume.shape()[2];
        let builder = SeriesBuilder::new(modality, volume)
            .study(self.study.clone())
            .vendor(self.vendor_of(series))
            .contrast(series.contrast)
            .number(series.number)
            .description(series.description)
            .enhanced(series.enhanced);
        let builder = match &self.subject {
            Subject::Head(_) => builder.body_part("HEAD"),
            // CT and PET of one table share a frame of reference
            Subject::Body(_) => {
                builder.body_part("CHEST").frame_uid(crate::dicom::uid::uid(self.study.stream, &["frame", "table"]))
            }
        };
        let order = self.study.stream.fork("order").nth(u64::from(series.number));
        match series.order {
            Order::Ascending => builder,
            Order::Descending => builder.reverse(),
            Order::Shuffled => builder
                .instance_numbers(order.nth(0).permutation(planes).iter().map(|n| *n as u32 + 1).collect())
                .file_numbers(order.nth(1).permutation(planes).iter().map(|n| n + 1).collect()),
        }
    }

    fn builder_uid(&self, series: &SeriesPlan) -> String {
        crate::dicom::uid::uid(self.study.stream, &["series", &series.number.to_string()])
    }

    pub(super) fn truth_of(
        &self,
        series: &SeriesPlan,
        series_uid: &str,
        geometry: &Geometry,
        files: Vec<String>,
    ) -> TruthSeries {
        let (modality, kind) = match (&self.subject, series.contrast) {
            (_, Contrast::Suv) => ("PT", Kind::Pet),
            (Subject::Head(_), Contrast::Ct) => ("CT", Kind::Head),
            (Subject::Head(_), _) => ("MR", Kind::Head),
            (Subject::Body(_), _) => ("CT", Kind::Body),
        };
        TruthSeries {
            patient_id: self.study.person.id.clone(),
            study_uid: self.study.uid.clone(),
            series_uid: series_uid.to_owned(),
            modality: modality.to_owned(),
            contrast: series.contrast.name().to_owned(),
            kind,
            pose: series.pose.rows(),
            shape: geometry.shape(),
            spacing_mm: geometry.spacing_mm(),
            affine: geometry.affine().rows(),
            enhanced: series.enhanced,
            files,
        }
    }
}
