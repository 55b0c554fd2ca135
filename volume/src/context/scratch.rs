//! Large buffers that one call leaves to the next.

use std::any::Any;
use std::sync::Mutex;

/// Keeps vectors between calls, so that a run over many volumes does not ask the system for the same memory again each time.
///
/// A program that works through many volumes makes one and hands it on in its [`Ctx`](super::Ctx); nothing in this workspace needs to.
/// Holds at most a few vectors, the largest that were given; what it hands out is always overwritten with default values.
#[derive(Debug, Default)]
pub struct Scratch {
    kept: Mutex<Vec<Box<dyn Any + Send>>>,
}

/// Vectors kept at most: the coefficients, the copy and the result of one resampling, twice.
const KEPT: usize = 6;

impl Scratch {
    /// An empty scratch.
    pub const fn new() -> Self {
        Self { kept: Mutex::new(Vec::new()) }
    }

    /// A vector of `len` default values, reusing memory of the type that is large enough.
    pub fn take<T: Copy + Default + Send + 'static>(&self, len: usize) -> Vec<T> {
        let found = self.kept.lock().ok().and_then(|mut kept| {
            let fits = |b: &Box<dyn Any + Send>| b.downcast_ref::<Vec<T>>().is_some_and(|v| v.capacity() >= len);
            kept.iter().position(fits).map(|n| kept.swap_remove(n))
        });
        match found.and_then(|b| b.downcast::<Vec<T>>().ok()) {
            Some(mut samples) => {
                samples.clear();
                samples.resize(len, T::default());
                *samples
            }
            None => vec![T::default(); len],
        }
    }

    /// Keeps a vector for the next [`Scratch::take`] of its type; the oldest goes where there are too many.
    pub fn give<T: Copy + Default + Send + 'static>(&self, samples: Vec<T>) {
        if let Ok(mut kept) = self.kept.lock() {
            if kept.len() >= KEPT {
                kept.remove(0);
            }
            kept.push(Box::new(samples));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_clean() {
        let scratch = Scratch::new();
        let first = vec![7f32; 100];
        let address = first.as_ptr();
        scratch.give(first);
        let again: Vec<f32> = scratch.take(80);
        assert_eq!((again.as_ptr(), again.len()), (address, 80));
        assert!(again.iter().all(|&v| v == 0.0));
        assert!(scratch.take::<f32>(4).iter().all(|&v| v == 0.0), "an empty scratch makes a new one");
    }
}
