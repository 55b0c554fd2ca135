//! A small encoder of the cosine transform, for the tests: transforms in floating point, streams written bit by bit.

mod progressive;
mod writer;

use super::tables::ZIGZAG;
use writer::Writer;

/// Quantised coefficients of one component, in rows of 8, block by block.
pub(super) type Blocks = Vec<[i32; 64]>;

/// What to write.
#[derive(Clone)]
pub(super) struct Maker {
    /// n of SOFn: 1 or 2.
    pub(super) process: u8,
    pub(super) precision: u8,
    /// Columns and rows.
    pub(super) size: [usize; 2],
    /// Sampling factors of each component.
    pub(super) sampling: Vec<[usize; 2]>,
    /// The step of all coefficients.
    pub(super) step: u16,
    /// Units between restart markers; 0 for none.
    pub(super) restart: u16,
    /// Whether components share a scan; always so for the means of a progressive frame.
    pub(super) together: bool,
}

impl Maker {
    pub(super) fn gray(columns: usize, rows: usize, step: u16) -> Self {
        let sampling = vec![[1, 1]];
        Self { process: 1, precision: 12, size: [columns, rows], sampling, step, restart: 0, together: true }
    }

    fn most(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.sampling.iter().map(|s| s[axis]).max().unwrap())
    }

    fn units(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.size[axis].div_ceil(8 * self.most()[axis]))
    }

    /// DynSamples of a component, across and down.
    pub(super) fn extent(&self, component: usize) -> [usize; 2] {
        [0, 1].map(|axis| (self.size[axis] * self.sampling[component][axis]).div_ceil(self.most()[axis]))
    }

    /// Blocks in a row of a component, those that only fill up a unit included.
    pub(super) fn stride(&self, component: usize) -> usize {
        self.units()[0] * self.sampling[component][0]
    }

    /// Transforms the samples that `sample` gives for component, column and row.
    pub(super) fn transform(&self, sample: impl Fn(usize, usize, usize) -> f64) -> Vec<Blocks> {
        let half = f64::from(1u32 << (self.precision - 1));
        let component = |c: usize| {
            let (stride, rows) = (self.stride(c), self.units()[1] * self.sampling[c][1]);
            let block = |at: usize| {
                let (x, y) = (at % stride * 8, at / stride * 8);
                forward(&std::array::from_fn(|n| sample(c, x + n % 8, y + n / 8) - half))
                    .map(|value| (value / f64::from(self.step)).round() as i32)
            };
            (0..stride * rows).map(block).collect()
        };
        (0..self.sampling.len()).map(component).collect()
    }

    /// What the coefficients of a component stand for, in floating point: rows of `stride * 8` samples.
    pub(super) fn samples(&self, component: usize, blocks: &Blocks) -> Vec<f64> {
        let (stride, top) = (self.stride(component), f64::from((1u32 << self.precision) - 1));
        let mut samples = vec![0.0; blocks.len() * 64];
        for (at, block) in blocks.iter().enumerate() {
            let values = inverse(&block.map(|value| f64::from(value) * f64::from(self.step)));
            for (n, value) in values.iter().enumerate() {
                let (x, y) = (at % stride * 8 + n % 8, at / stride * 8 + n / 8);
                samples[y * stride * 8 + x] = (value + (top + 1.0) / 2.0).clamp(0.0, top);
            }
        }
        samples
    }

    /// The whole stream.
    pub(super) fn stream(&self, blocks: &[Blocks]) -> Vec<u8> {
        let mut writer = Writer::new();
        self.head(&mut writer);
        if self.process == 2 {
            progressive::scans(self, blocks, &mut writer);
        } else if self.together {
            self.scan(&mut writer, &Vec::from_iter(0..blocks.len()), blocks);
        } else {
            (0..blocks.len()).for_each(|component| self.scan(&mut writer, &[component], blocks));
        }
        writer.segment(0xD9, None);
        writer.bytes
    }

    fn head(&self, writer: &mut Writer) {
        writer.segment(0xD8, None);
        let steps = std::iter::repeat_n(self.step.to_be_bytes(), 64).flatten();
        writer.segment(0xDB, Some([0x10].into_iter().chain(steps).collect()));
        writer.tables();
        if self.restart > 0 {
            writer.segment(0xDD, Some(self.restart.to_be_bytes().to_vec()));
        }
        let [columns, rows] = self.size.map(|n| (n as u16).to_be_bytes());
        let mut frame = vec![self.precision, rows[0], rows[1], columns[0], columns[1], self.sampling.len() as u8];
        for (name, [across, down]) in (1..).zip(&self.sampling) {
            frame.extend([name, (across << 4 | down) as u8, 0]);
        }
        writer.segment(0xC0 + self.process, Some(frame));
    }

    /// Starts a scan of `components` with coefficients `band`, bits `high` (0 for all above) to `low`.
    fn start(&self, writer: &mut Writer, components: &[usize], band: [u8; 2], [high, low]: [u8; 2]) {
        let names = components.iter().flat_map(|&c| [c as u8 + 1, 0]);
        let body = [components.len() as u8].into_iter().chain(names).chain([band[0], band[1], high << 4 | low]);
        writer.segment(0xDA, Some(body.collect()));
    }

    /// Calls `block` with component and place of every block of a scan, after `restart` where a marker is due.
    fn walk<W>(
        &self,
        state: &mut W,
        components: &[usize],
        restart: impl Fn(&mut W, u8),
        block: impl Fn(&mut W, usize, usize),
    ) {
        let units: Vec<Vec<(usize, usize)>> = if let &[c] = components {
            let [across, down] = self.extent(c).map(|n| n.div_ceil(8));
            let places = (0..down).flat_map(|y| (0..across).map(move |x| (y, x)));
            places.map(|(y, x)| vec![(c, y * self.stride(c) + x)]).collect()
        } else {
            let [across, down] = self.units();
            let unit = |(y, x): (usize, usize)| {
                let part = |&c: &usize| {
                    let [wide, high] = self.sampling[c];
                    let places = (0..high).flat_map(move |v| (0..wide).map(move |h| (y * high + v, x * wide + h)));
                    places.map(move |(row, column)| (c, row * self.stride(c) + column)).collect::<Vec<_>>()
                };
                components.iter().flat_map(part).collect()
            };
            (0..down).flat_map(|y| (0..across).map(move |x| (y, x))).map(unit).collect()
        };
        for (at, unit) in units.iter().enumerate() {
            if self.restart > 0 && at > 0 && at % usize::from(self.restart) == 0 {
                restart(state, ((at / usize::from(self.restart) - 1) % 8) as u8);
            }
            unit.iter().for_each(|&(component, place)| block(state, component, place));
        }
    }

    /// A sequential scan.
    fn scan(&self, writer: &mut Writer, components: &[usize], blocks: &[Blocks]) {
        // The band is what encoders of medical images write: no coefficient but the mean. It means nothing.
        self.start(writer, components, [0, 0], [0, 0]);
        let mut state = (writer, [0; 4]);
        let restart = |state: &mut (&mut Writer, [i32; 4]), number| {
            state.0.restart(number);
            state.1 = [0; 4];
        };
        self.walk(&mut state, components, restart, |(writer, last), component, place| {
            let block = &blocks[component][place];
            writer.mean(block[0] - last[component]);
            last[component] = block[0];
            let mut run = 0;
            for &place in &ZIGZAG[1..] {
                match block[usize::from(place)] {
                    0 => run += 1,
                    value => {
                        (0..run / 16).for_each(|_| writer.symbol(0xF0));
                        writer.number(run % 16, value);
                        run = 0;
                    }
                }
            }
            if run > 0 {
                writer.symbol(0);
            }
        });
        state.0.flush();
    }
}

/// The cosine transform of a block by its definition.
pub(super) fn forward(samples: &[f64; 64]) -> [f64; 64] {
    let basis = basis();
    std::array::from_fn(|at| {
        let (v, u) = (at / 8, at % 8);
        (0..64).map(|n| samples[n] * basis[u][n % 8] * basis[v][n / 8]).sum()
    })
}

/// Its inverse.
pub(super) fn inverse(coefficients: &[f64; 64]) -> [f64; 64] {
    let basis = basis();
    std::array::from_fn(|n| (0..64).map(|at| coefficients[at] * basis[at % 8][n % 8] * basis[at / 8][n / 8]).sum())
}

/// By frequency and place: half of c cos((2n + 1) k pi / 16), c being the root of one half for k = 0.
fn basis() -> [[f64; 8]; 8] {
    // cos(pi / 16) by halving the angle of pi / 4 twice, the others by cos((n + 1) t) = 2 cos t cos nt - cos((n - 1) t).
    let halve = |cosine: f64| ((1.0 + cosine) / 2.0).sqrt();
    let first = halve(halve(0.5f64.sqrt()));
    let mut cosines = [1.0, first].to_vec();
    while cosines.len() < 8 * 15 {
        cosines.push(2.0 * first * cosines[cosines.len() - 1] - cosines[cosines.len() - 2]);
    }
    std::array::from_fn(|k| {
        let scale = if k == 0 { 0.125f64.sqrt() } else { 0.5 };
        std::array::from_fn(|n| scale * cosines[(2 * n + 1) * k])
    })
}
