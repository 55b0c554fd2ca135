//! Rigid co-registration of medical volumes, and the files that hold a transform
