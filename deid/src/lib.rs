//! De-identification of DICOM by PS3.15 Annex E, with keyed pseudonyms and a verdict per element
