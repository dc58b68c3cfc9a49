//! Reads one Kubernetes version out of the source of a k8s-openapi release. Only what the generated files hold is understood.

use std::collections::BTreeMap;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::Failure;

/// A field: its JSON key, its type in the table's words, whether the OpenAPI document requires it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub kind: String,
    pub required: bool,
}

/// A kind that the API serves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kind {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub namespaced: bool,
    pub type_name: String,
}

#[derive(Default)]
pub struct Version {
    /// By short name of the type, then by JSON key.
    pub types: BTreeMap<String, BTreeMap<String, Field>>,
    pub kinds: Vec<Kind>,
}

/// Types that are no struct with fields, and the word of the table for each.
const LEAVES: [(&str, &str); 10] = [
    ("meta.v1.Time", "time"),
    ("meta.v1.MicroTime", "time"),
    ("meta.v1.FieldsV1", "any"),
    ("meta.v1.Patch", "any"),
    ("Quantity", "quantity"),
    ("IntOrString", "intstr"),
    ("RawExtension", "any"),
    ("ByteString", "bytes"),
    ("Value", "any"),
    ("JSON", "any"),
];

pub fn read(root: &Path) -> Result<Version, Failure> {
    let mut version = Version::default();
    for part in ["api", "apimachinery"] {
        folder(&root.join(part), &mut version)?;
    }
    version.kinds.sort();
    Ok(version)
}

fn folder(at: &Path, version: &mut Version) -> Result<(), Failure> {
    let mut entries = std::fs::read_dir(at)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            folder(&path, version)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            file(&std::fs::read_to_string(&path)?, version).map_err(|fault| format!("{}: {fault}", path.display()))?;
        }
    }
    Ok(())
}

fn file(text: &str, version: &mut Version) -> Result<(), Failure> {
    let Some(name) = text.lines().next().and_then(|line| line.strip_prefix("// Generated from definition ")) else { return Ok(()) };
    let name = short(name);
    let syntax = syn::parse_file(text)?;
    let own = name.rsplit('.').next().unwrap_or_default();
    let found = syntax.items.iter().find_map(|item| match item {
        syn::Item::Struct(found) if found.ident == own => Some(found),
        _ => None,
    });
    let Some(found) = found else { return Ok(()) };
    let syn::Fields::Named(named) = &found.fields else { return Ok(()) };
    let mut keys = Keys::default();
    keys.visit_file(&syntax);
    let mut fields = BTreeMap::new();
    for field in &named.named {
        let ident = field.ident.as_ref().ok_or("a field without a name")?.to_string();
        let key = keys.of.get(&format!("Key_{ident}")).ok_or_else(|| format!("no key for the field {ident}"))?;
        let (inner, required) = match generic(&field.ty, "Option") {
            Some(inner) => (inner, false),
            None => (&field.ty, true),
        };
        fields.insert(key.clone(), Field { kind: word(inner)?, required });
    }
    if let Some(kind) = kind(&syntax, &name) {
        for key in ["apiVersion", "kind"] {
            // Required of an object that stands alone only: a claim template of a StatefulSet has none.
            fields.insert(key.into(), Field { kind: "string".into(), required: false });
        }
        version.kinds.push(kind);
    }
    version.types.insert(name, fields);
    Ok(())
}

/// `io.k8s.api.core.v1.Pod` is `core.v1.Pod`, `io.k8s.apimachinery.pkg.apis.meta.v1.Time` is `meta.v1.Time`.
fn short(name: &str) -> String {
    let rest = name.strip_prefix("io.k8s.api.").or_else(|| name.strip_prefix("io.k8s.apimachinery.pkg.apis."));
    rest.unwrap_or(name).to_owned()
}

/// The match arms `"key" => Field::Key_field` of the deserialiser.
#[derive(Default)]
struct Keys {
    of: BTreeMap<String, String>,
}

impl<'ast> Visit<'ast> for Keys {
    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if let syn::Pat::Lit(syn::ExprLit { lit: syn::Lit::Str(key), .. }) = &arm.pat
            && let syn::Expr::Path(path) = &*arm.body
            && let Some(last) = path.path.segments.last()
        {
            self.of.insert(last.ident.to_string(), key.value());
        }
        visit::visit_arm(self, arm);
    }
}

fn generic<'t>(from: &'t syn::Type, name: &str) -> Option<&'t syn::Type> {
    let syn::Type::Path(path) = from else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().rev().find_map(|argument| match argument {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

/// A Rust type in the table's words: `string`, `[]core.v1.Container`, `{}quantity`.
fn word(of: &syn::Type) -> Result<String, Failure> {
    if let Some(item) = generic(of, "Vec") {
        return Ok(format!("[]{}", word(item)?));
    }
    if let Some(item) = generic(of, "BTreeMap") {
        return Ok(format!("{{}}{}", word(item)?));
    }
    if let Some(item) = generic(of, "Box") {
        return word(item);
    }
    let syn::Type::Path(path) = of else { return Err("a type that is no path".into()) };
    let parts: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let last = parts.last().map(String::as_str).unwrap_or_default();
    let simple = match last {
        "String" => "string",
        "i32" => "int32",
        "i64" => "int64",
        "f64" => "number",
        "bool" => "bool",
        _ => "",
    };
    if !simple.is_empty() {
        return Ok(simple.into());
    }
    let name = match parts.iter().position(|part| part == "api" || part == "apis") {
        Some(at) => parts[at + 1..].join("."),
        None => last.to_owned(),
    };
    let leaf = LEAVES.iter().find(|(leaf, _)| *leaf == name || (!leaf.contains('.') && *leaf == last));
    Ok(leaf.map_or(name, |(_, word)| (*word).to_owned()))
}

/// What `impl crate::Resource for` says, where the type has its own metadata (lists have not).
fn kind(syntax: &syn::File, type_name: &str) -> Option<Kind> {
    let block = syntax.items.iter().find_map(|item| match item {
        syn::Item::Impl(block)
            if block.trait_.as_ref().is_some_and(|(_, path, _)| path.segments.last().is_some_and(|last| last.ident == "Resource")) =>
        {
            Some(block)
        }
        _ => None,
    })?;
    let constant = |name: &str| {
        block.items.iter().find_map(|item| match item {
            syn::ImplItem::Const(constant) if constant.ident == name => match &constant.expr {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
    };
    let namespaced = block.items.iter().any(|item| match item {
        syn::ImplItem::Type(scope) => matches!(&scope.ty, syn::Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "NamespaceResourceScope")),
        _ => false,
    });
    Some(Kind {
        group: constant("GROUP")?,
        version: constant("VERSION")?,
        kind: constant("KIND")?,
        namespaced,
        type_name: type_name.to_owned(),
    })
}
