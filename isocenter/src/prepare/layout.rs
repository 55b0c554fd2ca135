//! Whose a volume file is, and what: patient, visit, modality, role and channel, from all volume files of the input together.
//!
//! A file of DICOM says these itself; a volume file is placed by names. `--pairs` decides over all, then a rule of the recipe
//! (`[files] pattern`), then a layout that is known: nnU-Net raw and Decathlon ([`raw`]), a list that links labels to images
//! ([`described`]), BIDS ([`bids`]), a folder a patient or flat with a prefix ([`plain`]). Where two readings give other patients there is
//! no guess but a question. Names are read here alone: they become keyed pseudonyms, and the words of a question go to the caller.

mod bids;
mod described;
mod name;
mod plain;
mod raw;
pub(crate) mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use isocenter_dcm::scan::Scanned;

use self::described::Described;
use super::pairs::Given;
use crate::recipe::Files;

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    #[default]
    Image,
    Label,
}

/// What placed a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Pairs,
    Recipe,
    Bids,
    NnUnet,
    Decathlon,
    List,
    Folders,
    Flat,
    /// Its grid will say.
    #[default]
    Grid,
}

impl By {
    /// Its name for reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Recipe => "recipe",
            Self::Bids => "BIDS",
            Self::NnUnet => "nnU-Net",
            Self::Decathlon => "Decathlon",
            Self::List => "list",
            Self::Folders => "folder a patient",
            Self::Flat => "flat",
            Self::Grid => "grid",
        }
    }

    /// Whether a case is a patient because nothing says whose it is.
    pub(crate) const fn takes_cases_for_patients(self) -> bool {
        matches!(self, Self::NnUnet | Self::Decathlon | Self::Flat)
    }
}

/// A channel that something else than a word of the file's name states.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Channel {
    /// Its number, where channels are numbered.
    pub(crate) number: Option<usize>,
    pub(crate) name: Option<String>,
}

/// Where a file belongs. Patient and visit are names of the input: they go no further than the key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) patient: Option<String>,
    pub(crate) visit: Option<String>,
    pub(crate) modality: Option<String>,
    pub(crate) role: Role,
    pub(crate) channel: Option<Channel>,
    /// Names of the channels along the slow axis of one file.
    pub(crate) channels: Vec<String>,
    /// The kind of image that a word of the name says.
    pub(crate) kind: Option<&'static str>,
    /// The body part that a table states.
    pub(crate) body_part: Option<String>,
    /// The body part that such a file is of where nothing states another.
    pub(crate) usual_part: Option<&'static str>,
    pub(crate) by: By,
    /// Names of the labels, from the file that describes the data set.
    pub(crate) names: Option<Arc<BTreeMap<u32, String>>>,
    pub(crate) described_by: Option<PathBuf>,
    /// The images of a label map, where a list or a name links them.
    pub(crate) of: Vec<PathBuf>,
    /// Which data set a patient's name belongs to: the same name in two of them is in doubt.
    scope: PathBuf,
}

/// A volume file that was found.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) path: PathBuf,
    /// Whether the file itself says that it holds labels.
    pub(crate) says_label: bool,
}

/// What was understood of all volume files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    places: BTreeMap<PathBuf, Place>,
    /// What can be read in two ways; holds names of files and folders.
    pub(crate) questions: Vec<String>,
}

impl Layout {
    /// Reads the names of volume files below the roots of the input (folders, or the folders of single files).
    pub(crate) fn read(seen: &[Seen], json: &[&Scanned], roots: &[PathBuf], given: &Given, files: &Files) -> Self {
        let mut layout = Self::default();
        let lists: Vec<Described> = json.iter().filter_map(|file| described::read(file)).collect();
        let ruled: BTreeMap<&Path, Place> = seen
            .iter()
            .filter_map(|s| Some((s.path.as_path(), by_rule(s, root_of(&s.path, roots)?, given, files)?)))
            .collect();
        // whose patient is stated is asked of nobody else
        let settled = |path: &Path| ruled.get(path).is_some_and(|p| p.patient.is_some());
        let (mut sets, mut rest) = (BTreeMap::<PathBuf, Vec<&Seen>>::new(), BTreeMap::<PathBuf, Vec<&Seen>>::new());
        for s in seen {
            if let Some(root) = raw::root_of(&s.path) {
                sets.entry(root).or_default().push(s);
            } else if let Some(place) = bids::place_of(s) {
                layout.places.insert(s.path.clone(), place);
            } else if let Some(root) = root_of(&s.path, roots) {
                rest.entry(root.to_path_buf()).or_default().push(s);
            }
        }
        for (root, files) in sets {
            let described = lists.iter().find(|d| d.path.parent() == Some(&root));
            raw::place(&root, &files, described, &settled, &mut layout);
        }
        // label maps in a tree of their own are looked at with the images of the others
        let rest: Vec<Vec<plain::Rooted<'_>>> =
            rest.iter().map(|(root, files)| files.iter().map(|s| (root.as_path(), *s)).collect()).collect();
        let (with, without): (Vec<_>, Vec<_>) = rest.into_iter().partition(|files| plain::has_images(files));
        let groups = if without.is_empty() { with } else { vec![with.into_iter().chain(without).flatten().collect()] };
        for files in groups {
            plain::place(&files, roots.len() > 1, &lists, &settled, &mut layout);
        }
        layout.follow_lists(&lists);
        for (path, place) in ruled {
            layout.overrule(path, place);
        }
        layout.one_name_two_places();
        layout
    }

    /// Where a file belongs.
    pub(crate) fn of(&self, path: &Path) -> Place {
        self.places.get(path).cloned().unwrap_or_default()
    }

    fn put(&mut self, path: &Path, place: Place) {
        self.places.insert(path.to_path_buf(), place);
    }

    fn ask(&mut self, question: impl Into<String>) {
        self.questions.push(question.into());
    }

    /// Entries of a list: what is an image, what a label, and of which images.
    fn follow_lists(&mut self, lists: &[Described]) {
        for described in lists {
            let names = (!described.labels.is_empty()).then(|| Arc::new(described.labels.clone()));
            for entry in &described.entries {
                let known = entry.images.iter().find_map(|i| self.places.get(i)).cloned().unwrap_or_default();
                let several = entry.images.len() > 1;
                for (number, image) in entry.images.iter().enumerate() {
                    let Some(place) = self.places.get_mut(image) else { continue };
                    place.role = Role::Image;
                    place.described_by = Some(described.path.clone());
                    if let Some(patient) = &entry.patient {
                        place.patient = Some(patient.clone());
                    }
                    if several {
                        let name = described.channels.get(number).cloned();
                        place.channel = Some(Channel { number: Some(number), name });
                        // one entry is one case, whatever its channels are called
                        place.patient = entry.patient.clone().or_else(|| known.patient.clone());
                        place.visit.clone_from(&known.visit);
                    }
                    if matches!(place.by, By::Grid) {
                        place.by = By::List;
                    }
                }
                if let Some(place) = entry.label.as_ref().and_then(|l| self.places.get_mut(l)) {
                    place.role = Role::Label;
                    place.of.clone_from(&entry.images);
                    place.patient = entry.patient.clone().or_else(|| known.patient.clone());
                    place.visit.clone_from(&known.visit);
                    place.names.clone_from(&names);
                    place.described_by = Some(described.path.clone());
                    if matches!(place.by, By::Grid | By::Flat | By::Folders) {
                        place.by = By::List;
                    }
                }
            }
        }
    }

    fn overrule(&mut self, path: &Path, ruled: Place) {
        let place = self.places.entry(path.to_path_buf()).or_default();
        if ruled.patient.is_some() && ruled.patient != place.patient {
            place.patient = ruled.patient;
            place.of.clear();
            place.visit = None;
        }
        place.scope = PathBuf::new();
        place.visit = ruled.visit.or(place.visit.take());
        place.modality = ruled.modality.or(place.modality.take());
        place.channel = ruled.channel.or(place.channel.take());
        place.body_part = ruled.body_part;
        place.role = ruled.role;
        place.by = ruled.by;
    }

    /// A patient's name that occurs in two data sets may be one person or two.
    fn one_name_two_places(&mut self) {
        let mut scopes: BTreeMap<&str, BTreeSet<&Path>> = BTreeMap::new();
        for place in self.places.values().filter(|p| p.role == Role::Image && p.scope != Path::new("")) {
            if let Some(patient) = &place.patient {
                scopes.entry(patient).or_default().insert(&place.scope);
            }
        }
        let twice: Vec<String> = scopes.iter().filter(|(_, s)| s.len() > 1).map(|(p, _)| (*p).to_owned()).collect();
        if let Some(first) = twice.first() {
            self.questions.push(format!(
                "{first}{} stands in two data sets or folders, and may be one patient or two",
                if twice.len() > 1 { format!(" (and {} more)", twice.len() - 1) } else { String::new() }
            ));
        }
    }
}

/// The root of the input that a file lies under: the deepest.
fn root_of<'r>(path: &Path, roots: &'r [PathBuf]) -> Option<&'r Path> {
    let of = |root: &'r PathBuf| {
        if path == root { root.parent() } else { path.starts_with(root).then_some(root.as_path()) }
    };
    roots.iter().filter_map(of).max_by_key(|r| r.components().count())
}

/// The words of a path that tell one data set from another: those of role, part, modality and visit do not.
fn scope_of(folder: &Path) -> PathBuf {
    folder.components().filter(|c| words::of_folder(&c.as_os_str().to_string_lossy()).is_none()).collect()
}

fn by_rule(seen: &Seen, root: &Path, given: &Given, files: &Files) -> Option<Place> {
    let matched = seen.path.strip_prefix(root).ok().and_then(|p| files.read(&p.to_string_lossy()));
    let row = given.of(&seen.path);
    let is_label = seen.says_label || is_label_name(&seen.path);
    let mut place = Place { role: if is_label { Role::Label } else { Role::Image }, ..Place::default() };
    if let Some(found) = &matched {
        place.by = By::Recipe;
        place.patient.clone_from(&found.patient);
        place.visit.clone_from(&found.visit);
        place.modality = found.modality.as_deref().and_then(modality);
        place.kind = found.modality.as_deref().and_then(|m| name::parse(m).kind);
        place.channel = found.channel.as_ref().map(|c| channel(c));
        if let Some(role) = &found.role {
            place.role = if name::parse(role).is_label { Role::Label } else { Role::Image };
        }
    }
    if let Some(row) = row {
        place.by = By::Pairs;
        place.body_part.clone_from(&row.body_part);
        place.patient = row.patient.clone().or(place.patient);
        place.visit = row.visit.clone().or(place.visit);
        place.modality = row.modality.as_deref().and_then(modality).or(place.modality);
        place.channel = row.channel.as_ref().map(|c| channel(c)).or(place.channel);
        place.role = row.is_label.map_or(place.role, |l| if l { Role::Label } else { Role::Image });
    }
    (matched.is_some() || row.is_some()).then_some(place)
}

fn channel(text: &str) -> Channel {
    match text.parse() {
        Ok(number) => Channel { number: Some(number), name: None },
        Err(_) => Channel { number: None, name: Some(text.to_owned()) },
    }
}

/// A modality by the words that people use for it; a defined term passes as it is.
pub(crate) fn modality(text: &str) -> Option<String> {
    let by_word = name::parse(text).modality.map(str::to_owned);
    by_word.or_else(|| Some(text.to_uppercase()).filter(|t| isocenter_dcm::term::are_terms(t)))
}

/// Whether the name of a file, or of a folder that it lies in, has a word for labels.
pub(crate) fn is_label_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name::parse(words::stem(&name)).is_label
}
