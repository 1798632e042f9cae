//! Facts are what they were last put down as.

use super::*;
use proptest::prelude::*;

columns! {
    /// A fact.
    Facts,
    /// Many of them.
    FactColumns {
        number: u8,
    }
}

/// Ids near each other, some in a block without gaps.
fn steps() -> impl Strategy<Value = Vec<(u64, Option<u8>)>> {
    let some = proptest::collection::vec((0u64..5_000, any::<Option<u8>>()), 0..200);
    (some, any::<bool>()).prop_map(|(mut steps, has_full_block)| {
        if has_full_block {
            steps.splice(0..0, (1_000u64..2_100).map(|id| (id, Some((id * 7 % 256) as u8))));
        }
        steps
    })
}

proptest! {
    #[test]
    fn facts_are_found_as_they_were_last_put_down(steps in steps(), skipped in 0usize..90) {
        let (mut facets, mut expected) = (Facets::<FactColumns>::default(), BTreeMap::new());
        for (id, number) in steps {
            match number {
                Some(number) => {
                    let text = Text { lines: "x".repeat(usize::from(number % 7)).into(), ..Text::default() };
                    facets.put(id, Facts { number }, &text);
                    expected.insert(id, number);
                }
                None => {
                    facets.remove(id);
                    expected.remove(&id);
                }
            }
        }
        let newest = |is_wanted: &dyn Fn(u64, u8) -> bool| -> Vec<u64> {
            expected.iter().rev().filter(|(id, number)| is_wanted(**id, **number)).map(|(id, _)| *id).collect()
        };
        let large = facets.newest(|block, places| places.keep(&block.facts.number, |number| *number > 99));
        prop_assert_eq!(large.collect::<Vec<_>>(), newest(&|_, number| number > 99));
        let mut all = facets.newest(|_, _| {});
        prop_assert_eq!(all.nth(skipped), expected.keys().rev().nth(skipped).copied());
        prop_assert!(all.eq(expected.keys().rev().skip(skipped + 1).copied()));
        let searched = {
            let mut part = Part::of("xxxx");
            facets.newest(move |block, places| *places = block.holding(&mut part))
        };
        prop_assert_eq!(searched.collect::<Vec<_>>(), newest(&|_, number| number % 7 > 3));
        let thirds = Members::of((0..2_000).map(|id| 3 * id));
        for is_third in [true, false] {
            let sieve = facets.sieve(|block, places| block.keep_ids(places, &thirds, is_third));
            let mut wanted = newest(&|id, _| (id % 3 == 0) == is_third);
            wanted.reverse();
            prop_assert_eq!(sieve.count, wanted.len());
            prop_assert!(expected.keys().all(|id| sieve.passed.has(*id) == ((id % 3 == 0) == is_third)));
            prop_assert!(sieve.passed.iter().eq(wanted));
        }
        let texts = facets.blocks().flat_map(|block| block.texts());
        prop_assert!(texts.eq(expected.values().map(|number| (&"xxxxxx"[..usize::from(number % 7)], ""))));
        let told = facets.blocks().flat_map(|block| block.ids().zip(&block.facts.number).collect::<Vec<_>>());
        prop_assert!(told.map(|(id, number)| (id, *number)).eq(expected.iter().map(|(id, number)| (*id, *number))));
    }
}
