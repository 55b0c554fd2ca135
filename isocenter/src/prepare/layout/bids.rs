//! BIDS: `sub-LABEL[/ses-LABEL]/TYPE/sub-LABEL[_ses-LABEL][_KEY-VALUE]..._SUFFIX`, and `derivatives` with `dseg`, `mask` or `label-`.
//!
//! `anat`, `func`, `dwi` and `perf` are data of the brain, unless a sidecar states another body part.
//!
//! Source: BIDS specification 1.10, common principles and imaging derivatives.

use std::path::Path;

use super::{By, Place, Role, Seen, name, scope_of, words};

/// Where a file belongs; `None` where neither its name nor a folder names a subject.
pub(super) fn place_of(seen: &Seen) -> Option<Place> {
    let parts: Vec<String> =
        seen.path.components().rev().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
    let entity =
        |key: &str| parts.iter().flat_map(|p| p.split('_')).find(|p| p.starts_with(key) && p.len() > key.len());
    let without_ending = |text: &str| words::stem(text).to_owned();
    let patient = without_ending(entity("sub-")?);
    let visit = entity("ses-").map(without_ending);
    // the words of subject and session are names, whatever they say
    let stem = words::stem(parts.first()?);
    let said: Vec<&str> = stem.split('_').filter(|p| !p.starts_with("sub-") && !p.starts_with("ses-")).collect();
    let said = name::parse(&said.join("_"));
    let in_labels = parts
        .iter()
        .skip(1)
        .take_while(|p| !p.starts_with("sub-"))
        .any(|p| words::of_folder(p) == Some(words::Word::Label));
    let is_label = seen.says_label || said.is_label || in_labels;
    let folder = match parts.get(1).map(String::as_str) {
        Some("anat" | "func" | "dwi" | "fmap" | "perf") => Some("MR"),
        Some("pet") => Some("PT"),
        _ => None,
    };
    let usual_part =
        matches!(parts.get(1).map(String::as_str), Some("anat" | "func" | "dwi" | "perf")).then_some("BRAIN");
    let root =
        seen.path.ancestors().filter(|a| a.file_name().is_some_and(|n| n.to_string_lossy().starts_with("sub-"))).last();
    let root = root.and_then(Path::parent).or(seen.path.parent())?;
    // every derivative is of the data set around it
    let root = root.ancestors().find(|a| a.ancestors().all(|b| b.file_name().is_none_or(|n| n != "derivatives")))?;
    Some(Place {
        patient: Some(patient),
        visit,
        modality: said.modality.or(folder).map(str::to_owned),
        kind: said.kind,
        usual_part,
        role: if is_label { Role::Label } else { Role::Image },
        by: By::Bids,
        scope: scope_of(root),
        ..Place::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> Option<Place> {
        place_of(&Seen { path: path.into(), says_label: false })
    }

    #[test]
    fn subjects_sessions_and_roles_are_read() {
        let image = of("/d/sub-01/ses-b/anat/sub-01_ses-b_T1w.nii.gz").unwrap();
        assert_eq!(
            (image.patient.as_deref(), image.visit.as_deref(), image.role),
            (Some("sub-01"), Some("ses-b"), Role::Image)
        );
        assert_eq!((image.modality.as_deref(), image.kind), (Some("MR"), Some("T1")));
        let label = of("/d/derivatives/manual/sub-01/ses-b/anat/sub-01_ses-b_space-T1w_dseg.nii.gz").unwrap();
        assert_eq!((label.role, &label.scope), (Role::Label, &image.scope));
        assert_eq!(of("/d/sub-seg01/anat/sub-seg01_T2w.nii.gz").unwrap().role, Role::Image);
        assert_eq!((image.usual_part, of("/d/sub-01/sub-01_T1w.nii.gz").unwrap().usual_part), (Some("BRAIN"), None));
        assert!(of("/d/P01/t1.nii.gz").is_none());
    }
}
