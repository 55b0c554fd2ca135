//! A plan cut into parts that several processes work through.

use std::cmp::Reverse;

use super::Plan;

impl Plan {
    /// The series of one of `count` shards, `index` from 0: their numbers in the plan, ascending.
    ///
    /// Each series is in exactly one shard; which one depends on the plan alone, so processes that plan the same files agree without a
    /// word. The largest are dealt out first, each to the shard that has the least samples so far. A shard beyond the last is empty.
    pub fn shard(&self, index: usize, count: usize) -> Vec<usize> {
        let samples = |number: &usize| {
            let series = self.series.get(*number);
            series.map_or(0, |series| series.head.len().saturating_mul(series.head.steps()))
        };
        let mut numbers: Vec<usize> = (0..self.series.len()).collect();
        numbers.sort_by_key(|number| (Reverse(samples(number)), *number));
        let mut loads = vec![0usize; count.min(self.series.len()).max(1)];
        let mut own = Vec::new();
        for number in numbers {
            let least = loads.iter_mut().enumerate().min_by_key(|(_, load)| **load);
            let Some((shard, load)) = least else { break };
            *load = load.saturating_add(samples(&number).max(1));
            if shard == index {
                own.push(number);
            }
        }
        own.sort_unstable();
        own
    }
}
