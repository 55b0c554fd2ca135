//! Attributes that are taken over from reference or template, by module.
//!
//! Source: DICOM PS3.3: C.7.1 (patient), C.7.2 (study), C.7.3 (series), C.7.4 (frame of reference), C.7.5 (equipment), C.8.2, C.8.3,
//! C.8.9 (CT, MR, PET).

use isocenter_dcm::{Tag, tags};

/// Of the patient: type 2.
pub(super) const PATIENT_2: [Tag; 4] =
    [tags::PATIENT_NAME, tags::PATIENT_ID, tags::PATIENT_BIRTH_DATE, tags::PATIENT_SEX];

/// Of the patient and the study: type 3.
pub(super) const SUBJECT_3: [Tag; 32] = [
    tags::ISSUER_OF_PATIENT_ID,
    tags::TYPE_OF_PATIENT_ID,
    tags::PATIENT_BIRTH_TIME,
    tags::OTHER_PATIENT_I_DS_SEQUENCE,
    tags::PATIENT_COMMENTS,
    tags::PATIENT_SPECIES_DESCRIPTION,
    tags::PATIENT_IDENTITY_REMOVED,
    tags::DEIDENTIFICATION_METHOD,
    tags::DEIDENTIFICATION_METHOD_CODE_SEQUENCE,
    tags::LONGITUDINAL_TEMPORAL_INFORMATION_MODIFIED,
    tags::CLINICAL_TRIAL_SPONSOR_NAME,
    tags::CLINICAL_TRIAL_PROTOCOL_ID,
    tags::CLINICAL_TRIAL_PROTOCOL_NAME,
    tags::CLINICAL_TRIAL_SITE_ID,
    tags::CLINICAL_TRIAL_SITE_NAME,
    tags::CLINICAL_TRIAL_SUBJECT_ID,
    tags::CLINICAL_TRIAL_SUBJECT_READING_ID,
    tags::CLINICAL_TRIAL_TIME_POINT_ID,
    tags::CLINICAL_TRIAL_TIME_POINT_DESCRIPTION,
    tags::STUDY_DESCRIPTION,
    tags::PROCEDURE_CODE_SEQUENCE,
    tags::PHYSICIANS_OF_RECORD,
    tags::ADMITTING_DIAGNOSES_DESCRIPTION,
    tags::PATIENT_AGE,
    tags::PATIENT_SIZE,
    tags::PATIENT_WEIGHT,
    tags::MEDICAL_ALERTS,
    tags::ALLERGIES,
    tags::SMOKING_STATUS,
    tags::PREGNANCY_STATUS,
    tags::OCCUPATION,
    tags::ADDITIONAL_PATIENT_HISTORY,
];

/// Of the study: type 2.
pub(super) const STUDY_2: [Tag; 5] =
    [tags::STUDY_DATE, tags::STUDY_TIME, tags::REFERRING_PHYSICIAN_NAME, tags::STUDY_ID, tags::ACCESSION_NUMBER];

/// Of the series: type 3.
pub(super) const SERIES_3: [Tag; 5] = [
    tags::SERIES_DATE,
    tags::SERIES_TIME,
    tags::PROTOCOL_NAME,
    tags::BODY_PART_EXAMINED,
    tags::TIMEZONE_OFFSET_FROM_UTC,
];

/// Of the equipment: type 3, Manufacturer apart.
pub(super) const EQUIPMENT_3: [Tag; 8] = [
    tags::INSTITUTION_NAME,
    tags::INSTITUTION_ADDRESS,
    tags::STATION_NAME,
    tags::INSTITUTIONAL_DEPARTMENT_NAME,
    tags::MANUFACTURER_MODEL_NAME,
    tags::DEVICE_SERIAL_NUMBER,
    tags::SOFTWARE_VERSIONS,
    tags::SPATIAL_RESOLUTION,
];

/// Of the acquisition of one plane: type 3.
pub(super) const MOMENT_3: [Tag; 5] = [
    tags::ACQUISITION_DATE,
    tags::ACQUISITION_TIME,
    tags::ACQUISITION_DATE_TIME,
    tags::ACQUISITION_NUMBER,
    tags::CONTRAST_BOLUS_AGENT,
];

/// Of a CT acquisition: type 3.
pub(super) const CT_3: [Tag; 20] = [
    tags::SCAN_OPTIONS,
    tags::DATA_COLLECTION_DIAMETER,
    tags::RECONSTRUCTION_DIAMETER,
    tags::DISTANCE_SOURCE_TO_DETECTOR,
    tags::DISTANCE_SOURCE_TO_PATIENT,
    tags::GANTRY_DETECTOR_TILT,
    tags::TABLE_HEIGHT,
    tags::ROTATION_DIRECTION,
    tags::EXPOSURE_TIME,
    tags::X_RAY_TUBE_CURRENT,
    tags::EXPOSURE,
    tags::FILTER_TYPE,
    tags::GENERATOR_POWER,
    tags::FOCAL_SPOTS,
    tags::CONVOLUTION_KERNEL,
    tags::REVOLUTION_TIME,
    tags::SINGLE_COLLIMATION_WIDTH,
    tags::TOTAL_COLLIMATION_WIDTH,
    tags::TABLE_SPEED,
    tags::SPIRAL_PITCH_FACTOR,
];

/// Of an MR acquisition: type 3.
pub(super) const MR_3: [Tag; 22] = [
    tags::SEQUENCE_NAME,
    tags::ANGIO_FLAG,
    tags::NUMBER_OF_AVERAGES,
    tags::IMAGING_FREQUENCY,
    tags::IMAGED_NUCLEUS,
    tags::MAGNETIC_FIELD_STRENGTH,
    tags::NUMBER_OF_PHASE_ENCODING_STEPS,
    tags::PERCENT_SAMPLING,
    tags::PERCENT_PHASE_FIELD_OF_VIEW,
    tags::PIXEL_BANDWIDTH,
    tags::NOMINAL_INTERVAL,
    tags::BEAT_REJECTION_FLAG,
    tags::HEART_RATE,
    tags::CARDIAC_NUMBER_OF_IMAGES,
    tags::RECONSTRUCTION_DIAMETER,
    tags::RECEIVE_COIL_NAME,
    tags::TRANSMIT_COIL_NAME,
    tags::ACQUISITION_MATRIX,
    tags::IN_PLANE_PHASE_ENCODING_DIRECTION,
    tags::FLIP_ANGLE,
    tags::SAR,
    tags::VARIABLE_FLIP_ANGLE_FLAG,
];

/// Of a PET acquisition and its series: type 3.
pub(super) const PET_3: [Tag; 19] = [
    tags::SUV_TYPE,
    tags::RANDOMS_CORRECTION_METHOD,
    tags::ATTENUATION_CORRECTION_METHOD,
    tags::SCATTER_CORRECTION_METHOD,
    tags::RECONSTRUCTION_METHOD,
    tags::RECONSTRUCTION_DIAMETER,
    tags::CONVOLUTION_KERNEL,
    tags::DETECTOR_LINES_OF_RESPONSE_USED,
    tags::AXIAL_ACCEPTANCE,
    tags::AXIAL_MASH,
    tags::TRANSVERSE_MASH,
    tags::TYPE_OF_DETECTOR_MOTION,
    tags::ENERGY_WINDOW_RANGE_SEQUENCE,
    tags::DEAD_TIME_FACTOR,
    tags::DOSE_CALIBRATION_FACTOR,
    tags::SCATTER_FRACTION_FACTOR,
    tags::SLICE_SENSITIVITY_FACTOR,
    tags::DECAY_FACTOR,
    tags::PRIMARY_PROMPTS_COUNTS_ACCUMULATED,
];
