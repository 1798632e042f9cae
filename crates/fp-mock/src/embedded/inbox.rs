//! A receiver of webhooks that comes with the mock, in the hands of a test.

use std::time::Duration;

use super::Account;
use crate::webhooks::inbox::Received;

/// A built-in receiver of one account.
///
/// ```
/// use fp_mock::Mock;
/// use serde_json::json;
///
/// let mock = Mock::start();
/// let inbox = mock.inbox("orders");
/// inbox.answer(&[500, 200]);
/// mock.given().subscription(&inbox.url(), &["referral.created"]);
/// mock.given().signup(json!({ "email": "bob@example.com", "ref_id": "jane89" }));
/// mock.clock().advance("0s");
/// assert_eq!(inbox.received()[0].answered, 500);
/// mock.clock().advance("20m");
/// assert_eq!(inbox.received().len(), 2);
/// assert_eq!(mock.deliveries()[0].tries.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct InboxHandle<'m> {
    account: Account<'m>,
    name: String,
}

impl<'m> InboxHandle<'m> {
    pub(super) fn new(account: Account<'m>, name: &str) -> Self {
        Self { account, name: name.to_owned() }
    }

    /// Where it takes webhooks.
    pub fn url(&self) -> String {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("account", self.account.name())
            .finish();
        format!("{}/__admin/inbox/{}?{query}", self.account.mock_url(), self.name)
    }

    /// What came in, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.account.state().lock().inboxes.named(&self.name).received().cloned().collect()
    }

    /// Lets it answer with these statuses, one after another; the last one stays.
    pub fn answer(&self, statuses: &[u16]) {
        self.program(statuses, Duration::ZERO);
    }

    /// The same, so much later, in real time.
    pub fn program(&self, statuses: &[u16], delay: Duration) {
        self.account.state().lock().inboxes.named(&self.name).program(statuses.to_vec(), delay);
    }

    /// Empties it and lets it answer 200 at once.
    pub fn clear(&self) {
        self.account.state().lock().inboxes.named(&self.name).clear();
    }
}
