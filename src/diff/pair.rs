//! Which environment of the old side is which of the new one.

use super::snapshot::Snapshot;

/// By name; what is left by release and namespace; what is left then stands alone, so that all of it is added or removed.
pub fn environments<'a>(old: &'a [Snapshot], new: &'a [Snapshot]) -> Vec<(Option<&'a Snapshot>, Option<&'a Snapshot>)> {
    let mut left: Vec<&Snapshot> = old.iter().collect();
    let mut partners: Vec<Option<&Snapshot>> = vec![None; new.len()];
    let by: [fn(&Snapshot, &Snapshot) -> bool; 2] =
        [|a, b| a.environment == b.environment, |a, b| a.namespace == b.namespace && a.release == b.release];
    for same in by {
        for (wanted, partner) in new.iter().zip(&mut partners) {
            if partner.is_none()
                && let Some(at) = left.iter().position(|candidate| same(candidate, wanted))
            {
                *partner = Some(left.remove(at));
            }
        }
    }
    let mut pairs: Vec<_> = new.iter().zip(partners).map(|(wanted, partner)| (partner, Some(wanted))).collect();
    pairs.extend(left.into_iter().map(|deployed| (Some(deployed), None)));
    pairs
}
