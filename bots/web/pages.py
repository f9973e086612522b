"""The few plain pages of the web process."""

from __future__ import annotations

from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{sentence}</title>
<style>
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center;
       background: #0b1020; color: #f5f7fa; font: 18px/1.5 system-ui, sans-serif; }}
main {{ max-width: 32rem; padding: 2rem; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }}
p {{ margin: 0; color: #a8b3c4; }}
</style>
</head>
<body><main><h1>{sentence}</h1><p>{advice}</p></main></body>
</html>
"""


def page(sentence: str, advice: str) -> str:
    """A page that says what happened and what to do; both are escaped."""
    return _PAGE.format(sentence=escape(sentence), advice=escape(advice))
