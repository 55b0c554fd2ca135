#![no_main]
//! A VTK file of structured points, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::vtk(data));
