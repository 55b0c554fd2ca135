//! What of the text of one frame stays: parts of lines, by what stands beside them.

use super::super::detect::Found;
use super::crop::Line;
use super::judge::{Judged, Part, Sense};

/// A line that was found, cut out and judged.
pub(super) struct Told<'a> {
    pub(super) found: Found,
    /// As it was read; `None` where nothing could be cut out.
    pub(super) line: Option<&'a Line>,
    pub(super) judged: Judged,
}

/// How far apart two of one row may be, in heights, so that the one speaks against the other.
const NEAR: u32 = 10;

/// Words that name nobody go where something strange stands near them in their row: the two may be one name.
pub(super) fn doubt(all: &mut [Told<'_>]) {
    let strange: Vec<Found> = all.iter().filter(|told| told.judged.is_strange()).map(|told| told.found).collect();
    for told in all.iter_mut() {
        if strange.iter().any(|other| *other != told.found && are_beside(&told.found, other)) {
            let plain = told.judged.parts.iter_mut().filter(|part| part.sense == Sense::Plain);
            plain.for_each(|part| part.sense = Sense::Gone);
        }
    }
}

fn are_beside(a: &Found, b: &Found) -> bool {
    let spans = |found: &Found| match found.vertical {
        false => ([found.rect.x0, found.rect.x1], [found.rect.y0, found.rect.y1]),
        true => ([found.rect.y0, found.rect.y1], [found.rect.x0, found.rect.x1]),
    };
    let ((along_a, across_a), (along_b, across_b)) = (spans(a), spans(b));
    let shared = across_a[1].min(across_b[1]).saturating_sub(across_a[0].max(across_b[0]));
    let apart = along_a[0].max(along_b[0]).saturating_sub(along_a[1].min(along_b[1]));
    let thin = (across_a[1] - across_a[0]).min(across_b[1] - across_b[0]);
    a.vertical == b.vertical && shared * 2 > thin && apart <= NEAR * a.height.max(b.height)
}

impl Told<'_> {
    /// What of it stays, and what goes: all of it in one of the two, or its parts.
    pub(super) fn parted(&self) -> (Vec<Found>, Vec<Found>) {
        let gone = || (Vec::new(), vec![self.found]);
        let Some(line) = self.line.filter(|_| !self.judged.parts.is_empty()) else { return gone() };
        let length = line.plane.columns() as u32;
        let strips = strips(&self.judged.parts, line);
        let piece = |&(along, _): &([u32; 2], bool)| {
            let rect = line.turn.part(self.found.rect, along);
            let glyphs =
                (u64::from(self.found.glyphs) * u64::from(along[1] - along[0])).div_ceil(u64::from(length.max(1)));
            Found { rect, glyphs: glyphs as u32, ..self.found }
        };
        let of = |keep: bool| {
            strips.iter().filter(|strip| strip.1 == keep).map(piece).filter(|one| !one.rect.is_empty()).collect()
        };
        let (kept, hidden): (Vec<Found>, Vec<Found>) = (of(true), of(false));
        match (kept.is_empty(), hidden.is_empty()) {
            (true, _) => gone(),
            (false, true) => (vec![self.found], Vec::new()),
            _ => (kept, hidden),
        }
    }
}

/// A line in strips along it, each staying or going; together they are all of it.
fn strips(parts: &[Part], line: &Line) -> Vec<([u32; 2], bool)> {
    let (length, height) = (line.plane.columns() as u32, line.height);
    let mut hidden = vec![false; length as usize];
    let mut hide = |from: u32, to: u32| {
        hidden.iter_mut().take(to as usize).skip(from as usize).for_each(|column| *column = true);
    };
    // the room before each word, between it and the one before, and after the last
    let mut before = 0;
    let mut was_gone = None;
    for part in parts.iter().map(Some).chain([None]) {
        let (start, gone) = match part {
            Some(part) => (part.along[0].max(before), Some(part.sense == Sense::Gone)),
            None => (length, None),
        };
        let room = start.saturating_sub(before);
        match (was_gone, gone) {
            // at the ends of the line, and between two that go, all goes
            (Some(true), Some(true) | None) | (None, Some(true)) => hide(before, start),
            // a margin, or half of the room to the one that stays
            (Some(true), _) => hide(before, before + (room / 2).min(height / 4)),
            (_, Some(true)) => hide(start - (room / 2).min(height / 4), start),
            _ => {}
        }
        let (edge, from, to) = (height / 6 + 1, before, start);
        if room > height * 7 / 10
            && line.has_ink([
                from + if was_gone.is_some() { edge } else { 0 },
                to.saturating_sub(if gone.is_some() { edge } else { 0 }),
            ])
        {
            // something stands there that was not read
            hide(from + edge.min(room / 2), to.saturating_sub(edge.min(room / 2)));
        }
        if let Some(part) = part {
            if part.sense == Sense::Gone {
                hide(part.along[0], part.along[1]);
            }
            before = before.max(part.along[1].min(length));
            was_gone = gone;
        }
    }
    // a word of which a part goes goes whole
    for part in parts {
        let columns = || part.along[0] as usize..(part.along[1].min(length)) as usize;
        if hidden.get(columns()).is_none_or(|columns| columns.contains(&true)) {
            hidden.iter_mut().take(columns().end).skip(columns().start).for_each(|column| *column = true);
        }
    }
    let stays = |[from, to]: [u32; 2]| {
        parts.iter().any(|part| part.sense != Sense::Gone && from <= part.along[0] && part.along[1].min(length) <= to)
    };
    let mut strips: Vec<([u32; 2], bool)> = Vec::new();
    let mut from = 0;
    for run in hidden.chunk_by(|a, b| a == b) {
        let along = [from, from + run.len() as u32];
        let keep = !run[0] && stays(along);
        match strips.last_mut() {
            Some((last, kept)) if *kept == keep => last[1] = along[1],
            _ => strips.push((along, keep)),
        }
        from = along[1];
    }
    strips
}
