//! Prints the LOINC code of study descriptions, the kind of MR series and the concept of body parts, each with why.
//!
//! With arguments MODALITY and DESCRIPTION, the code of that study.
#![allow(clippy::print_stdout)]

use isocenter_normalize::names::{body_part, series, study};

fn show_study(modality: &str, description: &str) {
    let found = study::name(&study::Facts::new(modality, description));
    match found.code() {
        Some(code) => println!("{modality} {description:?}: {} {} ({:.2})", code.code, code.name, found.confidence()),
        None => println!("{modality} {description:?}: no code, {:?}", found.abstained()),
    }
    for said in found.evidence() {
        println!("    {said}");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [modality, description] = arguments.as_slice() {
        return show_study(modality, description);
    }
    show_study("CT", "CT ABD/PEL W/O IV CONTRAST");
    show_study("DX", "X-RAY WRIST COMPLETE MINIMUM 3 VWS - LEFT");
    show_study("DX", "XR KNEE LEFT AND RIGHT");

    let flair = series::Facts {
        description: "ax t1 dark fluid",
        scanning_sequence: "SE\\IR",
        echo_time_ms: Some(120.0),
        repetition_time_ms: Some(9000.0),
        inversion_time_ms: Some(2500.0),
        ..series::Facts::default()
    };
    let found = series::name(&flair);
    println!("{:?}: {} ({:.2})", flair.description, found.kind().map_or("?", series::Kind::bids), found.confidence());
    for said in found.evidence() {
        println!("    {said}");
    }

    let knee = body_part::name("KNEE LT");
    println!("KNEE LT: {:?}, side {:?} ({:.2})", knee.concept(), knee.side(), knee.confidence());
}
