//! Comma separated points.

use super::{Axes, Error, Point, flipped};

/// 3D Slicer's list: comments, of which one states the frame and one the columns, then a point a line.
pub(super) fn parse_fcsv(text: &str) -> Result<Vec<Point>, Error> {
    let mut axes = None;
    let mut columns = names("id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID");
    let mut points = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let bad = |what| Error::Malformed { line: n + 1, what };
        if let Some(comment) = line.trim_start().strip_prefix('#') {
            match comment.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
                Some(("CoordinateSystem", "LPS" | "1")) => axes = Some(Axes::Lps),
                Some(("CoordinateSystem", "RAS" | "0")) => axes = Some(Axes::Ras),
                Some(("CoordinateSystem", _)) => return Err(bad("the coordinate system must be LPS or RAS")),
                Some(("columns", value)) => columns = names(value),
                _ => {}
            }
            continue;
        }
        let axes = axes.ok_or_else(|| bad("'# CoordinateSystem' is missing before the first point"))?;
        points.push(point(line, &columns, axes).map_err(bad)?);
    }
    Ok(points)
}

/// Columns named by the first line, or `x,y,z`, or `label,x,y,z`.
pub(super) fn parse_plain(text: &str, axes: Axes) -> Result<Vec<Point>, Error> {
    let mut columns: Option<Vec<String>> = None;
    let mut points = Vec::new();
    let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    for (n, line) in text.lines().enumerate().filter(|(_, line)| is_said(line)) {
        let bad = |what| Error::Malformed { line: n + 1, what };
        let Some(columns) = &columns else {
            let head = names(&line.to_lowercase());
            if ["x", "y", "z"].iter().all(|wanted| head.iter().any(|name| name == wanted)) {
                columns = Some(head);
                continue;
            }
            let assumed = names(match head.len() {
                3 => "x,y,z",
                4 => "label,x,y,z",
                _ => return Err(bad("three numbers, or a label and three numbers, are wanted")),
            });
            points.push(point(line, &assumed, axes).map_err(bad)?);
            columns = Some(assumed);
            continue;
        };
        points.push(point(line, columns, axes).map_err(bad)?);
    }
    Ok(points)
}

pub(super) fn format_fcsv(points: &[Point]) -> String {
    let mut text = "# Markups fiducial file version = 4.13\n# CoordinateSystem = LPS\n\
                    # columns = id,x,y,z,ow,ox,oy,oz,vis,sel,lock,label,desc,associatedNodeID\n"
        .to_owned();
    for (n, point) in points.iter().enumerate() {
        let [x, y, z] = point.place_mm;
        text.push_str(&format!("{},{x},{y},{z},0,0,0,1,1,1,0,{},,\n", n + 1, quoted(&point.label)));
    }
    text
}

pub(super) fn format_plain(points: &[Point], axes: Axes) -> String {
    let mut text = "label,x,y,z\n".to_owned();
    for point in points {
        let [x, y, z] = flipped(point.place_mm, axes);
        text.push_str(&format!("{},{x},{y},{z}\n", quoted(&point.label)));
    }
    text
}

fn point(line: &str, columns: &[String], axes: Axes) -> Result<Point, &'static str> {
    let cells = cells(line)?;
    let cell = |wanted: &str| columns.iter().position(|name| name == wanted).and_then(|n| cells.get(n));
    let number = |name: &str| cell(name).and_then(|text| text.trim().parse().ok()).filter(|v: &f64| v.is_finite());
    let wanted = "finite numbers are wanted under x, y and z";
    let place = [number("x").ok_or(wanted)?, number("y").ok_or(wanted)?, number("z").ok_or(wanted)?];
    Ok(Point { label: cell("label").cloned().unwrap_or_default(), place_mm: flipped(place, axes) })
}

fn names(line: &str) -> Vec<String> {
    line.split(',').map(|name| name.trim().to_owned()).collect()
}

/// The cells of a line; one in quotes may hold commas and doubled quotes.
fn cells(line: &str) -> Result<Vec<String>, &'static str> {
    let mut cells = vec![String::new()];
    let (mut chars, mut is_quoted) = (line.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut cells, '"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => push(&mut cells, other),
        }
    }
    if is_quoted { Err("a quote is not closed") } else { Ok(cells) }
}

fn push(cells: &mut [String], c: char) {
    if let Some(last) = cells.last_mut() {
        last.push(c);
    }
}

/// A label as a cell: one line, in quotes where it needs them.
fn quoted(label: &str) -> String {
    let line: String = label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.contains([',', '"', '#']) { format!("\"{}\"", line.replace('"', "\"\"")) } else { line }
}
