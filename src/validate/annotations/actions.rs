//! Custom actions that send to several target groups, and stickiness with them.

use serde_json::Value;

use super::{At, Findings, Subject};

/// Target groups in one action.
const GROUPS: usize = 5;

pub fn weighted(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_alb() {
        return;
    }
    for name in &subject.actions {
        let short = format!("actions.{name}");
        let Some(text) = subject.get(&short) else {
            findings.error(
                At::Path,
                format!("the backend `{name}` uses an annotation `{}` that is not there: users get 503", subject.key(&short)),
            );
            continue;
        };
        let Ok(action) = serde_json::from_str::<Value>(text) else { continue };
        forward(subject, &short, &action, findings);
    }
}

fn forward(subject: &Subject<'_>, name: &str, action: &Value, findings: &mut Findings) {
    let config = &action["forwardConfig"];
    let Some(groups) = config["targetGroups"].as_array() else { return };
    let group_sticky = config["targetGroupStickinessConfig"]["enabled"] == Value::Bool(true);
    let at = || subject.at(name);
    if groups.len() > GROUPS {
        findings.error(at(), format!("{} target groups; an action takes {GROUPS}", groups.len()));
    }
    if groups.len() > 1 {
        if groups.iter().any(|group| group["weight"].is_null()) {
            findings.error(at(), "with several target groups each needs a `weight`");
        }
        if subject.is_sticky() && !group_sticky {
            findings
                .error(at(), "sticky target groups behind a weighted action need `targetGroupStickinessConfig` with `enabled: true`; AWS refuses them without")
                .help("add it with `durationSeconds`");
        }
        if subject.attribute("target-group-attributes", "stickiness.type").as_deref() == Some("app_cookie") {
            findings
                .error(at(), "stickiness by an application cookie does not work with several target groups")
                .help("leave the cookie out: the load balancer then sets its own");
        }
    }
    if group_sticky && !subject.is_sticky() {
        findings
            .warning(at(), "stickiness to a target group is not stickiness to a pod: the next request of a transaction may reach another pod of the group")
            .help("switch `stickiness.enabled=true` on as well");
    }
}
