//! Label maps: tables, remapping, checks against an image, overlap
