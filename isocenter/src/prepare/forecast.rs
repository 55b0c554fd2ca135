//! What a run would do, told from headers alone: the groups, the reference, the grids, the data sets.
//!
//! Every rule is the run's own, asked earlier. What only the voxels tell (an image of one value, a registration that does not trust
//! itself, a value of the input in a label's name) can still keep an item out.

use std::{collections::BTreeSet, path::PathBuf};

use isocenter_deid::LeakScan;

use super::{
    account::Account,
    channels::{self, Single, number_repeats},
    inputs::Inputs,
    options::Prepare,
    outcome::{Outcome, Planned, PlannedRegistration},
    patient::groups,
    shown::{self, Shown},
    text,
    work::{ImageWork, Origin, PatientWork},
    worklist::WorkList,
};
use crate::{
    Error, Export, Funnel, Recipe,
    export::{
        Exported,
        nnunet::{Case, Sets},
    },
    recipe::Grid,
    split,
};

/// Tells what the run would give.
///
/// # Errors
/// [`Error::Scan`], [`Error::Verification`].
pub(super) fn outcome(
    prepare: &Prepare,
    inputs: &Inputs,
    worklist: WorkList,
    names: &isocenter_deid::Pseudonyms,
    remarks: Vec<String>,
) -> Result<Outcome, Error> {
    let scan = LeakScan::identities(&worklist.known).map_err(Error::Scan)?;
    let mut forecast =
        Forecast { recipe: &prepare.recipe, worklist: &worklist, scan: &scan, planned: Vec::new(), cases: Vec::new() };
    worklist.patients.iter().for_each(|patient| forecast.patient(patient));
    let Forecast { mut planned, cases, .. } = forecast;
    planned.sort();
    let images = || worklist.patients.iter().flat_map(|p| &p.images);
    let account = Account::of(inputs, &worklist, images().map(|i| &i.holds), &worklist.refused)?;
    let patients: BTreeSet<&str> = planned.iter().map(|p| p.patient.as_str()).collect();
    let mut exports = Vec::new();
    if prepare.exports.contains(&Export::NnUnet) {
        let split = split::of_patients(&patients, names, &prepare.recipe.split);
        exports.extend(Sets::of(&prepare.recipe.name, &cases).tell(&worklist.schemes, &split));
    }
    if prepare.exports.contains(&Export::Dicom) {
        let dicom = |file: &&usize| super::work::header(inputs, **file).is_some();
        exports.push(Exported::of_dicom(account.in_items.iter().filter(dicom).count()));
    }
    let funnel = Funnel {
        items: planned.len(),
        labelled: images().filter(|i| i.labels.is_some()).count(),
        patients: patients.len(),
        ..account.funnel
    };
    let understood = worklist.understood.clone();
    let quarantine = account.records;
    Ok(Outcome { funnel, quarantine, exports, remarks, planned, understood, dry_run: true, ..Outcome::default() })
}

struct Forecast<'f> {
    recipe: &'f Recipe,
    worklist: &'f WorkList,
    scan: &'f LeakScan,
    planned: Vec<Planned>,
    cases: Vec<Case>,
}

/// An image and what it shows.
type Member<'w> = (&'w ImageWork, Shown);

impl Forecast<'_> {
    fn patient(&mut self, work: &PatientWork) {
        let (grouped, single) = groups(self.recipe, work);
        let mut singles = Vec::new();
        for image in single {
            let shown = self.shown(image);
            let row = self.row(work, image, &shown, grid_text(shown.grid(self.recipe)));
            self.alone(image, &shown, row, &mut singles);
        }
        for group in grouped {
            self.group(work, &group, &mut singles);
        }
        self.cases.extend(channels::joined(singles));
    }

    fn group(&mut self, work: &PatientWork, images: &[&ImageWork], singles: &mut Vec<Single>) {
        let all: Vec<Member<'_>> = images.iter().map(|image| (*image, self.shown(image))).collect();
        let (mut members, beside): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(image, _)| shown::can_be_registered(image, &image.head, image.sample_type));
        for (image, shown) in &beside {
            let orientation = shown.grid(self.recipe).orientation;
            let mut row = self.row(work, image, shown, grid_text(&Grid { orientation, ..Grid::default() }));
            row.registration = PlannedRegistration::Unsuited;
            row.warnings.push("not-registered".to_owned());
            self.alone(image, shown, row, singles);
        }
        let candidates = || members.iter().map(|(i, s)| (s, i.head.geometry().len(), i.item_id.as_str()));
        let fixed = self.recipe.register.as_ref().and_then(|r| shown::reference(candidates(), &r.reference));
        let Some(fixed) = fixed else {
            for (image, shown) in &members {
                let mut row = self.row(work, image, shown, grid_text(shown.grid(self.recipe)));
                row.registration = PlannedRegistration::NoReference;
                row.warnings.push("no-reference".to_owned());
                self.alone(image, shown, row, singles);
            }
            return;
        };
        let (fixed, reference) = members.swap_remove(fixed);
        let grid = grid_text(reference.grid(self.recipe));
        members
            .sort_by(|(a, x), (b, y)| x.channel_name().cmp(&y.channel_name()).then_with(|| a.item_id.cmp(&b.item_id)));
        let mut row = self.row(work, fixed, &reference, grid.clone());
        row.registration = PlannedRegistration::Reference;
        self.planned.push(row);
        let mut ordered = vec![(reference.channel_name(), PathBuf::new(), fixed.item_id.clone())];
        let mut label = scheme_of(fixed);
        for (image, shown) in &members {
            let mut row = self.row(work, image, shown, grid.clone());
            row.registration = PlannedRegistration::To(fixed.item_id.clone());
            self.planned.push(row);
            ordered.push((shown.channel_name(), PathBuf::new(), image.item_id.clone()));
            label = label.or_else(|| scheme_of(image));
        }
        number_repeats(&mut ordered);
        let (name, patient) = (fixed.item_id.clone(), work.pseudonym.clone());
        self.cases.push(Case { name, patient, channels: ordered, label });
    }

    /// An image that is prepared by itself.
    fn alone(&mut self, image: &ImageWork, shown: &Shown, row: Planned, singles: &mut Vec<Single>) {
        let names = image.place.as_ref().map(|p| p.channels.as_slice()).unwrap_or_default();
        let channel = |name: String| (name, PathBuf::new(), image.item_id.clone());
        let mut channels = vec![channel(shown.channel_name())];
        if names.len() > 1 && names.len() == image.head.steps() {
            let name = |(n, name): (usize, &String)| {
                channel(text::label_name(name, self.scan).unwrap_or_else(|| format!("channel{n}")))
            };
            channels = names.iter().enumerate().map(name).collect();
            number_repeats(&mut channels);
        }
        let (name, patient) = (image.item_id.clone(), row.patient.clone());
        self.planned.push(row);
        let case = Case { name, patient, channels, label: scheme_of(image) };
        match &image.place {
            Some(place) => singles.push(Single {
                case,
                study: image.study.clone(),
                grid: image.head.geometry().clone(),
                number: place.channel.as_ref().and_then(|c| c.number),
                label: image.labels.as_ref().map(|l| l.file),
            }),
            None => self.cases.push(case),
        }
    }

    fn shown(&self, image: &ImageWork) -> Shown {
        let meta = match &image.source {
            Origin::Series(plan) => plan.head.meta(),
            Origin::File(_, meta) => meta,
        };
        Shown::of(image, meta, self.scan)
    }

    fn row(&self, work: &PatientWork, image: &ImageWork, shown: &Shown, grid: String) -> Planned {
        let mut warnings: Vec<String> = match &image.source {
            Origin::Series(plan) => plan.warnings.iter().map(|w| w.code().to_owned()).collect(),
            Origin::File(..) => Vec::new(),
        };
        if image.looks_like_labels {
            warnings.push("looks-like-labels".to_owned());
        }
        if shown.body_part.is_none() && self.recipe.asks_for_body_part() {
            warnings.push("body-part-unknown".to_owned());
        }
        warnings.sort();
        warnings.dedup();
        let scheme = image.labels.as_ref().and_then(|l| self.worklist.schemes.get(l.scheme));
        Planned {
            patient: work.pseudonym.clone(),
            study: image.study.clone(),
            item: image.item_id.clone(),
            kind: shown.channel_name(),
            body_part: shown.body_part.clone(),
            files: image.holds.files.len(),
            grid,
            steps: shown.steps(self.recipe).iter().map(|s| s.name().to_owned()).collect(),
            labels: scheme.map(|s| s.names.values().cloned().collect()).unwrap_or_default(),
            warnings,
            ..Planned::default()
        }
    }
}

fn scheme_of(image: &ImageWork) -> Option<(PathBuf, usize)> {
    image.labels.as_ref().map(|l| (PathBuf::new(), l.scheme))
}

fn grid_text(grid: &Grid) -> String {
    let orientation = grid.orientation.map(|o| o.to_string());
    let spacing = grid.spacing_mm.map(|s| format!("{} x {} x {} mm", s[0], s[1], s[2]));
    match (orientation, spacing) {
        (None, None) => "native".to_owned(),
        (Some(axes), None) => format!("native, axes {axes}"),
        (None, Some(spacing)) => spacing,
        (Some(axes), Some(spacing)) => format!("{spacing}, axes {axes}"),
    }
}
