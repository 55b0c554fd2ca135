//! From transformed components to pixels: component transform, offset, range.
//!
//! Source: ITU-T T.800, annex G.

use super::geometry::Rect;
use super::wavelet::Plane;
use super::{NAME, damaged};
use crate::Error;

/// The samples of one component of a tile.
pub(super) enum Samples {
    /// Of the 5/3 filter.
    Whole(Plane<i32>),
    /// Of the 9/7 filter.
    Real(Plane<f32>),
}

/// The range of values, and what was taken from them before they were coded.
#[derive(Clone, Copy)]
pub(super) struct Range {
    offset: i32,
    low: i32,
    high: i32,
}

impl Range {
    /// Of values of up to 24 bits.
    pub(super) fn new(precision: u8, signed: bool) -> Self {
        let half = 1i32 << (precision - 1);
        if signed {
            Self { offset: 0, low: -half, high: half - 1 }
        } else {
            Self { offset: half, low: 0, high: 2 * half - 1 }
        }
    }

    fn whole(self, value: i32) -> i32 {
        value.saturating_add(self.offset).clamp(self.low, self.high)
    }

    fn real(self, value: f32) -> i32 {
        // Counted from the low end, where cutting off rounds down.
        let above = value + (self.offset - self.low) as f32 + 0.5;
        (above as i32).clamp(0, self.high - self.low) + self.low
    }
}

/// Undoes the component transform of three components.
pub(super) fn undo_transform(components: &mut [Samples]) -> Result<(), Error> {
    match components {
        [Samples::Whole(a), Samples::Whole(b), Samples::Whole(c)] => {
            let places = a.samples.iter_mut().zip(&mut b.samples).zip(&mut c.samples);
            for ((a, b), c) in places {
                let green = a.wrapping_sub(b.wrapping_add(*c) >> 2);
                (*a, *b, *c) = (c.wrapping_add(green), green, b.wrapping_add(green));
            }
            Ok(())
        }
        [Samples::Real(a), Samples::Real(b), Samples::Real(c)] => {
            let places = a.samples.iter_mut().zip(&mut b.samples).zip(&mut c.samples);
            for ((a, b), c) in places {
                let (luma, blue, red) = (*a, *b, *c);
                *a = luma + 1.402 * red;
                *b = luma - 0.344_136 * blue - 0.714_136 * red;
                *c = luma + 1.772 * blue;
            }
            Ok(())
        }
        _ => Err(damaged(NAME, "a component transform of components that differ")),
    }
}

/// Writes a tile's component to its places among the image's interleaved samples.
pub(super) fn store(
    component: &Samples,
    index: usize,
    components: usize,
    image: &Rect,
    range: Range,
    values: &mut [i32],
) {
    match component {
        Samples::Whole(plane) => rows(plane, index, components, image, values, |v| range.whole(v)),
        Samples::Real(plane) => rows(plane, index, components, image, values, |v| range.real(v)),
    }
}

fn rows<T: Copy>(
    plane: &Plane<T>,
    index: usize,
    components: usize,
    image: &Rect,
    values: &mut [i32],
    value: impl Fn(T) -> i32,
) {
    let (width, rect) = (plane.rect.width(), plane.rect);
    if width == 0 {
        return;
    }
    let left = (rect.x0 - image.x0) as usize * components + index;
    let lines = values.chunks_exact_mut(image.width() * components).skip((rect.y0 - image.y0) as usize);
    for (line, row) in lines.zip(plane.samples.chunks_exact(width)) {
        let places = line.get_mut(left..).unwrap_or_default();
        if components == 1 {
            places.iter_mut().zip(row).for_each(|(to, &from)| *to = value(from));
        } else {
            places.iter_mut().step_by(components).zip(row).for_each(|(to, &from)| *to = value(from));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_and_clamped() {
        let unsigned = Range::new(8, false);
        assert_eq!([-128.6, -128.4, -0.4, 0.6, 127.2, 300.0].map(|v| unsigned.real(v)), [0, 0, 128, 129, 255, 255]);
        assert_eq!([-129, -128, 0, 127, 128].map(|v| unsigned.whole(v)), [0, 0, 128, 255, 255]);
        let signed = Range::new(12, true);
        assert_eq!([-3000.0, -2.4, -2.6, 2.6].map(|v| signed.real(v)), [-2048, -2, -3, 3]);
        assert_eq!(signed.whole(5000), 2047);
    }

    #[test]
    fn component_transforms_are_undone() {
        let rect = Rect { x0: 0, y0: 0, x1: 1, y1: 1 };
        // R 10, G 20, B 33: Y 20 (of 83 / 4), U B - G, V R - G.
        let whole = |v| Samples::Whole(Plane { rect, samples: vec![v] });
        let mut three = [whole(20), whole(13), whole(-10)];
        undo_transform(&mut three).unwrap();
        let mut values = [0; 3];
        let range = Range::new(8, true);
        three.iter().enumerate().for_each(|(at, one)| store(one, at, 3, &rect, range, &mut values));
        assert_eq!(values, [10, 20, 33]);
        let real = |v| Samples::Real(Plane { rect, samples: vec![v] });
        let mut three = [real(0.0), real(0.0), real(50.0)];
        undo_transform(&mut three).unwrap();
        three.iter().enumerate().for_each(|(at, one)| store(one, at, 3, &rect, range, &mut values));
        assert_eq!(values, [70, -36, 0]);
        assert!(undo_transform(&mut [whole(1), real(1.0), whole(1)]).is_err());
    }
}
