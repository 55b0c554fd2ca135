//! One SOP instance: a data set with a name, and the bytes of its file.

use std::path::{Path, PathBuf};

use dicom_dictionary_std::{tags, uids};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

use crate::Error;

/// How a data set is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Syntax {
    /// Explicit VR little endian.
    #[default]
    Explicit,
    /// Implicit VR little endian: a reader does not learn the VR of private elements.
    Implicit,
}

/// A data set and the name of its file.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Name of the file, without a folder.
    pub name: String,
    /// The plane of the volume that it holds; none for a multi-frame image.
    pub plane: Option<usize>,
    /// How it is encoded.
    pub syntax: Syntax,
    /// The data set, without the file meta information.
    pub object: InMemDicomObject,
}

impl Instance {
    /// SOP Instance UID; empty where the data set has none.
    pub fn sop_instance_uid(&self) -> String {
        self.text(tags::SOP_INSTANCE_UID)
    }

    fn text(&self, tag: dicom_core::Tag) -> String {
        let element = self.object.get(tag);
        element.and_then(|e| e.to_str().ok()).map(|t| t.trim_end_matches(['\0', ' ']).to_owned()).unwrap_or_default()
    }

    /// The bytes of its file.
    ///
    /// # Errors
    /// [`Error::Encode`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let syntax = match self.syntax {
            Syntax::Explicit => uids::EXPLICIT_VR_LITTLE_ENDIAN,
            Syntax::Implicit => uids::IMPLICIT_VR_LITTLE_ENDIAN,
        };
        let meta = FileMetaTableBuilder::new()
            .media_storage_sop_class_uid(self.text(tags::SOP_CLASS_UID))
            .media_storage_sop_instance_uid(self.sop_instance_uid())
            .transfer_syntax(syntax)
            .implementation_class_uid(IMPLEMENTATION)
            .implementation_version_name("ISOCENTERPHANTOM")
            .build()
            .map_err(Error::encode)?;
        let mut bytes = Vec::new();
        self.object.clone().with_exact_meta(meta).write_all(&mut bytes).map_err(Error::encode)?;
        Ok(bytes)
    }

    /// Writes its file into a folder that exists; returns the path.
    ///
    /// # Errors
    /// [`Error::Encode`], [`Error::Io`].
    pub fn write(&self, folder: &Path) -> Result<PathBuf, Error> {
        let path = folder.join(&self.name);
        write_beside(&path, &self.to_bytes()?)?;
        Ok(path)
    }
}

/// Writes so that no half of a file stands under the final name.
pub(crate) fn write_beside(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    isocenter_files::write(path, bytes).map_err(|source| Error::Io { path: path.to_owned(), source })
}

/// Implementation Class UID of this crate, made once from a UUID.
const IMPLEMENTATION: &str = "2.25.190146759283160421857046628195301276354";
