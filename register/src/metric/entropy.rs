//! Mutual information, plain and normalized.

/// Value of a joint distribution in rows of `columns`, and into `table` its derivative by each `p(a, b)`.
pub(super) fn evaluate(is_normalized: bool, joint: &[f64], columns: usize, table: Option<&mut [f32]>) -> f64 {
    let mut across = vec![0f64; columns];
    let (mut h_sampled, mut h_joint) = (0.0, 0.0);
    let mut logs = vec![0f32; if table.is_some() { joint.len() } else { 0 }];
    for (a, row) in joint.chunks_exact(columns).enumerate() {
        let mut sum = 0.0;
        for (b, p) in row.iter().enumerate() {
            across[b] += p;
            sum += p;
            let log = safe_log(*p);
            h_joint -= p * log;
            if let Some(slot) = logs.get_mut(a * columns + b) {
                *slot = log as f32;
            }
        }
        h_sampled -= sum * safe_log(sum);
    }
    let across_logs: Vec<f64> = across.iter().map(|p| safe_log(*p)).collect();
    let h_across: f64 = -across.iter().zip(&across_logs).map(|(p, l)| p * l).sum::<f64>();
    if is_normalized && h_joint < 1e-9 {
        // both images even over the overlap: nothing is shared
        if let Some(table) = table {
            table.fill(0.0);
        }
        return 1.0;
    }
    let value = if is_normalized { (h_sampled + h_across) / h_joint } else { h_sampled + h_across - h_joint };
    let (ratio, scale) = if is_normalized { (value as f32, (1.0 / h_joint) as f32) } else { (1.0, 1.0) };
    if let Some(table) = table {
        for (out, log) in table.chunks_exact_mut(columns).zip(logs.chunks_exact(columns)) {
            for ((out, log), other) in out.iter_mut().zip(log).zip(&across_logs) {
                *out = (ratio * log - *other as f32) * scale;
            }
        }
    }
    value
}

/// Natural logarithm that is finite for an empty bin.
fn safe_log(p: f64) -> f64 {
    const LOG_OF_LEAST: f64 = -27.631_021_115_928_547; // ln 1e-12: far below one sample's share
    if p > 1e-12 { libm::log(p) } else { LOG_OF_LEAST }
}
