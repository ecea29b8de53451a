"""Pieces of pages that are written once for all who are shown the same."""

from typing import NamedTuple

import pytest
from django import forms
from django.test import Client
from django.utils.safestring import mark_safe

from carter.customers.labelling import tag_customer
from carter.web import pieces
from carter.web.filters import JobFilter, LeadFilter
from carter.web.rows import CustomerRow
from tests.builders import a_company, a_customer, the_owner

ROW = CustomerRow(
    key=7,
    name="Ann Lee",
    code="C-1042",
    do_not_service=False,
    do_not_service_reason="",
    tags=("VIP",),
    category="Local",
    phone="(303) 555-0142",
    email="ann@example.com",
    jobs=2,
    last_move_on=None,
    balance_cents=9_900,
    currency="USD",
)
TEMPLATE = "customers/_row.html"


@pytest.fixture(autouse=True)
def _nothing_written_yet():
    pieces.written.cache_clear()


def desk_of(company) -> Client:
    client = Client()
    client.force_login(the_owner(company).user)
    return client


def test_a_row_is_written_once_for_all_who_are_shown_the_same():
    first = pieces.written_each(TEMPLATE, [ROW, ROW])
    again = pieces.written_each(TEMPLATE, [ROW._replace(tags=("VIP",))])

    assert first == 2 * again
    assert pieces.written.cache_info().misses == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Ann Li"},
        {"tags": ()},
        {"do_not_service": True},
        {"balance_cents": 9_901},
        {"balance_cents": None},
        {"currency": "EUR"},
        {"jobs": 3},
    ],
    ids=str,
)
def test_whatever_changes_is_written_anew(change):
    before = pieces.written_each(TEMPLATE, [ROW])

    assert pieces.written_each(TEMPLATE, [ROW._replace(**change)]) != before


def test_what_was_typed_is_never_taken_for_html_that_looks_the_same():
    markup = "<b>Ann</b>"
    as_html = pieces.written_each(TEMPLATE, [ROW._replace(name=mark_safe(markup))])

    assert markup in as_html
    assert markup not in pieces.written_each(TEMPLATE, [ROW._replace(name=markup)])


def test_two_kinds_of_rows_with_equal_values_are_two_rows():
    class Other(NamedTuple):
        name: str
        category: str

    class Same(NamedTuple):
        phone: str
        email: str

    pieces.written_each("components/_messages.html", [Other("a", "b"), Same("a", "b")])

    assert pieces.written.cache_info().misses == 2


class Asked(forms.Form):
    name = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("a", "A move"), ("b", "Storage")])


def test_a_form_says_what_is_typed_and_chosen_however_often_it_was_written():
    for form, typed, chosen in (
        (Asked(), "", 0),
        (Asked({"name": "Bob", "kind": "b"}), 'value="Bob"', 1),
        (Asked({"name": "", "kind": "a"}), "", 1),
        (Asked(), "", 0),
    ):
        html = str(form["name"]) + str(form["kind"])
        assert (typed in html, html.count("selected"), 'value="B' in html) == (
            *(True, chosen),
            bool(typed),
        )
    assert '<option value="b" selected>' in str(Asked({"kind": "b"})["kind"])


@pytest.mark.parametrize(
    "change",
    [
        lambda form: setattr(form.fields["name"], "label", "Firm"),
        lambda form: setattr(form.fields["name"], "help_text", "As on the paper."),
        lambda form: setattr(form.fields["name"], "required", True),
        lambda form: setattr(form.fields["name"], "disabled", True),
        lambda form: setattr(form.fields["name"], "widget", forms.Textarea()),
        lambda form: setattr(form.fields["name"], "widget", forms.EmailInput()),
        lambda form: form.fields["name"].widget.attrs.update(maxlength=9),
        lambda form: setattr(form.fields["kind"].widget, "choices", [("a", "A move")]),
        lambda form: form.initial.update(name="Ann"),
        lambda form: setattr(form.fields["kind"], "choices", [("a", "A move")]),
        lambda form: form.initial.update(kind="b"),
    ],
)
def test_a_field_is_written_anew_whatever_is_different_about_it(change):
    def fields(form):
        return form["name"].as_field_group() + form["kind"].as_field_group()

    before, changed = fields(Asked()), Asked()
    change(changed)

    assert fields(changed) != before
    assert fields(Asked()) == before


def test_nothing_that_was_typed_is_remembered():
    str(Asked({"name": "Zebedee"})["name"])
    Asked({"name": "Zebedee"})["name"].as_field_group()
    for unbound in (Asked(initial={"name": "Zebedee"}), Asked(initial={"kind": "Zebedee"})):
        for field in unbound:
            field.as_field_group()

    assert "Zebedee" not in str(pieces._kept)


def test_of_much_to_choose_from_nothing_is_remembered():
    asked, before = Asked(), len(pieces._kept)
    asked.fields["kind"].choices = [(str(n), f"Choice {n}") for n in range(60)]
    asked["kind"].as_field_group()

    assert "Choice 59" not in str(pieces._kept)
    assert len(pieces._kept) == before


def test_a_key_tells_text_that_is_html_from_text_that_looks_the_same():
    assert pieces.frozen({"a": ["<b>"]}) == pieces.frozen({"a": ["<b>"]})
    assert pieces.frozen({"a": ["<b>"]}) != pieces.frozen({"a": [mark_safe("<b>")]})
    assert pieces.frozen([1]) != pieces.frozen([True])


@pytest.mark.django_db
def test_the_list_shows_at_once_what_was_changed():
    company = a_company()
    ann, desk = a_customer(company, "Ann Lee"), desk_of(company)
    assert "VIP" not in desk.get("/customers/").text

    tag_customer(ann, "VIP", by=the_owner(company))

    assert desk.get("/customers/").text.count("VIP") == 2  # On her row, and to choose from.


@pytest.mark.django_db
def test_filters_offer_a_company_its_own_choices_only():
    ours, theirs = a_company("Ours"), a_company("Theirs", owner="Eve Owner")
    for company, tag in ((ours, "Piano"), (theirs, "Harp")):
        tag_customer(a_customer(company, "Ann Lee"), tag, by=the_owner(company))

    for desk in (desk_of(ours), desk_of(ours)):
        assert {tag: tag in desk.get("/customers/").text for tag in ("Piano", "Harp")} == {
            "Piano": True,
            "Harp": False,
        }
    assert "Harp" in desk_of(theirs).get("/customers/").text


@pytest.mark.django_db
def test_filters_that_are_asked_keep_what_was_asked():
    company = a_company()
    desk = desk_of(company)
    desk.get("/customers/")

    assert 'value="lee"' in desk.get("/customers/?name=lee").text
    assert 'value="lee"' not in desk.get("/customers/").text
    assert "Select a valid choice" in desk.get("/customers/?category=nonsense").text


@pytest.mark.django_db
def test_lists_opened_at_the_same_moment_have_filters_of_their_own(rf):
    ours, theirs = a_company("Ours"), a_company("Theirs", owner="Eve Owner")
    asked = {}
    for company, filters in ((ours, JobFilter), (theirs, JobFilter), (ours, LeadFilter)):
        request = rf.get("/")
        request.company, request.member = company, the_owner(company)
        asked[company.name, filters] = filters({}, queryset=company.jobs.all(), request=request)

    for company in (ours, theirs):  # Each is looked at after all were opened.
        fields = asked[company.name, JobFilter].form.fields
        assert set(fields["owner"].queryset) == {the_owner(company)}
        assert "booked" in dict(fields["stage"].choices)
    assert "booked" not in dict(asked["Ours", LeadFilter].form.fields["stage"].choices)
