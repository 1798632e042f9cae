//! Every way in which the business says no. The wire layers turn each into a status and a body.

use super::money::Amount;

/// The kinds of record that a refusal can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entity {
    /// A batch process.
    BatchProcess,
    /// A campaign.
    Campaign,
    /// A commission: v1's reward.
    Commission,
    /// A tracked event on a referral.
    Conversion,
    /// An e-mail.
    Email,
    /// A payments batch.
    PaymentsBatch,
    /// A payout.
    Payout,
    /// A promo code.
    PromoCode,
    /// A promoter.
    Promoter,
    /// A promoter campaign: v1's promotion.
    PromoterCampaign,
    /// A referral: v1's lead.
    Referral,
    /// A reward of a campaign.
    Reward,
    /// A product plan.
    Plan,
    /// A webhook subscription.
    WebhookSubscription,
    /// A webhook delivery.
    WebhookDelivery,
    /// A payout method.
    PayoutMethod,
    /// A contract document.
    ContractDocument,
}

/// What a call must name by one of several parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// A promoter, by what identifies him.
    Promoter,
    /// A promoter, by what identifies him or by a promo code of his.
    PromoterOrCode,
    /// The promoter who is to be paid.
    Payee,
    /// A referral.
    Referral,
    /// A commission.
    Commission,
    /// Whom a new commission is for: a referral or an enrolment.
    Earner,
    /// An enrolment.
    Enrolment,
    /// A payout.
    Payout,
}

/// One thing wrong with one field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field as the API names it, `email`.
    pub field: &'static str,
    /// What is wrong, without the field's name: `has already been taken`.
    pub problem: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }
}

/// The business says no. Nothing has changed when one is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No token, a wrong one, or no account.
    Unauthorized,
    /// The key is of a kind that may not call this at all.
    WrongKeyKind,
    /// The key's role does not reach this far.
    NotEnoughRights,
    /// The account has used up its calls of this minute.
    RateLimited,
    /// No operation has this path.
    NoSuchOperation {
        /// What comes nearest, for the developer.
        hint: Option<String>,
    },
    /// The path exists, but not with this method.
    MethodNotAllowed {
        /// The methods that it has.
        allowed: Vec<&'static str>,
    },
    /// The body is larger than the service takes.
    BodyTooLarge {
        /// The limit in bytes.
        limit_bytes: usize,
    },
    /// The request's parameters cannot be read at all.
    Unreadable {
        /// What is wrong, and where.
        problem: String,
    },
    /// There is no such record.
    NotFound(Entity),
    /// A `find_by` found nothing.
    NotFoundBy {
        /// What was looked for.
        entity: Entity,
        /// The attribute it was looked for by.
        by: &'static str,
    },
    /// A required parameter is absent or blank.
    MissingParam(&'static str),
    /// A report's required parameter is absent; its sentence differs from the others'.
    MissingReportParam(&'static str),
    /// A parameter has a value that cannot be used.
    InvalidParam {
        /// The parameter as sent, `filters[amount][from]`.
        name: String,
        /// What it should have been.
        expected: String,
        /// What it was.
        found: String,
    },
    /// None of the parameters that identify the record was given.
    NoIdentifier(Sought),
    /// A record would not be valid.
    Invalid {
        /// The record.
        entity: Entity,
        /// Everything that is wrong with it.
        errors: Vec<FieldError>,
    },
    /// A tracking call without e-mail and uid.
    EmailAndUidBlank,
    /// A tracking call whose amount is no number.
    AmountInvalid,
    /// A signup whose tracking id or referral token leads nowhere.
    VisitorInvalid,
    /// A signup of a referral that has one.
    AlreadySignedUp,
    /// A sale or refund event seen before.
    DuplicateEvent {
        /// `sale` or `refund`.
        kind: &'static str,
        /// The event id.
        event_id: String,
    },
    /// The sale is no referral's, or its promoter is blocked.
    ReferralNotFoundOrPromoterBlocked,
    /// The refund or cancellation is no referral's.
    NoReferral,
    /// The action does not fit the record's present state.
    WrongState {
        /// The record.
        entity: Entity,
        /// Why not, as a sentence without full stop.
        problem: String,
    },
    /// There is nothing to pay with this method.
    NothingPayable {
        /// The payout method.
        method: String,
    },
    /// A delivery was tried as often as its subscription allows.
    RetriesExhausted,
    /// The URL of a test call may not be called.
    UrlRefused {
        /// Why not.
        problem: String,
    },
    /// A sum would leave the range of amounts.
    AmountOutOfRange {
        /// The amount that was asked for.
        amount: Amount,
    },
}

impl Refusal {
    /// A record that would be invalid in one field.
    pub fn invalid(entity: Entity, field: &'static str, problem: impl Into<String>) -> Self {
        Self::Invalid { entity, errors: vec![FieldError::new(field, problem)] }
    }

    /// An action that does not fit the record's state.
    pub fn wrong_state(entity: Entity, problem: impl Into<String>) -> Self {
        Self::WrongState { entity, problem: problem.into() }
    }
}
