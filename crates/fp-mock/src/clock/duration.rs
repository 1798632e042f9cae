//! Spans of time as people write them: `90s`, `20m`, `1h30m`, `2d`.

use super::timestamp::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// Milliseconds of a span such as `1h30m`; `None` if it is none. Units: `ms`, `s`, `m`, `h`, `d`.
pub fn parse_ms(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let unit_ms = match &rest[..unit] {
            "ms" => 1,
            "s" => SECOND_MS,
            "m" => MINUTE_MS,
            "h" => HOUR_MS,
            "d" => DAY_MS,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(unit_ms)?)?;
        rest = &rest[unit..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, ms) in
            [("90s", 90_000), ("1h30m", 5_400_000), ("2d", 172_800_000), ("0s", 0), ("15ms", 15)]
        {
            assert_eq!(parse_ms(text), Some(ms), "{text}");
        }
        for text in ["", "5", "m5", "5 minutes", "-1s", "1h30", "99999999999999999d"] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }
}
