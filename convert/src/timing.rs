//! When slices were acquired, and how each was read out: slice times, phase encoding, echo spacing, acceleration.
//!
//! [`entries`] gives what a BIDS sidecar says of these, in BIDS' names and units, for a planned volume. Facts keep little of it, so
//! headers are opened: that of the first frame, and where slices were timed one by one those of one repetition.
//!
//! Directions and orders are those of the volume as it is planned: `i` goes along the rows of the image (its columns count up), `j` down
//! its columns, `k` from slice to slice. What nothing states is left out; a polarity that nothing states leaves the axis. The rules of each
//! maker stand in its own file; a table of them is in the documentation of the crate.

mod believe;
mod entries;
mod ge;
mod header;
mod phase;
mod philips;
mod readout;
mod reduction;
mod scan;
mod siemens;
mod slices;
mod source;
mod united_imaging;

use isocenter_dcm::Dataset;
use serde_json::Value;

use self::{
    entries::Entries,
    scan::{Scan, Texts},
    source::Headers,
};
use crate::facts::maker::Maker;
use crate::{Error, Facts, Options, SeriesPlan};

/// The pause after each volume of a scan of GE, seconds, by the header of one of its frames.
pub(crate) fn pause_s(series: &SeriesPlan, dataset: &Dataset, frame: usize) -> Option<f64> {
    let texts = Texts::default();
    ge::pause_s(&Scan::of(series, dataset, frame, &texts))
}

/// Whether each slice of a scan was read out after one excitation, by the header of one of its frames.
pub(crate) fn is_echo_planar(series: &SeriesPlan, dataset: &Dataset, frame: usize) -> bool {
    let texts = Texts::default();
    Scan::of(series, dataset, frame, &texts).is_echo_planar()
}

/// What a sidecar says of the timing of a planned volume: keys of BIDS, or dcm2niix's where BIDS has none, and their values, in a fixed
/// order, each key once.
///
/// Times are seconds, frequencies hertz. `files` are those that the plan was made from. A volume of another modality than MR has no entries.
///
/// ```no_run
/// # use isocenter_convert::{Facts, Options, SeriesPlan, timing};
/// # fn sidecar(series: &SeriesPlan, files: &[Facts]) -> Result<(), isocenter_convert::Error> {
/// for (key, value) in timing::entries(series, files, &Options::default())? {
///     println!("{key}: {value}");
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::Dicom`] where a header can no longer be opened, [`Error::OtherFiles`], [`Error::Cancelled`]. What a header states wrongly is
/// no error: it gives no entry.
pub fn entries(
    series: &SeriesPlan,
    files: &[Facts],
    options: &Options<'_>,
) -> Result<Vec<(&'static str, Value)>, Error> {
    if series.modality.as_deref().is_some_and(|modality| modality != "MR") {
        return Ok(Vec::new());
    }
    series.check(files)?;
    let headers = Headers::new(files, options);
    let first = series.frames.first().ok_or(Error::OtherFiles)?;
    let opened = headers.open(first.file)?;
    let texts = Texts::of(opened.dataset(), first.frame);
    let scan = Scan::of(series, opened.dataset(), first.frame, &texts);

    let mut out = Entries::default();
    phase::entries(&scan, &mut out);
    readout::entries(&scan, &mut out);
    reduction::entries(&scan, &mut out);
    // slices that were interpolated have no time of their own
    let times = if series.even.is_some() { None } else { slices::times(&scan, &headers)? };
    let bands = slices::bands(&scan, times.as_ref());
    out.count("MultibandAccelerationFactor", bands.filter(|bands| *bands > 1.0));
    if let Some(times) = times {
        out.seconds("SliceTiming", &times.ms);
    }
    match scan.maker {
        Maker::Siemens => siemens::entries(&scan, &mut out),
        Maker::Ge => ge::entries(&scan, &mut out),
        _ => {}
    }
    Ok(out.list)
}
