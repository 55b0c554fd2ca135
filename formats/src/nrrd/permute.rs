//! Moves samples so that axes come in another order.

/// Samples of an array of `shape` (fastest axis first) with its axes in `order`: output axis `a` is input axis `order[a]`.
pub(super) fn permute<T: Copy>(samples: Vec<T>, shape: &[usize], order: &[usize]) -> Vec<T> {
    let moves = order.iter().filter(|a| shape[**a] > 1);
    if moves.clone().zip(moves.skip(1)).all(|(a, b)| a < b) {
        return samples; // axes of length 1 may go anywhere
    }
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let (inner, outer) = (order[0], &order[1..]);
    let mut out = Vec::with_capacity(samples.len());
    let mut index = vec![0; outer.len()];
    loop {
        let start: usize = index.iter().zip(outer).map(|(i, a)| i * strides[*a]).sum();
        out.extend((0..shape[inner]).map(|i| samples[start + i * strides[inner]]));
        // the next row, like an odometer
        let Some(turned) = index.iter().zip(outer).position(|(i, a)| i + 1 < shape[*a]) else { return out };
        index[..turned].fill(0);
        index[turned] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_the_fastest_axis_last_and_back() {
        let samples: Vec<u16> = (0..24).collect();
        let moved = permute(samples.clone(), &[2, 3, 4], &[1, 2, 0]);
        assert_eq!(moved[..4], [0, 2, 4, 6]);
        assert_eq!(moved[12..14], [1, 3]);
        assert_eq!(permute(moved, &[3, 4, 2], &[2, 0, 1]), samples);
    }

    #[test]
    fn single_axes_cost_nothing() {
        let samples = vec![1u8, 2, 3];
        let address = samples.as_ptr();
        let moved = permute(samples, &[1, 3, 1], &[1, 2, 0]);
        assert_eq!(moved.as_ptr(), address);
    }
}
