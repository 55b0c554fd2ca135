//! The views of a frame: which real values are of interest, as the file says it.
//!
//! Source: DICOM PS3.3 C.11.2 (VOI LUT), C.7.6.16.2.10 (frame VOI LUT, shared and per frame).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::{Window, WindowFunction};
use crate::pixel::{Lut, PixelInfo};
use crate::scaling::Modality;
use crate::{Dataset, Error, FunctionalGroups, value};

/// From real values to levels, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Transform {
    /// A window.
    Window(Window),
    /// A table, whose greatest possible entry is level 1.
    Table(Lut),
    /// A line from one real value (level 0) to another (level 1); all is level 0 where they are the same.
    Range {
        /// The real value of level 0.
        low: f64,
        /// The real value of level 1.
        high: f64,
    },
}

impl Transform {
    /// The level of a real value, from 0 to 1; NaN may stay NaN.
    pub fn level(&self, real: f64) -> f64 {
        match self {
            Self::Window(window) => window.level(real),
            Self::Table(table) => (f64::from(table.at(real)) / f64::from(table.top())).min(1.0),
            Self::Range { low, high } if low == high => 0.0,
            Self::Range { low, high } => ((real - low) / (high - low)).clamp(0.0, 1.0),
        }
    }
}

/// One of the views that a file names for a frame.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct View {
    /// What it does.
    pub transform: Transform,
    /// What it is for, in the file's words (Window Center & Width Explanation, LUT Explanation), such as `BONE`.
    pub explanation: Option<String>,
}

/// The views of frame `frame` (from 0): tables first, then windows, each in the order of the file. One that cannot be
/// used is its error, and keeps its place.
///
/// Those of the frame's functional group count, then those shared, then those at the top level.
///
/// # Errors
/// Those of [`PixelInfo::of`] and [`Modality::of_frame`], which decide what a table's inputs are.
pub(crate) fn views(dataset: &Dataset, frame: usize) -> Result<Vec<Result<View, Error>>, Error> {
    let info = PixelInfo::of(dataset)?;
    let modality = Modality::of_frame(dataset, frame, &info)?;
    Ok(views_of(dataset, frame, modality.range(&info)))
}

/// The same, where real values are known to lie in `range`.
pub(super) fn views_of(dataset: &Dataset, frame: usize, range: [f64; 2]) -> Vec<Result<View, Error>> {
    let grouped = FunctionalGroups::new(dataset).grouped(frame, tags::FRAME_VOILUT_SEQUENCE);
    let views = |source: &Dataset| {
        let mut found = tables(source, range);
        found.extend(windows(source));
        found
    };
    match grouped.map(views) {
        Some(found) if !found.is_empty() => found,
        _ => views(dataset),
    }
}

fn tables(source: &Dataset, range: [f64; 2]) -> Vec<Result<View, Error>> {
    let items = value::sequence(source, tags::VOILUT_SEQUENCE).unwrap_or_default();
    let table = |item: &Dataset| {
        let transform = Transform::Table(Lut::of(item, range)?);
        Ok(View { transform, explanation: value::string(item, tags::LUT_EXPLANATION) })
    };
    items.iter().filter(|item| !Lut::is_hollow(item)).map(table).collect()
}

fn windows(source: &Dataset) -> Vec<Result<View, Error>> {
    let term = value::string(source, tags::VOILUT_FUNCTION);
    let function = match term.as_deref() {
        None => Some(WindowFunction::Linear),
        Some(term) => WindowFunction::of(term),
    };
    let explanations = value::strings(source, tags::WINDOW_CENTER_WIDTH_EXPLANATION);
    let (centers, widths) = (decimals(source, tags::WINDOW_CENTER), decimals(source, tags::WINDOW_WIDTH));
    let number = |of: &[Option<f64>], at: usize, tag: Tag| match of.get(at) {
        Some(&Some(number)) => Ok(number),
        Some(None) => Err(Error::Malformed { tag: Some(tag), what: "a window of something that is no number" }),
        None => Err(Error::Missing { tag }),
    };
    let window = |at: usize| {
        let function = function.ok_or(Error::UnsupportedPixels { what: "this VOI LUT function" })?;
        let center = number(&centers, at, tags::WINDOW_CENTER)?;
        let window = Window::new(center, number(&widths, at, tags::WINDOW_WIDTH)?, function)?;
        let explanation = explanations.get(at).filter(|text| !text.is_empty()).cloned();
        Ok(View { transform: Transform::Window(window), explanation })
    };
    (0..centers.len().max(widths.len())).map(window).collect()
}

/// Each value of an element as a number, so that one which is none does not hide the others.
fn decimals(source: &Dataset, tag: Tag) -> Vec<Option<f64>> {
    let all = value::f64s(source, tag);
    if !all.is_empty() {
        return all.into_iter().map(Some).collect();
    }
    let texts = value::strings(source, tag);
    if texts.iter().all(String::is_empty) {
        return Vec::new();
    }
    texts.iter().map(|text| text.parse().ok().filter(|number: &f64| number.is_finite())).collect()
}
