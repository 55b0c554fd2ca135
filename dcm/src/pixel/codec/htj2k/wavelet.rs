//! The inverse wavelet transforms: 5/3 on integers, 9/7 on `f32`.
//!
//! A level joins four subbands to an image of twice their size by *lifting*: each step adds to every second sample what its two
//! neighbours call for. Neighbours outside are mirrored. Whether a row starts with a low or a high sample tells the parity of
//! its first place.
//!
//! Source: ITU-T T.800, annex F (F.3: the inverse transform; F.3.8: lifting, tables F.4 and F.5 for the 9/7 filter).

use super::geometry::Rect;

/// A coefficient, and the filter that goes with it.
pub(super) trait Coefficient: Copy + Default {
    /// Lifting steps; even ones change low samples, odd ones high samples.
    const STEPS: usize;

    /// A block's word (see `block`) in steps of the subband's size.
    fn of(word: u32, step: f32) -> Self;
    /// What the filter scales low and high samples by, both directions in one.
    fn scaled(self, gain: f32) -> Self;
    /// A high sample without neighbours.
    fn alone(self) -> Self;
    /// One step for many samples, of which `before` and `after` are the neighbours.
    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]);
}

impl Coefficient for i32 {
    const STEPS: usize = 2;

    fn of(word: u32, _: f32) -> Self {
        let size = (word >> 1 & 0x3FFF_FFFF) as i32;
        if word >> 31 == 1 { -size } else { size }
    }

    fn scaled(self, _: f32) -> Self {
        self
    }

    fn alone(self) -> Self {
        self >> 1
    }

    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]) {
        let places = targets.iter_mut().zip(before).zip(after);
        if step == 0 {
            places.for_each(|((t, &a), &b)| *t = t.wrapping_sub(a.wrapping_add(b).wrapping_add(2) >> 2));
        } else {
            places.for_each(|((t, &a), &b)| *t = t.wrapping_add(a.wrapping_add(b) >> 1));
        }
    }
}

/// The coefficients of the 9/7 filter's steps, in the order of the inverse (delta, gamma, beta, alpha), as they are subtracted.
const LIFTING: [f32; 4] = [0.443_506_85, 0.882_911_1, -0.052_980_118, -1.586_134_3];
/// K, by which low samples are scaled; high samples by its inverse.
const GAIN: f32 = 1.230_174_1;

impl Coefficient for f32 {
    const STEPS: usize = 4;

    fn of(word: u32, step: f32) -> Self {
        // Half of it: the lowest bit stands for the middle.
        let size = (word & 0x7FFF_FFFF) as i32 as f32 * (0.5 * step);
        if word >> 31 == 1 { -size } else { size }
    }

    fn scaled(self, gain: f32) -> Self {
        self * gain
    }

    fn alone(self) -> Self {
        self * 0.5
    }

    fn lift(step: usize, targets: &mut [Self], before: &[Self], after: &[Self]) {
        let factor = LIFTING[step & 3];
        targets.iter_mut().zip(before).zip(after).for_each(|((t, &a), &b)| *t -= factor * (a + b));
    }
}

/// Samples of a rectangle, row by row.
pub(super) struct Plane<T> {
    pub(super) rect: Rect,
    pub(super) samples: Vec<T>,
}

impl<T: Coefficient> Plane<T> {
    pub(super) fn new(rect: Rect) -> Self {
        Self { rect, samples: vec![T::default(); rect.width() * rect.height()] }
    }

    fn row(&self, at: usize) -> &[T] {
        let width = self.rect.width();
        self.samples.get(at * width..(at + 1) * width).unwrap_or_default()
    }
}

/// Joins the low-pass image and the three subbands (horizontal, vertical, diagonal detail) to the image `rect`.
pub(super) fn join<T: Coefficient>(low: &Plane<T>, [hl, lh, hh]: &[Plane<T>; 3], rect: Rect) -> Plane<T> {
    let mut out = Plane::new(rect);
    let (width, height) = (rect.width(), rect.height());
    if width == 0 || height == 0 {
        return out;
    }
    let high_first = rect.y0 % 2 == 1;
    let mut rows = Rows::new(width, rect.x0 % 2 == 1);
    for (at, row) in out.samples.chunks_exact_mut(width).enumerate() {
        let high = (at % 2 == 1) != high_first;
        let gain = match height {
            1 => 1.0,
            _ if high => 1.0 / GAIN,
            _ => GAIN,
        };
        // High rows come in front of low ones where the first is one.
        let source = at / 2;
        if high {
            rows.join(lh.row(source), hh.row(source), gain, row);
        } else {
            rows.join(low.row(source), hl.row(source), gain, row);
        }
    }
    if height == 1 {
        if high_first {
            out.samples.iter_mut().for_each(|sample| *sample = sample.alone());
        }
        return out;
    }
    // Step `k` of row `t` needs step `k - 1` of the rows beside it: all steps follow each other down the image at one row's
    // distance, so that the rows they share are still in the cache.
    for front in 0..height + T::STEPS - 1 {
        if (front % 2 == 1) != high_first {
            continue;
        }
        for step in 0..T::STEPS {
            if let Some(row) = front.checked_sub(step).filter(|&row| row < height) {
                lift_row(&mut out.samples, width, row, height, step);
            }
        }
    }
    out
}

/// One step for a whole row of the image.
fn lift_row<T: Coefficient>(samples: &mut [T], width: usize, row: usize, height: usize, step: usize) {
    let (above, rest) = samples.split_at_mut(row * width);
    let (target, below) = rest.split_at_mut(width);
    let before = above.get(above.len().wrapping_sub(width)..).unwrap_or_default();
    let after = below.get(..width).unwrap_or_default();
    let (before, after) = match (row == 0, row + 1 == height) {
        (true, _) => (after, after),
        (_, true) => (before, before),
        _ => (before, after),
    };
    T::lift(step, target, before, after);
}

/// Joins rows; keeps its buffers from one to the next.
struct Rows<T> {
    low: Vec<T>,
    high: Vec<T>,
    high_first: bool,
}

impl<T: Coefficient> Rows<T> {
    fn new(width: usize, high_first: bool) -> Self {
        let high = if high_first { width.div_ceil(2) } else { width / 2 };
        Self { low: vec![T::default(); width - high], high: vec![T::default(); high], high_first }
    }

    fn join(&mut self, low: &[T], high: &[T], gain: f32, out: &mut [T]) {
        let (low_gain, high_gain) = if out.len() == 1 { (gain, gain) } else { (gain * GAIN, gain / GAIN) };
        self.low.iter_mut().zip(low).for_each(|(to, from)| *to = from.scaled(low_gain));
        self.high.iter_mut().zip(high).for_each(|(to, from)| *to = from.scaled(high_gain));
        if out.len() == 1 {
            let one = self.low.first().copied().or(self.high.first().map(|high| high.alone()));
            out.iter_mut().zip(one).for_each(|(to, from)| *to = from);
            return;
        }
        for step in 0..T::STEPS {
            if step % 2 == 0 {
                lift_ends(step, &mut self.low, &self.high, !self.high_first);
            } else {
                lift_ends(step, &mut self.high, &self.low, self.high_first);
            }
        }
        let (first, second) = if self.high_first { (&self.high, &self.low) } else { (&self.low, &self.high) };
        for (pair, (&a, &b)) in out.chunks_exact_mut(2).zip(first.iter().zip(second)) {
            pair.copy_from_slice(&[a, b]);
        }
        if let (1, Some(last), Some(&from)) = (out.len() % 2, out.last_mut(), first.last()) {
            *last = from;
        }
    }
}

/// One step along a row: the samples of one kind stand in `targets`, those of the other in `others`; `first` says that the row
/// starts with a target.
fn lift_ends<T: Coefficient>(step: usize, targets: &mut [T], others: &[T], first: bool) {
    // The target `n` stands between `others[n - 1]` and `others[n]` where it is first, else between `n` and `n + 1`.
    let targets = if first {
        let Some((target, targets)) = targets.split_first_mut() else { return };
        let next = others.get(..1).unwrap_or_default();
        T::lift(step, std::slice::from_mut(target), next, next);
        targets
    } else {
        targets
    };
    let inner = targets.len().min(others.len().saturating_sub(1));
    let (inside, outside) = targets.split_at_mut(inner);
    T::lift(step, inside, others, others.get(1..).unwrap_or_default());
    let last = others.get(others.len().saturating_sub(1)..).unwrap_or_default();
    T::lift(step, outside, last, last);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What stands at a place of a row that is mirrored at both ends.
    fn mirrored(row: &[i32], at: i64) -> i64 {
        let last = row.len() as i64 - 1;
        let at = if at < 0 { -at } else { at };
        i64::from(row[(if at > last { 2 * last - at } else { at }) as usize])
    }

    /// The forward 5/3 transform of a row whose first place is `start`, T.800 F.4.8.1: low and high samples.
    fn split(row: &[i32], start: u32) -> (Vec<i32>, Vec<i32>) {
        let is_high = |at: usize| (at + start as usize) % 2 == 1;
        if row.len() == 1 {
            return if is_high(0) { (vec![], vec![row[0] * 2]) } else { (row.to_vec(), vec![]) };
        }
        let mut row = row.to_vec();
        for high in [true, false] {
            for at in (0..row.len()).filter(|&at| is_high(at) == high) {
                let sum = mirrored(&row, at as i64 - 1) + mirrored(&row, at as i64 + 1);
                row[at] += if high { -((sum >> 1) as i32) } else { ((sum + 2) >> 2) as i32 };
            }
        }
        let of = |high: bool| (0..row.len()).filter(|&at| is_high(at) == high).map(|at| row[at]).collect();
        (of(false), of(true))
    }

    /// One level in two dimensions: columns first, as the inverse goes rows first.
    fn analyse(image: &[i32], rect: Rect) -> [Vec<i32>; 4] {
        let (width, height) = (rect.width(), rect.height());
        let columns: Vec<_> = (0..width)
            .map(|x| split(&(0..height).map(|y| image[y * width + x]).collect::<Vec<_>>(), rect.y0))
            .collect();
        let bands = |high: bool| {
            let pick = |x: usize| if high { &columns[x].1 } else { &columns[x].0 };
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for y in 0..pick(0).len() {
                let (low, high) = split(&(0..width).map(|x| pick(x)[y]).collect::<Vec<_>>(), rect.x0);
                left.extend(low);
                right.extend(high);
            }
            [left, right]
        };
        let ([ll, hl], [lh, hh]) = (bands(false), bands(true));
        [ll, hl, lh, hh]
    }

    fn band(rect: Rect, right: u32, below: u32) -> Rect {
        let half = |v: u32, side: u32| (v + 1 - side) / 2;
        Rect { x0: half(rect.x0, right), x1: half(rect.x1, right), y0: half(rect.y0, below), y1: half(rect.y1, below) }
    }

    proptest! {
        #[test]
        fn the_integer_transform_is_undone(
            corner in (0u32..4, 0u32..4), size in (1u32..20, 1u32..20),
            pixels in prop::collection::vec(-70_000i32..70_000, 400),
        ) {
            let rect = Rect { x0: corner.0, y0: corner.1, x1: corner.0 + size.0, y1: corner.1 + size.1 };
            let image = &pixels[..(size.0 * size.1) as usize];
            let [ll, hl, lh, hh] = analyse(image, rect);
            let plane = |samples, right, below| Plane { rect: band(rect, right, below), samples };
            let details = [plane(hl, 1, 0), plane(lh, 0, 1), plane(hh, 1, 1)];
            let back = join(&plane(ll, 0, 0), &details, rect);
            prop_assert_eq!(&back.samples[..], image);
        }
    }

    #[test]
    fn a_flat_image_stays_flat_under_the_real_filter() {
        for (x0, y0, width, height) in [(0, 0, 9, 6), (1, 0, 8, 7), (0, 1, 5, 1), (1, 1, 1, 1), (0, 0, 1, 4)] {
            let rect = Rect { x0, y0, x1: x0 + width, y1: y0 + height };
            // A lone sample at an odd place is a high one, twice as large.
            let lone = |size: u32, start: u32| size == 1 && start == 1;
            let mut planes = [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(r, b)| Plane::<f32>::new(band(rect, r, b)));
            let (right, below) = (lone(width, x0), lone(height, y0));
            let value = 100.0 * if right { 2.0 } else { 1.0 } * if below { 2.0 } else { 1.0 };
            planes[usize::from(right) + 2 * usize::from(below)].samples.fill(value);
            let [ll, hl, lh, hh] = planes;
            let back = join(&ll, &[hl, lh, hh], rect);
            assert!(back.samples.iter().all(|v| (v - 100.0).abs() < 1e-3), "{rect:?} {:?}", back.samples);
        }
    }

    #[test]
    fn words_become_signed_steps() {
        // Bit plane 0 in bit 1, the middle in bit 0.
        assert_eq!(<i32 as Coefficient>::of(2 * 5 + 1, 1.0), 5);
        assert_eq!(<i32 as Coefficient>::of(1 << 31 | (2 * 5 + 1), 1.0), -5);
        assert_eq!(<f32 as Coefficient>::of(1 << 31 | (2 * 5 + 1), 0.5), -2.75);
        assert_eq!(<f32 as Coefficient>::of(0, 0.5), 0.0);
    }
}
