#![no_main]
//! A document of JNIfTI, text or binary, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::jnifti(data));
