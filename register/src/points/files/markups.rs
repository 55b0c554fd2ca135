//! 3D Slicer's list in JSON.

use serde_json::{Value, json};

use super::{Axes, Error, Point, flipped};

const SCHEMA: &str = "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#";

pub(super) fn parse(text: &str) -> Result<Vec<Point>, Error> {
    let root: Value =
        serde_json::from_str(text).map_err(|e| Error::Malformed { line: e.line(), what: "the text is not JSON" })?;
    let bad = |what| Error::Malformed { line: 0, what };
    let lists = root.get("markups").and_then(Value::as_array).ok_or_else(|| bad("'markups' is missing"))?;
    let [list] = lists.as_slice() else {
        return Err(Error::Unsupported { found: format!("{} lists of points", lists.len()) });
    };
    let axes = match list.get("coordinateSystem").and_then(Value::as_str) {
        Some("LPS" | "1") => Axes::Lps,
        Some("RAS" | "0") => Axes::Ras,
        _ => return Err(bad("'coordinateSystem' must be LPS or RAS")),
    };
    if list.get("coordinateUnits").is_some_and(|unit| unit.as_str() != Some("mm")) {
        return Err(Error::Unsupported { found: "points in another unit than mm".to_owned() });
    }
    let points =
        list.get("controlPoints").and_then(Value::as_array).ok_or_else(|| bad("'controlPoints' is missing"))?;
    // one that nobody placed yet has no position
    let is_placed =
        |p: &&Value| !matches!(p.get("positionStatus").and_then(Value::as_str), Some("undefined" | "preview"));
    points
        .iter()
        .filter(is_placed)
        .map(|p| {
            let place = p.get("position").and_then(Value::as_array).map(Vec::as_slice);
            let Some([x, y, z]) = place else { return Err(bad("a position must be three numbers")) };
            let number = |v: &Value| v.as_f64().ok_or_else(|| bad("a position must be three numbers"));
            let label = p.get("label").and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Point { label, place_mm: flipped([number(x)?, number(y)?, number(z)?], axes) })
        })
        .collect()
}

pub(super) fn format(points: &[Point]) -> String {
    let points: Vec<Value> = points
        .iter()
        .enumerate()
        .map(|(n, p)| json!({ "id": (n + 1).to_string(), "label": p.label, "position": p.place_mm, "positionStatus": "defined" }))
        .collect();
    let list =
        json!({ "type": "Fiducial", "coordinateSystem": "LPS", "coordinateUnits": "mm", "controlPoints": points });
    let mut text = format!("{:#}", json!({ "@schema": SCHEMA, "markups": [list] }));
    text.push('\n');
    text
}
