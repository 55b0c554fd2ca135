//! What two frames must share to lie in one volume.
//!
//! Whose a file is stands apart: that is told by all files together. Numbers are compared as whole thousandths, so that `81.7` and
//! `81.70` are one echo time. Identifiers stay in memory: neither type prints them.
//!
//! Part of it is weak: an [`Aspect`] is a value that a scanner may let vary within one volume, or that a file may have lost.
//! [`Key::without`] leaves it out.

use isocenter_dcm::{Dataset, FunctionalGroups, Instance, Tag, pixel::PixelInfo, tags, value};

use super::{mosaic::Grid, vendor};

/// Which series: the same for all frames of a file.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesKey {
    pub(crate) study_uid: Option<String>,
    pub(crate) id: SeriesId,
    pub(crate) sop_class_uid: Option<String>,
    pub(crate) modality: Option<String>,
}

/// What the files of a series share.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SeriesId {
    /// Nothing: not even a SOP Instance UID.
    #[default]
    Unknown,
    /// Series Instance UID.
    Uid(String),
    /// SOP Instance UID of a file without a Series Instance UID, which stands alone.
    Lone(String),
    /// One of the repetitions that Siemens' XA software makes a series of, each with a UID of its own.
    Repetition(vendor::SplitSeries),
}

impl SeriesKey {
    pub(crate) fn of(instance: &Instance) -> Self {
        let lone = || instance.sop_instance_uid().map_or(SeriesId::Unknown, SeriesId::Lone);
        let id = match instance.series_instance_uid() {
            Some(uid) => vendor::split_series(&instance.dataset).map_or(SeriesId::Uid(uid), SeriesId::Repetition),
            None => lone(),
        };
        Self {
            study_uid: instance.study_instance_uid(),
            id,
            sop_class_uid: instance.sop_class_uid(),
            modality: instance.modality(),
        }
    }
}

/// What keeps frames of one series apart: size, sample type, and facts of the acquisition that make images unlike.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) series: std::sync::Arc<SeriesKey>,
    pub(crate) frame_of_reference_uid: Option<String>,
    pub(crate) image_type: Vec<String>,
    pub(crate) component: Option<String>,
    pub(crate) echo_number: Option<i64>,
    echo_time: Option<i64>,
    repetition_time: Option<i64>,
    flip_angle: Option<i64>,
    tube_voltage: Option<i64>,
    kernel: Vec<String>,
    stack: Option<String>,
    unit: String,
    shape: [u16; 3],
    photometric: u8,
    /// Bits Allocated, and whether there are negative values.
    sample: (u16, bool),
    /// Slices that are tiles of one picture; 0 where a frame is a slice.
    tiles: usize,
}

/// A part of the key that may vary within one volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    RepetitionTime,
    FlipAngle,
    FrameOfReference,
    Unit,
    ImageType,
    TubeVoltage,
    Kernel,
    Sample,
    Echo,
}

impl Aspect {
    /// The weak ones, those first that scanners let vary most.
    pub(crate) const ALL: [Self; 9] = [
        Self::RepetitionTime,
        Self::FlipAngle,
        Self::FrameOfReference,
        Self::Unit,
        Self::ImageType,
        Self::TubeVoltage,
        Self::Kernel,
        Self::Sample,
        Self::Echo,
    ];

    /// The code of the warning that it keeps frames apart.
    pub(crate) const fn apart_code(self) -> &'static str {
        match self {
            Self::RepetitionTime => "set-apart-by-repetition-time",
            Self::FlipAngle => "set-apart-by-flip-angle",
            Self::FrameOfReference => "set-apart-by-frame-of-reference",
            Self::Unit => "set-apart-by-unit",
            Self::ImageType => "set-apart-by-image-type",
            Self::TubeVoltage => "set-apart-by-tube-voltage",
            Self::Kernel => "set-apart-by-kernel",
            Self::Sample => "set-apart-by-sample-type",
            Self::Echo => "set-apart-by-echo",
        }
    }

    /// The code of the warning that frames were joined over it.
    pub(crate) const fn joined_code(self) -> &'static str {
        match self {
            Self::RepetitionTime => "joined-over-repetition-time",
            Self::FlipAngle => "joined-over-flip-angle",
            Self::FrameOfReference => "joined-over-frame-of-reference",
            Self::Unit => "joined-over-unit",
            Self::ImageType => "joined-over-image-type",
            Self::TubeVoltage => "joined-over-tube-voltage",
            Self::Kernel => "joined-over-kernel",
            Self::Sample => "joined-over-sample-type",
            Self::Echo => "joined-over-echo",
        }
    }
}

impl Key {
    pub(crate) fn of(
        instance: &Instance,
        groups: &FunctionalGroups<'_>,
        series: &std::sync::Arc<SeriesKey>,
        info: &PixelInfo,
        unit: &str,
        frame: usize,
    ) -> Self {
        let ds = &instance.dataset;
        let item = |sequence| groups.item(frame, sequence);
        let milli = |holder: Option<&Dataset>, tag: Tag| holder.and_then(|h| value::f64(h, tag)).map(thousandths);
        let frame_type = FRAME_TYPES.iter().find_map(|&tag| groups.grouped(frame, tag));
        let echo = item(tags::MR_ECHO_SEQUENCE);
        let timing = item(tags::MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE);
        let top = (!groups.is_enhanced()).then_some(ds);
        let component = frame_type
            .and_then(|h| value::string(h, tags::COMPLEX_IMAGE_COMPONENT))
            .or_else(|| value::string(ds, tags::COMPLEX_IMAGE_COMPONENT))
            .or_else(|| vendor::ge_component(ds));
        let image_type = frame_type.map(|h| value::strings(h, tags::FRAME_TYPE)).filter(|v| !v.is_empty());
        Self {
            series: series.clone(),
            frame_of_reference_uid: value::string(ds, tags::FRAME_OF_REFERENCE_UID),
            image_type: image_type.unwrap_or_else(|| value::strings(ds, tags::IMAGE_TYPE)),
            component,
            echo_number: top.and_then(|h| value::i64(h, tags::ECHO_NUMBERS)),
            echo_time: milli(echo, tags::EFFECTIVE_ECHO_TIME).or_else(|| milli(top, tags::ECHO_TIME)),
            repetition_time: milli(timing, tags::REPETITION_TIME).or_else(|| milli(top, tags::REPETITION_TIME)),
            flip_angle: milli(timing, tags::FLIP_ANGLE).or_else(|| milli(top, tags::FLIP_ANGLE)),
            tube_voltage: milli(item(tags::CTX_RAY_DETAILS_SEQUENCE), tags::KVP),
            kernel: item(tags::CT_RECONSTRUCTION_SEQUENCE)
                .map(|h| value::strings(h, tags::CONVOLUTION_KERNEL))
                .unwrap_or_default(),
            stack: groups.grouped(frame, tags::FRAME_CONTENT_SEQUENCE).and_then(|h| value::string(h, tags::STACK_ID)),
            unit: unit.to_owned(),
            shape: [info.columns, info.rows, info.samples_per_pixel],
            photometric: info.photometric as u8,
            sample: (info.bits_allocated, info.signed),
            tiles: 0,
        }
    }

    /// Makes it the key of the tiles of a picture.
    pub(crate) fn cut(&mut self, grid: Grid) {
        let [columns, rows] = grid.tile();
        (self.shape, self.tiles) = ([columns, rows, self.shape[2]], grid.count());
    }

    /// Whether its frames are tiles of a picture.
    pub(crate) const fn is_tile(&self) -> bool {
        self.tiles > 0
    }

    /// The key with some of its weak parts left out, so that it is equal for frames that differ in nothing else.
    ///
    /// Of the Image Type the third value stays, and every word that says what is shown.
    pub(crate) fn without(&self, aspects: &[Aspect]) -> Self {
        let mut key = self.clone();
        for aspect in aspects {
            match aspect {
                Aspect::RepetitionTime => key.repetition_time = None,
                Aspect::FlipAngle => key.flip_angle = None,
                Aspect::FrameOfReference => key.frame_of_reference_uid = None,
                Aspect::Unit => key.unit.clear(),
                Aspect::TubeVoltage => key.tube_voltage = None,
                Aspect::Kernel => key.kernel.clear(),
                Aspect::Sample => key.sample = (0, false),
                Aspect::Echo => (key.echo_time, key.echo_number) = (None, None),
                Aspect::ImageType => {
                    let third = key.image_type.get(2).cloned().unwrap_or_default();
                    let words = key.image_type.drain(..).skip(3).filter(|w| CONTENT.contains(&w.as_str()));
                    key.image_type = std::iter::once(third).chain(words.collect::<Vec<_>>()).collect();
                }
            }
        }
        key
    }

    /// The first weak part in which two keys differ.
    pub(crate) fn differs_in(&self, other: &Self) -> Option<Aspect> {
        Aspect::ALL.into_iter().find(|aspect| self.differs(other, *aspect))
    }

    /// Whether two keys differ in a weak part.
    pub(crate) fn differs(&self, other: &Self, aspect: Aspect) -> bool {
        match aspect {
            Aspect::RepetitionTime => self.repetition_time != other.repetition_time,
            Aspect::FlipAngle => self.flip_angle != other.flip_angle,
            Aspect::FrameOfReference => self.frame_of_reference_uid != other.frame_of_reference_uid,
            Aspect::Unit => self.unit != other.unit,
            Aspect::ImageType => self.image_type != other.image_type,
            Aspect::TubeVoltage => self.tube_voltage != other.tube_voltage,
            Aspect::Kernel => self.kernel != other.kernel,
            Aspect::Sample => self.sample != other.sample,
            Aspect::Echo => (self.echo_time, self.echo_number) != (other.echo_time, other.echo_number),
        }
    }

    /// What keeps frames of one series apart, as a warning's code: a weak part, a strong one, or else the planes they lie in.
    pub(crate) fn apart_from(&self, other: &Self) -> &'static str {
        if let Some(aspect) = self.differs_in(other) {
            return aspect.apart_code();
        }
        if (self.shape, self.tiles) != (other.shape, other.tiles) {
            "set-apart-by-size"
        } else if self.component != other.component {
            "set-apart-by-component"
        } else if self.photometric != other.photometric {
            "set-apart-by-photometric-interpretation"
        } else if self.stack != other.stack {
            "set-apart-by-stack"
        } else if self.series != other.series {
            "set-apart-by-class"
        } else {
            "set-apart-by-plane"
        }
    }

    /// The parts that are stated, by name.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let milli = |number: Option<i64>, unit: &str| number.map(|n| format!("{}{unit}", n as f64 / 1000.0));
        let words = |words: &[String]| Some(words.join("\\")).filter(|text| !text.is_empty());
        let [columns, rows, samples] = self.shape;
        let (bits, signed) = self.sample;
        let sample = format!("{samples} x {bits} bits, {}", if signed { "signed" } else { "unsigned" });
        let stated = [
            words(&self.image_type),
            self.component.clone(),
            self.echo_number.map(|number| number.to_string()),
            milli(self.echo_time, " ms"),
            milli(self.repetition_time, " ms"),
            milli(self.flip_angle, " degrees"),
            milli(self.tube_voltage, " kV"),
            words(&self.kernel),
            self.stack.clone(),
            Some(self.unit.clone()),
            Some(format!("{columns} x {rows}")),
            Some(sample),
            (self.tiles > 0).then(|| self.tiles.to_string()),
        ];
        FACTS.into_iter().zip(stated).filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// A number of the acquisition, in thousandths of its unit, where the aspect is one.
    pub(crate) const fn number(&self, aspect: Aspect) -> Option<i64> {
        match aspect {
            Aspect::RepetitionTime => self.repetition_time,
            Aspect::FlipAngle => self.flip_angle,
            Aspect::TubeVoltage => self.tube_voltage,
            Aspect::Echo => self.echo_time,
            _ => None,
        }
    }

    /// Columns - 1 and rows - 1: the index of the last pixel.
    pub(crate) fn size(&self) -> [f64; 2] {
        [f64::from(self.shape[0]) - 1.0, f64::from(self.shape[1]) - 1.0]
    }

    /// Columns and rows.
    pub(crate) fn columns_rows(&self) -> [usize; 2] {
        [usize::from(self.shape[0]), usize::from(self.shape[1])]
    }
}

/// What the parts of a key are called, in the order of [`Key::facts`].
pub(crate) const FACTS: [&str; 13] = [
    "image type",
    "part",
    "echo number",
    "echo time",
    "repetition time",
    "flip angle",
    "tube voltage",
    "kernel",
    "stack",
    "unit",
    "columns x rows",
    "samples",
    "slices a picture",
];

/// The codes of what keeps frames apart beside the weak parts of a key.
#[cfg(feature = "serde")]
pub(crate) const APART: [&str; 7] = [
    "set-apart-by-size",
    "set-apart-by-component",
    "set-apart-by-photometric-interpretation",
    "set-apart-by-stack",
    "set-apart-by-class",
    "set-apart-by-plane",
    "set-apart-by-weighting",
];

fn thousandths(number: f64) -> i64 {
    (number * 1000.0).round() as i64
}

/// Words of Image Type, beyond its third value, that say what is shown: frames of different ones never lie in one volume.
/// PS3.3 C.8.3.1.1.1, C.8.13.3.1.1, C.8.15.3.3.1 and the words of makers.
const CONTENT: [&str; 40] = [
    "M",
    "P",
    "R",
    "I",
    "MAGNITUDE",
    "PHASE",
    "REAL",
    "IMAGINARY",
    "PHASE MAP",
    "PHASE_MAP",
    "B0 MAP",
    "FIELD_MAP",
    "W",
    "F",
    "WATER",
    "FAT",
    "IP",
    "OP",
    "IN_PHASE",
    "OUT_PHASE",
    "IN_IP",
    "OP_PHASE",
    "ADC",
    "FA",
    "TRACEW",
    "TRACE",
    "DIFFUSION",
    "MIP",
    "MINIP",
    "MPR",
    "PROJECTION IMAGE",
    "LOCALIZER",
    "SUBTRACTION",
    "MOSAIC",
    "T1 MAP",
    "T2 MAP",
    "T2_STAR MAP",
    "R2 MAP",
    "TTEST",
    "MEAN",
];

const FRAME_TYPES: [Tag; 3] =
    [tags::MR_IMAGE_FRAME_TYPE_SEQUENCE, tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, tags::PET_FRAME_TYPE_SEQUENCE];
