//! Which parameters name records, and whose.

use super::Kind;

/// What a parameter of this name says about records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing, or something that is not changed by being named: campaigns, rewards, plans.
    Free,
    /// The id of a record: it has to be the run's own.
    Record(Kind),
    /// A text that records are found by: it has to carry the run's namespace.
    Name,
}

/// Names that have to carry the namespace.
const NAMES: [&str; 21] = [
    "email",
    "new_email",
    "promoter_email",
    "parent_promoter_email",
    "uid",
    "new_uid",
    "username",
    "cust_id",
    "new_cust_id",
    "event_id",
    "sale_event_id",
    "ref_id",
    "new_ref_id",
    "ref_token",
    "auth_token",
    "tid",
    "coupon",
    "code",
    "promo_code",
    "customer_promo_code",
    "name",
];

/// What a parameter of an operation on `path` (without base) is about.
pub(super) fn class_of(path: &str, name: &str) -> Class {
    let kind = match name {
        "id" | "ids" => match Kind::of_path(path) {
            Some(kind) => kind,
            None => return Class::Record(Kind::Unknown),
        },
        "promoter_id" | "parent_promoter_id" => Kind::Promoter,
        "promoter_campaign_id" | "promotion_id" => Kind::Enrolment,
        "referral_id" | "lead_id" => Kind::Referral,
        "webhook_id" => Kind::Webhook,
        // A subscription has no other name.
        "description" if path.starts_with("/company/webhooks") => return Class::Name,
        _ if NAMES.contains(&name) => return Class::Name,
        _ => return Class::Free,
    };
    Class::Record(kind)
}
