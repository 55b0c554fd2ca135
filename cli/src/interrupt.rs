//! Ctrl-C as a wish to stop.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// A flag that the first Ctrl-C raises, saying so; the second one ends the program at once.
pub(crate) fn flag() -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    // where no handler can be set, Ctrl-C simply ends the program
    let _ = ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        // the handler runs in a thread of its own, where writing is allowed; a stderr that is closed changes nothing
        let _ = writeln!(std::io::stderr(), "\nstopping ... (Ctrl-C again to end at once)");
    });
    flag
}
