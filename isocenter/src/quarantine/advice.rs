//! What a reason means in plain words, and what to do about it.

/// What a reason means, and the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// What is the matter, in a sentence without a full stop.
    pub means: &'static str,
    /// What to do, in a sentence without a full stop.
    pub next: &'static str,
}

/// The advice on a code of [`Record::reason`](super::Record::reason); for a code that is not listed, where to look.
pub fn advice(reason: &str) -> Advice {
    TABLE.iter().find(|(codes, ..)| codes.contains(&reason)).map_or(UNLISTED, |(_, means, next)| Advice { means, next })
}

/// Every word of all advice.
pub(crate) fn words() -> String {
    let own = [UNLISTED.means, UNLISTED.next];
    TABLE.iter().flat_map(|(_, means, next)| [*means, *next]).chain(own).collect::<Vec<_>>().join(" ")
}

const UNLISTED: Advice = Advice {
    means: "kept out for the reason that quarantine.jsonl tells",
    next: "read its record in quarantine.jsonl",
};

const NOTHING: &str = "nothing to do, unless you need it";
const SEND_AGAIN: &str = "get the files again from the archive; if they are the same there, the series cannot be used";
const NOT_YET: &str = "this version cannot use it; convert it with a tool that can, and give the result as NIfTI";
const LOOK: &str = "look at the pixels; what is clean can be saved as another class, or left out";

/// Codes that are one thing to a reader, what they mean, what to do.
const TABLE: &[(&[&str], &str, &str)] = &[
    (&["not-dicom", "unknown-format"], "no medical image: another kind of file", NOTHING),
    (&["not-an-image"], "a DICOM object without an image (a report, a plan, a directory without its files)", NOTHING),
    (
        &["archive"],
        "a packed file that is not looked into, or an archive without an image that is read",
        "if there are images in it, unpack it and give the folder",
    ),
    (
        &["no-place"],
        "an array that does not say where it lies in a patient, nor how large a voxel is",
        "give it as NIfTI or NRRD, or as .npz with an array `affine` (4 x 4, RAS, mm) beside it",
    ),
    (
        &["not-in-table"],
        "the table of pseudonyms names patients, and not this one",
        "add a row PatientID for the patient, or leave the files out",
    ),
    (
        &["unknown-patient"],
        "the crosswalk has no patient of this Patient ID",
        "take the crosswalk and the key of the run that the images were de-identified in",
    ),
    (
        &["not-sealed"],
        "no originals are sealed in the file",
        "take the file that was de-identified with --encrypt-to; what was made from it later holds none",
    ),
    (
        &["other-key"],
        "what is sealed in the file opens under another private key, or was changed",
        "take the private key of the certificate that was given to --encrypt-to",
    ),
    (
        &["bad-envelope", "unsupported-envelope"],
        "what is sealed in the file is damaged, or sealed in a way that is not read",
        "open it with the program that sealed it",
    ),
    (
        &["no-face-mask"],
        "it may show a face, and nothing tells where: no template was given, or no series of its frame of reference is suited to find it on",
        "give --face-template, with an MR or CT series of the same frame of reference that shows the head; or leave the files out",
    ),
    (
        &["face-alignment-doubtful", "face-alignment-failed", "face-alignment-implausible", "face-not-aligned"],
        "it may show a face, and the template could not be brought to it with confidence",
        "give a template that is more like it (the same contrast, the same field of view), or leave the files out",
    ),
    (
        &["face-mask-in-brain", "face-mask-takes-most", "face-mask-empty", "face-mask-too-large", "face-bad-alignment"],
        "the mask of the face, brought to the image, cannot be a face's",
        "look at the template's files: do head, masks and brain lie in one world",
    ),
    (
        &["face-nothing-covered", "face-not-in-view", "face-other-world"],
        "the mask of the face, found on another series of the same frame of reference, does not meet the image",
        "look at the image: if it shows no face, leave it out of this run",
    ),
    (
        &["face-unsupported", "face-no-geometry", "face-volume"],
        "a form that may show a face and from which none is removed: contours, surfaces, projections, mosaics, images without a place",
        "leave it out, or make slices of it first",
    ),
    (&["no-randomness"], "the system gave no random bytes to seal with", "run again on a system that does"),
    (&["link"], "a link to what is listed by another name", NOTHING),
    (&["broken-link"], "a link that leads nowhere", "restore what it leads to, or delete it"),
    (&["pipe", "socket", "device"], "no file, and not opened", NOTHING),
    (&["empty-file"], "a file of no bytes", SEND_AGAIN),
    (&["truncated"], "the file ends before what it says it holds", SEND_AGAIN),
    (
        &["malformed", "bad-value", "missing-element", "not-conforming", "partly-read"],
        "the file is damaged or breaks its format's rules",
        SEND_AGAIN,
    ),
    (&["io"], "the system did not let the file be read", "check its permissions and the disk, and run again"),
    (
        &["changed-file"],
        "the file is not what it was when the plan was made",
        "make the plan again; a copy of the files has to keep the time of their last change",
    ),
    (&["no-pixel-data"], "an image object that came without its pixels", SEND_AGAIN),
    (&["damaged-pixel-data", "inconsistent-pixels", "no-such-frame"], "the pixels cannot be decoded", SEND_AGAIN),
    (&["unsupported-pixels"], "pixels of a kind that is not read", NOT_YET),
    (
        &["unsupported-transfer-syntax", "unsupported-codec"],
        "compressed in a way that is not read",
        "decompress it (dcmdjpeg, gdcmconv --raw) and give the result",
    ),
    (&["unsupported-class"], "a DICOM object whose samples are not intensities (a segmentation, a dose)", NOT_YET),
    (&["unsupported"], "uses a part of its format that is not read", NOT_YET),
    (&["no-instance-uid"], "an instance without its identifier", SEND_AGAIN),
    (
        &["contradictory-duplicate"],
        "files with one identifier and different images: one of them is wrong",
        "keep the right one of each and run again",
    ),
    (
        &["mosaic"],
        "slices laid out as tiles of one picture (a mosaic) whose header does not say how many or where they lie",
        "export it again with the maker's private elements, or as single slices",
    ),
    (&["modality-lut"], "values that a table gives (Modality LUT)", NOT_YET),
    (
        &["bad-rescale", "missing-rescale"],
        "slope or intercept is lost or not usable, so the values cannot be told",
        SEND_AGAIN,
    ),
    (&["no-position", "bad-position"], "slices that do not say where they lie in the patient", SEND_AGAIN),
    (&["non-parallel"], "every slice has its own orientation: a radial scan, a localizer", NOTHING),
    (&["misaligned"], "slices that move sideways more than they advance", SEND_AGAIN),
    (&["uneven-spacing"], "distances between slices differ: no regular grid", SEND_AGAIN),
    (&["missing-slice"], "one or more slices are missing in the middle", SEND_AGAIN),
    (
        &["incomplete-volume"],
        "some slice positions are there more often than others: part of it is missing",
        SEND_AGAIN,
    ),
    (&["ambiguous-order"], "slices repeat, and nothing says which belongs to which time", NOT_YET),
    (&["bad-grid", "geometry"], "the header describes no usable grid", SEND_AGAIN),
    (&["limit"], "larger than the limits allow", "leave it out, or give it to a machine with more memory"),
    (&["burned-in-annotation"], "the header says that text is burned into the pixels", LOOK),
    (
        &["ultrasound", "secondary-capture", "visible-light", "video", "screen-save", "dose-report", "converted"],
        "a kind of image that often shows names in its pixels",
        LOOK,
    ),
    (&["encapsulated-document"], "a document (PDF, CDA), no image", NOTHING),
    (&["unknown-class"], "an object of a class that nobody vouches for: text may be in its pixels", LOOK),
    (
        &["identifying-text"],
        "something identifying would have gone on with it",
        "quarantine.jsonl says which field; take the value out of the input and run again",
    ),
    (
        &["media-directory"],
        "a DICOMDIR, which lists other files by their names",
        "make a new one for the files that were written",
    ),
    (
        &["failed-verification"],
        "a value that identifies its patient was left after it was cleaned",
        "choose a profile that retains less, or take the value out of the input",
    ),
    (
        &["refused-by-script"],
        "the script, or its filter, does not take it",
        "nothing to do, unless it should have passed; then see the line of the script",
    ),
    (
        &["script-failed"],
        "what the script asks for cannot be computed for it",
        "see the element that is named, and change its line in the script or the table",
    ),
    (
        &["reader-absent", "reader-failed", "reader-late"],
        "an image whose text could not be read",
        "see what is said of the reader; without --ocr all text that is found is blanked",
    ),
    (&["text-left"], "an image that still shows text after its pixels were cleaned", LOOK),
    (&["missing-sop-class", "missing-sop-instance"], "an instance without its class or identifier", SEND_AGAIN),
    (&["localizer"], "a planning image (localizer, scout): nothing to train with", NOTHING),
    (&["projection"], "a projection or rendering of another series (MIP, VRT)", NOTHING),
    (&["constant-image"], "all its voxels have one value", "check the export; an image of one value teaches nothing"),
    (&["no-finite-voxel"], "none of its voxels is a number", "check the program that wrote it"),
    (
        &["registration-not-trusted"],
        "could not be brought to its reference with confidence",
        "look at the pair; if they do not show the same, leave one out, or use a recipe that does not register",
    ),
    (
        &["registration-doubtful"],
        "was brought to its reference, and something speaks against the result",
        "look at the pair; `doubtful = \"keep\"` in the recipe's `[register]` keeps such images with a warning",
    ),
    (
        &["registration-left-right", "registration-mirrored"],
        "fits its reference better with left and right exchanged: a side may be wrong in its header",
        "compare both with the originals before either is used",
    ),
    (
        &["reference-not-usable"],
        "the image that it was to be brought to was kept out",
        "see the record of its reference, of the same patient",
    ),
    (&["registration", "no-patient-frame"], "cannot be registered: its place in the patient is not known", NOTHING),
    (
        &["normalization"],
        "the recipe's intensity steps cannot be done on it (for SUV: a fact of the injection is missing)",
        "read its record in quarantine.jsonl; give the fact, or take the step out of the recipe",
    ),
    (&["label-without-image"], "a label map on no image's grid", "give its image too, or say with --pairs whose it is"),
    (
        &["label-ambiguous", "second-label-map"],
        "a label map that more than one image, or an image that more than one label map, could have",
        "say with --pairs which belongs to which",
    ),
    (
        &["empty-label-map"],
        "a label map without a single label",
        "if that is the truth (nothing to be found), set `empty = \"keep\"` under [labels] in the recipe",
    ),
    (
        &["overlapping-labels", "not-a-label", "sample-type", "label-table", "out-of-range", "shared-value"],
        "a label map whose values cannot be taken as labels",
        "write it as one whole number a voxel, or leave it out",
    ),
    (&["per-plane-scaling", "scaling"], "values with a scaling that cannot be used", NOT_YET),
    (
        &["data-file-missing"],
        "the header names a file for its voxels that is not there",
        "put the file beside its header",
    ),
    (&["voxels-are-dicom"], "a header that takes its voxels from DICOM files, which are inputs themselves", NOTHING),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_told_once() {
        let mut seen = BTreeSet::new();
        for code in TABLE.iter().flat_map(|(codes, ..)| *codes) {
            assert!(seen.insert(code), "{code} twice");
            assert_ne!(advice(code), UNLISTED);
        }
        assert_eq!(advice("of another version"), UNLISTED);
    }

    #[test]
    fn what_conversion_and_the_burned_in_gate_refuse_is_told() {
        use isocenter_deid::burned_in::Reason as Burned;
        let burned = [
            Burned::BurnedInAnnotation,
            Burned::Ultrasound,
            Burned::SecondaryCapture,
            Burned::VisibleLight,
            Burned::Video,
            Burned::EncapsulatedDocument,
            Burned::ScreenSave,
            Burned::DoseReport,
            Burned::Converted,
            Burned::UnknownClass,
        ];
        for code in burned.map(Burned::code).into_iter().chain(isocenter_convert::Reason::CODES) {
            assert_ne!(advice(code), UNLISTED, "{code}");
        }
    }
}
