//! The row of a planned DICOM volume.

use std::path::{Path, PathBuf};

use isocenter_convert::{SeriesPlan, Warning};
use isocenter_dcm::{
    Instance,
    scan::{Kind, Scanned},
    tags, value,
};

use super::{Numbers, Options, SeriesRow, header, row::Named};

pub(super) fn row(plan: &SeriesPlan, scanned: &[Scanned], numbers: &mut Numbers, options: Options) -> SeriesRow {
    let headers: Vec<&Instance> = plan
        .files
        .iter()
        .filter_map(|f| match &scanned[*f].kind {
            Kind::Dicom(instance) => Some(&**instance),
            _ => None,
        })
        .collect();
    let of_head = SeriesRow::of_head(&plan.head);
    // the millimetres of a picture that states none are pixels
    let spacing_mm = of_head.spacing_mm.filter(|_| !plan.warnings.contains(&Warning::SpacingAssumed));
    let body_part = headers.first().and_then(|i| value::string(&i.dataset, tags::BODY_PART_EXAMINED));
    SeriesRow {
        patient: Some(numbers.patient(&plan.patient.to_text())),
        study: Some(numbers.study(plan.study_uid.as_deref().unwrap_or_default())),
        series: numbers.series(plan.series_uid.as_deref().unwrap_or_default()),
        modality: plan.modality.clone(),
        body_part: body_part.filter(|part| !part.is_empty()),
        sample_type: plan.sample_type.name(),
        files: plan.files.len(),
        spacing_mm,
        stored_as: header::syntaxes(&headers),
        privacy: header::risks(&headers),
        named: options.paths.then(|| Named {
            path: around(plan.files.iter().map(|f| scanned[*f].path.as_path())),
            description: plan.description.clone().filter(|text| !text.trim().is_empty()),
        }),
        ..of_head
    }
}

/// The folder that all of the files lie in or below; the file, where there is one.
fn around<'p>(mut files: impl Iterator<Item = &'p Path>) -> PathBuf {
    let Some(first) = files.next() else { return PathBuf::new() };
    let mut found = first.to_owned();
    for file in files {
        while !file.starts_with(&found) && found.pop() {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_around_files_is_the_deepest() {
        let of = |files: &[&str]| around(files.iter().map(Path::new));
        assert_eq!(of(&["/s/a/1.dcm"]), Path::new("/s/a/1.dcm"));
        assert_eq!(of(&["/s/a/1.dcm", "/s/a/2.dcm"]), Path::new("/s/a"));
        assert_eq!(of(&["/s/a/1.dcm", "/s/ab/2.dcm", "/s/a/3.dcm"]), Path::new("/s"));
    }
}
