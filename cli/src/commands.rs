//! One file a command.

pub(crate) mod apply;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod dcm2niix;
pub(crate) mod deid;
pub(crate) mod demo;
pub(crate) mod fit;
pub(crate) mod harmonize;
pub(crate) mod info;
pub(crate) mod man;
pub(crate) mod normalize;
pub(crate) mod prepare;
pub(crate) mod profile;
pub(crate) mod recipe;
pub(crate) mod register;
pub(crate) mod reidentify;
pub(crate) mod transform;
pub(crate) mod verify;
