//! What a run made at a real account: the only records that it may change.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A promoter.
    Promoter,
    /// A promoter's part in a campaign.
    Enrolment,
    /// A referral.
    Referral,
    /// A commission.
    Commission,
    /// A payout.
    Payout,
    /// A promo code.
    PromoCode,
    /// An e-mail.
    Email,
    /// A webhook subscription.
    Webhook,
    /// Something that is never the run's.
    Unknown,
}

impl Kind {
    /// Every kind that a run can make.
    pub const ALL: [Self; 8] = [
        Self::Promoter,
        Self::Enrolment,
        Self::Referral,
        Self::Commission,
        Self::Payout,
        Self::PromoCode,
        Self::Email,
        Self::Webhook,
    ];

    /// Its name in plans and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Promoter => "promoter",
            Self::Enrolment => "promoter campaign",
            Self::Referral => "referral",
            Self::Commission => "commission",
            Self::Payout => "payout",
            Self::PromoCode => "promo code",
            Self::Email => "email",
            Self::Webhook => "webhook subscription",
            Self::Unknown => "record",
        }
    }

    /// The kind of record that a path (without base) is about.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.strip_prefix("/company").unwrap_or(path);
        match path.split('/').nth(1)? {
            "promoters" => Some(Self::Promoter),
            "promoter_campaigns" => Some(Self::Enrolment),
            "referrals" | "leads" => Some(Self::Referral),
            "commissions" | "rewards" => Some(Self::Commission),
            "payouts" => Some(Self::Payout),
            "promo_codes" => Some(Self::PromoCode),
            "emails" => Some(Self::Email),
            "webhooks" => Some(Self::Webhook),
            _ => None,
        }
    }
}

/// Ids by kind in the order made, and texts that stand for records.
#[derive(Clone, Debug, Default)]
pub struct Made {
    ids: BTreeMap<Kind, Vec<u64>>,
    texts: BTreeSet<String>,
}

impl Made {
    /// Whether the run made it.
    pub fn has(&self, kind: Kind, id: u64) -> bool {
        self.ids.get(&kind).is_some_and(|ids| ids.contains(&id))
    }

    /// The ids of a kind, oldest first.
    pub fn of(&self, kind: Kind) -> &[u64] {
        self.ids.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether a text stands for a record that the run made.
    pub fn has_text(&self, text: &str) -> bool {
        self.texts.contains(text)
    }

    /// A referral token of the run's own.
    pub(super) fn token(&self) -> Option<&str> {
        self.texts.first().map(String::as_str)
    }

    fn add(&mut self, kind: Kind, id: Option<&Value>) {
        let ids = self.ids.entry(kind).or_default();
        if let Some(id) = id.and_then(Value::as_u64).filter(|id| !ids.contains(id)) {
            ids.push(id);
        }
    }

    fn add_text(&mut self, text: Option<&Value>) {
        self.texts.extend(text.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned));
    }

    /// Learns from the answer to a call of `operation`. A write made what it answers; a read tells what belongs to
    /// promoters that the run made.
    pub(super) fn learn(&mut self, operation: &str, reply: &Value) {
        let rows = reply.get("data").unwrap_or(reply);
        let rows = rows.as_array().map_or_else(|| std::slice::from_ref(rows), Vec::as_slice);
        for row in rows {
            match operation {
                "POST /api/v2/company/promoters" | "POST /api/v1/promoters/create" => self.add_promoter(row),
                "GET /api/v2/company/promoters/{id}" | "GET /api/v1/promoters/show" => {
                    let id = row.get("id").and_then(Value::as_u64);
                    if id.is_some_and(|id| self.has(Kind::Promoter, id)) {
                        self.add_promoter(row);
                    }
                }
                "POST /api/v2/company/referrals" | "POST /api/v1/leads/create" => {
                    self.add(Kind::Referral, row.get("id"));
                }
                "POST /api/v2/company/commissions" | "POST /api/v1/rewards/create" => {
                    self.add(Kind::Commission, row.get("id"));
                }
                "POST /api/v2/company/promo_codes" => self.add(Kind::PromoCode, row.get("id")),
                "POST /api/v2/company/emails" | "POST /api/v2/company/emails/{id}/copy" => {
                    self.add(Kind::Email, row.get("id"));
                }
                "POST /api/v2/company/webhooks" => self.add(Kind::Webhook, row.get("id")),
                _ if operation.contains("/track/") => {
                    self.add(Kind::Referral, row.pointer("/referral/id").or_else(|| row.pointer("/lead/id")));
                }
                _ if operation.starts_with("GET ") => self.learn_row(operation, row),
                _ => {}
            }
        }
    }

    fn add_promoter(&mut self, row: &Value) {
        self.add(Kind::Promoter, row.get("id"));
        for name in ["auth_token", "default_ref_id"] {
            self.add_text(row.get(name));
        }
        for list in ["promoter_campaigns", "promotions"] {
            for enrolment in row.get(list).and_then(Value::as_array).into_iter().flatten() {
                self.add(Kind::Enrolment, enrolment.get("id"));
                self.add_text(enrolment.get("ref_token").or_else(|| enrolment.get("ref_id")));
            }
        }
    }

    /// A row of a list belongs to the run when its promoter does.
    fn learn_row(&mut self, operation: &str, row: &Value) {
        let path = operation.split_once("/api/v2").or_else(|| operation.split_once("/api/v1"));
        let Some(kind) = path.and_then(|(_, path)| Kind::of_path(path)) else { return };
        let owner = ["/promoter_campaign/promoter_id", "/promoter/id", "/promoter_id"];
        let owner = owner.iter().find_map(|at| row.pointer(at)?.as_u64());
        let owned = matches!(
            kind,
            Kind::Enrolment | Kind::Referral | Kind::Commission | Kind::Payout | Kind::PromoCode
        );
        if owned && owner.is_some_and(|owner| self.has(Kind::Promoter, owner)) {
            self.add(kind, row.get("id"));
        }
    }
}
