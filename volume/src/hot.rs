//! Inner loops compiled for the machine at hand.
//!
//! A loop runs once as it is and once compiled with AVX2, whichever the machine has. Rust never contracts a product and a sum into
//! one rounding, and vectors add in the order that the loop states, so both give the same bits.

/// An inner loop; everything it calls is to be `#[inline(always)]`, or it is compiled for the oldest machine.
pub(crate) trait Hot {
    /// Runs the loop.
    fn run(self);
}

/// Runs a loop with the widest vectors that this machine has.
pub(crate) fn dispatch(hot: impl Hot) {
    pulp::Arch::new().dispatch(Task(hot));
}

// a struct and not a closure: the shim through which a closure is called by value is compiled without the vectors
struct Task<H>(H);

impl<H: Hot> pulp::WithSimd for Task<H> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.run();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Mix<'a> {
        from: &'a [f32],
        out: &'a mut [f32],
    }

    impl Hot for Mix<'_> {
        #[inline(always)]
        fn run(self) {
            for (o, v) in self.out.iter_mut().zip(self.from.windows(2)) {
                *o = v[0] * 0.3 + v[1] * 0.7 + *o * 0.1;
            }
        }
    }

    #[test]
    fn the_widest_vectors_round_as_the_portable_loop() {
        let from: Vec<f32> = (0..1001u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 9) as f32 / 7.0).collect();
        let (mut wide, mut plain) = (vec![1.5f32; 1000], vec![1.5f32; 1000]);
        dispatch(Mix { from: &from, out: &mut wide });
        Mix { from: &from, out: &mut plain }.run();
        assert!(wide.iter().zip(&plain).all(|(a, b)| a.to_bits() == b.to_bits()));
    }
}
