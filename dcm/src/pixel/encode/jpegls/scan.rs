//! One scan, line after line, the lines of all components of a row together.
//!
//! Source: ITU-T T.87 annex A.3 to A.7 and B.2 (line interleave); names as in the decoder.

use super::bits::Bits;
use crate::pixel::codec::jpegls::context::{Context, Parameters, golomb};
use crate::pixel::codec::jpegls::scan::J;

/// The state of a scan.
pub(super) struct Scan {
    p: Parameters,
    bits: Bits,
    contexts: Vec<Context>,
    /// Contexts of run interruptions: neighbours differ, neighbours are alike. `b` counts negative errors.
    runs: [Context; 2],
    regions: Regions,
}

/// Two lines of a component as the decoder will see them, each with a sample before the first and after the last.
pub(super) struct Lines {
    above: Vec<i32>,
    current: Vec<i32>,
    run: usize,
}

impl Lines {
    pub(super) fn new(columns: usize) -> Self {
        Self { above: vec![0; columns + 2], current: vec![0; columns + 2], run: 0 }
    }
}

impl Scan {
    pub(super) fn new(p: Parameters, out: Vec<u8>) -> Self {
        let fresh = Context::new(p.range);
        let regions = Regions::new(&p);
        Self { contexts: vec![fresh; 365], runs: [fresh; 2], bits: Bits::new(out), regions, p }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bits.finish()
    }

    /// Codes one line of a component.
    pub(super) fn line(&mut self, lines: &mut Lines, samples: impl Iterator<Item = i32>) {
        let columns = lines.current.len() - 2;
        lines.current[0] = lines.above[1];
        // DynSamples are put where their reconstructions will stand: neither is needed together with the other.
        lines.current[1..=columns].iter_mut().zip(samples).for_each(|(place, sample)| *place = sample);
        let (above, current) = (&lines.above[..columns + 2], &mut lines.current[..columns + 2]);
        let (mut ra, mut rc, mut rb) = (current[0], above[0], above[1]);
        let mut at = 1;
        while at <= columns {
            let rd = above[at + 1];
            let index = self.regions.index(rd - rb, rb - rc, rc - ra);
            if index != 0 {
                ra = self.regular(index, [ra, rb, rc], current[at]);
                current[at] = ra;
                (rc, rb) = (rb, rd);
                at += 1;
                continue;
            }
            let near = self.p.near;
            let left = &mut current[at..=columns];
            let length = left.iter().position(|&x| (x - ra).abs() > near).unwrap_or(left.len());
            left[..length].fill(ra);
            at += length;
            let interrupted = at <= columns;
            self.run(&mut lines.run, length, interrupted);
            if interrupted {
                ra = self.interruption(J[lines.run], [ra, above[at]], current[at]);
                current[at] = ra;
                lines.run = lines.run.saturating_sub(1);
                (rc, rb) = (above[at], above[at + 1]);
                at += 1;
            }
        }
        current[columns + 1] = current[columns];
        std::mem::swap(&mut lines.above, &mut lines.current);
    }

    /// Codes a sample in the context of its gradients; returns it as the decoder will see it.
    #[inline]
    fn regular(&mut self, index: i32, [ra, rb, rc]: [i32; 3], sample: i32) -> i32 {
        let sign = index.signum();
        let (low, high) = (ra.min(rb), ra.max(rb));
        let prediction = if rc >= high {
            low
        } else if rc <= low {
            high
        } else {
            ra + rb - rc
        };
        let context = &mut self.contexts[index.unsigned_abs() as usize];
        let prediction = (prediction + sign * context.c).clamp(0, self.p.most);
        let error = self.p.error(sign * (sample - prediction));
        let k = context.k();
        let flipped = self.p.near == 0 && k == 0 && 2 * context.b <= -context.n;
        let coded = if flipped { -error - 1 } else { error };
        let code = if coded >= 0 { 2 * coded } else { -2 * coded - 1 };
        context.update(error, self.p.near, self.p.reset);
        self.code(code as u32, k, self.p.limit);
        if self.p.near == 0 { sample } else { self.p.reconstruct(prediction, sign * error) }
    }

    fn run(&mut self, index: &mut usize, mut length: usize, interrupted: bool) {
        while length >= 1 << J[*index] {
            self.bits.put(1, 1);
            length -= 1 << J[*index];
            *index = (*index + 1).min(31);
        }
        if interrupted {
            self.bits.put(length as u32, J[*index] + 1);
        } else if length > 0 {
            self.bits.put(1, 1);
        }
    }

    /// Codes the sample that ends a run; returns it as the decoder will see it.
    fn interruption(&mut self, order: u32, [ra, rb]: [i32; 2], sample: i32) -> i32 {
        let alike = (ra - rb).abs() <= self.p.near;
        let (prediction, sign) = match alike {
            true => (ra, 1),
            false if ra > rb => (rb, -1),
            false => (rb, 1),
        };
        let error = self.p.error(sign * (sample - prediction));
        let kind = i32::from(alike);
        let context = &mut self.runs[usize::from(alike)];
        let k = golomb(context.n, context.a + if alike { context.n >> 1 } else { 0 });
        let map = if error < 0 { k != 0 || 2 * context.b >= context.n } else { false }
            || (error > 0 && k == 0 && 2 * context.b < context.n);
        let code = 2 * error.abs() - kind - i32::from(map);
        if error < 0 {
            context.b += 1;
        }
        context.a += (code + 1 - kind) >> 1;
        if context.n == self.p.reset {
            context.a >>= 1;
            context.n >>= 1;
            context.b >>= 1;
        }
        context.n += 1;
        self.code(code as u32, k, self.p.limit - order - 1);
        if self.p.near == 0 { sample } else { self.p.reconstruct(prediction, sign * error) }
    }

    /// A code word of limited length, T.87 A.5.3.
    #[inline]
    fn code(&mut self, code: u32, k: u32, limit: u32) {
        let escape = limit - self.p.bits - 1;
        let zeros = code >> k;
        if zeros < escape {
            let rest = 1 << k | (code & ((1 << k) - 1));
            if zeros + k + 1 < 32 {
                self.bits.put(rest, zeros + k + 1);
            } else {
                self.zeros(zeros);
                self.bits.put(rest, k + 1);
            }
        } else {
            self.zeros(escape);
            self.bits.put(1 << self.p.bits | (code - 1), self.p.bits + 1);
        }
    }

    fn zeros(&mut self, mut count: u32) {
        while count > 0 {
            let part = count.min(31);
            self.bits.put(0, part);
            count -= part;
        }
    }
}

impl Parameters {
    /// A difference in steps, folded into the range.
    #[inline]
    fn error(&self, difference: i32) -> i32 {
        let steps = match self.near {
            0 => difference,
            near if difference > 0 => (difference + near) / (2 * near + 1),
            near => -((near - difference) / (2 * near + 1)),
        };
        let folded = if steps < 0 { steps + self.range } else { steps };
        if folded >= (self.range + 1) / 2 { folded - self.range } else { folded }
    }
}

/// Regions of gradients by table: beyond the last threshold all are alike.
struct Regions {
    table: Vec<i32>,
    last: i32,
}

impl Regions {
    fn new(p: &Parameters) -> Self {
        let last = p.thresholds[2];
        Self { table: (-last..=last).map(|gradient| p.region(gradient)).collect(), last }
    }

    #[inline]
    fn index(&self, d1: i32, d2: i32, d3: i32) -> i32 {
        let region = |gradient: i32| self.table[(gradient.clamp(-self.last, self.last) + self.last) as usize];
        (region(d1) * 9 + region(d2)) * 9 + region(d3)
    }
}
