//! Sorting many rows by a number, in passes over its bytes.

/// How many values a byte has.
const VALUES: usize = 256;

/// Sorts rows by a number; those with equal numbers stay as they come.
pub fn sort<T: Copy>(mut rows: Vec<T>, number: impl Fn(&T) -> i64) -> Vec<T> {
    if rows.len() < VALUES || rows.is_sorted_by_key(&number) {
        rows.sort_by_key(number);
        return rows;
    }
    if rows.is_sorted_by(|one, other| number(one) > number(other)) {
        rows.reverse();
        return rows;
    }
    let lowest = rows.iter().map(&number).min().unwrap_or(0);
    let above = |row: &T| number(row).wrapping_sub(lowest) as u64;
    let used = rows.iter().fold(0, |used, row| used | above(row));
    let mut sorted = rows.clone();
    for shift in (used.trailing_zeros()..u64::BITS - used.leading_zeros()).step_by(8) {
        pass(&rows, &mut sorted, |row| (above(row) >> shift) as usize % VALUES);
        std::mem::swap(&mut rows, &mut sorted);
    }
    rows
}

/// Puts rows into the order of one byte.
fn pass<T: Copy>(rows: &[T], sorted: &mut [T], byte: impl Fn(&T) -> usize) {
    let mut places = [0; VALUES];
    rows.iter().for_each(|row| places[byte(row)] += 1);
    let mut next = 0;
    for place in &mut places {
        next += std::mem::replace(place, next);
    }
    for row in rows {
        let place = &mut places[byte(row)];
        sorted[*place] = *row;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_are_sorted_and_equal_ones_stay_as_they_come(
            numbers in proptest::collection::vec(prop_oneof![-40i64..40, any::<i64>()], 0..700),
            width in prop_oneof![Just(1i64), Just(1 << 20), 3i64..90],
            is_falling in any::<bool>(),
        ) {
            let mut numbers: Vec<i64> = numbers.into_iter().map(|number| number / width).collect();
            if is_falling {
                numbers.sort_unstable_by(|one, other| other.cmp(one));
                numbers.dedup();
            }
            let rows: Vec<(i64, usize)> = numbers.into_iter().zip(0..).collect();
            let mut expected = rows.clone();
            expected.sort_unstable();
            prop_assert_eq!(sort(rows, |(number, _)| *number), expected);
        }
    }
}
