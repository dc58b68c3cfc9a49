//! How Go prints the values that Helm reads. Helm's numbers are 64-bit floats (a values file) or 64-bit integers (`--set`);
//! here a float is one that Go would print with an exponent or a fraction, or an integer of a million and more from a file.

use minijinja::Value;
use minijinja::value::ValueKind;

/// What Go prints for a missing value. Helm takes these words out of all that it prints, also where a text holds them.
pub const NO_VALUE: &str = "<no value>";

/// Truth of a Go template: absent, null, false, 0 and whatever is empty are false.
pub fn is_true(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => false,
        serde_json::Value::Bool(truth) => *truth,
        serde_json::Value::Number(number) => number.as_f64() != Some(0.0),
        serde_json::Value::String(text) => !text.is_empty(),
        serde_json::Value::Array(items) => !items.is_empty(),
        serde_json::Value::Object(map) => !map.is_empty(),
    }
}

/// The text that `{{ value }}` prints in a Helm template; nothing for null.
pub fn text(value: &Value) -> String {
    if value.is_none() {
        return String::new();
    }
    let mut out = String::new();
    print(value, &mut out);
    if out.contains(NO_VALUE) { out.replace(NO_VALUE, "") } else { out }
}

fn print(value: &Value, out: &mut String) {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => out.push_str("<nil>"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number if !value.is_integer() => {
            out.push_str(&f64::try_from(value.clone()).map_or_else(|_| value.to_string(), float));
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (i, item) in value.try_iter().into_iter().flatten().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                print(&item, out);
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut keys: Vec<Value> = value.try_iter().into_iter().flatten().collect();
            keys.sort();
            out.push_str("map[");
            for (i, key) in keys.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                print(key, out);
                out.push(':');
                print(&value.get_item(key).unwrap_or_default(), out);
            }
            out.push(']');
        }
        _ => out.push_str(&value.to_string()),
    }
}

/// `%v` of a float: the shortest digits that give it back, with an exponent below 1e-4 and from 1e6 on.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn floats_print_as_in_go() {
        for (number, shown) in [
            (1e6, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (999_999.0, "999999"),
            (-1e6, "-1e+06"),
            (0.5, "0.5"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (1e100, "1e+100"),
            (123_456.75, "123456.75"),
            (0.0, "0"),
        ] {
            assert_eq!(float(number), shown);
        }
    }

    #[test]
    fn collections_print_as_in_go() {
        for (value, shown) in [
            (json!(null), ""),
            (json!(["a", null, 1, [true]]), "[a <nil> 1 [true]]"),
            (json!({"b": 1, "a": {"c": "x"}}), "map[a:map[c:x] b:1]"),
            (json!("a<no value>b"), "ab"),
            (json!(1_000_000), "1000000"),
            (json!(1_000_000.0), "1e+06"),
            (json!([]), "[]"),
        ] {
            assert_eq!(text(&super::super::scope::scope(&value, None)), shown);
        }
    }
}
