//! Credentials leave the program through no report: pure functions that return a masked copy.
