//! Conversions: tracked events on a referral, from its signup to its cancellation.

mod attribution;
mod cancellation;
mod charge;
mod record;
mod refund;
mod sale;
mod signup;
mod subscriber;

pub use attribution::{Attribution, Trail, attribute};
pub use cancellation::{Cancellation, cancellation};
pub use record::{Conversion, ConversionIndex, ConversionKind, ConversionTotals, all_of_event, of_event};
pub use refund::{Refund, refund};
pub use sale::{Sale, SaleByHand, sale, sale_by_hand};
pub use signup::{Signup, signup};
pub use subscriber::subscriber;

use super::refusal::Refusal;

/// Who an event is about, as the customer knows him: at least one of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// E-mail address.
    pub email: Option<String>,
    /// The customer's own id; it goes before the address.
    pub uid: Option<String>,
}

impl Person {
    /// A person with at least one of both.
    ///
    /// # Errors
    /// [`Refusal::EmailAndUidBlank`] without either.
    ///
    /// Evidence: service behaviour notes.
    pub fn new(email: Option<String>, uid: Option<String>) -> Result<Self, Refusal> {
        if email.is_none() && uid.is_none() {
            return Err(Refusal::EmailAndUidBlank);
        }
        Ok(Self { email, uid })
    }

    /// The person behind a referral.
    ///
    /// # Errors
    /// As [`Person::new`].
    pub fn of(referral: &super::referral::Referral) -> Result<Self, Refusal> {
        Self::new(referral.email.as_deref().map(str::to_owned), referral.uid.as_deref().map(str::to_owned))
    }

    /// The referral that he is.
    fn referral(&self, state: &super::state::State) -> Option<super::ids::ReferralId> {
        super::referral::by_uid_or_email(state, self.uid.as_deref(), self.email.as_deref())
    }
}
