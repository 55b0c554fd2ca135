//! The trait, and the maps that are one by themselves.

use std::sync::Arc;

use crate::Affine;

/// A map of world points, LPS+ mm to LPS+ mm.
///
/// The same point always gives the same result, whoever asks and from which thread. A place that the map cannot answer for is
/// `NaN`; a resampling takes it as outside. The affines of `register` are such maps; a type of a caller's own may be one too.
pub trait WorldMap: Send + Sync {
    /// Where a point goes, mm.
    fn map(&self, world: [f64; 3]) -> [f64; 3];

    /// Where many points go, in place, mm; the same as [`WorldMap::map`] of each. Resampling hands over an output row at a time.
    fn map_all(&self, world: &mut [[f64; 3]]) {
        world.iter_mut().for_each(|p| *p = self.map(*p));
    }

    /// The same map as an affine, where it is one: resampling then goes through one composed matrix.
    fn as_affine(&self) -> Option<Affine> {
        None
    }

    /// What the provenance says of it: the rows of an affine, else its kind and size. Never a patient's value.
    fn note(&self) -> String;
}

impl WorldMap for Affine {
    fn map(&self, world: [f64; 3]) -> [f64; 3] {
        self.apply(world)
    }

    fn as_affine(&self) -> Option<Affine> {
        Some(*self)
    }

    fn note(&self) -> String {
        format!("{:?}", self.rows())
    }
}

macro_rules! behind {
    ($($pointer:ty),*) => {$(
        impl<M: WorldMap + ?Sized> WorldMap for $pointer {
            fn map(&self, world: [f64; 3]) -> [f64; 3] {
                (**self).map(world)
            }

            fn map_all(&self, world: &mut [[f64; 3]]) {
                (**self).map_all(world);
            }

            fn as_affine(&self) -> Option<Affine> {
                (**self).as_affine()
            }

            fn note(&self) -> String {
                (**self).note()
            }
        }
    )*};
}
behind!(&M, Box<M>, Arc<M>);

/// Any map, cheap to clone, an affine as itself.
#[derive(Clone)]
pub(crate) enum Link<'a> {
    Affine(Affine),
    Any(Arc<dyn WorldMap + 'a>),
}

impl<'a> Link<'a> {
    pub(crate) fn new(map: impl WorldMap + 'a) -> Self {
        match map.as_affine() {
            Some(affine) => Self::Affine(affine),
            None => Self::Any(Arc::new(map)),
        }
    }

    pub(crate) fn as_map(&self) -> &(dyn WorldMap + 'a) {
        match self {
            Self::Affine(affine) => affine,
            Self::Any(map) => &**map,
        }
    }
}
