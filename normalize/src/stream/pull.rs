//! Blocks of what steps make, asked of each other down to the source.

use isocenter_volume::{Ctx, Geometry, Head, IndexMap, Volume};

use super::{Source, map_of};
use crate::{
    Error,
    pipeline::{Pointwise, probe},
    spatial::{Block, Chain, Link},
};

/// The source and what is done to it, in order.
pub(super) struct Stack<'s> {
    source: &'s mut dyn Source,
    levels: Vec<Level>,
    /// Of the values as they are by now.
    head: Head,
}

struct Level {
    work: Work,
    /// The grid that comes in.
    from: Geometry,
}

enum Work {
    Exact(IndexMap, f32),
    Sample { link: Box<Link>, to: Box<Geometry>, lowest: f32 },
    Maps(Pointwise),
}

impl<'s> Stack<'s> {
    pub(super) fn new(source: &'s mut dyn Source) -> Result<Self, Error> {
        let stored = source.head();
        let scaling =
            isocenter_volume::Scaling::uniform(isocenter_volume::Rescale::IDENTITY, stored.scaling().unit().clone());
        let head = stored.clone().with_scaling(scaling)?;
        Ok(Self { source, levels: Vec::new(), head })
    }

    pub(super) const fn head(&self) -> &Head {
        &self.head
    }

    pub(super) const fn geometry(&self) -> &Geometry {
        self.head.geometry()
    }

    /// One voxel with the facts and the unit of the values as they are by now.
    pub(super) fn probe(&self) -> Result<Volume<f32>, Error> {
        probe(&self.head)
    }

    pub(super) fn push_chain(&mut self, chain: &Chain, lowest: f32) -> Result<(), Error> {
        for link in chain.links() {
            let from = self.head.geometry().clone();
            let (work, to) = match link {
                Link::Exact(map, fill) => (Work::Exact(map, fill.value(lowest)), from.remap(&map)?),
                Link::Sample(ref to, _) => {
                    (Work::Sample { to: Box::new(to.clone()), link: Box::new(link.clone()), lowest }, to.clone())
                }
            };
            self.levels.push(Level { work, from });
            self.head = self.head.clone().with_geometry(to)?;
        }
        Ok(())
    }

    pub(super) fn push_maps(&mut self, maps: Pointwise) -> Result<(), Error> {
        let (after, _) = maps.clone().apply(self.probe()?, &Ctx::default())?;
        let (scaling, meta) = (after.scaling().clone(), after.meta().clone());
        self.head = self.head.clone().with_scaling(scaling)?.with_meta(meta);
        self.levels.push(Level { work: Work::Maps(maps), from: self.head.geometry().clone() });
        Ok(())
    }

    /// Samples that are read of the source for a block of the result.
    pub(super) fn needs(&self, block: Block) -> Result<usize, Error> {
        let mut block = block;
        let mut most = block.size.iter().product::<usize>();
        for level in self.levels.iter().rev() {
            block = level.reads(block)?;
            most = most.max(block.size.iter().product());
        }
        Ok(most)
    }

    /// A block of one step of the result.
    pub(super) fn pull(&mut self, step: usize, block: Block, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        self.at(self.levels.len(), step, block, ctx)
    }

    fn at(&mut self, level: usize, step: usize, block: Block, ctx: &Ctx<'_>) -> Result<Volume<f32>, Error> {
        let Some(below) = level.checked_sub(1) else {
            let head = self.source.head();
            let grid = head.geometry().remap(&map_of(block, head.shape())?)?;
            let unit = head.scaling().unit().clone();
            let head = Head::new(grid)
                .with_meta(head.meta().clone())
                .with_scaling(isocenter_volume::Scaling::uniform(isocenter_volume::Rescale::IDENTITY, unit))?;
            let mut samples = vec![0f32; head.len()];
            self.source.block(step, block, &mut samples)?;
            return Ok(Volume::from_parts(head, samples)?);
        };
        let reads = self.levels[below].reads(block)?;
        let part = self.at(below, step, reads, ctx)?;
        let Level { work, from } = &self.levels[below];
        match work {
            Work::Maps(maps) => Ok(maps.clone().apply(part, ctx)?.0),
            Work::Exact(map, fill) => {
                // from the part to the block: back to the whole, through the map, to the block
                let back = map_of(reads, from.shape())?.inverse();
                let whole = map.then(&map_of(block, map.shape())?)?;
                Ok(part.remap(&back.then(&whole)?, *fill, ctx)?)
            }
            Work::Sample { link, to, lowest } => {
                let grid = to.remap(&map_of(block, to.shape())?)?;
                link.sample(&part, &grid, *lowest, ctx)
            }
        }
    }
}

impl Level {
    /// The block of what comes in that a block of the result is made from.
    fn reads(&self, block: Block) -> Result<Block, Error> {
        let shape = self.from.shape();
        let (low, high) = match &self.work {
            Work::Maps(_) => return Ok(block),
            Work::Exact(map, _) => {
                let ends = [block.start, [0, 1, 2].map(|a| block.start[a] + block.size[a] - 1)];
                let [a, b] = ends.map(|end| map.source_of(end.map(|v| v as i64)));
                ([0, 1, 2].map(|x| a[x].min(b[x]) as f64), [0, 1, 2].map(|x| a[x].max(b[x]) as f64))
            }
            Work::Sample { link, to, .. } => {
                let corners =
                    to.remap(&map_of(block, to.shape())?)?.corners_mm().map(|corner| self.from.index_of(corner));
                let reach = link.reach(&self.from, to);
                let least = |a: usize| corners.iter().map(|c| c[a]).fold(f64::INFINITY, f64::min).floor();
                let most = |a: usize| corners.iter().map(|c| c[a]).fold(f64::NEG_INFINITY, f64::max).ceil();
                ([0, 1, 2].map(|a| least(a) - reach[a]), [0, 1, 2].map(|a| most(a) + reach[a]))
            }
        };
        // never nothing: what lies wholly outside is made from the border's voxels, as the whole would be
        let start = [0, 1, 2].map(|a| low[a].clamp(0.0, (shape[a] - 1) as f64) as usize);
        let end = [0, 1, 2].map(|a| high[a].clamp(0.0, (shape[a] - 1) as f64) as usize);
        Ok(Block { start, size: [0, 1, 2].map(|a| end[a] - start[a] + 1) })
    }
}
