//! DICOM series to volumes: grouping, slice order, geometry, scaling, acquisition facts
