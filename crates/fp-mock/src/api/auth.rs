//! Who calls, and on which account.

use std::collections::BTreeMap;

use fp_contract::Version;

use crate::domain::refusal::Refusal;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Everything.
    Admin,
    /// Read only.
    Viewer,
    /// Not a company's key at all, but a promoter's: refused everywhere.
    Promoter,
}

impl Role {
    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "admin" => Some(Self::Admin),
            "viewer" => Some(Self::Viewer),
            "promoter" => Some(Self::Promoter),
            _ => None,
        }
    }
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account that is acted on.
    pub account: String,
    /// What the key may do.
    pub role: Role,
}

/// What one key opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The account; `None`: any that the call names.
    pub account: Option<String>,
    /// What the key may do there.
    pub role: Role,
}

/// The keys the server knows. Without any, every key that is not blank is an admin of the account it names.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    known: BTreeMap<String, Grant>,
}

/// The account that a v1 key opens when no keys are configured and control calls mean when they name none.
pub const DEFAULT_ACCOUNT: &str = "1";

impl Keys {
    /// Reads `KEY[=ACCOUNT[:ROLE]]`.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(specs: &[String]) -> Result<Self, String> {
        let mut known = BTreeMap::new();
        for spec in specs {
            let (key, rest) = spec.split_once('=').map_or((spec.as_str(), None), |(k, r)| (k, Some(r)));
            let (account, role) = match rest {
                None => (None, None),
                Some(rest) => match rest.split_once(':') {
                    None => (Some(rest), None),
                    Some((account, role)) => (Some(account), Some(role)),
                },
            };
            if key.trim().is_empty() {
                return Err(format!("expected KEY[=ACCOUNT[:ROLE]], found {spec:?} without a key"));
            }
            let role = role
                .map_or(Some(Role::Admin), Role::named)
                .ok_or_else(|| format!("expected the role admin, viewer or promoter in {spec:?}"))?;
            let account = account.filter(|account| !account.is_empty()).map(str::to_owned);
            known.insert(key.to_owned(), Grant { account, role });
        }
        Ok(Self { known })
    }

    /// A key that may do everything in `account`, if any is configured.
    pub fn opening(&self, account: &str) -> Option<&str> {
        let opens = |grant: &Grant| {
            grant.role == Role::Admin && grant.account.as_deref().is_none_or(|own| own == account)
        };
        self.known.iter().find(|(_, grant)| opens(grant)).map(|(key, _)| key.as_str())
    }

    /// Who calls, told by the headers.
    ///
    /// v2 needs `Authorization: Bearer <key>` and `Account-ID`; v1 needs `x-api-key`.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`] without a key, with an unknown one, or without the account it opens.
    ///
    /// Evidence: published v2 contract, v1 reference; that any key works on a mock without keys is chosen.
    pub fn identify(&self, version: Version, headers: &[(String, String)]) -> Result<Actor, Refusal> {
        let header = |name: &str| {
            let found = headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        let (key, named) = match version {
            Version::V1 => (header("x-api-key"), None),
            Version::V2 => {
                let named = Some(header("account-id").ok_or(Refusal::Unauthorized)?);
                (header("authorization").and_then(bearer), named)
            }
        };
        let key = key.ok_or(Refusal::Unauthorized)?;
        if self.known.is_empty() {
            return Ok(Actor { account: named.unwrap_or(key).to_owned(), role: Role::Admin });
        }
        let grant = self.known.get(key).ok_or(Refusal::Unauthorized)?;
        let account = match (&grant.account, named) {
            (Some(own), Some(named)) if own != named => return Err(Refusal::Unauthorized),
            (Some(own), _) => own.clone(),
            (None, named) => named.unwrap_or(DEFAULT_ACCOUNT).to_owned(),
        };
        Ok(Actor { account, role: grant.role })
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

impl Actor {
    /// Whether the role reaches as far as `writes` needs.
    ///
    /// # Errors
    /// [`Refusal::WrongKeyKind`] for promoters' keys, [`Refusal::NotEnoughRights`] for writes of viewers.
    pub fn authorize(&self, writes: bool) -> Result<(), Refusal> {
        match self.role {
            Role::Promoter => Err(Refusal::WrongKeyKind),
            Role::Viewer if writes => Err(Refusal::NotEnoughRights),
            Role::Viewer | Role::Admin => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn any_key_opens_the_account_it_names_when_none_is_configured() {
        let keys = Keys::default();
        let v2 = keys.identify(Version::V2, &headers(&[("AUTHORIZATION", "bearer k"), ("account-ID", "7")]));
        assert_eq!(v2.map(|actor| actor.account).as_deref(), Ok("7"));
        let v1 = keys.identify(Version::V1, &headers(&[("X-API-Key", "abc")]));
        assert_eq!(v1.map(|actor| actor.account).as_deref(), Ok("abc"));
        for bad in [
            &[("authorization", "Bearer k")][..],
            &[("account-id", "7")],
            &[("authorization", "Bearer "), ("account-id", "7")],
        ] {
            assert_eq!(keys.identify(Version::V2, &headers(bad)), Err(Refusal::Unauthorized));
        }
    }

    #[test]
    fn a_configured_key_opens_its_own_account_only() {
        let keys = Keys::parse(&["a=1".into(), "b=2:viewer".into(), "c".into()]).expect("good keys");
        let call = |key: &str, account: &str| {
            let bearer = format!("Bearer {key}");
            keys.identify(Version::V2, &headers(&[("authorization", &bearer), ("account-id", account)]))
        };
        assert!(call("a", "1").is_ok());
        assert_eq!(call("a", "2"), Err(Refusal::Unauthorized));
        assert_eq!(call("x", "1"), Err(Refusal::Unauthorized));
        assert!(call("c", "99").is_ok());
        let viewer = call("b", "2").expect("a known key");
        assert_eq!(viewer.authorize(false), Ok(()));
        assert_eq!(viewer.authorize(true), Err(Refusal::NotEnoughRights));
        assert!(Keys::parse(&["k=1:king".into()]).is_err());
    }
}
