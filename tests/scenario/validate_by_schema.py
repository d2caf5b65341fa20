#!/usr/bin/env python3
"""Judges scenario files by the published schema, with an independent implementation of JSON Schema.

usage: validate_by_schema.py accept|reject FILE-OR-FOLDER...
Exits with 1, and says which files, when one is judged otherwise.
"""
import json
import pathlib
import sys

import jsonschema


def without_comments(text):
    out, at, in_text = [], 0, False
    while at < len(text):
        if in_text:
            if text[at] == "\\":
                out.append(text[at:at + 2])
                at += 2
                continue
            in_text = text[at] != '"'
        elif text.startswith("//", at):
            at = text.find("\n", at)
            if at < 0:
                break
            continue
        elif text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        else:
            in_text = text[at] == '"'
        out.append(text[at])
        at += 1
    return "".join(out)


def main():
    wanted, paths = sys.argv[1], [pathlib.Path(p) for p in sys.argv[2:]]
    files = [f for p in paths for f in (sorted(p.rglob("*.jsonc")) if p.is_dir() else [p])]
    schema = json.loads(pathlib.Path("scenarios/premortem.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = 0
    for file in files:
        document = json.loads(without_comments(file.read_text(encoding="utf-8")))
        errors = sorted(validator.iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))
        if bool(errors) == (wanted == "reject"):
            continue
        wrong += 1
        print(f"{file}: the schema should {wanted} it", file=sys.stderr)
        for error in errors[:5]:
            print(f"  /{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}", file=sys.stderr)
    if not files:
        print("no files", file=sys.stderr)
    sys.exit(1 if wrong or not files else 0)


main()
