//! Label maps given to their images.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_deid::{KnownValues, LeakScan};
use isocenter_labels::matching::Match;

use super::{
    inputs::Inputs,
    labelling,
    labelling::LabelFile,
    layout::By,
    pairs::Pairs,
    refusal::Refusal,
    scheme,
    scheme::Scheme,
    text,
    understood::{FileRow, Understood},
    work::{ImageWork, LabelWork, Origin, Refused},
};
use crate::Error;

/// A label map, the images that it lies on, and whether they have its name.
type Found = (usize, Vec<(usize, Match)>, bool);

/// Gives every label map to its images, and finds the schemes of their labels; a label map without an image is refused.
pub(super) fn assign(
    inputs: &Inputs,
    images: &mut BTreeMap<String, Vec<ImageWork>>,
    labels: &[LabelFile],
    pairs: &Pairs,
    known: &mut KnownValues,
    refused: &mut Vec<Refused>,
) -> Result<Vec<Scheme>, Error> {
    for images in images.values_mut() {
        images.sort_by(|a, b| a.item_id.cmp(&b.item_id));
    }
    let scan = labelling::search_of_names(labels, known)?;
    let mut images: Vec<(&String, &mut ImageWork)> =
        images.iter_mut().flat_map(|(p, images)| images.iter_mut().map(move |i| (p, i))).collect();
    // what lies on the grid, and of that what has the label map's own name
    let mut found: Vec<Found> = Vec::new();
    for (n, label) in labels.iter().enumerate() {
        let path = inputs.path(label.file);
        let meant = meant_by(inputs, label, pairs.series_of(path), &images);
        let candidates = meant.iter().map(|m| (*m, images[*m].1.head.geometry(), images[*m].1.item_id.as_str()));
        let study_of = |m: usize| (images[m].0.as_str(), images[m].1.study.as_str());
        match labelling::find_all(label, candidates, study_of) {
            Ok(on_grid) => {
                let own = |m: usize| match &images[m].1.source {
                    Origin::File(file, _) => labelling::same_name(path, inputs.path(*file)),
                    Origin::Series(_) => false,
                };
                let named: Vec<_> = on_grid.iter().filter(|(m, _)| own(*m)).cloned().collect();
                let is_named = !named.is_empty();
                if is_named {
                    found.push((n, named, true));
                }
                found.push((n, on_grid, false));
            }
            Err(why) => refused.push(label.refused(inputs, why)),
        }
    }
    // an image takes the label map of its own name, then one that has no image of its name, then what is left
    let has_own: BTreeSet<usize> = found.iter().filter(|f| f.2).map(|f| f.0).collect();
    let without: BTreeSet<usize> = (0..labels.len()).filter(|n| !found.iter().any(|f| f.0 == *n)).collect();
    found.sort_by_key(|(n, _, is_named)| (!is_named, has_own.contains(n), *n));
    let mut matched: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (n, on_grid, _) in found {
        for (m, fits) in on_grid {
            let image = &mut images[m].1;
            if image.labels.is_none() {
                image.holds.add(&labels[n].holds(inputs));
                image.labels = Some(LabelWork {
                    file: labels[n].file,
                    holds: labels[n].holds(inputs),
                    map: fits.map,
                    fit: fits.fit,
                    scheme: 0,
                    by: labels[n].by(),
                });
                matched.entry(n).or_default().push(m);
            }
        }
    }
    for (n, label) in labels.iter().enumerate() {
        if !without.contains(&n) && !matched.contains_key(&n) {
            let why = Refusal::new("second-label-map", "the image on whose grid it lies has another label map already");
            refused.push(label.refused(inputs, why));
        }
    }
    let facts: Vec<scheme::LabelFacts> = matched.keys().map(|n| labels[*n].facts(&scan)).collect();
    let (schemes, which) = scheme::schemes(&facts);
    for (places, scheme) in matched.values().zip(which) {
        for m in places {
            if let Some(work) = images[*m].1.labels.as_mut() {
                work.scheme = scheme;
            }
        }
    }
    Ok(schemes)
}

/// What was understood of every volume file that goes on.
pub(super) fn understood(
    inputs: &Inputs,
    images: &BTreeMap<String, Vec<ImageWork>>,
    known: &KnownValues,
) -> Result<Understood, Error> {
    let placed = |image: &ImageWork| image.place.is_some() || image.labels.is_some();
    if !images.values().flatten().any(placed) {
        return Ok(Understood::default());
    }
    // the report is of all items: what one of them is kept out for must not stand in it
    let scan = LeakScan::new(known).map_err(Error::Scan)?;
    let mut rows = Vec::new();
    for (patient, image) in images.iter().flat_map(|(p, images)| images.iter().map(move |i| (p, i))) {
        let row = |file: usize, by: By, role: &str| FileRow {
            file: inputs.ids[file].clone(),
            layout: by.name().to_owned(),
            patient: patient.clone(),
            visit: image.study.clone(),
            role: role.to_owned(),
            ..FileRow::default()
        };
        if let (Origin::File(file, meta), Some(place)) = (&image.source, &image.place) {
            let channel = image.channel(&scan);
            let modality = text::term(meta.modality.as_deref(), &scan);
            let looks_like_labels = image.looks_like_labels;
            rows.push((place.by, FileRow { modality, channel, looks_like_labels, ..row(*file, place.by, "image") }));
        }
        if let Some(labels) = &image.labels {
            rows.push((labels.by, row(labels.file, labels.by, "label")));
        }
    }
    Ok(Understood::of(rows))
}

/// The images that a label map can be meant for, before grids are compared: those that are named, else those of its patient and visit,
/// else, where nothing says whose it is, all. A label map of a known patient without an image never goes to somebody else.
fn meant_by(
    inputs: &Inputs,
    label: &LabelFile,
    series: Option<&str>,
    images: &[(&String, &mut ImageWork)],
) -> Vec<usize> {
    let of = |wanted: &dyn Fn(&ImageWork) -> bool| -> Vec<usize> {
        images.iter().enumerate().filter(|(_, (_, i))| wanted(i)).map(|(n, _)| n).collect()
    };
    if let Some(series) = series {
        return of(&|image| {
            image.series_uid.as_deref() == Some(series)
                || image.holds.files.iter().any(|f| inputs.path(*f).to_string_lossy() == series)
        });
    }
    let place = &label.place;
    if !place.of.is_empty() {
        return of(&|image| image.holds.files.first().is_some_and(|f| place.of.iter().any(|p| p == inputs.path(*f))));
    }
    let Some(patient) = &place.patient else { return of(&|_| true) };
    let same = |image: &ImageWork| {
        image.place.as_ref().filter(|p| p.patient.as_ref() == Some(patient)).map(|p| p.visit.clone())
    };
    let of_visit = of(&|image| same(image).is_some_and(|visit| visit == place.visit));
    if !of_visit.is_empty() {
        return of_visit;
    }
    let of_patient = of(&|image| same(image).is_some_and(|visit| visit.is_none() || place.visit.is_none()));
    if !of_patient.is_empty() || !matches!(place.by, By::Folders | By::Flat | By::Grid) {
        return of_patient;
    }
    // a label map beside DICOM
    of(&|image| image.place.is_none())
}
