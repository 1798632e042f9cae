//! Replies that are a sentence or a token and nothing else.

use serde::Serialize;

/// What was done, in a sentence.
#[derive(Debug, Serialize)]
pub struct Message {
    message: &'static str,
}

impl Message {
    /// The reply to deleting a promoter.
    ///
    /// Evidence: v1 reference (the published document ends it with a full stop).
    pub const PROMOTER_REMOVED: Self = Self { message: "Promoter removed" };

    /// The reply to deleting a lead.
    ///
    /// Evidence: v1 reference.
    pub const LEAD_REMOVED: Self = Self { message: "Lead removed." };
}

/// A promoter's new login token.
///
/// Evidence: v1 reference.
#[derive(Debug, Serialize)]
pub struct RefreshedToken<'a> {
    /// The token.
    pub auth_token: &'a str,
}
