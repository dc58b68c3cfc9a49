//! (described when built)
