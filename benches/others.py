"""What `compare` and `found` share: Helm's chart, kubeconform's schemas, and commands with their cost."""

import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
REF = "#/definitions/"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "gqlgen-ci" / "bin"


def program(name):
    """The program on the PATH or in the cache that `.ci/run` fills."""
    found = shutil.which(name) or (str(CACHE / name) if (CACHE / name).exists() else None)
    if not found:
        sys.exit(f"{name} is not on this machine: `.ci/run tools delivery` installs it")
    return found


def material():
    """The program that writes what the other tools read."""
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--example", "material"], cwd=ROOT, check=True)
    return ROOT / "target/debug/examples/material"


def run(command, stdin=None):
    """Exit code, output, CPU seconds and wall seconds of a command and its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(c) for c in command], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, done.stdout, cpu, wall


def peak(command):
    """Peak resident memory of one command, in MiB."""
    with open(os.devnull, "wb") as sink:
        child = subprocess.Popen([str(c) for c in command], stdout=sink, stderr=sink)
        _, _, usage = os.wait4(child.pid, 0)
        child.returncode = 0
    return usage.ru_maxrss / 1024


def kubernetes_schemas(folder, minor):
    """The project's tables of Kubernetes' types as the JSON Schemas that kubeconform reads, for Kubernetes 1.`minor`."""
    tables = ROOT / "schemas/kubernetes"
    types = {}
    fields = None
    for table in ("types.txt", "monitoring.txt"):
        for line in (tables / table).read_text().splitlines():
            if line.startswith(" "):
                words = line.split()
                if has(words[2] if len(words) > 2 else "", minor):
                    key = words[0].rstrip("!")
                    fields[key] = (shape(words[1]), words[0].endswith("!"))
            elif line and not line.startswith("#"):
                fields = types.setdefault(line, {})
    for name, rules in json.loads((tables / "rules.json").read_text()).items():
        for key, rule in rules.items():
            if rule.get("enum") and key in types.get(name, {}):
                of, required = types[name][key]
                types[name][key] = ({**of, "enum": [v for v in rule["enum"] if v != ""] + [None]}, required)
    definitions = {
        name: {
            "type": "object",
            "properties": {key: of for key, (of, _) in fields.items()},
            "required": [key for key, (_, required) in fields.items() if required],
            "additionalProperties": False,
        }
        for name, fields in types.items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [line.split() for line in (tables / "kinds.txt").read_text().splitlines() if not line.startswith("#")]
    kinds += [["monitoring.coreos.com/v1", kind, f"monitoring.v1.{kind}", ""] for kind in ("ServiceMonitor", "PrometheusRule")]
    for api, kind, name, _, *minors in kinds:
        if has(minors[0] if minors else "", minor):
            of = {"$schema": "http://json-schema.org/draft-07/schema#", "$ref": REF + name, "definitions": reached(name, definitions)}
            group, _, version = api.rpartition("/")
            suffix = "-".join([group.split(".")[0], version] if group else [version])
            (folder / f"{kind.lower()}-{suffix}.json").write_text(json.dumps(of))
    return folder / "{{ .ResourceKind }}{{ .KindSuffix }}.json"


def reached(name, definitions):
    """A definition with all that it refers to."""
    found, todo = {}, [name]
    while todo:
        name = todo.pop()
        if name in found or name not in definitions:
            continue
        found[name] = definitions[name]
        todo += re.findall(r'"' + REF + r'([^"]+)"', json.dumps(definitions[name]))
    return found


def has(minors, minor):
    """Whether `23-`, `-25`, `21,23-25` has 1.`minor`."""
    if not minors:
        return True
    for part in minors.split(","):
        first, dash, last = part.partition("-")
        if int(first or 0) <= minor <= int(last or (127 if dash else first)):
            return True
    return False


def shape(word):
    """A type of the tables as JSON Schema; null stands for a field left out, as the API server takes it."""
    if word.startswith("[]"):
        return {"type": ["array", "null"], "items": shape(word[2:])}
    if word.startswith("{}"):
        return {"type": ["object", "null"], "additionalProperties": shape(word[2:])}
    plain = {
        "string": ["string"], "bytes": ["string"], "time": ["string"], "int32": ["integer"], "int64": ["integer"], "number": ["number"],
        "bool": ["boolean"], "quantity": ["string", "number"], "intstr": ["string", "integer"],
    }
    if word in plain:
        return {"type": plain[word] + ["null"]}
    if word == "any":
        return {}
    return {"anyOf": [{"$ref": REF + word}, {"type": "null"}]}
