//! The rule for kinds of series, held against what the owners of public data called their series.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use isocenter_dcm::series_kind::{Contrast, Maker, Part, SeriesFacts, SeriesKind};

/// Facts of a row of the table, which has the keys of BIDS sidecars.
fn facts(cell: &dyn Fn(&str) -> String) -> SeriesFacts {
    let number = |name: &str| cell(name).parse::<f64>().ok();
    // some owners write `GR_IR`
    let words = |name: &str| cell(name).split(['\\', '_']).map(str::to_owned).filter(|w| !w.is_empty()).collect();
    let name = [cell("SequenceName"), cell("PulseSequenceName")].into_iter().find(|n| !n.is_empty());
    let mut facts = SeriesFacts::default();
    facts.modality = Some("MR".to_owned());
    facts.maker = Some(Maker::of(&cell("Manufacturer")));
    facts.image_type = cell("ImageType").split('\\').map(str::to_owned).collect();
    facts.part = Part::of(None, &facts.image_type, "");
    facts.scanning = words("ScanningSequence");
    facts.variant = words("SequenceVariant");
    facts.sequence_name = name.unwrap_or_default();
    facts.sequence_details.clone_from(&facts.sequence_name);
    facts.description = cell("SeriesDescription");
    facts.echo_s = number("EchoTime");
    facts.repetition_s = number("RepetitionTime");
    facts.inversion_s = number("InversionTime");
    facts.flip_angle_deg = number("FlipAngle");
    facts.is_planar = facts.scanning.iter().any(|word| word == "EP");
    facts.is_spin_echo = facts.scanning.iter().any(|word| word == "SE");
    facts.is_diffusion = facts.image_type.iter().any(|word| word == "DIFFUSION");
    facts
}

/// What an owner's word means here; `None` for words that no kind stands for.
fn meant(label: &str) -> Option<(&'static [&'static str], Contrast)> {
    Some(match label {
        "T1w" | "T1wRMS" => (&["T1w"], Contrast::T1),
        "UNIT1" => (&["UNIT1"], Contrast::T1),
        "T2w" => (&["T2w"], Contrast::T2),
        "FLAIR" => (&["FLAIR"], Contrast::Flair),
        "T2star" | "MEGRE" => (&["T2starw", "MEGRE"], Contrast::T2Star),
        "bold" => (&["bold"], Contrast::Bold),
        "dwi" => (&["dwi"], Contrast::Dwi),
        "T1map" => (&["T1map"], Contrast::T1Map),
        "T2map" => (&["T2map"], Contrast::T2Map),
        "T2starmap" => (&["T2starmap"], Contrast::T2StarMap),
        "phasediff" => (&["phasediff"], Contrast::Phase),
        _ => return None,
    })
}

#[test]
fn most_of_what_owners_named_is_named_so() {
    let Some(folder) = isocenter_testing::corpus::part("normalize") else { return };
    let table = std::fs::read_to_string(folder.join("series").join("series_labels.tsv")).unwrap();
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let (mut kinds, mut contrasts, mut of, mut suffixes, mut rows) = (0, 0, 0, 0, 0);
    for line in lines {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |name: &str| {
            let at = names.iter().position(|n| *n == name).unwrap();
            cells.get(at).copied().unwrap_or_default().to_owned()
        };
        let kind = SeriesKind::of(&facts(&cell));
        let suffix = kind.suffix.map(|s| s.to_string()).unwrap_or_default();
        let (folder, label) = (cell("datatype"), cell("label"));
        rows += 1;
        let is_suffix = suffix == label || meant(&label).is_some_and(|(meant, _)| meant.contains(&suffix.as_str()));
        suffixes += usize::from(is_suffix);
        if let Some((_, contrast)) = meant(&label) {
            of += 1;
            contrasts += usize::from(kind.contrast == Some(contrast));
            kinds += usize::from(is_suffix);
        }
        if !is_suffix || meant(&label).is_some_and(|(_, contrast)| kind.contrast != Some(contrast)) {
            println!(
                "{folder}/{label}: {suffix} {:?} | {} | {} | {} | {} | {} | TE {} TR {} TI {}",
                kind.contrast.map(Contrast::name),
                cell("Manufacturer"),
                cell("SeriesDescription"),
                cell("ImageType"),
                cell("ScanningSequence"),
                cell("SequenceName"),
                cell("EchoTime"),
                cell("RepetitionTime"),
                cell("InversionTime"),
            );
        }
    }
    println!("suffixes {suffixes} of {rows}; of {of} with a contrast: suffix {kinds}, contrast {contrasts}");
    // of today: may only grow
    assert_eq!((rows, of), (367, 257));
    assert!(suffixes >= 287 && kinds >= 244 && contrasts >= 235, "{suffixes} {kinds} {contrasts}");
}
