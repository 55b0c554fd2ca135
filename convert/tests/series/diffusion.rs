//! Diffusion weightings of generated series whose gradients in the patient are known.

mod ge;
mod made;
mod makers;
mod multi_frame;
mod steps;
mod table;
