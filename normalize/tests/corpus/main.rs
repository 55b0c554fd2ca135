//! Against the reference outputs of the field's own tools in the corpus beside the checkout.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests

mod brain;
mod by_op;
mod combat;
mod filters;
mod histogram;
mod intensity;
mod nifti;
mod standardize;
mod suv;

use std::path::PathBuf;

/// The corpus folder of this area, or `None` where it is absent and not required.
fn corpus() -> Option<PathBuf> {
    isocenter_testing::corpus::part("normalize")
}
