//! A shared, immutable run of samples that is cheap to clone.

use std::{fmt, ops::Deref, sync::Arc};

/// Samples behind a reference count: a vector, or any shared owner of a `[T]` such as a memory map.
#[derive(Clone)]
pub struct Buffer<T: 'static> {
    inner: Inner<T>,
}

#[derive(Clone)]
enum Inner<T: 'static> {
    Vec(Arc<Vec<T>>),
    Shared(Arc<dyn AsRef<[T]> + Send + Sync>),
}

impl<T: 'static> Buffer<T> {
    /// Wraps any shared owner of samples without copying them.
    pub fn from_shared(owner: Arc<dyn AsRef<[T]> + Send + Sync>) -> Self {
        Self { inner: Inner::Shared(owner) }
    }

    /// The samples, `i` fastest.
    pub fn as_slice(&self) -> &[T] {
        match &self.inner {
            Inner::Vec(v) => v,
            Inner::Shared(owner) => (**owner).as_ref(),
        }
    }
}

impl<T: Clone + 'static> Buffer<T> {
    /// The samples as a vector; copies them only where somebody else holds them too.
    pub fn into_vec(self) -> Vec<T> {
        match self.inner {
            Inner::Vec(v) => Arc::try_unwrap(v).unwrap_or_else(|shared| shared.as_ref().clone()),
            Inner::Shared(owner) => (*owner).as_ref().to_vec(),
        }
    }
}

impl<T: 'static> From<Vec<T>> for Buffer<T> {
    fn from(samples: Vec<T>) -> Self {
        Self { inner: Inner::Vec(Arc::new(samples)) }
    }
}

impl<T: 'static> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: 'static> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({} samples)", self.as_slice().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sole_owner_gets_its_vector_back() {
        let samples = vec![1u8, 2, 3];
        let address = samples.as_ptr();
        let back = Buffer::from(samples).into_vec();
        assert_eq!(back.as_ptr(), address);
    }

    #[test]
    fn a_foreign_owner_is_not_copied() {
        let owner: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new([7u8; 4]);
        let address = (*owner).as_ref().as_ptr();
        let buffer = Buffer::from_shared(owner);
        assert_eq!(buffer.clone().as_slice().as_ptr(), address);
        assert_eq!(&*buffer, &[7; 4]);
    }
}
