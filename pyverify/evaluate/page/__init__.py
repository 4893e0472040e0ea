"""The report as one offline HTML file, safe whatever the model wrote: needs jinja2."""

from pyverify.evaluate.page.collector import PageCollector
from pyverify.evaluate.page.rows import Commands
from pyverify.evaluate.page.write import check_page, write_page

__all__ = ["Commands", "PageCollector", "check_page", "write_page"]
