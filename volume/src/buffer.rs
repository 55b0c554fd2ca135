//! A shared, immutable run of samples that is cheap to clone and to cut.

use std::{
    fmt,
    ops::{Deref, Range},
    sync::Arc,
};

/// Samples behind a reference count: a vector, or any shared owner of a `[T]` such as a memory map, whole or a part of it.
///
/// Other crates meet it as the samples of a [`Volume`](crate::Volume) or of [`DynSamples`](crate::DynSamples) and seldom by name.
pub struct Buffer<T: 'static> {
    owner: Owner<T>,
    range: Range<usize>,
}

enum Owner<T: 'static> {
    Vec(Arc<Vec<T>>),
    Shared(Arc<dyn AsRef<[T]> + Send + Sync>),
}

impl<T: 'static> Clone for Owner<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Vec(v) => Self::Vec(Arc::clone(v)),
            Self::Shared(owner) => Self::Shared(Arc::clone(owner)),
        }
    }
}

impl<T: 'static> Clone for Buffer<T> {
    /// Shares the samples.
    fn clone(&self) -> Self {
        Self { owner: self.owner.clone(), range: self.range.clone() }
    }
}

impl<T: 'static> Owner<T> {
    fn all(&self) -> &[T] {
        match self {
            Self::Vec(v) => v,
            Self::Shared(owner) => (**owner).as_ref(),
        }
    }
}

impl<T: 'static> Buffer<T> {
    /// Wraps any shared owner of samples without copying them: a memory map or an array of another language, which this
    /// workspace leaves to the caller because it has no `unsafe`.
    pub fn from_shared(owner: Arc<dyn AsRef<[T]> + Send + Sync>) -> Self {
        let range = 0..(*owner).as_ref().len();
        Self { owner: Owner::Shared(owner), range }
    }

    /// The samples, `i` fastest.
    pub fn as_slice(&self) -> &[T] {
        self.owner.all().get(self.range.clone()).unwrap_or_default()
    }

    /// A part of the samples, sharing their memory; `None` where it reaches past the end.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        if range.start > range.end || range.end > self.range.len() {
            return None;
        }
        let start = self.range.start + range.start;
        Some(Self { owner: self.owner.clone(), range: start..start + range.len() })
    }

    /// Whether nobody else holds the samples, so that they may be changed where they are.
    pub fn is_alone(&self) -> bool {
        matches!(&self.owner, Owner::Vec(v) if Arc::strong_count(v) == 1 && Arc::weak_count(v) == 0)
    }

    /// Whether both hold the same samples at the same place in memory.
    pub fn is_same_memory(&self, other: &Self) -> bool {
        std::ptr::eq(self.as_slice(), other.as_slice())
    }
}

impl<T: Clone + 'static> Buffer<T> {
    /// The samples as a vector; copies them only where somebody else holds them too, or where they are a part of more.
    pub fn into_vec(self) -> Vec<T> {
        match self.owner {
            Owner::Vec(v) if self.range.len() == v.len() => Arc::unwrap_or_clone(v),
            owner => owner.all().get(self.range).unwrap_or_default().to_vec(),
        }
    }

    /// The samples to change: in place where nobody else holds them, in a copy of their own otherwise.
    pub fn to_mut(&mut self) -> &mut [T] {
        let alone = match &mut self.owner {
            Owner::Vec(v) => Arc::get_mut(v).is_some(),
            Owner::Shared(_) => false,
        };
        if !alone {
            *self = Self::from(self.as_slice().to_vec());
        }
        match &mut self.owner {
            // nobody else holds it: this copies nothing
            Owner::Vec(v) => Arc::make_mut(v).get_mut(self.range.clone()).unwrap_or_default(),
            Owner::Shared(_) => &mut [],
        }
    }
}

impl<T: 'static> From<Vec<T>> for Buffer<T> {
    fn from(samples: Vec<T>) -> Self {
        let range = 0..samples.len();
        Self { owner: Owner::Vec(Arc::new(samples)), range }
    }
}

impl<T: 'static> Default for Buffer<T> {
    fn default() -> Self {
        Self::from(Vec::new())
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
        write!(f, "Buffer({} samples)", self.range.len())
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

    #[test]
    fn a_part_of_a_part_shares_the_memory_of_the_whole() {
        let whole = Buffer::from(vec![0u16, 1, 2, 3, 4, 5]);
        let part = whole.slice(1..5).unwrap().slice(1..3).unwrap();
        assert_eq!(&*part, &[2, 3]);
        assert_eq!(part.as_ptr(), whole[2..].as_ptr());
        assert!(whole.slice(2..7).is_none() && part.slice(0..3).is_none());
        assert_eq!(part.into_vec(), [2, 3]);
    }

    #[test]
    fn changes_stay_with_who_makes_them() {
        let mut mine = Buffer::from(vec![1u8, 2, 3]);
        let address = mine.as_ptr();
        mine.to_mut()[0] = 9;
        assert_eq!((mine.as_ptr(), &*mine), (address, &[9u8, 2, 3][..]), "alone, so in place");
        let theirs = mine.clone();
        mine.to_mut()[1] = 8;
        assert_eq!((&*mine, &*theirs), (&[9u8, 8, 3][..], &[9u8, 2, 3][..]));
        let mut foreign = Buffer::from_shared(Arc::new([5u8; 2]));
        foreign.to_mut()[0] = 6;
        assert_eq!(&*foreign, &[6, 5]);
    }
}
