//! Filling in e-mails.
//!
//! Evidence: chosen throughout (the documents name no placeholder).

use crate::domain::commission::Commission;
use crate::domain::company::Company;
use crate::domain::enrolment::{Enrolment, ref_link};
use crate::domain::money::{Amount, Currency};
use crate::domain::promoter::{ProfileField, Promoter};
use crate::domain::referral::Referral;
use crate::domain::state::State;

/// Where the content goes in a theme.
const CONTENT: &str = "{{content}}";

/// The theme of companies that made none of their own.
const BUILT_IN_THEME: &str = "<!DOCTYPE html>\n<html>\n<body>\n<h1>{{company_name}}</h1>\n{{content}}\n\
                              <p><a href=\"{{dashboard_url}}\">Your dashboard</a></p>\n</body>\n</html>\n";

/// The HTML around every e-mail.
pub fn theme(company: &Company) -> &str {
    company.email_theme.as_deref().unwrap_or(BUILT_IN_THEME)
}

/// What placeholders stand for: `{{name}}` becomes the value of `name`. A name that means nothing stays as it
/// is, so that whoever wrote it sees it.
#[derive(Clone, Debug)]
pub(super) struct Values(Vec<(&'static str, String)>);

impl Values {
    /// Those of one promoter in one campaign.
    pub(super) fn of(state: &State, promoter: &Promoter, enrolment: &Enrolment) -> Self {
        let text = |field| promoter.profile.value(field).unwrap_or_default().to_owned();
        let campaign = state.campaigns.get(enrolment.campaign_id);
        let mut values = Self::of_company(&state.company);
        values.0.extend([
            ("first_name", text(ProfileField::FirstName)),
            ("last_name", text(ProfileField::LastName)),
            ("name", promoter.name()),
            ("email", promoter.email.clone()),
            ("campaign_name", campaign.map(|campaign| campaign.name.clone()).unwrap_or_default()),
            ("ref_link", ref_link(state, enrolment)),
            ("ref_token", enrolment.ref_token.clone()),
            ("coupon", enrolment.coupon.clone().unwrap_or_default()),
        ]);
        values
    }

    /// Those of nobody in particular, for tests.
    pub(super) fn sample(company: &Company) -> Self {
        let mut values = Self::of_company(company);
        let link = format!("https://www.example.com?{}=jane", company.link_parameter);
        let promoter = [
            ("first_name", "Jane"),
            ("last_name", "Doe"),
            ("name", "Jane Doe"),
            ("email", "jane@example.com"),
            ("campaign_name", "Sample Campaign"),
            ("ref_link", &link),
            ("ref_token", "jane"),
            ("coupon", "JANE"),
            ("lead_email", "lead@example.com"),
            ("reward_amount", &money(1_000, &company.rates.base)),
        ];
        values.0.extend(promoter.map(|(name, value)| (name, value.to_owned())));
        values
    }

    fn of_company(company: &Company) -> Self {
        Self(vec![("company_name", company.name.clone()), ("dashboard_url", company.dashboard_url.clone())])
    }

    /// The same with those of a referral.
    pub(super) fn with_referral(mut self, referral: &Referral) -> Self {
        let who = referral.email.as_deref().or(referral.uid.as_deref());
        self.0.push(("lead_email", who.unwrap_or_default().to_owned()));
        self
    }

    /// The same with those of a commission.
    pub(super) fn with_commission(mut self, commission: &Commission, currency: &Currency) -> Self {
        let amount = if commission.unit.is_monetary() {
            money(commission.amount, currency)
        } else {
            format!("{} {}", commission.amount, commission.unit.name().replace('_', " "))
        };
        self.0.push(("reward_amount", amount));
        self
    }

    /// Fills in plain text.
    pub(super) fn fill(&self, text: &str) -> String {
        self.replace(text, str::to_owned)
    }

    /// Fills in HTML; values are text and are escaped.
    fn fill_html(&self, html: &str) -> String {
        self.replace(html, escape)
    }

    /// The content inside the theme, both filled in. A theme without a place for the content has it before the
    /// end of its body, or at its end.
    pub(super) fn page(&self, theme: &str, content: &str) -> String {
        let content = self.fill_html(content);
        let (before, after) = match (theme.split_once(CONTENT), theme.rfind("</body>")) {
            (Some(around), _) => around,
            (None, Some(end)) => theme.split_at(end),
            (None, None) => (theme, ""),
        };
        [self.fill_html(before), content, self.fill_html(after)].concat()
    }

    fn replace(&self, text: &str, shown: impl Fn(&str) -> String) -> String {
        let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, opened)) = rest.split_once("{{") {
            filled.push_str(before);
            let Some((name, after)) = opened.split_once("}}") else {
                filled.push_str("{{");
                rest = opened;
                continue;
            };
            match self.0.iter().find(|(known, _)| *known == name.trim()) {
                Some((_, value)) => {
                    filled.push_str(&shown(value));
                    rest = after;
                }
                None => {
                    filled.push_str("{{");
                    rest = opened;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// `12.50 USD`, `1200 JPY`.
fn money(amount: Amount, currency: &Currency) -> String {
    let (sign, size) = (if amount < 0 { "-" } else { "" }, amount.unsigned_abs());
    match currency.minor_per_whole().unsigned_abs() {
        1 => format!("{sign}{size} {}", currency.code()),
        minor => format!("{sign}{}.{:02} {}", size / minor, size % minor, currency.code()),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values(vec![("name", "Tom & <Jerry>".into()), ("empty", String::new())])
    }

    #[test]
    fn known_names_are_filled_in_and_unknown_ones_stay() {
        let filled = values().fill("Hi {{ name }}, {{nobody}} {{empty}}{{ {{name");
        assert_eq!(filled, "Hi Tom & <Jerry>, {{nobody}} {{ {{name");
    }

    #[test]
    fn values_are_escaped_in_html_and_the_content_goes_into_its_place() {
        let page = values().page("<b>{{name}}</b>{{content}}<i/>", "<p>{{name}}</p>");
        assert_eq!(page, "<b>Tom &amp; &lt;Jerry&gt;</b><p>Tom &amp; &lt;Jerry&gt;</p><i/>");
        assert_eq!(values().page("<body></body>", "x"), "<body>x</body>");
        assert_eq!(values().page("<div>", "x"), "<div>x");
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_not_filled_in_again() {
        let values = Values(vec![("a", "{{b}}".into()), ("b", "no".into())]);
        assert_eq!(values.fill("{{a}}"), "{{b}}");
        assert_eq!(values.page("{{content}}|{{b}}", "{{a}}"), "{{b}}|no");
    }

    #[test]
    fn money_is_shown_as_its_currency_is_counted() {
        let shown = |amount, code| money(amount, &Currency::new(code).expect("a code"));
        assert_eq!((shown(1_205, "usd"), shown(-5, "USD")), ("12.05 USD".into(), "-0.05 USD".into()));
        assert_eq!(shown(1_205, "JPY"), "1205 JPY");
    }
}
