"""Build HTML out of strangers' text: whatever is not marked as HTML is escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape

__all__ = ["Html", "page", "picture", "table", "tag"]


class Html(str):
    """HTML that :func:`tag` made, which needs no escaping any more."""

    __slots__ = ()


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""What a browser may load: nothing but what the page carries."""

_STYLE = """
body { max-width: 74rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff;
  font: 16px/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.25; }
h1, h2, p, li, caption { overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #bbb; }
p, ul { max-width: 50rem; }
img { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.8rem; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0; }
th, td { padding: 0.25rem 0.4rem; text-align: right; vertical-align: top;
  border-bottom: 1px solid #ddd; }
th:first-child { min-width: 11rem; }
th:first-child, .words th, .words td { text-align: left; }
pre { overflow-x: auto; font-size: 0.75rem; line-height: 1.35; background: #f6f6f6;
  padding: 0.75rem; }
@media print { body { margin: 0; max-width: none; } table { font-size: 0.6rem; }
  pre { white-space: pre-wrap; } }
"""


def tag(name: str, *content: str, **attributes: str) -> Html:
    """Return an element; its content is escaped unless it is HTML already.

    Parameters
    ----------
    name : str
    *content : str
    **attributes : str
        An underscore at the end of a name is left out.

    Examples
    --------
    >>> tag("p", "2 < 3", tag("b", "&"), class_='"')
    '<p class="&quot;">2 &lt; 3<b>&amp;</b></p>'
    """
    given = "".join(f' {key.rstrip("_")}="{escape(text)}"' for key, text in attributes.items())
    return Html(f"<{name}{given}>{_joined(content)}</{name}>")


def table(
    caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]], kind: str = ""
) -> Html:
    """Return a table whose first column names the rows.

    Parameters
    ----------
    caption : str
    heads : iterable of str
    rows : iterable of iterable of str
    kind : str
        ``words`` where all columns are text.
    """
    head = tag("tr", *(tag("th", text, scope="col") for text in heads))
    body = []
    for first, *others in rows:
        cells = (tag("td", text) for text in others)
        body.append(tag("tr", tag("th", first, scope="row"), *cells))
    parts = (tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", tag("table", *parts, class_=kind), class_="wide")


def picture(data: bytes, words: str) -> Html:
    """Return a PNG that the page carries in itself, with words for those who cannot see it."""
    source = f"data:image/png;base64,{b64encode(data).decode()}"
    return Html(f'<p><img src="{source}" alt="{escape(words)}"></p>')


def page(title: str, *content: str) -> str:
    """Return a whole page that loads nothing from anywhere.

    Parameters
    ----------
    title : str
    *content : str
    """
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    )
    body = "\n".join(_joined([part]) for part in content)
    start = '<!DOCTYPE html>\n<html lang="en">'
    return f"{start}\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n"


def _joined(content: Iterable[str]) -> str:
    return "".join(part if isinstance(part, Html) else escape(part) for part in content)
