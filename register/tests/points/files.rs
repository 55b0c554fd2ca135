use std::fs;

use isocenter_register::points::{
    Error,
    files::{self, Axes, Form, Point},
};

fn some() -> Vec<Point> {
    vec![
        Point { label: "nasion, \"front\"".to_owned(), place_mm: [1.5, -2.25, 1.0 / 3.0] },
        Point { label: String::new(), place_mm: [1e-12, 0.0, -1e6] },
    ]
}

fn forms() -> Vec<Form> {
    let mut forms = vec![Form::Fcsv, Form::Csv(Axes::Lps), Form::Csv(Axes::Ras)];
    if cfg!(feature = "json") {
        forms.push(Form::Markups);
    }
    forms
}

#[test]
fn every_bit_and_label_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    for form in forms() {
        let path = dir.path().join("points");
        files::write(&path, &some(), form).unwrap();
        assert_eq!(files::read(&path, form).unwrap(), some(), "{form:?}");
        assert!(files::format(&[Point { place_mm: [f64::NAN, 0.0, 0.0], ..Point::default() }], form).is_err());
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

/// The example of 3D Slicer's developer guide.
const FCSV: &str = "# Markups fiducial file version = 4.13\n# CoordinateSystem = LPS\n\
    # columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n\
    0,-19.906699999999987,13.9347,29.442970822281154,0,0,0,1,1,1,0,F-1,,\n\
    1,-7.3939,-76.94990495817181,17.552540297898375,0,0,0,1,1,1,0,F-2,,\n";

#[test]
fn slicers_list_states_its_frame() {
    let lps = files::parse(FCSV, Form::Fcsv).unwrap();
    assert_eq!((lps.len(), lps[1].label.as_str(), lps[0].place_mm[0]), (2, "F-2", -19.906699999999987));
    for name in ["RAS", "0"] {
        let ras = files::parse(&FCSV.replace("LPS", name), Form::Fcsv).unwrap();
        assert_eq!(ras[0].place_mm, [19.906699999999987, -13.9347, 29.442970822281154]);
    }
    for text in
        [FCSV.replace("# CoordinateSystem = LPS\n", ""), FCSV.replace("LPS", "XYZ"), FCSV.replace("13.9347", "x")]
    {
        assert!(matches!(files::parse(&text, Form::Fcsv), Err(Error::Malformed { .. })), "{text}");
    }
}

#[test]
#[cfg(feature = "json")]
fn slicers_json_states_its_frame() {
    let text = r#"{"@schema": "x", "markups": [{"type": "Fiducial", "coordinateSystem": "LPS", "controlPoints": [
        {"label": "F-1", "position": [-53.388409961685827, -73.33572796934868, 0.0]},
        {"label": "F-2", "position": [0, 0, 0], "positionStatus": "undefined"}]}]}"#;
    let lps = files::parse(text, Form::Markups).unwrap();
    assert_eq!((lps.len(), lps[0].place_mm), (1, [-53.388409961685827, -73.33572796934868, 0.0]));
    let ras = files::parse(&text.replace("LPS", "RAS"), Form::Markups).unwrap();
    assert_eq!(ras[0].place_mm, [53.388409961685827, 73.33572796934868, 0.0]);
    for (from, to) in [("LPS", "IJK"), ("controlPoints", "points"), ("-53.388409961685827,", ""), ("]}]}", "")] {
        assert!(matches!(files::parse(&text.replace(from, to), Form::Markups), Err(Error::Malformed { .. })), "{to}");
    }
    let metres = text.replace("\"type\"", "\"coordinateUnits\": \"m\", \"type\"");
    assert!(matches!(files::parse(&metres, Form::Markups), Err(Error::Unsupported { .. })));
    assert!(matches!(files::parse("{\"markups\": []}", Form::Markups), Err(Error::Unsupported { .. })));
}

#[test]
fn plain_columns_are_found_by_name_or_by_number() {
    let wanted = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    for text in [
        "1,2,3\n4,5,6\n",
        "# by hand\na,1,2,3\nb,4,5,6\n",
        "Z,Label,Y,X\n3,a,2,1\n6,b,5,4\n",
        "x, y, z\n1, 2, 3\n\n4, 5, 6\n",
    ] {
        let points = files::parse(text, Form::Csv(Axes::Lps)).unwrap();
        assert_eq!(points.iter().map(|p| p.place_mm).collect::<Vec<_>>(), wanted, "{text}");
    }
    for text in ["1,2\n", "1,2,3,4,5\n", "1,2,3\n1,2\n", "1,2,inf\n", "\"a,1,2,3\n"] {
        assert!(matches!(files::parse(text, Form::Csv(Axes::Lps)), Err(Error::Malformed { .. })), "{text}");
    }
}
