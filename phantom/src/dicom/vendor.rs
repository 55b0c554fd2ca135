//! How makers differ: names, image types, private groups, scaling of MR, names of files.

use dicom_core::{Tag, VR};

use super::{Header, instance::Syntax, person::Study};
use crate::{Contrast, series::Modality};

/// The flavour of a maker. The private elements are written in its manner, with its creators; the content is invented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vendor {
    /// `SIEMENS`: explicit VR, `.IMA` names, unsigned CT.
    #[default]
    Siemens,
    /// `GE MEDICAL SYSTEMS`: implicit VR, `i000.MRDC.0` names, signed CT with padding.
    Ge,
    /// `Philips`: explicit VR, `IM_0000` names, MR with rescale slope and private scale slope.
    Philips,
    /// `Canon Medical Systems`: explicit VR, `.dcm` names, no private groups.
    Canon,
}

impl Vendor {
    /// Manufacturer, (0008,0070).
    pub const fn manufacturer(self) -> &'static str {
        match self {
            Self::Siemens => "SIEMENS",
            Self::Ge => "GE MEDICAL SYSTEMS",
            Self::Philips => "Philips",
            Self::Canon => "CANON_MEC",
        }
    }

    /// Manufacturer's Model Name, (0008,1090).
    pub const fn model(self, modality: Modality) -> &'static str {
        match (self, modality) {
            (Self::Siemens, Modality::Mr) => "Prisma_fit",
            (Self::Siemens, Modality::Ct) => "SOMATOM Force",
            (Self::Siemens, Modality::Pet) => "Biograph128_mCT",
            (Self::Ge, Modality::Mr) => "SIGNA Premier",
            (Self::Ge, Modality::Ct) => "Revolution CT",
            (Self::Ge, Modality::Pet) => "Discovery MI",
            (Self::Philips, Modality::Mr) => "Ingenia Elition X",
            (Self::Philips, Modality::Ct) => "IQon - Spectral CT",
            (Self::Philips, Modality::Pet) => "Vereos PET/CT",
            (Self::Canon, Modality::Mr) => "Vantage Orian",
            (Self::Canon, Modality::Ct) => "Aquilion ONE",
            (Self::Canon, Modality::Pet) => "Cartesion Prime",
        }
    }

    /// Software Versions, (0018,1020).
    pub const fn software(self, modality: Modality) -> &'static str {
        match (self, modality) {
            (Self::Siemens, Modality::Mr) => "syngo MR E11",
            (Self::Siemens, Modality::Ct) => "syngo CT VA50A",
            (Self::Siemens, Modality::Pet) => "VG60A",
            (Self::Ge, Modality::Mr) => "30\\LX\\MR Software release:RX30.1",
            (Self::Ge, _) => "revo_ct_22bc.50",
            (Self::Philips, Modality::Mr) => "5.7.1\\5.7.1.2",
            (Self::Philips, _) => "4.1.0",
            (Self::Canon, _) => "V10.15",
        }
    }

    /// Image Type, (0008,0008).
    pub(crate) const fn image_type(self, modality: Modality, localizer: bool) -> &'static str {
        match (self, modality, localizer) {
            (_, Modality::Ct, true) => "ORIGINAL\\PRIMARY\\LOCALIZER",
            (Self::Siemens, Modality::Ct, _) => "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI",
            (_, Modality::Ct, _) => "ORIGINAL\\PRIMARY\\AXIAL",
            (_, Modality::Pet, _) => "ORIGINAL\\PRIMARY",
            (Self::Siemens, Modality::Mr, true) => "ORIGINAL\\PRIMARY\\M\\ND\\LOCALIZER",
            (Self::Siemens, Modality::Mr, false) => "ORIGINAL\\PRIMARY\\M\\ND\\NORM",
            (_, Modality::Mr, true) => "ORIGINAL\\PRIMARY\\LOCALIZER",
            (Self::Philips, Modality::Mr, false) => "ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE",
            (_, Modality::Mr, false) => "ORIGINAL\\PRIMARY\\OTHER",
        }
    }

    /// How the maker's files are encoded.
    pub const fn syntax(self) -> Syntax {
        match self {
            Self::Ge => Syntax::Implicit,
            _ => Syntax::Explicit,
        }
    }

    /// Slope from stored to real values of MR images; 1 where the maker stores them as they are.
    pub(crate) const fn mr_slope(self, contrast: Contrast) -> f64 {
        match (self, contrast) {
            (Self::Philips, Contrast::T1) => 0.55,
            (Self::Philips, _) => 0.875,
            _ => 1.0,
        }
    }

    /// The name of a file; `number` is unique in the series.
    pub(crate) fn file_name(self, modality: Modality, series: u32, number: usize, study: &Study) -> String {
        match self {
            Self::Siemens => {
                let d = &study.date;
                let (y, m, d) = (&d[..4], &d[4..6], &d[6..]);
                let place = study.person.family.to_uppercase();
                format!("{place}.{}.{series:04}.{number:04}.{y}.{m}.{d}.IMA", modality.code())
            }
            Self::Ge => format!("i{}.{}DC.{}", series * 4096 + number as u32, modality.code(), number),
            Self::Philips => format!("IM_{:05}", series as usize * 1000 + number),
            Self::Canon => format!("{}{series:03}_{number:05}.dcm", modality.code()),
        }
    }

    /// Private groups: harmless acquisition facts among copies of the patient's name and number.
    pub(crate) fn private(self, header: &mut Header, study: &Study, modality: Modality, slope: f64) {
        let person = &study.person;
        match self {
            Self::Siemens => {
                header
                    .put_as(Tag(0x0029, 0x0011), VR::LO, "SIEMENS MEDCOM HEADER2")
                    .put_as(Tag(0x0029, 0x1160), VR::LO, "com")
                    .put_as(Tag(0x0051, 0x0010), VR::LO, "SIEMENS MR HEADER")
                    .put_as(Tag(0x0051, 0x100f), VR::LO, "HEA;HEP")
                    .secret_as(Tag(0x0051, 0x1012), VR::SH, person.id.clone());
                // a private sequence, and in it a private text
                let mut item = Header::default();
                item.put_as(Tag(0x0029, 0x0011), VR::LO, "SIEMENS MEDCOM HEADER2").secret_as(
                    Tag(0x0029, 0x1144),
                    VR::LO,
                    format!("{} {}", person.given, person.family),
                );
                header.sequence(Tag(0x0029, 0x1140), vec![item]);
            }
            Self::Ge => {
                header
                    .put_as(Tag(0x0009, 0x0010), VR::LO, "GEMS_IDEN_01")
                    .put_as(Tag(0x0009, 0x1001), VR::LO, "GE_GENESIS_FF")
                    .secret_as(Tag(0x0009, 0x1002), VR::SH, person.id.clone())
                    .put_as(Tag(0x0009, 0x0011), VR::LO, "SITE_WORKLIST_01")
                    .secret_as(Tag(0x0009, 0x1101), VR::LO, format!("{}, {}", person.family, person.given))
                    .put_as(Tag(0x0043, 0x0010), VR::LO, "GEMS_PARM_01")
                    .put_as(Tag(0x0043, 0x1062), VR::SH, "48");
            }
            Self::Philips => {
                header.put_as(Tag(0x2001, 0x0010), VR::LO, "Philips Imaging DD 001").secret_as(
                    Tag(0x2001, 0x10c8),
                    VR::LO,
                    format!("exam card of {}", person.family),
                );
                if modality == Modality::Mr {
                    header
                        .put_as(Tag(0x2005, 0x0010), VR::LO, "Philips MR Imaging DD 001")
                        .singles_private(Tag(0x2005, 0x100d), 0.0)
                        .singles_private(Tag(0x2005, 0x100e), (0.0125 / slope) as f32);
                }
            }
            Self::Canon => {}
        }
    }
}

impl Header {
    fn singles_private(&mut self, tag: Tag, value: f32) -> &mut Self {
        self.singles(tag, &[value])
    }
}
