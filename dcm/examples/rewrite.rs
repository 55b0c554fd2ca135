//! Reads a file and writes it again: `rewrite IN OUT [--edit] [--copy]`; without arguments a file that it makes.
//!
//! `--edit` puts an element into the data set and into each item of its sequences, so that every length changes; `--copy` leaves
//! the pixel data in the file and copies it from there. `dcmdump OUT` and `dciodvfy OUT` read the result.
#[path = "support/sample.rs"]
mod sample;

use isocenter_dcm::dicom_core::{DataElement, VR};
use isocenter_dcm::{Dataset, OpenOptions, tags};

fn edit(dataset: &mut Dataset) {
    let sequences: Vec<_> = dataset.iter().filter(|e| e.items().is_some()).map(|e| e.header().tag).collect();
    for tag in sequences {
        dataset.update_value(tag, |value| value.items_mut().into_iter().flatten().for_each(edit));
    }
    dataset.put(DataElement::new(tags::IMAGE_COMMENTS, VR::LT, "written again"));
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| words.iter().position(|word| word == name).map(|at| words.remove(at)).is_some();
    let (edited, copied) = (flag("--edit"), flag("--copy"));
    let folder = tempfile::tempdir()?;
    if words.is_empty() {
        let (sample, file) = (sample::sample(), folder.path().join("in.dcm"));
        sample.write(&file)?;
        words = [file, folder.path().join("out.dcm")].map(|path| path.to_string_lossy().into_owned()).to_vec();
    }
    let [input, output] = words.as_slice() else { return Err("usage: rewrite IN OUT [--edit] [--copy]".into()) };
    if copied {
        let mut lazy = OpenOptions::new().open_lazy(input)?;
        if edited {
            edit(&mut lazy.header_mut().dataset);
        }
        return Ok(lazy.write(output)?);
    }
    let mut instance = OpenOptions::new().open(input)?;
    if edited {
        edit(&mut instance.dataset);
    }
    Ok(instance.write(output)?)
}
