//! Slow axes as attributes: temporal position, echo, diffusion weighting, acquisition.

use isocenter_dcm::{Tag, tags};
use isocenter_volume::{AxisKind, Head, Quantity, SlowAxis};

use super::kind::{Branch, Kind};

/// What a slow axis is in DICOM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Time,
    Echo,
    /// A weighting that the b-value alone tells.
    BValue,
    /// Whatever else steps through: its numbers are acquisitions.
    Acquisition,
}

impl Role {
    /// The attribute that a dimension of it points to, and its functional group.
    pub(super) const fn pointers(self) -> [Tag; 2] {
        match self {
            Self::Time => [tags::TEMPORAL_POSITION_INDEX, tags::FRAME_CONTENT_SEQUENCE],
            Self::Echo => [tags::EFFECTIVE_ECHO_TIME, tags::MR_ECHO_SEQUENCE],
            Self::BValue => [tags::DIFFUSION_B_VALUE, tags::MR_DIFFUSION_SEQUENCE],
            Self::Acquisition => [tags::FRAME_ACQUISITION_NUMBER, tags::FRAME_CONTENT_SEQUENCE],
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Time => "Temporal Position",
            Self::Echo => "Echo Time",
            Self::BValue => "Diffusion b-value",
            Self::Acquisition => "Acquisition",
        }
    }
}

/// The steps of a volume.
#[derive(Clone, Debug)]
pub(super) struct Steps<'a> {
    head: &'a Head,
    /// Of each axis, fastest first.
    roles: Vec<Role>,
}

/// What is known of one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Step {
    /// Index on the time axis, from 0, and seconds.
    pub(super) time: Option<(usize, Option<f64>)>,
    /// Index, from 0, and seconds.
    pub(super) echo: Option<(usize, f64)>,
    /// s/mm^2, and a unit vector in the patient.
    pub(super) weight: Option<(f64, Option<[f64; 3]>)>,
    /// Index, from 0.
    pub(super) acquisition: Option<usize>,
}

impl<'a> Steps<'a> {
    pub(super) fn of(head: &'a Head, kind: Kind) -> Self {
        let is_mr = kind.branch() == Branch::Mr;
        let mut roles: Vec<Role> = Vec::new();
        for axis in head.slow_axes() {
            let wanted = match axis.kind() {
                AxisKind::Time => Role::Time,
                AxisKind::Echo if is_mr && axis.numbers(&Quantity::EchoTime).is_some() => Role::Echo,
                AxisKind::Diffusion if is_mr && are_distinct(axis.numbers(&Quantity::BValue)) => Role::BValue,
                _ => Role::Acquisition,
            };
            let is_taken = wanted != Role::Acquisition && roles.contains(&wanted);
            roles.push(if is_taken { Role::Acquisition } else { wanted });
        }
        Self { head, roles }
    }

    /// Number of steps.
    pub(super) fn len(&self) -> usize {
        self.head.steps()
    }

    /// The roles that there are, the slowest first, each once, with the number of its steps.
    pub(super) fn dimensions(&self) -> Vec<(Role, usize)> {
        let mut found: Vec<(Role, usize)> = Vec::new();
        for (axis, role) in self.head.slow_axes().iter().zip(&self.roles).rev() {
            match found.iter_mut().find(|(known, _)| known == role) {
                Some((_, len)) => *len *= axis.len(),
                None => found.push((*role, axis.len())),
            }
        }
        found
    }

    /// The index of a step in each of [`Steps::dimensions`], from 0.
    pub(super) fn indices(&self, step: usize) -> Vec<usize> {
        let at = self.head.indices_of(step).unwrap_or_default();
        let index = |(role, _): (Role, usize)| {
            let axes = self.head.slow_axes().iter().zip(&self.roles).zip(&at).rev();
            axes.filter(|((_, of), _)| **of == role).fold(0, |index, ((axis, _), at)| index * axis.len() + at)
        };
        self.dimensions().into_iter().map(index).collect()
    }

    pub(super) fn step(&self, step: usize) -> Step {
        let at = self.head.indices_of(step).unwrap_or_default();
        let mut found = Step::default();
        let axes = self.head.slow_axes().iter().zip(&self.roles).zip(at);
        for ((axis, role), at) in axes {
            let number = |quantity: Quantity| axis.numbers(&quantity).and_then(|v| v.get(at)).copied();
            match role {
                Role::Time => found.time = Some((at, number(Quantity::Time))),
                Role::Echo => found.echo = number(Quantity::EchoTime).map(|s| (at, s)),
                Role::BValue | Role::Acquisition => {}
            }
            if let Some(b) = number(Quantity::BValue) {
                let direction = axis.vectors(&Quantity::GradientDirection).and_then(|v| v.get(at)).copied();
                found.weight = Some((b, direction.filter(|_| b > 0.0).filter(|d| *d != [0.0; 3])));
            }
        }
        let acquisition = self.dimensions().iter().position(|(role, _)| *role == Role::Acquisition);
        found.acquisition = acquisition.and_then(|at| self.indices(step).get(at).copied());
        found
    }

    /// The axis of a role.
    pub(super) fn axis(&self, role: Role) -> Option<&'a SlowAxis> {
        let at = self.roles.iter().position(|found| *found == role)?;
        self.head.slow_axes().get(at)
    }
}

fn are_distinct(numbers: Option<&[f64]>) -> bool {
    let mut sorted = numbers.map(<[f64]>::to_vec).unwrap_or_default();
    sorted.sort_by(f64::total_cmp);
    !sorted.is_empty() && sorted.windows(2).all(|pair| pair[0] < pair[1])
}
