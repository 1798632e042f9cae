//! Visits through referral links.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::json;

use super::call::Call;
use super::reply::{Answer, Problem, read};
use crate::domain::click::{self, Visit};
use crate::domain::refusal::Refusal;
use crate::wire::v2::error;
use crate::world::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arrival {
    ref_token: Option<String>,
    ip: Option<String>,
    url: Option<String>,
    source: Option<String>,
    #[serde(default)]
    ad: bool,
    sub_id: Option<String>,
}

const EXAMPLE: &str = "send {\"ref_token\": \"jane89\"}, or the url of a page that tells its promoter's visits by \
                       itself; and if need be ip, url, source, ad, sub_id";

/// `POST /clicks`: a visit through a promoter's link; answers the tracking id that the visitor's cookie keeps.
pub fn visit(call: &Call) -> Answer {
    let arrival: Arrival = read(&call.body, EXAMPLE)?;
    let Some(named_by) = arrival.ref_token.clone().or_else(|| arrival.url.clone()) else {
        return Err(Problem::bad_request("expected ref_token or url, found neither", EXAMPLE));
    };
    let visit = Visit {
        ref_token: arrival.ref_token,
        ip: arrival.ip,
        url: arrival.url,
        source: arrival.source,
        is_ad: arrival.ad,
        sub_id: arrival.sub_id,
    };
    let account = call.account();
    let outcome = account.lock().transact(|state, now| {
        let id = click::visit(state, now, visit)?;
        let click = state.clicks.get(id).map(|click| (click.tid.clone(), click.enrolment_id));
        let token = |id| state.enrolments.get(id).map(|enrolment| enrolment.ref_token.clone());
        Ok(click.map(|(tid, enrolment)| json!({ "tid": tid, "ref_id": token(enrolment) })))
    });
    call.world().plan(&account);
    match outcome {
        Ok(click) => Ok((StatusCode::CREATED, Json(click)).into_response()),
        Err(Failure::Refused(Refusal::NotFound(_))) => {
            let message = format!("no promoter has the referral token or page {named_by:?}");
            Err(Problem::not_found(message, "GET /api/v2/company/promoter_campaigns lists the tokens"))
        }
        Err(Failure::Refused(refusal)) => {
            let hint = "blocked, rejected, inactive and archived promoters take no new visitors";
            Err(Problem::refused(error::message(&refusal), hint))
        }
        Err(Failure::Bug(sentence)) => Err(Problem::refused(sentence, "this is a bug of fp-mock")),
    }
}
