//! Several maps, one after the other.

use std::fmt;

use super::map::{Link, WorldMap};
use crate::Affine;

/// A chain of maps, applied in the order in which they were added. Affines that follow each other become one.
///
/// For callers who read transforms in several parts: this workspace finds affines, which compose by themselves.
#[derive(Clone)]
pub struct Composed<'a> {
    links: Vec<Link<'a>>,
}

impl<'a> Composed<'a> {
    /// The chain that begins with `map`, owned or borrowed.
    pub fn first(map: impl WorldMap + 'a) -> Self {
        Self { links: vec![Link::new(map)] }
    }

    /// The chain that applies itself, then `next`.
    #[must_use]
    pub fn then(mut self, next: impl WorldMap + 'a) -> Self {
        match (self.links.last_mut(), Link::new(next)) {
            (Some(Link::Affine(last)), Link::Affine(next)) => *last = next.compose(last),
            (_, next) => self.links.push(next),
        }
        self
    }
}

impl WorldMap for Composed<'_> {
    fn map(&self, world: [f64; 3]) -> [f64; 3] {
        self.links.iter().fold(world, |p, link| link.as_map().map(p))
    }

    fn map_all(&self, world: &mut [[f64; 3]]) {
        self.links.iter().for_each(|link| link.as_map().map_all(world));
    }

    fn as_affine(&self) -> Option<Affine> {
        match self.links.as_slice() {
            [Link::Affine(affine)] => Some(*affine),
            _ => None,
        }
    }

    fn note(&self) -> String {
        self.links.iter().map(|link| link.as_map().note()).collect::<Vec<_>>().join(", then ")
    }
}

impl fmt::Debug for Composed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composed({})", self.note())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bends x by the square of y; no affine.
    struct Bend;

    impl WorldMap for Bend {
        fn map(&self, [x, y, z]: [f64; 3]) -> [f64; 3] {
            [x + y * y, y, z]
        }

        fn note(&self) -> String {
            "bend".to_owned()
        }
    }

    #[test]
    fn affines_that_meet_become_one_and_the_order_is_kept() {
        let (up, double) = (Affine::translation_by([0.0, 1.0, 0.0]), Affine::from_spacing_origin([2.0; 3], [0.0; 3]));
        let affine = Composed::first(up).then(double);
        assert_eq!(affine.as_affine(), Some(double.compose(&up)));
        let bend = Bend;
        let chain = Composed::first(up).then(double).then(&bend).then(up);
        assert_eq!((chain.links.len(), chain.as_affine()), (3, None));
        assert_eq!(chain.map([1.0, 2.0, 3.0]), [2.0 + 36.0, 7.0, 6.0]);
        let mut points = [[1.0, 2.0, 3.0]; 2];
        chain.map_all(&mut points);
        assert_eq!(points, [[38.0, 7.0, 6.0]; 2]);
        assert!(
            chain
                .note()
                .ends_with("], then bend, then [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]]")
        );
    }

    #[test]
    fn a_chain_holds_owned_and_shared_maps_alike() {
        let shared: std::sync::Arc<dyn WorldMap> = std::sync::Arc::new(Bend);
        let boxed: Box<dyn WorldMap> = Box::new(Affine::translation_by([0.0, 0.0, 1.0]));
        assert_eq!(Composed::first(shared).then(boxed).map([0.0, 3.0, 0.0]), [9.0, 3.0, 1.0]);
    }
}
