//! The types of samples that frames decode to.

use isocenter_dcm::{
    Error, InstanceFrame, PlainPixels, ReadAt,
    pixel::{DecodeOptions, PixelInfo},
};
use isocenter_volume::{Real, Rgb, Voxel};

/// A sample that a frame can be decoded into.
pub(super) trait Sample: Voxel {
    /// Decodes a frame into its place; gives what its samples are.
    fn decode(frame: &InstanceFrame<'_>, options: &DecodeOptions, out: &mut [Self]) -> Result<PixelInfo, Error>;

    /// Reads a frame of plain samples into its place; `None` where they are of another type.
    fn read(
        pixels: &PlainPixels,
        source: &dyn ReadAt,
        frame: usize,
        out: &mut [Self],
    ) -> Result<Option<PixelInfo>, Error>;

    /// A value between this one and another, of which it has a share; whole numbers are rounded.
    fn mix(self, other: Self, share: f64) -> Self;
}

macro_rules! samples {
    ($($type:ty),*) => {$(
        impl Sample for $type {
            fn decode(frame: &InstanceFrame<'_>, options: &DecodeOptions, out: &mut [Self]) -> Result<PixelInfo, Error> {
                frame.decode_into(options, out)
            }

            fn read(
                pixels: &PlainPixels,
                source: &dyn ReadAt,
                frame: usize,
                out: &mut [Self],
            ) -> Result<Option<PixelInfo>, Error> {
                pixels.read_into(source, frame, out)
            }

            fn mix(self, other: Self, share: f64) -> Self {
                let (low, high) = (Real::to_f64(self), Real::to_f64(other));
                Self::from_f64(low + (high - low) * share)
            }
        }
    )*};
}
samples!(u8, i8, u16, i16, u32, i32, f32, f64);

impl Sample for Rgb {
    fn decode(frame: &InstanceFrame<'_>, options: &DecodeOptions, out: &mut [Self]) -> Result<PixelInfo, Error> {
        frame.decode_into::<u8>(options, bytemuck::cast_slice_mut(out))
    }

    fn read(_: &PlainPixels, _: &dyn ReadAt, _: usize, _: &mut [Self]) -> Result<Option<PixelInfo>, Error> {
        // colours are not plain
        Ok(None)
    }

    fn mix(self, _: Self, _: f64) -> Self {
        // nor are they mixed
        self
    }
}
