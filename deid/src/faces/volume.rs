//! Into a volume, of any sample type.

use isocenter_volume::{Ctx, DynSamples, DynVolume, Mask, Real, Volume, Voxel, with_real_samples};

use super::{Defaced, Error, Faces};

impl Faces {
    /// Removes the face from every step of a volume; the provenance tells.
    ///
    /// # Errors
    /// As [`Faces::on`]; the volume is then as it was.
    pub fn apply_to_volume<T: Real>(&self, volume: &mut Volume<T>, ctx: &Ctx<'_>) -> Result<Defaced, Error> {
        let mask = self.on(volume.geometry(), ctx)?;
        let background = self.background.of_samples(volume.head(), volume.voxels());
        fill(volume.voxels_mut(), &mask, &background);
        let defaced = Defaced::of(&mask);
        volume.provenance_mut().push("deface", [("voxels", defaced.voxels as f64)]);
        Ok(defaced)
    }

    /// The same where the sample type is known only at run time. Complex samples and colour become zero.
    ///
    /// # Errors
    /// As [`Faces::on`]; the volume is then as it was.
    pub fn apply_to(&self, volume: &mut DynVolume, ctx: &Ctx<'_>) -> Result<Defaced, Error> {
        let mask = self.on(volume.geometry(), ctx)?;
        let head = volume.head().clone();
        let samples = volume.samples_mut();
        with_real_samples!(samples, s => {
            let background = self.background.of_samples(&head, s.as_slice());
            fill(s.to_mut(), &mask, &background);
        }, else zero(samples, &mask, head.planes()));
        let defaced = Defaced::of(&mask);
        *volume = volume.clone().noting("deface", [("voxels", defaced.voxels as f64)]);
        Ok(defaced)
    }
}

impl Defaced {
    /// What went of one step.
    fn of(mask: &Mask) -> Self {
        let [columns, rows, planes] = mask.geometry().shape();
        let mut touched = vec![false; planes];
        mask.iter().for_each(|voxel| touched[voxel / (columns * rows)] = true);
        Self { voxels: mask.count(), planes: touched.into_iter().filter(|&one| one).count() }
    }
}

/// Sets the voxels of a mask in every step, to one value for each plane.
fn fill<T: Voxel>(samples: &mut [T], mask: &Mask, background: &[T]) {
    let [columns, rows, planes] = mask.geometry().shape();
    for (step, samples) in samples.chunks_mut(mask.len()).enumerate() {
        for voxel in mask {
            samples[voxel] = background[step * planes + voxel / (columns * rows)];
        }
    }
}

fn zero(samples: &mut DynSamples, mask: &Mask, planes: usize) {
    match samples {
        DynSamples::Complex32(s) => fill(s.to_mut(), mask, &vec![Default::default(); planes]),
        DynSamples::Complex64(s) => fill(s.to_mut(), mask, &vec![Default::default(); planes]),
        DynSamples::Rgb(s) => fill(s.to_mut(), mask, &vec![Default::default(); planes]),
        _ => {}
    }
}
