//! DICOM read right: tolerant opening, frame decoding, plane geometry, and an index of what a folder holds
