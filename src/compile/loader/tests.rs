use super::*;
use crate::model::*;
use serde_json::json;

fn deployment(version: &str) -> Deployment {
    Deployment {
        environment: None,
        release: "stock".into(),
        namespace: "warehouse".into(),
        version: Version::parse(version).expect("a version"),
        chart_version: "1.3.7".into(),
        replicas: 3,
        image: Image {
            repository: "r".into(),
            source: "r".into(),
            tag: version.into(),
            pull_policy: None,
            pull_secrets: None,
            registry: None,
        },
        database: Database {
            storage: Storage::Cassandra,
            contact_points: vec!["cassandra-0".into(), "cassandra-1".into()],
            contact_port: Some(9142),
            credentials: Credentials::Secret("login".into()),
            transaction: Transaction { manager: "consensus-commit".into(), isolation: None, serializable_strategy: None },
            properties: vec![("scalar.db.x".into(), " ${env:A} ".into())],
        },
        graphql: Graphql { path: "/graphql".into(), namespaces: vec!["shop".into()], graphiql: true, log_level: LogLevel::Info },
        loader: Some(Loader {
            schema: Some(json!({ "shop.item": { "transaction": true } })),
            coordinator: true,
            alter: false,
            replication_factor: Some("3".into()),
            replication_strategy: None,
            request_units: None,
            compaction_strategy: None,
            scaling: true,
            backup: true,
        }),
        ingress: None,
        nodes: Nodes {
            pool: Some("pool".into()),
            label: "agentpool".into(),
            dedicated: true,
            taint: "kubernetes.io/app".into(),
            capacity: None,
            fargate: None,
            spread: None,
            affinity: None,
            tolerations: vec![json!({ "key": "maintenance", "operator": "Exists" })],
            selector: Vec::new(),
        },
        resources: None,
        monitoring: Monitoring::default(),
        security: Security { pod: None, container: Some(json!({ "readOnlyRootFilesystem": true })) },
        strategy: None,
        service: Service::default(),
        cluster: None,
        autoscaling: None,
        values: json!({}),
    }
}

#[test]
fn from_3_8_on_the_login_is_looked_up() {
    let files = files(&deployment("3.8.7"), "# gqlgen\n");
    assert_eq!(
        files["schema-loader/database.properties"].text,
        "# gqlgen\nscalar.db.storage=cassandra\nscalar.db.contact_points=cassandra-0,cassandra-1\nscalar.db.contact_port=9142\n\
         scalar.db.username=${env:SCALAR_DB_USERNAME}\nscalar.db.password=${env:SCALAR_DB_PASSWORD}\n\
         scalar.db.transaction_manager=consensus-commit\nscalar.db.x=$${env:A}\n"
    );
    let run = &files["schema-loader/run.sh"];
    assert!(run.executable && run.text.starts_with("#!/bin/sh\n# gqlgen\n") && run.text.contains("exec docker run --rm"));
    assert!(run.text.contains("-c /database.properties -f /schema.json --coordinator --replication-factor 3\n"), "{}", run.text);
    assert!(files["schema-loader/job.yaml"].text.contains("key: db-password"));
}

#[test]
fn before_3_8_the_login_is_written_where_the_loader_runs() {
    let deployment = deployment("3.7.7");
    let files = files(&deployment, "# gqlgen\n");
    assert!(!files["schema-loader/database.properties"].text.contains("username"));
    let run = Run::of(&deployment).expect("a run");
    let pod = &job::objects(&run)[1]["spec"]["template"]["spec"];
    assert_eq!(pod["containers"][0]["args"][1], "/schema-loader-login/database.properties");
    assert_eq!(pod["initContainers"][0]["env"][1]["valueFrom"]["secretKeyRef"], json!({ "name": "login", "key": "db-password" }));
    assert_eq!(pod["volumes"][2]["emptyDir"]["medium"], "Memory");
    assert!(pod["containers"][0].get("env").is_none());
}

/// The script before 3.8, run with a docker that shows what it is given.
#[test]
fn the_script_adds_the_login_and_leaves_nothing_behind() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    for (name, file) in files(&deployment("3.7.7"), "# gqlgen\n") {
        let path = at(name.trim_start_matches("schema-loader/"));
        std::fs::write(&path, &file.text).expect("written");
    }
    std::fs::write(at("docker"), "#!/bin/sh\nfor word; do case $word in *:/database.properties:ro) cat \"${word%%:*}\"; echo \"at ${word%%:*}\";; esac; done\nexit 7\n")
        .expect("written");
    std::fs::set_permissions(at("docker"), std::fs::Permissions::from_mode(0o755)).expect("executable");
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap_or_default());
    let run = |password: Option<&str>| {
        let mut command = std::process::Command::new("sh");
        command.arg(at("run.sh")).env("PATH", &path).env("SCALAR_DB_USERNAME", "scott").env_remove("SCALAR_DB_PASSWORD");
        if let Some(password) = password {
            command.env("SCALAR_DB_PASSWORD", password);
        }
        command.output().expect("sh runs")
    };
    let done = run(Some(" a\\b $(id) 'c' \"d\" %s"));
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(7), "{out}{}", String::from_utf8_lossy(&done.stderr));
    assert!(out.contains("scalar.db.username=scott\nscalar.db.password=\\ a\\\\b $(id) 'c' \"d\" %s\n"), "{out}");
    let temporary = out.lines().find_map(|line| line.strip_prefix("at ")).expect("a place");
    assert!(!std::path::Path::new(temporary).exists());
    assert_ne!(run(None).status.code(), Some(7));
}

#[test]
fn the_job_follows_the_servers_where_it_has_to() {
    let mut deployment = deployment("3.9.7");
    deployment.image.registry = Some("mirror.example.net:5000".into());
    deployment.release = format!("{}-{}", "r".repeat(37), "s".repeat(15));
    let run = Run::of(&deployment).expect("a run");
    let objects = job::objects(&run);
    let name = objects[1]["metadata"]["name"].as_str().expect("a name");
    assert!(name.len() <= 63 && name.starts_with(&format!("{}-schema-loader-", "r".repeat(37))), "{name}");
    let pod = &objects[1]["spec"]["template"]["spec"];
    assert_eq!(pod["tolerations"].as_array().map(Vec::len), Some(2));
    assert_eq!(pod["containers"][0]["image"], "mirror.example.net:5000/scalar-labs/scalardb-schema-loader:3.9.7");
    assert_eq!(pod["imagePullSecrets"][0]["name"], "reg-docker-secrets");
    assert_eq!(pod["volumes"][1]["name"], "tmp");
    let before = name.to_owned();
    deployment.nodes.dedicated = false;
    assert_ne!(job_name(&deployment), Some(before), "another content, another name");
}

#[test]
fn without_tables_only_the_coordinator_is_made() {
    let mut deployment = deployment("3.9.7");
    deployment.loader.as_mut().expect("a loader").schema = None;
    let made = files(&deployment, "# gqlgen\n");
    assert!(!made.contains_key("schema-loader/schema.json") && !made["schema-loader/run.sh"].text.contains("schema.json"));
    deployment.loader.as_mut().expect("a loader").coordinator = false;
    assert!(files(&deployment, "# gqlgen\n").is_empty());
}
