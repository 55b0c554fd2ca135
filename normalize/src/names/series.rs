//! The kind of an MR series, from the facts of its acquisition and the words of its names.
//!
//! Physics first: inversion, echo and repetition time, flip angle, and the names that makers give their sequences (`*tfl3d1`,
//! `ep_b0`, `epfid2d1`) say what an image is weighted by whatever it is called. Words decide where facts are silent or leave a choice
//! (a spin-echo EPI is diffusion or a field map), and lower the confidence where they contradict. Kinds are named as BIDS names them.
//!
//! A series is judged alone. What takes a second series to know is decided by what is usual, and said in the evidence: which
//! of two echoes of a field map this is, or whether an unprepared short-TR gradient echo is one part of a magnetization-transfer set.
//!
//! Sources: DICOM PS3.3 C.8.3 (MR Image) and C.8.13 (Enhanced MR); BIDS 1.10, appendix on suffixes; general MR physics
//! (Bernstein, King, Zhou: Handbook of MRI Pulse Sequences, 2004).
//!
//! # Examples
//! ```
//! use isocenter_normalize::names::series::{self, Facts, Kind};
//! let facts = Facts {
//!     description: "Anatomical 1x1x1",
//!     scanning_sequence: "GR\\IR",
//!     sequence_name: "*tfl3d1_ns",
//!     echo_time_ms: Some(3.0),
//!     repetition_time_ms: Some(2250.0),
//!     inversion_time_ms: Some(900.0),
//!     ..Facts::default()
//! };
//! assert_eq!(series::name(&facts).kind(), Some(Kind::T1w)); // an MPRAGE, whatever it is called
//! ```

mod echo_planar;
mod facts;
mod gradient_echo;
mod kind;
mod reading;
mod spin_echo;
mod view;
mod words;

pub use facts::Facts;
pub use kind::Kind;
pub use reading::Reading;

use self::{reading::Verdict, view::View};

/// The kind of a series, with the evidence; no kind where neither facts nor words decide.
pub fn name(facts: &Facts<'_>) -> Reading {
    let view = View::of(facts);
    let found = words::derived(&view)
        .or_else(|| words::calibration(&view))
        .or_else(|| echo_planar::judge(&view))
        .or_else(|| gradient_echo::judge(&view))
        .or_else(|| spin_echo::judge(&view))
        .or_else(|| words::judge(&view));
    Reading::new(found.map(|verdict: Verdict| verdict.against(words::weighting(&view))))
}
