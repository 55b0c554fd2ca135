//! Files that a careful tool keeps out, and some that only look so.

use std::path::Path;

use dicom_core::{DataElement, PrimitiveValue, VR, value::C};
use dicom_dictionary_std::tags;

use super::{Fault, Order, PatientPlan, SeriesPlan, writer::Output};
use crate::{
    Contrast, Error,
    dicom::{
        capture,
        instance::{Instance, Syntax, write_beside},
        uid::uid,
    },
    grid::{Grid, Plane},
    truth::{Duplicate, Faulty, Kind},
};

pub(super) fn write(out: &mut Output<'_>, plan: &PatientPlan, fault: Fault, folder: &Path) -> Result<(), Error> {
    match fault {
        Fault::Localizer => localizer(out, plan, &folder.join("localizer")),
        Fault::Copy => copy(out, plan, folder),
        Fault::Reencoded => reencoded(out, plan, folder),
        Fault::Truncated => truncated(out, plan, folder),
        Fault::Empty => {
            let path = folder.join("IM_aborted.dcm");
            write_beside(&path, &[])?;
            faulty(out, &[&path], "empty-file");
            Ok(())
        }
        Fault::Text => {
            let path = folder.join("readme_viewer.dcm");
            write_beside(
                &path,
                b"This disc holds images. To see them, start the viewer.\r\nNo program is on this disc.\r\n",
            )?;
            faulty(out, &[&path], "not-dicom");
            Ok(())
        }
        Fault::Contradictory => contradictory(out, plan, folder),
        Fault::MissingSlice => missing_slice(out, plan, &folder.join("T2 repeat")),
        Fault::BurnedIn => burned_in(out, plan, folder),
    }
}

fn faulty(out: &mut Output<'_>, paths: &[&Path], reason: &str) {
    let files = paths.iter().map(|p| out.relative(p)).collect();
    out.truth.faulty.push(Faulty { files, expected_reason: reason.to_owned() });
}

/// A few coarse planes of the first contrast, for a series beside the real ones.
fn extra(plan: &PatientPlan, number: u32, description: &'static str, plane: Plane, planes: usize) -> SeriesPlan {
    let template = &plan.series[0];
    let spacing = if planes == 1 { 6.0 } else { 5.0 };
    SeriesPlan {
        grid: Grid::new(plane, [80, 96, planes], [2.6, 2.6, spacing]),
        contrast: if template.contrast.is_mr() { Contrast::T2 } else { template.contrast },
        number,
        description,
        enhanced: false,
        order: Order::Ascending,
        folder: "",
        labels: None,
        ..template.clone()
    }
}

/// Instances of an extra series, with what was planted told to the truth.
fn instances(out: &mut Output<'_>, plan: &PatientPlan, series: &SeriesPlan) -> Result<Vec<Instance>, Error> {
    let volume = plan.render(series, &series.grid.geometry()?)?;
    let (instances, planted) = plan.builder(series, volume).instances()?;
    out.plant(planted);
    Ok(instances)
}

fn localizer(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let series_uid = uid(plan.study.stream, &["series", "localizer"]);
    let mut files = Vec::new();
    let mut first = None;
    for (n, plane) in [Plane::Axial, Plane::Coronal, Plane::Sagittal].into_iter().enumerate() {
        let series = extra(plan, 1, "localizer", plane, 1);
        let geometry = series.grid.geometry()?;
        let builder = plan.builder(&series, plan.render(&series, &geometry)?);
        let (mut made, planted) = builder
            .uid(series_uid.as_str())
            .localizer(true)
            .instance_numbers(vec![n as u32 + 1])
            .file_numbers(vec![n + 1])
            .instances()?;
        out.plant(planted);
        for instance in &mut made {
            // the three share the series, not the instance
            let own = uid(plan.study.stream, &["localizer instance", &n.to_string()]);
            set_uid(instance, &own);
            files.push(out.relative(&instance.write(folder)?));
        }
        first.get_or_insert((series, geometry));
    }
    if let Some((series, geometry)) = first {
        let mut truth = plan.truth_of(&series, &series_uid, &geometry, files);
        truth.kind = Kind::Localizer;
        out.truth.series.push(truth);
    }
    Ok(())
}

fn set_uid(instance: &mut Instance, own: &str) {
    instance.object.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, PrimitiveValue::from(own)));
}

/// A file of this patient's first series of one file a plane.
fn some_file(out: &Output<'_>, plan: &PatientPlan) -> Result<String, Error> {
    let of_patient = |s: &&crate::truth::TruthSeries| s.patient_id == plan.study.person.id && !s.enhanced;
    let series = out.truth.series.iter().find(of_patient);
    series
        .and_then(|s| s.files.get(s.files.len() / 2).cloned())
        .ok_or(Error::Argument { what: "a copy needs a single-frame series" })
}

fn copy(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    let of = some_file(out, plan)?;
    let original = out.absolute(&of);
    let bytes = std::fs::read(&original).map_err(Error::io(&original))?;
    let path = folder.join("Copy of image (2).dcm");
    write_beside(&path, &bytes)?;
    let file = out.relative(&path);
    out.truth.duplicates.push(Duplicate { file, of });
    Ok(())
}

fn reencoded(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    // the series once more, the same by seed: one of its images, in the other transfer syntax
    let Some(series) = plan.series.iter().find(|s| !s.enhanced) else { return Ok(()) };
    let volume = plan.render(series, &series.grid.geometry()?)?;
    let (made, _) = plan.builder(series, volume).instances()?;
    let uid_of = plan.builder(series, empty(series)?).series_uid();
    let middle = made.len() / 2;
    let (Some(instance), Some(truth)) =
        (made.into_iter().nth(middle), out.truth.series.iter().find(|s| s.series_uid == uid_of))
    else {
        return Ok(());
    };
    let of = truth.files.get(middle).cloned().unwrap_or_default();
    let syntax = if instance.syntax == Syntax::Implicit { Syntax::Explicit } else { Syntax::Implicit };
    let path = Instance { name: "resent_0001".to_owned(), syntax, ..instance }.write(folder)?;
    let file = out.relative(&path);
    out.truth.duplicates.push(Duplicate { file, of });
    Ok(())
}

fn empty(series: &SeriesPlan) -> Result<isocenter_volume::Volume<f32>, Error> {
    let geometry = series.grid.geometry()?;
    Ok(isocenter_volume::Volume::new(vec![0f32; geometry.len()], geometry)?)
}

fn truncated(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    let series = extra(plan, 90, "aborted", Plane::Axial, 1);
    for instance in instances(out, plan, &series)? {
        let bytes = instance.to_bytes()?;
        let path = folder.join("transfer_incomplete.dcm");
        // cut within the pixels, which are the last element
        write_beside(&path, &bytes[..bytes.len() - bytes.len() / 3])?;
        faulty(out, &[&path], "truncated");
    }
    Ok(())
}

fn contradictory(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    let series = extra(plan, 91, "t2 single", Plane::Axial, 1);
    for instance in instances(out, plan, &series)? {
        let path = folder.join("single_a.dcm");
        write_beside(&path, &instance.to_bytes()?)?;
        let mut other = instance;
        let pixels = other.object.get(tags::PIXEL_DATA).and_then(|e| e.to_multi_int::<u16>().ok()).unwrap_or_default();
        let changed: Vec<u16> = pixels.iter().map(|v| 4095 - (*v).min(4095)).collect();
        other.object.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(C::from_vec(changed))));
        let twin = folder.join("single_b.dcm");
        write_beside(&twin, &other.to_bytes()?)?;
        faulty(out, &[&path, &twin], "contradictory-duplicate");
    }
    Ok(())
}

fn missing_slice(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    let series = extra(plan, 92, "t2_tse repeat", Plane::Axial, 20);
    let volume = plan.render(&series, &series.grid.geometry()?)?;
    let written = plan.builder(&series, volume).missing_slice(11).write(folder)?;
    out.plant(written.planted);
    let paths: Vec<&Path> = written.files.iter().map(|p| p.as_path()).collect();
    faulty(out, &paths, "missing-slice");
    Ok(())
}

fn burned_in(out: &mut Output<'_>, plan: &PatientPlan, folder: &Path) -> Result<(), Error> {
    let series = SeriesPlan {
        grid: Grid::new(Plane::Coronal, [160, 160, 1], [2.6, 2.6, 6.0]),
        contrast: Contrast::Ct,
        ..plan.series[0].clone()
    };
    let volume = plan.render(&series, &series.grid.geometry()?)?;
    let (instance, planted) = capture::burned_in(&plan.study, volume.voxels(), 160, [-160.0, 240.0], 900)?;
    out.plant(planted);
    let path = instance.write(folder)?;
    faulty(out, &[&path], "burned-in-annotation");
    Ok(())
}
