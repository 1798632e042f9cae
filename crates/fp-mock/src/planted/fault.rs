//! The faults that a mock can have on purpose: their permanent names, where they are, and what is wrong.

/// A part of the business or of the wire that can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// What sales, refunds and decisions earn.
    Money,
    /// How earnings are paid out.
    Payouts,
    /// The two APIs beside each other.
    Doors,
    /// Pages, filters, sorting and counts.
    Lists,
    /// Records that are made, changed and deleted.
    Records,
    /// Statuses, media types and fields.
    Contract,
    /// Keys, accounts and methods.
    Access,
    /// Actions that go on in the background.
    Batches,
    /// What receivers are told.
    Webhooks,
}

impl Area {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Payouts => "payouts",
            Self::Doors => "v1 and v2",
            Self::Lists => "lists",
            Self::Records => "records",
            Self::Contract => "contract",
            Self::Access => "access",
            Self::Batches => "batches",
            Self::Webhooks => "webhooks",
        }
    }
}

/// Declares the faults: variant, name, area, what is wrong, and for those that only a sequence of steps shows the
/// least number of steps.
macro_rules! faults {
    ($($variant:ident $name:literal $area:ident $sentence:literal $($least:literal)?;)*) => {
        /// Something that a mock does wrong on purpose.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $sentence] $variant,)*
        }

        impl Fault {
            /// Every fault, area by area.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its permanent name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it is.
            pub fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)* }
            }

            /// What is wrong, in a sentence.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// The least number of steps (a promoter made, a signup, a sale, a decision) that shows it; `None` if
            /// single calls do.
            pub fn least_steps(self) -> Option<usize> {
                const NONE: Option<usize> = None;
                match self { $(Self::$variant => NONE$(.or(Some($least)))?,)* }
            }
        }
    };
}

faults! {
    RoundsDown "rounds-down" Money "A percentage of a sale is cut off instead of rounded." 3;
    RoundsUp "rounds-up" Money "A percentage of a sale is rounded up." 3;
    TierPaidTwice "tier-paid-twice" Money "The parent earns twice from one sale." 4;
    TierForgotten "tier-forgotten" Money "The parent earns nothing." 4;
    TierAtOwnersRate "tier-at-owners-rate" Money "The parent earns as much as the promoter himself." 4;
    RefundForgotten "refund-forgotten" Money "A refund takes nothing back." 4;
    RefundAdds "refund-adds" Money "A refund earns what it should take back." 4;
    RefundTakesAll "refund-takes-all" Money "A part's refund takes the whole commission back." 4;
    RefundSparesParent "refund-spares-parent" Money "A refund leaves the parent his commission." 5;
    RefundEventTwice "refund-event-twice" Money "The same refund event takes back a second time." 5;
    SplitForgotten "split-forgotten" Money "The partner's share of a split referral is not paid." 4;
    SplitOnTop "split-on-top" Money "The owner keeps the whole commission although a partner gets a share." 4;
    EventPaidTwice "event-paid-twice" Money "The same sale event is paid a second time." 4;
    FirstSaleRewardTwice "first-sale-reward-twice" Money "A reward for new customers is paid for each sale." 4;
    CustomTenfold "custom-tenfold" Money "A commission by hand is booked with ten times its amount." 2;
    BlockedEarns "blocked-earns" Money "A blocked promoter goes on earning." 4;
    ApproveForgotten "approve-forgotten" Money "Approving is answered as done and changes nothing." 4;
    DenyForgotten "deny-forgotten" Money "Denying is answered as done and changes nothing." 4;
    DeniedCounted "denied-counted" Money "Denied commissions stay in the balances." 3;
    SaleLeavesSignup "sale-leaves-signup" Money "A sale does not make its referral active." 3;
    CancelForgotten "cancel-forgotten" Money "A cancellation is answered as done and changes nothing." 3;

    UnpaidStaysPaid "unpaid-stays-paid" Payouts "The commissions of a payout marked as unpaid stay paid." 5;
    PaidStaysDue "paid-stays-due" Payouts "The commissions of a paid payout stay to be paid." 4;
    PaidStillPending "paid-still-pending" Payouts "A paid payout still counts in the pending balance." 4;
    PayoutSparesRefunds "payout-spares-refunds" Payouts "What refunds take back is not set off in payouts." 5;
    ReleaseKeepsCommissions "release-keeps-commissions" Payouts "A deleted payout does not release its commissions." 5;
    PayoutTakesPending "payout-takes-pending" Payouts "Commissions that nobody approved are approved by paying them out." 4;
    PaymentsBatchForgets "payments-batch-forgets" Payouts "A payments batch leaves its last payout in processing.";
    PaymentsBatchTakesBack "payments-batch-takes-back" Payouts "Payouts fall out of their payments batch when paying begins.";
    PayoutSumShort "payout-sum-short" Payouts "A payout shows one unit less than its commissions add up to." 3;

    OlderRewardsApart "older-rewards-apart" Doors "v1 shows the amounts of refunds without their sign." 4;
    OlderLeadsApart "older-leads-apart" Doors "v1 shows customers as signups." 3;
    OlderBalancesApart "older-balances-apart" Doors "v1's earnings leave out what was paid." 4;
    NewerBalancesApart "newer-balances-apart" Doors "v2's balances lag behind by one unit." 2;
    OlderEmailStale "older-email-stale" Doors "v1 goes on showing the e-mail a promoter was made with.";
    OlderListLacksNewest "older-list-lacks-newest" Doors "v1's list of promoters lacks the newest one.";
    OlderPayoutsApart "older-payouts-apart" Doors "v1 shows paid payouts as pending." 4;

    ReferralStateFilterIgnored "referral-state-filter-ignored" Lists "The state filter of referrals is ignored.";
    ReferralPromoterFilterIgnored "referral-promoter-filter-ignored" Lists "The promoter filter of referrals is ignored.";
    CommissionStatusFilterIgnored "commission-status-filter-ignored" Lists "The status filter of commissions is ignored.";
    CommissionCampaignFilterIgnored "commission-campaign-filter-ignored" Lists "The campaign filter of commissions is ignored.";
    PayoutStatusFilterIgnored "payout-status-filter-ignored" Lists "The status filter of payouts is ignored.";
    PromoterIdsIgnored "promoter-ids-ignored" Lists "The ids of the promoters asked for are ignored.";
    PromoterSearchIgnored "promoter-search-ignored" Lists "The search among promoters finds everybody.";
    AmountFromExclusive "amount-from-exclusive" Lists "A range of amounts leaves out its own lower end.";
    AmountToExclusive "amount-to-exclusive" Lists "A range of amounts leaves out its own upper end.";
    FirstDayLost "first-day-lost" Lists "A range of days leaves out its first day.";
    PageShifted "page-shifted" Lists "Pages after the first begin one page late.";
    PageLosesLast "page-loses-last" Lists "A full page lacks its last row.";
    PageRepeatsFirst "page-repeats-first" Lists "A page after the first shows its first row twice.";
    PageSizeIgnored "page-size-ignored" Lists "The page size asked for is ignored.";
    PendingCountWrong "pending-count-wrong" Lists "The number of pending promoters is one too high.";
    ReferralsCountWrong "referrals-count-wrong" Lists "A promoter shows one referral more than he has.";
    OlderTotalWrong "older-total-wrong" Lists "v1's Total header counts one row too few.";
    SortIgnored "sort-ignored" Lists "Sorting is ignored.";
    SortSwapped "sort-swapped" Lists "Descending order is answered for ascending.";
    SortUnstable "sort-unstable" Lists "Rows that sort alike change places from call to call.";

    StaleAfterDelete "stale-after-delete" Records "A deleted record is answered from a cache.";
    DeleteForgotten "delete-forgotten" Records "Deleting a referral is answered as done and deletes nothing.";
    DeletedStaysListed "deleted-stays-listed" Records "A deleted subscription stays in the list.";
    NewNotListed "new-not-listed" Records "The newest e-mail is missing from the list.";
    PutClearsOthers "put-clears-others" Records "Changing a promoter's profile clears the customer's own id of him.";
    PutNotStored "put-not-stored" Records "A change of a promoter is answered but not stored.";
    PutTwiceRefused "put-twice-refused" Records "The same change a second time is refused.";
    RefusedLeavesTrace "refused-leaves-trace" Records "A refused promoter overwrites the note of another one.";
    FieldDropped "field-dropped" Records "The customer's own id of a promoter is not kept.";

    Status200For201 "status-200-for-201" Contract "Making a promoter is answered 200 instead of 201.";
    Status200For404 "status-200-for-404" Contract "What is not found is answered 200 with an empty object.";
    ServerErrorOnOddText "server-error-on-odd-text" Contract "Text that is not ASCII is answered 500.";
    FieldLost "field-lost" Contract "Promoters lack joined_at.";
    FieldRenamed "field-renamed" Contract "Commissions say saleAmount.";
    FieldAdded "field-added" Contract "Referrals have a field that nobody declared.";
    NumberAsText "number-as-text" Contract "Amounts of commissions are texts.";
    NullForState "null-for-state" Contract "Referrals show null for their state.";
    UnknownStatus "unknown-status" Contract "Pending commissions have the status held.";
    LocalTimes "local-times" Contract "Moments are written without T and Z.";
    HtmlType "html-type" Contract "Promo codes come as text/html.";
    BareNotFound "bare-not-found" Contract "What is not found is answered with a text instead of an object.";
    BadPageAccepted "bad-page-accepted" Contract "A page that is no number counts as the first.";
    GoodDatesRefused "good-dates-refused" Contract "Ranges of days are refused as malformed.";

    KeyIgnored "key-ignored" Access "Calls without a key are let in.";
    ReportsWithoutKey "reports-without-key" Access "Reports can be read without a key.";
    AccountHeaderIgnored "account-header-ignored" Access "Calls that name no account work on the first one.";
    LeakRead "leak-read" Access "Promoters of other accounts can be read by their id.";
    LeakWrite "leak-write" Access "Promoters of other accounts can be changed by their id.";
    LeakList "leak-list" Access "v1's list of leads is that of another account.";
    WrongMethodAnswered "wrong-method-answered" Access "A method that a path does not have is answered as GET.";
    WrongMethodBreaks "wrong-method-breaks" Access "A method that a path does not have is answered 500.";

    BatchFailuresUncounted "batch-failures-uncounted" Batches "Ids that failed are not counted as failed.";
    BatchGoesBackward "batch-goes-backward" Batches "The count of processed ids falls back now and then.";
    BatchNeverEnds "batch-never-ends" Batches "A batch in the background stays in progress for ever.";
    BatchForgetsLast "batch-forgets-last" Batches "A batch in the background counts its last id without doing anything to it.";
    BatchEndsEarly "batch-ends-early" Batches "A batch says it is completed before its last id.";
    BatchProgressDoubled "batch-progress-doubled" Batches "The progress of a batch goes up to 200.";
    BatchTotalWrong "batch-total-wrong" Batches "A batch counts one id more than it was given.";
    BatchAlwaysAtOnce "batch-always-at-once" Batches "Six ids are answered with 200 as if they were done.";

    EventMissing "event-missing" Webhooks "New commissions have no event." 2;
    BalanceEventMissing "balance-event-missing" Webhooks "Changed balances have no event." 2;
    StateEventMissing "state-event-missing" Webhooks "Referrals that become active have no event." 3;
    EventSentTwice "event-sent-twice" Webhooks "Events are sent a second time although they were acknowledged." 1;
    EventIdReused "event-id-reused" Webhooks "The events of one call share an id." 1;
    ChangesEmpty "changes-empty" Webhooks "Updates do not say what changed." 2;
    ChangesSwapped "changes-swapped" Webhooks "Updates show the new value as the old one." 3;
    EventDataStale "event-data-stale" Webhooks "Updates of commissions show the status before the update." 3;
    UpdateSaysCreated "update-says-created" Webhooks "Updates of commissions are sent as created." 3;
    EventOrderMixed "event-order-mixed" Webhooks "Events of a batch overtake one another." 7;
    SignatureOfOtherBytes "signature-of-other-bytes" Webhooks "The signature is that of the body without its last byte." 1;
    SignatureOfOtherKey "signature-of-other-key" Webhooks "The signature is made with another key." 1;
    SignatureMissing "signature-missing" Webhooks "There is no signature." 1;
    EventHeadersApart "event-headers-apart" Webhooks "The event type in the header is not that of the body." 1;
    PausedIsTold "paused-is-told" Webhooks "A paused subscription gets events.";
    RetryTooEarly "retry-too-early" Webhooks "Failed deliveries are repeated after half the time.";
    RetryNever "retry-never" Webhooks "Failed deliveries are not repeated.";
    RetryOneTooFew "retry-one-too-few" Webhooks "The last retry is left out.";
    RetryOneTooMany "retry-one-too-many" Webhooks "There is a retry more than were asked for.";
    AcknowledgedRepeated "acknowledged-repeated" Webhooks "Acknowledged deliveries are repeated like failed ones.";
    DeliveryStatusWrong "delivery-status-wrong" Webhooks "Acknowledged deliveries are shown as failed.";
}

impl Fault {
    /// The fault of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_kebab_case_words_and_sentences_are_sentences() {
        let names: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
        let kebab =
            |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        assert!(names.iter().all(|name| kebab(name)));
        assert!(Fault::ALL.iter().all(|fault| fault.sentence().ends_with('.')));
        assert!(Fault::ALL.iter().all(|fault| Fault::named(fault.name()) == Some(*fault)));
    }

    #[test]
    fn every_area_has_several_faults() {
        for fault in Fault::ALL {
            let area = fault.area();
            let of_area = Fault::ALL.iter().filter(|other| other.area() == area).count();
            assert!(of_area >= 4, "{}: {of_area}", area.name());
        }
        assert!(Fault::ALL.len() >= 60);
    }
}
