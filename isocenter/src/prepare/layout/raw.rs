//! nnU-Net raw and Medical Segmentation Decathlon: `imagesTr`, `imagesTs`, `labelsTr`, `labelsTs` in one folder, and `dataset.json`.
//!
//! nnU-Net writes a channel's number to an image (`CASE_0000`), and none to the label map (`CASE`); in a Decathlon set both have one
//! name, and channels are steps of one file. Nothing says whose a case is: each is a patient, unless a word for a visit in the names
//! (`P1_v2`, `patient001_frame12`, a date) tells that several are of one. Source: nnU-Net, dataset_format.md; Simpson et al. 2019.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{By, Channel, Layout, Place, Role, Seen, described::Described, name, scope_of, words};

/// The folder of the data set that a file is part of.
pub(super) fn root_of(path: &Path) -> Option<PathBuf> {
    let folder = path.ancestors().skip(1).find(|a| part_of(a).is_some())?;
    folder.parent().map(Path::to_path_buf)
}

/// Whether a folder holds images or labels of such a set.
fn part_of(folder: &Path) -> Option<Role> {
    match folder.file_name()?.to_string_lossy().to_lowercase().as_str() {
        "imagestr" | "imagests" | "imagesval" => Some(Role::Image),
        "labelstr" | "labelsts" | "labelsval" => Some(Role::Label),
        _ => None,
    }
}

struct File<'a> {
    path: &'a Path,
    stem: String,
    role: Role,
}

/// Places the files of one data set.
pub(super) fn place(
    root: &Path,
    seen: &[&Seen],
    described: Option<&Described>,
    settled: &dyn Fn(&Path) -> bool,
    layout: &mut Layout,
) {
    let files: Vec<File<'_>> = seen.iter().filter_map(|s| file(&s.path)).collect();
    let of_role = |role: Role| files.iter().filter(move |f| f.role == role);
    let by = match manner(&files, described) {
        Ok(by) => by,
        Err(question) => {
            layout.ask(format!("{}: {question}", shown(root)));
            By::Decathlon
        }
    };
    let case_of = |f: &File<'_>| match numbered(&f.stem).filter(|_| by == By::NnUnet && f.role == Role::Image) {
        Some((case, number)) => (case.to_owned(), Some(number)),
        None => (f.stem.clone(), None),
    };
    let cases: BTreeSet<String> = files.iter().map(|f| case_of(f).0).collect();
    let patients = name::cases(&cases);
    let open = of_role(Role::Image).filter(|f| !settled(f.path)).map(|f| patients[&case_of(f).0].0.as_str()).collect();
    if let Some(question) = name::two_readings(&open) {
        layout.ask(format!("{}: {question}", shown(root)));
    }
    let names = described.filter(|d| !d.labels.is_empty()).map(|d| Arc::new(d.labels.clone()));
    let channels = described.map(|d| d.channels.clone()).unwrap_or_default();
    for f in &files {
        let (case, number) = case_of(f);
        let (patient, visit) = patients[&case].clone();
        let single = (number.is_none() && channels.len() == 1).then_some(0);
        let channel = number.or(single).filter(|_| f.role == Role::Image);
        let channel = channel.map(|n| Channel { number: Some(n), name: channels.get(n).cloned() });
        let said = channel.as_ref().and_then(|c| c.name.as_deref()).map(name::parse).unwrap_or_default();
        let by_name = name::parse(&f.stem);
        let first = channels.first().map(|c| name::parse(c)).unwrap_or_default();
        layout.put(
            f.path,
            Place {
                patient: Some(patient),
                visit,
                modality: said.modality.or(by_name.modality).or(first.modality).map(str::to_owned),
                kind: said.kind,
                role: f.role,
                channels: if number.is_none() && channels.len() > 1 { channels.clone() } else { Vec::new() },
                channel,
                by,
                names: names.clone(),
                described_by: described.map(|d| d.path.clone()),
                scope: scope_of(root),
                ..Place::default()
            },
        );
    }
}

fn file(path: &Path) -> Option<File<'_>> {
    let role = path.ancestors().skip(1).find_map(part_of)?;
    let name = path.file_name()?.to_string_lossy();
    Some(File { path, stem: words::stem(&name).to_owned(), role })
}

/// `CASE_0001` is channel 1 of a case.
fn numbered(stem: &str) -> Option<(&str, usize)> {
    let (case, number) = stem.rsplit_once('_')?;
    let four = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    (four && !case.is_empty()).then(|| number.parse().ok().map(|n| (case, n))).flatten()
}

/// Which of the two a set is: its label maps tell, then the file that describes it, then the numbers themselves.
fn manner(files: &[File<'_>], described: Option<&Described>) -> Result<By, String> {
    let images: Vec<&str> = files.iter().filter(|f| f.role == Role::Image).map(|f| f.stem.as_str()).collect();
    let labels: BTreeSet<&str> = files.iter().filter(|f| f.role == Role::Label).map(|f| f.stem.as_str()).collect();
    let cases: Option<Vec<(&str, usize)>> = images.iter().map(|s| numbered(s)).collect();
    let Some(cases) = cases.filter(|c| !c.is_empty()) else { return Ok(By::Decathlon) };
    let whole = images.iter().filter(|i| labels.contains(**i)).count();
    let cut = cases.iter().filter(|(case, _)| labels.contains(*case)).count();
    match (whole, cut) {
        (0, n) if n > 0 => return Ok(By::NnUnet),
        (n, 0) if n > 0 => return Ok(By::Decathlon),
        (0, 0) => {}
        _ => return Err("the label maps fit images with and without the number of a channel".to_owned()),
    }
    let mut by_case: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (case, number) in &cases {
        by_case.entry(case).or_default().insert(*number);
    }
    if let Some(n) = described.map(|d| d.channels.len()).filter(|n| *n > 0)
        && by_case.values().all(|numbers| numbers.iter().copied().eq(0..n))
    {
        return Ok(By::NnUnet);
    }
    let first = by_case.values().next().cloned().unwrap_or_default();
    let alike = by_case.values().all(|n| *n == first) && first.iter().copied().eq(0..first.len());
    match (alike, by_case.len(), first.len()) {
        (true, _, 1) => Ok(By::NnUnet),
        (true, n, _) if n > 1 => Ok(By::NnUnet),
        _ => Err("the numbers at the end of the names may be channels or cases".to_owned()),
    }
}

fn shown(root: &Path) -> String {
    root.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
