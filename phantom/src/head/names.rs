//! Label values of a head and what they are called (SNOMED CT).

use crate::scene::Naming;

pub(crate) const WHITE: u32 = 1;
pub(crate) const CORTEX: u32 = 2;
pub(crate) const SUBARACHNOID: u32 = 3;
pub(crate) const VENTRICLE: u32 = 4;
pub(crate) const DEEP_GREY: u32 = 5;
pub(crate) const CEREBELLUM: u32 = 6;
pub(crate) const BRAIN_STEM: u32 = 7;
pub(crate) const LESION: u32 = 8;
pub(crate) const NECROSIS: u32 = 9;
pub(crate) const LEFT_EYE: u32 = 10;
pub(crate) const RIGHT_EYE: u32 = 11;
pub(crate) const SKULL: u32 = 12;
pub(crate) const SCALP: u32 = 13;

pub(super) const NAMES: [Naming; 13] = [
    (WHITE, "cerebral_white_matter", "68523003", "Cerebral white matter", [245, 245, 245]),
    (CORTEX, "cerebral_cortex", "40146001", "Cerebral cortex", [205, 62, 78]),
    (SUBARACHNOID, "subarachnoid_space", "35951006", "Subarachnoid space", [60, 120, 200]),
    (VENTRICLE, "ventricles", "35764002", "Brain ventricle", [120, 18, 134]),
    (DEEP_GREY, "thalamus_and_basal_ganglia", "42695009", "Thalamus", [0, 118, 14]),
    (CEREBELLUM, "cerebellum", "113305005", "Cerebellum", [230, 148, 34]),
    (BRAIN_STEM, "brain_stem", "15926001", "Brain stem", [119, 159, 176]),
    (LESION, "lesion", "52988006", "Lesion", [255, 215, 0]),
    (NECROSIS, "lesion_necrosis", "6574001", "Necrosis", [150, 90, 30]),
    (LEFT_EYE, "left_eye", "8966001", "Left eye", [0, 180, 255]),
    (RIGHT_EYE, "right_eye", "18944008", "Right eye", [0, 90, 160]),
    (SKULL, "skull", "89546000", "Skull", [240, 230, 170]),
    (SCALP, "scalp", "41695006", "Scalp", [200, 150, 120]),
];
