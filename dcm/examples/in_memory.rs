//! From memory to memory: bytes in, told apart, coded anew in JPEG-LS, bytes out; in the caller's pool, to be stopped from outside.
#![allow(clippy::print_stdout)]
#[path = "support/sample.rs"]
mod sample;

use std::sync::{Arc, atomic::AtomicBool};

use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{Kind, NamedSource, ScanOptions, scan_sources};
use isocenter_dcm::{Bytes, OpenOptions, pixel};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (stop, pool) = (AtomicBool::new(false), rayon::ThreadPoolBuilder::new().num_threads(2).build()?);
    // another thread may raise the flag: what runs then ends with `Error::Cancelled`
    let ctx = Ctx::default().with_observer(&stop).with_pool(&pool);
    let request = NamedSource::new("request-1", Arc::new(Bytes(sample::sample().to_bytes()?)));
    for found in scan_sources(&[request], &ScanOptions::default(), &ctx)? {
        let Kind::Dicom(_) = found.kind else { continue };
        let mut instance = found.open(&OpenOptions::new())?;
        pixel::transcode(&mut instance, "1.2.840.10008.1.2.4.80", &ctx)?;
        println!("{} bytes in, {} out", found.bytes, instance.to_bytes()?.len());
    }
    Ok(())
}
