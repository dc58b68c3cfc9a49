//! How Helm lays values over values. The keys of a result stand in the order of the lower layer, then of the upper one.

use serde_json::{Map, Value};

/// Several values files, or a file and `--set`: maps merge, anything else replaces, null as well.
pub fn merge_user_values(lower: &mut Map<String, Value>, upper: Map<String, Value>) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => merge_user_values(below, above),
            (Some(below), value) => *below = value,
            (None, value) => {
                lower.insert(key, value);
            }
        }
    }
}

/// A user's values over a chart's defaults.
pub fn over_defaults(user: &Value, defaults: &Value) -> Value {
    let (Value::Object(user), Value::Object(defaults)) = (user, defaults) else {
        return if user.is_null() { defaults.clone() } else { user.clone() };
    };
    let mut merged = Map::new();
    for (key, default) in defaults {
        match user.get(key) {
            None => {
                merged.insert(key.clone(), default.clone());
            }
            // Null takes the default away, key and all.
            Some(Value::Null) => {}
            Some(own @ Value::Object(_)) if default.is_object() => {
                merged.insert(key.clone(), over_defaults(own, default));
            }
            // Of a map and something else the user's stands, whichever is which.
            Some(own) => {
                merged.insert(key.clone(), own.clone());
            }
        }
    }
    for (key, own) in user {
        if !defaults.contains_key(key) {
            merged.insert(key.clone(), own.clone());
        }
    }
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_takes_a_default_away_and_stays_where_there_is_none() {
        let defaults = json!({"a": {"x": 1, "y": 2}, "b": [1, 2], "c": null, "d": {"e": 1}});
        let user = json!({"a": {"x": null, "z": null}, "b": [3], "c": {"n": null}, "d": 5, "f": null});
        assert_eq!(over_defaults(&user, &defaults), json!({"a": {"y": 2, "z": null}, "b": [3], "c": {"n": null}, "d": 5, "f": null}));
        assert_eq!(over_defaults(&json!({"d": null, "c": null}), &defaults), json!({"a": {"x": 1, "y": 2}, "b": [1, 2]}));
    }

    #[test]
    fn a_later_file_wins_over_an_earlier_null_and_the_other_way_round() {
        let Value::Object(mut lower) = json!({"a": {"x": null, "y": {"k": 1}}, "b": 1}) else { unreachable!() };
        let Value::Object(upper) = json!({"a": {"x": 1, "y": null}, "b": {"c": 2}}) else { unreachable!() };
        merge_user_values(&mut lower, upper);
        assert_eq!(Value::Object(lower), json!({"a": {"x": 1, "y": null}, "b": {"c": 2}}));
    }
}
