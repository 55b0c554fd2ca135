//! What all rules ask of a scan: the header of its first frame, its maker, the maker's texts.

use std::ops::Deref;

use isocenter_dcm::{Dataset, tags};

use super::header::{Header, Own};
use crate::facts::maker::Maker;
use crate::{
    SeriesPlan,
    facts::{
        csa::{self, Csa},
        protocol::Protocol,
    },
};

/// The bytes of a Siemens scanner's own headers.
#[derive(Default)]
pub(super) struct Texts {
    image: Option<Vec<u8>>,
    series: Option<Vec<u8>>,
    modern: Option<Vec<u8>>,
}

impl Texts {
    pub(super) fn of(ds: &Dataset, frame: usize) -> Self {
        let modern = Own { group: 0x0021, creators: &["SIEMENS MR SDS 01"], element: 0x19, block: 0x10 };
        Self { image: csa::image(ds), series: csa::series(ds), modern: Header::of(ds, frame).own_bytes(modern) }
    }
}

/// A scan, by the header of the first frame of a volume.
pub(super) struct Scan<'a> {
    pub(super) series: &'a SeriesPlan,
    pub(super) maker: Maker,
    header: Header<'a>,
    /// The CSA image header of Siemens.
    pub(super) image: Option<Csa<'a>>,
    /// The measurement protocol of Siemens.
    pub(super) protocol: Option<Protocol<'a>>,
}

impl<'a> Deref for Scan<'a> {
    type Target = Header<'a>;

    fn deref(&self) -> &Header<'a> {
        &self.header
    }
}

impl<'a> Scan<'a> {
    pub(super) fn of(series: &'a SeriesPlan, ds: &'a Dataset, frame: usize, texts: &'a Texts) -> Self {
        let maker = Maker::of(ds).unwrap_or(Maker::Other);
        let is_siemens = maker == Maker::Siemens;
        let parsed = |bytes: &'a Option<Vec<u8>>| bytes.as_deref().filter(|_| is_siemens).and_then(Csa::parse);
        let own = |bytes: &'a Option<Vec<u8>>| bytes.as_deref().filter(|_| is_siemens);
        Self {
            series,
            maker,
            header: Header::of(ds, frame),
            image: parsed(&texts.image),
            protocol: Protocol::of(own(&texts.series), own(&texts.modern)),
        }
    }

    /// Columns, rows and slices of the volume.
    pub(super) fn shape(&self) -> [usize; 3] {
        self.series.head.shape()
    }

    /// Repetitions of the volume.
    pub(super) fn steps(&self) -> usize {
        self.series.frames.len() / self.shape()[2].max(1)
    }

    /// Whether all slices were excited at once.
    pub(super) fn is_3d(&self) -> bool {
        match self.text(tags::MR_ACQUISITION_TYPE) {
            Some(kind) => kind.eq_ignore_ascii_case("3D"),
            None => self.protocol_number("sKSpace.ucDimension") == Some(4.0),
        }
    }

    /// Whether each slice was read out at once, after one excitation: echo planar, by Scanning Sequence, Echo Planar Pulse Sequence, or the
    /// sequence's name.
    pub(super) fn is_echo_planar(&self) -> bool {
        let holds = |tag, word: &str| self.text(tag).is_some_and(|text| text.split('\\').any(|part| part == word));
        let name = self.text(tags::SEQUENCE_NAME).unwrap_or_default().to_ascii_lowercase();
        let pulse = self.text(tags::PULSE_SEQUENCE_NAME).unwrap_or_default().to_ascii_lowercase();
        holds(tags::SCANNING_SEQUENCE, "EP")
            || holds(tags::ECHO_PLANAR_PULSE_SEQUENCE, "YES")
            || [name, pulse].iter().any(|name| name.trim_start_matches('*').starts_with("ep"))
    }

    /// Repetition time, ms.
    pub(super) fn tr_ms(&self) -> Option<f64> {
        self.number(tags::REPETITION_TIME).filter(|tr| *tr > 0.0 && *tr < MOST_MS)
    }

    /// A number of the protocol of Siemens.
    pub(super) fn protocol_number(&self, key: &str) -> Option<f64> {
        self.protocol.as_ref()?.number(key)
    }

    /// A number of the CSA image header of Siemens.
    pub(super) fn image_number(&self, name: &str) -> Option<f64> {
        self.image.as_ref()?.number(name)
    }

    /// Echoes of a train, where there are several.
    pub(super) fn echo_train(&self) -> Option<f64> {
        self.echoes().filter(|n| *n > 1.0)
    }

    /// Echoes of a train: the Gradient Echo Train Length (0018,9241) of an enhanced image where that has several, else Echo Train Length
    /// (0018,0091), or the EPI factor (2001,xx13) of Philips.
    pub(super) fn echoes(&self) -> Option<f64> {
        let gradient = self.number(tags::GRADIENT_ECHO_TRAIN_LENGTH).filter(|n| *n > 1.0);
        let stated = gradient.or_else(|| self.number(tags::ECHO_TRAIN_LENGTH).filter(|n| *n > 0.0));
        stated.or_else(|| {
            let factor = Own { group: 0x2001, creators: &["Philips Imaging DD 001"], element: 0x13, block: 0x10 };
            (self.maker == Maker::Philips).then(|| self.own_number(factor)).flatten().filter(|n| *n > 0.0)
        })
    }

    /// Lines that were acquired: those of Acquisition Matrix (0018,1310), of Siemens' protocol, or of an enhanced image (0018,9231).
    pub(super) fn acquired_lines(&self) -> Option<f64> {
        let matrix = self.numbers(tags::ACQUISITION_MATRIX);
        let stated = matrix.get(2..4).and_then(|lines| lines.iter().copied().find(|n| *n > 0.0));
        let positive = |n: &f64| *n > 0.0;
        let planned = || self.protocol_number("sKSpace.lPhaseEncodingLines").filter(positive);
        stated
            .or_else(planned)
            .or_else(|| self.number(tags::MR_ACQUISITION_PHASE_ENCODING_STEPS_IN_PLANE).filter(positive))
    }
}

/// No repetition takes as long, ms.
const MOST_MS: f64 = 1e7;
