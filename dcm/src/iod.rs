//! Names of SOP classes.
//!
//! Source: DICOM PS3.4 table B.5-1.

/// A short name of a storage SOP class; `None` for one that is not in the table.
///
/// ```
/// assert_eq!(isocenter_dcm::iod::name("1.2.840.10008.5.1.4.1.1.2"), Some("CT Image"));
/// ```
pub fn name(sop_class_uid: &str) -> Option<&'static str> {
    let tail = sop_class_uid.strip_prefix("1.2.840.10008.")?;
    NAMES.binary_search_by_key(&tail, |row| row.0).ok().map(|index| NAMES[index].1)
}

/// UIDs after `1.2.840.10008.`, sorted as text.
const NAMES: &[(&str, &str)] = &[
    ("1.3.10", "Media Storage Directory"),
    ("5.1.4.1.1.1", "Computed Radiography Image"),
    ("5.1.4.1.1.1.1", "Digital X-Ray Image"),
    ("5.1.4.1.1.1.1.1", "Digital X-Ray Image (processing)"),
    ("5.1.4.1.1.1.2", "Digital Mammography Image"),
    ("5.1.4.1.1.1.2.1", "Digital Mammography Image (processing)"),
    ("5.1.4.1.1.1.3", "Intra-Oral X-Ray Image"),
    ("5.1.4.1.1.104.1", "Encapsulated PDF"),
    ("5.1.4.1.1.104.2", "Encapsulated CDA"),
    ("5.1.4.1.1.104.3", "Encapsulated STL"),
    ("5.1.4.1.1.11.1", "Grayscale Presentation State"),
    ("5.1.4.1.1.11.2", "Color Presentation State"),
    ("5.1.4.1.1.11.4", "Blending Presentation State"),
    ("5.1.4.1.1.12.1", "X-Ray Angiographic Image"),
    ("5.1.4.1.1.12.1.1", "Enhanced XA Image"),
    ("5.1.4.1.1.12.2", "X-Ray Radiofluoroscopic Image"),
    ("5.1.4.1.1.128", "PET Image"),
    ("5.1.4.1.1.128.1", "Legacy Converted Enhanced PET Image"),
    ("5.1.4.1.1.13.1.1", "X-Ray 3D Angiographic Image"),
    ("5.1.4.1.1.13.1.3", "Breast Tomosynthesis Image"),
    ("5.1.4.1.1.130", "Enhanced PET Image"),
    ("5.1.4.1.1.2", "CT Image"),
    ("5.1.4.1.1.2.1", "Enhanced CT Image"),
    ("5.1.4.1.1.2.2", "Legacy Converted Enhanced CT Image"),
    ("5.1.4.1.1.20", "Nuclear Medicine Image"),
    ("5.1.4.1.1.3.1", "Ultrasound Multi-frame Image"),
    ("5.1.4.1.1.30", "Parametric Map"),
    ("5.1.4.1.1.4", "MR Image"),
    ("5.1.4.1.1.4.1", "Enhanced MR Image"),
    ("5.1.4.1.1.4.2", "MR Spectroscopy"),
    ("5.1.4.1.1.4.3", "Enhanced MR Color Image"),
    ("5.1.4.1.1.4.4", "Legacy Converted Enhanced MR Image"),
    ("5.1.4.1.1.481.1", "RT Image"),
    ("5.1.4.1.1.481.2", "RT Dose"),
    ("5.1.4.1.1.481.3", "RT Structure Set"),
    ("5.1.4.1.1.481.4", "RT Beams Treatment Record"),
    ("5.1.4.1.1.481.5", "RT Plan"),
    ("5.1.4.1.1.481.8", "RT Ion Plan"),
    ("5.1.4.1.1.6.1", "Ultrasound Image"),
    ("5.1.4.1.1.6.2", "Enhanced US Volume"),
    ("5.1.4.1.1.66", "Raw Data"),
    ("5.1.4.1.1.66.1", "Spatial Registration"),
    ("5.1.4.1.1.66.2", "Spatial Fiducials"),
    ("5.1.4.1.1.66.3", "Deformable Spatial Registration"),
    ("5.1.4.1.1.66.4", "Segmentation"),
    ("5.1.4.1.1.66.5", "Surface Segmentation"),
    ("5.1.4.1.1.66.6", "Tractography Results"),
    ("5.1.4.1.1.67", "Real World Value Mapping"),
    ("5.1.4.1.1.7", "Secondary Capture Image"),
    ("5.1.4.1.1.7.1", "Multi-frame Single Bit Secondary Capture Image"),
    ("5.1.4.1.1.7.2", "Multi-frame Grayscale Byte Secondary Capture Image"),
    ("5.1.4.1.1.7.3", "Multi-frame Grayscale Word Secondary Capture Image"),
    ("5.1.4.1.1.7.4", "Multi-frame True Color Secondary Capture Image"),
    ("5.1.4.1.1.77.1.1", "VL Endoscopic Image"),
    ("5.1.4.1.1.77.1.2", "VL Microscopic Image"),
    ("5.1.4.1.1.77.1.4", "VL Photographic Image"),
    ("5.1.4.1.1.77.1.5.1", "Ophthalmic Photography 8 Bit Image"),
    ("5.1.4.1.1.77.1.5.4", "Ophthalmic Tomography Image"),
    ("5.1.4.1.1.77.1.6", "VL Whole Slide Microscopy Image"),
    ("5.1.4.1.1.88.11", "Basic Text SR"),
    ("5.1.4.1.1.88.22", "Enhanced SR"),
    ("5.1.4.1.1.88.33", "Comprehensive SR"),
    ("5.1.4.1.1.88.34", "Comprehensive 3D SR"),
    ("5.1.4.1.1.88.40", "Procedure Log"),
    ("5.1.4.1.1.88.50", "Mammography CAD SR"),
    ("5.1.4.1.1.88.59", "Key Object Selection"),
    ("5.1.4.1.1.88.67", "X-Ray Radiation Dose SR"),
    ("5.1.4.1.1.9.1.1", "12-lead ECG Waveform"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted() {
        assert!(NAMES.is_sorted_by_key(|row| row.0));
        assert_eq!(name("1.2.840.10008.5.1.4.1.1.88.67"), Some("X-Ray Radiation Dose SR"));
        assert_eq!(name("1.2.3"), None);
    }
}
