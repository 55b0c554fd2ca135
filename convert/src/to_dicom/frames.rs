//! Functional groups and dimensions of multi-frame images.
//!
//! Source: DICOM PS3.3 C.7.6.16 (functional groups), C.7.6.17 (dimensions).

use isocenter_dcm::{Dataset, Tag, tags};

use super::{
    code::Code,
    common,
    error::Error,
    job::{Job, Place},
    kind::Kind,
    put,
    steps::Role,
};

/// Groups of all frames, and of each.
pub(super) struct Groups {
    pub(super) shared: Dataset,
    pub(super) frames: Vec<Dataset>,
}

impl Groups {
    /// The groups that every kind has: measures, orientation, position, frame content, derivation.
    pub(super) fn of(job: &Job<'_>) -> Self {
        let mut shared = Dataset::new_empty();
        put::item(&mut shared, tags::PIXEL_MEASURES_SEQUENCE, |item| {
            put::numbers(item, tags::PIXEL_SPACING, &job.grid.spacing);
            put::numbers(item, tags::SLICE_THICKNESS, &[job.grid.distance_mm]);
            if job.grid.is_upright {
                put::numbers(item, tags::SPACING_BETWEEN_SLICES, &[job.grid.distance_mm]);
            }
        });
        put::item(&mut shared, tags::PLANE_ORIENTATION_SEQUENCE, |item| {
            put::numbers(item, tags::IMAGE_ORIENTATION_PATIENT, &job.grid.orientation());
        });
        let has_pairs = job.pairs.is_some();
        if !job.kind.is_legacy() && !has_pairs && !job.source.instances().is_empty() {
            derivation(job, &mut shared, None);
        }
        let frames = job.places().map(|place| {
            let mut group = Dataset::new_empty();
            put::item(&mut group, tags::FRAME_CONTENT_SEQUENCE, |item| content(job, item, place));
            put::item(&mut group, tags::PLANE_POSITION_SEQUENCE, |item| {
                put::numbers(item, tags::IMAGE_POSITION_PATIENT, &job.grid.position(place.slice));
            });
            if !job.kind.is_legacy() && has_pairs {
                derivation(job, &mut group, Some(place));
            }
            let step = job.steps.step(place.step);
            if let Some(seconds) = step.time.and_then(|(_, seconds)| seconds) {
                put::item(&mut group, tags::TEMPORAL_POSITION_SEQUENCE, |item| {
                    put::numbers(item, tags::TEMPORAL_POSITION_TIME_OFFSET, &[seconds]);
                });
            }
            group
        });
        let frames = frames.collect();
        Self { shared, frames }
    }

    /// Puts a group of one scaling into the shared groups, or one each into those of the frames.
    pub(super) fn scaling(&mut self, job: &Job<'_>, sequence: Tag, fill: impl Fn(&mut Dataset, usize)) {
        if job.pixels.is_uniform() {
            put::item(&mut self.shared, sequence, |item| fill(item, 0));
        } else {
            for (group, place) in self.frames.iter_mut().zip(job.places()) {
                put::item(group, sequence, |item| fill(item, place.plane));
            }
        }
    }

    /// Puts the groups, the dimensions and the pixels of all frames into the image.
    pub(super) fn finish(self, job: &Job<'_>, ds: &mut Dataset) -> Result<(), Error> {
        let planes: Vec<usize> = job.places().map(|place| place.plane).collect();
        if planes.len() > i32::MAX as usize {
            return Err(Error::TooLarge { what: "frames", asked: planes.len() as u64, limit: i32::MAX as u64 });
        }
        put::count(ds, tags::NUMBER_OF_FRAMES, planes.len());
        put::items(ds, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, vec![self.shared]);
        put::items(ds, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, self.frames);
        dimensions(job, ds);
        common::pixels(job, ds, &planes)
    }
}

fn content(job: &Job<'_>, item: &mut Dataset, place: Place) {
    put::text(item, tags::STACK_ID, "1");
    put::count(item, tags::IN_STACK_POSITION_NUMBER, place.slice + 1);
    let step = job.steps.step(place.step);
    // a PET counts times where there is one, too
    let always = (job.kind == Kind::EnhancedPet).then_some((0, None));
    if let Some((index, _)) = step.time.or(always) {
        put::count(item, tags::TEMPORAL_POSITION_INDEX, index + 1);
    }
    if let Some(index) = step.acquisition {
        put::count(item, tags::FRAME_ACQUISITION_NUMBER, index + 1);
    }
    // stack, slow axes from the slowest on, slice
    let steps = job.steps.indices(place.step).into_iter().map(|index| index as u32 + 1);
    let indices: Vec<u32> = std::iter::once(1).chain(steps).chain([place.slice as u32 + 1]).collect();
    put::longs(item, tags::DIMENSION_INDEX_VALUES, &indices);
}

fn derivation(job: &Job<'_>, group: &mut Dataset, place: Option<Place>) {
    put::item(group, tags::DERIVATION_IMAGE_SEQUENCE, |item| {
        let code = if place.is_some() {
            Code::fixed("113091", "DCM", "Spatially-related frames extracted from the volume")
        } else {
            Code::fixed("113085", "DCM", "Spatial resampling")
        };
        code.put(item, tags::DERIVATION_CODE_SEQUENCE);
        put::items(item, tags::SOURCE_IMAGE_SEQUENCE, common::source_images(job, place));
    });
}

fn dimensions(job: &Job<'_>, ds: &mut Dataset) {
    let organization = job.uids.of("dimension organization");
    put::item(ds, tags::DIMENSION_ORGANIZATION_SEQUENCE, |item| {
        put::text(item, tags::DIMENSION_ORGANIZATION_UID, &*organization);
    });
    let roles: Vec<Role> = job.steps.dimensions().into_iter().map(|(role, _)| role).collect();
    if job.grid.is_upright {
        match roles.as_slice() {
            [] => put::text(ds, tags::DIMENSION_ORGANIZATION_TYPE, "3D"),
            [Role::Time] => put::text(ds, tags::DIMENSION_ORGANIZATION_TYPE, "3D_TEMPORAL"),
            _ => {}
        }
    }
    let stack = ([tags::STACK_ID, tags::FRAME_CONTENT_SEQUENCE], "Stack ID");
    let slice = ([tags::IN_STACK_POSITION_NUMBER, tags::FRAME_CONTENT_SEQUENCE], "In-Stack Position Number");
    let steps = roles.iter().map(|role| (role.pointers(), role.label()));
    let items = std::iter::once(stack).chain(steps).chain([slice]).map(|([pointer, group], label)| {
        let mut item = Dataset::new_empty();
        put::text(&mut item, tags::DIMENSION_ORGANIZATION_UID, &*organization);
        put::pointer(&mut item, tags::DIMENSION_INDEX_POINTER, pointer);
        put::pointer(&mut item, tags::FUNCTIONAL_GROUP_POINTER, group);
        put::text(&mut item, tags::DIMENSION_DESCRIPTION_LABEL, label);
        item
    });
    put::items(ds, tags::DIMENSION_INDEX_SEQUENCE, items.collect());
}
