//! Makes results that are wrong on purpose, and some that are right, and counts what is said of them: the calibration of the verdict.
//!
//! Each argument is `PERSON:FILE`. Volumes of one person are brought to each other: these results are right. Wrong are
//! - images of two people (or of two organs), rigidly;
//! - an image and its own mirror image, and that of another of the same person;
//! - right results moved by 3 to 30 mm along six directions, judged;
//! - searches cut short: no rotations tried on an image whose header was turned by 50 to 130 degrees, where they end elsewhere.
//!
//! A template that is its own mirror image takes no part as a mirrored one: name its person with a `=` before it.
//!
//! `cargo run --release -p isocenter-register --example wrong_results -- a:t1.nii.gz a:t2.nii.gz b:other.nii.gz =c:template.nii.gz lung:ct.nii.gz`
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{error::Error, fmt, path::Path};

use isocenter_register::{Registration, RegistrationOptions, Rigid, Verdict};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, affine::norm};

/// How far a right result is moved, mm.
const MOVED_MM: [f64; 5] = [3.0, 5.0, 10.0, 20.0, 30.0];
/// A search that was cut short and ends nearer than this is right all the same, mm.
const RIGHT_MM: f64 = 2.0;

struct Image {
    person: String,
    name: String,
    is_even: bool,
    volume: Volume<f32>,
}

#[derive(Default)]
struct Count {
    all: usize,
    good: usize,
}

impl Count {
    fn add(&mut self, what: &str, found: &Registration) {
        self.all += 1;
        self.good += usize::from(found.verdict == Verdict::Good);
        println!(
            "{what}: {:?} {:?}, sharpness {:.2}, residual {:.2} mm, mirror {:.2}",
            found.verdict, found.doubts, found.sharpness, found.residual_mm, found.mirror
        );
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {} called good ({:.1} %)",
            self.good,
            self.all,
            100.0 * self.good as f64 / self.all.max(1) as f64
        )
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let images: Vec<Image> = arguments.iter().map(|argument| read(argument)).collect::<Result<_, _>>()?;
    let (mut right, mut people, mut mirrored, mut moved, mut cut) =
        (Count::default(), Count::default(), Count::default(), Count::default(), Count::default());
    let options = RegistrationOptions::default();
    for (a, fixed) in images.iter().enumerate() {
        if !fixed.is_even {
            let what = format!("mirrored {}", fixed.name);
            mirrored.add(&what, &options.register(&fixed.volume, &mirror(&fixed.volume)?)?);
        }
        for (b, moving) in images.iter().enumerate().filter(|(b, _)| *b != a) {
            let pair = format!("{} {}", fixed.name, moving.name);
            if fixed.person != moving.person {
                // the other way round is the same result
                if a < b {
                    people.add(&format!("two people {pair}"), &options.register(&fixed.volume, &moving.volume)?);
                }
                continue;
            }
            mirrored.add(&format!("mirrored {pair}"), &options.register(&fixed.volume, &mirror(&moving.volume)?)?);
            let found = options.register(&fixed.volume, &moving.volume)?;
            right.add(&format!("right {pair}"), &found);
            if found.verdict != Verdict::Good {
                continue; // nothing is known to be right here
            }
            for (n, mm) in MOVED_MM.into_iter().enumerate() {
                let axis = (n + a + b) % 3;
                let mut shift = [0.0; 3];
                shift[axis] = if (n + b) % 2 == 0 { mm } else { -mm };
                let transform = Affine::translation_by(shift).compose(&found.transform);
                moved.add(
                    &format!("moved by {mm} mm {pair}"),
                    &options.judge(&fixed.volume, &moving.volume, &transform)?,
                );
            }
            for degrees in [50.0f64, 90.0, 130.0] {
                let mut vector = [0.0; 3];
                vector[(a + b) % 3] = degrees.to_radians();
                let turn = Rigid::new(vector, [0.0; 3], moving.volume.geometry().centre_mm())?.to_affine();
                let turned = placed(&moving.volume, &turn)?;
                let ended = options.clone().rotations(0).register(&fixed.volume, &turned)?;
                let wanted = turn.compose(&found.transform);
                let centre = fixed.volume.geometry().centre_mm();
                let off = [[0.0; 3], [50.0, 0.0, 0.0], [0.0, 50.0, 0.0], [0.0, 0.0, 50.0]]
                    .map(|by| [0, 1, 2].map(|n| centre[n] + by[n]))
                    .map(|p| norm([0, 1, 2].map(|n| ended.transform.apply(p)[n] - wanted.apply(p)[n])));
                if off.into_iter().fold(0.0, f64::max) > RIGHT_MM {
                    cut.add(&format!("cut short at {degrees} degrees {pair}"), &ended);
                }
            }
        }
    }
    println!("right: {right}");
    println!("wrong: two people: {people}; mirrored: {mirrored}; moved: {moved}; cut short: {cut}");
    let wrong = [people, mirrored, moved, cut];
    let all = wrong.iter().fold(Count::default(), |sum, c| Count { all: sum.all + c.all, good: sum.good + c.good });
    println!("wrong: {all}");
    Ok(())
}

fn read(argument: &str) -> Result<Image, Box<dyn Error>> {
    let (person, path) = argument.split_once(':').ok_or("PERSON:FILE is wanted")?;
    let volume = isocenter_formats::read(path)?.volume.to_real(&Ctx::default())?;
    let volume = if volume.steps() > 1 { volume.extract_step(0)? } else { volume };
    let name = Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Image { person: person.trim_start_matches('=').to_owned(), name, is_even: person.starts_with('='), volume })
}

/// The image with the axis that lies nearest to left and right reversed, on its grid as it was: a header that lies.
fn mirror(image: &Volume<f32>) -> Result<Volume<f32>, Box<dyn Error>> {
    let affine = image.geometry().affine();
    let share = |a: usize| affine.column(a)[0].abs() / norm(affine.column(a));
    let axis = if share(0) >= share(1) && share(0) >= share(2) {
        0
    } else if share(1) >= share(2) {
        1
    } else {
        2
    };
    let flipped = image.flip([axis == 0, axis == 1, axis == 2])?;
    Ok(Volume::new(flipped.voxels().to_vec(), image.geometry().clone())?)
}

/// The image elsewhere in the world.
fn placed(image: &Volume<f32>, map: &Affine) -> Result<Volume<f32>, Box<dyn Error>> {
    let geometry = image.geometry();
    let there = Geometry::new(geometry.shape(), map.compose(geometry.affine()), Frame::Patient(None))?;
    Ok(Volume::new(image.voxels().to_vec(), there)?)
}
