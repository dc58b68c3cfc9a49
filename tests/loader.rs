//! The real Schema Loader takes the rendered inputs, with the arguments and the environment of the rendered Job, and the tables are there.
//!
//! Its class path comes from `tests/loader/pom.xml`, fetched by `.ci/run`. Version 3.13.0 stands in for 3.8 to 3.12 here: what it reads of
//! these files has not changed between them. Skipped, with a message, where Java, the class path or a database is missing.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::cli::finish;
use common::{cache, crate_root, program};
use gqlgen::commands::pipeline::{self, Options};
use serde_json::Value;

/// A login with everything that a shell, a `.properties` file or a URL would change.
const USER: &str = "shop";
const PASSWORD: &str = "p\\w \"x\"#=:$ü'%20";

fn class_path() -> Option<String> {
    let found = cache("loader/lib");
    if found.is_none() {
        eprintln!("skipped: no class path of the Schema Loader (`.ci/run tools` fetches it)");
    }
    Some(found?.join("*").to_string_lossy().into_owned())
}

/// Renders a config for a URL and gives the folder with the loader's files.
fn render(folder: &Path, version: &str, url: &str) -> PathBuf {
    std::fs::copy(crate_root().join("tests/loader/schema.json"), folder.join("schema.json")).expect("copied");
    let config = format!(
        "apiVersion: gqlgen/v1\nscalardb: \"{version}\"\nschema: schema.json\nlint: {{ ignore: [] }}\n\
         database:\n  storage: jdbc\n  contactPoints: {}\n  credentials: {{ existingSecret: scalardb-credentials }}\n",
        Value::from(url)
    );
    let path = folder.join("gqlgen.yaml");
    std::fs::write(&path, config).expect("written");
    let built = pipeline::build(&path, None, &Options::default());
    let [environment] = built.environments.as_slice() else { panic!("one environment: {:?}", built.diagnostics) };
    let out = folder.join("out");
    for (name, file) in environment.files("gqlgen.yaml") {
        let to = out.join(name);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::write(to, file.text).expect("written");
    }
    out.join("schema-loader")
}

/// Runs the loader as the Job does: its arguments, with the mounted files replaced by the rendered ones, and its variables.
fn load(files: &Path) -> Option<Output> {
    let java = program("GQLGEN_JAVA", "java")?;
    let class_path = class_path()?;
    let job = std::fs::read_to_string(files.join("job.yaml")).expect("the Job");
    let documents = serde_saphyr::from_multiple::<Value>(&job).expect("YAML");
    let job = documents.iter().find(|d| d["kind"] == "Job").expect("a Job");
    let container = &job["spec"]["template"]["spec"]["containers"][0];
    let mut command = Command::new(java);
    command.arg("-cp").arg(class_path).arg("com.scalar.db.schemaloader.SchemaLoader");
    for argument in container["args"].as_array().expect("arguments") {
        let text = argument.as_str().expect("a text");
        match text.rsplit_once('/') {
            Some((_, name)) if files.join(name).is_file() => command.arg(files.join(name)),
            _ => command.arg(text),
        };
    }
    for variable in container["env"].as_array().expect("variables") {
        let login = match variable["valueFrom"]["secretKeyRef"]["key"].as_str() {
            Some("db-username") => USER,
            Some("db-password") => PASSWORD,
            other => panic!("another key of the Secret: {other:?}"),
        };
        command.env(variable["name"].as_str().expect("a name"), login);
    }
    Some(command.output().expect("java runs"))
}

#[track_caller]
fn assert_loaded(done: &Output) {
    assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
}

#[test]
fn tables_are_made_in_sqlite() {
    let Some(sqlite) = program("GQLGEN_SQLITE", "sqlite3") else { return };
    for version in ["3.9", "3.13"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("shop.db");
        let files = render(folder.path(), version, &format!("jdbc:sqlite:{}?busy_timeout=10000", database.display()));
        let Some(done) = load(&files) else { return };
        assert_loaded(&done);
        let query = "select name from sqlite_master where type = 'table' order by name;";
        let tables = finish(Command::new(&sqlite).arg(&database).arg(query)).ends(0).out;
        for table in ["coordinator$state", "log$event", "shop$customer", "shop$order"] {
            assert!(tables.lines().any(|l| l == table), "{table} is missing:\n{tables}");
        }
        let columns = finish(Command::new(&sqlite).arg(&database).arg("select name from pragma_table_info('shop$order');")).ends(0).out;
        assert!(columns.contains("placed_at") && columns.contains("tx_id"), "a table with transactions:\n{columns}");
        let again = load(&files).expect("it ran before");
        assert_loaded(&again);
    }
}

/// A PostgreSQL of its own on the loopback interface, stopped when dropped.
struct Postgres {
    bin: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Postgres {
    /// `None` where it is not installed; Debian keeps its server programs outside the PATH.
    fn start() -> Option<Postgres> {
        let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|e| Some(e.ok()?.path().join("bin")))
            .filter(|b| b.join("initdb").is_file())
            .collect();
        found.sort();
        let Some(bin) = found.pop() else {
            eprintln!("skipped: no PostgreSQL on this machine");
            return None;
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let server = Postgres { bin, folder, port };
        server.prepare();
        Some(server)
    }

    fn prepare(&self) {
        let top = self.folder.path();
        std::fs::write(top.join("password"), PASSWORD).expect("written");
        if is_root() {
            // The server refuses to run as root.
            let all = Command::new("chown").args(["-R", "postgres"]).arg(top).status().expect("chown runs");
            assert!(all.success());
        }
        let data = top.join("data");
        let file = format!("--pwfile={}", top.join("password").display());
        finish(self.server("initdb").arg("-D").arg(&data).args(["-U", USER, "--auth=scram-sha-256", "-E", "UTF8", &file])).ends(0);
        let options = format!("-p {} -h 127.0.0.1 -k {} -F", self.port, top.display());
        // The server keeps the streams of whoever starts it open.
        let started = self
            .server("pg_ctl")
            .args(["-s", "-w", "-o", &options, "-l"])
            .arg(top.join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
        assert!(started.expect("pg_ctl runs").success(), "{}", std::fs::read_to_string(top.join("log")).unwrap_or_default());
    }

    /// A program of the server, as a user other than root.
    fn server(&self, name: &str) -> Command {
        let mut command = if is_root() {
            let mut other = Command::new("runuser");
            other.args(["-u", "postgres", "--"]).arg(self.bin.join(name));
            other
        } else {
            Command::new(self.bin.join(name))
        };
        command.current_dir(self.folder.path());
        command
    }

    fn query(&self, sql: &str) -> String {
        let port = self.port.to_string();
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-h", "127.0.0.1", "-p", &port, "-U", USER, "-d", "postgres", "-At", "-c", sql]).env("PGPASSWORD", PASSWORD);
        finish(&mut psql).ends(0).out
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.server("pg_ctl").args(["-s", "-m", "immediate", "-D"]).arg(self.folder.path().join("data")).arg("stop").status();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n")
}

#[test]
fn tables_are_made_in_postgresql() {
    if program("GQLGEN_JAVA", "java").is_none() || class_path().is_none() {
        return;
    }
    let Some(server) = Postgres::start() else { return };
    for version in ["3.8", "3.13"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = render(folder.path(), version, &format!("jdbc:postgresql://127.0.0.1:{}/postgres", server.port));
        let text = std::fs::read_to_string(files.join("database.properties")).expect("the properties");
        assert!(text.contains("${env:") && !text.contains("20ü"), "the login is a placeholder:\n{text}");
        let done = load(&files).expect("java is there");
        assert_loaded(&done);
        let tables = server.query("select table_schema || '.' || table_name from information_schema.tables order by 1");
        for table in ["coordinator.state", "log.event", "shop.customer", "shop.order"] {
            assert!(tables.lines().any(|l| l == table), "{table} is missing:\n{tables}");
        }
        let columns = server.query("select column_name from information_schema.columns where table_name = 'order'");
        assert!(columns.contains("placed_at") && columns.contains("tx_id"), "a table with transactions:\n{columns}");
        server.query("drop schema shop cascade; drop schema log cascade; drop schema coordinator cascade; drop schema scalardb cascade");
    }
}
