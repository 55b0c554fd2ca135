//! What is neither file nor folder is named and not opened; what links lead to is found once.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{FileKind, Kind, ScanOptions, look, scan};
use isocenter_dcm::{OpenOptions, ReadLimits};

use super::directory::medium;
use super::support::{bytes, found, image, is, put, told};

fn pipe(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn ct(number: u8) -> Vec<u8> {
    bytes(&image(["P", "1.2", "1.2.3", &format!("1.2.3.{number}")]))
}

#[test]
fn pipes_sockets_and_devices_in_a_folder_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    pipe(&at("a/pipe.dcm"));
    pipe(&at("DICOMDIR"));
    pipe(&at("a.zip"));
    let _socket = UnixListener::bind(at("socket.nii.gz")).unwrap();
    symlink("/dev/zero", at("zeros.dcm")).unwrap();
    symlink("a/pipe.dcm", at("to a pipe")).unwrap();
    put(&at("a/1"), &ct(1));
    let expected = [
        ("DICOMDIR", "pipe"),
        ("a/1", "dicom"),
        ("a/pipe.dcm", "pipe"),
        ("a.zip", "pipe"),
        ("socket.nii.gz", "socket"),
        ("to a pipe", "link"),
        ("zeros.dcm", "device"),
    ];
    is(&told(folder.path(), &found(folder.path().to_owned())), &expected);
}

#[test]
fn what_is_given_by_name_is_not_opened_either() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    pipe(&at("pipe"));
    let _socket = UnixListener::bind(at("socket")).unwrap();
    symlink("pipe", at("link")).unwrap();
    symlink("nowhere", at("dangling")).unwrap();
    symlink("loop", at("loop")).unwrap();
    let names = ["dangling", "link", "loop", "pipe", "socket"];
    let kinds = ["broken-link", "pipe", "broken-link", "pipe", "socket"];
    let files = scan(&names.map(at), &ScanOptions::default(), &Ctx::default()).unwrap();
    let expected: Vec<_> = names.into_iter().zip(kinds).collect();
    is(&told(folder.path(), &files), &expected);
    for (name, kind) in expected {
        let one = look(at(name), &ScanOptions::default());
        assert!(matches!(one.kind, Kind::NotDicom(found) if found.code() == kind), "{name}");
        assert!(one.is_unopened());
        assert_eq!(one.open(&OpenOptions::new()).unwrap_err().reason(), "io");
        assert_eq!(one.read_bytes(&ReadLimits::default()).unwrap_err().reason(), "io");
        assert_eq!(one.place().bytes(&ReadLimits::default()).err().map(|e| e.reason()), Some("io"));
        assert_eq!(OpenOptions::new().open(at(name)).unwrap_err().reason(), "io");
        assert_eq!(OpenOptions::new().open_lazy(at(name)).unwrap_err().reason(), "io");
    }
    assert!(scan(&[at("nothing")], &ScanOptions::default(), &Ctx::default()).is_err());
}

#[test]
fn a_pipe_that_a_dicomdir_names_is_named() {
    let folder = tempfile::tempdir().unwrap();
    medium(folder.path(), &["IMAGES\\IM1", "IMAGES\\IM2", "IMAGES\\IM3"]);
    pipe(&folder.path().join("IMAGES/IM2"));
    symlink("nowhere", folder.path().join("IMAGES/IM3")).unwrap();
    let expected =
        [("DICOMDIR", "directory"), ("IMAGES/IM1", "dicom"), ("IMAGES/IM2", "pipe"), ("IMAGES/IM3", "broken-link")];
    is(&told(folder.path(), &found(folder.path().join("DICOMDIR"))), &expected);
    let options = ScanOptions::default().follow_directory(true);
    let files = scan(&[folder.path()], &options, &Ctx::default()).unwrap();
    assert_eq!(files.iter().filter(|file| matches!(file.kind, Kind::NotDicom(FileKind::Pipe))).count(), 1);
}

#[test]
fn linked_folders_are_followed_once_and_loops_end() {
    let folder = tempfile::tempdir().unwrap();
    let (given, beside) = (folder.path().join("given"), folder.path().join("beside"));
    put(&given.join("a/1"), &ct(1));
    put(&beside.join("2"), &ct(2));
    put(&beside.join("deep/3"), &ct(3));
    put(&folder.path().join("secret"), &ct(9));
    // up, to the side, out and back again
    symlink("..", given.join("a/up")).unwrap();
    symlink("a", given.join("again")).unwrap();
    symlink("../beside", given.join("out")).unwrap();
    symlink("../beside", given.join("out twice")).unwrap();
    symlink("../beside/deep", given.join("z")).unwrap();
    symlink("../given", beside.join("back")).unwrap();
    symlink(folder.path(), beside.join("around")).unwrap();
    symlink("/", given.join("root")).unwrap();
    let expected = [
        ("a/1", "dicom"),
        ("a/up", "link"),
        ("again", "link"),
        ("out/2", "dicom"),
        ("out/around", "link"),
        ("out/back", "link"),
        ("out/deep/3", "dicom"),
        ("out twice", "link"),
        ("root", "link"),
        ("z", "link"),
    ];
    is(&told(&given, &found(given.clone())), &expected);
    // the same by another order of arguments, and where a link is what is given
    let both = [given.clone(), given.join("a")];
    for paths in [both.clone(), [both[1].clone(), both[0].clone()]] {
        is(&told(&given, &scan(&paths, &ScanOptions::default(), &Ctx::default()).unwrap()), &expected);
    }
    let by_link = found(given.join("out"));
    is(&told(&given.join("out"), &by_link)[..1], &[("2", "dicom")]);
}

#[test]
fn a_file_that_several_links_lead_to_is_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let (given, store) = (folder.path().join("given"), folder.path().join("store"));
    put(&given.join("1"), &ct(1));
    for number in 2..5 {
        put(&store.join(number.to_string()), &ct(number));
    }
    for (link, target) in
        [("0", "1"), ("b", "../store/2"), ("c", "../store/2"), ("d", "../store/3"), ("e", "nowhere/x")]
    {
        symlink(target, given.join(link)).unwrap();
    }
    symlink("d", given.join("f")).unwrap();
    let expected = [
        ("0", "link"),
        ("1", "dicom"),
        ("b", "dicom"),
        ("c", "link"),
        ("d", "dicom"),
        ("e", "broken-link"),
        ("f", "link"),
    ];
    is(&told(&given, &found(given.clone())), &expected);
    // a whole folder of links to a store is a folder of files
    let links = folder.path().join("links");
    std::fs::create_dir(&links).unwrap();
    for number in 2..5 {
        symlink(store.join(number.to_string()), links.join(format!("L{number}"))).unwrap();
    }
    is(&told(&links, &found(links.clone())), &[("L2", "dicom"), ("L3", "dicom"), ("L4", "dicom")]);
}

#[test]
fn many_folders_that_all_link_to_each_other_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let names: Vec<String> = (0..12).map(|n| format!("f{n:02}")).collect();
    for (number, name) in names.iter().enumerate() {
        put(&store.join(name).join("image"), &ct(number as u8));
        for other in &names {
            symlink(Path::new("..").join(other), store.join(name).join(other)).unwrap();
        }
    }
    let given = folder.path().join("given");
    std::fs::create_dir(&given).unwrap();
    symlink("../store/f05", given.join("in")).unwrap();
    let files = found(given);
    let images: Vec<PathBuf> =
        files.iter().filter(|file| matches!(file.kind, Kind::Dicom(_))).map(|file| file.path.clone()).collect();
    assert_eq!(images.len(), 12);
    assert_eq!(files.len(), 12 + 12 * 12 - 11);
}
