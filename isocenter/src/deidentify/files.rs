//! Where each output goes, and the table of what went where.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use isocenter_dcm::{
    Instance, OpenOptions, PatientKey, ReadLimits,
    scan::{self, Kind, Scanned},
    tags, value,
};
use isocenter_deid::{
    KnownValues, Profile, ProfileOption, Pseudonyms,
    faces::{self, Shown},
};
use isocenter_volume::Ctx;

use super::{Names, outcome::Fate, record, seen::Seen};
use crate::{
    Error,
    container::{self, Containers, Listed},
};

/// One file, and what is kept of it for the second pass; the header is not.
pub(super) struct Input {
    pub(super) file: scan::Place,
    pub(super) what: What,
}

impl Input {
    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }
}

/// What a file is.
pub(super) enum What {
    Instance {
        patient: PatientKey,
        /// Study, Series and SOP Instance UID.
        uids: [Option<String>; 3],
        /// What it tells of its patient.
        known: Box<KnownValues>,
        /// Of an image that may show a face, the Frame of Reference UID that it names.
        face: Option<Option<String>>,
    },
    /// A DICOMDIR is nobody's, but names patients.
    Directory { patient: PatientKey, known: Box<KnownValues> },
    /// What cannot be opened, by the code of the reason.
    Failed(&'static str),
    /// No DICOM.
    Other,
}

/// Finds everything under `paths`, and gathers what identifies; archives are read as folders are. A DICOMDIR is a file like others: it names its
/// patients, and what became of it is to be told.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`].
pub(super) fn find(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<(Vec<Input>, Containers), Error> {
    let keep = |scanned: Scanned| (Listed::of(&scanned, ctx), Input { file: scanned.place(), what: look(&scanned) });
    let found = scan::scan_with(paths, &scan::ScanOptions::default(), ctx, &keep).map_err(|error| match error {
        isocenter_dcm::Error::Cancelled => Error::Cancelled,
        other => Error::usage(other.to_string()),
    })?;
    ctx.check()?;
    let is_directory = |(_, input): &(Listed, Input)| matches!(input.what, What::Directory { .. });
    let (directories, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_directory);
    let (listed, others): (Vec<Listed>, Vec<Input>) = others.into_iter().unzip();
    let (mut inputs, archives) = container::leave_out(others, &listed);
    inputs.extend(directories.into_iter().map(|(_, input)| input));
    inputs.sort_by(|a, b| a.path().cmp(b.path()));
    Ok((inputs, archives))
}

fn look(scanned: &Scanned) -> What {
    let header = match &scanned.kind {
        Kind::Dicom(header) | Kind::Directory(header) => header,
        Kind::Failed(error) => return What::Failed(error.reason()),
        _ => return What::Other,
    };
    // what stands behind the pixels tells, too
    let ends_with_pixels = |header: &Instance| {
        let end = header.pixel_element().and_then(|pixels| pixels.offset.checked_add(pixels.length?));
        let is_deflated = header.transfer_syntax().is_ok_and(|syntax| syntax.deflated);
        !is_deflated && end.is_some_and(|end| end >= scanned.bytes)
    };
    if ends_with_pixels(header) || !header.is_header_only() {
        return gathered(header, &scanned.kind);
    }
    match scanned.place().open_lazy(&OpenOptions::new()) {
        Ok(lazy) => gathered(lazy.header(), &scanned.kind),
        Err(error) => What::Failed(error.reason()),
    }
}

fn gathered(header: &Instance, kind: &Kind) -> What {
    let mut known = Box::new(KnownValues::new());
    known.gather(&header.dataset, &header.meta);
    let patient = PatientKey::of(&header.dataset);
    match kind {
        Kind::Directory(_) => What::Directory { patient, known },
        _ => {
            let uids = [header.study_instance_uid(), header.series_instance_uid(), header.sop_instance_uid()];
            let frame = || {
                let uid = value::string(&header.dataset, tags::FRAME_OF_REFERENCE_UID)?;
                Some(uid.trim_matches(['\0', ' ']).to_owned()).filter(|uid| !uid.is_empty())
            };
            let face = (faces::judge(header) == Shown::Face).then(frame);
            What::Instance { patient, uids, known, face }
        }
    }
}

/// Where an instance goes.
pub(super) enum Place {
    /// Below the output folder.
    At(PathBuf),
    /// Nowhere: the file of that number has the same place.
    Repeats(usize),
    /// Nowhere, for a reason.
    Refused(&'static str),
}

/// The place of each file; they are in the order of paths, and of two with one name the first has it.
pub(super) fn places(
    names: Names,
    profile: &Profile,
    inputs: &[PathBuf],
    files: &[Input],
    seen: &Seen,
    pseudonyms: &Pseudonyms,
) -> Vec<Place> {
    let mut taken: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut place = |n: usize, file: &Input| {
        let uids = match &file.what {
            What::Instance { uids, .. } => uids,
            What::Directory { .. } => return Place::Refused("media-directory"),
            What::Failed(reason) => return Place::Refused(reason),
            What::Other => return Place::Refused("not-dicom"),
        };
        let place = match (names, seen.patient(n)) {
            (Names::Kept, _) => Some(kept(file.path(), inputs)),
            (Names::ByIds, Some(patient)) => by_ids(uids, &patient.to_text(), profile, pseudonyms),
            (Names::ByIds, None) => None,
        };
        match place {
            None => Place::Refused("missing-element"),
            Some(place) => match taken.get(&place) {
                Some(first) => Place::Repeats(*first),
                None => {
                    taken.insert(place.clone(), n);
                    Place::At(place)
                }
            },
        }
    };
    files.iter().enumerate().map(|(n, file)| place(n, file)).collect()
}

/// The path below the input that it is of.
pub(super) fn kept(path: &Path, inputs: &[PathBuf]) -> PathBuf {
    let root = inputs.iter().filter(|input| path.starts_with(input)).max_by_key(|input| input.components().count());
    let below = root.and_then(|root| path.strip_prefix(root).ok()).filter(|below| !below.as_os_str().is_empty());
    let below = below.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    // a member of an archive stands behind `archive.zip!/`
    below.components().filter(|part| matches!(part, std::path::Component::Normal(_))).collect()
}

/// `PATIENT/STUDY/SERIES/INSTANCE.dcm` by the new ids.
fn by_ids(
    [study, series, instance]: &[Option<String>; 3],
    patient: &str,
    profile: &Profile,
    names: &Pseudonyms,
) -> Option<PathBuf> {
    let keeps = profile.has(ProfileOption::RetainUids);
    let new = |uid: &Option<String>| {
        let uid = uid.as_ref().filter(|uid| !uid.trim_matches(['\0', ' ']).is_empty())?;
        let uid = if keeps { uid.trim_matches(['\0', ' ']).to_owned() } else { names.uid(uid) };
        // a UID that is none may hold what leads out of the folder
        (uid.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !uid.starts_with('.')).then_some(uid)
    };
    let none = || "none".to_owned();
    let folder = PathBuf::from(component(&names.patient_id(patient, "")))
        .join(new(study).unwrap_or_else(none))
        .join(new(series).unwrap_or_else(none));
    Some(folder.join(new(instance)? + ".dcm"))
}

/// A name of one folder of an id, which may be one that a caller assigned: no separator, no dot in front.
fn component(id: &str) -> String {
    let name: String =
        id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' }).collect();
    if name.starts_with('.') || name.is_empty() { format!("_{name}") } else { name }
}

/// Whether two files hold the same bytes.
pub(super) fn are_equal(a: &Input, b: &Input) -> bool {
    let open = |input: &Input| input.file.bytes(&ReadLimits::default());
    let (Ok(a), Ok(b)) = (open(a), open(b)) else { return false };
    let (Ok(size), Ok(other)) = (a.size(), b.size()) else { return false };
    let (mut here, mut there) = (vec![0; BLOCK], vec![0; BLOCK]);
    size == other
        && (0..size).step_by(BLOCK).all(|at| {
            let count = usize::try_from(size - at).unwrap_or(BLOCK).min(BLOCK);
            let (here, there) = (&mut here[..count], &mut there[..count]);
            a.read_exact_at(here, at).is_ok() && b.read_exact_at(there, at).is_ok() && here == there
        })
}

/// Bytes of two files that are compared at a time.
const BLOCK: usize = 1 << 20;

/// Writes the table `in,out`, readable by its owner alone; `out` is empty for what was kept out.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn table(
    path: &Path,
    inputs: &[PathBuf],
    files: &[Input],
    places: &[Place],
    fates: &[Fate],
) -> Result<(), Error> {
    let below = |path: &Path| match inputs {
        [folder] => path.strip_prefix(folder).ok().filter(|below| !below.as_os_str().is_empty()).map(Path::to_path_buf),
        _ => None,
    };
    let internal = |e: csv::Error| Error::Internal { message: e.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["in", "out"]).map_err(internal)?;
    let mut rows: Vec<(String, String)> = files
        .iter()
        .zip(places.iter().zip(fates))
        .map(|(file, (place, fate))| {
            let of = |place: &Place| match place {
                Place::At(path) => path.to_string_lossy().into_owned(),
                _ => String::new(),
            };
            let out = match (fate, place) {
                (Fate::Written { .. } | Fate::Stands, place) => of(place),
                // where what it repeats was kept out, it has no place either
                (Fate::Repeats, Place::Repeats(first)) => match fates.get(*first) {
                    Some(Fate::Written { .. } | Fate::Stands) => places.get(*first).map(of).unwrap_or_default(),
                    _ => String::new(),
                },
                _ => String::new(),
            };
            let from = below(file.path()).unwrap_or_else(|| file.path().to_owned());
            (from.to_string_lossy().into_owned(), out)
        })
        .collect();
    rows.sort();
    for (from, to) in rows {
        writer.write_record([from, to]).map_err(internal)?;
    }
    let text = writer.into_inner().map_err(|e| Error::Internal { message: e.to_string() })?;
    record::write_private(path, &text, "write the table of --map")
}
