//! What a change will do to what is deployed: two sets of objects, compared by meaning, each difference with its impact.
//!
//! The way of the data: [`snapshot`]s (from a render or from a source under [`deployed`]) are paired by environment, their objects by
//! [`identity`]; [`walk`] compares two objects, [`impact`] judges each difference by tables of facts, [`mask`] takes the secrets out.
//! A [`Diff`] holds no secret (unless asked for) and is what the renderers in `report` show. Nothing here renders a config.

pub mod change;
mod compare;
mod defaults;
pub mod deployed;
pub mod identity;
pub mod ignore;
pub mod impact;
mod lists;
pub mod mask;
mod noise;
mod pair;
mod pattern;
mod quantity;
pub mod snapshot;
mod text;
pub mod three_way;
mod values;
mod walk;

pub use change::{Change, Diff, Impact, Op, State, Summary};
pub use compare::{Options, compare};
pub use identity::ObjectId;
pub use ignore::Ignore;
pub use snapshot::{Cause, Origin, Snapshot};
