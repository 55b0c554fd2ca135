//! Bytes, or bits, of samples that lie apart by their place in a sample.

/// Puts the bytes of samples together: all first bytes come first. What is left over at the end lies as it is.
pub(crate) fn bytes_together(from: &[u8], size: usize) -> Vec<u8> {
    let count = from.len() / size.max(1);
    let mut out = from.to_vec();
    if size > 1 {
        for (byte, row) in from[..count * size].chunks_exact(count.max(1)).enumerate() {
            for (sample, value) in row.iter().enumerate() {
                out[sample * size + byte] = *value;
            }
        }
    }
    out
}

/// Puts the bits of samples together: all lowest bits of first bytes come first, eight samples a byte. Blosc does so where the samples
/// are a multiple of eight.
#[cfg(feature = "zarr")]
pub(crate) fn bits_together(from: &[u8], size: usize) -> Vec<u8> {
    let count = from.len() / size.max(1);
    if size == 0 || count == 0 || !count.is_multiple_of(8) {
        return from.to_vec();
    }
    let mut out = from.to_vec();
    out[..count * size].fill(0);
    for (plane, row) in from[..count * size].chunks_exact(count / 8).enumerate() {
        let (byte, bit) = (plane / 8, plane % 8);
        for sample in 0..count {
            out[sample * size + byte] |= (row[sample / 8] >> (sample % 8) & 1) << bit;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_to_their_samples() {
        assert_eq!(bytes_together(&[1, 2, 3, 11, 12, 13, 99], 2), [1, 11, 2, 12, 3, 13, 99]);
        assert_eq!(bytes_together(&[1, 2, 3], 1), [1, 2, 3]);
        assert_eq!(bytes_together(&[1], 4), [1]);
    }

    #[cfg(feature = "zarr")]
    #[test]
    fn bits_go_to_their_samples() {
        // samples 0 to 7 of one byte: planes of bits 0, 1, 2
        let planes = [0b1010_1010, 0b1100_1100, 0b1111_0000, 0, 0, 0, 0, 0];
        assert_eq!(bits_together(&planes, 1), [0, 1, 2, 3, 4, 5, 6, 7]);
        // seven samples lie as they are
        assert_eq!(bits_together(&[9; 7], 1), [9; 7]);
    }
}
