//! How this crate names itself in the files that it writes.

/// The Implementation Class UID that written files carry.
pub const IMPLEMENTATION_CLASS_UID: &str = "2.25.198253463847123506012476231186553310977";
/// The Implementation Version Name that written files carry.
pub const IMPLEMENTATION_VERSION_NAME: &str = "ISOCENTER_0_1";
