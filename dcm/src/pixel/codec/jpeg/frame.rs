//! The frame being decoded: components and their coefficients.
//!
//! Source: ITU-T T.81 A.1.1 (dimensions and sampling factors), A.2 (order of blocks).

use super::block::Block;
use super::header::FrameHeader;
use super::tables::Tables;
use super::upsample::{self, Halves};
use super::{NAME, Values, damaged, idct, idct8};
use crate::Error;

pub(super) struct Frame {
    pub(super) progressive: bool,
    precision: u32,
    rows: usize,
    columns: usize,
    /// The largest sampling factors, across and down.
    pub(super) most: [usize; 2],
    /// Units of a scan of several components, across and down.
    pub(super) units: [usize; 2],
    pub(super) components: Vec<Component>,
}

pub(super) struct Component {
    pub(super) name: u8,
    /// Blocks in a unit of a scan of several components, across and down.
    pub(super) sampling: [usize; 2],
    table: usize,
    /// DynSamples that the component has, across and down.
    size: [usize; 2],
    /// Blocks that cover them, and that a scan of this component alone has.
    pub(super) covering: [usize; 2],
    /// Blocks from one row of them to the next.
    pub(super) stride: usize,
    pub(super) blocks: Vec<Block>,
    /// Steps as they were at the first scan.
    steps: Option<[u16; 64]>,
    /// By coefficient: how many of its last bits are still to come; `None` before its first scan.
    pub(super) missing: [Option<u8>; 64],
}

impl Frame {
    /// Reserves the coefficients; `bytes`, the size of the stream, bounds how many blocks there can be.
    pub(super) fn new(header: &FrameHeader, rows: u16, bytes: usize) -> Result<Self, Error> {
        let parts = &header.components;
        if parts.iter().any(|p| p.sampling.iter().any(|s| !(1..=4).contains(s))) {
            return Err(damaged(NAME, "a sampling factor is not 1 to 4"));
        }
        let most = [0, 1].map(|axis| parts.iter().map(|p| usize::from(p.sampling[axis])).max().unwrap_or(1));
        let extent = [usize::from(header.columns), usize::from(rows)];
        let units = [0, 1].map(|axis| extent[axis].div_ceil(8 * most[axis]));
        let mut total = 0;
        let mut components = Vec::with_capacity(parts.len());
        for part in parts {
            let sampling = part.sampling.map(usize::from);
            let size = [0, 1].map(|axis| (extent[axis] * sampling[axis]).div_ceil(most[axis]));
            let covering = size.map(|samples| samples.div_ceil(8));
            total += covering[0] * covering[1];
            components.push(Component {
                name: part.name,
                sampling,
                table: usize::from(part.table),
                size,
                covering,
                stride: units[0] * sampling[0],
                blocks: Vec::new(),
                steps: None,
                missing: [None; 64],
            });
        }
        // Each block takes a bit at least.
        if total > bytes.saturating_mul(8) {
            return Err(damaged(NAME, "too short for the size of the image"));
        }
        for component in &mut components {
            component.blocks = vec![[0; 64]; component.stride * units[1] * component.sampling[1]];
        }
        let (precision, progressive) = (u32::from(header.precision), header.process == 2);
        Ok(Self { progressive, precision, rows: extent[1], columns: extent[0], most, units, components })
    }

    /// Whether every component has had its scan, or the first of its scans.
    pub(super) fn is_complete(&self) -> bool {
        self.components.iter().all(|c| c.missing[0].is_some())
    }

    /// Whether no bit of a coefficient is to come.
    pub(super) fn is_final(&self) -> bool {
        self.components.iter().all(|c| c.missing.iter().all(|&m| m == Some(0)))
    }

    /// The samples, those of a pixel together.
    pub(super) fn samples(self) -> Result<Values, Error> {
        Ok(match self.precision {
            ..=8 => Values::Bytes(self.spread(Halves::Up, |sample| sample as u8)?),
            _ => Values::Words(self.spread(Halves::Alternate, |sample| sample as u16)?),
        })
    }

    fn spread<T: Copy + Default>(mut self, halves: Halves, sample: impl Fn(i32) -> T) -> Result<Vec<T>, Error> {
        let mut values = vec![T::default(); self.rows * self.columns * self.components.len()];
        let count = self.components.len();
        for (at, component) in self.components.iter_mut().enumerate() {
            let plane = component.plane(self.precision)?;
            let sampling = upsample::Sampling { own: component.sampling, most: self.most, halves };
            upsample::spread(&plane, sampling, self.columns, (at, count), &mut values, &sample);
        }
        Ok(values)
    }
}

impl Component {
    /// Keeps the steps of the component's first scan: later tables are meant for others.
    pub(super) fn start(&mut self, tables: &Tables) -> Result<(), Error> {
        if self.steps.is_none() {
            self.steps = tables.steps.get(self.table).copied().flatten();
        }
        self.steps.map(|_| ()).ok_or_else(|| damaged(NAME, "a quantisation table is missing"))
    }

    /// The samples of the component, which gives up its coefficients.
    fn plane(&mut self, precision: u32) -> Result<upsample::Plane, Error> {
        let steps = self.steps.ok_or_else(|| damaged(NAME, "a quantisation table is missing"))?;
        let blocks = std::mem::take(&mut self.blocks);
        let stride = self.stride * 8;
        let mut samples = vec![0; blocks.len() * 64];
        // A row of blocks is 8 rows of samples.
        for (out, row) in samples.chunks_exact_mut(stride * 8).zip(blocks.chunks_exact(self.stride)) {
            for (column, block) in row.iter().enumerate().take(self.covering[0]) {
                let block = match precision {
                    8 => idct8::block(block, &steps),
                    _ => idct::block(block, &steps, precision),
                };
                for (line, eight) in out.chunks_exact_mut(stride).zip(block.chunks_exact(8)) {
                    line[column * 8..column * 8 + 8].copy_from_slice(eight);
                }
            }
        }
        Ok(upsample::Plane { samples, stride, size: self.size })
    }
}
