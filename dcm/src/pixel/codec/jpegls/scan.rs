//! One scan: regular mode, run mode, lines.
//!
//! Source: ITU-T T.87 annex A.3 to A.7; figure names (Ra, Rb, Rc, Rd) are the standard's: left, above, above left, above right.

use super::bits::Bits;
use super::context::{Context, Parameters, golomb};
use super::header::{FrameHeader, ScanHeader};
use super::{NAME, damaged};
use crate::Error;

/// Orders of run lengths, T.87 A.2.1.
pub(in crate::pixel) const J: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Decodes a scan into the interleaved samples of the frame; returns how many bytes it took.
pub(super) fn decode(header: &ScanHeader, frame: &FrameHeader, bytes: &[u8], out: &mut [i32]) -> Result<usize, Error> {
    let most = if header.preset[0] != 0 { header.preset[0] } else { (1 << frame.precision) - 1 };
    if most >= 1 << frame.precision || header.near > (most / 2).min(255) {
        return Err(damaged(NAME, "the parameters contradict the frame header"));
    }
    let [_, t1, t2, t3, reset] = header.preset;
    let parameters = Parameters::new(most, header.near, [t1, t2, t3, reset]);
    let columns = usize::from(frame.columns);
    let per_pixel = frame.components.len();
    let mut scan = Scan::new(parameters, Bits::new(bytes));
    let mut lines: Vec<Lines> = header.components.iter().map(|_| Lines::new(columns)).collect();
    for row in out.chunks_exact_mut(columns * per_pixel) {
        lines.iter_mut().for_each(Lines::start);
        if header.interleave == 2 {
            scan.pixels(&mut lines, columns)?;
        } else {
            for line in &mut lines {
                scan.line(line, columns)?;
            }
        }
        for (line, &component) in lines.iter_mut().zip(&header.components) {
            let places = row.iter_mut().skip(component).step_by(per_pixel);
            places.zip(&line.current[1..]).for_each(|(place, &value)| *place = value);
            line.finish(columns);
        }
    }
    scan.bits.finish()
}

/// Two lines of a component, each with a sample before the first and after the last.
struct Lines {
    above: Vec<i32>,
    current: Vec<i32>,
    run: usize,
}

impl Lines {
    fn new(columns: usize) -> Self {
        Self { above: vec![0; columns + 2], current: vec![0; columns + 2], run: 0 }
    }

    fn start(&mut self) {
        self.current[0] = self.above[1];
    }

    fn finish(&mut self, columns: usize) {
        self.current[columns + 1] = self.current[columns];
        std::mem::swap(&mut self.above, &mut self.current);
    }

    /// Ra, Rb, Rc, Rd.
    #[inline]
    fn around(&self, at: usize) -> [i32; 4] {
        [self.current[at - 1], self.above[at], self.above[at - 1], self.above[at + 1]]
    }
}

struct Scan<'a> {
    p: Parameters,
    bits: Bits<'a>,
    contexts: Vec<Context>,
    /// Contexts of run interruptions: neighbours differ, neighbours are alike. `b` counts negative errors.
    runs: [Context; 2],
}

impl<'a> Scan<'a> {
    fn new(p: Parameters, bits: Bits<'a>) -> Self {
        let fresh = Context::new(p.range);
        Self { contexts: vec![fresh; 365], runs: [fresh; 2], p, bits }
    }

    fn line(&mut self, line: &mut Lines, columns: usize) -> Result<(), Error> {
        let mut at = 1;
        while at <= columns {
            let around = line.around(at);
            match self.context(around) {
                Some(context) => {
                    line.current[at] = self.regular(context, around)?;
                    at += 1;
                }
                None => {
                    let length = self.run(&mut line.run, columns + 1 - at)?;
                    line.current[at..at + length.samples].fill(around[0]);
                    at += length.samples;
                    if length.interrupted {
                        let [left, above, ..] = line.around(at);
                        line.current[at] = if (left - above).abs() <= self.p.near {
                            let error = self.interruption(1, J[line.run])?;
                            self.p.reconstruct(left, error)
                        } else {
                            let error = self.interruption(0, J[line.run])?;
                            self.p.reconstruct(above, if left > above { -error } else { error })
                        };
                        line.run = line.run.saturating_sub(1);
                        at += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// A line whose samples of a pixel stand together.
    fn pixels(&mut self, lines: &mut [Lines], columns: usize) -> Result<(), Error> {
        let mut run = lines.first().map_or(0, |line| line.run);
        let mut at = 1;
        while at <= columns {
            if lines.iter().any(|line| self.context(line.around(at)).is_some()) {
                for line in lines.iter_mut() {
                    let around = line.around(at);
                    // A component that is flat by itself is coded in the context of no gradient.
                    let context = self.context(around).unwrap_or((0, 1));
                    line.current[at] = self.regular(context, around)?;
                }
                at += 1;
                continue;
            }
            let length = self.run(&mut run, columns + 1 - at)?;
            for line in lines.iter_mut() {
                let left = line.current[at - 1];
                line.current[at..at + length.samples].fill(left);
            }
            at += length.samples;
            if length.interrupted {
                for line in lines.iter_mut() {
                    let [left, above, ..] = line.around(at);
                    let error = self.interruption(0, J[run])?;
                    line.current[at] = self.p.reconstruct(above, if left > above { -error } else { error });
                }
                run = run.saturating_sub(1);
                at += 1;
            }
        }
        lines.iter_mut().for_each(|line| line.run = run);
        Ok(())
    }

    /// The context of the gradients and its sign; `None` where all are flat, and run mode starts.
    #[inline]
    fn context(&self, [ra, rb, rc, rd]: [i32; 4]) -> Option<(usize, i32)> {
        let p = &self.p;
        let index = (p.region(rd - rb) * 9 + p.region(rb - rc)) * 9 + p.region(rc - ra);
        match index {
            0 => None,
            index => Some((index.unsigned_abs() as usize, index.signum())),
        }
    }

    fn regular(&mut self, (index, sign): (usize, i32), [ra, rb, rc, _]: [i32; 4]) -> Result<i32, Error> {
        let (low, high) = (ra.min(rb), ra.max(rb));
        let prediction = if rc >= high {
            low
        } else if rc <= low {
            high
        } else {
            ra + rb - rc
        };
        let context = self.contexts[index];
        let prediction = (prediction + sign * context.c).clamp(0, self.p.most);
        let k = context.k();
        let code = self.code(k, self.p.limit)?;
        let mut error = if code & 1 == 0 { (code >> 1) as i32 } else { -((code >> 1) as i32) - 1 };
        if self.p.near == 0 && k == 0 && 2 * context.b <= -context.n {
            error = -error - 1;
        }
        if error.abs() > self.p.range {
            return Err(damaged(NAME, "an error beyond the range"));
        }
        self.contexts[index].update(error, self.p.near, self.p.reset);
        Ok(self.p.reconstruct(prediction, sign * error))
    }

    fn run(&mut self, index: &mut usize, left: usize) -> Result<Run, Error> {
        let mut samples = 0;
        while self.bits.take(1)? == 1 {
            let length = 1usize << J[*index];
            if samples + length > left {
                return Ok(Run { samples: left, interrupted: false });
            }
            samples += length;
            *index = (*index + 1).min(31);
            if samples == left {
                return Ok(Run { samples, interrupted: false });
            }
        }
        samples += self.bits.take(J[*index])? as usize;
        if samples >= left {
            return Err(damaged(NAME, "a run beyond its line"));
        }
        Ok(Run { samples, interrupted: true })
    }

    /// The error, in steps, of the sample that ends a run; `alike` is 1 where its neighbours are.
    fn interruption(&mut self, alike: usize, order: u32) -> Result<i32, Error> {
        let context = self.runs[alike];
        let kind = alike as i32;
        let k = golomb(context.n, context.a + if alike == 1 { context.n >> 1 } else { 0 });
        let code = self.code(k, self.p.limit - order - 1)? as i32;
        let value = code + kind;
        let map = value & 1;
        let size = (value + map) / 2;
        let error = if (k != 0 || 2 * context.b >= context.n) == (map == 1) { -size } else { size };
        if size > self.p.range {
            return Err(damaged(NAME, "an error beyond the range"));
        }
        let context = &mut self.runs[alike];
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
        Ok(error)
    }

    /// A code word of limited length, T.87 A.5.3.
    fn code(&mut self, k: u32, limit: u32) -> Result<u32, Error> {
        let escape = limit - self.p.bits - 1;
        let zeros = self.bits.zeros(escape)?;
        if zeros < escape { Ok(zeros << k | self.bits.take(k)?) } else { Ok(self.bits.take(self.p.bits)? + 1) }
    }
}

struct Run {
    samples: usize,
    interrupted: bool,
}
