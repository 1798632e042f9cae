//! What a promoter says about himself.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::domain::ids::ProfileId;
use crate::domain::promoter;

/// A promoter's profile.
#[derive(Debug, Serialize)]
pub struct Profile<'a> {
    id: ProfileId,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    website: Option<&'a str>,
    company_name: Option<&'a str>,
    phone_number: Option<&'a str>,
    address: Option<&'a str>,
    vat_id: Option<&'a str>,
    country: Option<&'a str>,
    paypal_email: Option<&'a str>,
    avatar_url: Option<&'a str>,
    description: Option<&'a str>,
    social_accounts: SocialAccounts<'a>,
}

impl<'a> Profile<'a> {
    /// Shows a profile.
    pub fn of(profile: &'a promoter::Profile) -> Self {
        Self {
            id: profile.id,
            first_name: profile.first_name.as_deref(),
            last_name: profile.last_name.as_deref(),
            website: profile.website.as_deref(),
            company_name: profile.company_name.as_deref(),
            phone_number: profile.phone_number.as_deref(),
            address: profile.address.as_deref(),
            vat_id: profile.vat_id.as_deref(),
            country: profile.country.as_deref(),
            paypal_email: profile.paypal_email.as_deref(),
            avatar_url: profile.avatar.as_deref(),
            description: profile.description.as_deref(),
            social_accounts: SocialAccounts(&profile.social),
        }
    }
}

/// `{}` if no account was ever named, else every network with its URL, empty where there is none.
///
/// Evidence: published v1 promoters document, legacy webhook documents.
#[derive(Debug)]
struct SocialAccounts<'a>(&'a promoter::Social);

#[derive(Serialize)]
struct Account<'a> {
    url: &'a str,
}

impl Serialize for SocialAccounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let social = self.0;
        let networks = [
            ("tiktok", &social.tiktok),
            ("twitch", &social.twitch),
            ("twitter", &social.twitter),
            ("youtube", &social.youtube),
            ("facebook", &social.facebook),
            ("linkedin", &social.linkedin),
            ("instagram", &social.instagram),
        ];
        let named = networks.iter().any(|(_, url)| url.is_some());
        let mut map = serializer.serialize_map(Some(if named { networks.len() } else { 0 }))?;
        for (network, url) in networks.iter().filter(|_| named) {
            map.serialize_entry(network, &Account { url: url.as_deref().unwrap_or("") })?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::promoter::Social;

    #[test]
    fn one_named_account_shows_every_network_in_order() {
        let social = Social { twitter: Some("https://x.example/jane".into()), ..Social::default() };
        let shown = serde_json::to_string(&SocialAccounts(&social)).expect("JSON");
        assert!(shown.starts_with(
            r#"{"tiktok":{"url":""},"twitch":{"url":""},"twitter":{"url":"https://x.example/jane"}"#
        ));
        let none = serde_json::to_string(&SocialAccounts(&Social::default())).expect("JSON");
        assert_eq!(none, "{}");
    }
}
