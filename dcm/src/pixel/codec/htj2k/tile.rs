//! One tile: packets to blocks, blocks to subbands, subbands to samples.

use std::borrow::Cow;

use super::block::{self, Coded};
use super::geometry::{Band, Block, Component, Rect};
use super::header::Tile;
use super::output::Samples;
use super::style::{Markers, Style};
use super::wavelet::{Coefficient, Plane, join};
use super::{NAME, damaged, packet, progression};
use crate::Error;

/// How many blocks a packet header may pass by without coding them, for each sample and byte of the tile: a stream of many
/// layers that add nothing would keep the decoder busy for nothing.
const VISITS: u64 = 64;

/// Decodes a tile: the samples of each component, and whether the component transform is to be undone.
pub(super) fn decode(
    tile: &Tile,
    main: &Markers,
    components: usize,
    precision: u8,
    decoder: &mut block::Decoder,
) -> Result<(Vec<Samples>, bool), Error> {
    let order = tile.markers.order.or(main.order).ok_or_else(|| damaged(NAME, "no coding style"))?;
    let (mut parts, mut styles) = (Vec::new(), Vec::new());
    for index in 0..components {
        let style = *tile.markers.style(main, index).ok_or_else(|| damaged(NAME, "no coding style"))?;
        let steps = tile.markers.steps(main, index).ok_or_else(|| damaged(NAME, "step sizes are missing"))?;
        parts.push(Component::new(&tile.rect, &style, steps, precision)?);
        styles.push(style);
    }
    let data = match tile.parts.as_slice() {
        &[one] => Cow::Borrowed(one),
        all => Cow::Owned(all.concat()),
    };
    // Each packet takes a byte at least, so that the stream bounds what is reserved for them.
    let packets = parts.iter().map(Component::precincts).sum::<u64>().saturating_mul(u64::from(order.layers));
    if packets > data.len() as u64 {
        return Err(damaged(NAME, "fewer bytes than packets"));
    }
    parts.iter_mut().zip(&styles).for_each(|(part, style)| part.fill(style));
    read_packets(tile, &order, &mut parts, &data)?;
    let decode = |(part, style): (&Component, &Style)| {
        Ok(if style.reversible {
            Samples::Whole(component(part, style, &data, decoder)?)
        } else {
            Samples::Real(component(part, style, &data, decoder)?)
        })
    };
    let samples = parts.iter().zip(&styles).map(decode).collect::<Result<_, Error>>()?;
    Ok((samples, order.transform))
}

fn read_packets(tile: &Tile, order: &super::style::Order, parts: &mut [Component], data: &[u8]) -> Result<(), Error> {
    let mut visits = (tile.rect.area() * parts.len() as u64 + data.len() as u64).saturating_mul(VISITS);
    let (mut at, mut segments) = (0, Vec::new());
    for next in progression::packets(order, parts, &tile.rect) {
        let part = parts.get_mut(usize::from(next.component));
        let Some(resolution) = part.and_then(|part| part.resolutions.get_mut(usize::from(next.resolution))) else {
            continue;
        };
        let blocks = |band: &Band| band.precincts.get(next.precinct as usize).map_or(0, |p| p.blocks.len());
        let visited = resolution.bands.iter().map(blocks).sum::<usize>() as u64;
        visits = visits.checked_sub(visited).ok_or_else(|| damaged(NAME, "more layers than there can be"))?;
        at = packet::read(data, at, resolution, next.precinct, next.layer, &mut segments)?;
    }
    Ok(())
}

/// The samples of a component, before offset and component transform.
fn component<T: Coefficient>(
    part: &Component,
    style: &Style,
    data: &[u8],
    decoder: &mut block::Decoder,
) -> Result<Plane<T>, Error> {
    let mut image = Plane::new(Rect { x0: 0, y0: 0, x1: 0, y1: 0 });
    for resolution in &part.resolutions {
        image = match resolution.bands.as_slice() {
            [low] => band(low, style, data, decoder)?,
            [hl, lh, hh] => {
                let details =
                    [band(hl, style, data, decoder)?, band(lh, style, data, decoder)?, band(hh, style, data, decoder)?];
                join(&image, &details, resolution.rect)
            }
            _ => return Err(damaged(NAME, "a resolution without subbands")),
        };
    }
    Ok(image)
}

fn band<T: Coefficient>(
    band: &Band,
    style: &Style,
    data: &[u8],
    decoder: &mut block::Decoder,
) -> Result<Plane<T>, Error> {
    let mut plane = Plane::new(band.rect);
    let width = band.rect.width();
    for block in band.precincts.iter().flat_map(|precinct| &precinct.blocks) {
        let Some((rows, stride)) = decode_block(block, band, style, data, decoder)? else { continue };
        let places = plane.samples.chunks_exact_mut(width).skip(block.y as usize);
        for (row, words) in places.zip(rows.chunks_exact(stride)).take(usize::from(block.height)) {
            let row = row.get_mut(block.x as usize..).unwrap_or_default();
            let row = row.iter_mut().take(usize::from(block.width));
            row.zip(words).for_each(|(to, &word)| *to = T::of(word, band.step));
        }
    }
    Ok(plane)
}

/// The words of a block, and the distance of rows; `None` where nothing was coded.
fn decode_block<'a>(
    block: &Block,
    band: &Band,
    style: &Style,
    data: &[u8],
    decoder: &'a mut block::Decoder,
) -> Result<Option<(&'a [u32], usize)>, Error> {
    let Some(missing) = block.missing.filter(|_| !block.cleanup.is_empty()) else { return Ok(None) };
    let missing = missing.saturating_add(block.set as u8);
    let plane = band.planes.checked_sub(missing).and_then(|left| left.checked_sub(1));
    let plane = plane.ok_or_else(|| damaged(NAME, "a block without bit planes"))?;
    let bytes = |range: &std::ops::Range<usize>| data.get(range.clone()).unwrap_or_default();
    let refinement = match block.refinement.as_slice() {
        [] => Cow::Borrowed(&[][..]),
        [one] => Cow::Borrowed(bytes(one)),
        parts => Cow::Owned(parts.iter().map(bytes).collect::<Vec<_>>().concat()),
    };
    let coded = Coded {
        width: usize::from(block.width),
        height: usize::from(block.height),
        plane,
        missing,
        cleanup: bytes(&block.cleanup),
        // A block that announces passes without bytes for them has none.
        passes: if refinement.is_empty() { 1 } else { 1 + block.refined },
        refinement: &refinement,
        causal: style.causal,
    };
    decoder.decode(&coded).map(Some)
}
