//! The same bytes whatever the machine has: the test runs itself again with FMA and AVX2 switched off in glibc, with this crate's own
//! kernels held to the portable ones (`volume/src/hot.rs`; glibc's switch does not reach those), and with both, and compares digests.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use isocenter_volume::stats::{Moments, percentiles};
use isocenter_volume::{
    Affine, Frame, Geometry, Interpolation, LabelInterpolation, LabelMap, Resample, Sampler, Volume,
};

const AGAIN: &str = "ISOCENTER_VOLUME_DIGEST";

/// FNV-1a over every output of a run that touches each kernel.
fn digest() -> u64 {
    let affine = Affine::from_columns([[0.9, 0.1, 0.0], [-0.1, 0.9, 0.2], [0.3, 0.0, 2.0]], [4.0, 5.0, 6.0]);
    let grid = Geometry::new([40, 37, 23], affine, Frame::Patient(None)).unwrap();
    let samples: Vec<f32> = (0..grid.len() as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 9) as f32 / 7.0).collect();
    let volume = Volume::new(samples.clone(), grid.clone()).unwrap();
    let turned = Geometry::new(
        [30, 31, 32],
        Affine::from_spacing_origin([1.1, 1.2, 1.3], [0.0, 5.0, 3.0]),
        Frame::Patient(None),
    );
    let turned = turned.unwrap();
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut add =
        |bytes: &[u8]| bytes.iter().for_each(|b| hash = (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    let r = 5;
    for kind in [
        Interpolation::Nearest,
        Interpolation::Linear,
        Interpolation::BSpline3,
        Interpolation::Lanczos { radius: r },
        Interpolation::Hamming { radius: r },
        Interpolation::Blackman { radius: r },
    ] {
        for how in [Resample::to_spacing([1.7; 3]).antialias(true), Resample::to_geometry(turned.clone())] {
            how.interpolation(kind).apply(&volume).unwrap().voxels().iter().for_each(|v| add(&v.to_le_bytes()));
        }
        let sampler = Sampler::new(&samples, &grid, kind).unwrap();
        let (value, gradient) = sampler.value_and_gradient([11.3, 12.7, 9.1]).unwrap();
        [value, gradient[0], gradient[1], gradient[2]].iter().for_each(|v| add(&v.to_le_bytes()));
    }
    let labels =
        LabelMap::new(vec![samples.iter().map(|v| *v as u32 % 5).collect::<Vec<u32>>()], grid, vec![]).unwrap();
    let linear = Resample::to_geometry(turned).label_interpolation(LabelInterpolation::Linear);
    linear.apply_labels(&labels).unwrap().layers()[0].iter().for_each(|v| add(&v.to_le_bytes()));
    let moments = Moments::of(&samples);
    add(&moments.mean().to_le_bytes());
    add(&moments.variance(1).to_le_bytes());
    percentiles(&samples, &[0.5, 33.3]).unwrap().iter().for_each(|v| add(&v.to_le_bytes()));
    hash
}

#[test]
fn switching_cpu_features_off_changes_nothing() {
    let own = digest();
    if std::env::var_os(AGAIN).is_some() {
        println!("digest {own:016x}");
        return;
    }
    let glibc = ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2");
    let kernels = ("ISOCENTER_PORTABLE", "1");
    for switches in [vec![glibc], vec![kernels], vec![glibc, kernels]] {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--nocapture", "--exact", "switching_cpu_features_off_changes_nothing"])
            .env(AGAIN, "1")
            .envs(switches.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&format!("digest {own:016x}")), "{switches:?}: {own:016x} is not in {text}");
    }
}
