//! Kubernetes quantities: `1000m` is `1`, `4096Mi` is `4Gi`.

use serde_json::Value;

/// In billionths. `None` for what is no quantity or too large to be counted so.
pub fn parse(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => parse_text(&number.to_string()),
        Value::String(text) => parse_text(text),
        _ => None,
    }
}

fn parse_text(text: &str) -> Option<i128> {
    let split = text.find(|c: char| !matches!(c, '0'..='9' | '.' | '+' | '-')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(split);
    let nano = decimal(number)?;
    let binary = |power: u32| nano.checked_mul(1024_i128.checked_pow(power)?);
    let decimal = |power: i32| {
        if power >= 0 {
            nano.checked_mul(10_i128.checked_pow(power.unsigned_abs())?)
        } else {
            nano.checked_div(10_i128.checked_pow(power.unsigned_abs())?)
        }
    };
    match suffix {
        "" => Some(nano),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => decimal(suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    }
}

/// Decimal digits to billionths; more than nine places are rounded up, as the API server does.
fn decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut nano: i128 = if whole.is_empty() { 0 } else { whole.parse::<i128>().ok()?.checked_mul(1_000_000_000)? };
    let (kept, cut) = fraction.split_at(fraction.len().min(9));
    if !kept.is_empty() {
        nano = nano.checked_add(kept.parse::<i128>().ok()? * 10_i128.pow(9 - kept.len() as u32))?;
    }
    if cut.bytes().any(|b| b != b'0') {
        nano += 1;
    }
    Some(if negative { -nano } else { nano })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_amount_in_other_words() {
        for (a, b) in [
            (json!("1000m"), json!(1)),
            (json!("4096Mi"), json!("4Gi")),
            (json!("2"), json!("2.0")),
            (json!(0.5), json!("500m")),
            (json!("1e3"), json!("1k")),
        ] {
            assert_eq!(parse(&a), parse(&b), "{a} {b}");
            assert!(parse(&a).is_some());
        }
        assert_ne!(parse(&json!("1G")), parse(&json!("1Gi")));
        for wrong in [json!("abc"), json!("1 Gi"), json!(""), json!(true), json!("999999999999999999999999999999999Ei")] {
            assert_eq!(parse(&wrong), None, "{wrong}");
        }
    }
}
