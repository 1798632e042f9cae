//! Profiles as v2 shows them.

use serde::Serialize;
use serde_json::{Map, Value};

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
    company_number: Option<&'a str>,
    phone_number: Option<&'a str>,
    vat_id: Option<&'a str>,
    country: Option<&'a str>,
    address: Option<&'a str>,
    avatar: Option<&'a str>,
    w8_form_url: Option<&'a str>,
    w9_form_url: Option<&'a str>,
    description: Option<&'a str>,
    invoice_details_validation_errors: Option<Map<String, Value>>,
    should_validate_invoice_details: bool,
    instagram_url: Option<&'a str>,
    youtube_url: Option<&'a str>,
    linkedin_url: Option<&'a str>,
    facebook_url: Option<&'a str>,
    twitter_url: Option<&'a str>,
    twitch_url: Option<&'a str>,
    tiktok_url: Option<&'a str>,
}

impl<'a> Profile<'a> {
    /// Shows a profile.
    pub fn of(profile: &'a promoter::Profile) -> Self {
        let value = |field| profile.value(field);
        Self {
            id: profile.id,
            first_name: value(ProfileField::FirstName),
            last_name: value(ProfileField::LastName),
            website: value(ProfileField::Website),
            company_name: value(ProfileField::CompanyName),
            company_number: value(ProfileField::CompanyNumber),
            phone_number: value(ProfileField::PhoneNumber),
            vat_id: value(ProfileField::VatId),
            country: value(ProfileField::Country),
            address: value(ProfileField::Address),
            avatar: value(ProfileField::Avatar),
            w8_form_url: value(ProfileField::W8Form),
            w9_form_url: value(ProfileField::W9Form),
            description: value(ProfileField::Description),
            invoice_details_validation_errors: invoice_errors(profile),
            should_validate_invoice_details: profile.validates_invoice_details,
            instagram_url: value(ProfileField::Instagram),
            youtube_url: value(ProfileField::Youtube),
            linkedin_url: value(ProfileField::Linkedin),
            facebook_url: value(ProfileField::Facebook),
            twitter_url: value(ProfileField::Twitter),
            twitch_url: value(ProfileField::Twitch),
            tiktok_url: value(ProfileField::Tiktok),
        }
    }
}

/// What an invoice needs and the profile lacks, by field; `None` if nothing is amiss.
pub fn invoice_errors(profile: &promoter::Profile) -> Option<Map<String, Value>> {
    let problems = profile.invoice_problems();
    let blank = |field: &ProfileField| (field.name().to_owned(), Value::from(vec!["can't be blank"]));
    (!problems.is_empty()).then(|| problems.iter().map(blank).collect())
}
