//! After each step: the target's commissions, balances and payouts are those of the model, seen through both
//! APIs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::action::{Action, Step};
use super::doors;
use super::perform::{Agreement, Halt, Performance};
use super::predict::{self, Predicted};
use crate::exchange::Exchange;
use crate::model::{Book, Commission, Handle, Settlement, Standing};

/// A commission as the target lists it.
pub(super) struct Listed {
    pub(super) id: u64,
    pub(super) amount: i64,
    pub(super) unit: String,
    pub(super) status: String,
    tier: u8,
    is_paid: bool,
}

/// Compares everything the step can have touched.
pub(super) fn after(
    run: &mut Performance<'_, '_>,
    step: &Step,
    before: &Book,
    answer: &Exchange,
) -> Agreement {
    let touched = touched(&run.book, &step.action);
    let mut before = before.clone();
    let mut lists = BTreeMap::new();
    for promoter in &touched {
        let listed = list(run, *promoter)?;
        lists.insert(*promoter, listed);
    }
    book_new_commissions(run, step, &before, answer, &lists)?;
    predict::apply(&mut run.book, &step.action);
    if matches!(step.action, Action::PayTogether { .. }) {
        settle_the_paid(run, &lists);
    }
    for (promoter, (exchange, listed)) in &lists {
        compare_commissions(run, step, &before, *promoter, exchange, listed)?;
        doors::compare_rewards(run, *promoter, listed)?;
    }
    for promoter in &touched {
        compare_balances(run, *promoter)?;
        compare_payouts(run, *promoter)?;
    }
    if matches!(step.action, Action::PayTogether { .. }) {
        // On their way they are processed, which is told too.
        let paid = before
            .payouts
            .iter_mut()
            .filter(|(id, _)| run.book.payouts.get(id).is_some_and(|(_, status)| status == "completed"));
        paid.filter(|(_, (_, status))| status == "pending")
            .for_each(|(_, (_, status))| *status = "processing".into());
    }
    if let Some(referral) = doors::touched_referral(&run.book, step) {
        doors::compare_referral(run, step, referral)?;
    }
    super::watch::after(run, &before)
}

/// Whom a payments batch takes (minimum, terms of the campaign) is left open; whom it takes it pays whole.
fn settle_the_paid(run: &mut Performance<'_, '_>, lists: &Lists) {
    for (promoter, (_, listed)) in lists {
        let mut due = run.book.commissions.iter().filter(|commission| {
            commission.promoter == *promoter && commission.settlement == Settlement::Due
        });
        if due.all(|commission| listed.iter().any(|row| row.id == commission.id && row.is_paid)) {
            predict::settle(&mut run.book, *promoter, Settlement::Due, Settlement::Paid);
        }
    }
}

/// The promoters whose money a step can move.
fn touched(book: &Book, action: &Action) -> BTreeSet<Handle> {
    let mut touched: BTreeSet<Handle> = BTreeSet::new();
    let mut of_referral = |referral: &Handle| {
        let Some(referral) = book.referrals.get(referral) else { return };
        touched.insert(referral.promoter);
        touched.extend(referral.split.map(|(partner, _)| partner));
    };
    match action {
        Action::PayTogether { .. } => {
            let due = book.commissions.iter().filter(|commission| commission.settlement == Settlement::Due);
            touched.extend(due.map(|commission| commission.promoter));
        }
        Action::Sale { referral, .. } | Action::Cancel { referral, .. } => of_referral(referral),
        Action::RepeatSale { sale, .. } | Action::Refund { sale, .. } => {
            if let Some(sale) = book.sales.get(sale) {
                of_referral(&sale.referral);
            }
        }
        Action::RepeatRefund { refund, .. } => {
            if let Some(sale) = book.refunds.get(refund).and_then(|refund| book.sales.get(&refund.sale)) {
                of_referral(&sale.referral);
            }
        }
        Action::Custom { promoter, .. }
        | Action::Pay { promoter }
        | Action::Unpay { promoter }
        | Action::Release { promoter } => {
            touched.insert(*promoter);
        }
        Action::Approve { of } | Action::Deny { of } | Action::Payouts { of } => {
            touched
                .extend(of.iter().flat_map(|step| book.of_step(*step)).map(|commission| commission.promoter));
        }
        Action::Promoter { .. }
        | Action::Signup { .. }
        | Action::SplitReferral { .. }
        | Action::Block { .. } => {}
    }
    let parents: Vec<Handle> =
        touched.iter().filter_map(|promoter| book.promoters.get(promoter)?.parent).collect();
    touched.extend(parents);
    touched.retain(|promoter| book.promoters.contains_key(promoter));
    touched
}

fn list(run: &mut Performance<'_, '_>, promoter: Handle) -> Result<(Exchange, Vec<Listed>), Halt> {
    let id = run.book.promoters[&promoter].id;
    let target = format!("/api/v2/company/commissions?per_page=100&filters[promoter_id]={id}");
    let exchange = run.ask("GET", &target, &Value::Null)?;
    let rows = exchange.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
    let listed = rows.iter().filter_map(|row| {
        Some(Listed {
            id: row.get("id")?.as_u64()?,
            amount: row.get("amount")?.as_i64()?,
            unit: row.get("unit")?.as_str()?.to_owned(),
            status: row.get("status")?.as_str()?.to_owned(),
            tier: u8::try_from(row.get("tier").and_then(Value::as_u64).unwrap_or(1)).unwrap_or(u8::MAX),
            is_paid: row.get("is_paid").and_then(Value::as_bool).unwrap_or(false),
        })
    });
    let listed = listed.collect();
    Ok((exchange, listed))
}

type Lists = BTreeMap<Handle, (Exchange, Vec<Listed>)>;

/// Commissions that were not there before must be the ones the model predicts; they are booked.
fn book_new_commissions(
    run: &mut Performance<'_, '_>,
    step: &Step,
    before: &Book,
    answer: &Exchange,
    lists: &Lists,
) -> Agreement {
    let known: BTreeSet<u64> = run.book.commissions.iter().map(|commission| commission.id).collect();
    let predicted = predict::new_commissions(before, &step.action, answer);
    let mut found = Vec::new();
    for (promoter, (_, listed)) in lists {
        for row in listed.iter().filter(|row| !known.contains(&row.id)) {
            let Some(standing) = standing(&row.status) else { continue };
            let unit = crate::model::unit(&row.unit);
            found.push(Commission {
                from: step.handle,
                promoter: *promoter,
                tier: row.tier,
                unit,
                amount: row.amount,
                standing,
                settlement: Settlement::Open,
                id: row.id,
            });
        }
    }
    if let Some((cause, message)) = predict::compare(&predicted, &found) {
        let property = match (&step.action, &predicted) {
            (Action::RepeatSale { .. }, _) => "event_id_pays_once",
            (Action::RepeatRefund { .. }, _) => "event_id_pays_once",
            (_, Predicted::Refund { .. }) => "refunds_take_back_in_proportion",
            _ => "commissions_follow_the_rewards",
        };
        let shown = lists.values().next().map_or(answer, |(exchange, _)| exchange);
        return run.disagree(property, shown, format!("{}: {cause}", step.action.name()), message);
    }
    found.sort_by_key(|commission| commission.id);
    run.book.commissions.extend(found);
    Ok(())
}

fn standing(status: &str) -> Option<Standing> {
    [Standing::Pending, Standing::Approved, Standing::Denied]
        .into_iter()
        .find(|standing| standing.name() == status)
}

/// What is booked must be listed as booked; where the documents leave a transition open the target's word is
/// taken.
fn compare_commissions(
    run: &mut Performance<'_, '_>,
    step: &Step,
    before: &Book,
    promoter: Handle,
    exchange: &Exchange,
    listed: &[Listed],
) -> Agreement {
    for row in listed {
        let open = predict::leaves_open(before, &step.action, row.id);
        let Some(booked) = run.book.commissions.iter_mut().find(|commission| commission.id == row.id) else {
            continue;
        };
        if open && booked.standing.name() != row.status {
            booked.standing = standing(&row.status).unwrap_or(booked.standing);
        }
        let expected = (booked.amount, booked.standing.name(), booked.settlement == Settlement::Paid);
        let found = (row.amount, row.status.as_str(), row.is_paid);
        if expected != found || booked.promoter != promoter {
            let cause = if expected.0 != found.0 {
                "amount"
            } else if expected.1 != found.1 {
                "status"
            } else if expected.2 != found.2 {
                "is_paid"
            } else {
                "promoter"
            };
            let message = format!("expected commission {} with {expected:?}, found {found:?}", row.id);
            let cause = format!("{}: {cause} of a commission", step.action.name());
            return run.disagree("commissions_move_as_told", exchange, cause, message);
        }
    }
    let lost = run.book.commissions.iter().find(|commission| {
        commission.promoter == promoter && !listed.iter().any(|row| row.id == commission.id)
    });
    match lost.filter(|_| listed.len() < 100) {
        Some(lost) => {
            let message = format!("expected commission {} in the list, it is not there", lost.id);
            run.disagree(
                "commissions_move_as_told",
                exchange,
                format!("{}: a commission is lost", step.action.name()),
                message,
            )
        }
        None => Ok(()),
    }
}

/// Earnings, paid and current of v1 are the sums of the commissions, and v2 shows the same.
fn compare_balances(run: &mut Performance<'_, '_>, promoter: Handle) -> Agreement {
    let id = run.book.promoters[&promoter].id;
    let v1 = run.ask("GET", &format!("/api/v1/promoters/show?id={id}"), &Value::Null)?;
    let v2 = run.ask("GET", &format!("/api/v2/company/promoters/{id}"), &Value::Null)?;
    let (older, newer) = (v1.json().unwrap_or_default(), v2.json().unwrap_or_default());
    let sums = run.book.sums(promoter);
    for unit in ["cash", "free_months"] {
        let sum = sums.get(unit).copied().unwrap_or_default();
        let shown =
            |name: &str| older.pointer(&format!("/{name}/{unit}")).and_then(Value::as_i64).unwrap_or(0);
        for (name, expected) in [
            ("earnings_balance", sum.earned),
            ("paid_balance", sum.paid),
            ("current_balance", sum.earned - sum.paid),
        ] {
            if shown(name) != expected {
                let message = format!("expected {name} {expected} {unit}, found {}", older[name]);
                return run.disagree("money_is_conserved", &v1, format!("{name} of {unit}"), message);
            }
        }
        let of_v2 = newer.pointer(&format!("/balances/{unit}")).and_then(Value::as_i64).unwrap_or(0);
        if of_v2 != shown("earnings_balance") && of_v2 != shown("current_balance") {
            let message = format!("expected the balances of v1, {older}, found {}", newer["balances"]);
            return run.disagree("v1_and_v2_agree", &v2, format!("balance of {unit}"), message);
        }
    }
    if older.get("email") != newer.get("email") {
        let message = format!("v1 shows {}, v2 {}", older["email"], newer["email"]);
        return run.disagree("v1_and_v2_agree", &v2, "email".into(), message);
    }
    Ok(())
}

/// What payouts add up to is what the model has in them; v1 shows the same payouts, and what of them is to be paid.
fn compare_payouts(run: &mut Performance<'_, '_>, promoter: Handle) -> Agreement {
    let id = run.book.promoters[&promoter].id;
    let target = format!("/api/v2/company/payouts?per_page=100&filters[promoter_id]={id}");
    let exchange = run.ask("GET", &target, &Value::Null)?;
    let rows = exchange.json().and_then(|reply| reply.as_array().cloned()).unwrap_or_default();
    let with = |statuses: &[&str]| -> f64 {
        let of_status =
            |row: &&Value| row.get("status").and_then(Value::as_str).is_some_and(|s| statuses.contains(&s));
        rows.iter().filter(of_status).filter_map(|row| row.get("amount")?.as_f64()).sum()
    };
    let sum = run.book.sums(promoter).get("cash").copied().unwrap_or_default();
    for (name, expected, found) in [
        ("payouts to be paid", sum.due, with(&["pending", "processing"])),
        ("paid payouts", sum.paid, with(&["completed"])),
    ] {
        if found != expected as f64 {
            let message = format!("expected {name} of {expected} in all, found {found}");
            return run.disagree("money_is_conserved", &exchange, name.to_owned(), message);
        }
    }
    let status = |row: &Value| Some((row.get("id")?.as_u64()?, row.get("status")?.as_str()?.to_owned()));
    let statuses: BTreeMap<u64, String> = rows.iter().filter_map(status).collect();
    if !statuses.is_empty() {
        doors::compare_payouts(run, promoter, &statuses, sum.due)?;
    }
    run.book.payouts.retain(|_, (owner, _)| *owner != promoter);
    run.book.payouts.extend(statuses.into_iter().map(|(id, status)| (id, (promoter, status))));
    Ok(())
}
