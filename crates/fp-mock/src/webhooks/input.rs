//! What calls say about subscriptions.

use super::subscribe::Wish;
use crate::domain::ids::CampaignId;
use crate::domain::refusal::Refusal;
use crate::wire::fields::Fields;

/// Reads `WebhookSubscriptionInput`. A blank description or name takes the present one away.
///
/// # Errors
/// [`Refusal::InvalidParam`] for values of the wrong kind.
///
/// Evidence: published v2 contract; blanks are chosen.
pub fn wish(fields: &Fields<'_>) -> Result<Wish, Refusal> {
    let clearable = |name| match fields.text(name)? {
        None if fields.is_cleared(name) => Ok(Some(None)),
        text => Ok(text.map(Some)),
    };
    let event_types = if fields.has("event_types") { Some(fields.texts("event_types")?) } else { None };
    let campaigns = fields.ids("campaign_ids")?;
    Ok(Wish {
        url: fields.text("url")?,
        description: clearable("description")?,
        event_types,
        campaign_ids: campaigns.map(|ids| ids.into_iter().map(CampaignId::new).collect()),
        active: fields.flag("active")?,
        timeout_s: fields.int("timeout")?,
        max_retries: fields.int("max_retries")?,
        headers: headers(fields)?,
        basic_auth_user: clearable("basic_auth_user")?,
        basic_auth_password: clearable("basic_auth_password")?,
    })
}

/// Reads `headers`; `None` if absent.
///
/// # Errors
/// [`Refusal::InvalidParam`] if it is no object of texts.
pub fn headers(fields: &Fields<'_>) -> Result<Option<Vec<(String, String)>>, Refusal> {
    if !fields.has("headers") {
        return Ok(None);
    }
    let level = fields.nested("headers")?;
    let of = |name: &String| Ok((name.clone(), level.text(name)?.unwrap_or_default()));
    level.names().map(of).collect::<Result<_, Refusal>>().map(Some)
}
