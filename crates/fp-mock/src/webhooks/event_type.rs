//! The names of the current system's events.

use crate::domain::named::named_values;

named_values! {
    /// What happened, as subscriptions name it.
    ///
    /// Evidence: v2 event types; their order here is the sorted one in which the API lists them.
    EventType {
        /// A commission was made.
        CommissionCreated = "commission.created",
        /// A commission was deleted.
        CommissionDeleted = "commission.deleted",
        /// A commission changed.
        CommissionUpdated = "commission.updated",
        /// A promoter signed a contract document.
        ContractDocumentSigned = "contract_document.signed",
        /// A payments batch was made.
        PaymentsBatchCreated = "payments_batch.created",
        /// A payments batch was deleted.
        PaymentsBatchDeleted = "payments_batch.deleted",
        /// A payments batch changed.
        PaymentsBatchUpdated = "payments_batch.updated",
        /// A commission entered a payout.
        PayoutCommissionsCreated = "payout.commissions.created",
        /// A commission left a payout.
        PayoutCommissionsDeleted = "payout.commissions.deleted",
        /// A commission changed that is in a payout.
        PayoutCommissionsUpdated = "payout.commissions.updated",
        /// A payout was made.
        PayoutCreated = "payout.created",
        /// A payout was deleted.
        PayoutDeleted = "payout.deleted",
        /// A payout changed.
        PayoutUpdated = "payout.updated",
        /// A promoter added a payout method.
        PayoutMethodCreated = "payout_method.created",
        /// A payout method was removed.
        PayoutMethodDeleted = "payout_method.deleted",
        /// A payout method changed.
        PayoutMethodUpdated = "payout_method.updated",
        /// A balance of a promoter changed.
        PromoterBalanceUpdated = "promoter.balance.updated",
        /// A promoter signed up or was made.
        PromoterCreated = "promoter.created",
        /// A promoter was deleted.
        PromoterDeleted = "promoter.deleted",
        /// A promoter's profile changed.
        PromoterProfileUpdated = "promoter.profile.updated",
        /// A promoter changed.
        PromoterUpdated = "promoter.updated",
        /// A promoter joined a campaign.
        PromoterCampaignCreated = "promoter_campaign.created",
        /// A promoter left a campaign.
        PromoterCampaignDeleted = "promoter_campaign.deleted",
        /// A promoter's part in a campaign changed.
        PromoterCampaignUpdated = "promoter_campaign.updated",
        /// A referral came in.
        ReferralCreated = "referral.created",
        /// A referral was deleted.
        ReferralDeleted = "referral.deleted",
        /// A threshold of its campaign moved a referral along with its promoter.
        ReferralMoved = "referral.moved",
        /// A referral changed.
        ReferralUpdated = "referral.updated",
    }
}

named_values! {
    /// What was done to the record.
    ///
    /// Evidence: published v2 contract (`WebhookDelivery.action`).
    Action {
        /// It came.
        Created = "created",
        /// It changed.
        Updated = "updated",
        /// It went.
        Deleted = "deleted",
    }
}

impl EventType {
    /// What was done to the record.
    ///
    /// Evidence: service behaviour notes (`signed` is an update); that of `referral.moved` is chosen.
    pub fn action(self) -> Action {
        match self.name().rsplit('.').next() {
            Some("created") => Action::Created,
            Some("deleted") => Action::Deleted,
            _ => Action::Updated,
        }
    }

    /// The kind of record it is about.
    ///
    /// Evidence: published webhook payload page (the spelling); the entity of `payout.commissions` is chosen.
    pub fn entity(self) -> &'static str {
        match self {
            Self::PayoutCommissionsCreated
            | Self::PayoutCommissionsDeleted
            | Self::PayoutCommissionsUpdated => "commission",
            other => other.name().split('.').next().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_listed_sorted_and_know_what_they_are_about() {
        let names: Vec<_> = EventType::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), 28);
        assert!(names.is_sorted());
        let about = |kind: EventType| (kind.entity(), kind.action());
        assert_eq!(about(EventType::PromoterBalanceUpdated), ("promoter", Action::Updated));
        assert_eq!(about(EventType::PayoutCommissionsDeleted), ("commission", Action::Deleted));
        assert_eq!(about(EventType::ContractDocumentSigned), ("contract_document", Action::Updated));
        assert_eq!(about(EventType::ReferralMoved), ("referral", Action::Updated));
    }
}
