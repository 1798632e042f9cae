//! Pins: what an application uses of the API, so that only what concerns it fails it.
//!
//! ```yaml
//! pins:
//!   - operation: GET /api/v2/company/promoters/{id}
//!     fields: [id, email, "promoter_campaigns[].ref_token"]
//!   - event: v2 commission.created
//!     fields: [data.amount, data.referral.email]
//! ```

use super::difference::{Difference, Weight};
use super::subject::Subject;

/// What an application uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// Operations and events with the fields that are used of them.
    pub pins: Vec<Pin>,
}

/// What is used of one operation or event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The operation or event.
    pub subject: Subject,
    /// The line in the file.
    pub line: u32,
    /// The fields, as steps: `promoter_campaigns`, `[]`, `ref_token`.
    pub fields: Vec<Vec<String>>,
}

impl Pins {
    /// Whether an operation or event is used at all.
    pub fn names(&self, subject: &Subject) -> bool {
        self.pins.iter().any(|pin| pin.subject == *subject)
    }

    /// Whether a difference touches what is used: a field, all that leads to it, or, of a field that is used whole,
    /// anything below. What is new concerns nobody.
    pub fn concern(&self, subject: &Subject, difference: &Difference) -> bool {
        let at: Vec<String> = difference
            .pointer
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        let touches = |field: &Vec<String>| field.iter().zip(&at).all(|(used, step)| used == step);
        let is_new = matches!(difference.code, "field-new" | "order-changed" | "payload-new");
        let mut own = self.pins.iter().filter(|pin| pin.subject == *subject);
        !is_new
            && own.any(|pin| {
                (difference.pointer.is_empty() && difference.weight != Weight::Harmless)
                    || pin.fields.iter().any(touches)
            })
    }
}
