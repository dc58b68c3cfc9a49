use super::*;
use proptest::prelude::*;
use serde_json::json;

/// Each text and how it may be shown.
const TEXTS: [(&str, &str); 44] = [
    ("password: hunter22", "password: ***"),
    ("password: hunter22 # why\nnext: 1", "password: ***\nnext: 1"),
    ("a:\n  - password: hunter22\n    b: c", "a:\n  - password: ***\n    b: c"),
    ("password: \"hun\\\"ter\" # c", "password: *** # c"),
    ("password: 'hun''ter'\nb: 1", "password: ***\nb: 1"),
    ("password: \"hun\n  ter\"\nb: 1", "password: ***\n  ***\nb: 1"),
    ("password: hun\n  ter\nb: 1", "password: ***\n  ***\nb: 1"),
    ("password: |\n  hun\n\n  ter\nb: 1", "password: |\n  ***\n\n  ***\nb: 1"),
    ("password: >- # c\n  hun\nb: 1", "password: >- # c\n  ***\nb: 1"),
    ("password:\n  hun\nb: 1", "password:\n  ***\nb: 1"),
    ("password:\n- hun\nb: 1", "password:\n***\nb: 1"),
    ("password: [a, {b: \"}\"}] \nb: 1", "password: *** \nb: 1"),
    ("password: &pw hunter22", "password: &pw ***"),
    ("password: !!str hunter22", "password: !!str ***"),
    ("x: &pw hunter22\npassword: *pw\ny: &pwd a", "x: &pw ***\npassword: *pw\ny: &pwd a"),
    ("x: &pw |\n  hunter22\n  b\npassword: *pw", "x: &pw |\n  ***\n  ***\npassword: *pw"),
    ("credentials: { username: alice, password: hunter22 } # c", "credentials: { username: ***, password: *** } # c"),
    ("credentials: {\"username\":\"alice\",\"password\":\"hun,ter\"}", "credentials: {\"username\":***,\"password\":***}"),
    ("credentials: {\n  username: alice,\n  password: b }\n", "credentials: {\n  username: ***\n  password: ***\n"),
    ("credentials: { existingSecret: scalardb }", "credentials: { existingSecret: scalardb }"),
    ("credentials:\n  existingSecret: scalardb", "credentials:\n  existingSecret: scalardb"),
    ("secret: hunter22", "secret: ***"),
    ("secret:\n  secretName: tls", "secret:\n  secretName: tls"),
    ("password: \"\"\npassword: null", "password: \"\"\npassword: null"),
    ("scalar.db.password=hunter22\nb=1", "scalar.db.password=***\nb=1"),
    ("scalar.db.password = hun\\\n  ter\nb=1", "scalar.db.password = ***\n  ***\nb=1"),
    ("scalar.db.password:hunter22", "scalar.db.password:***"),
    ("scalar.db.password hunter22", "scalar.db.password ***"),
    ("d: |\n  scalar.db.username=alice\n  scalar.db.password=hunter22\n", "d: |\n  scalar.db.username=***\n  scalar.db.password=***\n"),
    ("url: \"jdbc:postgresql://h/db?user=a&password=hunter22&ssl=true\"", "url: \"jdbc:postgresql://h/db?user=a&password=***&ssl=true\""),
    ("url: jdbc:sqlserver://h;user=a;password=hunter22;b=c", "url: jdbc:sqlserver://h;user=a;password=***;b=c"),
    ("url: postgres://alice:hun/t@er@h:5432/db", "url: postgres://***@h:5432/db"),
    ("url: jdbc:oracle:thin:alice/hunter22@//h:1521/s", "url: jdbc:oracle:thin:***@//h:1521/s"),
    ("url: https://h:443/a # see ssh://git@h", "url: https://h:443/a # see ssh://git@h"),
    ("arn: arn:aws:secretsmanager:r:1:secret:prod/db", "arn: arn:aws:secretsmanager:r:1:secret:prod/db"),
    ("- name: DB_PASSWORD\n  value: hunter22\n- name: B\n  value: c", "- name: DB_PASSWORD\n  value: ***\n- name: B\n  value: c"),
    ("- value: hunter22\n  name: DB_PASSWORD\n- value: c\n  name: B", "- value: ***\n  name: DB_PASSWORD\n- value: c\n  name: B"),
    ("env: [{ name: DB_PASSWORD, value: hunter22 }]", "env: [{ name: DB_PASSWORD, value: *** }]"),
    (
        "kind: Secret\ndata:\n  a: aHVudGVy\nx: 1\n---\nkind: ConfigMap\ndata:\n  a: b",
        "kind: Secret\ndata:\n  ***\nx: 1\n---\nkind: ConfigMap\ndata:\n  a: b",
    ),
    ("args: [\"--password\", \"hunter22\"]\nx: --password hunter22 --y", "args: [\"--password\", \"***\"]\nx: --password *** --y"),
    ("- --password\n- hunter22\n- --password=hunter22", "- --password\n- ***\n- --password=***"),
    ("j: \"{\\\"password\\\":\\\"hunter22\\\",\\\"a\\\":1}\"", "j: \"{\\\"password\\\":***,\\\"a\\\":1}\""),
    ("{\"password\": \"hunter22\", \"replicas\": 3}", "{\"password\": ***, \"replicas\": 3}"),
    ("password: \"hunter22\nb: 1", "password: ***\n***"),
];

#[test]
fn texts_are_masked_in_place() {
    for (text, wanted) in TEXTS {
        assert_eq!(mask_text(text), wanted, "{text}");
    }
}

#[test]
fn messages_quote_no_secret() {
    let secrets = Secrets::of("password: Tr0ub4dor&3 # c\npassword: \"q\\\"uote9\"\ntoken: storage\nusername: cassandra\npwd: ab1");
    for (message, wanted) in [
        ("`Tr0ub4dor&3` is short; Tr0ub4dor&3!", "`***` is short; ***!"),
        ("q\"uote9 has a quote", "*** has a quote"),
        ("the storage `storage` of cassandra", "the storage `***` of cassandra"),
        ("cannot reach jdbc:x://a:b@h/d?password=c&d=e", "cannot reach jdbc:x://***@h/d?password=***&d=e"),
        ("set password: it is missing", "set password: it is missing"),
        ("`ab1` ab1", "`***` ab1"),
    ] {
        assert_eq!(secrets.mask_message(message), wanted);
    }
    assert_eq!(format!("{secrets:?}").matches("Tr0").count(), 0);
    assert_eq!(Secrets::union([&secrets, &Secrets::of("password: other99")]).mask_message("other99 Tr0ub4dor&3"), "*** ***");
}

#[test]
fn hostile_texts_take_no_longer_than_their_length() {
    // Each would take minutes if a step looked at the rest of its line again.
    for piece in [
        "password=a&",
        "password: a, ",
        "://",
        "a@://",
        ":thin:",
        "--a",
        "----",
        "value: ",
        "{value: ",
        "password: *a,",
        "\"",
        "a=",
        "password: \"",
    ] {
        for end in ["", "\n"] {
            let text = format!("name: password\n{}", (piece.to_owned() + end).repeat(30_000));
            let _ = mask_text(&text);
        }
    }
}

#[test]
fn values_and_trees() {
    assert_eq!(mask_value("scalar.db.password", "hunter22"), "***");
    assert_eq!(mask_value("scalar.db.password", ""), "");
    assert_eq!(mask_value("contactPoints", "jdbc:x://h?password=hunter22"), "jdbc:x://h?password=***");
    assert_eq!(mask_value("a", "b"), "b");
    let tree = json!({
        "kind": "Secret", "data": {"a": "b", "n": null}, "metadata": {"name": "db-password"},
        "env": [{"name": "DB_PASSWORD", "value": "x"}, {"name": "A", "value": "y"}, {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        "password": {"deep": ["x", 1]}, "secret": {"secretName": "tls"}, "text": "a=1\npassword=x\n", "token": 5,
    });
    let wanted = json!({
        "kind": "Secret", "data": {"a": "***", "n": null}, "metadata": {"name": "db-password"},
        "env": [{"name": "DB_PASSWORD", "value": "***"}, {"name": "A", "value": "y"}, {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
        "password": {"deep": ["***", "***"]}, "secret": {"secretName": "tls"}, "text": "a=1\npassword=***\n", "token": "***",
    });
    assert_eq!(mask_tree(&tree), wanted);
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "(password|name|value|token|data)?[:= \n\"'{}\\[\\]&*|>\\\\a-b@/?#,é-]{0,60}") {
        let _ = mask_text(&text);
        let _ = Secrets::of(&text).mask_message(&text);
    }

    #[test]
    fn a_yaml_value_never_shows(secret in "[ -~]{0,10}Q7x[ -~\n]{0,10}", key in "(password|scalar[.]db[.]password|clientSecret)") {
        let text = crate::output::yaml::to_string(&json!({"a": [{"x": 1, key.clone(): secret, "y": {"z": 2}}], "b": 3}));
        let masked = mask_text(&text);
        prop_assert!(!masked.contains("Q7x"), "{}", masked);
        prop_assert!(masked.contains("z: 2") && masked.ends_with("b: 3\n"), "{}", masked);
        let line = crate::output::properties::write(None, &[(key.clone(), secret), ("b".into(), "c".into())]);
        let masked = mask_text(&line);
        prop_assert!(!masked.contains("Q7x") && masked.ends_with("b=c\n"), "{}", masked);
    }
}
