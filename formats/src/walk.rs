//! Where the samples of a file go, or come from, whose axes lie in another order than a volume's.

/// Walks over the samples in the order of the file and tells the place of each in the volume.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    /// Lengths of the file's axes, fastest first.
    shape: Vec<usize>,
    /// How far apart neighbours along them lie in the volume.
    strides: Vec<usize>,
    index: Vec<usize>,
    place: usize,
}

impl Walk {
    /// `shape` are the lengths of the file's axes, fastest first; axis `a` of the volume is axis `order[a]` of the file. `None`
    /// where the order of the samples is the same in both.
    pub(crate) fn new(shape: &[usize], order: &[usize]) -> Option<Self> {
        let moves = order.iter().filter(|a| shape[**a] > 1);
        if moves.clone().zip(moves.skip(1)).all(|(a, b)| a < b) {
            return None; // axes of length 1 may go anywhere
        }
        let mut strides = vec![0; shape.len()];
        let mut stride = 1;
        for axis in order {
            strides[*axis] = stride;
            stride *= shape[*axis];
        }
        Some(Self { index: vec![0; shape.len()], place: 0, shape: shape.to_vec(), strides })
    }

    /// Puts samples that come in the order of the file to their places.
    pub(crate) fn scatter<T: Copy>(&mut self, from: &[T], volume: &mut [T]) {
        for sample in from {
            if let Some(place) = volume.get_mut(self.place) {
                *place = *sample;
            }
            self.turn();
        }
    }

    /// Takes samples from their places in the order of the file.
    pub(crate) fn gather<T: Copy>(&mut self, volume: &[T], to: &mut [T]) {
        for sample in to {
            if let Some(place) = volume.get(self.place) {
                *sample = *place;
            }
            self.turn();
        }
    }

    /// The next sample, like an odometer.
    fn turn(&mut self) {
        for (axis, index) in self.index.iter_mut().enumerate() {
            *index += 1;
            self.place += self.strides[axis];
            if *index < self.shape[axis] {
                return;
            }
            self.place -= self.strides[axis] * self.shape[axis];
            *index = 0;
        }
    }
}

/// The walk over a file whose channels lie fastest; `shape` are the lengths of its other axes, three of the grid and more.
pub(crate) fn channels_first(channels: usize, shape: &[usize]) -> Option<Walk> {
    let lengths: Vec<usize> = std::iter::once(channels).chain(shape.iter().copied()).collect();
    let order: Vec<usize> = [1, 2, 3, 0].into_iter().chain(4..lengths.len()).collect();
    Walk::new(&lengths, &order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_the_fastest_axis_last_and_back() {
        let samples: Vec<u16> = (0..24).collect();
        let mut moved = vec![0; 24];
        let walk = Walk::new(&[2, 3, 4], &[1, 2, 0]).unwrap();
        let mut writing = walk.clone();
        // in two parts, as blocks of a stream come
        writing.scatter(&samples[..7], &mut moved);
        writing.scatter(&samples[7..], &mut moved);
        assert_eq!(moved[..4], [0, 2, 4, 6]);
        assert_eq!(moved[12..14], [1, 3]);
        let mut back = vec![0; 24];
        walk.clone().gather(&moved, &mut back);
        assert_eq!(back, samples);
    }

    #[test]
    fn single_axes_do_not_move_samples() {
        assert!(Walk::new(&[1, 3, 1], &[1, 2, 0]).is_none());
        assert!(Walk::new(&[4, 3, 2], &[0, 1, 2]).is_none());
    }
}
