//! Samples, one by one: the images of DICOM's working group 4 in each syntax, held against their uncompressed originals.

use std::path::Path;

use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::{OpenOptions, pixel::DecodeOptions};

use super::corpus;

/// The sets of one codec each, and how far a sample may be from the original on average, in parts of the largest value there.
/// The first four lose nothing. The others lost what their makers chose to: up to two hundredths.
const SETS: [(&str, f64); 7] =
    [("J2KR", 0.0), ("JLSL", 0.0), ("JPLL", 0.0), ("RLE", 0.0), ("J2KI", 0.02), ("JLSN", 0.01), ("JPLY", 0.01)];

/// Every sample of a file, as a number.
fn samples(path: &Path) -> Vec<f64> {
    OpenOptions::new().open(path).unwrap().decode_all(&DecodeOptions::default(), &Ctx::default()).unwrap().to_f64()
}

#[test]
fn compressed_images_have_the_samples_of_their_originals() {
    let Some(folder) = corpus("dcm/compression") else { return };
    let mut compared = 0;
    for (set, bound) in SETS {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(set)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in files {
            let name = file.file_name().unwrap().to_str().unwrap();
            let image = name.strip_suffix(&format!("_{set}.dcm")).unwrap();
            let original = folder.join(format!("REF/{image}_UNC.dcm"));
            let (found, wanted) = (samples(&file), samples(&original));
            assert_eq!(found.len(), wanted.len(), "{name}");
            let largest = wanted.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            let apart = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).sum::<f64>() / wanted.len() as f64;
            assert!(apart <= bound * largest, "{name}: {apart} of {largest}");
            compared += 1;
        }
    }
    assert_eq!(compared, 31);
}
