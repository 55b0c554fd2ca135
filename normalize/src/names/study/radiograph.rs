//! Views of a radiograph, and the component of LOINC that has them.

/// How many views were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Exactly(u8),
    AtLeast(u8),
    Between(u8, u8),
}

/// What is said about views.
#[derive(Clone, Debug, Default)]
pub(super) struct Views {
    count: Option<Count>,
    named: Vec<&'static str>,
}

impl Views {
    /// The count, from words as `tokens` leaves them: `2 VIEW`, `3 PLUS VIEW`, `MIN 2 VIEW`, `1 OR 2 VIEW`.
    pub(super) fn of(words: &[String]) -> Self {
        let number = |back: Option<usize>| back.and_then(|at| words.get(at)).and_then(|word| word.parse::<u8>().ok());
        let word = |back: Option<usize>| back.and_then(|at| words.get(at)).map_or("", String::as_str);
        let mut count = None;
        for at in (0..words.len()).filter(|&at| word(Some(at)) == "VIEW") {
            let back = |steps: usize| at.checked_sub(steps);
            let low = number(back(2))
                .or_else(|| if word(back(2)) == "OR" || word(back(2)) == "TO" { number(back(3)) } else { None });
            count = count.or(match (number(back(1)), low) {
                (None, _) if word(back(1)) == "PLUS" => number(back(2)).map(Count::AtLeast),
                (None, _) => None,
                (Some(n), _) if matches!(word(back(2)), "MIN" | "MINIMUM") => Some(Count::AtLeast(n)),
                (Some(n), Some(low)) if low < n => Some(Count::Between(low, n)),
                (Some(n), _) => Some(Count::Exactly(n)),
            });
        }
        Self { count, named: Vec::new() }
    }

    pub(super) fn add(&mut self, view: &'static str) {
        if !self.named.contains(&view) {
            self.named.push(view);
        }
    }

    pub(super) fn counted(&self) -> bool {
        self.count.is_some()
    }

    pub(super) fn has(&self, view: &str) -> bool {
        self.named.contains(&view)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count.is_none() && self.named.is_empty()
    }

    /// Components that fit, the best first, with how well; at a bed a single view of the trunk is taken from the front.
    pub(super) fn components(&self, portable: bool) -> Vec<(String, f64)> {
        let (pa, ap, lat, front) = (self.has("PA"), self.has("AP"), self.has("LAT"), self.has("FRONTAL"));
        let mut found: Vec<(String, f64)> = Vec::new();
        let mut push = |component: &str, weight: f64| found.push((component.to_owned(), weight));
        if self.has("INSPEXP") {
            push("Views^W inspiration + W expiration", 1.0);
        }
        if self.has("UPRIGHT") && !lat && !pa {
            push("Views supine + upright", 0.9);
        }
        if self.has("OBL") && pa && lat {
            push("Views PA + lateral + R-oblique + L-oblique", 0.9);
        }
        match (pa, ap, lat) {
            (true, false, true) => push("Views PA + lateral", 1.0),
            (false, true, true) if self.count.is_none_or(|count| count == Count::Exactly(2)) => {
                push("Views AP + lateral", 1.0)
            }
            (true, true, true) => push("Views 2", 0.95),
            (false, false, true) if front => push("Views 2", 0.9),
            // either will do: one view, without saying which
            (true, true, false) if self.count.is_none() => push("View", 0.9),
            _ => {}
        }
        match self.count {
            Some(Count::Exactly(1)) if !lat => {
                match (pa, ap) {
                    (true, false) => push("View PA", 0.95),
                    (false, true) => push("View AP", 0.9),
                    _ => {}
                }
                if pa && !ap {
                    push("View PA upright", 0.7);
                }
                if portable {
                    push("View AP", 0.85);
                }
                push("View", 0.9);
            }
            Some(Count::Exactly(n)) => push(&format!("Views {n}"), 0.95),
            Some(Count::AtLeast(n)) => push(&format!("Views GE {n}"), 0.95),
            Some(Count::Between(low, high)) => push(&format!("Views {low} or {high}"), 0.95),
            None if lat => {}
            None if ap => push("View AP", 0.7),
            None if pa => push("View PA", 0.7),
            None if front => push("View", 0.7),
            None if portable => push("View AP", 0.6),
            None => {}
        }
        push("Views", if self.is_empty() { 0.95 } else { 0.6 });
        found
    }
}
