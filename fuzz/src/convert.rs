//! One DICOM file from bytes to volumes and their sidecars: what the makers keep in private texts is read on the way.

use std::sync::Arc;

use isocenter_convert::{Facts, Options, Sidecar, plan::plan, read::read, sidecar::SidecarOptions};
use isocenter_dcm::{
    Bytes,
    scan::{NamedSource, ScanOptions, scan_sources},
};
use isocenter_volume::{Ctx, Limits};

/// Scans, plans, reads: every file is accounted for, and a sidecar is valid JSON.
pub fn convert(data: &[u8]) {
    let ctx = Ctx::default().with_limits(Limits::default().with_bytes(64 << 20));
    let source = NamedSource::new("a.dcm", Arc::new(Bytes(data.to_vec())));
    let Ok(found) = scan_sources(&[source], &ScanOptions::default(), &ctx) else { return };
    let files = Facts::of_all(&found);
    let options = Options::default().ctx(ctx);
    let Ok(plan) = plan(&files, &options) else { return };
    assert!(plan.funnel(&files).adds_up());
    for series in &plan.series {
        let _ = read(series, &files, &options);
        if let Ok(sidecar) = Sidecar::of(series, &files, &SidecarOptions::default(), &options) {
            assert!(serde_json::from_str::<serde_json::Value>(&sidecar.to_string()).is_ok());
        }
    }
}
