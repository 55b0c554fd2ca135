//! Evenly spaced values.

use isocenter_volume::{AxisKind, Quantity, SlowAxis};

/// Start and step of a slow axis: seconds of even times, else numbers.
pub(crate) fn of_axis(axis: &SlowAxis) -> (f64, f64) {
    let times = axis.numbers(&Quantity::Time).filter(|_| *axis.kind() == AxisKind::Time);
    times.and_then(start_and_step).unwrap_or((0.0, 1.0))
}

/// Start and step of evenly spaced, ascending values; `None` where they are not, or where one alone has no step.
pub(crate) fn start_and_step(values: &[f64]) -> Option<(f64, f64)> {
    let [first, second, ..] = values else { return None };
    let step = second - first;
    // a millionth of a step: what f32 makes of times in seconds
    let holds = |(n, v): (usize, &f64)| (first + step * n as f64 - v).abs() <= 1e-6 * step;
    (step > 0.0 && values.iter().enumerate().all(holds)).then_some((*first, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uneven_values_have_no_step() {
        assert_eq!(start_and_step(&[1.0, 3.5, 6.0]), Some((1.0, 2.5)));
        assert_eq!(start_and_step(&[0.0, 1.0, 3.0]), None);
        assert_eq!(start_and_step(&[5.0]), None);
    }
}
