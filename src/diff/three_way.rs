//! Three sides: the release (what was deployed), the cluster (what is there now) and the wanted state.

