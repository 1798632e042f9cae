//! What a promoter says about himself.

use crate::domain::ids::ProfileId;
use crate::domain::named::named_values;

/// What a promoter says about himself.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its id.
    pub id: ProfileId,
    /// Whether what an invoice needs has to be complete.
    pub validates_invoice_details: bool,
    values: [Option<String>; ProfileField::COUNT],
}

named_values! {
    /// What there is to say.
    ///
    /// Evidence: published v2 contract (`PromoterProfile`); v1 reference (`paypal_email`).
    ProfileField {
        /// First name.
        FirstName = "first_name",
        /// Last name.
        LastName = "last_name",
        /// Website.
        Website = "website",
        /// Company.
        CompanyName = "company_name",
        /// The company's registration number.
        CompanyNumber = "company_number",
        /// Telephone.
        PhoneNumber = "phone_number",
        /// VAT id.
        VatId = "vat_id",
        /// Two-letter country code, in upper case.
        Country = "country",
        /// Postal address.
        Address = "address",
        /// URL of his picture.
        Avatar = "avatar",
        /// URL of the W-8 form he uploaded.
        W8Form = "w8_form_url",
        /// URL of the W-9 form he uploaded.
        W9Form = "w9_form_url",
        /// About him.
        Description = "description",
        /// Instagram.
        Instagram = "instagram_url",
        /// YouTube.
        Youtube = "youtube_url",
        /// LinkedIn.
        Linkedin = "linkedin_url",
        /// Facebook.
        Facebook = "facebook_url",
        /// Twitter.
        Twitter = "twitter_url",
        /// Twitch.
        Twitch = "twitch_url",
        /// TikTok.
        Tiktok = "tiktok_url",
        /// PayPal address (v1).
        PaypalEmail = "paypal_email",
    }
}

/// Values for a profile by field; `None` empties the field.
pub type ProfileValues = Vec<(ProfileField, Option<String>)>;

impl ProfileField {
    const COUNT: usize = Self::ALL.len();
}

impl Profile {
    /// A profile in which nothing is filled in.
    pub fn empty(id: ProfileId) -> Self {
        Self { id, validates_invoice_details: false, values: Default::default() }
    }

    /// What a field says, if anything.
    pub fn value(&self, field: ProfileField) -> Option<&str> {
        self.values[field as usize].as_deref()
    }

    /// Writes a value into a field, or empties it. A country is kept in upper case.
    pub fn fill(&mut self, field: ProfileField, value: Option<&str>) {
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        self.values[field as usize] = match field {
            ProfileField::Country => value.map(str::to_uppercase),
            _ => value.map(str::to_owned),
        };
    }

    /// First and last name, as far as known; empty if neither is.
    pub fn name(&self) -> String {
        match (self.value(ProfileField::FirstName), self.value(ProfileField::LastName)) {
            (Some(first), Some(last)) => [first, " ", last].concat(),
            (one, other) => one.or(other).unwrap_or_default().to_owned(),
        }
    }

    /// What an invoice needs and the profile lacks; empty unless it has to be complete.
    ///
    /// Evidence: published v2 contract (`invoice_details_validation_errors`); what an invoice needs is chosen.
    pub fn invoice_problems(&self) -> Vec<ProfileField> {
        let needed = [ProfileField::CompanyName, ProfileField::Address, ProfileField::Country];
        let lacks = |field: &ProfileField| self.validates_invoice_details && self.value(*field).is_none();
        needed.into_iter().filter(lacks).collect()
    }

    /// Whether a W-8 or W-9 form was uploaded.
    pub fn has_tax_form(&self) -> bool {
        [ProfileField::W8Form, ProfileField::W9Form].into_iter().any(|form| self.value(form).is_some())
    }
}
