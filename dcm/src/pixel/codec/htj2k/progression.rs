//! The order in which packets come.
//!
//! A packet is what one layer adds to one precinct of one resolution of one component. The standard's nested loops are written
//! here as a sort: the loops over positions would run over the whole reference grid, whatever it holds.
//!
//! Source: ITU-T T.800, B.12.1.

use super::geometry::{Component, Rect};
use super::style::{Order, Progression};

/// One packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    pub(super) layer: u16,
    pub(super) component: u8,
    pub(super) resolution: u8,
    pub(super) precinct: u32,
}

/// All packets of a tile.
pub(super) fn packets(order: &Order, components: &[Component], tile: &Rect) -> Vec<Packet> {
    // A precinct with its place (y, x).
    let mut places = Vec::new();
    for (component, parts) in (0u8..).zip(components) {
        for (resolution, part) in (0u8..).zip(&parts.resolutions) {
            for precinct in 0..part.precincts() as u32 {
                let packet = Packet { layer: 0, component, resolution, precinct };
                places.push((part.place(precinct, tile), packet));
            }
        }
    }
    places.sort_by_key(|&((y, x), packet)| {
        let (c, r) = (u64::from(packet.component), u64::from(packet.resolution));
        match order.progression {
            Progression::Lrcp | Progression::Rlcp => [r, c, 0, 0],
            Progression::Rpcl => [r, y, x, c],
            Progression::Pcrl => [y, x, c, r],
            Progression::Cprl => [c, y, x, r],
        }
    });
    let layers = 0..order.layers;
    let with = |layer: u16| move |packet: Packet| Packet { layer, ..packet };
    let packets = places.into_iter().map(|(_, packet)| packet);
    match order.progression {
        Progression::Lrcp => layers.flat_map(|layer| packets.clone().map(with(layer))).collect(),
        Progression::Rlcp => {
            let packets: Vec<_> = packets.collect();
            let resolutions = packets.chunk_by(|a, b| a.resolution == b.resolution);
            resolutions.flat_map(|part| layers.clone().flat_map(|l| part.iter().copied().map(with(l)))).collect()
        }
        _ => packets.flat_map(|packet| layers.clone().map(move |layer| Packet { layer, ..packet })).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::style::Markers;
    use super::*;

    /// Two components of a tile of 8x8, two resolutions, precincts of 4x4 (so 1 and 4 of them), two layers.
    fn order(progression: Progression) -> Vec<[u32; 4]> {
        let mut main = Markers::default();
        main.read(0x52, &[1, 0, 0, 2, 0, 1, 0, 0, 0x40, 1, 0x22, 0x22]).unwrap();
        main.read(0x5C, &[&[0x20][..], &[8 << 3; 4]].concat()).unwrap();
        let tile = Rect { x0: 0, y0: 0, x1: 8, y1: 8 };
        let none = Markers::default();
        let component =
            || Component::new(&tile, none.style(&main, 0).unwrap(), none.steps(&main, 0).unwrap(), 8).unwrap();
        let order = Order { progression, layers: 2, transform: false };
        let packets = packets(&order, &[component(), component()], &tile);
        packets.iter().map(|p| [p.layer.into(), p.resolution.into(), p.component.into(), p.precinct]).collect()
    }

    #[test]
    fn packets_come_as_the_nested_loops_say() {
        let counts = |resolution: u32| if resolution == 0 { 0..1 } else { 0..4u32 };
        let mut lrcp = Vec::new();
        for l in 0..2 {
            for r in 0..2 {
                for c in 0..2 {
                    lrcp.extend(counts(r).map(|p| [l, r, c, p]));
                }
            }
        }
        assert_eq!(order(Progression::Lrcp), lrcp);
        let mut rlcp = lrcp.clone();
        rlcp.sort_by_key(|&[l, r, c, p]| [r, l, c, p]);
        assert_eq!(order(Progression::Rlcp), rlcp);
        // All precincts of the finer resolution start at (0, 0), (0, 4), (4, 0) and (4, 4).
        let mut rpcl = lrcp.clone();
        rpcl.sort_by_key(|&[l, r, c, p]| [r, p, c, l]);
        assert_eq!(order(Progression::Rpcl), rpcl);
        let mut pcrl = lrcp.clone();
        pcrl.sort_by_key(|&[l, r, c, p]| [p, c, r, l]);
        assert_eq!(order(Progression::Pcrl), pcrl);
        let mut cprl = lrcp;
        cprl.sort_by_key(|&[l, r, c, p]| [c, p, r, l]);
        assert_eq!(order(Progression::Cprl), cprl);
    }
}
