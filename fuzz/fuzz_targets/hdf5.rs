#![no_main]
//! HDF5 and MINC 2, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::hdf5(data));
