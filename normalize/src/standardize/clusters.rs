//! Fuzzy c-means of sample values.

use isocenter_volume::{Ctx, Mask, Volume};

use super::tally::{BINS, Node, Tally};
use crate::{Error, Region};

/// Centres of fuzzy clusters of values, ascending.
///
/// The membership of a value at distance `d` from a centre is proportional to `d^(-2 / (m - 1))` and adds up to 1 over the clusters;
/// a centre is the mean of all values weighted by membership to the power `m`. Both are repeated until the centres stand still. The
/// first centres are quantiles and not random, so that every run gives the same bits; scikit-fuzzy's `cmeans` comes to the same
/// centres where it is given the time. Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms (1981).
///
/// # Examples
/// ```
/// use isocenter_normalize::{Region, standardize::Clusters};
/// use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};
///
/// let grid = Geometry::new([90, 1, 1], Affine::IDENTITY, Frame::Unknown)?;
/// let image = Volume::new((0..90).map(|n| [20.0, 60.0, 100.0][n / 30] + (n % 3) as f32).collect::<Vec<_>>(), grid)?;
/// let found = Clusters::of(&image, 3, 2.0, Region::All, None, &Ctx::default())?;
/// assert!(found.centres().iter().zip([21.0, 61.0, 101.0]).all(|(a, b)| (a - b).abs() < 0.1));
/// # Ok::<_, isocenter_normalize::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Clusters {
    centres: Vec<f64>,
    fuzziness: f64,
    means: Vec<f64>,
    count: u64,
}

impl Clusters {
    /// Most clusters.
    pub const MAX: usize = 16;

    /// Clusters of a region of an image.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless there are from 2 to [`Clusters::MAX`] clusters and the fuzziness is from 1.05 to 20,
    /// [`Error::TooFew`] for fewer values than clusters, [`Error::Constant`], [`Error::EmptyRegion`], [`Error::NotReal`], [`Error::Cancelled`].
    pub fn of(
        volume: &Volume<f32>,
        clusters: usize,
        fuzziness: f64,
        region: Region,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        check(clusters, fuzziness)?;
        let samples = region.select(volume, mask, ctx)?.samples(ctx)?;
        if samples.is_empty() {
            return Err(Error::EmptyRegion { region: region.name() });
        }
        let tally = Tally::of(&samples, f64::INFINITY, ctx)?;
        if tally.nodes.len() < clusters {
            return Err(Error::TooFew { wanted: clusters as u64, found: tally.nodes.len() as u64 });
        }
        let range = tally.high - tally.low;
        let mut centres = quantiles(&tally, clusters);
        // most of the way on coarser bins
        let coarse = tally.coarser(range / COARSE);
        let stage = ctx.stage("clusters", 2);
        for nodes in [&coarse, &tally.nodes] {
            for _ in 0..MAX_ROUNDS {
                stage.check()?;
                let next = step(nodes, &centres, fuzziness);
                let moved = next.iter().zip(&centres).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                centres = next;
                if moved <= STILL * range {
                    break;
                }
            }
            stage.advance(1)?;
        }
        centres.sort_by(f64::total_cmp);
        let means = means(&tally.nodes, &centres, fuzziness);
        Ok(Self { centres, fuzziness, means, count: tally.count as u64 })
    }

    /// The centres, in the unit of the image.
    pub fn centres(&self) -> &[f64] {
        &self.centres
    }

    /// The exponent `m` of memberships.
    pub const fn fuzziness(&self) -> f64 {
        self.fuzziness
    }

    /// The mean of all values weighted by their membership (to the power 1) in each cluster, in the unit of the image.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// Samples that were clustered.
    pub const fn samples(&self) -> u64 {
        self.count
    }

    /// The membership of a value in each cluster; they add up to 1.
    pub fn memberships(&self, value: f64) -> Vec<f64> {
        let mut out = vec![0.0; self.centres.len()];
        memberships(value, &self.centres, self.fuzziness, &mut out);
        out
    }
}

/// Checks what recipes say.
pub(super) fn check(clusters: usize, fuzziness: f64) -> Result<(), Error> {
    if !(2..=Clusters::MAX).contains(&clusters) {
        return Err(Error::BadParameter { what: "clusters", wanted: "from 2 to 16", found: clusters as f64 });
    }
    if !(1.05..=20.0).contains(&fuzziness) {
        return Err(Error::BadParameter { what: "fuzziness", wanted: "from 1.05 to 20", found: fuzziness });
    }
    Ok(())
}

/// The values at the middle of equal shares of the samples; equal ones are spread, for two centres at one place never part.
fn quantiles(tally: &Tally, clusters: usize) -> Vec<f64> {
    let mut found = Vec::with_capacity(clusters);
    let (mut before, mut nodes) = (0.0, tally.nodes.iter());
    let mut at = tally.low;
    for n in 0..clusters {
        let wanted = (n as f64 + 0.5) / clusters as f64 * tally.count;
        while before < wanted {
            let Some(node) = nodes.next() else { break };
            (before, at) = (before + node.count, node.value);
        }
        found.push(at);
    }
    let range = tally.high - tally.low;
    let is_apart = found.windows(2).all(|w| w[1] - w[0] > range * APART);
    if is_apart {
        found
    } else {
        (0..clusters).map(|n| tally.low + range * (n as f64 + 0.5) / clusters as f64).collect()
    }
}

/// The centres after one more round.
fn step(nodes: &[Node], centres: &[f64], fuzziness: f64) -> Vec<f64> {
    let mut sums = [[0.0f64; 2]; Clusters::MAX];
    let mut weights = [0.0f64; Clusters::MAX];
    let weights = &mut weights[..centres.len()];
    for node in nodes {
        memberships(node.value, centres, fuzziness, weights);
        for (sum, u) in sums.iter_mut().zip(weights.iter()) {
            let power = if fuzziness == 2.0 { u * u } else { libm::pow(*u, fuzziness) };
            sum[0] += node.count * power;
            sum[1] += node.count * power * node.value;
        }
    }
    centres.iter().zip(sums).map(|(c, [weight, sum])| if weight > 0.0 { sum / weight } else { *c }).collect()
}

fn means(nodes: &[Node], centres: &[f64], fuzziness: f64) -> Vec<f64> {
    let mut weights = vec![0.0; centres.len()];
    let mut sums = vec![[0.0; 2]; centres.len()];
    for node in nodes {
        memberships(node.value, centres, fuzziness, &mut weights);
        for (sum, u) in sums.iter_mut().zip(&weights) {
            sum[0] += node.count * u;
            sum[1] += node.count * u * node.value;
        }
    }
    centres.iter().zip(sums).map(|(c, [weight, sum])| if weight > 0.0 { sum / weight } else { *c }).collect()
}

#[inline]
fn memberships(value: f64, centres: &[f64], fuzziness: f64, out: &mut [f64]) {
    let nearest =
        centres.iter().map(|c| (value - c) * (value - c)).fold(f64::INFINITY, f64::min).max(f64::MIN_POSITIVE);
    // relative to the nearest centre, so that nothing overflows at a centre
    for (o, centre) in out.iter_mut().zip(centres) {
        let d = (value - centre) * (value - centre);
        let ratio = nearest / d.max(f64::MIN_POSITIVE);
        *o = if fuzziness == 2.0 { ratio } else { libm::pow(ratio, 1.0 / (fuzziness - 1.0)) };
    }
    let sum: f64 = out.iter().sum();
    out.iter_mut().for_each(|o| *o /= sum);
}

/// Bins of the first rounds.
const COARSE: f64 = (BINS / 16) as f64;

/// Most rounds; centres of real images stand still after about a hundred.
const MAX_ROUNDS: usize = 2000;

/// A centre that moves by less than this part of the range stands still.
const STILL: f64 = 1e-9;

/// First centres are at least this part of the range apart.
const APART: f64 = 1e-3;
