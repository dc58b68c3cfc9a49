//! Which names of keys, parameters and environment variables mean a credential. Limits: names only, in English.

/// How a key hides what stands under it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Everything under it, maps and lists too.
    Whole,
    /// As `Whole`, but its text is an everyday word that messages may hold.
    User,
    /// Only a scalar: over a map it names a group of keys.
    Scalar,
}

/// Whether the value of such a key is a credential: `scalar.db.password`, `secretKey`, `AWS_ACCESS_KEY_ID`, `db-username`.
/// The name of a Secret (`existingSecret`, `secretName`) is none.
pub fn is_secret_key(key: &str) -> bool {
    kind(key).is_some()
}

pub(super) fn kind(key: &str) -> Option<Kind> {
    // In annotations `auth-secret` and its like are names of Secrets.
    if key.contains("ingress.kubernetes.io/") {
        return None;
    }
    let words = words(key);
    let (last, before) = words.split_last()?;
    let previous = before.last().map_or("", String::as_str);
    let ends = |ends: &[&str]| ends.iter().any(|e| last.ends_with(e));
    if ends(&[
        "password",
        "passwords",
        "passwd",
        "passphrase",
        "accesskey",
        "secretkey",
        "apikey",
        "accountkey",
        "privatekey",
        "dockerconfigjson",
    ]) || is_misspelt_password(last)
        || matches!(last.as_str(), "pwd" | "pass" | "token" | "tokens") && !(previous == "account" && before.iter().any(|w| w == "service"))
        || last == "key" && matches!(previous, "access" | "secret" | "api" | "account" | "private" | "master" | "encryption")
        || last == "id" && previous == "key" && before.iter().any(|w| w == "access")
    {
        return Some(Kind::Whole);
    }
    if ends(&["username"]) || last == "name" && previous == "user" {
        return Some(Kind::User);
    }
    let group = matches!(last.as_str(), "secret" | "credential" | "credentials");
    let name = matches!(previous, "existing" | "pull" | "plain" | "tls" | "image");
    (group && !name).then_some(Kind::Scalar)
}

/// A slip of the finger does not make a password an innocent word: `pasword`, `passwort`.
fn is_misspelt_password(word: &str) -> bool {
    word.starts_with('p') && (6..=10).contains(&word.len()) && strsim::osa_distance(word, "password") <= 2
}

/// Lower-case words of a name: parted by case, and by whatever is no letter or digit.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut chars = key.chars().peekable();
    while let Some(c) = chars.next() {
        let starts = c.is_uppercase() && (!before.is_uppercase() || chars.peek().is_some_and(|n| n.is_lowercase()));
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_credentials_and_names_that_look_so() {
        for key in [
            "password",
            "scalar.db.password",
            "scalar.db.username",
            "db-password",
            "DB_PASSWORD",
            "dbpassword",
            "secretKey",
            "AWS_ACCESS_KEY_ID",
            "passwd",
            "AWS_SECRET_ACCESS_KEY",
            "accessKey",
            "token",
            "authToken",
            "clientSecret",
            "DBPassword",
            "userName",
            "username",
            "secret",
            "apiKey",
            "pwd",
            "pasword",
            "passwrod",
        ] {
            assert!(is_secret_key(key), "{key}");
        }
        for key in [
            "existingSecret",
            "secretName",
            "pullSecrets",
            "imagePullSecrets",
            "secretKeyRef",
            "user",
            "name",
            "runAsUser",
            "automountServiceAccountToken",
            "serviceAccountToken",
            "nginx.ingress.kubernetes.io/auth-secret",
            "allowPlainCredentials",
            "passwordFile",
            "tokenExpirationSeconds",
            "key",
            "",
            "-",
        ] {
            assert!(!is_secret_key(key), "{key}");
        }
    }
}
