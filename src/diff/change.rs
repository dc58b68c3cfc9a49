//! The result: changes with their impact, and the summary of them. Their values are masked already.

use serde_json::Value;

use super::identity::ObjectId;
use super::snapshot::Cause;
use crate::source::Pointer;

/// What a change does, from the mildest to the gravest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Impact {
    /// Nothing that runs notices.
    None,
    /// Applied to the running object; nothing restarts.
    InPlace,
    /// Requests, connections or health checks are handled otherwise by what runs.
    Traffic,
    /// Pods end or roll; the transactions that they hold in memory are lost.
    Restart,
    /// A load balancer, its DNS name or a target group is destroyed.
    Replace,
    /// Helm, the API server or a controller will not do it.
    Refused,
}

impl Impact {
    /// The gravest first, as reports list them.
    pub const ALL: [Impact; 6] = [Impact::Refused, Impact::Replace, Impact::Restart, Impact::Traffic, Impact::InPlace, Impact::None];

    pub fn as_str(self) -> &'static str {
        match self {
            Impact::None => "none",
            Impact::InPlace => "in-place",
            Impact::Traffic => "traffic",
            Impact::Restart => "restart",
            Impact::Replace => "replace",
            Impact::Refused => "refused",
        }
    }

    /// One line for people who do not know the words.
    pub fn meaning(self) -> &'static str {
        match self {
            Impact::None => "nothing that runs notices",
            Impact::InPlace => "applied to the running object, nothing restarts",
            Impact::Traffic => "requests, connections or health checks are handled otherwise",
            Impact::Restart => "pods end or roll; transactions held in memory are lost",
            Impact::Replace => "a load balancer, its DNS name or a target group is destroyed and made anew",
            Impact::Refused => "Helm, the API server or a controller will not do it",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    Add,
    Remove,
    Replace,
}

impl Op {
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Add => "add",
            Op::Remove => "remove",
            Op::Replace => "replace",
        }
    }
}

/// Where a difference comes from, in a comparison of three sides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum State {
    /// Wanted, and not deployed yet.
    Pending,
    /// Deployed as wanted, then changed in the cluster by something else.
    Drift,
    /// Changed in the cluster and wanted otherwise than deployed.
    Conflict,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Drift => "drift",
            State::Conflict => "conflict",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            State::Pending => "wanted, not deployed yet",
            State::Drift => "deployed as wanted, then changed in the cluster; the next upgrade may set it back",
            State::Conflict => "changed in the cluster, and wanted otherwise than it was deployed",
        }
    }
}

/// One difference.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    pub object: ObjectId,
    /// The wanted object's, or the deployed one's where it is removed.
    pub api_version: String,
    pub environment: Option<String>,
    /// Into the new object, for [`Op::Remove`] into the old one; the root is the whole object.
    pub path: Pointer,
    /// What people call the innermost list item of the path: an environment variable's name, a rule's host.
    pub item: Option<String>,
    pub op: Op,
    /// Absent with [`Op::Add`].
    pub before: Option<Value>,
    /// Absent with [`Op::Remove`].
    pub after: Option<Value>,
    pub impact: Impact,
    /// It reaches no running pod until that restarts.
    pub not_picked_up: bool,
    /// One sentence; empty where no fact is known.
    pub consequence: &'static str,
    /// Where that can be read; empty where no fact is known.
    pub source: &'static str,
    pub cause: Option<Cause>,
    /// Only where three sides were compared.
    pub state: Option<State>,
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Summary {
    pub gravest: Option<Impact>,
    /// By [`Impact`] as a number, from the mildest.
    pub by_impact: [usize; 6],
    pub not_picked_up: usize,
}

/// All differences, the gravest first, then by environment, object and path.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Diff {
    pub changes: Vec<Change>,
    pub summary: Summary,
    /// What was not compared, and why; one sentence each.
    pub notes: Vec<String>,
}

impl Diff {
    pub fn new(mut changes: Vec<Change>, notes: Vec<String>) -> Diff {
        changes.sort_by(|a, b| {
            (b.impact, &a.environment, &a.object, a.op == Op::Add)
                .cmp(&(a.impact, &b.environment, &b.object, b.op == Op::Add))
                .then_with(|| natural(a.path.as_str(), b.path.as_str()))
        });
        let mut summary = Summary { gravest: changes.first().map(|c| c.impact), ..Summary::default() };
        for change in &changes {
            summary.by_impact[change.impact as usize] += 1;
            summary.not_picked_up += usize::from(change.not_picked_up);
        }
        Diff { changes, summary, notes }
    }

    /// Several diffs as one.
    pub fn join(parts: impl IntoIterator<Item = Diff>) -> Diff {
        let (mut changes, mut notes) = (Vec::new(), Vec::new());
        for part in parts {
            changes.extend(part.changes);
            notes.extend(part.notes);
        }
        notes.sort();
        notes.dedup();
        Diff::new(changes, notes)
    }

    /// Whether a change is at least as grave as `level`.
    pub fn reaches(&self, level: Impact) -> bool {
        self.summary.gravest.is_some_and(|gravest| gravest >= level)
    }
}

/// Pointers in the order of people: `/a/2` before `/a/10`.
fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    let key = |s: &str| s.split('/').map(|part| (part.parse::<u64>().ok(), part.to_owned())).collect::<Vec<_>>();
    key(a).cmp(&key(b))
}
