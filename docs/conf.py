"""How Sphinx builds the documentation; no network is needed."""

from __future__ import annotations

from importlib import metadata
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sim.cli.dispatch import COMMANDS, command_named
from sim.cli.options import help_text

project = "four-islands"
author = copyright = "The four-islands contributors"
release = metadata.version("four-islands")

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = project
nitpicky = True
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
autodoc_typehints = "none"  # numpydoc sections say it in words
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
python_maximum_signature_line_length = 88

# Files of the repository that are also pages here.
PAGES = {"../GLOSSARY.md": "glossary.md", "../CONTRIBUTING.md": "contributing.md"}


class Commands(SphinxDirective):
    """Show the help of every command, as `islands COMMAND --help` does."""

    def run(self) -> list[nodes.Node]:
        """Return a section for each command."""
        return [self._section(name) for name in COMMANDS]

    def _section(self, name: str) -> nodes.section:
        text = help_text(command_named(name), name)
        section = nodes.section(ids=[f"islands-{name}"])
        section += nodes.title(text=f"islands {name}")
        section += nodes.literal_block(text, text, language="none")
        return section


def linked(app: Sphinx, page: str, source: list[str]) -> None:
    """Let links to files of the repository lead to the pages made of them."""
    for path, name in PAGES.items():
        source[0] = source[0].replace(f"]({path}", f"]({name}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what this documentation adds."""
    app.add_directive("islands-commands", Commands)
    app.connect("source-read", linked)
    return {"parallel_read_safe": True}
