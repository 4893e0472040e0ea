"""The report as one offline HTML file, safe whatever the model wrote: needs jinja2."""

from pyverify.evaluate.page.collector import PageCollector
from pyverify.evaluate.page.write import PageError, require_jinja2, write_page

__all__ = ["PageCollector", "PageError", "require_jinja2", "write_page"]
