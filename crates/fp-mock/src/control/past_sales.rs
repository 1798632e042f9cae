//! What the billing provider knows of sales that were never tracked.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Answer, Problem, read};
use crate::clock::timestamp::Timestamp;
use crate::domain::past_sale::{self, BilledSale, PastSale};
use crate::wire::v2::error;
use crate::world::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Billed {
    sales: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    email: Option<String>,
    uid: Option<String>,
    event_id: Option<String>,
    amount: i64,
    currency: Option<String>,
    plan: Option<String>,
    happened_at: String,
}

const EXAMPLE: &str = "send {\"sales\": [{\"email\": \"lead@example.com\", \"amount\": 4900, \
                       \"happened_at\": \"2024-12-01\"}]}, and if need be uid, event_id, currency, plan";

/// `POST /past_sales`: lets the billing provider know sales, all or none; answers them with their ids.
pub fn bill(call: &Call) -> Answer {
    let billed: Billed = read(&call.body, EXAMPLE)?;
    let sales = billed.sales.into_iter().map(sale).collect::<Result<Vec<_>, Problem>>()?;
    let account = call.account();
    let outcome = account.lock().transact(|state, _| {
        let mut rows = Vec::new();
        for (sale, event_id) in sales {
            let id = past_sale::bill(state, sale, event_id)?;
            rows.extend(state.past_sales.get(id).map(shown));
        }
        Ok(rows)
    });
    match outcome {
        Ok(rows) => Ok((StatusCode::CREATED, Json(json!({ "sales": rows }))).into_response()),
        Err(Failure::Refused(refusal)) => Err(Problem::refused(error::message(&refusal), EXAMPLE)),
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}

fn sale(entry: Entry) -> Result<(BilledSale, Option<String>), Problem> {
    let happened_at = Timestamp::parse(&entry.happened_at).ok_or_else(|| {
        let found = &entry.happened_at;
        Problem::bad_request(format!("happened_at: expected a date or a moment, found {found:?}"), EXAMPLE)
    })?;
    let Entry { email, uid, amount, currency, plan, .. } = entry;
    Ok((BilledSale { email, uid, amount, currency, plan, happened_at }, entry.event_id))
}

fn shown(row: &PastSale) -> Value {
    json!({
        "id": row.id,
        "email": row.sale.email,
        "uid": row.sale.uid,
        "event_id": row.event_id,
        "amount": row.sale.amount,
        "currency": row.sale.currency,
        "plan": row.sale.plan,
        "happened_at": row.sale.happened_at,
    })
}
