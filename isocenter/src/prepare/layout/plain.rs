//! A folder a patient, at any depth, and flat folders whose names share a prefix.
//!
//! Folders whose name is a word for a role, a part of a data set, a modality or a visit are taken as such, wherever they stand; what
//! is left are names. Leading names that all images share are folders of the data set. If names are left, the first is the patient,
//! where another depth would give the same patients; otherwise there are two readings. If none is left, the files are told apart by
//! what is left of their own names.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{By, Layout, Place, Role, Seen, described::Described, name, name::Name, scope_of, words, words::Word};
use crate::container::folder_name;

struct File<'a> {
    path: &'a Path,
    /// Names among the folders, from the root on.
    chain: Vec<String>,
    name: Name,
    visit: Option<String>,
    modality: Option<&'static str>,
    kind: Option<&'static str>,
    is_label: bool,
}

/// A file and the root of the input that it lies below.
pub(super) type Rooted<'a> = (&'a Path, &'a Seen);

/// Whether there are images among files.
pub(super) fn has_images(files: &[Rooted<'_>]) -> bool {
    files.iter().filter_map(|(root, seen)| file(root, seen)).any(|f| !f.is_label)
}

/// Places the files below one root of the input, which may be one of several, or below all of them together.
pub(super) fn place(
    seen: &[Rooted<'_>],
    of_several: bool,
    lists: &[Described],
    settled: &dyn Fn(&Path) -> bool,
    layout: &mut Layout,
) {
    let listed_labels: BTreeSet<&Path> =
        lists.iter().flat_map(|d| &d.entries).filter_map(|e| e.label.as_deref()).collect();
    let mut files: Vec<File<'_>> = seen.iter().filter_map(|(root, s)| file(root, s)).collect();
    for f in &mut files {
        f.is_label |= listed_labels.contains(f.path);
    }
    // entries of a list that name a patient, or several channels of a case, say more than names do
    let stated: BTreeSet<&Path> = lists
        .iter()
        .flat_map(|d| &d.entries)
        .filter(|e| e.patient.is_some())
        .flat_map(|e| &e.images)
        .map(PathBuf::as_path)
        .collect();
    let images: Vec<&File<'_>> = files.iter().filter(|f| !f.is_label).collect();
    let open: Vec<&File<'_>> =
        images.iter().copied().filter(|f| !settled(f.path) && !stated.contains(f.path)).collect();
    let shared = shared_start(&images);
    let is_flat = images.iter().all(|f| f.chain.len() == shared.len());
    let root = seen.first().map_or(Path::new(""), |(root, _)| *root);
    let scope = scope_of(&shared.iter().fold(root.to_path_buf(), |p, name| p.join(name)));
    let question = if is_flat {
        flat_question(&open, of_several || !shared.is_empty())
    } else {
        folder_question(&open, shared.len())
    };
    if let Some(question) = question {
        layout.ask(question);
    }
    let alone = own_name(root, &shared);
    let ids: BTreeSet<&str> = images.iter().map(|f| f.name.id.as_str()).filter(|id| !id.is_empty()).collect();
    let people: BTreeSet<&str> = images.iter().filter_map(|f| f.chain.get(shared.len())).map(String::as_str).collect();
    let cases = name::cases(&people.iter().map(|p| (*p).to_owned()).collect());
    let patient_of = |f: &File<'_>| -> Option<String> {
        if is_flat {
            return match (f.is_label, f.name.id.as_str()) {
                (true, id) => {
                    label_id(id, &ids).or_else(|| (ids.is_empty() && !images.is_empty()).then(|| alone.clone()))
                }
                (false, "") => Some(alone.clone()),
                (false, id) => Some(id.to_owned()),
            };
        }
        let own = f.chain.get(shared.len()).cloned().filter(|c| !f.is_label || people.contains(c.as_str()));
        let other = || f.chain.iter().find(|c| people.contains(c.as_str())).cloned();
        own.or_else(other).or_else(|| label_id(&f.name.id, &people).filter(|_| f.is_label))
    };
    let described = |path: &Path| lists.iter().find(|d| d.path.parent().is_some_and(|p| path.starts_with(p)));
    let placed: Vec<(&Path, Place)> = files
        .iter()
        .map(|f| {
            let patient = patient_of(f).filter(|_| !images.is_empty());
            // a folder's name may hold the visit: `P01_2019-03-04`
            let case = patient.as_ref().filter(|_| !is_flat).and_then(|p| cases.get(p)).cloned();
            let (patient, of_folder) = case.map_or((patient, None), |(p, visit)| (Some(p), visit));
            let by = if patient.is_none() {
                By::Grid
            } else if is_flat {
                By::Flat
            } else {
                By::Folders
            };
            let names = described(f.path).filter(|d| f.is_label && !d.labels.is_empty());
            let place = Place {
                patient,
                visit: f.visit.clone().or(of_folder),
                modality: f.modality.map(str::to_owned),
                kind: f.kind,
                role: if f.is_label { Role::Label } else { Role::Image },
                by,
                names: names.map(|d| Arc::new(d.labels.clone())),
                described_by: names.map(|d| d.path.clone()),
                scope: scope.clone(),
                ..Place::default()
            };
            (f.path, place)
        })
        .collect();
    for (path, place) in placed {
        layout.put(path, place);
    }
}

fn file<'a>(root: &Path, seen: &'a Seen) -> Option<File<'a>> {
    let inside = seen.path.strip_prefix(root).ok()?;
    let mut parts: Vec<String> =
        inside.components().map(|c| folder_name(&c.as_os_str().to_string_lossy()).to_owned()).collect();
    let own = parts.pop()?;
    let name = name::parse(words::stem(&own));
    let mut file = File {
        path: &seen.path,
        chain: Vec::new(),
        visit: name.visit.clone(),
        modality: name.modality,
        kind: name.kind,
        is_label: seen.says_label || name.is_label,
        name,
    };
    // a root that holds label maps says so by its own name
    let own_folder = root.file_name().map(|n| folder_name(&n.to_string_lossy()).to_owned()).unwrap_or_default();
    file.is_label |= words::of_folder(&own_folder) == Some(Word::Label) || words::label_folder(&own_folder).is_some();
    for part in parts {
        match words::of_folder(&part) {
            Some(Word::Label) => file.is_label = true,
            Some(Word::Modality(modality, kind)) => {
                file.modality = file.modality.or(Some(modality));
                file.kind = file.kind.or(kind);
            }
            Some(Word::Visit) => file.visit = Some(part),
            Some(Word::Neutral) => {}
            None => match words::label_folder(&part) {
                Some(left) => {
                    file.is_label = true;
                    file.chain.push(left);
                }
                None => file.chain.push(part),
            },
        }
    }
    Some(file)
}

/// The names that the chains of all images begin with.
fn shared_start(images: &[&File<'_>]) -> Vec<String> {
    let Some(first) = images.first() else { return Vec::new() };
    let same = |n: usize| images.iter().all(|f| f.chain.get(n).is_some() && f.chain.get(n) == first.chain.get(n));
    first.chain.iter().enumerate().take_while(|(n, _)| same(*n)).map(|(_, name)| name.clone()).collect()
}

/// The name that one patient's folder has: the last that all images share, else the root's, or the first above it that is a name.
fn own_name(root: &Path, shared: &[String]) -> String {
    let above = || {
        let names = root.ancestors().filter_map(|a| Some(folder_name(&a.file_name()?.to_string_lossy()).to_owned()));
        names.into_iter().find(|n| words::of_folder(n).is_none()).unwrap_or_default()
    };
    shared.last().cloned().unwrap_or_else(above)
}

/// The name of an image that a label map's name is, or begins with, or else its own.
fn label_id(id: &str, ids: &BTreeSet<&str>) -> Option<String> {
    if id.is_empty() || ids.is_empty() {
        return None;
    }
    let starts = |known: &&&str| id.strip_prefix(**known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    let ends = |known: &&&str| id.strip_suffix(**known).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
    let longest =
        ids.iter().filter(starts).max_by_key(|k| k.len()).or_else(|| ids.iter().filter(ends).max_by_key(|k| k.len()));
    Some(longest.map_or_else(|| id.to_owned(), |k| (*k).to_owned()))
}

// files side by side: is each name a patient?
fn flat_question(open: &[&File<'_>], in_a_folder: bool) -> Option<String> {
    let ids: BTreeSet<&str> = open.iter().map(|f| f.name.id.as_str()).collect();
    if ids.len() == 1 && ids.contains("") {
        let visits: BTreeSet<&str> = open.iter().filter_map(|f| f.visit.as_deref()).collect();
        let weak = visits.iter().any(|v| words::is_weak_visit(v)) || open.iter().any(|f| f.name.visit.is_some());
        return (visits.len() > 1 && weak).then(|| {
            format!(
                "{} may be patients, or visits of one",
                visits.iter().take(3).copied().collect::<Vec<_>>().join(", ")
            )
        });
    }
    if ids.contains("") && ids.len() > 1 {
        let named = ids.iter().find(|id| !id.is_empty()).copied().unwrap_or_default();
        return Some(format!("some names hold a patient ({named}), and others beside them do not"));
    }
    if ids.len() > 1 {
        let mut kinds: BTreeMap<(Option<&str>, Option<&str>), BTreeSet<&str>> = BTreeMap::new();
        for f in open {
            kinds.entry((f.modality, f.kind)).or_default().insert(&f.name.id);
        }
        let each_its_own = kinds.len() > 1 && kinds.values().all(|ids| ids.len() == 1);
        let in_one_folder = in_a_folder && !alike(&ids);
        if each_its_own || in_one_folder {
            let some = ids.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            return Some(format!("{some} may be patients, or images of one"));
        }
    }
    name::two_readings(&ids)
}

/// Whether names are numbers of one series: the same but for their digits, of which each has some.
fn alike(ids: &BTreeSet<&str>) -> bool {
    let shape = |id: &str| id.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let shapes: BTreeSet<String> = ids.iter().map(|id| shape(id)).collect();
    shapes.len() == 1 && ids.iter().all(|id| id.bytes().any(|b| b.is_ascii_digit()))
}

// at which depth do folders stand for patients?
fn folder_question(open: &[&File<'_>], start: usize) -> Option<String> {
    let chains: BTreeSet<&[String]> = open.iter().map(|f| &f.chain[start.min(f.chain.len())..]).collect();
    let mut inside: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
    for chain in &chains {
        match chain.split_first() {
            Some((first, rest)) => inside.entry(first).or_default().insert(rest),
            None => return Some("some images lie beside the folders that may be patients".to_owned()),
        };
    }
    // a folder that holds images itself is a patient's, whatever folders lie in it
    let several = inside.iter().find(|(_, rest)| rest.len() > 1 && !rest.contains(&[][..]));
    if let Some((first, rest)) = several {
        let names: Vec<&str> = rest.iter().filter_map(|r| r.first()).take(3).map(String::as_str).collect();
        return Some(format!("{first} may be one patient, or hold several: {}", names.join(", ")));
    }
    let last: BTreeMap<&str, usize> =
        chains.iter().filter_map(|c| c.get(1..)?.last()).fold(BTreeMap::new(), |mut m, n| {
            *m.entry(n.as_str()).or_default() += 1;
            m
        });
    if let Some((name, _)) = last.iter().find(|(_, n)| **n > 1).filter(|_| last.len() > 1) {
        return Some(format!("{name} lies in several folders, and may be one patient or several"));
    }
    let names = inside.keys().map(|n| name::case(n).0).collect::<BTreeSet<_>>();
    name::two_readings_of_folders(&names.iter().map(String::as_str).collect())
        .or_else(|| many_in_one_folder(open, start))
}

// several images of one kind in a folder whose names differ by a number of no known meaning: a site's folder, or one patient's
fn many_in_one_folder(open: &[&File<'_>], start: usize) -> Option<String> {
    let mut kinds: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for f in open {
        let own: BTreeSet<&str> = f.chain.iter().flat_map(|c| words::tokens(c)).collect();
        // the folder's own name in a file's name says nothing new
        let new = f.name.id.split('_').any(|t| !own.contains(t));
        let key = (&f.chain[start.min(f.chain.len())..], &f.visit, f.modality, f.kind);
        if new && !f.name.id.is_empty() {
            kinds.entry(key).or_default().insert(&f.name.id);
        }
    }
    let (key, ids) = kinds.iter().find(|(_, ids)| ids.len() > 1 && alike(ids))?;
    let some = ids.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    Some(format!("{} may be a patient, or hold several: {some}", key.0.first().map(String::as_str).unwrap_or_default()))
}
