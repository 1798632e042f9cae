//! Everything one account holds, and going back to how it was.

use std::sync::Arc;

use super::agenda::{self, Agenda};
use super::batch::{Batch, Progression};
use super::campaign::{Campaign, Plan};
use super::click::Click;
use super::commission::{self, Commission};
use super::company::Company;
use super::contract_document::ContractDocument;
use super::conversion::Conversion;
use super::email::{Email, SentEmail};
use super::enrolment::Enrolment;
use super::ids::{self, Ids};
use super::past_sale::PastSale;
use super::payments_batch::PaymentsBatch;
use super::payout::Payout;
use super::payout_method::PayoutMethod;
use super::promo_code::PromoCode;
use super::promoter::Promoter;
use super::referral::Referral;
use super::report::{Records, Rollup};
use super::reward::Reward;
use super::table::{Change, Table};
use super::written::Written;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $row:ty;)*) => {
        /// The records of one account and what makes new ones.
        #[derive(Clone, Debug)]
        pub struct State {
            $($(#[$doc])* pub $name: Table<$row>,)*
            /// Settings of the company that owns the account.
            pub company: Arc<Company>,
            /// Makes ids and tokens.
            pub ids: Ids,
            /// What is to happen later.
            pub agenda: Agenda,
            /// How batch processes go on.
            pub progression: Progression,
            /// Daily counters of everything committed, for reports.
            pub rollup: Rollup,
            /// What lists wrote about referrals.
            pub written_referrals: Written<Referral>,
        }

        /// A point to which a state can go back.
        #[derive(Debug)]
        pub struct Savepoint {
            $($name: usize,)*
            company: Arc<Company>,
            ids: ids::Mark,
            agenda: agenda::Mark,
        }

        /// What a transaction did, table by table, each row in the order of its first touch.
        #[derive(Debug, Default)]
        pub struct Changes {
            $($(#[$doc])* pub $name: Vec<Change<$row>>,)*
        }

        impl State {
            /// An account without a record.
            pub fn new(company: Company, ids: Ids) -> Self {
                Self {
                    $($name: Table::default(),)*
                    company: Arc::new(company),
                    ids,
                    agenda: Agenda::default(),
                    progression: Progression::default(),
                    rollup: Rollup::default(),
                    written_referrals: Written::default(),
                }
            }

            /// Marks the present point.
            pub fn savepoint(&self) -> Savepoint {
                Savepoint {
                    $($name: self.$name.mark(),)*
                    company: Arc::clone(&self.company),
                    ids: self.ids.mark(),
                    agenda: self.agenda.mark(),
                }
            }

            /// Undoes everything since the point was marked.
            pub fn rollback(&mut self, to: Savepoint) {
                $(self.$name.rollback(to.$name);)*
                self.company = to.company;
                self.ids.rollback(&to.ids);
                self.agenda.rollback(to.agenda);
            }

            /// Whether nothing happened since the last commit.
            pub fn is_unchanged(&self) -> bool {
                true $(&& self.$name.mark() == 0)*
            }

            /// What happened since the last commit.
            pub fn changes(&self) -> Changes {
                Changes { $($name: self.$name.changes(),)* }
            }

            /// Looks at the records as they were before `changes`, which are all since the last commit.
            pub fn before<T>(&mut self, changes: &Changes, look: impl FnOnce(&Self) -> T) -> T {
                $(for change in &changes.$name {
                    self.$name.place(change.id, change.before.as_ref());
                })*
                let seen = look(self);
                $(for change in &changes.$name {
                    self.$name.place(change.id, change.after.as_ref());
                })*
                seen
            }

            /// Makes everything since the last commit final.
            pub fn commit(&mut self) {
                let changes = self.changes();
                self.commit_changes(&changes);
            }

            /// The same, when what happened is known already.
            pub fn commit_changes(&mut self, changes: &Changes) {
                $(self.$name.commit();)*
                let Self { rollup, campaigns, clicks, referrals, conversions, commissions, payouts, .. } = self;
                let records = Records { campaigns, clicks, referrals, conversions, commissions, payouts };
                rollup.follow(&records, changes);
                commission::keep_arranged(self);
            }
        }

        impl Changes {
            /// Whether nothing changed.
            pub fn is_empty(&self) -> bool {
                true $(&& self.$name.is_empty())*
            }
        }
    };
}

tables! {
    /// Product plans.
    plans: Plan;
    /// Rewards.
    rewards: Reward;
    /// Campaigns.
    campaigns: Campaign;
    /// Promoters.
    promoters: Promoter;
    /// Payout methods of promoters.
    payout_methods: PayoutMethod;
    /// Contract documents.
    contract_documents: ContractDocument;
    /// Enrolments: v2's promoter campaigns, v1's promotions.
    enrolments: Enrolment;
    /// Visits.
    clicks: Click;
    /// Referrals: v1's leads.
    referrals: Referral;
    /// Tracked events on referrals.
    conversions: Conversion;
    /// Commissions: v1's rewards.
    commissions: Commission;
    /// Payouts.
    payouts: Payout;
    /// Payments batches.
    payments_batches: PaymentsBatch;
    /// Promo codes.
    promo_codes: PromoCode;
    /// E-mails.
    emails: Email;
    /// Sent copies of e-mails.
    sent_emails: SentEmail;
    /// Sales that the billing provider knows.
    past_sales: PastSale;
    /// Batch processes.
    batches: Batch;
}

impl State {
    /// Runs `attempt`; if it refuses, undoes what it did. For parts of a transaction that may fail on their
    /// own, such as one id of a batch.
    ///
    /// # Errors
    /// Whatever `attempt` answers.
    pub fn attempt<T, E>(&mut self, attempt: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        let savepoint = self.savepoint();
        attempt(self).inspect_err(|_| self.rollback(savepoint))
    }

    /// The company's settings, to be changed.
    pub fn company_mut(&mut self) -> &mut Company {
        Arc::make_mut(&mut self.company)
    }
}
