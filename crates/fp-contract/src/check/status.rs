//! The reply's status: which declared reply it is.

use super::plan::Reply;
use super::{Case, Judgement};
use crate::exchange::Response;
use crate::violation::{Side, Violation};

/// The declared reply for a status: the exact one, its class (`4XX`), or `default`.
pub(super) fn reply_for<'c>(
    case: &Case<'c>,
    response: &Response<'_>,
    judgement: &mut Judgement,
) -> Option<&'c Reply> {
    let replies = &case.plan.replies;
    let exact = |reply: &&Reply| reply.code == Some(response.status);
    let class = |reply: &&Reply| {
        reply.status.strip_suffix("xx").is_some_and(|class| class.parse() == Ok(response.status / 100))
    };
    let named = |is_meant: &dyn Fn(&&Reply) -> bool| replies.iter().find(is_meant);
    let found = named(&exact).or_else(|| named(&class)).or_else(|| named(&|reply| reply.status == "default"));
    if found.is_none() {
        let mut declared: Vec<&str> = replies.iter().map(|reply| reply.status.as_str()).collect();
        declared.sort_unstable();
        let rule = format!("{}/responses", case.operation.pointer);
        judgement.violate(
            Violation::new(
                "undeclared-status",
                Side::Response,
                "/status",
                format!("one of the statuses {}", declared.join(", ")),
                response.status.to_string(),
            )
            .against(case.document, &rule),
        );
        if !response.body.is_empty() {
            judgement.skip(
                "no-schema",
                Side::Response,
                format!("no schema for the status {}", response.status),
            );
        }
    }
    found
}
