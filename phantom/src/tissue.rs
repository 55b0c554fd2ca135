//! What a shape is filled with, and how bright that is in each contrast.
//!
//! MR values are arbitrary units on one scale (0 is no signal); CT is HU; uptake is SUVbw (g/ml).

/// A material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Tissue {
    Air,
    Skin,
    Fat,
    Muscle,
    Bone,
    Marrow,
    Csf,
    Grey,
    White,
    DeepGrey,
    Vitreous,
    Lens,
    Lesion,
    Necrosis,
    Oil,
    Lung,
    Blood,
    Liver,
    Spleen,
    Kidney,
    Urine,
    Stomach,
    Disc,
    Tumour,
    Couch,
}

/// How the material is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum Contrast {
    /// T1-weighted MR.
    T1,
    /// T2-weighted MR.
    T2,
    /// T2-weighted MR with fluid suppressed.
    Flair,
    /// CT, HU.
    Ct,
    /// Uptake of a tracer, SUVbw (g/ml).
    Suv,
}

impl Contrast {
    /// Whether it is MR: magnitude images with Rician noise and a coil's shading.
    pub const fn is_mr(self) -> bool {
        matches!(self, Self::T1 | Self::T2 | Self::Flair)
    }

    /// `T1`, `T2`, `FLAIR`, `CT` or `SUV`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::T1 => "T1",
            Self::T2 => "T2",
            Self::Flair => "FLAIR",
            Self::Ct => "CT",
            Self::Suv => "SUV",
        }
    }
}

impl Tissue {
    /// Number of materials.
    pub const COUNT: usize = TABLE.len();

    /// How bright the material is.
    pub const fn value(self, contrast: Contrast) -> f64 {
        let row = TABLE[self as usize].1;
        match contrast {
            Contrast::T1 => row[0],
            Contrast::T2 => row[1],
            Contrast::Flair => row[2],
            Contrast::Ct => row[3],
            Contrast::Suv => row[4],
        }
    }

    /// Values of all materials in one contrast, by `tissue as usize`.
    pub(crate) fn table(contrast: Contrast) -> [f64; Self::COUNT] {
        std::array::from_fn(|n| TABLE[n].0.value(contrast))
    }
}

/// T1, T2, FLAIR, HU, SUV; in the order of the enum (a test holds it to that).
const TABLE: [(Tissue, [f64; 5]); 25] = [
    (Tissue::Air, [0.0, 0.0, 0.0, -1000.0, 0.0]),
    (Tissue::Skin, [430.0, 330.0, 380.0, 25.0, 1.0]),
    (Tissue::Fat, [900.0, 640.0, 700.0, -95.0, 0.5]),
    (Tissue::Muscle, [380.0, 210.0, 300.0, 52.0, 1.0]),
    (Tissue::Bone, [70.0, 50.0, 55.0, 950.0, 1.0]),
    (Tissue::Marrow, [640.0, 330.0, 360.0, 320.0, 1.0]),
    (Tissue::Csf, [170.0, 1150.0, 130.0, 8.0, 0.5]),
    (Tissue::Grey, [470.0, 640.0, 640.0, 38.0, 6.0]),
    (Tissue::White, [720.0, 450.0, 470.0, 29.0, 3.0]),
    (Tissue::DeepGrey, [550.0, 520.0, 560.0, 41.0, 6.0]),
    (Tissue::Vitreous, [180.0, 1200.0, 150.0, 9.0, 0.5]),
    (Tissue::Lens, [420.0, 250.0, 350.0, 78.0, 0.5]),
    (Tissue::Lesion, [350.0, 920.0, 1000.0, 64.0, 8.0]),
    (Tissue::Necrosis, [230.0, 1080.0, 420.0, 18.0, 0.5]),
    (Tissue::Oil, [1050.0, 900.0, 900.0, -80.0, 0.0]),
    (Tissue::Lung, [60.0, 60.0, 60.0, -830.0, 0.5]),
    (Tissue::Blood, [300.0, 250.0, 250.0, 46.0, 1.6]),
    (Tissue::Liver, [480.0, 260.0, 330.0, 61.0, 2.0]),
    (Tissue::Spleen, [420.0, 380.0, 420.0, 50.0, 1.8]),
    (Tissue::Kidney, [430.0, 480.0, 470.0, 33.0, 3.0]),
    (Tissue::Urine, [170.0, 1150.0, 130.0, 4.0, 9.0]),
    (Tissue::Stomach, [330.0, 420.0, 400.0, 22.0, 1.2]),
    (Tissue::Disc, [330.0, 420.0, 400.0, 90.0, 1.0]),
    (Tissue::Tumour, [350.0, 700.0, 800.0, 44.0, 4.0]),
    (Tissue::Couch, [0.0, 0.0, 0.0, -620.0, 0.0]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (n, (tissue, _)) in TABLE.iter().enumerate() {
            assert_eq!(*tissue as usize, n);
        }
        assert_eq!(Tissue::Couch as usize + 1, Tissue::COUNT);
    }

    #[test]
    fn grey_and_white_swap_between_t1_and_t2() {
        assert!(Tissue::White.value(Contrast::T1) > Tissue::Grey.value(Contrast::T1));
        assert!(Tissue::White.value(Contrast::T2) < Tissue::Grey.value(Contrast::T2));
    }
}
