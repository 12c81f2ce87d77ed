"""Sphinx' settings for the lessons, both languages. tools/build_lessons.py lays out the sources and calls it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from korean import SearchKorean
from latex2mathml.converter import convert
from sphinx.search import languages

project = "Vision Labs"
extensions = ["myst_nb", "sphinx_copybutton"]
templates_path = ["_templates"]
html_static_path = ["lessons.css"]
html_css_files = ["lessons.css"]
html_theme = "furo"
html_theme_options = {
    "top_of_page_buttons": [],
    "announcement": "doors",  # _templates/page.html fills it
    "light_css_variables": {
        "color-brand-primary": "#4b3fd1",
        "color-brand-content": "#4b3fd1",
        "color-announcement-background": "#4b3fd1",
        "color-announcement-text": "#ffffff",
    },
    "dark_css_variables": {
        "color-brand-primary": "#a99fff",
        "color-brand-content": "#a99fff",
        "color-announcement-background": "#2e2c41",
    },
}
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
nb_execution_mode = "off"  # the notebooks come executed
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
# A lesson ends with Python objects whose HTML and text forms say the same; furo has no use for the rest.
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]


def inline_math(writer, node):
    writer.body.append(convert(node.astext()))
    raise _skip()


def display_math(writer, node):
    writer.body.append(f'<div class="math" tabindex="0">{convert(node.astext(), display="block")}</div>')
    raise _skip()


def _skip():
    from docutils.nodes import SkipNode

    return SkipNode()


def setup(app):
    languages["ko"] = SearchKorean
    app.add_html_math_renderer("mathml", (inline_math, None), (display_math, None))
