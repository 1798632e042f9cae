//! What v2 calls say about charts.

use crate::domain::chart::{Figure, Period};
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// The figure and the days to be drawn.
///
/// # Errors
/// [`Refusal::MissingParam`] if one of them is absent, [`Refusal::InvalidParam`] if one is unusable or the last
/// day comes before the first.
///
/// Evidence: published v2 contract.
pub fn chart(fields: &Fields<'_>) -> Result<(Figure, Period), Refusal> {
    let from = fields.date("period_from")?.ok_or(Refusal::MissingParam("period_from"))?;
    let to = fields.date("period_to")?.ok_or(Refusal::MissingParam("period_to"))?;
    if to < from {
        return Err(fields.invalid("period_to", format!("a date from {from} on")));
    }
    let figure = fields.named("selection", Figure::named, Figure::NAMES)?;
    Ok((figure.ok_or(Refusal::MissingParam("selection"))?, Period { from, to }))
}
