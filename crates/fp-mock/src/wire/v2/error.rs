//! Refusals as v2 answers them.

use serde_json::{Map, Value, json};

use crate::domain::refusal::{Entity, FieldError, Refusal, Sought};
use crate::wire::reply::Reply;

/// The status and body of a refusal.
///
/// Evidence: published v2 contract and service behaviour notes; rows marked there as chosen are chosen.
pub fn reply(refusal: &Refusal) -> Reply {
    let status = status(refusal);
    if let Refusal::AlreadySignedUp = refusal {
        return Reply::json(status, &json!({ "transaction_id": message(refusal) }));
    }
    if status == 204 {
        return Reply::empty(status);
    }
    let mut body = Map::new();
    body.insert("message".into(), message(refusal).into());
    if let Refusal::Invalid { errors, .. } = refusal {
        body.insert("errors".into(), by_field(errors));
    }
    if let Some(code) = code(refusal) {
        body.insert("code".into(), code.into());
    }
    Reply::json(status, &Value::Object(body))
}

fn status(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::NoReferral => 204,
        Refusal::Unreadable { .. }
        | Refusal::EmailAndUidBlank
        | Refusal::AmountInvalid
        | Refusal::AmountOutOfRange { .. }
        | Refusal::UrlRefused { .. }
        | Refusal::Invalid { entity: Entity::Promoter, .. } => 400,
        Refusal::Unauthorized => 401,
        Refusal::WrongKeyKind | Refusal::NotEnoughRights => 403,
        Refusal::NoSuchOperation { .. }
        | Refusal::NotFound(_)
        | Refusal::VisitorInvalid
        | Refusal::ReferralNotFoundOrPromoterBlocked => 404,
        Refusal::MethodNotAllowed { .. } => 405,
        Refusal::DuplicateEvent { .. } => 409,
        Refusal::BodyTooLarge { .. } => 413,
        Refusal::NotFoundBy { .. }
        | Refusal::MissingParam(_)
        | Refusal::MissingReportParam(_)
        | Refusal::InvalidParam { .. }
        | Refusal::NoIdentifier(_)
        | Refusal::Invalid { .. }
        | Refusal::AlreadySignedUp
        | Refusal::WrongState { .. }
        | Refusal::NothingPayable { .. }
        | Refusal::RetriesExhausted => 422,
        Refusal::RateLimited => 429,
    }
}

fn code(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::Unauthorized => "unauthorized",
        Refusal::WrongKeyKind | Refusal::NotEnoughRights => "forbidden",
        Refusal::RateLimited => "rate_limited",
        Refusal::NoSuchOperation { .. }
        | Refusal::NotFound(_)
        | Refusal::ReferralNotFoundOrPromoterBlocked => "not_found",
        Refusal::MethodNotAllowed { .. } => "method_not_allowed",
        Refusal::BodyTooLarge { .. } => "payload_too_large",
        Refusal::Unreadable { .. } => "bad_request",
        Refusal::NotFoundBy { .. }
        | Refusal::MissingParam(_)
        | Refusal::MissingReportParam(_)
        | Refusal::InvalidParam { .. }
        | Refusal::NoIdentifier(_) => "invalid_params",
        Refusal::Invalid { .. } => "invalid_record",
        Refusal::WrongState { .. } | Refusal::NothingPayable { .. } | Refusal::RetriesExhausted => {
            "operation_failed"
        }
        Refusal::UrlRefused { .. } | Refusal::AmountOutOfRange { .. } => "invalid_params",
        Refusal::EmailAndUidBlank
        | Refusal::AmountInvalid
        | Refusal::VisitorInvalid
        | Refusal::AlreadySignedUp
        | Refusal::DuplicateEvent { .. }
        | Refusal::NoReferral => return None,
    })
}

/// The sentence of a refusal.
pub fn message(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unauthorized => "Unauthorized".into(),
        Refusal::WrongKeyKind => "Invalid user type".into(),
        Refusal::NotEnoughRights => "You don't have enough rights to perform this action".into(),
        Refusal::RateLimited => "Rate limit exceeded".into(),
        Refusal::NoSuchOperation { hint: None } => "No such operation".into(),
        Refusal::NoSuchOperation { hint: Some(hint) } => format!("No such operation. hint: {hint}"),
        Refusal::MethodNotAllowed { allowed } => {
            format!("Method not allowed. hint: use {}", allowed.join(" or "))
        }
        Refusal::BodyTooLarge { limit_bytes } => format!("The body is larger than {limit_bytes} bytes"),
        Refusal::Unreadable { problem } => format!("The request cannot be read: {problem}"),
        Refusal::NotFound(_) => "Record not found".into(),
        Refusal::NotFoundBy { entity, by } => format!("Cannot find {} by {by}", noun(*entity)),
        Refusal::MissingParam(name) => {
            format!("param is missing or the value is empty or invalid: {name}")
        }
        Refusal::MissingReportParam(name) => format!("param is missing or the value is empty: {name}"),
        Refusal::InvalidParam { name, expected, found } => format!(
            "param is missing or the value is empty or invalid: {name} (expected {expected}, found {found})"
        ),
        Refusal::NoIdentifier(sought) => format!("Nothing identifies the {}", identified(*sought)),
        Refusal::Invalid { errors, .. } => {
            let all: Vec<String> =
                errors.iter().map(|e| format!("{} {}", human(e.field), e.problem)).collect();
            format!("Validation failed: {}", all.join(", "))
        }
        Refusal::EmailAndUidBlank => "Error. Email and uid can not be blank!".into(),
        Refusal::AmountInvalid => "Error. Amount blank or invalid.".into(),
        Refusal::VisitorInvalid => {
            "Visitor  invalid, not found or you are trying to use the signup tracking \
                                    test via API which doesn't work on API calls."
                .into()
        }
        Refusal::AlreadySignedUp => "there is already a signup event registered on this lead".into(),
        Refusal::DuplicateEvent { kind, event_id } => {
            format!("The '{kind}' event with the id '{event_id}' already exists.")
        }
        Refusal::ReferralNotFoundOrPromoterBlocked => {
            "Referral corresponding to email or uid parameter not found or promoter is banned.".into()
        }
        Refusal::NoReferral => String::new(),
        Refusal::WrongState { problem, .. } => problem.clone(),
        Refusal::NothingPayable { method } => format!("There are no payable payouts for {method}"),
        Refusal::RetriesExhausted => {
            "The subscription's max_retries are used up. hint: raise max_retries first".into()
        }
        Refusal::UrlRefused { problem } => problem.clone(),
        Refusal::AmountOutOfRange { amount } => format!("The amount {amount} is out of range"),
    }
}

fn by_field(errors: &[FieldError]) -> Value {
    let mut fields = Map::new();
    for error in errors {
        if let Value::Array(list) = fields.entry(error.field).or_insert_with(|| Value::Array(Vec::new())) {
            list.push(error.problem.clone().into());
        }
    }
    Value::Object(fields)
}

/// `ref_token` as it begins a sentence: `Ref token`.
fn human(field: &str) -> String {
    let mut text = field.replace('_', " ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// What v2 calls something that is looked for.
fn identified(sought: Sought) -> &'static str {
    match sought {
        Sought::Promoter | Sought::PromoterOrCode | Sought::Payee => noun(Entity::Promoter),
        Sought::Referral | Sought::Earner => noun(Entity::Referral),
        Sought::Commission => noun(Entity::Commission),
        Sought::Enrolment => noun(Entity::PromoterCampaign),
        Sought::Payout => noun(Entity::Payout),
    }
}

/// What v2 calls a record in its sentences.
fn noun(entity: Entity) -> &'static str {
    match entity {
        Entity::BatchProcess => "batch process",
        Entity::Campaign => "campaign",
        Entity::Commission => "commission",
        Entity::Conversion => "event",
        Entity::ContractDocument => "contract document",
        Entity::Email => "email",
        Entity::PaymentsBatch => "payments batch",
        Entity::Payout => "payout",
        Entity::PayoutMethod => "payout method",
        Entity::Plan => "plan",
        Entity::PromoCode => "promo code",
        Entity::Promoter => "promoter",
        Entity::PromoterCampaign => "promoter campaign",
        Entity::Referral => "referral",
        Entity::Reward => "reward",
        Entity::WebhookDelivery => "webhook delivery",
        Entity::WebhookSubscription => "webhook subscription",
    }
}
