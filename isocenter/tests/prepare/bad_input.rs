//! Broken files never stop a run and never vanish; wrong requests touch nothing.

use std::{fs, path::PathBuf};

use isocenter::{
    Error, Funnel, KeySource, Prepare, Recipe,
    info::{Options, info},
    volume::Ctx,
};

fn job(paths: Vec<PathBuf>, out: PathBuf) -> Prepare {
    Prepare::new(paths, out, Recipe::load("generic").unwrap(), KeySource::Demo)
}

#[test]
fn broken_files_are_all_in_quarantine_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir_all(input.join("deep/er")).unwrap();
    fs::write(input.join("empty.dcm"), b"").unwrap();
    fs::write(input.join("text.dcm"), b"this is no DICOM file").unwrap();
    fs::write(input.join("short.nii"), [0u8; 100]).unwrap();
    fs::write(input.join("cut.nii.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]).unwrap();
    let mut half = vec![0u8; 128];
    half.extend_from_slice(b"DICM\x02\0\0\0UL\x04\0\xff\xff\xff\x7f");
    fs::write(input.join("deep/er/half.dcm"), half).unwrap();
    let outcome = job(vec![input], dir.path().join("out")).run(&Ctx::default()).unwrap();
    assert_eq!(outcome.exit_code(), 1);
    assert_eq!((outcome.funnel.files, outcome.funnel.quarantined, outcome.funnel.items), (5, 5, 0));
    assert!(outcome.quarantine.iter().all(|r| !r.reason.is_empty() && !r.detail.is_empty()));
    let text = fs::read_to_string(dir.path().join("out/quarantine.jsonl")).unwrap();
    assert!(["half", "empty.dcm", "short", "deep"].iter().all(|name| !text.contains(name)), "a record names a path");
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_named_and_stops_nothing() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir_all(input.join("deep")).unwrap();
    // a volume's header and nothing behind it
    let mut header = vec![0u8; 352];
    header[..4].copy_from_slice(&348i32.to_le_bytes());
    header[344..348].copy_from_slice(b"n+1\0");
    fs::write(input.join("deep/a.nii"), header).unwrap();
    // one by its own name, one that a volume's sidecar would be, one that an archive would be
    for name in ["pipe.dcm", "deep/a.json", "b.zip"] {
        assert!(std::process::Command::new("mkfifo").arg(input.join(name)).status().unwrap().success());
    }
    let _socket = UnixListener::bind(input.join("socket.nii")).unwrap();
    symlink("nowhere", input.join("dangling")).unwrap();
    symlink("/dev/zero", input.join("device.dcm")).unwrap();
    symlink("..", input.join("deep/up")).unwrap();
    let expected = [("broken-link", 1), ("device", 1), ("link", 1), ("pipe", 3), ("socket", 1)];
    let expected = expected.map(|(code, count)| (code.to_owned(), count));
    let of = |funnel: &Funnel| -> Vec<(String, usize)> {
        let told = funnel.reasons.iter().filter(|(code, _)| expected.iter().any(|(wanted, _)| wanted == *code));
        told.map(|(code, count)| (code.clone(), *count)).collect()
    };
    assert_eq!(of(&info(std::slice::from_ref(&input), Options::default(), &Ctx::default()).unwrap().funnel), expected);
    let named = [input.clone(), input.join("pipe.dcm"), input.join("dangling")];
    for paths in [vec![input.clone()], named.to_vec()] {
        let outcome = job(paths, dir.path().join("out")).dry_run(true).run(&Ctx::default()).unwrap();
        assert_eq!((outcome.funnel.files, outcome.funnel.quarantined), (8, 8));
    }
    let outcome = job(vec![input], dir.path().join("out")).run(&Ctx::default()).unwrap();
    assert_eq!(of(&outcome.funnel), expected);
    let record = outcome.quarantine.iter().find(|r| r.reason == "pipe").unwrap();
    assert_eq!(record.detail, "a named pipe, which is not opened");
}

#[test]
fn a_text_of_a_file_that_does_not_parse_is_not_told() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let header = "NRRD0004\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nendian: little\n";
    fs::write(input.join("a.nrrd"), format!("{header}type: short\ndata file: /archive/SMITHSON/scan.raw\n\n")).unwrap();
    fs::write(input.join("b.nrrd"), format!("{header}type: SMITHSON\n\n")).unwrap();
    let out = dir.path().join("out");
    assert_eq!(job(vec![input], out.clone()).run(&Ctx::default()).unwrap().funnel.quarantined, 2);
    for file in ["quarantine.jsonl", "report.html"] {
        // a reader may have changed the case
        assert!(!fs::read_to_string(out.join(file)).unwrap().to_lowercase().contains("smithson"), "{file}");
    }
}

#[test]
fn an_input_without_a_file_is_an_error_that_names_it_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (empty, hollow, full) = (dir.path().join("empty"), dir.path().join("hollow"), dir.path().join("full"));
    fs::create_dir_all(hollow.join("a/b")).unwrap();
    fs::create_dir(&empty).unwrap();
    fs::create_dir(&full).unwrap();
    for paths in [vec![empty.clone()], vec![hollow.clone()], vec![empty.clone(), hollow.clone()]] {
        for dry in [false, true] {
            let mut asked = job(paths.clone(), dir.path().join("out")).dry_run(dry);
            asked.key = KeySource::File(dir.path().join("key"));
            let error = asked.run(&Ctx::default()).unwrap_err();
            assert_eq!((error.exit_code(), error.reason()), (2, "usage"));
            let named = paths.iter().all(|p| error.to_string().contains(p.file_name().unwrap().to_str().unwrap()));
            assert!(named, "{error}");
            assert!(!dir.path().join("out").exists() && !dir.path().join("key").exists());
        }
    }
    // beside one that holds a file it is told, and the run goes on; with nothing usable there is a report and exit code 1
    fs::write(full.join("note.txt"), "no image").unwrap();
    let outcome = job(vec![empty, full], dir.path().join("out")).run(&Ctx::default()).unwrap();
    assert_eq!((outcome.exit_code(), outcome.funnel.files, outcome.funnel.items), (1, 1, 0));
    assert!(outcome.remarks.iter().any(|r| r.contains("no file in") && r.contains("empty")), "{:?}", outcome.remarks);
    assert!(outcome.report.unwrap().is_file());
}

#[test]
fn wrong_requests_are_usage_errors_and_touch_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let refused = |job: Prepare| match job.run(&Ctx::default()) {
        Err(error @ Error::Usage { .. }) => assert_eq!(error.exit_code(), 2),
        other => panic!("{other:?}"),
    };
    refused(job(vec![dir.path().join("missing")], dir.path().join("out")));
    refused(job(vec![], dir.path().join("out")));
    refused(job(vec![input.clone()], input.join("out")));
    refused(job(vec![input.clone()], dir.path().to_path_buf()));
    let mut mapped = job(vec![input.clone()], dir.path().join("out"));
    mapped.map = Some(dir.path().join("out/map.csv"));
    refused(mapped);
    assert!(!dir.path().join("out").exists());
    assert_eq!(fs::read_dir(&input).unwrap().count(), 0);
}

#[test]
fn a_dry_run_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("x.dcm"), b"nothing").unwrap();
    let mut prepare = job(vec![input], dir.path().join("out")).dry_run(true);
    prepare.key = KeySource::File(dir.path().join("key"));
    let outcome = prepare.run(&Ctx::default());
    assert_eq!(outcome.unwrap().funnel.quarantined, 1);
    assert!(!dir.path().join("out").exists() && !dir.path().join("key").exists());
}

#[test]
fn an_output_that_cannot_be_written_is_exit_code_5() {
    // a file stands where a folder would have to be made
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("note.txt"), b"1").unwrap();
    fs::write(dir.path().join("file"), b"1").unwrap();
    let error = job(vec![input], dir.path().join("file/out")).run(&Ctx::default()).unwrap_err();
    assert_eq!(error.exit_code(), 5);
}

#[test]
fn what_is_packed_and_no_zip_is_named_and_not_looked_into() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let mut tar = vec![0u8; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let gzipped = {
        let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut coder, &tar).unwrap();
        coder.finish().unwrap()
    };
    let packed: [(&str, Vec<u8>); 5] = [
        ("b.7z", b"7z\xBC\xAF\x27\x1C and more".to_vec()),
        ("c.rar", b"Rar!\x1A\x07\x01\0 and more".to_vec()),
        ("d.tar", tar),
        ("e.tar.gz", gzipped),
        ("f.tar.xz", b"\xFD7zXZ\0 and more".to_vec()),
    ];
    for (name, bytes) in &packed {
        fs::write(input.join(name), bytes).unwrap();
    }
    let outcome = job(vec![input], dir.path().join("out")).run(&Ctx::default()).unwrap();
    assert_eq!(outcome.funnel.reasons, [("archive".to_owned(), packed.len())].into());
    assert!(outcome.quarantine.iter().any(|r| r.detail.contains("(7z)")), "{:?}", outcome.quarantine);
    assert_eq!(
        isocenter::quarantine::advice("archive").next,
        "if there are images in it, unpack it and give the folder"
    );
}
