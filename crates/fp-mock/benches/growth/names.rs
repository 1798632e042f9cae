//! What people, and what they bought, are known by: that is searched for.

/// Of a person and a sale.
pub struct Names {
    pub email: String,
    pub uid: String,
    pub event_id: String,
}

/// Made of numbers that follow each other, as tests make them.
pub fn numbered(number: usize) -> Names {
    Names {
        email: format!("lead{number}@example.com"),
        uid: format!("cus_{number}"),
        event_id: format!("evt_{number}"),
    }
}

/// As people and payment services make them: names of a few syllables, every second with a tag, at some domains, and
/// letters and digits in any order. Of less than a million numbers no two have the same.
pub fn lifelike(number: usize) -> Names {
    let mut chance = Chance(number as u64);
    // As odd factors do, this one leads different numbers of 20 bits to different ones.
    let mixed = number.wrapping_mul(0x9_e375);
    let mut name: String = (0..5).map(|at| SYLLABLES[mixed >> (4 * at) & 15]).collect();
    name.insert(SYLLABLES[mixed & 15].len() + SYLLABLES[mixed >> 4 & 15].len(), '.');
    if chance.below(2) == 0 {
        name.push_str(SYLLABLES[chance.below(SYLLABLES.len())]);
    }
    let tag = if number.is_multiple_of(2) { "+trial" } else { "" };
    let domain = DOMAINS[chance.below(DOMAINS.len())];
    Names {
        email: format!("{name}{tag}@{domain}"),
        uid: format!("cus_{}", chance.token()),
        event_id: format!("evt_{}", chance.token()),
    }
}

/// So that no other syllables make the same name.
const SYLLABLES: [&str; 16] =
    ["an", "na", "ma", "ri", "lu", "ka", "to", "ben", "sal", "ton", "el", "is", "mar", "jo", "lia", "dra"];
const DOMAINS: [&str; 5] = ["example.com", "example.net", "mail.example", "example.org", "inbox.example"];
const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// The same chance for the same number.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) as usize % limit
    }

    fn token(&mut self) -> String {
        (0..14).map(|_| char::from(LETTERS[self.below(LETTERS.len())])).collect()
    }
}
