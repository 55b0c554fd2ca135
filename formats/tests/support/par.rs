//! Texts of Philips PAR files.

/// One row: slice, echo, dynamic, image type, index, and what stands behind.
#[derive(Clone)]
pub struct Row {
    pub slice: i32,
    pub echo: i32,
    pub dynamic: i32,
    pub part: i32,
    pub index: usize,
    pub slope: &'static str,
    pub centre: [f64; 3],
    pub orientation: i32,
    pub diffusion: Option<(i32, f64, i32, [f64; 3])>,
}

pub const PLAIN: Row = Row {
    slice: 1,
    echo: 1,
    dynamic: 1,
    part: 0,
    index: 0,
    slope: "1.5",
    centre: [0.0; 3],
    orientation: 1,
    diffusion: None,
};

pub fn text(general: &str, rows: &[Row]) -> String {
    let mut out = format!(
        "# === DATA DESCRIPTION FILE ======================================================\n#\n\
         # CLINICAL TRYOUT             Research image export tool     V4.2\n#\n\
         .    Patient name                       :   phantom\n.    Repetition time [ms]               :   2000.000  \n{general}\n\
         # === IMAGE INFORMATION ====\n#  sl ec  dyn ph ty    idx pix\n\n"
    );
    for row in rows {
        let Row { slice, echo, dynamic, part, index, slope, centre: [ap, fh, rl], orientation, diffusion } = row;
        let (number, b, gradient, direction) = diffusion.unwrap_or((1, 0.0, 1, [0.0; 3]));
        let [d_ap, d_fh, d_rl] = direction;
        let (te, begin) = (15 * echo, 2 * (dynamic - 1));
        out += &format!(
            "  {slice}  {echo}  {dynamic}  1 {part} 2  {index}  16  62  2  2  -10.00000  {slope} 4.28404e-003  1070  1860 \
             0.00 0.00 0.00  {ap:.2} {fh:.2} {rl:.2}  6.000  2.000 0 {orientation} 0 2  3.750  3.750  {te}.00  {begin}.00  0.00  {b:.2}  \
             1  90.00  0  0  0  39  0.0  {number} {gradient}  0  0  {d_ap:.3} {d_fh:.3} {d_rl:.3}  1\n"
        );
    }
    out
}

pub const GENERAL: &str = ".    Angulation midslice(ap,fh,rl)[degr]:   0.000  0.000  0.000\n.    Off Centre midslice(ap,fh,rl) [mm] :   2.500  30.000  -16.000";

/// A slice of a transverse stack of two, about the centre that [`GENERAL`] says.
pub fn slice(n: i32) -> Row {
    Row { slice: n, centre: [2.5, 26.0 + 8.0 * f64::from(n - 1), -16.0], ..PLAIN }
}
