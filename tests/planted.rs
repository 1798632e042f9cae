//! The harness finds faults that were planted in the mock, a handful of every area, and cuts sequences down to the
//! fewest steps that show them. The whole bench is `just planted`.

use fp_harness::bench::{self, Trial};
use fp_mock::planted::{Area, Fault};

/// What is looked for in each area: cheap to find, and of every kind.
const SAMPLE: &[(Fault, &str)] = &[
    (Fault::RoundsDown, "commissions_follow_the_rewards"),
    (Fault::TierForgotten, "commissions_follow_the_rewards"),
    (Fault::EventPaidTwice, "answers_as_the_model_says"),
    (Fault::SaleLeavesSignup, "answers_as_the_model_says"),
    (Fault::PayoutSumShort, "money_is_conserved"),
    (Fault::OlderLeadsApart, "v1_and_v2_agree"),
    (Fault::NewerBalancesApart, "v1_and_v2_agree"),
    (Fault::Status200For201, "status_code_conformance"),
    (Fault::FieldLost, "response_schema_conformance"),
    (Fault::NumberAsText, "response_schema_conformance"),
    (Fault::EventMissing, "changes_have_events"),
    (Fault::EventSentTwice, "changes_have_events"),
    (Fault::ChangesSwapped, "changes_have_events"),
    (Fault::SignatureOfOtherBytes, "webhooks_are_signed"),
];

/// What single calls show, each with the property that shows it.
const BEHAVIOUR: &[(Fault, &str)] = &[
    (Fault::ReferralStateFilterIgnored, "filters_are_sound"),
    (Fault::AmountFromExclusive, "filters_are_complete"),
    (Fault::PageShifted, "pages_partition_the_list"),
    (Fault::SortUnstable, "sorting_is_ordered"),
    (Fault::PendingCountWrong, "counts_agree_with_lists"),
    (Fault::OlderEmailStale, "lists_of_both_apis_agree"),
    (Fault::StaleAfterDelete, "use_after_free"),
    (Fault::PutClearsOthers, "put_changes_what_it_names"),
    (Fault::RefusedLeavesTrace, "refused_write_changes_nothing"),
    (Fault::KeyIgnored, "ignored_auth"),
    (Fault::AccountHeaderIgnored, "missing_required_header"),
    (Fault::LeakRead, "cross_account_isolation"),
    (Fault::BatchGoesBackward, "batches_keep_count"),
    (Fault::BatchForgetsLast, "batches_keep_count"),
    (Fault::PaymentsBatchForgets, "payments_batches_pay_what_they_take"),
    (Fault::PausedIsTold, "webhooks_reach_who_wants_them"),
    (Fault::RetryTooEarly, "webhooks_are_retried_on_schedule"),
    (Fault::RetryOneTooFew, "webhooks_are_retried_on_schedule"),
];

#[track_caller]
fn assert_found(trial: &Trial, property: &str) {
    let name = trial.fault.name();
    let Some(found) = &trial.found else { panic!("{name} is not found: {}", trial.fault.sentence()) };
    assert_eq!(found.identity.property, property, "{name}: {}", found.message);
}

#[test]
fn planted_faults_are_found_in_sequences_cut_down_to_the_known_minimum() {
    let faults: Vec<Fault> = SAMPLE.iter().map(|(fault, _)| *fault).collect();
    let trials = bench::run_all(&faults, 0, 2, &|_| {});
    for (trial, (_, property)) in trials.iter().zip(SAMPLE) {
        assert_found(trial, property);
    }
    let lengths: Vec<(usize, usize)> = trials.iter().filter_map(Trial::lengths).collect();
    let least = lengths.iter().filter(|(steps, least)| steps <= least).count();
    assert!(
        least * 10 >= lengths.len() * 9,
        "{least} of {} at the known minimum: {lengths:?}",
        lengths.len()
    );
}

#[test]
fn planted_faults_are_found_by_the_property_that_is_about_them() {
    for (fault, property) in BEHAVIOUR {
        assert_found(&bench::look_with(*fault, 0, property), property);
    }
}

#[test]
fn every_area_is_in_the_sample() {
    let areas = [
        Area::Money,
        Area::Payouts,
        Area::Doors,
        Area::Lists,
        Area::Records,
        Area::Contract,
        Area::Access,
        Area::Batches,
        Area::Webhooks,
    ];
    for area in areas {
        let sampled = SAMPLE.iter().chain(BEHAVIOUR).any(|(fault, _)| fault.area() == area);
        assert!(sampled, "{}", area.name());
    }
}
