//! Referral links.

use super::Enrolment;
use crate::domain::state::State;

/// Name of the query parameter that carries a promoter's own mark.
///
/// Evidence: chosen.
const SUB_ID_PARAMETER: &str = "fp_sid";

/// A link that credits a promoter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferralLink {
    /// Tells it from the others of its enrolment.
    pub number: u64,
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is the one to be shared.
    pub is_default: bool,
    /// Whether it leads to a page of the promoter's own, or carries his mark.
    pub is_his_own: bool,
    /// The promoter's own mark in it.
    pub sub_id: Option<String>,
}

/// The links of an enrolment: to the campaign's landing page, to his own if he has one, and one for each mark
/// that visitors came with.
///
/// Evidence: published v2 promoter campaigns document (their properties); which links there are is chosen.
pub fn referral_links(state: &State, enrolment: &Enrolment) -> Vec<ReferralLink> {
    let campaign = state.campaigns.get(enrolment.campaign_id);
    let parameter = &state.company.link_parameter;
    let page = campaign.map_or("", |campaign| campaign.landing_url.as_str());
    let mut links = vec![ReferralLink {
        number: 0,
        name: campaign.map_or_else(String::new, |campaign| campaign.name.clone()),
        url: with_parameter(page, parameter, &enrolment.ref_token),
        is_default: enrolment.direct_url.is_none(),
        is_his_own: false,
        sub_id: None,
    }];
    let default = ref_link(state, enrolment);
    if enrolment.direct_url.is_some() {
        let name = "Own landing page".into();
        links.push(ReferralLink {
            number: 1,
            name,
            url: default.clone(),
            is_default: true,
            is_his_own: true,
            sub_id: None,
        });
    }
    for (number, sub_id) in (2..).zip(sub_ids(state, enrolment)) {
        let url = with_parameter(&default, SUB_ID_PARAMETER, &encoded(sub_id));
        let (name, sub_id) = (sub_id.to_owned(), Some(sub_id.to_owned()));
        links.push(ReferralLink { number, name, url, is_default: false, is_his_own: true, sub_id });
    }
    links
}

/// The marks that visitors came with, in the order in which they were first seen.
fn sub_ids<'a>(state: &'a State, enrolment: &Enrolment) -> Vec<&'a str> {
    let clicks = state.clicks.index().by_enrolment.of(&enrolment.id);
    let mut seen = std::collections::BTreeSet::new();
    let marks = clicks.filter_map(|id| state.clicks.get(id)?.sub_id.as_deref());
    marks.filter(|mark| seen.insert(*mark)).collect()
}

/// The link that credits the promoter: his own landing page or the campaign's, with his token as a parameter;
/// without it where visits are told by the page alone.
///
/// Evidence: v1 reference (`http://test.com?fp_ref=jane89`, URL tracking).
pub fn ref_link(state: &State, enrolment: &Enrolment) -> String {
    let campaign = state.campaigns.get(enrolment.campaign_id);
    let campaigns_page = campaign.map_or("", |campaign| campaign.landing_url.as_str());
    match enrolment.direct_url.as_deref() {
        Some(own) if enrolment.url_tracking => own.to_owned(),
        own => {
            let parameter = &state.company.link_parameter;
            with_parameter(own.unwrap_or(campaigns_page), parameter, &enrolment.ref_token)
        }
    }
}

/// `page` with one more query parameter, before the fragment if it has one.
fn with_parameter(page: &str, name: &str, value: &str) -> String {
    let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
    let joint = match page.find('?') {
        None => "?",
        Some(at) if at + 1 == page.len() || page.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{page}{joint}{name}={value}{fragment}")
}

/// Text as it may stand in a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_joins_whatever_query_the_page_has() {
        for (page, linked) in [
            ("https://www.example.com", "https://www.example.com?fpr=jane89"),
            ("https://www.example.com/a?b=c", "https://www.example.com/a?b=c&fpr=jane89"),
            ("https://www.example.com/?", "https://www.example.com/?fpr=jane89"),
            ("https://www.example.com/#top", "https://www.example.com/?fpr=jane89#top"),
        ] {
            assert_eq!(with_parameter(page, "fpr", "jane89"), linked);
        }
    }

    #[test]
    fn marks_are_encoded() {
        assert_eq!(encoded("spring sale/ü"), "spring%20sale%2F%C3%BC");
    }
}
