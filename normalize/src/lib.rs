//! Intensity normalization: z-score, CT windows, percentiles, SUV
