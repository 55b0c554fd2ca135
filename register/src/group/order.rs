//! An order of images that their contents decide.

use std::cmp::Ordering;

use isocenter_volume::Volume;

/// The numbers of the images, sorted by shape, place and samples; of images that are equal in all the first comes first, which changes nothing.
pub(super) fn of(images: &[&Volume<f32>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..images.len()).collect();
    order.sort_by(|a, b| compare(images[*a], images[*b]));
    order
}

fn compare(one: &Volume<f32>, other: &Volume<f32>) -> Ordering {
    let place = |image: &Volume<f32>| image.geometry().affine().rows();
    let by_place = || {
        let (a, b) = (place(one), place(other));
        let mut pairs = a.iter().flatten().zip(b.iter().flatten());
        pairs.find_map(|(a, b)| Some(a.total_cmp(b)).filter(|o| o.is_ne())).unwrap_or(Ordering::Equal)
    };
    let by_samples = || {
        let mut pairs = one.voxels().iter().zip(other.voxels());
        pairs.find_map(|(a, b)| Some(a.total_cmp(b)).filter(|o| o.is_ne())).unwrap_or(Ordering::Equal)
    };
    one.shape().cmp(&other.shape()).then_with(by_place).then_with(by_samples)
}
