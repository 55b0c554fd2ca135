//! Twelve people on one and the same grid, so that nothing but names tells whose a file is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

use isocenter::{
    Error, Export, KeySource, Outcome, Prepare, Recipe, formats, manifest,
    volume::{AxisKind, Ctx, DynVolume, Head as VolumeHead, SlowAxis, Volume},
};
use isocenter_phantom::{
    Contrast, Head,
    grid::{Grid, Plane, pose},
};

pub(crate) const PEOPLE: usize = 12;

/// Whose a volume is: person, visit, kind.
pub(crate) type Who = (usize, usize, String);

/// Files that were written, and what they hold.
pub(crate) struct Cohort {
    _dir: tempfile::TempDir,
    pub(crate) root: PathBuf,
    images: Vec<(Who, Vec<f32>)>,
    labels: Vec<((usize, usize), Vec<f32>)>,
}

/// What a run made of them.
pub(crate) struct Done {
    pub(crate) out: PathBuf,
    pub(crate) outcome: Outcome,
    pub(crate) items: Vec<(manifest::Item, Who)>,
}

fn contrast(kind: &str) -> Contrast {
    match kind {
        "T2" => Contrast::T2,
        "FLAIR" => Contrast::Flair,
        "CT" => Contrast::Ct,
        _ => Contrast::T1,
    }
}

/// One head as a kind of image shows it, made once.
fn rendered(kind: &str) -> Volume<f32> {
    static MADE: Mutex<BTreeMap<String, Volume<f32>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap();
    let render = || {
        let grid = Grid::new(Plane::Axial, [13, 15, 8], [16.0, 16.0, 22.0]).geometry().unwrap();
        Head::new(3).render(&grid, &pose([0.0; 3], [0.0; 3]), contrast(kind), 1).unwrap()
    };
    made.entry(kind.to_owned()).or_insert_with(render).clone()
}

impl Cohort {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("in");
        fs::create_dir(&root).unwrap();
        Self { _dir: dir, root, images: Vec::new(), labels: Vec::new() }
    }

    fn rendered(who: &Who) -> Volume<f32> {
        let (person, visit, kind) = who;
        let base = rendered(kind);
        // every person and visit has values of its own
        let (factor, offset) = (1.0 + *person as f32 / 64.0, *visit as f32 * 3.0);
        let voxels: Vec<f32> = base.voxels().iter().map(|v| v * factor + offset).collect();
        Volume::new(voxels, base.geometry().clone()).unwrap()
    }

    /// Writes an image; its name may have any ending that a format has.
    pub(crate) fn image(&mut self, name: &str, person: usize, visit: usize, kind: &str) {
        let who = (person, visit, kind.to_owned());
        let volume = Self::rendered(&who);
        self.write(name, volume.clone().into());
        self.images.push((who, volume.voxels().to_vec()));
    }

    /// Writes several kinds into one file, one step each.
    pub(crate) fn steps(&mut self, name: &str, person: usize, kinds: &[&str]) {
        let volumes: Vec<_> = kinds.iter().map(|k| Self::rendered(&(person, 0, (*k).to_owned()))).collect();
        let axis = SlowAxis::new(AxisKind::Time, kinds.len()).unwrap();
        let head = VolumeHead::new(volumes[0].geometry().clone()).with_slow_axes(vec![axis]).unwrap();
        let voxels: Vec<f32> = volumes.iter().flat_map(|v| v.voxels().to_vec()).collect();
        self.images.push(((person, 0, kinds.join(" ")), voxels.clone()));
        self.write(name, DynVolume::from_parts(head, voxels).unwrap());
    }

    /// Writes labels without a word in the file that they are: 1 where the signal is, 2 in a corner that is the person's own.
    pub(crate) fn label(&mut self, name: &str, person: usize, visit: usize) {
        let image = Self::rendered(&(person, visit, "T1".to_owned()));
        let values: Vec<u8> = image
            .voxels()
            .iter()
            .enumerate()
            .map(|(n, v)| if n <= 3 * person + visit + 2 { 2 } else { u8::from(*v > 60.0) })
            .collect();
        self.labels.push(((person, visit), values.iter().map(|v| f32::from(*v)).collect()));
        self.write(name, Volume::new(values, image.geometry().clone()).unwrap().into());
    }

    pub(crate) fn text(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn write(&self, name: &str, volume: DynVolume) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // written under an ending that the writers know, then named as the case wants it
        let lower = path.with_file_name(path.file_name().unwrap().to_string_lossy().to_lowercase());
        formats::write(&lower, &formats::File::from_volume(volume)).unwrap();
        fs::rename(&lower, &path).unwrap();
    }

    pub(crate) fn job(&self, recipe: &str) -> Prepare {
        let recipe = if recipe.contains('=') { Recipe::parse(recipe) } else { Recipe::load(recipe) };
        let out = self.root.parent().unwrap().join("out");
        Prepare::new(vec![self.root.clone()], out, recipe.unwrap(), KeySource::Demo).exports(vec![Export::NnUnet])
    }

    pub(crate) fn run(&self) -> Done {
        self.finish(self.job("generic"))
    }

    /// Runs, and looks at what must hold of any layout: whose each item is, whose labels it has, the split, the export.
    pub(crate) fn finish(&self, job: Prepare) -> Done {
        let out = job.out.clone();
        let outcome = job.run(&Ctx::default()).unwrap();
        let items: Vec<(manifest::Item, Who)> = manifest::read(&out)
            .unwrap()
            .into_iter()
            .map(|item| {
                let voxels = values(&out.join(&item.image));
                let (who, _) = self.images.iter().find(|(_, known)| *known == voxels).unwrap();
                (item, who.clone())
            })
            .collect();
        let (mut people, mut visits) = (BTreeSet::new(), BTreeSet::new());
        for (item, who) in &items {
            people.insert((who.0, item.patient.clone()));
            visits.insert(((who.0, who.1), (item.patient.clone(), item.study.clone())));
            if let Some(label) = &item.label {
                let found = values(&out.join(label));
                let (of, _) = self.labels.iter().find(|(_, known)| *known == found).unwrap();
                assert_eq!(*of, (who.0, who.1), "labels of another");
            }
        }
        one_to_one(&people);
        one_to_one(&visits);
        let parts: BTreeSet<_> = items.iter().map(|(i, who)| (who.0, (i.part.clone(), i.fold))).collect();
        assert_eq!(parts.len(), people.len(), "a person is in two parts");
        whole_exports(&out);
        Done { out, outcome, items }
    }

    /// Runs, and expects to be asked; nothing is written, and no key is made.
    pub(crate) fn question(&self) -> String {
        let mut job = self.job("generic");
        let key = job.out.with_file_name("key");
        job.key = KeySource::File(key.clone());
        let out = job.out.clone();
        let error = job.run(&Ctx::default()).unwrap_err();
        assert!(matches!(error, Error::Usage { .. }) && error.exit_code() == 2, "{error}");
        assert!(!out.exists() && !key.exists());
        assert!(error.to_string().contains("--pairs"), "{error}");
        error.to_string()
    }
}

impl Done {
    pub(crate) fn people(&self) -> usize {
        self.items.iter().map(|(_, who)| who.0).collect::<BTreeSet<_>>().len()
    }

    pub(crate) fn labelled(&self) -> usize {
        self.items.iter().filter(|(i, _)| i.label.is_some()).count()
    }

    pub(crate) fn layouts(&self) -> Vec<&str> {
        self.outcome.understood.layouts.iter().map(|l| l.layout.as_str()).collect()
    }

    /// Channels of each exported data set, and its training and test cases.
    pub(crate) fn sets(&self) -> Vec<(Vec<String>, usize, usize)> {
        let mut folders: Vec<PathBuf> =
            fs::read_dir(self.out.join("nnunet")).unwrap().map(|e| e.unwrap().path()).collect();
        folders.sort();
        let count = |folder: PathBuf| fs::read_dir(folder).map_or(0, Iterator::count);
        let set = |folder: &PathBuf| {
            let channels = json(folder)["channel_names"].as_object().unwrap().clone();
            let names: Vec<String> =
                (0..channels.len()).map(|n| channels[&n.to_string()].as_str().unwrap().to_owned()).collect();
            let each = names.len();
            (names, count(folder.join("imagesTr")) / each, count(folder.join("imagesTs")) / each)
        };
        folders.iter().map(set).collect()
    }
}

fn json(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("dataset.json")).unwrap()).unwrap()
}

fn values(path: &Path) -> Vec<f32> {
    formats::read(path).unwrap().volume.to_real(&Ctx::default()).unwrap().voxels().to_vec()
}

fn one_to_one<A: Ord + std::fmt::Debug, B: Ord + std::fmt::Debug>(pairs: &BTreeSet<(A, B)>) {
    let left: BTreeSet<&A> = pairs.iter().map(|p| &p.0).collect();
    let right: BTreeSet<&B> = pairs.iter().map(|p| &p.1).collect();
    assert!(left.len() == pairs.len() && right.len() == pairs.len(), "{pairs:#?}");
}

/// What nnU-Net's check of a data set asks for: every channel of every case, one grid, labels from 0 without a gap.
fn whole_exports(out: &Path) {
    let Ok(sets) = fs::read_dir(out.join("nnunet")) else { return };
    for set in sets.map(|e| e.unwrap().path()) {
        let description = json(&set);
        let channels = description["channel_names"].as_object().unwrap().len();
        let labels: BTreeSet<u64> =
            description["labels"].as_object().unwrap().values().map(|v| v.as_u64().unwrap()).collect();
        assert!(labels.iter().copied().eq(0..labels.len() as u64), "{labels:?}");
        let names = |folder: &str| -> Vec<String> {
            let entries = fs::read_dir(set.join(folder));
            entries.map(|e| e.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()).unwrap_or_default()
        };
        let mut training = 0;
        for (images, label_folder) in [("imagesTr", "labelsTr"), ("imagesTs", "labelsTs")] {
            let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for name in names(images) {
                cases.entry(name[..name.len() - "_0000.nii.gz".len()].to_owned()).or_default().push(name);
            }
            for (case, mut files) in cases {
                files.sort();
                let wanted: Vec<String> = (0..channels).map(|n| format!("{case}_{n:04}.nii.gz")).collect();
                assert_eq!(files, wanted);
                let label = set.join(label_folder).join(format!("{case}.nii.gz"));
                assert!(label.is_file() || images == "imagesTs");
                let first = formats::read(set.join(images).join(&files[0])).unwrap().volume;
                for file in &files {
                    let other = formats::read(set.join(images).join(file)).unwrap().volume;
                    assert_eq!((other.shape(), other.steps()), (first.shape(), 1));
                    other.geometry().agrees_with(first.geometry()).unwrap();
                }
                if label.is_file() {
                    let map = formats::read(&label).unwrap().volume;
                    map.geometry().agrees_with(first.geometry()).unwrap();
                    let known = |v: &f32| v.fract() == 0.0 && labels.contains(&(*v as u64));
                    assert!(values(&label).iter().all(known));
                }
                training += usize::from(images == "imagesTr");
            }
        }
        assert_eq!(description["numTraining"].as_u64(), Some(training as u64));
    }
}
