//! Benchmarks of the isocenter crates, beside named public peers
