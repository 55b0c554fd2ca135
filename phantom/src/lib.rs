//! Synthetic patients with a known truth, written as DICOM the way scanners write it
