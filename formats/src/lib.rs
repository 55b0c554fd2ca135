//! Files that hold a volume: NIfTI and NRRD, read and written without losing a bit
