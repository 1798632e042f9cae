//! What promoters do outside the API: choosing how they are paid, and signing contracts.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::reply::{Answer, Named, Problem, ok, read};
use crate::clock::timestamp::Timestamp;
use crate::domain::contract_document::{self, ContractDocument};
use crate::domain::ids::{ContractDocumentId, Id, PayoutMethodId, PromoterId};
use crate::domain::json::JsonObject;
use crate::domain::payout_method::{self, ChangePayoutMethod, Method, NewPayoutMethod, PayoutMethod};
use crate::domain::promoter::{self, FindBy};
use crate::domain::refusal::{Entity, Refusal};
use crate::domain::state;
use crate::wire::v2::error;
use crate::world::{Failure, World};

/// Who it is about.
enum Who {
    Number(u64),
    Email(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMethod {
    promoter_id: Option<u64>,
    promoter_email: Option<String>,
    method: String,
    #[serde(default)]
    details: JsonObject,
    #[serde(default)]
    is_selected: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedMethod {
    details: Option<JsonObject>,
    is_disabled: Option<bool>,
    #[serde(default)]
    is_selected: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewDocument {
    promoter_id: Option<u64>,
    promoter_email: Option<String>,
    name: String,
}

#[derive(Serialize)]
struct ShownMethod<'a> {
    id: PayoutMethodId,
    promoter_id: PromoterId,
    method: &'static str,
    details: &'a JsonObject,
    is_disabled: bool,
    is_selected: bool,
    date_added: Timestamp,
}

#[derive(Serialize)]
struct ShownDocument<'a> {
    id: ContractDocumentId,
    promoter_id: PromoterId,
    name: &'a str,
    signed_at: Option<Timestamp>,
    created_at: Timestamp,
}

const NEW_METHOD: &str = "send {\"promoter_email\": \"jane@example.com\", \"method\": \"paypal\"}, and if need be \
                          details and is_selected";
const CHANGED_METHOD: &str = "send any of details, is_disabled, and is_selected (true)";
const NEW_DOCUMENT: &str = "send {\"promoter_email\": \"jane@example.com\", \"name\": \"Terms of 2025\"}";

/// `POST /payout_methods`: a promoter adds one; his first is the one in use.
pub fn add_payout_method(call: &Call) -> Answer {
    let new: NewMethod = read(&call.body, NEW_METHOD)?;
    let method = Method::named(&new.method).ok_or_else(|| {
        let names: Vec<_> = Method::ALL.iter().map(|method| method.name()).collect();
        Problem::bad_request(
            format!("there is no method {:?}, but {}", new.method, names.join(", ")),
            NEW_METHOD,
        )
    })?;
    let who = Who::named(new.promoter_id, new.promoter_email, NEW_METHOD)?;
    transact(call.world(), &call.named, StatusCode::CREATED, |state, now| {
        let promoter_id = who.find(state)?;
        let new = NewPayoutMethod { promoter_id, method, details: new.details, is_selected: new.is_selected };
        let id = payout_method::add(state, now, new)?;
        Ok(show_method(state, id))
    })
}

/// `PUT /payout_methods/{id}`: a promoter changes it, or makes it the one in use.
pub fn change_payout_method(call: &Call) -> Answer {
    let id = call.path(0);
    let (id, input): (PayoutMethodId, ChangedMethod) = (numbered(id)?, read(&call.body, CHANGED_METHOD)?);
    transact(call.world(), &call.named, StatusCode::OK, |state, _| {
        let change = ChangePayoutMethod { details: input.details, is_disabled: input.is_disabled };
        payout_method::change(state, id, change)?;
        if input.is_selected {
            payout_method::select(state, id)?;
        }
        Ok(show_method(state, id))
    })
}

/// `DELETE /payout_methods/{id}`: a promoter takes it away.
pub fn remove_payout_method(call: &Call) -> Answer {
    let id = call.path(0);
    let id: PayoutMethodId = numbered(id)?;
    transact(call.world(), &call.named, StatusCode::OK, |state, _| {
        payout_method::remove(state, id)?;
        Ok(serde_json::json!({ "removed": id }))
    })
}

/// `POST /contract_documents`: the company gives a promoter a document to sign.
pub fn create_contract_document(call: &Call) -> Answer {
    let new: NewDocument = read(&call.body, NEW_DOCUMENT)?;
    let who = Who::named(new.promoter_id, new.promoter_email, NEW_DOCUMENT)?;
    transact(call.world(), &call.named, StatusCode::CREATED, |state, now| {
        let promoter_id = who.find(state)?;
        let id = contract_document::create(state, now, promoter_id, &new.name)?;
        Ok(show_document(state, id))
    })
}

/// `POST /contract_documents/{id}/sign`: the promoter signs it.
pub fn sign_contract_document(call: &Call) -> Answer {
    let id = call.path(0);
    let id: ContractDocumentId = numbered(id)?;
    transact(call.world(), &call.named, StatusCode::OK, |state, now| {
        contract_document::sign(state, now, id)?;
        Ok(show_document(state, id))
    })
}

impl Who {
    fn named(id: Option<u64>, email: Option<String>, hint: &str) -> Result<Self, Problem> {
        match (id, email) {
            (Some(id), None) => Ok(Self::Number(id)),
            (None, Some(email)) => Ok(Self::Email(email)),
            _ => Err(Problem::bad_request("expected either promoter_id or promoter_email", hint)),
        }
    }

    fn find(&self, state: &state::State) -> Result<PromoterId, Refusal> {
        match self {
            Self::Number(id) => Ok(PromoterId::new(*id)),
            Self::Email(email) => {
                promoter::find(state, FindBy::Email, email).ok_or(Refusal::NotFound(Entity::Promoter))
            }
        }
    }
}

/// An id in a path; what is no number is no record's id.
fn numbered<I: Id>(id: &str) -> Result<I, Problem> {
    id.parse().map(I::from_number).map_err(|_| not_found(Entity::PayoutMethod))
}

fn transact(
    world: &World,
    named: &Named,
    status: StatusCode,
    work: impl FnOnce(&mut state::State, Timestamp) -> Result<serde_json::Value, Refusal>,
) -> Answer {
    let account = named.account(world);
    let outcome = account.lock().transact(work);
    world.plan(&account);
    match outcome {
        Ok(record) if status == StatusCode::OK => ok(&record),
        Ok(record) => Ok((status, Json(record)).into_response()),
        Err(Failure::Refused(Refusal::NotFound(entity))) => Err(not_found(entity)),
        Err(Failure::Refused(refusal)) => {
            Err(Problem::refused(error::message(&refusal), "nothing has changed"))
        }
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}

fn not_found(entity: Entity) -> Problem {
    match entity {
        Entity::Promoter => Problem::not_found(
            "there is no such promoter",
            "GET /api/v2/company/promoters lists them; name one by promoter_id or promoter_email",
        ),
        _ => Problem::not_found("there is no such record", "the call that made it answered its id"),
    }
}

fn show_method(state: &state::State, id: PayoutMethodId) -> serde_json::Value {
    let shown = state.payout_methods.get(id).map(|row: &PayoutMethod| ShownMethod {
        id: row.id,
        promoter_id: row.promoter_id,
        method: row.method.name(),
        details: &row.details,
        is_disabled: row.is_disabled,
        is_selected: row.is_selected,
        date_added: row.date_added,
    });
    serde_json::json!(shown)
}

fn show_document(state: &state::State, id: ContractDocumentId) -> serde_json::Value {
    let shown = state.contract_documents.get(id).map(|row: &ContractDocument| ShownDocument {
        id: row.id,
        promoter_id: row.promoter_id,
        name: &row.name,
        signed_at: row.signed_at,
        created_at: row.created_at,
    });
    serde_json::json!(shown)
}
