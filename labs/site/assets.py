"""Hashed addresses for what the pages run: browsers may keep it for ever, and never mix two versions of the site."""

import hashlib
import json
import re
from posixpath import dirname, normpath

HASHED = ("js", "vendor", "style.css")
IMPORTS = re.compile(
    r"""(?:\bfrom|\bimport)\s*["'](\.[^"']+)["']"""
)  # static ones: what a module cannot start without
LATER = ' fetchpriority="low"'  # what the page's words do not wait for
MODULE = re.compile(
    rf'<(?:script type="module"|link rel="modulepreload")({LATER})? (?:src|href)="([^"]+)">(?:</script>)?\n'
)

MODEL = re.compile(rf'<link rel="preload" as="fetch" crossorigin{LATER} href="models/(\w+)/">\n')
OLD_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'; '
    "script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:; "  # threads come as text in TensorFlow.js
    "img-src 'self' blob: data:; media-src 'self' blob:\">\n"
)


def hash_assets(site):
    """Move js/, vendor/ and style.css of a built site to v/HASH/, and tell the pages; returns "v/HASH".

    Each page gets the rule that nothing may come from another host, and learns at once which modules it will import, so that a slow network is asked only once.
    """
    folder = f"v/{_digest(site)}"
    (site / folder).mkdir(parents=True)
    for name in HASHED:
        if (site / name).exists():
            (site / name).rename(site / folder / name)
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(rf'(src|href)="({"|".join(map(re.escape, HASHED))})(?=[/"])', rf'\1="{folder}/\2', text)
        text = OLD_POLICY.sub("", text).replace(
            '<meta charset="utf-8">\n', f'<meta charset="utf-8">\n{POLICY}', 1
        )
        text = MODEL.sub(lambda link: _files_of_model(link, site), text)
        page.write_text(with_preloads(text, site), encoding="utf-8", newline="\n")
    worker = site / "sw.js"
    worker.write_text(
        worker.read_text(encoding="utf-8").replace('"unbuilt"', f'"{folder}/"'),
        encoding="utf-8",
        newline="\n",
    )
    return folder


def _digest(site):
    digest = hashlib.sha256()
    for name in HASHED:
        for path in sorted([site / name, *(site / name).rglob("*")]):
            if path.is_file():
                digest.update(path.relative_to(site).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _files_of_model(link, site):
    """`models/mnist/` in a preload stands for the files that js/models.js will ask for; for none where it is not kept."""
    folder = site / "models" / link.group(1)
    if not (folder / "tfjs" / "model.json").is_file():
        return ""
    listed = json.loads((folder / "card.json").read_text(encoding="utf-8"))["files"]
    names = [name for name in listed if name == "labels.txt" or name.startswith("tfjs/")]
    addresses = ["card.json", *(f"{name}?{listed[name]['sha256'][:12]}" for name in names)]
    return "".join(link.group(0).replace('/">', f'/{address}">') for address in addresses)


def with_preloads(text, site):
    """A page's text where each module that it names is followed by a modulepreload for all that this one imports."""
    named = {module for _, module in MODULE.findall(text)}

    def followed(link):
        later, first = link.group(1) or "", link.group(2)
        behind = [module for module in _closure(first, site) if module not in named]
        named.update(behind)
        preloads = "".join(f'<link rel="modulepreload"{later} href="{module}">\n' for module in behind)
        return link.group(0) + preloads if link.group(0).startswith("<link") else preloads + link.group(0)

    return MODULE.sub(followed, text)


def _closure(module, site):
    """The module and all that it imports, each once, in the order in which they are met."""
    met, waiting = {}, [module]
    while waiting:
        module = waiting.pop(0)
        if module in met or not (site / module).is_file():
            continue
        met[module] = None
        imports = IMPORTS.findall((site / module).read_text(encoding="utf-8"))
        waiting += [normpath(f"{dirname(module)}/{name}") for name in imports]
    return list(met)
