//! Ids and everything else that looks random: one seeded generator for each account, so that the same seed
//! and the same requests give the same bytes.

use std::num::NonZeroU64;

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident from $first:literal;)*) => {
        #[derive(Clone, Copy)]
        #[expect(clippy::enum_variant_names, reason = "the variants are the names of the id types")]
        enum Kind { $($name),* }

        const FIRST: [u64; KINDS] = [$($first),*];
        const KINDS: usize = [$($first),*].len();

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(NonZeroU64);

            impl $name {
                /// From the number on the wire.
                pub const fn new(number: u64) -> Self {
                    Self(stored(number))
                }

                /// The number on the wire.
                pub const fn number(self) -> u64 {
                    self.0.get() - 1
                }
            }

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.number().fmt(f)
                }
            }

            /// On the wire an id is its number.
            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_u64(self.number())
                }
            }

            impl Id for $name {
                const KIND: usize = Kind::$name as usize;
                fn from_number(number: u64) -> Self {
                    Self::new(number)
                }
                fn number(self) -> u64 {
                    self.number()
                }
            }
        )*
    };
}

/// An id is kept as the number above its own, so that one that may be missing takes no more room. Of the highest number
/// nothing is lost but that it is the one below it: no record has either.
const fn stored(number: u64) -> NonZeroU64 {
    NonZeroU64::MIN.saturating_add(number)
}

/// An id that the generator can hand out.
pub trait Id: Copy + Ord {
    /// Which counter it comes from.
    const KIND: usize;
    /// From the number on the wire.
    fn from_number(number: u64) -> Self;
    /// The number on the wire.
    fn number(self) -> u64;
}

// Campaign ids lie above 1000 because 1 means "all campaigns" in webhook filters. The other counters start
// at different magnitudes so that an id used in the wrong place finds nothing instead of a wrong record.
id_types! {
    /// A campaign.
    CampaignId from 20_001;
    /// A reward of a campaign.
    RewardId from 200_001;
    /// A product plan, priced by the customer's billing provider.
    PlanId from 3_001;
    /// A promoter.
    PromoterId from 500_001;
    /// A promoter's profile (shown in v1 and webhooks).
    ProfileId from 550_001;
    /// A promoter's enrolment in a campaign: v2's promoter campaign, v1's promotion.
    EnrolmentId from 600_001;
    /// A visit through a referral link.
    ClickId from 1_000_001;
    /// A referral: v1's lead.
    ReferralId from 2_000_001;
    /// A tracked event on a referral: signup, sale, refund, cancellation.
    ConversionId from 3_000_001;
    /// A commission: v1's reward.
    CommissionId from 4_000_001;
    /// A payout.
    PayoutId from 700_001;
    /// A payments batch.
    PaymentsBatchId from 80_001;
    /// A promoter's payout method.
    PayoutMethodId from 90_001;
    /// A promo code.
    PromoCodeId from 30_001;
    /// An e-mail of the company.
    EmailId from 40_001;
    /// One sent copy of an e-mail.
    SentEmailId from 45_001;
    /// A contract document that a promoter can sign.
    ContractDocumentId from 50_001;
    /// A sale that the billing provider knows.
    PastSaleId from 60_001;
    /// A batch process.
    BatchId from 101;
    /// A webhook subscription.
    SubscriptionId from 301;
    /// A delivery of a webhook event.
    DeliveryId from 10_001;
    /// An event of the legacy webhook system.
    LegacyEventId from 13_000_001;
}

/// The generator of one account.
#[derive(Clone, Debug)]
pub struct Ids {
    rng: ChaCha8Rng,
    next: [u64; KINDS],
}

/// A point to which a generator can go back.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    drawn: u128,
    next: [u64; KINDS],
}

impl Ids {
    /// A generator for the account named `account` under `seed`: two accounts of one server differ in their
    /// tokens, the same account of two runs does not.
    pub fn new(seed: u64, account: &str) -> Self {
        let mut bytes = [0u8; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        for (at, byte) in account.bytes().enumerate() {
            let slot = 8 + at % 24;
            bytes[slot] = bytes[slot].wrapping_mul(31).wrapping_add(byte);
        }
        Self { rng: ChaCha8Rng::from_seed(bytes), next: FIRST }
    }

    /// Marks the present point.
    pub(crate) fn mark(&self) -> Mark {
        Mark { drawn: self.rng.get_word_pos(), next: self.next }
    }

    /// Hands out again what was handed out since the point was marked.
    pub(crate) fn rollback(&mut self, to: &Mark) {
        if self.rng.get_word_pos() != to.drawn {
            self.rng.set_word_pos(to.drawn);
        }
        self.next = to.next;
    }

    /// A generator for another concern of the same account: what it hands out changes nothing here.
    #[must_use]
    pub fn branch(&self, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::from_seed(self.rng.get_seed());
        rng.set_stream(stream);
        Self { rng, next: FIRST }
    }

    /// The next id of a kind.
    pub fn issue<I: Id>(&mut self) -> I {
        let number = self.next[I::KIND];
        self.next[I::KIND] += 1;
        I::from_number(number)
    }

    /// Takes a number that was given from outside (a scenario) out of the sequence.
    pub fn reserve<I: Id>(&mut self, id: I) {
        let next = &mut self.next[I::KIND];
        *next = (*next).max(id.number() + 1);
    }

    /// `len` characters of the URL-safe alphabet: tokens, temporary passwords.
    pub fn token(&mut self, len: usize) -> String {
        self.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", len)
    }

    /// `len` lower-case letters and digits: referral tokens.
    pub fn slug(&mut self, len: usize) -> String {
        self.pick(b"abcdefghijklmnopqrstuvwxyz0123456789", len)
    }

    /// `len` decimal digits.
    pub fn digits(&mut self, len: usize) -> String {
        self.pick(b"0123456789", len)
    }

    /// `len` lower-case hexadecimal digits: webhook secrets have 64.
    pub fn hex(&mut self, len: usize) -> String {
        self.pick(b"0123456789abcdef", len)
    }

    /// A random (version 4) UUID.
    pub fn uuid(&mut self) -> uuid::Uuid {
        let mut bytes = [0u8; 16];
        self.rng.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// The generator itself, for whoever makes names and texts from it.
    pub fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    fn pick(&mut self, alphabet: &[u8], len: usize) -> String {
        let end = alphabet.len() as u32;
        let mut text = String::with_capacity(len);
        for _ in 0..len {
            text.push(char::from(alphabet[self.rng.random_range(0..end) as usize]));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_tokens() {
        let draw = |mut ids: Ids| (ids.issue::<PromoterId>(), ids.token(20), ids.uuid(), ids.hex(64));
        assert_eq!(draw(Ids::new(7, "1")), draw(Ids::new(7, "1")));
        assert_ne!(draw(Ids::new(7, "1")), draw(Ids::new(8, "1")));
        assert_ne!(draw(Ids::new(7, "1")), draw(Ids::new(7, "2")));
    }

    proptest! {
        #[test]
        fn what_is_rolled_back_is_handed_out_again(before in 0usize..70, undone in 0usize..70, tokens in any::<bool>()) {
            let mut ids = Ids::new(7, "1");
            let draw = |ids: &mut Ids, len| if tokens { ids.hex(len) } else { ids.uuid().to_string() };
            draw(&mut ids, before);
            let (mark, mut expected) = (ids.mark(), ids.clone());
            draw(&mut ids, undone);
            ids.issue::<PromoterId>();
            ids.rollback(&mark);
            prop_assert_eq!(draw(&mut ids, 99), draw(&mut expected, 99));
            prop_assert_eq!(ids.issue::<PromoterId>(), expected.issue());
        }
    }

    #[test]
    fn a_reserved_id_is_never_handed_out() {
        let mut ids = Ids::new(0, "1");
        ids.reserve(CampaignId::new(20_005));
        assert_eq!(ids.issue::<CampaignId>(), CampaignId::new(20_006));
        ids.reserve(CampaignId::new(13_202));
        assert_eq!(ids.issue::<CampaignId>(), CampaignId::new(20_007));
    }
}
