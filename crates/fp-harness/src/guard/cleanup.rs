//! Removes what a run made at a real account, those first that depend on others, and says what stays behind.

use serde_json::{Value, json};

use super::{Guard, Kind};
use crate::client::Client;
use crate::exchange::Exchange;
use crate::run::Stop;

/// So many ids are worked on at once; with more the service goes on in the background.
const AT_ONCE: usize = 5;

/// Removes everything that the run made, and lists what could not be removed and why.
pub fn tidy_up(client: &Client<'_>, guard: &Guard) -> Vec<String> {
    let mut tidying = Tidying { client, guard, over: None };
    tidying.remove_one_by_one(Kind::Webhook, "webhooks");
    tidying.remove_one_by_one(Kind::Email, "emails");
    tidying.remove_one_by_one(Kind::PromoCode, "promo_codes");
    tidying.find_what_belongs_to_promoters();
    tidying.remove_together(Kind::Payout, "POST", "payouts/mark_as_unpaid");
    tidying.remove_together(Kind::Payout, "DELETE", "payouts/destroy");
    tidying.remove_together(Kind::Commission, "DELETE", "commissions/destroy");
    tidying.remove_together(Kind::Referral, "DELETE", "referrals");
    tidying.remove_promoters();
    tidying.look_what_is_left()
}

struct Tidying<'c, 't> {
    client: &'c Client<'t>,
    guard: &'c Guard,
    /// Why no more calls can be made.
    over: Option<Stop>,
}

impl Tidying<'_, '_> {
    /// An answer, unless the target does not answer any more or somebody does not want to wait.
    fn ask(&mut self, method: &str, target: &str, body: &Value) -> Option<Exchange> {
        if self.over.is_some() {
            return None;
        }
        match self.client.ask(method, target, body).map_err(Stop::from) {
            Ok(exchange) => Some(exchange),
            Err(Stop::Guarded(_)) => None,
            Err(stop) => {
                self.over = Some(stop);
                None
            }
        }
    }

    fn made(&self, kind: Kind) -> Vec<u64> {
        self.guard.made().of(kind).to_vec()
    }

    fn remove_one_by_one(&mut self, kind: Kind, resource: &str) {
        for id in self.made(kind) {
            self.ask("DELETE", &format!("/api/v2/company/{resource}/{id}"), &Value::Null);
        }
    }

    fn remove_together(&mut self, kind: Kind, method: &str, action: &str) {
        for ids in self.made(kind).chunks(AT_ONCE) {
            self.ask(method, &format!("/api/v2/company/{action}"), &json!({ "ids": ids }));
        }
    }

    /// Reads what hangs on the run's promoters: the guard learns from the answers.
    fn find_what_belongs_to_promoters(&mut self) {
        for promoter in self.made(Kind::Promoter) {
            self.ask("GET", &format!("/api/v2/company/promoters/{promoter}"), &Value::Null);
            for list in ["payouts", "commissions", "referrals"] {
                for page in 1.. {
                    let target = format!(
                        "/api/v2/company/{list}?filters[promoter_id]={promoter}&per_page=100&page={page}"
                    );
                    let rows = self.ask("GET", &target, &Value::Null).and_then(|listed| listed.json());
                    if rows.as_ref().and_then(Value::as_array).is_none_or(|rows| rows.len() < 100) {
                        break;
                    }
                }
            }
        }
    }

    /// v1 deletes promoters, v2 only archives them.
    fn remove_promoters(&mut self) {
        for id in self.made(Kind::Promoter) {
            let deleted = self.ask("DELETE", "/api/v1/promoters/delete", &json!({ "id": id }));
            if deleted.is_none_or(|deleted| !deleted.is_success()) {
                self.ask("POST", "/api/v2/company/promoters/archive", &json!({ "ids": [id] }));
            }
        }
    }

    fn look_what_is_left(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        let readable = [
            (Kind::Webhook, "webhooks"),
            (Kind::Email, "emails"),
            (Kind::PromoCode, "promo_codes"),
            (Kind::Referral, "referrals"),
            (Kind::Promoter, "promoters"),
        ];
        for (kind, resource) in readable {
            for id in self.made(kind) {
                let read = self.ask("GET", &format!("/api/v2/company/{resource}/{id}"), &Value::Null);
                left.extend(what_is_left(kind, id, read.as_ref(), self.over.as_ref()));
            }
        }
        for (kind, list) in [(Kind::Payout, "payouts"), (Kind::Commission, "commissions")] {
            for ids in self.made(kind).chunks(50) {
                let asked: Vec<String> = ids.iter().map(|id| format!("ids[]={id}")).collect();
                let target = format!("/api/v2/company/{list}?per_page=100&{}", asked.join("&"));
                let rows = self.ask("GET", &target, &Value::Null).and_then(|read| read.json());
                let there: Vec<u64> = match rows.as_ref().and_then(Value::as_array) {
                    Some(rows) => rows.iter().filter_map(|row| row.get("id")?.as_u64()).collect(),
                    None => ids.to_vec(),
                };
                let still = ids.iter().filter(|id| there.contains(id));
                left.extend(still.map(|id| format!("{} {id} is still there", kind.name())));
            }
        }
        left
    }
}

fn what_is_left(kind: Kind, id: u64, read: Option<&Exchange>, over: Option<&Stop>) -> Option<String> {
    let name = kind.name();
    let Some(read) = read else {
        let why = match over {
            Some(Stop::Interrupted) => "tidying up was interrupted".to_owned(),
            Some(Stop::NoAnswer(what)) => what.clone(),
            _ => "it could not be looked at".to_owned(),
        };
        return Some(format!("{name} {id} may be there: {why}"));
    };
    if !read.is_success() {
        return None;
    }
    let reply = read.json().unwrap_or_default();
    let text = |at: &str| reply.get(at).and_then(Value::as_str).map(str::to_owned);
    let called = ["email", "code", "name", "description"].iter().find_map(|at| text(at));
    let called = called.map(|called| format!(" ({called})")).unwrap_or_default();
    let is_archived = text("archived_at").is_some() || text("status").as_deref() == Some("archived");
    Some(if is_archived {
        format!("{name} {id}{called} is archived: it cannot be deleted")
    } else {
        format!("{name} {id}{called} is still there")
    })
}
