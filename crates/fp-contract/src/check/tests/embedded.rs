use super::*;

#[test]
fn every_schema_of_the_embedded_documents_compiles_in_every_edition() {
    use crate::contract::dialect::Edition;
    for contract in [Contract::published(), Contract::corrected()] {
        for (index, document) in contract.documents().iter().enumerate() {
            let pointers = crate::contract::soundness::schema_pointers(document.root());
            assert!(!pointers.is_empty());
            for pointer in pointers {
                for (side, strict) in [
                    (Side::Request, false),
                    (Side::Request, true),
                    (Side::Response, false),
                    (Side::Response, true),
                ] {
                    let compiled = contract.bench().registries.compile(
                        document,
                        index,
                        &pointer,
                        Edition { side, strict },
                    );
                    assert!(compiled.is_ok(), "{} {pointer}: {:?}", document.name(), compiled.err());
                }
            }
        }
    }
}

#[test]
fn the_embedded_documents_are_sound() {
    for contract in [Contract::published(), Contract::corrected()] {
        for document in contract.documents() {
            assert_eq!(crate::contract::soundness::faults(document), [], "{}", document.name());
        }
    }
}

#[test]
fn both_webhook_systems_have_their_events() {
    let contract = Contract::corrected();
    let (test, events): (Vec<_>, Vec<_>) =
        contract.event_types(WebhookSystem::V2).partition(|name| *name == "test");
    assert_eq!((test.len(), events.len()), (1, 28));
    assert_eq!(contract.event_types(WebhookSystem::Legacy).count(), 8);
}

#[test]
fn an_unknown_event_and_a_payload_that_is_no_json_are_told() {
    let contract = Contract::corrected();
    let violations = contract.check_webhook(WebhookSystem::V2, "promoter.create", b"{}");
    assert_eq!(violations[0].code, "unknown-event-type");
    assert_eq!(violations[0].hint.as_deref(), Some("did you mean `promoter.created`?"));
    assert_eq!(contract.check_webhook(WebhookSystem::Legacy, "lead_signup", b"{")[0].code, "malformed-json");
    let empty = contract.check_webhook(WebhookSystem::Legacy, "lead_signup", b"{}");
    assert!(empty.iter().any(|violation| violation.pointer == "/body/event"), "{empty:?}");
}
