//! Why a chart gives no objects for some values. No message holds a value's content, which may be a credential.

use std::fmt;

use super::types::ValueFault;
use crate::source::Pointer;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChartError {
    /// Values of a wrong type, which the chart's values schema refuses. Never empty.
    Values(Vec<ValueFault>),
    /// A template fails on the values.
    Template {
        /// Path of the template, as in `# Source:` lines.
        template: String,
        /// Line in that template, from 1, where it is known.
        line: Option<usize>,
        /// The values that the failing line reads.
        values: Vec<Pointer>,
        message: String,
    },
}

impl ChartError {
    /// The values that it is about.
    pub fn pointers(&self) -> Vec<&Pointer> {
        match self {
            ChartError::Values(faults) => faults.iter().map(|fault| &fault.pointer).collect(),
            ChartError::Template { values, .. } => values.iter().collect(),
        }
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChartError::Values(faults) => {
                f.write_str("the values do not meet the chart's schema")?;
                faults.iter().try_for_each(|fault| write!(f, "; {fault}"))
            }
            ChartError::Template { template, line, values, message } => {
                f.write_str(template)?;
                if let Some(line) = line {
                    write!(f, ":{line}")?;
                }
                write!(f, ": {message}")?;
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i == 0 { " (values: " } else { ", " })?;
                }
                f.write_str(if values.is_empty() { "" } else { ")" })
            }
        }
    }
}

impl std::error::Error for ChartError {}
