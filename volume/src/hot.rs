//! Inner loops compiled for the machine at hand.
//!
//! A loop runs once as it is and once compiled with AVX2, whichever the machine has. Rust never contracts a product and a sum into
//! one rounding, and vectors add in the order that the loop states, so both give the same bits.
//!
//! `ISOCENTER_PORTABLE=1` in the environment makes every loop run as it is, whatever the machine has: a way to see on one machine what
//! an older one computes. It is read once.

use std::sync::OnceLock;

/// An inner loop; everything it calls is to be `#[inline(always)]`, or it is compiled for the oldest machine.
pub trait Hot {
    /// Runs the loop.
    fn run(self);
}

/// Runs a loop with the widest vectors that this machine has.
pub fn dispatch(hot: impl Hot) {
    arch().dispatch(Task(hot));
}

fn arch() -> pulp::Arch {
    static ARCH: OnceLock<pulp::Arch> = OnceLock::new();
    *ARCH.get_or_init(|| {
        let portable = std::env::var_os("ISOCENTER_PORTABLE").is_some_and(|value| value == "1");
        if portable { pulp::Arch::Scalar } else { pulp::Arch::new() }
    })
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
    fn the_environment_can_ask_for_the_portable_loop() {
        const NAME: &str = "hot::tests::the_environment_can_ask_for_the_portable_loop";
        if std::env::var_os("ISOCENTER_PORTABLE").is_some() {
            return assert!(matches!(arch(), pulp::Arch::Scalar));
        }
        let again = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .env("ISOCENTER_PORTABLE", "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&again.stdout);
        assert!(again.status.success() && text.contains("1 passed"), "{text}");
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
