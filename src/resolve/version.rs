//! The ScalarDB version to the chart version, by the chart's own table.

use super::{Resolver, text};
use crate::chart::{self, Chart};
use crate::config::decode::{nearest, shown};
use crate::diagnostic::Diagnostic;
use crate::model::{Version, number};

/// Name of the chart that this program compiles for.
pub const CHART: &str = "scalardb-graphql";
/// `scalardb` is no known version.
pub const UNKNOWN_VERSION: &str = "CHART001";
/// `chart.version` is no known version.
pub const UNKNOWN_CHART: &str = "CHART002";

pub fn chart() -> &'static Chart {
    chart::find(CHART).expect("the chart is part of the program")
}

/// The ScalarDB version that a chart version was made for.
pub fn known_version_of_chart(chart_version: &str) -> Option<Version> {
    chart().version(chart_version).and_then(|v| Version::parse(&v.app))
}

/// All known versions with their chart versions, oldest first.
fn known() -> Vec<(Version, &'static str)> {
    let mut known: Vec<_> = chart().versions().iter().filter_map(|v| Some((Version::parse(&v.app)?, v.chart.as_str()))).collect();
    known.sort();
    known
}

impl Resolver<'_> {
    /// The ScalarDB version and the chart version; the newest known where they cannot be told.
    pub(super) fn version(&mut self) -> (Version, String) {
        self.require("/scalardb", "for instance `scalardb: \"3.8\"`: the newest known patch of 3.8");
        let known = known();
        let newest = *known.last().expect("the chart has versions");
        let pinned = self.pinned_chart();
        let Some(located) = &self.raw.scalardb else { return (newest.0, pinned.unwrap_or_else(|| newest.1.to_owned())) };
        let wanted = located.value.0.as_str();
        let minor = wanted.strip_prefix("3.").and_then(number);
        let of_minor = |minor: u16| known.iter().rev().find(|(v, _)| v.minor == minor).copied();
        if let Some((version, chart)) = minor.and_then(of_minor) {
            return (version, pinned.unwrap_or_else(|| chart.to_owned()));
        }
        let exact = Version::parse(wanted);
        if let Some((version, chart)) = exact.and_then(|e| known.iter().find(|(v, _)| *v == e)) {
            return (*version, pinned.unwrap_or_else(|| (*chart).to_owned()));
        }
        let tag = self.raw.image.as_ref().and_then(|i| text(&i.tag));
        if let (Some(version), Some(chart), Some(_)) = (exact.filter(|e| of_minor(e.minor).is_some()), &pinned, tag) {
            return (version, chart.clone());
        }
        let place = located.place.clone();
        let oldest = known.first().map_or(0, |(v, _)| v.minor);
        let newest_minor = newest.0.minor;
        let mut fault = Diagnostic::error(UNKNOWN_VERSION, place, format!("`{}` is no known version of ScalarDB GraphQL", shown(wanted)));
        let minor_of = exact.map(|e| e.minor).or(minor);
        let help = match minor_of {
            Some(minor) if minor > newest_minor => {
                format!("the chart ends with 3.{newest_minor}: from 3.14 on the product is ScalarDB Cluster, which has its own chart")
            }
            Some(minor) if minor < oldest => format!("the chart begins with 3.{oldest}"),
            Some(minor) => {
                let patches: Vec<String> = known.iter().filter(|(v, _)| v.minor == minor).map(|(v, _)| v.to_string()).collect();
                format!("known are {}; for another patch give both `chart.version` and `image.tag`", patches.join(", "))
            }
            None => {
                let all: Vec<String> = known.iter().map(|(v, _)| v.to_string()).collect();
                let near = nearest(wanted, all.iter().map(String::as_str)).map(|n| format!("did you mean `\"{n}\"`? ")).unwrap_or_default();
                format!("{near}Write `\"3.x\"` for the newest patch, or `\"3.x.y\"`, from 3.{oldest} to 3.{newest_minor}")
            }
        };
        fault = fault.label("expected 3.x or 3.x.y").help(help);
        self.found.push(fault);
        let stand_in = minor_of.and_then(of_minor).unwrap_or(newest);
        (stand_in.0, pinned.unwrap_or_else(|| stand_in.1.to_owned()))
    }

    fn pinned_chart(&mut self) -> Option<String> {
        let located = self.raw.chart.as_ref()?.value.version.as_ref()?;
        let wanted = located.value.0.as_str();
        if chart().version(wanted).is_some() {
            return Some(wanted.to_owned());
        }
        let all = chart().versions();
        let near = nearest(wanted, all.iter().map(|v| v.chart.as_str())).map_or_else(String::new, |n| format!("did you mean `{n}`? "));
        let help = format!("{near}The table has {} to {}", all.first().map_or("", |v| &v.chart), all.last().map_or("", |v| &v.chart));
        self.found.push(
            Diagnostic::error(
                UNKNOWN_CHART,
                located.place.clone(),
                format!("there is no version `{}` of the chart {CHART}", shown(wanted)),
            )
            .help(help),
        );
        None
    }
}
