use isocenter_register::transform_file::{Error, Format, Options};
use isocenter_volume::{Affine, Frame, Geometry};

use crate::{between_grids, grids, is_close, is_malformed, matrix_text, some_motion};

/// Moving to fixed, voxels: `inv(F) inv(T) M` by numpy for the grids of these tests.
const VOXELS: &str = "-0.5584057073441332 0.5848227846765108 -0.17951360109595585 10.907561582921101\n\
    0.5985087844004975 1.717875444402291 -0.18957115562366703 -54.793461904961646\n\
    -0.037923192202294106 0.08915338831659177 0.4858005219053519 13.653615642161416\n0 0 0 1\n";

/// Moving to fixed, RAS: `inv(T)` as nitransforms 25.1.0 writes it.
const RAS: &str = "9.443400646471147e-01 -9.332658151168240e-02 3.256018665316303e-02 -4.439354286065850e+00\n\
    8.073790469519784e-02 1.004349245862537e+00 -1.475620086984917e-01 5.584166662722846e+00\n\
    -1.845708255048485e-02 1.221006999493613e-01 9.715997557986001e-01 -5.145266704842855e+00\n0 0 0 1\n";

/// The grids as nitransforms 25.1.0 writes them; `valid` is replaced.
const MOVING: &str = "valid = 1  # volume info valid\nfilename = moving.mgz\nvolume = 27 24 33\n\
    voxelsize = 8.750000000000000e-01 1.500000000000000e+00 1.250000000000000e+00\n\
    xras   = -9.689124217106447e-01 2.474039592545229e-01 0.000000000000000e+00\n\
    yras   = 2.363540298299904e-01 9.256373912272359e-01 2.955202066613395e-01\n\
    zras   = -7.311286916773024e-02 -2.863331991006687e-01 9.553364891256060e-01\n\
    cras   = 6.301141628898399e+00 5.678310079333004e+00 6.502317880811974e+01\n";
const FIXED: &str = "valid = 1  # volume info valid\nfilename = fixed.mgz\nvolume = 30 41 22\n\
    voxelsize = 1.250000000000000e+00 7.500000000000000e-01 2.500000000000000e+00\n\
    xras   = 9.210609940028851e-01 3.894183423086505e-01 0.000000000000000e+00\n\
    yras   = -3.720255519422596e-01 8.799231762812570e-01 2.955202066613395e-01\n\
    zras   = 1.150809889967687e-01 -2.721921352954314e-01 9.553364891256060e-01\n\
    cras   = -5.285272026147005e+00 4.634512903298716e+01 4.281537662837226e+01\n";

fn lta(kind: u8, matrix: &str, source: &str, destination: &str) -> String {
    format!(
        "# transform file\n# created by a program\n\ntype      = {kind} # of some kind\nnxforms   = 1\nmean      = 0.0000 0.0000 0.0000\n\
         sigma     = 1.0000\n1 4 4\n{matrix}src volume info\n{source}dst volume info\n{destination}subject fsaverage\nfscale 0.15\n"
    )
}

fn unknown(block: &str) -> String {
    block.replace("valid = 1", "valid = 0")
}

#[test]
fn both_types_of_lta_say_the_same() {
    let options = Options::default();
    for text in
        [lta(1, RAS, MOVING, FIXED), lta(0, VOXELS, MOVING, FIXED), lta(1, RAS, &unknown(MOVING), &unknown(FIXED))]
    {
        let read = options.parse(text.as_bytes()).unwrap();
        assert!(is_close(&read[0], &between_grids(), 1e-6), "{read:?}");
    }
}

#[test]
fn voxels_of_unknown_grids_need_the_callers() {
    let (fixed, moving) = grids();
    let text = lta(0, VOXELS, &unknown(MOVING), &unknown(FIXED));
    let alone = Options::default().parse(text.as_bytes());
    assert!(matches!(alone, Err(Error::NeedsImages { .. })), "{alone:?}");
    let read = Options::default().images(&fixed, &moving).parse(text.as_bytes()).unwrap();
    assert!(is_close(&read[0], &between_grids(), 1e-10));
}

#[test]
fn a_file_made_the_other_way_round_is_turned_and_one_of_other_images_refused() {
    let (fixed, moving) = grids();
    let back = between_grids().inverse().unwrap();
    for text in [lta(1, RAS, MOVING, FIXED), lta(0, VOXELS, MOVING, FIXED)] {
        let straight = Options::default().images(&fixed, &moving).parse(text.as_bytes()).unwrap();
        assert!(is_close(&straight[0], &between_grids(), 1e-6));
        let turned = Options::default().images(&moving, &fixed).parse(text.as_bytes()).unwrap();
        assert!(is_close(&turned[0], &back, 1e-6));
        let other = Geometry::new([27, 24, 33], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        let refused = Options::default().images(&fixed, &other).parse(text.as_bytes());
        assert!(matches!(refused, Err(Error::OtherImages { .. })), "{refused:?}");
    }
}

#[test]
fn lists_with_and_without_grids_come_back() {
    let (fixed, moving) = grids();
    let maps = [some_motion(), between_grids()];
    for options in [Options::default(), Options::default().images(&fixed, &moving)] {
        let bytes = options.format(Format::Lta).to_bytes(&maps).unwrap();
        let back = options.parse(&bytes).unwrap();
        assert!(back.len() == 2 && back.iter().zip(&maps).all(|(a, b)| is_close(a, b, 1e-12)));
    }
}

#[test]
fn broken_ltas_are_errors() {
    let good = lta(1, RAS, MOVING, FIXED);
    assert!(matches!(Options::default().parse(lta(14, RAS, MOVING, FIXED).as_bytes()), Err(Error::Unsupported { .. })));
    let edits = [
        ("nxforms   = 1", "nxforms   = 99999999999"),
        ("nxforms   = 1", "nxforms   = 2"),
        ("nxforms   = 1", "nxforms   = 0"),
        ("1 4 4", "1 3 3"),
        ("volume = 27 24 33", "volume = 27 24 3e300"),
        ("volume = 27 24 33", "volume = 27 24"),
        ("voxelsize = 8.75", "voxelsize = nan 8.75"),
        ("zras   = -7", "zzz   = -7"),
        ("src volume info", "source"),
        ("0 0 0 1\n", "0 0 0 2\n"),
        ("9.443400646471147e-01", "inf"),
    ];
    for (from, to) in edits {
        let text = good.replacen(from, to, 1);
        assert!(text != good && is_malformed(&Options::default().format(Format::Lta).parse(text.as_bytes())), "{to}");
    }
    for cut in 0..good.len() {
        let _ = Options::default().format(Format::Lta).parse(good.get(..cut).unwrap_or_default().as_bytes());
    }
}

/// By nibabel 5.4.2 (`get_vox2ras_tkr`) and numpy, fixed to moving in the frames of tkregister, from single precision grids.
const TKR: [[f64; 4]; 4] = [
    [-0.899556650897406, 0.10433857386310443, 0.5284487788171122, -14.119513599972054],
    [0.17886087585976368, 0.9880533212056137, 0.06944109234429692, -32.016100723327945],
    [0.5135823074805442, -0.19315756622459276, 0.8394129071425933, -30.747566486112586],
    [0.0, 0.0, 0.0, 1.0],
];

#[test]
fn register_dat_maps_the_target_to_the_movable_in_tkregisters_frames() {
    let (fixed, moving) = grids();
    let text = format!("bert\n0.875\n1.25\n0.15\n{}round\n", matrix_text(&TKR));
    let options = Options::default().images(&fixed, &moving);
    assert!(is_close(&options.parse(text.as_bytes()).unwrap()[0], &between_grids(), 1e-5));
    assert!(matches!(Options::default().parse(text.as_bytes()), Err(Error::NeedsImages { .. })));
    let written = String::from_utf8(options.format(Format::RegisterDat).to_bytes(&[between_grids()]).unwrap()).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!((&lines[..4], lines[8]), (&["subject-unknown", "0.875", "1.25", "0.15"][..], "round"));
    let numbers = lines[4..8].iter().flat_map(|l| l.split(' ')).map(|w| w.parse::<f64>().unwrap());
    assert!(numbers.zip(TKR.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn broken_register_dats_are_errors() {
    let (fixed, moving) = grids();
    let options = Options::default().images(&fixed, &moving).format(Format::RegisterDat);
    for text in [
        String::new(),
        "bert\n1\n1\n0.15\n".to_owned(),
        format!("bert\n1 2\n1\n0.15\n{}round\n", matrix_text(&TKR)),
        format!("bert\n1\n1\n0.15\n{}square\n", matrix_text(&TKR)),
    ] {
        assert!(is_malformed(&options.parse(text.as_bytes())), "{text:?}");
    }
}
