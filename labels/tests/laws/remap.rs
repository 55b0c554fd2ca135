//! Renumbering loses nothing.

use std::collections::BTreeMap;

use isocenter_labels::remap::remap_consecutive;
use isocenter_volume::Ctx;
use proptest::prelude::*;

use crate::strategy;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn remap_is_a_bijection_onto_1_to_n(map in strategy::label_map()) {
        let (out, table) = remap_consecutive(&map, &Ctx::default()).unwrap();
        let values = out.values(0);
        prop_assert_eq!(values, (1..=table.len() as u32).collect::<Vec<_>>());
        prop_assert!(table.windows(2).all(|w| w[0].from < w[1].from && w[0].to + 1 == w[1].to));
        let back: BTreeMap<u32, u32> = table.iter().map(|r| (r.to, r.from)).chain([(0, 0)]).collect();
        prop_assert_eq!(back.len(), table.len() + 1);
        let restored: Vec<u32> = out.layers()[0].iter().map(|v| back[&v]).collect();
        prop_assert_eq!(restored, map.layers()[0].to_u32());
    }

    #[test]
    fn remap_twice_changes_nothing_more(map in strategy::label_map()) {
        let (once, _) = remap_consecutive(&map, &Ctx::default()).unwrap();
        let (twice, table) = remap_consecutive(&once, &Ctx::default()).unwrap();
        prop_assert_eq!(once.layers()[0].to_u32(), twice.layers()[0].to_u32());
        prop_assert!(table.iter().all(|r| r.from == r.to));
    }
}
