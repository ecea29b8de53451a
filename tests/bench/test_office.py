"""A form as a browser would send it."""

import pytest

from carter.bench.office import Forms, Refused

PAGE = """
<form action="/search/"><input name="q" value="x"></form>
<form method="post" action="/payments/new/">
  <input type="hidden" name="once" value="t1"><input name="amount">
  <input type="checkbox" name="send" value="yes"><input type="checkbox" name="keep" checked>
  <select name="method"><option value="">–</option><option value="cash" selected>Cash</option>
  </select>
  <textarea name="notes"></textarea><button name="show" value="1">Show</button>
</form>
"""


def test_a_form_is_sent_with_what_its_fields_hold_and_no_box_that_is_not_ticked():
    assert Forms(PAGE).form("/payments/new/") == [
        ("once", "t1"),
        ("amount", ""),
        ("keep", ""),
        ("method", "cash"),
        ("notes", ""),
    ]


def test_a_page_without_the_form_is_refused():
    with pytest.raises(Refused):
        Forms(PAGE).form("/search/")
