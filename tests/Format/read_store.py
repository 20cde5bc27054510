#!/usr/bin/env python3
"""Reads an artifact store in a folder, by the description in about_Artifacts_StoreFormat alone.

    read_store.py <store> list
    read_store.py <store> restore <name> <version> <folder>

"list" prints each artifact with its versions, as JSON, by its key. "restore" restores a version, which is given as v<number> or as an
alias. The content of a link to another store is read from that store, if it is a folder.
Needs Python 3.8 and the program zstd.
"""

import datetime
import hashlib
import json
import os
import re
import struct
import subprocess
import sys

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
RECORDS_PER_SEGMENT = 1000
MAX_FRAME_CONTENT = 64 << 20


class StoreError(Exception):
    """The store is damaged, or something is missing in it."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def decompress(frame, size):
    """Decompresses one frame with a known size of its content."""
    if frame[:4] != ZSTD_MAGIC:
        raise StoreError("not a Zstandard frame")
    done = subprocess.run(["zstd", "-dcq", "-"], input=frame, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0 or (size is not None and len(done.stdout) != size):
        raise StoreError("damaged Zstandard frame")
    if len(done.stdout) > MAX_FRAME_CONTENT:
        raise StoreError("the content of a Zstandard frame is too large")
    return done.stdout


def open_record(data, key):
    """Checks the checksum of a record and returns its body with the checksum."""
    match = re.fullmatch(rb'\{"sha256":"([0-9a-f]{64})","body":(.*)\}\n', data, re.DOTALL)
    if not match or sha256(match[2]) != match[1].decode():
        raise StoreError(f"damaged record {key}")
    return json.loads(match[2]), match[1].decode()


def put_text(text):
    data = text.encode("utf-8")
    return struct.pack("<I", len(data)) + data


class Store:
    def __init__(self, folder):
        self.folder = folder
        body, _ = open_record(self.read_key("store.json"), "store.json")
        if body["format"] != 1 or body["compression"] not in ("zstd", "none"):
            raise StoreError("unknown format")
        self.id = body["id"]

    def read_key(self, key):
        with open(os.path.join(self.folder, *key.split("/")), "rb") as file:
            return file.read()

    def names(self, key):
        try:
            return sorted(os.listdir(os.path.join(self.folder, *key.split("/"))))
        except FileNotFoundError:
            return []

    def read_object(self, name, offset, length):
        """Reads bytes of an object, also where a clean-up has condemned it."""
        home = f"objects/{name[:2]}/{name}"
        for key in [home, *(f"trash/{batch}/{name}" for batch in self.names("trash")), home]:
            try:
                with open(os.path.join(self.folder, *key.split("/")), "rb") as file:
                    file.seek(offset)
                    data = file.read(length)
            except (FileNotFoundError, NotADirectoryError):
                continue
            if len(data) != length:
                raise StoreError(f"object {name} ends early")
            return data
        raise StoreError(f"object {name} is missing")

    def read_blob(self, name, item):
        """Reads the content of an entry or chunk that is not divided into chunks."""
        if "stored" in item:
            content = decompress(self.read_object(name, item["at"], item["stored"]), item["size"])
        else:
            content = self.read_object(name, item.get("at", 0), item["size"])
        if sha256(content) != item["sha256"]:
            raise StoreError(f"wrong content in object {name}")
        return content

    def read_json(self, name, offset, length):
        data = self.read_object(name, offset, length)
        return json.loads(decompress(data, None) if data[:4] == ZSTD_MAGIC else data)

    # Logs

    def read_log(self, folder):
        """Yields the bodies of all transactions, oldest first."""
        names = self.names(folder)
        singles = {int(name[:12]) for name in names if re.fullmatch(r"\d{12}\.json", name)}
        segments = {int(name[1:10]) for name in names if re.fullmatch(r"s\d{9}\.json", name)}
        last = max([*singles, *(index * RECORDS_PER_SEGMENT for index in segments)], default=0)
        previous = None
        number = 1
        while number <= last:
            index = (number - 1) // RECORDS_PER_SEGMENT + 1
            if index in segments:
                key = f"{folder}/s{index:09}.json"
                records = [line + b"\n" for line in self.read_key(key).split(b"\n")[:-1]]
                if len(records) != RECORDS_PER_SEGMENT:
                    raise StoreError(f"damaged segment {key}")
            elif number in singles:
                key = f"{folder}/{number:012}.json"
                records = [self.read_key(key)]
            else:
                raise StoreError(f"transaction {number} in {folder} is missing")
            for record in records:
                body, digest = open_record(record, key)
                if body["number"] != number or body.get("previous") != previous:
                    raise StoreError(f"transaction {number} in {folder} does not follow the one before it")
                yield body
                previous = digest
                number += 1

    def artifacts(self):
        """Returns the keys of all artifacts. The log of a claimed name is none."""
        keys = [key for key in self.names("artifacts") if self.names(f"artifacts/{key}/log")]
        return [key for key in keys if self.claim(key) is None]

    def claim(self, key):
        """Returns the key of the artifact that has claimed the name of a log; None if no artifact has."""
        for transaction in self.read_log(f"artifacts/{key}/log"):
            for action in transaction["actions"]:
                if action["action"] == "claim":
                    return action["artifact"]
        return None

    def key_of(self, name):
        """Returns the key of the artifact to which a name leads."""
        name = name.lower()
        key = self.claim(name)
        if key is None:
            return name
        names = set()
        for transaction in self.read_log(f"artifacts/{key}/log"):
            names = names or {transaction["name"].lower()}
            names |= {action["to"].lower() for action in transaction["actions"] if action["action"] == "rename"}
        if name not in names:
            raise StoreError(f"the name {name} leads nowhere yet")
        return key

    def versions(self, key):
        """Replays the log of an artifact: its live versions and its aliases."""
        versions, aliases = {}, {}
        for transaction in self.read_log(f"artifacts/{key}/log"):
            for action in transaction["actions"]:
                kind = action["action"]
                if kind == "publish":
                    versions[action["version"]] = dict(action, tags=list(action.get("tags", [])))
                    aliases["latest"] = action["version"]
                elif kind == "restore":
                    versions[action["version"]] = dict(action, tags=list(action.get("tags", [])))
                    if len(versions) == 1:
                        aliases["latest"] = action["version"]
                elif kind == "alias":
                    aliases[action["alias"]] = action["version"]
                elif kind == "unalias":
                    aliases.pop(action["alias"], None)
                elif kind == "relocate":
                    versions[action["version"]]["root"] = action["root"]
                elif kind == "edit":
                    version = versions[action["version"]]
                    for key in ("description", "metadata", "expires"):
                        if key in action:
                            version[key] = action[key]
                    removed = action.get("removeTags", [])
                    added = action.get("addTags", [])
                    version["tags"] = [tag for tag in version["tags"] if tag not in removed] + added
                elif kind in ("protect", "unprotect", "refuse", "link", "unlink", "describe", "rename"):
                    # Rules, marks of links and names change neither versions nor aliases.
                    pass
                elif kind == "delete":
                    del versions[action["version"]]
                    was_latest = aliases.get("latest") == action["version"]
                    aliases = {alias: n for alias, n in aliases.items() if n != action["version"]}
                    if was_latest and versions:
                        aliases["latest"] = max(versions)
                else:
                    raise StoreError(f"unknown action {kind}")
        return versions, aliases

    # Manifests

    def read_page(self, name, place, digest):
        if "stored" in place:
            data = decompress(self.read_object(name, place["at"], place["stored"]), place["length"])
        else:
            data = self.read_object(name, place["at"], place["length"])
        page = json.loads(data)
        page["objects"] = [name if item == "this" else item for item in page["objects"]]
        if page_digest(page) != digest:
            raise StoreError(f"damaged page in object {name}")
        return page

    def entries(self, name, place, digest):
        """Yields all entries below a page, each with the object that contains it."""
        page = self.read_page(name, place, digest)
        for entry in page.get("entries", []):
            yield entry, page["objects"][entry["in"]] if "in" in entry else entry.get("sha256")
        for child in page.get("pages", []):
            yield from self.entries(page["objects"][child["in"]], child, child["digest"])

    def content(self, entry, name):
        """Yields the content of a file in pieces."""
        if entry["size"] == 0:
            return
        if "chunks" not in entry:
            yield self.read_blob(name, entry)
            return
        chunks = self.read_json(name, entry["at"], entry["chunks"])
        objects = [name if item == "this" else item for item in chunks["objects"]]
        for chunk in chunks["chunks"]:
            yield self.read_blob(objects[chunk["in"]], chunk)

    def restore(self, version, folder):
        if "source" in version["root"]:
            source = version["root"]["source"]
            other = Store(source["location"])
            linked = other.versions(source.get("artifact", source["name"].lower()))[0].get(source["version"])
            if other.id != source["store"] or linked is None or linked["digest"] != version["digest"]:
                raise StoreError(f"{source['location']} does not have the content of the link")
            other.restore(linked, folder)
            return
        for entry, name in self.entries(version["root"]["in"], version["root"], version["digest"]):
            if "uri" in entry:
                continue
            parts = entry["path"].split("/")
            if any(part in ("", ".", "..") for part in parts):
                raise StoreError("invalid path")
            path = os.path.join(folder, *parts)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            digest = hashlib.sha256()
            with open(path, "xb") as file:
                for piece in self.content(entry, name):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != entry["sha256"]:
                raise StoreError(f"wrong content of {entry['path']}")
            if entry.get("executable"):
                os.chmod(path, 0o755)


def page_digest(page):
    if page["level"] == 0:
        data = [b"artifact-entries-1\n"]
        for entry in page["entries"]:
            if "uri" in entry:
                known = [name in entry for name in ("sha256", "size", "etag", "version", "modified")]
                flags = sum(has << bit for bit, has in enumerate(known))
                data += [b"\x02", put_text(entry["path"]), put_text(entry["uri"]), bytes([flags])]
                if "sha256" in entry:
                    data.append(bytes.fromhex(entry["sha256"]))
                if "size" in entry:
                    data.append(struct.pack("<q", entry["size"]))
                data += [put_text(entry[name]) for name in ("etag", "version") if name in entry]
                if "modified" in entry:
                    time = datetime.datetime.strptime(entry["modified"], "%Y-%m-%dT%H:%M:%S.000Z")
                    seconds = int(time.replace(tzinfo=datetime.timezone.utc).timestamp())
                    data.append(struct.pack("<q", seconds))
            else:
                data += [b"\x01", put_text(entry["path"]), bytes([entry.get("executable", False)])]
                data += [struct.pack("<q", entry["size"]), bytes.fromhex(entry["sha256"])]
    else:
        data = [b"artifact-pages-1\n", bytes([page["level"]])]
        for child in page["pages"]:
            data += [put_text(child["first"]), bytes.fromhex(child["digest"])]
            data.append(struct.pack("<qq", child["entries"], child["size"]))
    return sha256(b"".join(data))


def main(arguments):
    store = Store(arguments[0])
    if arguments[1:] == ["list"]:
        listed = {}
        for name in store.artifacts():
            versions, aliases = store.versions(name)
            listed[name] = {"versions": {f"v{n}": versions[n]["digest"] for n in sorted(versions)}, "aliases": aliases}
        json.dump(listed, sys.stdout)
        return
    command, name, wanted, folder = arguments[1:]
    if command != "restore":
        raise StoreError(f"unknown command {command}")
    versions, aliases = store.versions(store.key_of(name))
    number = aliases.get(wanted) if wanted in aliases else int(wanted[1:])
    if number not in versions:
        raise StoreError(f"{name} has no version {wanted}")
    store.restore(versions[number], folder)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except StoreError as error:
        sys.exit(f"{sys.argv[0]}: {error}")
