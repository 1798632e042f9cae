use super::*;
use crate::contract::Source;

fn found(contract: &Contract) -> Vec<(&'static str, String)> {
    lint(contract).into_iter().map(|defect| (defect.code, defect.pointer)).collect()
}

/// The contract's known defects, as far as a document can show them.
const KNOWN: [(&str, &str); 13] = [
    ("duplicate-operation-id", "/paths/~1company~1promoters~1assign_parent/post/operationId"),
    ("required-undeclared", "move_to_campaign/post/requestBody"),
    ("required-undeclared", "add_to_campaign/post/requestBody"),
    ("required-undeclared", "move_to_promoter/post/requestBody"),
    ("exclusive-requirements", "/paths/~1track~1sale/post/requestBody"),
    ("object-without-style", "/paths/~1company~1promoters/get/parameters"),
    ("number-as-text", "/properties/mrr/type"),
    ("markup-in-enum", "/components/schemas/PromoterFilters/properties/archived/enum"),
    ("discriminator-target", "/components/schemas/CommissionCreate/discriminator/mapping"),
    ("undeclared-failure", "/paths/~1company~1promoters~1{id}/get/responses"),
    ("reply-without-schema", "/paths/~1company~1emails/get/responses/200"),
    ("list-for-creation", "/paths/~1company~1commissions/post/responses/200"),
    ("list-without-paging", "/paths/~1company~1referrals/get"),
];

#[test]
fn the_known_defects_of_the_published_contract_are_found() {
    let found = found(Contract::published());
    for (code, part) in KNOWN {
        let is_there = found.iter().any(|(own, pointer)| *own == code && pointer.contains(part));
        let others: Vec<&String> =
            found.iter().filter(|(own, _)| *own == code).map(|(_, pointer)| pointer).collect();
        assert!(is_there, "{code} at {part}, found {others:?}");
    }
    for code in ["narrower-enum", "missing-header-parameter", "accepts-empty"] {
        assert!(found.iter().any(|(own, _)| *own == code), "{code}");
    }
}

#[test]
fn the_corrections_mend_every_error() {
    let errors: Vec<String> = lint(Contract::corrected())
        .into_iter()
        .filter(|defect| defect.severity == Severity::Error)
        .map(|defect| defect.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn defects_of_any_document_are_found_with_their_lines() {
    let text = "openapi: 3.0.3
security: [{Key: []}]
paths:
  /a/{id}:
    get:
      operationId: one
      parameters:
        - {in: path, name: id, schema: {type: string}}
        - {in: query, name: ids, schema: {type: array, items: {type: string}}}
      requestBody: {content: {}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {a: {type: integer, minimum: 5, maximum: 1}, b: {nullable: true}}}
              example: {a: x}
components:
  schemas:
    Unused:
      type: object
      properties:
        s: {type: string, enum: [x, x], nullable: true, default: z}
        r: {$ref: '#/components/schemas/Unused', nullable: true}
        l: {type: array, items: {type: string}}
";
    let source = Source { name: "x.yaml".to_owned(), text: text.to_owned(), role: Role::Api };
    let contract = Contract::load(&[source]).expect("readable, if poor");
    let found: Vec<String> = lint(&contract)
        .into_iter()
        .map(|defect| format!("{} {}", defect.code, defect.position.map_or(0, |position| position.line)))
        .collect();
    assert_eq!(
        found,
        [
            "optional-path-parameter 8",
            "crossed-limits 16",
            "list-without-brackets 9",
            "undeclared-failure 11",
            "accepts-empty 16",
            "example-refused 17",
            "default-refused 23",
            "duplicate-enum-value 23",
            "reference-with-siblings 24",
            "body-on-delete 10",
            "nullable-without-type 16",
            "unused-component 20",
            "enum-without-null 23",
        ]
    );
}

#[test]
fn one_name_for_different_schemas_is_found_in_documents_of_one_api() {
    let document = |name: &str, base: &str, schema: &str| {
        Source {
        name: name.to_owned(),
        role: Role::Api,
        text: format!(
            "openapi: 3.0.3
servers: [{{url: 'https://api.example.com{base}'}}]
paths:
  /{name}:
    get:
      operationId: {name}
      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}}}
components: {{schemas: {{Thing: {schema}}}}}
"
        ),
    }
    };
    let clashes = |sources: &[Source]| -> Vec<String> {
        let contract = Contract::load(sources).expect("readable");
        let defects = lint(&contract).into_iter().filter(|defect| defect.code == "clashing-schema");
        defects.map(|defect| defect.position.map_or_else(String::new, |place| place.to_string())).collect()
    };
    let one = document("a", "/v2", "{type: object, properties: {title: {type: string}}}");
    let reworded = document(
        "b",
        "/v2",
        "{type: object, description: x, properties: {title: {type: string, example: y}}}",
    );
    let other = document("c", "/v2", "{type: object, properties: {name: {type: string}}}");
    let elsewhere = document("d", "/v1", "{type: object, properties: {name: {type: string}}}");
    assert_eq!(clashes(&[one.clone(), reworded.clone(), elsewhere]), Vec::<String>::new());
    assert_eq!(clashes(&[one, reworded, other]), ["c:8"]);
}
