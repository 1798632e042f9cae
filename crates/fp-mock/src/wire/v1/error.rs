//! Refusals as v1 answers them. The same refusal has another body in tracking, in reports and elsewhere.

use serde_json::{Map, Value, json};

use crate::domain::refusal::{Entity, FieldError, Refusal, Sought};
use crate::wire::reply::Reply;

/// The resources that word their refusals alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `/track`: `message`, status 400.
    Tracking,
    /// `/promoters`, `/leads`, `/rewards`, `/payouts`: `error`, status 422.
    Records,
    /// `/reports`: `message` and `code`, status 422.
    Reports,
}

impl Family {
    /// The family of a path below `/api/v1`.
    pub fn of(path: &str) -> Self {
        match path.trim_start_matches("/api/v1").trim_start_matches('/').split('/').next() {
            Some("track") => Self::Tracking,
            Some("reports") => Self::Reports,
            _ => Self::Records,
        }
    }

    /// A request that cannot be used, in the family's words.
    ///
    /// Evidence: published v1 documents (the three shapes); statuses where a sentence is ours are chosen.
    fn unusable(self, sentence: String) -> Reply {
        match self {
            Self::Tracking => message(400, sentence),
            Self::Records => error(422, sentence),
            Self::Reports => Reply::json(422, &json!({ "message": sentence, "code": "invalid_params" })),
        }
    }
}

/// The status and body of a refusal.
///
/// Evidence: published v1 documents and service behaviour notes for the literal sentences; chosen for the rest,
/// and for answering keys of too few rights like wrong ones: v1 knows no 403.
pub fn reply(refusal: &Refusal, family: Family) -> Reply {
    match refusal {
        Refusal::Unauthorized | Refusal::WrongKeyKind | Refusal::NotEnoughRights => {
            Reply::json(401, &json!("Bad credentials"))
        }
        Refusal::RateLimited => error(429, "Rate limit exceeded"),
        Refusal::NoSuchOperation { hint: None } => error(404, "No such operation."),
        Refusal::NoSuchOperation { hint: Some(hint) } => {
            error(404, format!("No such operation. hint: {hint}"))
        }
        Refusal::MethodNotAllowed { allowed } => {
            error(405, format!("Method not allowed. hint: use {}", allowed.join(" or ")))
        }
        Refusal::BodyTooLarge { limit_bytes } => {
            error(413, format!("The body is larger than {limit_bytes} bytes."))
        }
        Refusal::Unreadable { problem } => family.unusable(format!("The request cannot be read: {problem}.")),
        Refusal::NotFoundBy { entity: Entity::Promoter, .. } => error(404, "Promoter not found."),
        Refusal::NotFoundBy { entity: Entity::Referral, .. } => error(404, "Lead not found."),
        Refusal::NotFoundBy { entity: Entity::Payout, .. } => error(404, "Payment not found"),
        Refusal::NotFoundBy { entity, .. } | Refusal::NotFound(entity) => {
            family.unusable(format!("{} not found.", noun(*entity)))
        }
        Refusal::MissingParam(name) | Refusal::MissingReportParam(name) => {
            family.unusable(format!("param is missing or the value is empty: {name}"))
        }
        Refusal::InvalidParam { name, .. } if family == Family::Reports && names_figures(name) => {
            family.unusable("Selected Fields invalid !".into())
        }
        Refusal::InvalidParam { name, expected, found } => {
            family.unusable(format!("The parameter {name} is invalid: expected {expected}, found {found}."))
        }
        Refusal::NoIdentifier(sought) => error(422, unidentified(*sought)),
        Refusal::Invalid { entity: Entity::Promoter, errors } => Reply::json(422, &by_attribute(errors)),
        Refusal::Invalid { entity: Entity::PromoterCampaign, errors } => {
            Reply::json(422, &json!({ "promotions": [by_attribute(errors)] }))
        }
        Refusal::Invalid { errors, .. } => family.unusable(in_words(errors)),
        Refusal::EmailAndUidBlank => message(400, "Error. Email and uid can not be blank!"),
        Refusal::AmountInvalid => message(400, "Error. Amount blank or invalid."),
        Refusal::VisitorInvalid => message(
            404,
            "Visitor  invalid, not found or you are trying to use the signup tracking test via API which doesn't \
             work on API calls.",
        ),
        Refusal::AlreadySignedUp => {
            let body = json!({ "transaction_id": "there is already a signup event registered on this lead" });
            Reply::json(422, &body)
        }
        Refusal::DuplicateEvent { kind, event_id } => {
            message(409, format!("The '{kind}' event with the id '{event_id}' already exists."))
        }
        Refusal::NoReferral | Refusal::ReferralNotFoundOrPromoterBlocked => Reply::empty(204),
        Refusal::WrongState { problem, .. } | Refusal::UrlRefused { problem } => {
            family.unusable(sentence(problem))
        }
        Refusal::NothingPayable { method } => {
            family.unusable(format!("There are no payable payouts for {method}."))
        }
        Refusal::RetriesExhausted => family.unusable("The retries of the delivery are used up.".into()),
        Refusal::AmountOutOfRange { amount } => {
            family.unusable(format!("The amount {amount} is out of range."))
        }
    }
}

fn error(status: u16, sentence: impl Into<String>) -> Reply {
    Reply::json(status, &json!({ "error": sentence.into() }))
}

fn message(status: u16, sentence: impl Into<String>) -> Reply {
    Reply::json(status, &json!({ "message": sentence.into() }))
}

/// Whether a report's parameter names figures.
fn names_figures(parameter: &str) -> bool {
    ["selected_fields", "sort", "top_50"].contains(&parameter)
}

/// Evidence: published v1 documents; the reward's sentence is chosen.
fn unidentified(sought: Sought) -> &'static str {
    match sought {
        Sought::Promoter => {
            "You need to find the promoter either by id, cust_id, auth_token, ref_id or promoter_email"
        }
        Sought::PromoterOrCode => {
            "You need to find the promoter either by id, cust_id, auth_token, ref_id, promoter_email or promo_code"
        }
        Sought::Payee => "You need to pass either promoter_email or promoter_id.",
        Sought::Referral => "You need to find the lead/customer either by id, uid or email.",
        Sought::Commission => "You need to find the reward either by id or event_id.",
        Sought::Earner => {
            "You need to pass either lead_id, email or uid of the lead, or promotion_id or ref_id of the promotion."
        }
        Sought::Enrolment => "You need to find the promotion either by promotion_id or ref_id.",
        Sought::Payout => "You need to find the payout by id.",
    }
}

/// What is wrong with a record, by attribute.
///
/// Evidence: published v1 promoters document (`company_user.user.email`).
fn by_attribute(errors: &[FieldError]) -> Value {
    let mut attributes = Map::new();
    for error in errors {
        let list = attributes.entry(attribute(error.field)).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(error.problem.clone().into());
        }
    }
    Value::Object(attributes)
}

/// What v1 calls an attribute of promoters and promotions.
fn attribute(field: &'static str) -> &'static str {
    match field {
        "email" => "company_user.user.email",
        "ref_token" => "ref_id",
        "coupon" => "promo_code",
        "direct_url" => "landing_url",
        other => other,
    }
}

/// `Email has already been taken, Uid …`.
fn in_words(errors: &[FieldError]) -> String {
    let all = errors.iter().map(|error| sentence(&format!("{} {}", error.field, error.problem)));
    all.collect::<Vec<_>>().join(", ")
}

/// The same with a capital at its head.
fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// What v1 calls a record at the head of a sentence.
fn noun(entity: Entity) -> &'static str {
    match entity {
        Entity::BatchProcess => "Batch process",
        Entity::Campaign => "Campaign",
        Entity::Commission => "Reward",
        Entity::Conversion => "Event",
        Entity::ContractDocument => "Contract document",
        Entity::Email => "Email",
        Entity::Payout => "Payment",
        Entity::PaymentsBatch => "Payments batch",
        Entity::PayoutMethod => "Payout method",
        Entity::Plan => "Plan",
        Entity::PromoCode => "Promo code",
        Entity::Promoter => "Promoter",
        Entity::PromoterCampaign => "Promotion",
        Entity::Referral => "Lead",
        Entity::Reward => "Campaign reward",
        Entity::WebhookDelivery => "Webhook delivery",
        Entity::WebhookSubscription => "Webhook",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(refusal: &Refusal, path: &str) -> (u16, Value) {
        let reply = reply(refusal, Family::of(path));
        (reply.status, serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
    }

    #[test]
    fn what_the_call_is_about_is_404_and_what_it_refers_to_is_422() {
        let sought = Refusal::NotFoundBy { entity: Entity::Promoter, by: "cust_id" };
        let not_found = json!({ "error": "Promoter not found." });
        assert_eq!(told(&sought, "/api/v1/promoters/show"), (404, not_found.clone()));
        let referred = Refusal::NotFound(Entity::Promoter);
        assert_eq!(told(&referred, "/api/v1/leads/list"), (422, not_found));
    }

    #[test]
    fn an_unusable_parameter_is_told_in_the_words_of_its_resource() {
        let bad = Refusal::InvalidParam { name: "sort".into(), expected: "x".into(), found: "y".into() };
        assert_eq!(
            told(&bad, "/api/v1/reports/overview"),
            (422, json!({ "message": "Selected Fields invalid !", "code": "invalid_params" }))
        );
        assert_eq!(told(&bad, "/api/v1/track/sale").0, 400);
        assert!(told(&bad, "/api/v1/track/sale").1["message"].is_string());
        assert!(told(&bad, "/api/v1/rewards/create").1["error"].is_string());
    }

    #[test]
    fn attributes_have_their_old_names() {
        let taken = Refusal::invalid(Entity::Promoter, "email", "has already been taken");
        assert_eq!(
            told(&taken, "/api/v1/promoters/create"),
            (422, json!({ "company_user.user.email": ["has already been taken"] }))
        );
        let token = Refusal::invalid(Entity::PromoterCampaign, "ref_token", "has already been taken");
        assert_eq!(
            told(&token, "/api/v1/promoters/create"),
            (422, json!({ "promotions": [{ "ref_id": ["has already been taken"] }] }))
        );
    }
}
