//! What a step does to commissions, by the model.

use super::action::Action;
use crate::exchange::Exchange;
use crate::model::{Book, Commission, Handle, Settlement, Standing, round_half_away};

/// The commissions that a step makes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Predicted {
    /// None at all.
    Nothing,
    /// Exactly these: who, tier, unit, amount, standing.
    Exactly(Vec<Line>),
    /// A sale shared with a partner: together this much, his share within one of that.
    Shared { owner: Handle, partner: Handle, unit: &'static str, whole: i64, share: i64, standing: Standing },
    /// A refund: between nothing and this for each promoter, exactly the rest if everything is returned.
    Refund { limits: Vec<(Handle, &'static str, i64)>, exact: bool },
    /// The documents leave it open.
    Open,
}

/// One predicted commission; `standing` is `None` where the documents leave it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    promoter: Handle,
    tier: u8,
    unit: &'static str,
    amount: i64,
    standing: Option<Standing>,
}

pub(super) fn new_commissions(before: &Book, action: &Action, answer: &Exchange) -> Predicted {
    if !answer.is_success() || answer.status == 204 {
        return Predicted::Nothing;
    }
    match action {
        Action::Sale { referral, amount, .. } => of_sale(before, *referral, *amount),
        Action::Refund { sale, amount, .. } => of_refund(before, *sale, *amount),
        Action::Custom { promoter, amount } => Predicted::Exactly(vec![Line {
            promoter: *promoter,
            tier: 1,
            unit: "cash",
            amount: *amount,
            standing: None,
        }]),
        _ => Predicted::Nothing,
    }
}

fn of_sale(book: &Book, referral: Handle, amount: i64) -> Predicted {
    let Some(referral) = book.referrals.get(&referral) else { return Predicted::Open };
    let Some(owner) = book.promoters.get(&referral.promoter) else { return Predicted::Open };
    let parent =
        owner.parent.filter(|parent| book.promoters.get(parent).is_some_and(|parent| !parent.blocked));
    let standing = if owner.program.approves() { Standing::Approved } else { Standing::Pending };
    let shares = owner.program.shares(amount, referral.sales == 0, parent.is_some());
    if owner.blocked || (owner.parent.is_some() && parent.is_none()) {
        return Predicted::Open;
    }
    if let (Some((partner, percentage)), Some(own)) =
        (referral.split, shares.iter().find(|share| share.tier == 1))
    {
        // Who gets the share of a partner that is blocked is said nowhere.
        if shares.len() > 1 || is_blocked(book, partner) {
            return Predicted::Open;
        }
        let share = round_half_away(own.amount * percentage, 100);
        return Predicted::Shared {
            owner: referral.promoter,
            partner,
            unit: own.unit,
            whole: own.amount,
            share,
            standing,
        };
    }
    let line = |share: &crate::model::Share| {
        let promoter = if share.tier == 1 { referral.promoter } else { parent? };
        Some(Line {
            promoter,
            tier: share.tier,
            unit: share.unit,
            amount: share.amount,
            standing: Some(standing),
        })
    };
    // A commission of nothing may as well not be made.
    let lines: Vec<Line> = shares.iter().filter(|share| share.amount != 0).filter_map(line).collect();
    Predicted::Exactly(lines)
}

fn is_blocked(book: &Book, promoter: Handle) -> bool {
    book.promoters.get(&promoter).is_some_and(|promoter| promoter.blocked)
}

fn of_refund(book: &Book, sale: Handle, amount: i64) -> Predicted {
    let Some(sold) = book.sales.get(&sale) else { return Predicted::Open };
    if sold.refunded + amount > sold.amount {
        return Predicted::Open;
    }
    let everything = sold.refunded + amount == sold.amount;
    let made: Vec<&Commission> = book.of_step(sale).collect();
    let unclear = |commission: &&Commission| {
        let is_denied = commission.standing == Standing::Denied;
        is_denied || commission.unit != "cash" || is_blocked(book, commission.promoter)
    };
    if made.iter().any(unclear) {
        return Predicted::Open;
    }
    let limits = made.iter().map(|commission| {
        let share = round_half_away(commission.amount * amount, sold.amount.max(1));
        (commission.promoter, commission.unit, -share)
    });
    Predicted::Refund { limits: limits.collect(), exact: everything && sold.refunded == 0 }
}

/// What differs, if anything: the cause and a message.
pub(super) fn compare(predicted: &Predicted, found: &[Commission]) -> Option<(String, String)> {
    match predicted {
        Predicted::Open => None,
        Predicted::Nothing if found.is_empty() => None,
        Predicted::Nothing => {
            Some(("a commission too many".into(), format!("expected none, found {found:?}")))
        }
        Predicted::Exactly(lines) => exactly(lines, found),
        Predicted::Shared { owner, partner, unit, whole, share, standing } => {
            let of = |who: &Handle| -> i64 {
                found.iter().filter(|c| c.promoter == *who && c.unit == *unit).map(|c| c.amount).sum()
            };
            let (own, other) = (of(owner), of(partner));
            let fits = own + other == *whole
                && (other - share).abs() <= 1
                && found.iter().all(|c| c.standing == *standing);
            let message = format!(
                "expected {whole} {unit} of which about {share} for the partner, found {own} and {other}"
            );
            (!fits).then(|| ("shares do not add up".into(), message))
        }
        Predicted::Refund { limits, exact } => {
            let returned: i64 = found.iter().map(|c| c.amount).sum();
            let expected: i64 = limits.iter().map(|(_, _, amount)| amount).sum();
            let slack = if *exact { 0 } else { limits.len() as i64 };
            let fits = (returned - expected).abs() <= slack && found.iter().all(|c| c.amount <= 0);
            let message =
                format!("expected {expected} to be taken back (give or take {slack}), found {returned}");
            (!fits).then(|| ("the wrong amount is taken back".into(), message))
        }
    }
}

fn exactly(lines: &[Line], found: &[Commission]) -> Option<(String, String)> {
    let mut left: Vec<&Commission> = found.iter().filter(|commission| commission.amount != 0).collect();
    for line in lines {
        let same = |c: &&&Commission| {
            c.promoter == line.promoter
                && c.tier == line.tier
                && c.unit == line.unit
                && c.amount == line.amount
                && line.standing.is_none_or(|standing| standing == c.standing)
        };
        match left.iter().position(|commission| same(&commission)) {
            Some(at) => {
                left.remove(at);
            }
            None => {
                return Some((
                    format!("tier {} is not as promised", line.tier),
                    format!("expected {line:?}, found {found:?}"),
                ));
            }
        }
    }
    let extra = left.first()?;
    Some((
        format!("a commission of tier {} too many", extra.tier),
        format!("expected {lines:?}, found {found:?}"),
    ))
}

/// Moves the booked commissions as the step says.
pub(super) fn apply(book: &mut Book, action: &Action) {
    match action {
        Action::Approve { of } => move_standing(book, of, Standing::Approved),
        Action::Deny { of } => move_standing(book, of, Standing::Denied),
        Action::Payouts { of } => {
            for commission in book.of_steps_mut(of) {
                let payable = commission.standing == Standing::Approved && commission.unit == "cash";
                if payable && commission.settlement == Settlement::Open {
                    commission.settlement = Settlement::Due;
                }
            }
        }
        Action::Pay { promoter } => settle(book, *promoter, Settlement::Due, Settlement::Paid),
        Action::Unpay { promoter } => settle(book, *promoter, Settlement::Paid, Settlement::Due),
        Action::Release { promoter } => settle(book, *promoter, Settlement::Due, Settlement::Open),
        _ => {}
    }
}

fn move_standing(book: &mut Book, of: &[Handle], to: Standing) {
    for commission in book.of_steps_mut(of).filter(|commission| commission.standing == Standing::Pending) {
        commission.standing = to;
    }
}

/// Moves all commissions of a promoter from one settlement to another.
pub(super) fn settle(book: &mut Book, promoter: Handle, from: Settlement, to: Settlement) {
    let own = book.commissions.iter_mut().filter(|commission| commission.promoter == promoter);
    own.filter(|commission| commission.settlement == from).for_each(|commission| commission.settlement = to);
}

/// Whether the documents leave open what deciding does to a commission: to one that was decided before, to what
/// refunds took back, which may follow what it was taken from, and to what such a refund was taken from while the
/// refund is in a payout, which may hold both back.
pub(super) fn leaves_open(before: &Book, action: &Action, commission: u64) -> bool {
    let (Action::Approve { of } | Action::Deny { of }) = action else { return false };
    let booked = before.commissions.iter().find(|booked| booked.id == commission);
    booked.is_none_or(|booked| {
        let held_back = |other: &Commission| {
            other.amount < 0 && other.promoter == booked.promoter && other.settlement != Settlement::Open
        };
        booked.standing != Standing::Pending
            || booked.amount < 0
            || !of.contains(&booked.from)
            || before.commissions.iter().any(held_back)
    })
}
