//! Values taken from the target's real state, so that ids exist and addresses are known.

use std::collections::BTreeMap;

use serde_json::Value;

/// Known values by the name under which parameters ask for them.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    by_name: BTreeMap<String, Vec<Value>>,
}

/// How many values of a name are kept.
const KEPT: usize = 40;

impl Pool {
    /// Keeps a value under a name.
    pub fn add(&mut self, name: &str, value: Value) {
        if value.is_null() {
            return;
        }
        let values = self.by_name.entry(name.to_owned()).or_default();
        if !values.contains(&value) {
            values.push(value);
            if values.len() > KEPT {
                values.remove(0);
            }
        }
    }

    /// The values that fit a parameter of this name on this path, oldest first.
    pub fn of(&self, path: &str, name: &str) -> &[Value] {
        let resource = resource(path);
        let specific = format!("{resource}.{name}");
        self.by_name.get(&specific).or_else(|| self.by_name.get(name)).map_or(&[], Vec::as_slice)
    }

    /// Learns from a reply: the ids of a resource's records, and what they say of others.
    pub fn learn(&mut self, path: &str, reply: &Value) {
        let rows = reply.get("data").unwrap_or(reply);
        match rows {
            Value::Array(rows) => rows.iter().for_each(|row| self.learn_row(path, row)),
            row => self.learn_row(path, row),
        }
    }

    fn learn_row(&mut self, path: &str, row: &Value) {
        let resource = resource(path);
        for name in ["id", "email", "uid", "username", "cust_id", "auth_token", "ref_token", "code"] {
            if let Some(value) = row.get(name).filter(|value| value.is_number() || value.is_string()) {
                self.add(&format!("{resource}.{name}"), value.clone());
                if name == "id" {
                    self.add(&format!("{resource}.ids"), value.clone());
                    self.add(&format!("{}_id", singular(resource)), value.clone());
                }
            }
        }
        for enrolment in row.get("promoter_campaigns").and_then(Value::as_array).into_iter().flatten() {
            self.learn_row("/company/promoter_campaigns", enrolment);
            if let Some(campaign) = enrolment.get("campaign_id") {
                self.add("campaign_id", campaign.clone());
            }
        }
        if let Some(campaign) = row.get("campaign_id") {
            self.add("campaign_id", campaign.clone());
        }
        for rule in row.get("rewards_for_promoters").and_then(Value::as_array).into_iter().flatten() {
            if let Some(reward) = rule.get("reward_id") {
                self.add("reward_id", reward.clone());
            }
        }
    }
}

/// The resource of a path: `/company/promoters/{id}/chart_data` is about `promoters`.
fn resource(path: &str) -> &str {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match parts.next() {
        Some("company") => parts.next().unwrap_or_default(),
        Some(first) => first,
        None => "",
    }
}

fn singular(resource: &str) -> &str {
    match resource {
        "batch_processes" => "batch_process",
        other => other.strip_suffix('s').unwrap_or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_of_replies_are_found_under_the_names_that_ask_for_them() {
        let mut pool = Pool::default();
        let promoter = json!({"data": [{"id": 7, "email": "a@example.com",
            "promoter_campaigns": [{"id": 9, "campaign_id": 13202, "ref_token": "jane89"}]}]});
        pool.learn("/company/promoters", &promoter);
        assert_eq!(pool.of("/company/promoters/{id}", "id"), [json!(7)]);
        assert_eq!(pool.of("/company/promoters/accept", "ids"), [json!(7)]);
        assert_eq!(pool.of("/company/referrals", "promoter_campaign_id"), [json!(9)]);
        assert_eq!(pool.of("/company/promoters/accept", "campaign_id"), [json!(13202)]);
        assert!(pool.of("/company/referrals/{id}", "id").is_empty());
    }
}
