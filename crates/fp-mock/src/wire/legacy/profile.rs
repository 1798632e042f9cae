//! What a promoter says about himself.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::domain::ids::ProfileId;
use crate::domain::promoter::{self, ProfileField};

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
            first_name: profile.value(ProfileField::FirstName),
            last_name: profile.value(ProfileField::LastName),
            website: profile.value(ProfileField::Website),
            company_name: profile.value(ProfileField::CompanyName),
            phone_number: profile.value(ProfileField::PhoneNumber),
            address: profile.value(ProfileField::Address),
            vat_id: profile.value(ProfileField::VatId),
            country: profile.value(ProfileField::Country),
            paypal_email: profile.value(ProfileField::PaypalEmail),
            avatar_url: profile.value(ProfileField::Avatar),
            description: profile.value(ProfileField::Description),
            social_accounts: SocialAccounts(profile),
        }
    }
}

/// `{}` if no account was ever named, else every network with its URL, empty where there is none.
///
/// Evidence: published v1 promoters document, legacy webhook documents.
#[derive(Debug)]
struct SocialAccounts<'a>(&'a promoter::Profile);

#[derive(Serialize)]
struct Account<'a> {
    url: &'a str,
}

impl Serialize for SocialAccounts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let networks = [
            ("tiktok", ProfileField::Tiktok),
            ("twitch", ProfileField::Twitch),
            ("twitter", ProfileField::Twitter),
            ("youtube", ProfileField::Youtube),
            ("facebook", ProfileField::Facebook),
            ("linkedin", ProfileField::Linkedin),
            ("instagram", ProfileField::Instagram),
        ]
        .map(|(network, field)| (network, self.0.value(field)));
        let named = networks.iter().any(|(_, url)| url.is_some());
        let mut map = serializer.serialize_map(Some(if named { networks.len() } else { 0 }))?;
        for (network, url) in networks.iter().filter(|_| named) {
            map.serialize_entry(network, &Account { url: url.unwrap_or("") })?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::{ProfileField, ProfileId, SocialAccounts};
    use crate::domain::promoter::Profile;

    #[test]
    fn one_named_account_shows_every_network_in_order() {
        let mut profile = Profile::empty(ProfileId::new(1));
        let shown = |profile: &Profile| serde_json::to_string(&SocialAccounts(profile)).expect("JSON");
        assert_eq!(shown(&profile), "{}");
        profile.fill(ProfileField::Twitter, Some("https://x.example/jane"));
        assert!(shown(&profile).starts_with(
            r#"{"tiktok":{"url":""},"twitch":{"url":""},"twitter":{"url":"https://x.example/jane"}"#
        ));
    }
}
