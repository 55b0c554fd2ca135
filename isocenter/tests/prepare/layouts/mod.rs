//! Whose a volume file is: twelve people in each layout, and what is asked where two readings are possible.

mod asked;
mod cohort;
mod known;
