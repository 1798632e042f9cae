//! Names that people type: of phases, properties and operations. A wrong one is told with those it resembles.

use fp_contract::{Contract, nearest};

use crate::config::Phase;
use crate::promise;

/// A name that nothing has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the name of {kind}, found `{found}`\nhint: {hint}")]
pub struct UnknownName {
    /// What was asked for: `a property`.
    pub kind: &'static str,
    /// What was found.
    pub found: String,
    /// What may have been meant, or where all names are.
    pub hint: String,
}

/// The phase of this name.
///
/// # Errors
/// [`UnknownName`] if there is none.
pub fn phase(name: &str) -> Result<Phase, UnknownName> {
    let names = || Phase::ALL.map(Phase::name);
    Phase::named(name).ok_or_else(|| {
        let all = format!("there are {}", names().join(", "));
        unknown("a phase", name, &alike(name, &names()), all)
    })
}

/// Whether there is a property of this code.
///
/// # Errors
/// [`UnknownName`] if there is none.
pub fn property(code: &str) -> Result<(), UnknownName> {
    let all = promise::all();
    if all.iter().any(|promise| promise.code == code) {
        return Ok(());
    }
    let codes: Vec<&str> = all.iter().map(|promise| promise.code).collect();
    Err(unknown("a property", code, &alike(code, &codes), "`fp-harness properties` lists them".into()))
}

/// Whether some operation's name contains `part`.
///
/// # Errors
/// [`UnknownName`] if none does.
pub fn operation(part: &str) -> Result<(), UnknownName> {
    let keys: Vec<String> = Contract::corrected().operations().iter().map(|one| one.key()).collect();
    if keys.iter().any(|key| key.contains(part)) {
        return Ok(());
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    Err(unknown("an operation", part, &alike(part, &keys), "`fp-contract operations` lists them".into()))
}

fn unknown(kind: &'static str, found: &str, alike: &[&str], otherwise: String) -> UnknownName {
    let meant: Vec<String> = alike.iter().map(|name| format!("`{name}`")).collect();
    let hint = if meant.is_empty() { otherwise } else { format!("did you mean {}?", meant.join(" or ")) };
    UnknownName { kind, found: found.to_owned(), hint }
}

/// Up to three names like `found`: by a slip of the pen, or because they share most of its words.
fn alike<'n>(found: &str, names: &[&'n str]) -> Vec<&'n str> {
    const MOST: usize = 3;
    if let Some(near) = nearest(found, names.iter().copied()) {
        return vec![near];
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 2);
        split.map(str::to_lowercase).filter(|word| word != "api").collect()
    };
    let wanted = words(found);
    let shares = |name: &str| {
        let own = words(name);
        let known =
            |word: &&String| own.contains(word) || nearest(word, own.iter().map(String::as_str)).is_some();
        wanted.iter().filter(known).count()
    };
    let mut ranked: Vec<(usize, &str)> = names.iter().map(|name| (shares(name), *name)).collect();
    let best = ranked.iter().map(|(shared, _)| *shared).max().unwrap_or_default();
    ranked.retain(|(shared, _)| best > 0 && *shared == best);
    ranked.sort_by_key(|(_, name)| name.len());
    ranked.into_iter().take(MOST).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_names_are_told_with_those_they_resemble() {
        let told = |error: UnknownName| error.to_string();
        assert_eq!(
            told(phase("modle").expect_err("unknown")),
            "expected the name of a phase, found `modle`\nhint: did you mean `model`?"
        );
        assert!(told(property("ignored_aut").expect_err("unknown")).contains("`ignored_auth`"));
        assert!(told(property("money").expect_err("unknown")).contains("`money_is_conserved`"));
        assert!(told(operation("POST /track/sales").expect_err("unknown")).contains("/track/sale`"));
        assert!(told(property("xyzzy").expect_err("unknown")).contains("fp-harness properties"));
        assert!(property("ignored_auth").is_ok() && operation("track/sale").is_ok());
    }
}
