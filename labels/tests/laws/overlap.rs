//! Overlap is 1 with itself, symmetric, and ordered.

use isocenter_labels::{Connectivity, overlap::overlap, stats::label_stats};
use isocenter_volume::{Ctx, LabelMap, components::Pieces};
use proptest::prelude::*;

use crate::strategy;

fn pair() -> impl Strategy<Value = (LabelMap, LabelMap)> {
    strategy::label_map().prop_flat_map(|a| {
        let n = a.geometry().len();
        (Just(a), proptest::collection::vec(0..4u32, n)).prop_map(|(a, v)| {
            let b = LabelMap::new(vec![v], a.geometry().clone(), vec![]).unwrap();
            (a, b)
        })
    })
}

/// Pieces by comparing every voxel with every other until nothing changes: slow and plain.
fn pieces(map: &LabelMap, reach: i64) -> usize {
    let [nx, ny, nz] = map.geometry().shape();
    let voxels = map.layers()[0].to_u32();
    let at = |n: usize| [n % nx, n / nx % ny, n / nx / ny].map(|v| v as i64);
    let mut piece: Vec<usize> = (0..nx * ny * nz).collect();
    loop {
        let mut changed = false;
        for a in 0..voxels.len() {
            for b in 0..voxels.len() {
                let d = [0, 1, 2].map(|c| (at(a)[c] - at(b)[c]).abs());
                let near = d.iter().all(|&d| d <= 1) && d.iter().sum::<i64>() <= reach;
                if near && voxels[a] != 0 && voxels[a] == voxels[b] && piece[b] < piece[a] {
                    piece[a] = piece[b];
                    changed = true;
                }
            }
        }
        if !changed {
            return (0..voxels.len()).filter(|&n| voxels[n] != 0 && piece[n] == n).count();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn dice_with_itself_is_one(map in strategy::label_map()) {
        for line in overlap(&map, &map, &Ctx::default()).unwrap() {
            prop_assert_eq!((line.dice(), line.jaccard(), line.volume_similarity()), (Some(1.0), Some(1.0), Some(1.0)));
        }
    }

    #[test]
    fn overlap_is_symmetric_and_jaccard_follows_from_dice((a, b) in pair()) {
        let (there, back) = (overlap(&a, &b, &Ctx::default()).unwrap(), overlap(&b, &a, &Ctx::default()).unwrap());
        prop_assert_eq!(there.len(), back.len());
        for (x, y) in there.iter().zip(&back) {
            prop_assert_eq!((x.value, x.a, x.b, x.both), (y.value, y.b, y.a, y.both));
            prop_assert_eq!(x.dice(), y.dice());
            let (dice, jaccard) = (x.dice().unwrap(), x.jaccard().unwrap());
            prop_assert!((jaccard - dice / (2.0 - dice)).abs() < 1e-12);
        }
    }

    #[test]
    fn pieces_agree_with_the_plain_definition(map in strategy::label_map()) {
        for (connectivity, reach) in [(Connectivity::Faces6, 1), (Connectivity::Edges18, 2), (Connectivity::Corners26, 3)] {
            let found = Pieces::of_labels(&map, 0, connectivity, &Ctx::default()).unwrap();
            let found = found.components();
            prop_assert_eq!(found.len(), pieces(&map, reach));
            let total: u64 = label_stats(&map, None, &Ctx::default()).unwrap().iter().map(|s| s.voxels).sum();
            prop_assert_eq!(found.iter().map(|p| p.voxels).sum::<u64>(), total);
        }
    }
}
