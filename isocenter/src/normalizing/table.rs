//! Features of several sites in a table: read, harmonized, written; what was fitted, in a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use isocenter_normalize::harmonize::{ComBat, ComBatOptions, Covariates, SitePart};
use serde::{Deserialize, Serialize};

use crate::Error;

/// Which columns of a table are what.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Columns {
    /// The site or scanner.
    pub site: String,
    /// Effects that are kept.
    pub covariates: Vec<String>,
    /// Features; every column of numbers that is nothing else where none is named.
    pub features: Vec<String>,
    /// What stays as it is.
    pub keep: Vec<String>,
}

/// A table with a row for each scan.
#[derive(Clone, Debug)]
pub struct Table {
    path: PathBuf,
    delimiter: u8,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What was fitted to a table, with the names of its columns; no value of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Harmonizer {
    version: Version,
    site: String,
    features: Vec<String>,
    covariates: Vec<Covariate>,
    combat: ComBat,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Covariate {
    column: String,
    /// The levels of one that is words; the first is what the others are compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
}

/// The version that is written; none above it is read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Version(u32);

impl Version {
    const NEWEST: u32 = 1;
}

impl TryFrom<u32> for Version {
    type Error = String;

    fn try_from(found: u32) -> Result<Self, String> {
        if found <= Self::NEWEST {
            Ok(Self(found))
        } else {
            Err(format!("version {found} of a fitted harmonization, {} is the newest known", Self::NEWEST))
        }
    }
}

impl From<Version> for u32 {
    fn from(version: Version) -> Self {
        version.0
    }
}

impl Table {
    /// Reads a table with one line of column names: tabs between cells where its name ends in `.tsv`, else commas.
    ///
    /// # Errors
    /// [`Error::Usage`] for a file that cannot be read, rows of other lengths, a name that stands twice.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let refused = |why: &dyn std::fmt::Display| Error::usage(format!("{}: {why}", path.display()));
        let delimiter = if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv")) { b'\t' } else { b',' };
        let reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(path);
        let mut reader = reader.map_err(|error| refused(&format!("cannot be read: {error}")))?;
        let heads: Vec<String> = reader.headers().map_err(|error| refused(&error))?.iter().map(str::to_owned).collect();
        if let Some(twice) = heads.iter().enumerate().find(|(n, head)| heads[..*n].contains(head)) {
            return Err(refused(&format!("two columns are called {:?}", twice.1)));
        }
        let mut rows = Vec::new();
        for row in reader.records() {
            rows.push(row.map_err(|error| refused(&error))?.iter().map(str::to_owned).collect());
        }
        Ok(Self { path: path.to_owned(), delimiter, heads, rows })
    }

    /// The table as text, with the delimiter that it was read with.
    ///
    /// # Errors
    /// [`Error::Internal`] where the writer refuses.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(Vec::new());
        let all = std::iter::once(&self.heads).chain(&self.rows);
        let internal = |message: String| Error::Internal { message };
        all.into_iter().try_for_each(|row| writer.write_record(row)).map_err(|error| internal(error.to_string()))?;
        writer.into_inner().map_err(|error| internal(error.to_string()))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn refused(&self, why: impl std::fmt::Display) -> Error {
        Error::usage(format!("{}: {why}", self.path.display()))
    }

    fn column(&self, name: &str) -> Result<usize, Error> {
        let found = self.heads.iter().position(|head| head == name);
        found.ok_or_else(|| self.refused(format!("no column is called {name:?}; there are {}", self.heads.join(", "))))
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().map(move |row| row.get(column).map_or("", |cell| cell.trim()))
    }

    /// The numbers of a column; NaN where nothing stands. A cell that is no number is told by its row, not by its content.
    fn numbers(&self, column: usize) -> Result<Vec<f64>, Error> {
        let cells = self.cells(column).enumerate().map(|(n, cell)| {
            number(cell)
                .ok_or_else(|| self.refused(format!("row {} of column {:?} is no number", n + 2, self.heads[column])))
        });
        cells.collect()
    }

    fn is_numbers(&self, column: usize) -> bool {
        self.cells(column).all(|cell| number(cell).is_some()) && self.cells(column).any(|cell| !is_missing(cell))
    }

    /// The rows of each site, by its name.
    fn sites(&self, column: usize) -> Result<BTreeMap<String, Vec<usize>>, Error> {
        let mut sites: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (n, cell) in self.cells(column).enumerate() {
            if is_missing(cell) {
                return Err(self.refused(format!("row {} names no site", n + 2)));
            }
            sites.entry(cell.to_owned()).or_default().push(n);
        }
        Ok(sites)
    }
}

/// A number; NaN for a cell that says that there is none.
fn number(cell: &str) -> Option<f64> {
    if is_missing(cell) { Some(f64::NAN) } else { cell.parse().ok().filter(|v: &f64| v.is_finite()) }
}

fn is_missing(cell: &str) -> bool {
    ["", "na", "nan", "n/a", "null"].contains(&cell.to_ascii_lowercase().as_str())
}

impl Harmonizer {
    /// Fits ComBat to a table.
    ///
    /// # Errors
    /// [`Error::Usage`] for columns that are not there, cells that are no numbers, and what [`ComBat::fit`] refuses.
    pub fn fit(table: &Table, columns: &Columns, options: &ComBatOptions) -> Result<Self, Error> {
        let site = table.column(&columns.site)?;
        let covariates = columns.covariates.iter().map(|name| {
            let column = table.column(name)?;
            let levels = (!table.is_numbers(column)).then(|| {
                let words: BTreeSet<&str> = table.cells(column).collect();
                words.into_iter().map(str::to_owned).collect()
            });
            Ok(Covariate { column: name.clone(), levels })
        });
        let covariates: Vec<Covariate> = covariates.collect::<Result<_, Error>>()?;
        for name in &columns.keep {
            table.column(name)?;
        }
        let is_other =
            |name: &String| *name == columns.site || columns.covariates.contains(name) || columns.keep.contains(name);
        let features: Vec<String> = if columns.features.is_empty() {
            let of_numbers = |(n, name): &(usize, &String)| !is_other(name) && table.is_numbers(*n);
            table.heads.iter().enumerate().filter(of_numbers).map(|(_, name)| name.clone()).collect()
        } else {
            columns.features.clone()
        };
        if let Some(twice) = features.iter().find(|name| is_other(name)) {
            return Err(table.refused(format!("column {twice:?} cannot be a feature and something else")));
        }
        if features.is_empty() {
            return Err(table.refused("no column of numbers is left to be harmonized"));
        }
        let values = values(table, &features)?;
        let mut parts = Vec::new();
        let sites = table.sites(site)?;
        for (name, rows) in &sites {
            let own = of_rows(&values, rows);
            let design = design(table, &covariates, rows)?;
            let part = SitePart::of(&own, features.len(), &design);
            parts.push((name.as_str(), part.map_err(|error| table.refused(format!("site {name:?}: {error}")))?));
        }
        let combat = ComBat::fit(parts, options).map_err(|error| table.refused(error))?;
        Ok(Self { version: Version(Version::NEWEST), site: columns.site.clone(), features, covariates, combat })
    }

    /// Takes the sites' effects out of a table with the same columns.
    ///
    /// # Errors
    /// [`Error::Usage`] for a column that is not there, a level or a site that the fit does not know.
    pub fn apply(&self, table: &Table) -> Result<Table, Error> {
        let values = values(table, &self.features)?;
        let mut out = table.clone();
        let places = self.features.iter().map(|name| table.column(name)).collect::<Result<Vec<_>, Error>>()?;
        for (name, rows) in table.sites(table.column(&self.site)?)? {
            let mut own = of_rows(&values, &rows);
            let design = design(table, &self.covariates, &rows)?;
            self.combat.apply(&name, &mut own, &design).map_err(|error| table.refused(error))?;
            for (g, place) in places.iter().enumerate() {
                for (s, row) in rows.iter().enumerate() {
                    let value = own[g * rows.len() + s];
                    if let Some(cell) = out.rows[*row].get_mut(*place).filter(|_| value.is_finite()) {
                        *cell = value.to_string();
                    }
                }
            }
        }
        Ok(out)
    }

    /// Passes where a caller means the columns that it was fitted to.
    ///
    /// # Errors
    /// [`Error::Usage`] that says which.
    pub fn asks(&self, site: &str, covariates: &[String]) -> Result<(), Error> {
        let own: Vec<&str> = self.covariates.iter().map(|covariate| covariate.column.as_str()).collect();
        if site == self.site && (covariates.is_empty() || own == covariates) {
            return Ok(());
        }
        Err(Error::usage(format!(
            "it was fitted with the site in column {:?} and the covariates {own:?}: name these, and the covariates in this order or not at all",
            self.site
        )))
    }

    /// Names of the features.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// Names of the sites.
    pub fn sites(&self) -> impl Iterator<Item = &str> {
        self.combat.sites()
    }

    /// Features without any variance, which stay as they are.
    pub fn constant(&self) -> impl Iterator<Item = &str> {
        self.combat.constant_features().filter_map(|g| self.features.get(g).map(String::as_str))
    }
}

/// Values of the features, one after the other.
fn values(table: &Table, features: &[String]) -> Result<Vec<Vec<f64>>, Error> {
    features.iter().map(|name| table.numbers(table.column(name)?)).collect()
}

fn of_rows(values: &[Vec<f64>], rows: &[usize]) -> Vec<f64> {
    values.iter().flat_map(|column| rows.iter().map(|row| column[*row])).collect()
}

fn design(table: &Table, covariates: &[Covariate], rows: &[usize]) -> Result<Covariates, Error> {
    let mut design = Covariates::none(rows.len());
    for Covariate { column, levels } in covariates {
        let place = table.column(column)?;
        let cells: Vec<&str> = table.cells(place).collect();
        let missing = rows.iter().find(|row| is_missing(cells[**row]));
        if let Some(row) = missing {
            return Err(table.refused(format!("row {} has no value of covariate {column:?}", row + 2)));
        }
        design = match levels {
            None => {
                let numbers = table.numbers(place)?;
                let own: Vec<f64> = rows.iter().map(|row| numbers[*row]).collect();
                design.continuous(column, &own)
            }
            Some(levels) => {
                let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
                let own: Vec<&str> = rows.iter().map(|row| cells[*row]).collect();
                design.categorical(column, &levels, &own)
            }
        }
        .map_err(|error| table.refused(format!("covariate {column:?}: {error}")))?;
    }
    Ok(design)
}
