#!/usr/bin/env python3
"""`gqlgen diff` against a real API server and a real Helm: release, live, three ways, rights, snapshots, refusals, secrets.

    tests/cluster/diff.py [CASE ...]

GQLGEN names the binary (otherwise the newer one of target/release and target/debug). The server is a throw-away one of $GQLGEN_SHARED/tools/cluster-up (default
../shared), with no controllers: what they would do is not seen here. Needs helm, kubectl and PyYAML. Prints a line per failure. Exit code: 0 all
holds, 1 something does not, 77 skipped.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("GQLGEN_SHARED", ROOT.parent / "shared")).resolve()

RELEASE = "shop-scalardb-graphql"
CHART, SCALARDB = "1.3.4", "3.8.4"
PASSWORD = "planted-osprey-58"
BASE = {
    "apiVersion": "gqlgen/v1",
    "release": RELEASE,
    "namespace": "default",
    "scalardb": SCALARDB,
    "replicas": 3,
    "database": {"storage": "dynamo", "contactPoints": "ap-northeast-1", "credentials": {"username": "shop_app", "password": PASSWORD}},
    "graphql": {"namespaces": ["shop"]},
    "ingress": {"class": "alb", "hosts": ["graphql.shop.example.com"], "stickiness": "5m"},
    "schemaLoader": {"coordinator": False},
    "lint": {"allowPlainCredentials": True},
}
D, I, S = "Deployment", "Ingress", "Service"
# name: (what is laid over the config, changes that must be told, whether the API server refuses the upgrade)
CASES = {
    "replicas-up": ({"replicas": 5}, [(D, "/spec/replicas", "in-place")], False),
    "replicas-down": ({"replicas": 1}, [(D, "/spec/replicas", "restart")], False),
    "path": ({"graphql": {"path": "/v2/graphql"}}, [(I, "/spec/rules/0/http/paths/0/path", "traffic"), (D, "/spec/template", "restart")], False),
    "stickiness": ({"ingress": {"stickiness": "1h"}}, [(I, "/metadata/annotations/alb.ingress.kubernetes.io~1target-group-attributes", "traffic")], False),
    "password": ({"database": {"credentials": {"password": "planted-marten-31"}}}, [("Secret", "/data/db-password", "in-place")], False),
    "class": ({"ingress": {"class": "nginx"}}, [(I, "/spec/ingressClassName", "replace")], False),
    "no-ingress": ({"ingress": False}, [(I, "", "replace")], False),
    "selector": ({"values": {"nameOverride": "graphql"}}, [(D, "/spec/selector/matchLabels/app.kubernetes.io~1name", "refused")], True),
    "quantities": ({"resources": {"cpu": "2000m", "memory": "4096Mi"}}, [], False),
    "strategy": ({"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "50%", "maxUnavailable": "0%"}}}, [(D, "/spec/strategy", "in-place")], False),
    "strategy-refused": ({"values": {"strategy": {"type": "Recreate"}}}, [(D, "/spec/strategy/type", "refused")], True),
    "requests-above-limits": ({"values": {"resources": {"requests": {"cpu": "3"}, "limits": {"cpu": "2"}}}}, [(D, "/spec/template/spec/containers/0/resources", "refused")], True),
    "requests-at-limits": ({"resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "1"}}}, [(D, "/spec/template/spec/containers/0/resources", "restart")], False),
    "toleration-refused": ({"values": {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}}, [(D, "/spec/template/spec/tolerations", "refused")], True),
    "toleration": ({"nodes": {"tolerations": [{"key": "a", "operator": "Exists"}]}}, [(D, "/spec/template/spec/tolerations", "restart")], False),
    "service-port": ({"service": {"port": 80}}, [(S, "/spec/ports/0/port", "traffic"), (I, "/spec/rules/0/http/paths/0/backend/service/port/number", "replace")], False),
    "node-port": ({"service": {"type": "NodePort"}}, [(S, "/spec/type", "in-place")], False),
    "release-name": ({"release": "other-scalardb-graphql"}, [(D, "", "in-place")], False),
}

# What `kubectl diff` cannot show: its patch keeps the old port beside the new one, since the number is the item's key, and the names are then doubled.
# Helm knows the old manifest and takes the old port away.
NOT_KUBECTL = {"service-port"}

failures = []
outputs = []


def fail(text):
    failures.append(text)
    print(text)


def merged(base, over):
    if not (isinstance(base, dict) and isinstance(over, dict)):
        return over
    return {k: merged(base.get(k), over[k]) if k in over and k in base else over.get(k, base.get(k)) for k in [*base, *(k for k in over if k not in base)]}


def run(command, check=False, env=None):
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if check and done.returncode:
        raise SystemExit(f"diff.py: {' '.join(command[:4])}: {done.stderr.strip()[-400:]}")
    return done


class Work:
    def __init__(self, gqlgen, helm, folder):
        self.gqlgen, self.helm, self.folder = gqlgen, helm, folder

    def config(self, over):
        path = os.path.join(self.folder, "gqlgen.yaml")
        with open(path, "w", encoding="utf-8") as file:
            yaml.safe_dump(merged(BASE, over), file)
        return path

    def diff(self, *arguments, over=None, env=None):
        path = self.config(over or {})
        done = run([self.gqlgen, "diff", *arguments, path], env=env)
        outputs.append((arguments, done.stdout + done.stderr))
        return done

    def json(self, *arguments, **kwargs):
        done = self.diff("--format", "json", *arguments, **kwargs)
        try:
            return done, json.loads(done.stdout)["changes"]
        except (ValueError, KeyError):
            fail(f"{arguments}: no report: {done.stderr.strip()[:200]}")
            return done, []

    def chart(self, over, name="chart"):
        """The chart of fixtures/charts, the values that gqlgen writes for it, and the objects that Helm makes of both."""
        out = os.path.join(self.folder, "rendered-" + name)
        # What gqlgen itself refuses to render is laid over what it renders, as somebody could do by hand.
        raw = over.get("values", {})
        run([self.gqlgen, "render", "-q", "-o", out, self.config({k: v for k, v in over.items() if k != "values"})], check=True)
        with open(os.path.join(out, "scalardb-graphql-custom-values.yaml"), encoding="utf-8") as file:
            given = yaml.safe_load(file)
        values = os.path.join(self.folder, name + "-values.yaml")
        with open(values, "w", encoding="utf-8") as file:
            yaml.safe_dump(merged(given, raw), file)
        chart = os.path.join(self.folder, "parity")
        if not os.path.exists(chart):
            shutil.copytree(ROOT / "fixtures" / "charts" / "parity", chart)
            with open(os.path.join(chart, "Chart.yaml"), "w", encoding="utf-8") as file:
                file.write(f"apiVersion: v2\nname: scalardb-graphql\nversion: {CHART}\nappVersion: {SCALARDB}\n")
            with open(os.path.join(chart, "values.yaml"), "w", encoding="utf-8") as file:
                file.write(defaults())
        objects = run([self.helm, "template", merged(BASE, over)["release"], chart, "-n", "default", "-f", values], check=True).stdout
        return chart, values, objects


def defaults():
    """The chart's defaults of its newer versions: of a choice by generation the second branch, or the first where it is not for G1."""
    kept, shown = [], [True]
    for line in (ROOT / "charts" / "scalardb-graphql" / "values.yaml").read_text(encoding="utf-8").splitlines():
        word = line.strip()
        if word.startswith("{% if "):
            shown.append(word == '{% if generation != "G1" %}')
        elif word == "{% else %}":
            shown.append(not shown.pop())
        elif word == "{% endif %}":
            shown.pop()
        elif all(shown):
            kept.append(line.replace("{{ Chart.ImageTag }}", SCALARDB))
    return "\n".join(kept) + "\n"


def fits(changes, kind, path, impact):
    return any(c["object"]["kind"] == kind and (c["path"] == path if path == "" else c["path"].startswith(path)) and c["impact"] == impact for c in changes)


def kubectl_paths(work, objects):
    """What kubectl would change: (kind, name, pointer of a leaf that is set)."""
    script = os.path.join(work.folder, "keep.py")
    kept = os.path.join(work.folder, "kept.json")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"""#!{sys.executable}
import sys, os, json, yaml
sides = []
for folder in sys.argv[-2:]:
    sides.append({{n: yaml.safe_load(open(os.path.join(folder, n))) for n in os.listdir(folder)}})
json.dump(sides, open({kept!r}, "w"), default=str)
""")
    os.chmod(script, 0o755)
    if os.path.exists(kept):
        os.remove(kept)
    manifest = os.path.join(work.folder, "wanted.yaml")
    with open(manifest, "w", encoding="utf-8") as file:
        file.write(objects)
    env = {**os.environ, "KUBECTL_EXTERNAL_DIFF": script}
    done = run(["kubectl", "diff", "--server-side", "--force-conflicts", "-n", "default", "-f", manifest], env=env)
    if done.returncode > 1:
        raise SystemExit(f"diff.py: kubectl diff: {done.stderr.strip()[-400:]}")
    if not os.path.exists(kept):
        return None
    with open(kept, encoding="utf-8") as file:
        old, new = json.load(file)
    found = set()
    for name, now in new.items():
        leaves(old.get(name) or {}, now, "", now, found)
    # What the server fills in by itself is in no manifest, and no difference.
    written = {(o["kind"], o["metadata"]["name"]): o for o in yaml.safe_load_all(objects) if o}
    before = {(o["kind"], o["metadata"]["name"]): o for o in old.values() if o}
    return {(kind, name, path) for kind, name, path in found if at(written.get((kind, name)), path) or at(before.get((kind, name)), path)}


def at(value, path):
    """Whether there is something at a pointer."""
    for key in path.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return False
    return True


def leaves(old, new, path, whole, found):
    if old == new or path in ("/metadata/generation", "/metadata/managedFields", "/metadata/resourceVersion", "/metadata/uid", "/metadata/creationTimestamp"):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in new:
            leaves(old.get(key), new[key], f"{path}/{key.replace('~', '~0').replace('/', '~1')}", whole, found)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for i, (a, b) in enumerate(zip(old, new)):
            leaves(a, b, f"{path}/{i}", whole, found)
    else:
        found.add((whole["kind"], whole["metadata"]["name"], path))


def agree(name, work, objects, changes):
    # Where nothing differs it starts no program that would keep the sides.
    theirs = kubectl_paths(work, objects) or set()
    ours = {(c["object"]["kind"], c["object"]["name"], c["path"]) for c in changes if c["op"] != "remove" and c["object"]["kind"] not in ("Job", "ConfigMap")}
    meets = lambda a, b: a[:2] == b[:2] and (a[2] + "/").startswith(b[2] + "/") or a[:2] == b[:2] and (b[2] + "/").startswith(a[2] + "/")
    for change in sorted(theirs):
        # A label of kubectl's own wording is no field of the objects.
        if not any(meets(change, our) for our in ours):
            fail(f"{name}: kubectl diff shows {change}, gqlgen does not")
    for change in sorted(ours):
        if change[2] and not any(meets(change, their) for their in theirs):
            fail(f"{name}: gqlgen shows {change}, kubectl diff does not")


def cases(work, names):
    chart, values, _ = work.chart({}, "installed")
    installed = [chart, "-f", values]
    for name in names or CASES:
        over, expected, refused = CASES[name]
        chart, values, objects = work.chart(over, name)
        for source in ("release", "live"):
            done, changes = work.json("--against", source, over=over)
            changes = [c for c in changes if c["object"]["kind"] not in ("Job", "ConfigMap")]
            for matcher in expected:
                if not fits(changes, *matcher):
                    fail(f"{name} ({source}): missing {matcher}; there is {[(c['object']['kind'], c['path'], c['impact']) for c in changes][:6]} {done.stderr[:200]}")
            if not expected and changes:
                fail(f"{name} ({source}): nothing changes, but {[(c['object']['kind'], c['path'], c.get('before'), c.get('after')) for c in changes][:6]}")
        if name not in ("release-name", "no-ingress"):
            _, changes = work.json("--against", "live", over=over)
            if not refused and name not in NOT_KUBECTL:
                agree(name, work, objects, changes)
        if over.get("release"):
            continue
        upgrade = run([work.helm, "upgrade", RELEASE, chart, "-n", "default", "-f", values])
        if refused != bool(upgrade.returncode):
            fail(f"{name}: Helm {'takes' if refused else 'refuses'} it: {upgrade.stderr.strip()[-300:]}")
        if refused:
            done = work.diff("--against", "release")
            if done.returncode or done.stdout or "is failed; comparing with revision" not in done.stderr:
                fail(f"{name}: after the refused upgrade: exit {done.returncode}: {(done.stdout + done.stderr)[:300]}")
        elif "values" not in over:
            unchanged(work, f"{name}, after the upgrade", over)
        run([work.helm, "rollback", RELEASE, "-n", "default"] if refused else [work.helm, "upgrade", RELEASE, *installed, "-n", "default"], check=True)
    unchanged(work, "after all cases", {})


def unchanged(work, name, over):
    for sources in (["release"], ["live"], ["release", "live"]):
        done = work.diff(*[word for s in sources for word in ("--against", s)], over=over)
        if done.returncode or done.stdout:
            fail(f"{name}: unchanged ({'+'.join(sources)}): exit {done.returncode}: {(done.stdout + done.stderr)[:800]}")


def three_ways(work):
    patch = [{"op": "replace", "path": "/spec/replicas", "value": 4}]
    run(["kubectl", "patch", "deployment", RELEASE, "-n", "default", "--type=json", "-p", json.dumps(patch)], check=True)
    run(["kubectl", "annotate", "ingress", RELEASE, "-n", "default", "--overwrite", "alb.ingress.kubernetes.io/target-group-attributes=stickiness.enabled=false"], check=True)
    run(["kubectl", "set", "env", "deployment/" + RELEASE, "-n", "default", "BY_HAND=yes"], check=True)
    run(["kubectl", "label", "deployment", RELEASE, "-n", "default", "by=hand"], check=True)
    run(["kubectl", "delete", "service", RELEASE, "-n", "default"], check=True)
    over = {"graphql": {"logLevel": "DEBUG"}, "ingress": {"stickiness": "10m"}}
    _, changes = work.json("--against", "release", "--against", "live", over=over)
    told = lambda kind, op, path: [c.get("state") for c in changes if (c["object"]["kind"], c["op"]) == (kind, op) and c["path"].startswith(path)]
    if told(D, "remove", "/spec/template/spec/containers/0/env/") != ["drift"]:
        fail(f"three ways: an environment variable by hand: {told(D, 'remove', '/spec/template')}")
    if told(D, "remove", "/metadata/labels/by") != ["drift"]:
        fail(f"three ways: a label by hand: {told(D, 'remove', '/metadata/labels')}")
    if told(S, "add", "") != ["drift"]:
        fail(f"three ways: a Service deleted by hand: {told(S, 'add', '')}")
    if told(D, "replace", "/spec/template/spec/containers/0/env/") != ["pending"]:
        fail(f"three ways: log level {told(D, 'replace', '/spec/template')}")
    state = lambda kind, path: {c.get("state") for c in changes if c["object"]["kind"] == kind and c["path"].startswith(path)}
    if state(D, "/spec/replicas") != {"drift"}:
        fail(f"three ways: replicas {state(D, '/spec/replicas')}")
    if "conflict" not in state(I, "/metadata/annotations/alb.ingress.kubernetes.io~1target-group-attributes"):
        fail(f"three ways: stickiness {state(I, '/metadata/annotations')}")
    done = work.diff("--against", "release")
    if done.returncode or done.stdout:
        fail(f"three ways: by-hand edits are no matter of the release: {done.stdout[:200]}")


def rights_and_snapshots(work, cluster):
    snapshot = os.path.join(work.folder, "deployed.json")
    work.diff("--against", "release", "--against", "live", "--snapshot", snapshot)
    with open(snapshot, encoding="utf-8") as file:
        outputs.append(("snapshot", file.read()))
    for sources in (["--snapshot", snapshot], ["--against", snapshot]):
        env = {k: v for k, v in os.environ.items() if k != "KUBECONFIG"}
        done = work.diff(*sources, env={**env, "KUBECONFIG": os.devnull})
        if "old" not in done.stderr or done.returncode != 0 or done.stdout:
            fail(f"snapshot: exit {done.returncode}: {(done.stdout + done.stderr)[:400]}")
    done, changes = work.json("--snapshot", snapshot, over={"replicas": 1, "database": {"credentials": {"password": "planted-marten-31"}}})
    if not (fits(changes, D, "/spec/replicas", "restart") and fits(changes, "Secret", "/data/db-password", "in-place")):
        fail(f"snapshot: {done.stdout[:300]}")
    reader, nobody = (os.path.join(cluster, user + ".kubeconfig") for user in ("reader", "nobody"))
    done = work.diff("--against", "live", env={**os.environ, "KUBECONFIG": reader})
    if done.returncode != 0 or done.stdout or "patch" not in done.stderr or "kind: Role" not in done.stderr:
        fail(f"reader: exit {done.returncode}: {(done.stdout + done.stderr)[:600]}")
    for source in ("live", "release"):
        done = work.diff("--against", source, env={**os.environ, "KUBECONFIG": nobody})
        if done.returncode != 2 or "kind: Role" not in done.stderr:
            fail(f"nobody ({source}): exit {done.returncode}: {done.stderr[:300]}")
    done = work.diff("--against", "live", env={**os.environ, "KUBECONFIG": "/nonexistent"})
    if done.returncode != 2:
        fail(f"no cluster: exit {done.returncode}")


def main(arguments):
    built = [path for path in (ROOT / "target" / profile / "gqlgen" for profile in ("release", "debug")) if path.exists()]
    gqlgen = os.environ.get("GQLGEN") or max(built, key=lambda path: path.stat().st_mtime, default=None)
    helm, up = shutil.which("helm"), SHARED / "tools" / "cluster-up"
    lacking = [name for name, there in (("a built gqlgen", gqlgen), ("helm", helm), ("kubectl", shutil.which("kubectl")), ("PyYAML", yaml), ("cluster-up", up.exists())) if not there]
    if lacking:
        print("skipped: without", ", ".join(lacking))
        return 77
    with tempfile.TemporaryDirectory(prefix="gqlgen-diff-") as folder:
        cluster = os.path.join(folder, "cluster")
        subprocess.run([up, cluster], check=True, stdout=subprocess.DEVNULL)
        os.environ["KUBECONFIG"] = os.path.join(cluster, "admin.kubeconfig")
        try:
            everything(Work(os.path.abspath(gqlgen), helm, folder), cluster, arguments)
        finally:
            subprocess.run([SHARED / "tools" / "cluster-down", cluster], check=False)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


def everything(work, cluster, names):
    helm, folder = work.helm, work.folder
    chart, values, _ = work.chart({})
    run([helm, "uninstall", RELEASE, "-n", "default"])
    done = work.diff("--against", "release")
    if done.returncode != 1 or "everything is new" not in done.stderr:
        fail(f"before the first install: exit {done.returncode}: {done.stderr[:200]}")
    run([helm, "install", RELEASE, chart, "-n", "default", "-f", values], check=True)
    job = os.path.join(folder, "rendered-chart", "schema-loader", "job.yaml")
    if os.path.exists(job):
        run(["kubectl", "apply", "-n", "default", "-f", job], check=True)
    unchanged(work, "installed", {})
    manifest = run([helm, "get", "manifest", RELEASE, "-n", "default"], check=True).stdout
    live = run(["kubectl", "get", "-n", "default", "deployment,service,ingress,secret,serviceaccount", "-o", "yaml"], check=True).stdout
    given = run([helm, "get", "values", RELEASE, "-n", "default"], check=True).stdout
    for name, text in (("manifest", manifest), ("kubectl", live), ("values", given)):
        path = os.path.join(folder, name + ".out")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = work.diff("--against", path)
        if done.returncode or done.stdout:
            fail(f"unchanged ({name}): exit {done.returncode}: {(done.stdout + done.stderr)[:800]}")
    rights_and_snapshots(work, cluster)
    cases(work, names)
    three_ways(work)
    for arguments, text in outputs:
        for secret in (PASSWORD, "cGxhbnRlZC1vc3ByZXktNTg=", "planted-marten-31", "cGxhbnRlZC1tYXJ0ZW4tMzE="):
            if secret in text:
                fail(f"{arguments}: a secret stands in the output")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
