//! Pictures: backgrounds that modalities have, text on them, and what looks a little like text.

use isocenter_deid::pixels::{Plane, Rect};

use crate::font;

/// A grey picture of 8 bits.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) levels: Vec<u8>,
}

/// Backgrounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    Black,
    White,
    Gradient,
    Noise,
    Speckle,
    Anatomy,
}

pub(crate) const GROUNDS: [Ground; 6] =
    [Ground::Black, Ground::White, Ground::Gradient, Ground::Noise, Ground::Speckle, Ground::Anatomy];

/// How text is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    /// Pixels for one of the font's.
    pub(crate) scale: usize,
    pub(crate) level: u8,
    /// Turned by 90 degrees, to be read from below.
    pub(crate) upright: bool,
}

/// Numbers by chance, the same in every run.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 24) as u32
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end
    }

    /// About normal, with variance 1.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| f64::from(self.next() & 0xFFFF) / 65_536.0).sum::<f64>() - 6.0
    }
}

impl Scene {
    pub(crate) fn flat(columns: usize, rows: usize, level: u8) -> Self {
        Self { columns, rows, levels: vec![level; columns * rows] }
    }

    pub(crate) fn new(ground: Ground, columns: usize, rows: usize, chance: &mut Chance) -> Self {
        let mut scene = Self::flat(columns, rows, 0);
        match ground {
            Ground::Black => {}
            Ground::White => scene.levels.fill(250),
            Ground::Gradient => scene.set(|x, y| 20.0 + 90.0 * (x / columns as f64) + 60.0 * (y / rows as f64)),
            Ground::Noise => scene.set(|_, _| 60.0 + 8.0 * chance.normal()),
            // what is left of two waves: a Rayleigh distribution
            Ground::Speckle => scene.set(|_, _| 30.0 * (chance.normal().powi(2) + chance.normal().powi(2)).sqrt()),
            Ground::Anatomy => {
                for _ in 0..8 {
                    let (x, y) = (chance.below(columns) as f64, chance.below(rows) as f64);
                    let (a, b) = (20.0 + chance.below(80) as f64, 20.0 + chance.below(80) as f64);
                    let add = 10 + chance.below(30) as u8;
                    scene.each(|at_x, at_y, level| {
                        let inside = ((at_x - x) / a).powi(2) + ((at_y - y) / b).powi(2) < 1.0;
                        if inside { level.saturating_add(add).min(150) } else { level }
                    });
                }
                scene.each(|_, _, level| (f64::from(level) + 3.0 * chance.normal()).clamp(0.0, 255.0) as u8);
            }
        }
        scene
    }

    fn each(&mut self, mut to: impl FnMut(f64, f64, u8) -> u8) {
        for (at, level) in self.levels.iter_mut().enumerate() {
            *level = to((at % self.columns) as f64, (at / self.columns) as f64, *level);
        }
    }

    fn set(&mut self, mut to: impl FnMut(f64, f64) -> f64) {
        self.each(|x, y, _| to(x, y).clamp(0.0, 255.0) as u8);
    }

    pub(crate) fn fill(&mut self, rect: Rect, level: u8) {
        for y in rect.y0..rect.y1 {
            let row = y as usize * self.columns;
            self.levels[row + rect.x0 as usize..row + rect.x1 as usize].fill(level);
        }
    }

    /// Draws text with its upper left corner at a place; the pixels that it covers.
    pub(crate) fn write(&mut self, text: &str, x: usize, y: usize, pen: Pen) -> Vec<(usize, usize)> {
        let mut drawn = Vec::new();
        let (_, length) = size(text, pen.scale);
        for (index, c) in text.chars().enumerate() {
            for (row, bits) in font::rows(c).into_iter().enumerate() {
                for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
                    for place in 0..pen.scale * pen.scale {
                        let along = (index * font::ADVANCE + column) * pen.scale + place % pen.scale;
                        let across = row * pen.scale + place / pen.scale;
                        let (px, py) =
                            if pen.upright { (x + across, y + length - 1 - along) } else { (x + along, y + across) };
                        self.levels[py * self.columns + px] = pen.level;
                        drawn.push((px, py));
                    }
                }
            }
        }
        drawn
    }

    pub(crate) fn plane(&self) -> Plane {
        Plane::new(self.columns, self.rows, self.levels.clone()).unwrap()
    }

    /// A soft edge around everything, as scaling and anti-aliasing leave it.
    pub(crate) fn softened(&self) -> Self {
        let mut soft = self.clone();
        for y in 1..self.rows - 1 {
            for x in 1..self.columns - 1 {
                let at = |dx: usize, dy: usize| u32::from(self.levels[(y + dy - 1) * self.columns + x + dx - 1]);
                let cross = at(1, 0) + at(0, 1) + at(2, 1) + at(1, 2);
                soft.levels[y * self.columns + x] = ((4 * at(1, 1) + cross) / 8) as u8;
            }
        }
        soft
    }
}

/// Height across and length along of a text.
pub(crate) fn size(text: &str, scale: usize) -> (usize, usize) {
    (font::ROWS * scale, text.chars().count() * font::ADVANCE * scale)
}
