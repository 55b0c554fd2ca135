//! Into a DICOM instance.

use dicom_dictionary_std::tags;
use isocenter_dcm::plane::FramePlane;
use isocenter_dcm::{Dataset, FunctionalGroups, Instance, value};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, affine};
use rayon::prelude::*;

use super::{Defaced, Error, Faces, slab::Slab};
use crate::pixels::blank::{self, Ink};
use crate::pixels::{self, Rect};

impl Faces {
    /// Removes the face from every frame of an instance with its original header, each by its own place in the patient. Pixels that stay are bit for bit as
    /// they were, and so is the syntax where it is lossless ([`blank`]); the icon goes. A frame is as deep as its
    /// Slice Thickness. Ask [`judge`](super::judge) first whether it shows a face at all; the header says nothing of what was done.
    ///
    /// # Errors
    /// [`Error::NoGeometry`], [`Error::World`]; [`Error::NotInView`] and [`Error::NothingCovered`] as in [`Faces::allow_untouched`];
    /// [`Error::Unsupported`] for projections; [`Error::Pixels`], [`Error::Cancelled`]. The instance is then as it was.
    pub fn apply(&self, instance: &mut Instance, ctx: &Ctx<'_>) -> Result<Defaced, Error> {
        if !instance.has_pixels() {
            return Ok(Defaced::default());
        }
        if instance.is_header_only() {
            return Err(pixels::Error::HeaderOnly.into());
        }
        if let Some(what) = no_slice(&instance.dataset) {
            return Err(Error::Unsupported { what });
        }
        let world = value::string(&instance.dataset, tags::FRAME_OF_REFERENCE_UID);
        let frame = Frame::Patient(world.map(|uid| uid.trim().to_owned()));
        self.require_world(&frame, 0)?;
        let slabs = slabs(instance)?;
        let corners = slabs.iter().flat_map(Slab::corners);
        // what lies far away shows no head, even where it lies outward of the mask, and a stack that the mask does not meet is another's
        let is_met = || slabs.len() == 1 || slabs.iter().any(|slab| self.meets(slab, &frame));
        let rects = match self.is_near(corners.clone()) && is_met() {
            true => self.rects(&slabs, ctx)?,
            false => Vec::new(),
        };
        let planes = rects.iter().filter(|rects| !rects.is_empty()).count();
        let voxels = rects.iter().flatten().map(Rect::area).sum();
        if planes > 0 {
            let ink = self.ink(instance, &rects)?;
            blank::frames(instance, rects, ink, ctx)?;
        } else {
            // a slice may well be of the same head
            let is_slice = slabs.len() == 1 && (!rects.is_empty() || self.frame().is_same_patient_frame(&frame));
            if !self.allow_untouched && !is_slice {
                return Err(self.untouched(corners));
            }
        }
        // it was made before, and shows what the image showed
        instance.dataset.remove_element(tags::ICON_IMAGE_SEQUENCE);
        Ok(Defaced { voxels, planes })
    }

    fn rects(&self, slabs: &[Slab], ctx: &Ctx<'_>) -> Result<Vec<Vec<Rect>>, Error> {
        let stage = ctx.stage("faces", slabs.len() as u64);
        let one = |slab: &Slab| -> Result<Vec<Rect>, Error> {
            stage.check()?;
            let rects = slab.rects(self);
            stage.advance(1)?;
            Ok(rects)
        };
        let found: Vec<Result<_, Error>> = ctx.install(|| slabs.par_iter().map(one).collect());
        found.into_iter().collect()
    }

    /// Whether a mask itself, not only what lies outward of it, meets a frame.
    fn meets(&self, slab: &Slab, frame: &Frame) -> bool {
        let [column, row, _] = slab.sides;
        let deep = match slab.sides[2].iter().any(|&mm| mm != 0.0) {
            true => slab.sides[2],
            // of no depth: a millimetre
            false => affine::cross(column, row).map(|v| v / affine::norm(affine::cross(column, row))),
        };
        let affine = Affine::from_columns([column, row, deep], slab.origin);
        Geometry::new([slab.size[0], slab.size[1], 1], affine, frame.clone()).is_ok_and(|grid| self.region.meets(&grid))
    }

    /// The stored background of each frame; 0 where it is not asked for.
    fn ink(&self, instance: &Instance, rects: &[Vec<Rect>]) -> Result<Ink, Error> {
        let level = |(frame, rects): (usize, &Vec<Rect>)| match rects.is_empty() {
            true => Ok(0.0),
            false => self.background.of_frame(&instance.frame(frame)?),
        };
        Ok(Ink::Levels(rects.iter().enumerate().map(level).collect::<Result<_, Error>>()?))
    }
}

/// The planes of all frames.
fn slabs(instance: &Instance) -> Result<Vec<Slab>, Error> {
    let info = instance.frame(0)?.info()?;
    let size = [usize::from(info.columns), usize::from(info.rows)];
    let groups = FunctionalGroups::new(&instance.dataset);
    let slab = |frame: usize| -> Result<Slab, Error> {
        let plane = instance.frame(frame)?.plane().ok_or(Error::NoGeometry { frame })?;
        Ok(of_plane(&plane, thickness_mm(groups, frame), size))
    };
    (0..groups.frames()).map(slab).collect()
}

fn of_plane(plane: &FramePlane, thickness_mm: f64, size: [usize; 2]) -> Slab {
    let sides = [
        plane.row.map(|v| v * plane.spacing[1]),
        plane.column.map(|v| v * plane.spacing[0]),
        plane.normal().map(|v| v * thickness_mm),
    ];
    Slab { origin: plane.position, sides, size }
}

/// How deep a frame is, mm: Slice Thickness, else the distance of slices, else nothing.
fn thickness_mm(groups: FunctionalGroups<'_>, frame: usize) -> f64 {
    let item = groups.item(frame, tags::PIXEL_MEASURES_SEQUENCE);
    let stated =
        |tag| item.and_then(|item| value::f64(item, tag)).map(f64::abs).filter(|mm| *mm > 0.0 && *mm <= THICKEST_MM);
    stated(tags::SLICE_THICKNESS).or_else(|| stated(tags::SPACING_BETWEEN_SLICES)).unwrap_or(0.0)
}

/// What is said to be thicker is no slice, mm.
const THICKEST_MM: f64 = 100.0;

/// What an image is whose pixels do not lie where its plane says: a scout of a CT, a maximum intensity projection, slices side by side in one picture.
fn no_slice(dataset: &Dataset) -> Option<&'static str> {
    let modality = value::string(dataset, tags::MODALITY).unwrap_or_default();
    let kinds = value::strings(dataset, tags::IMAGE_TYPE);
    let any = |is: &dyn Fn(&str) -> bool| kinds.iter().any(|term| is(&term.trim().to_ascii_uppercase()));
    let is_scout = |term: &str| matches!(term, "LOCALIZER" | "SCOUT" | "TOPOGRAM" | "SURVIEW");
    let is_projection = |term: &str| {
        let word = |word: &str| matches!(word, "MIP" | "MINIP" | "SSD" | "VRT");
        term.contains("PROJECTION") || term.split([' ', '_']).any(word)
    };
    let is_mosaic = |term: &str| matches!(term, "MOSAIC" | "VFRAME");
    // numbers of tiles, in private headers of Siemens and United Imaging
    let tiles = [(0x0019, "SIEMENS MR HEADER", 0x0A), (0x0065, "Image Private Header", 0x50)];
    let is_tiled = tiles.into_iter().any(|(group, creator, element)| {
        let count = value::private(dataset, group, creator, element).and_then(value::numbers);
        count.is_some_and(|count| count.first().is_some_and(|&count| count > 1.0))
    });
    match () {
        () if any(&is_mosaic) || is_tiled => Some("a mosaic of slices: take it apart first"),
        () if (modality.trim() == "CT" && any(&is_scout)) || any(&is_projection) => {
            Some("a projection: each of its pixels shows what lies behind the face, too")
        }
        () => None,
    }
}
