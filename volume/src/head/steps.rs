//! From the number of a step to its place on the slow axes and back, and heads of some of the steps.

use super::Head;
use crate::{Error, SlowAxis};

impl Head {
    /// The place of a step on each slow axis, fastest first, or `None` past the last step.
    pub fn indices_of(&self, step: usize) -> Option<Vec<usize>> {
        let mut rest = step;
        let indices = self.slow_axes.iter().map(|axis| {
            let index = rest % axis.len();
            rest /= axis.len();
            index
        });
        let indices = indices.collect();
        (rest == 0 || (self.slow_axes.is_empty() && step == 0)).then_some(indices)
    }

    /// The step at a place on each slow axis, or `None` where there is none.
    pub fn step_at(&self, indices: &[usize]) -> Option<usize> {
        if indices.len() != self.slow_axes.len() {
            return None;
        }
        self.slow_axes
            .iter()
            .zip(indices)
            .rev()
            .try_fold(0, |step, (axis, &index)| (index < axis.len()).then_some(step * axis.len() + index))
    }

    /// The head of one 3-D step, without slow axes; noted.
    ///
    /// # Errors
    /// [`Error::BadStep`].
    pub fn of_step(&self, step: usize) -> Result<Self, Error> {
        if step >= self.steps() {
            return Err(Error::BadStep { axis: 0, len: self.steps(), step });
        }
        let planes = self.shape()[2];
        let head =
            Self { slow_axes: Vec::new(), scaling: self.scaling.of_planes(step * planes, planes), ..self.clone() };
        Ok(head.noting("extract_step", [("step", step)]))
    }

    /// The head of some steps of one slow axis, the others whole, and the numbers of its steps in this head; noted.
    ///
    /// # Errors
    /// [`Error::BadStep`] for an axis that is not there, no step, or one past the last.
    pub fn of_steps(&self, axis: usize, steps: &[usize]) -> Result<(Self, Vec<usize>), Error> {
        let missing = Error::BadStep { axis, len: 0, step: steps.first().copied().unwrap_or(0) };
        let chosen = self.slow_axes.get(axis).ok_or(missing)?;
        let mut slow_axes = self.slow_axes.clone();
        slow_axes[axis] = chosen.select(steps)?;
        let inner: usize = self.slow_axes[..axis].iter().map(SlowAxis::len).product();
        let outer: usize = self.slow_axes[axis + 1..].iter().map(SlowAxis::len).product();
        let sources: Vec<usize> = (0..outer)
            .flat_map(|o| steps.iter().flat_map(move |s| (0..inner).map(move |i| i + inner * (s + chosen.len() * o))))
            .collect();
        let planes = self.shape()[2];
        let scaling = match self.scaling.as_per_plane() {
            None => self.scaling.clone(),
            Some(_) => {
                let pairs =
                    sources.iter().flat_map(|s| (0..planes).map(move |k| self.scaling.of_plane(s * planes + k)));
                crate::Scaling::per_plane(pairs.collect(), self.scaling.unit().clone())
            }
        };
        let head = Self { slow_axes, scaling, ..self.clone() };
        let chosen = steps.iter().map(|s| *s as f64).collect();
        let note = [
            ("axis", crate::provenance::Parameter::from(axis)),
            ("steps", crate::provenance::Parameter::Numbers(chosen)),
        ];
        Ok((head.noting("select_steps", note), sources))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Affine, AxisKind, Frame, Geometry, Rescale, Scaling};

    fn head() -> Head {
        let grid = Geometry::new([2, 1, 2], Affine::IDENTITY, Frame::Unknown).unwrap();
        let axes = [(AxisKind::Echo, 2), (AxisKind::Part, 3), (AxisKind::Time, 2)];
        Head::new(grid).with_slow_axes(axes.map(|(k, n)| SlowAxis::new(k, n).unwrap()).to_vec()).unwrap()
    }

    #[test]
    fn steps_and_places_are_one_to_one() {
        let head = head();
        for step in 0..head.steps() {
            let place = head.indices_of(step).unwrap();
            assert_eq!(head.step_at(&place), Some(step));
        }
        assert_eq!(head.indices_of(3), Some(vec![1, 1, 0]));
        assert_eq!((head.indices_of(12), head.step_at(&[2, 0, 0]), head.step_at(&[0, 0])), (None, None, None));
        let plain = Head::new(head.geometry().clone());
        assert_eq!((plain.indices_of(0), plain.indices_of(1), plain.step_at(&[])), (Some(vec![]), None, Some(0)));
    }

    #[test]
    fn planes_keep_their_scalings_when_steps_are_picked() {
        let pairs = (0..24).map(|n| Rescale::new(f64::from(n) + 1.0, 0.0).unwrap()).collect();
        let head = head().with_scaling(Scaling::per_plane(pairs, crate::Unit::Arbitrary)).unwrap();
        let (picked, sources) = head.of_steps(1, &[2]).unwrap();
        assert_eq!(sources, [4, 5, 10, 11]);
        let slopes: Vec<f64> = (0..8).map(|p| picked.scaling().of_plane(p).slope()).collect();
        assert_eq!(slopes, [9.0, 10.0, 11.0, 12.0, 21.0, 22.0, 23.0, 24.0]);
        assert_eq!(head.of_step(4).unwrap().scaling().of_plane(1).slope(), 10.0);
        assert!(head.of_steps(3, &[0]).is_err() && head.of_steps(1, &[3]).is_err() && head.of_step(12).is_err());
    }
}
