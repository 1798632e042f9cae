//! Reads the `Evidence:` lines of the sources, and what they are about.

/// One rule, as the sources write it.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it stands: `domain::commission::sale::create_for_sale`.
    pub place: String,
    /// The first paragraph of its documentation; empty if there is nothing but the evidence.
    pub says: String,
    /// What stands after `Evidence:`.
    pub evidence: String,
}

/// The rules of one Rust file, which is the module `module`.
pub fn of_source(module: &str, text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    // What encloses the present line, by its indentation.
    let mut enclosing: Vec<(usize, String)> = Vec::new();
    let mut doc: Vec<&str> = Vec::new();
    let mut attribute_open = false;
    for line in text.lines() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if let Some(said) = code.strip_prefix("//!") {
            doc.push(said.trim());
            continue;
        }
        if !doc.is_empty() && !code.starts_with("///") && enclosing.is_empty() && code.is_empty() {
            // The end of a module's own documentation.
            push(&mut found, module.to_owned(), &doc);
            doc.clear();
            continue;
        }
        if let Some(said) = code.strip_prefix("///") {
            doc.push(said.trim());
            continue;
        }
        if attribute_open || code.starts_with("#[") {
            attribute_open = !code.trim_end().ends_with(']');
            continue;
        }
        if code.is_empty() || code.starts_with("//") {
            continue;
        }
        enclosing.retain(|(at, _)| *at < indent);
        let name = name_of(code);
        if !doc.is_empty() {
            let outer = enclosing.iter().map(|(_, name)| name.as_str());
            let path: Vec<&str> = std::iter::once(module).chain(outer).chain(name.as_deref()).collect();
            push(&mut found, path.join("::"), &doc);
            doc.clear();
        }
        if let Some(name) = name.filter(|_| code.trim_end().ends_with('{') && !is_function(code)) {
            enclosing.push((indent, name));
        }
    }
    push(&mut found, module.to_owned(), &doc);
    found
}

fn push(found: &mut Vec<Found>, place: String, doc: &[&str]) {
    let Some(at) = doc.iter().position(|line| line.starts_with("Evidence:")) else { return };
    let paragraph = |lines: &[&str]| {
        let lines: Vec<&str> = lines.iter().take_while(|line| !line.is_empty()).copied().collect();
        lines.join(" ")
    };
    let evidence = paragraph(&doc[at..]).trim_start_matches("Evidence:").trim().to_owned();
    found.push(Found { place, says: if at == 0 { String::new() } else { paragraph(&doc[..at]) }, evidence });
}

fn is_function(code: &str) -> bool {
    code.split_whitespace().any(|word| word == "fn")
}

/// What a line of code declares.
fn name_of(code: &str) -> Option<String> {
    let mut words =
        code.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|w| !w.is_empty());
    let mut word = words.next()?;
    if code.starts_with("impl") {
        // `impl<'a> Trait for Type` belongs to the type, and so does `impl Type`.
        let rest = code.split_once(" for ").map_or(code, |(_, rest)| rest);
        let rest = rest.trim_start_matches("impl").trim_start();
        let rest =
            if rest.starts_with('<') { rest.split_once("> ").map_or(rest, |(_, rest)| rest) } else { rest };
        let end =
            rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        return Some(rest[..end].to_owned());
    }
    while [
        "pub", "crate", "super", "in", "async", "const", "static", "unsafe", "fn", "struct", "enum", "trait",
    ]
    .contains(&word)
        || ["type", "mod", "scenario", "macro_rules"].contains(&word)
    {
        let Some(next) = words.next() else { break };
        word = next;
    }
    // A macro that declares something is named by what it declares.
    (!code.starts_with("named_values!") && !code.starts_with("id_types!") && !code.starts_with('}'))
        .then(|| word.to_owned())
}

/// The corrections of an overlay: target and description of each.
pub fn of_overlay(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for action in text.split("\n  - target: ").skip(1) {
        let (target, rest) = action.split_once('\n').unwrap_or((action, ""));
        let Some((_, description)) = rest.split_once("description:") else { continue };
        let mut lines = description.lines();
        let mut said =
            lines.next().unwrap_or_default().trim().trim_start_matches(['>', '-', '|']).trim().to_owned();
        for line in lines.take_while(|line| line.starts_with("      ")) {
            said = format!("{said} {}", line.trim());
        }
        if let Some((says, evidence)) = said.split_once("Evidence:") {
            found.push(Found {
                place: target.trim().to_owned(),
                says: says.trim().to_owned(),
                evidence: evidence.trim().to_owned(),
            });
        }
    }
    found
}
