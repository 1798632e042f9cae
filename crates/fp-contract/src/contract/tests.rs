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
        source("a.yaml", "openapi: 3.0.1\npaths: {}\n", Role::Api),
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
    let contract = load(
        "openapi: 3.0.3\nservers: [{url: 'https://x.example/api/v1/'}]\n\
        paths: {/a: {get: {responses: {'200': {description: ok}}}, parameters: []}}",
    )
    .expect("a contract");
    let operation = &contract.operations()[0];
    assert_eq!((operation.key().as_str(), operation.version), ("GET /api/v1/a", Version::V1));
    assert_eq!(contract.operations().len(), 1);
}

#[test]
fn unsound_parts_are_reported_with_their_lines() {
    let text = "openapi: 3.0.1
paths:
  /a/{id}:
    get:
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Nope'}}}}}
  /a/{other}:
    get: {parameters: [{name: other, in: path, required: true, schema: {type: string}}], responses: {}}
  /b-{x}: {}
components:
  schemas:
    Far: {$ref: 'other.yaml#/X'}
";
    let errors = load(text).expect_err("five faults");
    assert_eq!(
        errors.lines().collect::<Vec<_>>(),
        [
            "x.yaml:5: /paths/~1a~1{id}/get/responses/200/content/application~1json/schema/$ref: expected a reference to something, found nothing at `#/components/schemas/Nope`",
            "x.yaml:11: /components/schemas/Far/$ref: expected a reference within the file, found `other.yaml#/X`",
            "x.yaml:4: /paths/~1a~1{id}/get: expected the path parameter `id` to be declared",
            "x.yaml:6: /paths/~1a~1{other}: expected each path once, found `/a/{other}` beside `/a/{id}`",
            "x.yaml:7: /paths/~1a~1{other}/get/responses: expected at least one reply",
            "x.yaml:8: /paths/~1b-{x}: expected parameters that fill a whole segment, found `b-{x}`",
        ]
    );
}

#[test]
fn what_only_a_typed_reader_or_a_compiler_sees_is_reported_too() {
    let with =
        |schema: &str| format!("openapi: 3.0.1\npaths: {{}}\ncomponents:\n  schemas:\n    X: {schema}\n");
    assert!(
        load(&with("{type: [string]}"))
            .is_err_and(|text| text.starts_with("x.yaml:5: /components/schemas/X: "))
    );
    assert!(load(&with("{type: string, pattern: '('}")).is_err_and(|text| text.starts_with("x.yaml:5: ")));
    assert!(load(&with("{type: string, pattern: '^a+$'}")).is_ok());
    assert!(
        load("openapi: 3.1.0\npaths: {}\n")
            .is_err_and(|text| text == "x.yaml:1: /openapi: expected OpenAPI 3.0, found 3.1.0")
    );
}
