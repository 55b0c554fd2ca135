//! Many images onto one: the contrasts of one study.

use isocenter_volume::{Geometry, Real, Volume};
use rayon::prelude::*;

use crate::{Error, Registration, RegistrationOptions};

impl RegistrationOptions<'_> {
    /// Finds the map from points of `fixed` to points of each of `moving`, in parallel: for each what [`register`](Self::register) gives, bit for bit, in their order.
    /// One that is refused does not keep the others from being registered.
    ///
    /// # Examples
    /// ```
    /// use isocenter_register::{Error, RegistrationOptions, Side};
    /// use isocenter_volume::{Affine, Frame, Geometry, Volume};
    ///
    /// let grid = Geometry::new([32; 3], Affine::from_spacing_origin([4.0; 3], [-62.0; 3]), Frame::Patient(None))?;
    /// let ball = |n: usize| grid.world_of([(n % 32) as f64, (n / 32 % 32) as f64, (n / 1024) as f64]).iter().map(|v| v * v).sum::<f64>() < 1600.0;
    /// let fixed = Volume::new((0..32_768).map(|n| f32::from(u8::from(ball(n)))).collect::<Vec<f32>>(), grid.clone())?;
    /// let even = Volume::new(vec![1f32; 32_768], grid)?;
    ///
    /// let found = RegistrationOptions::default().rotations(0).register_each(&fixed, &[&fixed, &even]);
    /// assert!(found[0].is_ok());
    /// assert_eq!(found[1], Err(Error::NoContrast { side: Side::Moving }));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn register_each<F: Real, M: Real>(
        &self,
        fixed: &Volume<F>,
        moving: &[&Volume<M>],
    ) -> Vec<Result<Registration, Error>> {
        self.ctx.install(|| moving.par_iter().map(|moving| self.register(fixed, moving)).collect())
    }
}

/// Which of several grids of one study is best fit to be the reference that the others are brought to: the one with the smallest voxels among those that show at
/// least half of what the largest field of view shows; of equals the first. `None` of none.
///
/// # Examples
/// ```
/// use isocenter_register::reference_of;
/// use isocenter_volume::{Affine, Frame, Geometry};
///
/// let grid = |shape, spacing| Geometry::new(shape, Affine::from_spacing_origin(spacing, [0.0; 3]), Frame::Patient(None));
/// let thick = grid([240, 240, 30], [1.0, 1.0, 5.0])?;
/// let whole = grid([240, 240, 160], [1.0; 3])?;
/// let slab = grid([240, 240, 20], [0.5; 3])?; // finer, but shows little
/// assert_eq!(reference_of([&thick, &whole, &slab]), Some(1));
/// # Ok::<_, isocenter_volume::Error>(())
/// ```
pub fn reference_of<'g>(grids: impl IntoIterator<Item = &'g Geometry>) -> Option<usize> {
    let grids: Vec<&Geometry> = grids.into_iter().collect();
    let view = |grid: &Geometry| grid.voxel_volume_mm3() * grid.len() as f64;
    let widest = grids.iter().map(|grid| view(grid)).fold(0.0, f64::max);
    // min_by gives the first of equals
    let wide = grids.iter().enumerate().filter(|(_, grid)| view(grid) >= 0.5 * widest);
    wide.min_by(|(_, a), (_, b)| a.voxel_volume_mm3().total_cmp(&b.voxel_volume_mm3())).map(|(n, _)| n)
}
