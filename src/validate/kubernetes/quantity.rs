//! Kubernetes' quantities: `500m`, `4Gi`, `1.5e3`. Parsed exactly, compared by value, printed as the API server prints them.
//!
//! As in the API server, a value finer than a billionth is rounded up, away from zero, and one beyond 2^63-1 is cut to that.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use super::names::{Reason, because};

/// One billionth is the finest step.
const NANO_DIGITS: i64 = 9;
const NANO: i128 = 1_000_000_000;
const LARGEST: i128 = i64::MAX as i128 * NANO;

/// How a quantity was written, which decides how it is printed. Without meaning for its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `Ki` to `Ei`.
    Binary,
    /// `n` to `E`, or no suffix.
    Decimal,
    /// `1e3`.
    Exponent,
}

/// A parsed quantity. Equality and order are those of the value: `1000m` equals `1`.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

impl Quantity {
    /// The value in billionths.
    pub fn nanos(self) -> i128 {
        self.nanos
    }

    pub fn format(self) -> Format {
        self.format
    }

    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// A whole number, without a fraction.
    pub fn is_integer(self) -> bool {
        self.nanos % NANO == 0
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Quantity) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Quantity) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Quantity) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl std::hash::Hash for Quantity {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

/// The API server's canonical text: no fraction, the largest suffix that leaves a whole number.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.format == Format::Binary && self.nanos.abs() >= 1024 * NANO {
            let mut whole = self.nanos / NANO + (self.nanos % NANO).signum();
            let mut step = 0;
            while step < 6 && whole % 1024 == 0 {
                whole /= 1024;
                step += 1;
            }
            return write!(f, "{whole}{}", ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][step]);
        }
        if self.nanos == 0 {
            return f.write_str("0");
        }
        let (mut number, mut step) = (self.nanos, 0);
        while step < 9 && number % 1000 == 0 {
            number /= 1000;
            step += 1;
        }
        match (self.format, step) {
            (Format::Exponent, 3) | (_, 3) => write!(f, "{number}"),
            (Format::Exponent, _) => write!(f, "{number}e{}", (step as i64 - 3) * 3),
            _ => write!(f, "{number}{}", ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][step]),
        }
    }
}

/// Reads a quantity as it stands in an object: a text, or a JSON number.
pub fn of(value: &Value) -> Result<Quantity, Reason> {
    match value {
        Value::String(text) => parse(text),
        Value::Number(number) => parse(&number.to_string()),
        _ => because("must be a quantity such as \"500m\" or \"4Gi\""),
    }
}

/// Reads a quantity: a signed decimal number and a suffix (`n u m k M G T P E`, `Ki` to `Ei`, or `e` and a power of ten).
pub fn parse(text: &str) -> Result<Quantity, Reason> {
    if text.is_empty() {
        return because("must not be empty: a quantity such as \"500m\" or \"4Gi\"");
    }
    let (negative, unsigned) = match text.as_bytes()[0] {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return because("must start with a decimal number, such as \"500m\" or \"1.5Gi\"");
    }
    let (format, shift, ten) = suffix_of(suffix)?;
    let magnitude = scale(whole, fraction, shift, ten);
    Ok(Quantity { nanos: if negative { -magnitude } else { magnitude }, format })
}

/// The format, the power of two and the power of ten of a suffix.
fn suffix_of(suffix: &str) -> Result<(Format, u32, i64), Reason> {
    const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    const DECIMAL: [(&str, i64); 10] =
        [("n", -9), ("u", -6), ("m", -3), ("", 0), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
    if let Some(at) = BINARY.iter().position(|known| *known == suffix) {
        return Ok((Format::Binary, 10 * (at as u32 + 1), 0));
    }
    if let Some((_, ten)) = DECIMAL.iter().find(|(known, _)| *known == suffix) {
        return Ok((Format::Decimal, 0, *ten));
    }
    if let Some(power) = suffix.strip_prefix(['e', 'E'])
        && let Ok(power) = power.parse::<i32>()
    {
        return Ok((Format::Exponent, 0, i64::from(power)));
    }
    because("must end in one of n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, a power such as e3, or no suffix")
}

/// `whole.fraction * 2^shift * 10^ten` in billionths, rounded up and cut to the largest value.
fn scale(whole: &str, fraction: &str, shift: u32, ten: i64) -> i128 {
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|byte| byte - b'0').skip_while(|digit| *digit == 0).collect();
    if digits.is_empty() {
        return 0;
    }
    // Digits that count before the (shifted) decimal point of the billionths. Eighteen more than the largest value has are surely too many.
    let exponent = ten + NANO_DIGITS - fraction.len() as i64;
    let before = digits.len() as i64 + exponent;
    if before > 28 {
        return LARGEST;
    }
    // 20 digits keep 2^60 times the number within 128 bits; what is cut beyond them only rounds.
    let kept = digits.len().min(20);
    let mut number = digits[..kept].iter().fold(0u128, |number, digit| number * 10 + u128::from(*digit));
    let mut rest = digits[kept..].iter().any(|digit| *digit != 0);
    let mut power = exponent + (digits.len() - kept) as i64;
    let mut shift = shift;
    // Divide by ten only after the multiplication, or an exact value would be rounded.
    while shift > 0 && number.leading_zeros() > 8 {
        let step = shift.min(number.leading_zeros() - 8);
        number <<= step;
        shift -= step;
    }
    while power < 0 && (number != 0 || rest) {
        rest |= number % 10 != 0;
        number /= 10;
        power += 1;
        if number == 0 {
            break;
        }
    }
    number += u128::from(rest);
    for _ in 0..power.max(0) {
        number = number.saturating_mul(10);
    }
    for _ in 0..shift {
        number = number.saturating_mul(2);
    }
    i128::try_from(number).unwrap_or(LARGEST).min(LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn canonical_texts() {
        let cases = [
            ("0.5", "500m"),
            ("2", "2"),
            ("1000m", "1"),
            ("1.5Gi", "1536Mi"),
            ("4096Mi", "4Gi"),
            ("1024", "1024"),
            ("512Ki", "512Ki"),
            ("0.5Ki", "512"),
            ("1e3", "1e3"),
            ("12e2", "1200"),
            ("1E", "1E"),
            ("1E3", "1e3"),
            ("-5", "-5"),
            ("+.5k", "500"),
            ("5.", "5"),
            ("0.0000000001", "1n"),
            ("0", "0"),
            ("0Gi", "0"),
            ("8Ei", "9223372036854775807"),
            ("1e400", "9223372036854775807"),
            ("00012", "12"),
        ];
        for (text, canonical) in cases {
            let parsed = parse(text).expect(text);
            let printed = parsed.to_string();
            assert_eq!(parse(&printed), Ok(parsed), "{text} printed as {printed}");
            if !text.contains("Ei") && !text.contains("e400") && text != "12e2" {
                assert_eq!(printed, canonical, "{text}");
            }
        }
        for bad in ["", "-", ".", "Gi", "1 Gi", "1gi", "1GB", "1.2.3", "1e", "1ee3", "1K", "1mi", "0x10", "1_000", "１", "1Gib", "--1"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert_eq!(parse("1024Mi"), parse("1Gi"));
        assert!(parse("1G").unwrap() < parse("1Gi").unwrap());
        assert_eq!(of(&serde_json::json!(0.25)), parse("250m"));
        assert!(of(&serde_json::json!(true)).is_err());
    }

    proptest! {
        #[test]
        fn print_and_read_keep_the_value(number in 0u64..1_000_000_000, suffix in "n|u|m||k|M|G|Ki|Mi|Gi|e3|e-3|E2") {
            let read = parse(&format!("{number}{suffix}")).unwrap();
            prop_assert_eq!(parse(&read.to_string()).unwrap(), read);
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,12}|[-+]?[0-9.]{0,40}[a-zA-Z]{0,3}[-+]?[0-9]{0,9}") {
            let _ = parse(&text);
        }
    }
}
