//! Rendering one frame.

use dicom_dictionary_std::tags;

use super::gray::{Tone, extremes};
use super::view::views_of;
use super::{Note, Picture, Transform, View, Window, rgb};
use crate::pixel::source::{Pixels, with};
use crate::pixel::{DecodeOptions, DecodedPixels, Padding, Photometric};
use crate::scaling::Modality;
use crate::{Error, Instance, overlay, value};

/// Which real values a gray picture shows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Choice {
    /// The first view that can be used (tables come before windows), else as [`Choice::Extremes`].
    #[default]
    Auto,
    /// This one of the file's [`views`](crate::InstanceFrame::views), from 0.
    View(usize),
    /// What the caller brings.
    Given(Transform),
    /// From the least to the greatest real value of the frame, padding left out. Images of one bit show 0 as black and
    /// 1 as white.
    Extremes,
    /// From the least to the greatest real value that Bits Stored allows: how a secondary capture looks without a view.
    Full,
}

/// How to render a frame.
///
/// ```
/// use isocenter_dcm::display::{Render, Window, WindowFunction};
/// let lung = Render::default().window(Window::new(-600.0, 1500.0, WindowFunction::Linear)?).padding_black(true);
/// assert_ne!(lung, Render::default());
/// # Ok::<_, isocenter_dcm::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Render {
    choice: Choice,
    overlays: bool,
    padding_black: bool,
    decode: DecodeOptions,
}

impl Render {
    /// Which real values to show. [`Choice::Auto`] by default; colour images have no choice.
    pub fn choice(mut self, choice: Choice) -> Self {
        self.choice = choice;
        self
    }

    /// Shows the real values of a window, whatever the file says.
    pub fn window(self, window: Window) -> Self {
        self.choice(Choice::Given(Transform::Window(window)))
    }

    /// Whether overlays are drawn, in white. Off by default: they may hold a patient's name.
    pub fn overlays(mut self, overlays: bool) -> Self {
        self.overlays = overlays;
        self
    }

    /// Whether padding is black whatever the view and MONOCHROME1 make of its value. Off by default.
    pub fn padding_black(mut self, padding_black: bool) -> Self {
        self.padding_black = padding_black;
        self
    }

    /// How samples are decoded; colour and palettes become RGB in any case.
    pub fn decode(mut self, decode: DecodeOptions) -> Self {
        self.decode = decode;
        self
    }

    /// Renders frame `index`.
    pub(crate) fn render(&self, pixels: &dyn Pixels, index: usize) -> Result<Picture, Error> {
        let decode = DecodeOptions { palette: true, rgb: true, ..self.decode };
        let frame = with(pixels, |header, frames| decode.frame_of(header, frames, index))?;
        let instance = pixels.instance();
        let (rows, columns) = (frame.info.rows, frame.info.columns);
        let mut notes = Vec::new();
        let (channels, mut shown) = if frame.info.samples_per_pixel == 1 {
            (1, self.gray(instance, index, &frame, &mut notes)?)
        } else {
            (3, rgb::to_bytes(frame)?)
        };
        if self.overlays {
            draw_overlays(pixels, index, [rows, columns], &mut shown, &mut notes);
        }
        Ok(Picture { rows, columns, channels, pixels: shown, notes })
    }

    fn gray(
        &self,
        instance: &Instance,
        index: usize,
        frame: &DecodedPixels,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<u8>, Error> {
        let (dataset, info) = (&instance.dataset, &frame.info);
        let modality = Modality::of_frame(dataset, index, info)?;
        let padding = Padding::of(dataset, info).unwrap_or_else(|error| {
            notes.push(Note::PaddingRefused { reason: error.reason() });
            None
        });
        let range = modality.range(info);
        let around = || {
            let [low, high] = match info.bits_stored {
                1 => range,
                _ => extremes(frame, &modality, padding).unwrap_or_default(),
            };
            Transform::Range { low, high }
        };
        let transform = match &self.choice {
            Choice::Auto => first_usable(views_of(dataset, index, range), notes).unwrap_or_else(around),
            Choice::View(at) => {
                let mut views = views_of(dataset, index, range);
                let count = views.len();
                if *at >= count {
                    return Err(Error::NoSuchView { index: *at, views: count });
                }
                views.swap_remove(*at)?.transform
            }
            Choice::Given(transform) => transform.clone(),
            Choice::Extremes => around(),
            Choice::Full if range.iter().all(|end| end.is_finite()) => {
                Transform::Range { low: range[0], high: range[1] }
            }
            Choice::Full => return Err(Error::UnsupportedPixels { what: "the full range of float samples" }),
        };
        let dark_first = info.photometric != Photometric::Monochrome1;
        // In an image the shape repeats what the photometric interpretation says; where it does not, it has the last
        // word, as the step that comes last (dcmtk and pydicom do the same).
        let inverted = match value::string(dataset, tags::PRESENTATION_LUT_SHAPE).as_deref() {
            Some("IDENTITY") => false,
            Some("INVERSE") => true,
            _ => !dark_first,
        };
        if inverted == dark_first {
            notes.push(Note::PolarityDisputed);
        }
        let black = padding.filter(|_| self.padding_black);
        Ok(Tone { modality: &modality, transform, inverted, black }.apply(&frame.samples))
    }
}

fn first_usable(views: Vec<Result<View, Error>>, notes: &mut Vec<Note>) -> Option<Transform> {
    for (index, view) in views.into_iter().enumerate() {
        match view {
            Ok(view) => return Some(view.transform),
            Err(error) => notes.push(Note::ViewRefused { index, reason: error.reason() }),
        }
    }
    None
}

fn draw_overlays(from: &dyn Pixels, index: usize, size: [u16; 2], pixels: &mut [u8], notes: &mut Vec<Note>) {
    for found in overlay::all_of(from) {
        let marks = match found.and_then(|overlay| overlay.on_image(index, size[0], size[1])) {
            Ok(Some(marks)) => marks,
            Ok(None) => continue,
            Err(error) => {
                notes.push(Note::OverlayRefused { reason: error.reason() });
                continue;
            }
        };
        let channels = pixels.len() / marks.len().max(1);
        for (pixel, _) in pixels.chunks_exact_mut(channels.max(1)).zip(marks).filter(|(_, set)| *set) {
            pixel.fill(255);
        }
    }
}
