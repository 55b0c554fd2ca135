//! Where each output goes, and the table of what went where.

use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_dcm::{
    Instance, ReadLimits,
    scan::{Kind, Scanned},
};
use isocenter_deid::{Profile, ProfileOption, Pseudonyms};
use isocenter_files::Beside;
use isocenter_volume::Ctx;

use super::{Names, outcome::Fate, seen::Seen};
use crate::{
    Error,
    container::{self, Containers, Listed},
    prepare::scan_listed,
};

/// Finds and opens everything under `paths`; archives are read as folders are. A DICOMDIR is a file like others: it names its patients, and what
/// became of it is to be told.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`].
pub(super) fn find(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<(Vec<Scanned>, Containers), Error> {
    let is_directory = |(file, _): &(Scanned, Listed)| matches!(file.kind, Kind::Directory(_));
    let (directories, others): (Vec<_>, Vec<_>) = scan_listed(paths, ctx)?.into_iter().partition(is_directory);
    let (others, listed): (Vec<Scanned>, Vec<Listed>) = others.into_iter().unzip();
    let (mut scanned, archives) = container::leave_out(others, &listed);
    scanned.extend(directories.into_iter().map(|(file, _)| file));
    scanned.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((scanned, archives))
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

/// The place of each file, in the order of paths: of two with one name the first has it.
pub(super) fn places(
    names: Names,
    profile: &Profile,
    inputs: &[PathBuf],
    scanned: &[Scanned],
    seen: &Seen,
    pseudonyms: &Pseudonyms,
) -> Vec<Place> {
    let mut order: Vec<usize> = (0..scanned.len()).collect();
    order.sort_by(|a, b| scanned[*a].path.cmp(&scanned[*b].path));
    let mut taken: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let mut places: Vec<Place> = scanned.iter().map(|_| Place::Refused("not-dicom")).collect();
    for n in order {
        let file = &scanned[n];
        let instance = match &file.kind {
            Kind::Dicom(instance) => instance,
            Kind::Directory(_) => {
                places[n] = Place::Refused("media-directory");
                continue;
            }
            Kind::Failed(error) => {
                places[n] = Place::Refused(error.reason());
                continue;
            }
            _ => continue,
        };
        let place = match (names, seen.patient(n)) {
            (Names::Kept, _) => Some(kept(&file.path, inputs)),
            (Names::ByIds, Some(patient)) => by_ids(instance, &patient.to_text(), profile, pseudonyms),
            (Names::ByIds, None) => None,
        };
        places[n] = match place {
            None => Place::Refused("missing-element"),
            Some(place) => match taken.get(&place) {
                Some(first) => Place::Repeats(*first),
                None => {
                    taken.insert(place.clone(), n);
                    Place::At(place)
                }
            },
        };
    }
    places
}

/// The path below the input that it is of.
fn kept(path: &Path, inputs: &[PathBuf]) -> PathBuf {
    let root = inputs.iter().filter(|input| path.starts_with(input)).max_by_key(|input| input.components().count());
    let below = root.and_then(|root| path.strip_prefix(root).ok()).filter(|below| !below.as_os_str().is_empty());
    let below = below.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    // a member of an archive stands behind `archive.zip!/`
    below.components().filter(|part| matches!(part, std::path::Component::Normal(_))).collect()
}

/// `PATIENT/STUDY/SERIES/INSTANCE.dcm` by the new ids.
fn by_ids(instance: &Instance, patient: &str, profile: &Profile, names: &Pseudonyms) -> Option<PathBuf> {
    let keeps = profile.has(ProfileOption::RetainUids);
    let new = |uid: Option<String>| {
        let uid = uid.filter(|uid| !uid.trim_matches(['\0', ' ']).is_empty())?;
        let uid = if keeps { uid.trim_matches(['\0', ' ']).to_owned() } else { names.uid(&uid) };
        // a UID that is none may hold what leads out of the folder
        (uid.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !uid.starts_with('.')).then_some(uid)
    };
    let none = || "none".to_owned();
    let folder = PathBuf::from(names.patient_id(patient, ""))
        .join(new(instance.study_instance_uid()).unwrap_or_else(none))
        .join(new(instance.series_instance_uid()).unwrap_or_else(none));
    Some(folder.join(new(instance.sop_instance_uid())? + ".dcm"))
}

/// Whether two files hold the same bytes.
pub(super) fn are_equal(a: &Scanned, b: &Scanned) -> bool {
    let bytes = |file: &Scanned| file.read_bytes(&ReadLimits::default());
    matches!((bytes(a), bytes(b)), (Ok(a), Ok(b)) if a == b)
}

/// Writes the table `in,out`, readable by its owner alone; `out` is empty for what was kept out.
///
/// # Errors
/// [`Error::Io`].
pub(super) fn table(
    path: &Path,
    inputs: &[PathBuf],
    scanned: &[Scanned],
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
    let mut rows: Vec<(String, String)> = scanned
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
            let from = below(&file.path).unwrap_or_else(|| file.path.clone());
            (from.to_string_lossy().into_owned(), out)
        })
        .collect();
    rows.sort();
    for (from, to) in rows {
        writer.write_record([from, to]).map_err(internal)?;
    }
    let text = writer.into_inner().map_err(|e| Error::Internal { message: e.to_string() })?;
    let written = Beside::create_private(path).and_then(|mut file| {
        file.write_all(&text)?;
        file.finish()
    });
    written.map_err(Error::io("write the table of --map", path))
}
