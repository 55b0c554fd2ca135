#![no_main]
//! A DICOM file, planned and read as a volume with its sidecar.
libfuzzer_sys::fuzz_target!(
    init: isocenter_fuzz::allow_caught_panics(),
    |data: &[u8]| isocenter_fuzz::convert(data)
);
