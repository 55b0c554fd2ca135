//! A label map as the plainest NIfTI-1 file: 348 bytes of header, a table of names, 8-bit labels, not compressed.
//!
//! Only for labels of the phantom; `isocenter-formats` reads and writes the format in earnest. Source: nifti1.h.

use std::path::Path;

use isocenter_volume::{LabelMap, Layer};

use crate::{Error, dicom::instance::write_beside};

/// Writes the first layer (values up to 255) with `sform` and `qform` codes 1, a name in `db_name` (17 bytes at most are kept), and the
/// table of names as an extension in the manner of Caret (XML `LabelTable`, code 0, as segmentation tools write it).
///
/// # Errors
/// [`Error::Argument`] for a value above 255 or an axis above 32767; [`Error::Io`].
pub fn write_labels(path: &Path, labels: &LabelMap, db_name: &str) -> Result<(), Error> {
    write_beside(path, &to_bytes(labels, db_name)?)
}

fn to_bytes(labels: &LabelMap, db_name: &str) -> Result<Vec<u8>, Error> {
    let geometry = labels.geometry();
    let values = labels.layers().first().map(Layer::to_u32).unwrap_or_default();
    if values.iter().any(|&v| v > 255) || geometry.shape().iter().any(|&n| n > 32_767) {
        return Err(Error::Argument { what: "labels above 255 and axes above 32767 do not fit this NIfTI-1 file" });
    }
    let extension = extension(labels);
    let offset = 352 + extension.len();
    let mut bytes = vec![0u8; 348];
    let mut put = |at: usize, data: &[u8]| bytes[at..at + data.len()].copy_from_slice(data);
    put(0, &348i32.to_le_bytes());
    let name: Vec<u8> = db_name.bytes().take(17).collect();
    put(14, &name);
    put(38, b"r");
    let [nx, ny, nz] = geometry.shape().map(|n| n as i16);
    for (n, dim) in [3, nx, ny, nz, 1, 1, 1, 1].iter().enumerate() {
        put(40 + 2 * n, &dim.to_le_bytes());
    }
    put(68, &1002i16.to_le_bytes()); // intent: label
    put(70, &2i16.to_le_bytes()); // uint8
    put(72, &8i16.to_le_bytes());
    let quaternion = Quaternion::of(geometry.affine().to_ras(), geometry.spacing_mm());
    let spacing = geometry.spacing_mm();
    for (n, v) in [quaternion.qfac, spacing[0], spacing[1], spacing[2], 1.0, 1.0, 1.0, 1.0].iter().enumerate() {
        put(76 + 4 * n, &(*v as f32).to_le_bytes());
    }
    put(108, &(offset as f32).to_le_bytes());
    put(112, &1f32.to_le_bytes());
    put(123, &[2]); // millimetres
    put(148, b"labels of a synthetic patient");
    put(252, &1i16.to_le_bytes());
    put(254, &1i16.to_le_bytes());
    let rows = geometry.affine().to_ras();
    for (n, v) in quaternion.bcd.iter().chain([rows[0][3], rows[1][3], rows[2][3]].iter()).enumerate() {
        put(256 + 4 * n, &(*v as f32).to_le_bytes());
    }
    for (n, v) in rows.iter().flatten().enumerate() {
        put(280 + 4 * n, &(*v as f32).to_le_bytes());
    }
    put(344, b"n+1\0");
    bytes.extend([1, 0, 0, 0]);
    bytes.extend(extension);
    bytes.extend(values.iter().map(|&v| v as u8));
    Ok(bytes)
}

/// Size, code and XML, a multiple of 16 bytes.
fn extension(labels: &LabelMap) -> Vec<u8> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CaretExtension>\n<VolumeInformation Index=\"0\">\n<LabelTable>\n",
    );
    for s in labels.segments() {
        let [r, g, b] = s.colour.unwrap_or([255; 3]).map(|c| f64::from(c) / 255.0);
        xml.push_str(&format!(
            "<Label Key=\"{}\" Red=\"{r:.4}\" Green=\"{g:.4}\" Blue=\"{b:.4}\" Alpha=\"1\"><![CDATA[{}]]></Label>\n",
            s.value, s.name
        ));
    }
    xml.push_str("</LabelTable>\n<StudyMetaDataLinkSet></StudyMetaDataLinkSet>\n<VolumeType><![CDATA[Label]]></VolumeType>\n</VolumeInformation>\n</CaretExtension>\n");
    let size = (xml.len() + 8).next_multiple_of(16);
    let mut bytes = Vec::with_capacity(size);
    bytes.extend((size as i32).to_le_bytes());
    bytes.extend(0i32.to_le_bytes());
    bytes.extend(xml.bytes());
    bytes.resize(size, 0);
    bytes
}

/// The rotation part of a RAS affine whose axes are perpendicular.
struct Quaternion {
    qfac: f64,
    bcd: [f64; 3],
}

impl Quaternion {
    fn of(rows: [[f64; 4]; 3], spacing: [f64; 3]) -> Self {
        let mut r = [0, 1, 2].map(|y| [0, 1, 2].map(|x| rows[y][x] / spacing[x]));
        let det = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
            + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
        let qfac = if det < 0.0 { -1.0 } else { 1.0 };
        for row in &mut r {
            row[2] *= qfac;
        }
        // the largest of the four squared components is at least 1/4: divide by that one
        let squares = [
            1.0 + r[0][0] + r[1][1] + r[2][2],
            1.0 + r[0][0] - r[1][1] - r[2][2],
            1.0 - r[0][0] + r[1][1] - r[2][2],
            1.0 - r[0][0] - r[1][1] + r[2][2],
        ];
        let largest = (1..4).fold(0, |best, n| if squares[n] > squares[best] { n } else { best });
        let half = squares[largest].max(0.0).sqrt() / 2.0;
        let q = 0.25 / half;
        let [a, b, c, d] = match largest {
            0 => [half, (r[2][1] - r[1][2]) * q, (r[0][2] - r[2][0]) * q, (r[1][0] - r[0][1]) * q],
            1 => [(r[2][1] - r[1][2]) * q, half, (r[0][1] + r[1][0]) * q, (r[0][2] + r[2][0]) * q],
            2 => [(r[0][2] - r[2][0]) * q, (r[0][1] + r[1][0]) * q, half, (r[1][2] + r[2][1]) * q],
            _ => [(r[1][0] - r[0][1]) * q, (r[0][2] + r[2][0]) * q, (r[1][2] + r[2][1]) * q, half],
        };
        let sign = if a < 0.0 { -1.0 } else { 1.0 };
        Self { qfac, bcd: [b, c, d].map(|v| v * sign) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Grid, Plane};

    #[test]
    fn lays_voxels_where_the_header_says() {
        let g = Grid::new(Plane::Axial, [3, 4, 5], [1.0, 2.0, 3.0]).geometry().unwrap();
        let map = LabelMap::new(vec![(0..60u32).collect::<Vec<_>>()], g, vec![]).unwrap();
        let bytes = to_bytes(&map, "x").unwrap();
        let offset = f32::from_le_bytes(bytes[108..112].try_into().unwrap()) as usize;
        assert_eq!(offset % 16, 0);
        assert_eq!(&bytes[offset..], (0..60u8).collect::<Vec<_>>().as_slice());
    }
}
