use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::written;

/// Everything that serde can tell apart.
#[derive(Clone, Debug, Serialize)]
enum Form {
    Nothing,
    One(String),
    Pair(u8, char),
    Fields {
        small: i8,
        large: u64,
        share: f64,
        tiny: f32,
        huge: i128,
    },
    Wrapped(Wrapped),
    Tuple(Tuple),
    Void(Void),
    Maybe(Option<Box<Form>>),
    List(Vec<Form>),
    Texts(BTreeMap<String, Value>),
    Numbers(BTreeMap<i32, bool>),
    Truths(BTreeMap<bool, ()>),
    Letters(BTreeMap<char, [u16; 3]>),
    #[serde(rename = "a rather long name of an alternative")]
    Named {
        #[serde(rename = "first-name")]
        first: Option<i64>,
        #[serde(flatten)]
        others: BTreeMap<String, String>,
    },
}

#[derive(Clone, Debug, Serialize)]
struct Wrapped(String);

#[derive(Clone, Debug, Serialize)]
struct Tuple(u32, i16, i32, u128);

#[derive(Clone, Debug, Serialize)]
struct Void;

/// Texts of all lengths, in which what must be escaped stands anywhere.
fn texts() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        8 => proptest::char::range(' ', '~'),
        1 => proptest::char::range('\0', '\u{1f}'),
        1 => prop_oneof![Just('"'), Just('\\'), Just('\u{7f}'), Just('/')],
        1 => any::<char>(),
    ];
    let mixed = proptest::collection::vec(letter, 0..40).prop_map(String::from_iter);
    prop_oneof![mixed, "[a-z0-9 @.]{0,60}"]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((texts(), inner), 0..6).prop_map(|all| all.into_iter().collect()),
        ]
    })
}

fn forms() -> impl Strategy<Value = Form> {
    let numbers = (any::<i8>(), any::<u64>(), any::<f64>(), any::<f32>(), any::<i128>());
    let leaf = prop_oneof![
        Just(Form::Nothing),
        Just(Form::Void(Void)),
        texts().prop_map(Form::One),
        any::<(u8, char)>().prop_map(|(one, other)| Form::Pair(one, other)),
        numbers.prop_map(|(small, large, share, tiny, huge)| Form::Fields {
            small,
            large,
            share,
            tiny,
            huge
        }),
        texts().prop_map(|text| Form::Wrapped(Wrapped(text))),
        any::<(u32, i16, i32, u128)>().prop_map(|(a, b, c, d)| Form::Tuple(Tuple(a, b, c, d))),
        proptest::collection::btree_map(texts(), values(), 0..4).prop_map(Form::Texts),
        any::<BTreeMap<i32, bool>>().prop_map(Form::Numbers),
        any::<BTreeMap<bool, ()>>().prop_map(Form::Truths),
        proptest::collection::btree_map(any::<char>(), any::<[u16; 3]>(), 0..4).prop_map(Form::Letters),
        (any::<Option<i64>>(), proptest::collection::btree_map(texts(), texts(), 0..4))
            .prop_map(|(first, others)| Form::Named { first, others }),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::option::of(inner.clone()).prop_map(|form| Form::Maybe(form.map(Box::new))),
            proptest::collection::vec(inner, 0..4).prop_map(Form::List),
        ]
    })
}

/// Ours and serde_json's.
fn both(value: &impl Serialize, room: usize) -> (String, String) {
    let ours = written(value, room).expect("ours writes it");
    (
        String::from_utf8(ours).expect("JSON is text"),
        serde_json::to_string(value).expect("serde_json writes it"),
    )
}

proptest! {
    #[test]
    fn documents_are_written_as_serde_json_writes_them(value in values(), room in 0usize..200) {
        let (ours, theirs) = both(&value, room);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn everything_serde_knows_is_written_as_serde_json_writes_it(form in forms(), room in 0usize..200) {
        let (ours, theirs) = both(&form, room);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_letter_that_must_be_escaped_is_found_at_any_place(
        length in 0usize..70,
        at in 0usize..70,
        byte in 0u8..0x80,
    ) {
        let mut text = vec![b'x'; length];
        if let Some(place) = text.get_mut(at) {
            *place = byte;
        }
        let text = String::from_utf8(text).expect("ASCII");
        let (ours, theirs) = both(&text, 0);
        prop_assert_eq!(ours, theirs);
    }
}

#[test]
fn a_key_that_is_no_text_cannot_be_written() {
    let lists: BTreeMap<Vec<u8>, u8> = [(vec![1], 1)].into();
    assert!(written(&lists, 0).is_err() && serde_json::to_string(&lists).is_err());
    let nothing: BTreeMap<Option<u8>, u8> = [(None, 1)].into();
    assert!(written(&nothing, 0).is_err() && serde_json::to_string(&nothing).is_err());
}
