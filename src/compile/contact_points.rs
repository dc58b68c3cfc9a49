//! `database.contactPoints`, written as meant, as the text that each reader takes.
//!
//! ScalarDB splits the text at commas. From 3.13 on a backslash keeps a comma from splitting, and every backslash is taken out; before, a
//! comma always splits and backslashes stay. What a version cannot carry at all is refused by a rule; here nothing fails.

use crate::model::{Database, Storage, Version};
use crate::output::properties::escape_value;

/// First minor in which a comma can be kept, by a backslash, and no other backslash can.
pub const ESCAPES_SINCE: u16 = 13;
/// First minor that looks up `${env:NAME}` and `${sys:NAME}`.
pub const PLACEHOLDERS_SINCE: u16 = 8;

/// The single contact points that are meant. A comma separates them in every storage but `jdbc`, where it belongs to the URL unless
/// another URL follows. Empty ones are kept, for the rules to see.
pub fn elements(storage: Storage, given: &[String]) -> Vec<String> {
    given
        .iter()
        .flat_map(|text| {
            let parts: Vec<String> = match storage {
                Storage::Jdbc => urls(text),
                _ => text.split(',').map(|part| part.trim().to_owned()).collect(),
            };
            parts
        })
        .collect()
}

fn urls(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    for (comma, _) in text.match_indices(',') {
        if text[comma + 1..].trim_start().starts_with("jdbc:") {
            found.push(text[start..comma].trim().to_owned());
            start = comma + 1;
        }
    }
    found.push(text[start..].trim().to_owned());
    found
}

/// The value of `scalar.db.contact_points`, not yet escaped for the `.properties` file.
pub fn for_properties(database: &Database, version: Version) -> String {
    let texts: Vec<String> = elements(database.storage, &database.contact_points)
        .into_iter()
        .filter(|element| !element.is_empty())
        .map(|element| if version.at_least(ESCAPES_SINCE) { element.replace(',', "\\,") } else { element })
        .collect();
    literal(&texts.join(","), version)
}

/// The chart value `scalarDbGraphQlConfiguration.contactPoints`. The chart puts it between the double quotes of a YAML scalar, unescaped,
/// and the image puts what comes of that into its own `.properties` file, unescaped again.
pub fn for_chart(database: &Database, version: Version) -> String {
    escape_value(&for_properties(database, version)).replace('\\', "\\\\").replace('"', "\\\"")
}

/// A text that ScalarDB reads back as it stands: without blanks at the ends, and with `${` kept from being looked up.
pub fn literal(text: &str, version: Version) -> String {
    let text = text.trim();
    if version.at_least(PLACEHOLDERS_SINCE) { text.replace("${", "$${") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Credentials, Transaction};

    fn database(storage: Storage, points: &[&str]) -> Database {
        Database {
            storage,
            contact_points: points.iter().map(|p| (*p).to_owned()).collect(),
            contact_port: None,
            credentials: Credentials::None,
            transaction: Transaction { manager: "consensus-commit".into(), isolation: None, serializable_strategy: None },
            properties: Vec::new(),
        }
    }

    #[test]
    fn lists_and_texts_are_the_same_points() {
        let version = Version { minor: 9, patch: 6 };
        for points in [&["a", "b"][..], &["a , b"], &["a,b,"], &[" a", "b "]] {
            assert_eq!(for_properties(&database(Storage::Cassandra, points), version), "a,b");
        }
        let two = database(Storage::Jdbc, &["jdbc:x://a,b/, jdbc:x://c/"]);
        assert_eq!(elements(two.storage, &two.contact_points), ["jdbc:x://a,b/", "jdbc:x://c/"]);
    }

    #[test]
    fn escapes_follow_the_version() {
        let (old, new) = (Version { minor: 8, patch: 5 }, Version { minor: 13, patch: 6 });
        let host_list = database(Storage::Jdbc, &["jdbc:yugabytedb://a:1,b:2/s"]);
        assert_eq!(for_properties(&host_list, new), "jdbc:yugabytedb://a:1\\,b:2/s");
        assert_eq!(for_chart(&host_list, new), "jdbc:yugabytedb://a:1\\\\\\\\,b:2/s");
        let instance = database(Storage::Jdbc, &["jdbc:sqlserver://h\\APP;a=\"b\""]);
        assert_eq!(for_properties(&instance, old), "jdbc:sqlserver://h\\APP;a=\"b\"");
        assert_eq!(for_chart(&instance, old), "jdbc:sqlserver://h\\\\\\\\APP;a=\\\"b\\\"");
        assert_eq!(literal(" a${env:B} ", new), "a$${env:B}");
        assert_eq!(literal("a${env:B}", Version { minor: 7, patch: 7 }), "a${env:B}");
    }
}
