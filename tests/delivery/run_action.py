"""Runs the steps of action.yml as a runner does: inputs and their defaults, each step's `if` and environment, outputs from step to step.

    run_action.py --action FOLDER --event EVENT.json [NAME=VALUE...]

The inputs are the arguments. Exits with the first failing step's code. Limits: of expressions only names, literals, `||`, `&&` and `==`.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

arguments = argparse.ArgumentParser()
arguments.add_argument("--action", type=pathlib.Path, required=True)
arguments.add_argument("--event", type=pathlib.Path, required=True)
arguments.add_argument("inputs", nargs="*")
options = arguments.parse_args()

action = yaml.safe_load((options.action / "action.yml").read_text())
given = dict(pair.split("=", 1) for pair in options.inputs)
unknown = given.keys() - action["inputs"].keys()
if unknown:
    sys.exit(f"no such input: {', '.join(sorted(unknown))}")

context = {
    "inputs": {},
    "steps": {},
    "github": {
        "action_path": str(options.action),
        "token": "a-token",
        "event": json.loads(options.event.read_text()),
    },
}


def name(path):
    value = context
    for part in path.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value


def evaluate(expression):
    for operator, decide in (("||", lambda a, b: a or b), ("&&", lambda a, b: a and b), ("==", lambda a, b: a == b)):
        left, found, right = expression.partition(operator)
        if found:
            return decide(evaluate(left), evaluate(right))
    expression = expression.strip()
    return expression[1:-1] if expression.startswith("'") else name(expression)


def filled(text):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(evaluate(m[1])), str(text))


for key, value in action["inputs"].items():
    context["inputs"][key] = given.get(key, filled(value.get("default", "")))

for step in action["runs"]["steps"]:
    if not evaluate(step.get("if", "'yes'")):
        continue
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as output:
        environment = {**os.environ, "GITHUB_ACTION_PATH": str(options.action), "GITHUB_OUTPUT": output.name}
        environment |= {key: filled(value) for key, value in step.get("env", {}).items()}
        assert "${{" not in step["run"], "an expression inside of a shell's words"
        print(f"## {step['name']}", flush=True)
        # As a runner starts `shell: bash`.
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], env=environment, check=False)
        lines = dict(line.split("=", 1) for line in output.read().splitlines())
        context["steps"][step.get("id", step["name"])] = {"outputs": lines}
    if done.returncode:
        sys.exit(done.returncode)
