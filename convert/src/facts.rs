//! What the headers say, gathered once: what groups frames, where they lie, what orders them, what they mean.

pub(crate) mod clock;
pub(crate) mod csa;
pub(crate) mod diffusion;
mod file;
pub(crate) mod frame;
pub(crate) mod image;
pub(crate) mod key;
pub(crate) mod maker;
pub(crate) mod meta;
pub(crate) mod mosaic;
pub(crate) mod pet;
pub(crate) mod protocol;
pub(crate) mod single;
pub(crate) mod triage;
pub(crate) mod vendor;
mod wanted;

pub use file::Facts;
pub(crate) use frame::FrameFacts;
pub(crate) use image::ImageFacts;
pub(crate) use key::{Aspect, Key, SeriesId};
pub use meta::is_body_part;
pub use pet::pet_facts;
