//! Colours for drawing labels.

/// The colour of a label value, sRGB: 24 that differ well from each other and from greys, then the same ones darker and lighter.
/// Background is black.
///
/// ```
/// use isocenter_labels::colours::colour_of;
/// assert_eq!(colour_of(0), [0, 0, 0]);
/// assert_ne!(colour_of(1), colour_of(25));
/// ```
pub fn colour_of(value: u32) -> [u8; 3] {
    let Some(n) = value.checked_sub(1) else { return [0; 3] };
    let base = PALETTE[n as usize % PALETTE.len()];
    match n as usize / PALETTE.len() % 3 {
        0 => base,
        1 => base.map(|c| (u16::from(c) * 5 / 8) as u8),
        _ => base.map(|c| 255 - ((255 - u16::from(c)) * 5 / 8) as u8),
    }
}

/// Chosen one by one as the colour farthest (in CIE L*a*b*) from greys and from those before it.
pub const PALETTE: [[u8; 3]; 24] = [
    [225, 30, 45],
    [165, 0, 255],
    [0, 255, 0],
    [255, 210, 0],
    [0, 120, 240],
    [255, 90, 195],
    [60, 135, 15],
    [0, 255, 210],
    [150, 105, 15],
    [210, 240, 150],
    [0, 195, 255],
    [255, 150, 135],
    [210, 165, 240],
    [165, 225, 15],
    [255, 135, 0],
    [0, 225, 105],
    [15, 150, 120],
    [150, 75, 210],
    [255, 30, 240],
    [210, 60, 105],
    [255, 195, 105],
    [165, 165, 30],
    [0, 240, 255],
    [165, 90, 135],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_72_are_alike() {
        let all: std::collections::BTreeSet<_> = (1..=72).map(colour_of).collect();
        assert_eq!(all.len(), 72);
        for (n, a) in PALETTE.iter().enumerate() {
            for b in &PALETTE[n + 1..] {
                let difference: i32 = (0..3).map(|c| (i32::from(a[c]) - i32::from(b[c])).abs()).sum();
                assert!(difference >= 45, "{a:?} {b:?}");
            }
        }
    }
}
