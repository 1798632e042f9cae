//! `Prefer: code=404, example=…, dynamic=true`, or `?__code=404&__example=…&__dynamic=true`: one call answers
//! something out of the contract instead of being performed. The words are Prism's.

mod sample;

use fp_contract::{Contract, Operation};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::api::dispatch::Incoming;
use crate::wire::reply::Reply;
use sample::Sampler;

/// What a call prefers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preference {
    code: Option<u16>,
    example: Option<String>,
    dynamic: bool,
}

/// A preference that cannot be met: what is wrong, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    message: String,
    hint: String,
}

impl Unmet {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }

    /// As it is answered.
    pub fn reply(&self) -> Reply {
        Reply::json(400, &json!({ "message": self.message, "hint": self.hint }))
    }
}

impl Preference {
    /// What the call prefers, if it prefers anything. Its query parameters are taken out of the target, so
    /// that neither handlers nor the contract see them.
    ///
    /// # Errors
    /// [`Unmet`] if a preference has a value that makes no sense.
    pub fn take(incoming: &mut Incoming) -> Result<Option<Self>, Unmet> {
        let mut preference = Self::default();
        let wishes = of_headers(incoming).into_iter().chain(take_query(incoming));
        for (name, value) in wishes {
            match name.as_str() {
                "code" => preference.code = Some(code(&value)?),
                "example" => preference.example = Some(value),
                "dynamic" => preference.dynamic = flag(&value)?,
                // `respond-async`, `return=minimal` and the like are other people's preferences.
                _ => {}
            }
        }
        Ok(Some(preference).filter(|preference| *preference != Self::default()))
    }

    /// What `operation` answers then. `dice` are thrown for dynamic bodies.
    ///
    /// # Errors
    /// [`Unmet`] if the contract declares no such answer.
    pub fn answer(
        &self,
        contract: &Contract,
        operation: &Operation,
        dice: &mut ChaCha8Rng,
    ) -> Result<Reply, Unmet> {
        let declared = Declared::of(contract, operation);
        let (status, response) = declared.response(self.code)?;
        let mut sampler = Sampler::new(declared.root, self.dynamic.then_some(dice));
        let mut reply = match declared.media(response) {
            None => Reply::empty(status),
            Some((media_type, media)) => {
                let value = self.body(media, &mut sampler)?;
                match (media_type, &value) {
                    ("text/csv", Value::String(text)) => {
                        Reply::bytes(status, "text/csv; charset=utf-8", text.clone().into_bytes())
                    }
                    _ => Reply::json(status, &value),
                }
            }
        };
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = declared.resolved(header);
            if header["required"] == true
                && let Some(name) = sample::known_header(name)
            {
                reply = reply.with_header(name, sample::text(&sampler.value(&header["schema"])));
            }
        }
        Ok(reply)
    }

    fn body(&self, media: &Value, sampler: &mut Sampler<'_, '_>) -> Result<Value, Unmet> {
        let examples = media["examples"].as_object();
        if let Some(name) = &self.example {
            let known = examples.map(|all| all.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
            let example = examples.and_then(|all| all.get(name)).map(|example| example["value"].clone());
            let hint = if known.is_empty() {
                "this answer has no named examples: leave example out".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            return example.ok_or_else(|| Unmet::new(format!("there is no example {name:?}"), hint));
        }
        if !self.dynamic {
            let first = examples.and_then(|all| all.values().next()).map(|example| &example["value"]);
            if let Some(example) = media.get("example").or(first) {
                return Ok(example.clone());
            }
        }
        Ok(sampler.value(&media["schema"]))
    }
}

fn of_headers(incoming: &Incoming) -> Vec<(String, String)> {
    let is_prefer = |(name, _): &&(String, String)| name.eq_ignore_ascii_case("prefer");
    let values = incoming.headers.iter().filter(is_prefer).flat_map(|(_, value)| value.split([',', ';']));
    let pair = |wish: &str| {
        let (name, value) = wish.split_once('=').unwrap_or((wish, ""));
        (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned())
    };
    values.map(pair).collect()
}

fn take_query(incoming: &mut Incoming) -> Vec<(String, String)> {
    let Some((path, query)) = incoming.target.split_once('?') else { return Vec::new() };
    if !query.contains("__") {
        return Vec::new();
    }
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for part in query.split('&') {
        let pair = form_urlencoded::parse(part.as_bytes()).next();
        match pair.and_then(|(name, value)| Some((name.strip_prefix("__")?.to_owned(), value.into_owned()))) {
            Some(wish) if matches!(wish.0.as_str(), "code" | "example" | "dynamic") => taken.push(wish),
            _ => left.push(part),
        }
    }
    incoming.target = if left.is_empty() { path.to_owned() } else { format!("{path}?{}", left.join("&")) };
    taken
}

fn code(text: &str) -> Result<u16, Unmet> {
    let code = text.parse().ok().filter(|code| (100..=599).contains(code));
    code.ok_or_else(|| {
        Unmet::new(format!("code: expected a status, found {text:?}"), "send Prefer: code=404")
    })
}

fn flag(text: &str) -> Result<bool, Unmet> {
    let unmet =
        || Unmet::new(format!("dynamic: expected true or false, found {text:?}"), "send dynamic=true");
    text.parse().map_err(|_| unmet())
}

/// What the contract declares that an operation answers.
struct Declared<'c> {
    root: &'c Value,
    key: String,
    responses: &'c Value,
}

impl<'c> Declared<'c> {
    fn of(contract: &'c Contract, operation: &Operation) -> Self {
        let path = operation.path.replace('~', "~0").replace('/', "~1");
        let pointer = format!("/paths/{path}/{}/responses", operation.method.as_str().to_lowercase());
        let base = |root: &Value| root.pointer("/servers/0/url").and_then(Value::as_str).map(str::to_owned);
        let roots = contract.documents().iter().map(fp_contract::Document::root);
        let mut own = roots.filter(|root| base(root).is_some_and(|url| url.ends_with(&operation.base)));
        let root = own.next().unwrap_or(&Value::Null);
        let responses = root.pointer(&pointer).unwrap_or(&Value::Null);
        Self { root, key: operation.key(), responses }
    }

    /// The answer with this status; without one, the first success.
    fn response(&self, code: Option<u16>) -> Result<(u16, &'c Value), Unmet> {
        let all = self.responses.as_object().into_iter().flatten();
        let mut declared: Vec<(u16, &Value)> =
            all.filter_map(|(status, response)| Some((status.parse().ok()?, response))).collect();
        declared.sort_by_key(|(status, _)| *status);
        let found = declared.iter().find(|(status, _)| code.map_or(*status < 300, |code| code == *status));
        let (status, response) = found.ok_or_else(|| {
            let known = declared.iter().map(|(status, _)| status.to_string()).collect::<Vec<_>>().join(", ");
            let wanted = code.map_or_else(|| "success".to_owned(), |code| code.to_string());
            let message = format!("{} declares no {wanted}", self.key);
            Unmet::new(message, format!("it declares {known}; POST /__admin/faults answers anything"))
        })?;
        Ok((*status, self.resolved(response)))
    }

    /// JSON if the answer has it, else whatever it has.
    fn media(&self, response: &'c Value) -> Option<(&'c str, &'c Value)> {
        let content = response["content"].as_object()?;
        let json = content.iter().find(|(name, _)| name.contains("json"));
        json.or_else(|| content.iter().next()).map(|(name, media)| (name.as_str(), media))
    }

    fn resolved(&self, value: &'c Value) -> &'c Value {
        sample::resolve(self.root, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fp_contract::{Exchange, Request, Response, Side};
    use rand::SeedableRng;

    fn incoming(target: &str, prefer: Option<&str>) -> Incoming {
        let headers = prefer.into_iter().map(|value| ("Prefer".to_owned(), value.to_owned())).collect();
        Incoming { method: "GET".into(), target: target.into(), headers, body: Vec::new() }
    }

    #[test]
    fn a_preference_comes_from_the_header_or_from_the_query_which_is_then_gone() {
        let wanted = Preference { code: Some(404), example: None, dynamic: true };
        let mut by_header = incoming("/p?a=1", Some("code=404, dynamic=true"));
        assert_eq!(Preference::take(&mut by_header), Ok(Some(wanted.clone())));
        let mut by_query = incoming("/p?__code=404&a=1&__dynamic=true&__other=2", None);
        assert_eq!(Preference::take(&mut by_query), Ok(Some(wanted)));
        assert_eq!(by_query.target, "/p?a=1&__other=2");
        assert_eq!(Preference::take(&mut incoming("/p", Some("return=minimal"))), Ok(None));
        assert!(Preference::take(&mut incoming("/p?__code=soon", None)).is_err());
        assert!(Preference::take(&mut incoming("/p", Some("dynamic=perhaps"))).is_err());
    }

    #[test]
    fn a_status_that_is_not_declared_is_refused_with_those_that_are() {
        let contract = Contract::corrected();
        let operation = contract.operations().iter().find(|o| o.path == "/track/sale").expect("one of both");
        let preference = Preference { code: Some(599), ..Preference::default() };
        let mut dice = ChaCha8Rng::seed_from_u64(1);
        let unmet = preference.answer(contract, operation, &mut dice).expect_err("not declared");
        assert!(unmet.hint.contains("200"), "{}", unmet.hint);
    }

    /// Every declared answer of every operation, made static and dynamic, keeps to the contract.
    #[test]
    fn whatever_is_preferred_keeps_to_the_contract() {
        let contract = Contract::corrected();
        let (mut made, mut breaches) = (0, Vec::new());
        for operation in contract.operations() {
            let declared = Declared::of(contract, operation);
            let codes: Vec<u16> = declared
                .responses
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(s, _)| s.parse().ok())
                .collect();
            assert!(!codes.is_empty(), "{} declares nothing", operation.key());
            for (code, seed) in codes.iter().flat_map(|code| (0..4).map(move |seed| (*code, seed))) {
                let preference = Preference { code: Some(code), example: None, dynamic: seed > 0 };
                let mut dice = ChaCha8Rng::seed_from_u64(seed);
                let reply = preference.answer(contract, operation, &mut dice).expect("a declared answer");
                made += 1;
                breaches.extend(breach(contract, operation, &reply));
            }
        }
        assert!(made > 1_000, "{made}");
        breaches.dedup();
        assert!(breaches.is_empty(), "{} of {made}:\n{}", breaches.len(), breaches.join("\n"));
    }

    fn breach(contract: &Contract, operation: &Operation, reply: &Reply) -> Option<String> {
        let target = format!("{}{}", operation.base, operation.path).replace(['{', '}'], "");
        let mut headers: Vec<(String, String)> =
            reply.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        headers.extend(reply.content_type.map(|value| ("content-type".to_owned(), value.to_owned())));
        let request = Request { method: operation.method.as_str(), target: &target, headers: &[], body: b"" };
        let response = Response { status: reply.status, headers: &headers, body: &reply.body };
        let violations = contract.check(&Exchange { request, response: Some(response) });
        let own = violations.into_iter().find(|violation| violation.side == Side::Response)?;
        Some(own.to_string())
    }
}
