"""What the stand-ins share: a record of the calls, a table of the subcommands and flags that the real programs know, and a state on the disk.

An unknown subcommand or flag ends with 2, as the programs themselves do. STANDIN_FAIL holds the beginning of a call that is to fail."""
import json, os, sys

STATE = os.environ["STANDIN_STATE"]


def path(name):
    return os.path.join(STATE, name)


def load(name, default):
    try:
        with open(path(name), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return default


def save(name, value):
    with open(path(name), "w", encoding="utf-8") as file:
        json.dump(value, file)


def record(words):
    """One line for each call; what differs from run to run is replaced."""
    work = os.environ.get("WORK", "\0")
    line = " ".join(words).replace(work, "$WORK")
    with open(path("calls"), "a", encoding="utf-8") as file:
        file.write(line + "\n")
    fail = os.environ.get("STANDIN_FAIL")
    if fail and line.startswith(fail):
        refuse(f"stand-in: {fail} was told to fail", 1)


def refuse(message, code=2):
    print(message, file=sys.stderr)
    sys.exit(code)


def parse(program, words, flags, switches, many=(), positional=0):
    """Flags with a value, switches without, flags with several values; `--flag=value` too. Anything else is refused."""
    found, rest, i = {}, [], 0
    while i < len(words):
        word = words[i]
        name, has_value, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            rest.append(word)
        elif name in many:
            values = []
            while i + 1 < len(words) and not words[i + 1].startswith("--"):
                i += 1
                values.append(words[i])
            if not values:
                refuse(f"{program}: {name} needs values")
            found[name] = values
        elif name in flags:
            if not has_value:
                i += 1
                if i == len(words):
                    refuse(f"{program}: {name} needs a value")
                value = words[i]
            found[name] = value
        elif word in switches:
            found[word] = True
        else:
            refuse(f"{program}: unknown flag: {word}")
        i += 1
    if len(rest) != positional:
        refuse(f"{program}: {len(rest)} arguments instead of {positional}: {rest}")
    return found, rest
