//! `/company/emails`: e-mails to promoters, and the theme around them.

use crate::api::operation::{Call, Route, routes};
use crate::api::reply::Reply;
use crate::domain::email;
use crate::domain::ids::EmailId;
use crate::domain::refusal::{Entity, Refusal};
use crate::wire::page::Page;
use crate::wire::v2::{input, view};

pub(super) const OPERATIONS: &[Route] = routes![V2;
    Get "/company/emails" => list,
    Post "/company/emails" => create,
    Get "/company/emails/{id}" => show,
    Put "/company/emails/{id}" => update,
    Delete "/company/emails/{id}" => delete,
    Post "/company/emails/{id}/copy" => copy,
    Post "/company/emails/{id}/send_now" => send_now,
    Post "/company/emails/{id}/send_test" => send_test,
    Get "/company/emails/template" => theme,
    Patch "/company/emails/custom_template" => change_theme,
    Post "/company/emails/test_custom_template" => test_theme,
];

fn list(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let fields = call.fields();
    let (page, wanted) = (Page::read(&fields)?, input::email::select(&fields)?);
    let rows = email::select(call.state, &wanted, &input::email::sorting(&fields)?);
    let shown = page.of(rows.into_iter()).map(|row| view::email::Email::of(call.state, row));
    Ok(Reply::ok(&shown.collect::<Vec<_>>()))
}

fn create(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = email::create(call.state, call.now, input::email::draft(&call.fields())?)?;
    shown(call, id)
}

fn show(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = call.path_id("id", Entity::Email)?;
    shown(call, id)
}

fn update(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = known(call)?;
    email::update(call.state, call.now, id, input::email::draft(&call.fields())?)?;
    shown(call, id)
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = known(call)?;
    let last = shown(call, id)?;
    email::delete(call.state, id)?;
    Ok(last)
}

fn copy(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = known(call)?;
    let copy = email::copy(call.state, call.now, id)?;
    shown(call, copy)
}

fn send_now(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = known(call)?;
    let promoters = match email::send_now(call.state, call.now, id)? {
        1 => "1 promoter".to_owned(),
        count => format!("{count} promoters"),
    };
    done(format!("The email was sent to {promoters}"))
}

fn send_test(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let id = known(call)?;
    let to = email::send_test(call.state, call.now, id)?;
    done(format!("A test of the email was sent to {to}"))
}

fn theme(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    Ok(Reply::ok(&view::email::Theme::of(email::theme(&call.state.company))))
}

fn change_theme(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    email::change_theme(call.state, call.fields().required_text("html")?);
    theme(call)
}

fn test_theme(call: &mut Call<'_>) -> Result<Reply, Refusal> {
    let to = email::send_theme_test(call.state, call.now);
    done(format!("A test of the email theme was sent to {to}"))
}

fn done(message: String) -> Result<Reply, Refusal> {
    Ok(Reply::ok(&view::email::Done::new(message)))
}

fn known(call: &Call<'_>) -> Result<EmailId, Refusal> {
    let id = call.path_id("id", Entity::Email)?;
    if call.state.emails.contains(id) { Ok(id) } else { Err(Refusal::NotFound(Entity::Email)) }
}

fn shown(call: &Call<'_>, id: EmailId) -> Result<Reply, Refusal> {
    let row = call.state.emails.get(id).ok_or(Refusal::NotFound(Entity::Email))?;
    Ok(Reply::ok(&view::email::Email::of(call.state, row)))
}
