use super::*;

fn load(text: &str) -> Result<Contract, String> {
    let source = Source { name: "x.yaml".to_owned(), text: text.to_owned(), role: Role::Api };
    Contract::load(&[source]).map_err(|errors| errors.to_string())
}

#[test]
fn the_embedded_contract_knows_its_operations_with_the_base_of_their_document() {
    let contract = Contract::corrected();
    let v2: Vec<_> = contract.operations().iter().filter(|op| op.version == Version::V2).collect();
    assert_eq!(v2.len(), 84);
    assert!(v2.iter().any(|op| op.key() == "POST /api/v2/track/sale"));
    assert_eq!(Contract::published().operations().len(), contract.operations().len());
}

#[test]
fn every_operation_is_reached_by_its_own_template() {
    let contract = Contract::corrected();
    for (index, operation) in contract.operations().iter().enumerate() {
        let path = format!("{}{}", operation.base, operation.path).replace(['{', '}'], "");
        match contract.resolve(operation.method.as_str(), &path) {
            Resolution::Found(found) => {
                assert_eq!(found.index, index, "{operation}");
                let names: Vec<_> = found.path_params.iter().map(|(name, _)| *name).collect();
                assert_eq!(names, operation.path_params, "{operation}");
            }
            other => panic!("{operation} leads to {other:?}"),
        }
    }
}

#[test]
fn every_place_where_a_literal_competes_with_a_parameter_goes_to_the_literal() {
    let contract = Contract::corrected();
    let paths: Vec<&Operation> = contract.operations().iter().collect();
    let mut competing = 0;
    for literal in &paths {
        let template = format!("{}{}", literal.base, literal.path);
        let fits = |other: &Operation| {
            let other = format!("{}{}", other.base, other.path);
            other != template
                && other.split('/').count() == template.split('/').count()
                && other
                    .split('/')
                    .zip(template.split('/'))
                    .all(|(a, b)| a == b || (a.starts_with('{') && !b.starts_with('{')))
        };
        if paths.iter().any(|other| other.method == literal.method && fits(other)) {
            competing += 1;
            let path = template.replace(['{', '}'], "");
            match contract.resolve(literal.method.as_str(), &path) {
                Resolution::Found(found) => assert_eq!(found.operation.key(), literal.key()),
                other => panic!("{literal} leads to {other:?}"),
            }
        }
    }
    assert!(competing > 0, "the contract has such places");
}

#[test]
fn faults_of_all_files_are_reported_with_file_line_and_pointer() {
    let source = |name: &str, text: &str, role| Source { name: name.to_owned(), text: text.to_owned(), role };
    let errors = Contract::load(&[
        source("a.yaml", "openapi: 3.0.1\npaths:\n  /a: {get: {}}\n", Role::Api),
        source("b.yaml", "a: 1\na: 2\n", Role::Api),
        source("c.yaml", "overlay: 1.0.0\nextends: a.yaml\nactions:\n- {target: $.nowhere, remove: true}\n- {target: $.x.y, update: {}}\n", Role::Overlay),
        source("d.yaml", "overlay: 1.0.0\nextends: q.yaml\nactions: []\n", Role::Overlay),
    ])
    .expect_err("four faults");
    let shown: Vec<String> = errors.0.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "b.yaml:2: /a: expected each key once, found it twice",
            "c.yaml:4: /actions/0: expected the target `$.nowhere` to match, found nothing there",
            "c.yaml:5: /actions/1: expected the target `$.x.y` to match, found nothing there",
            "d.yaml:1: /extends: expected `extends` to name one of the documents, found q.yaml",
        ]
    );
}

#[test]
fn the_base_path_comes_from_the_first_server_and_names_the_version() {
    let contract =
        load("servers: [{url: 'https://x.example/api/v1/'}]\npaths: {/a: {get: {}, parameters: []}}")
            .expect("a contract");
    let operation = &contract.operations()[0];
    assert_eq!((operation.key().as_str(), operation.version), ("GET /api/v1/a", Version::V1));
    assert_eq!(contract.operations().len(), 1);
}
