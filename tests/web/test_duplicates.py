"""The Duplicates page: groups side by side, deciding, undoing, comparing the whole book."""

import pytest
from django.urls import reverse

from carter.billing.ledger import log_charge
from carter.companies.rights import Role
from carter.matching.comparing import compare_due
from carter.matching.decide import not_the_same, same_household, withdraw
from carter.matching.whole_book import start_comparing, work_on
from tests.builders import a_customer, a_job, a_member


@pytest.fixture
def bobs(ours, ada):
    """Two records of one Bob."""
    robert = a_customer(ours, "Robert Smith", phone="303 555 0142", street="88 Erb St", by=ada)
    job = a_job(robert, by=ada, move_on="2026-03-04")
    log_charge(customer=robert, job=job, kind="labour", amount_cents=124_000, by=ada)
    return robert, a_customer(ours, "Bob Smith", phone="(303) 555-0142", by=ada)


@pytest.fixture
def anns(ours, ada):
    """Two records of one Ann, less sure."""
    return tuple(
        a_customer(ours, name, phone="720 555 0177", by=ada) for name in ("Ann Lee", "Anne Lee")
    )


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def groups(company):
    compare_due(company)
    return [group.pk for group in company.duplicate_groups.order_by("-sureness", "id")]


def decide(desk, group, customers, verdict="same", **typed):
    keys = [customer.pk for customer in customers]
    form = {"group": group, "ids": keys, "members": keys, "verdict": verdict, **typed}
    return desk.post(reverse("duplicates_decisions"), form, follow=True)


def page_of(answer):
    return " ".join(answer.content.decode().split())


def test_members_stand_side_by_side_with_the_evidence(bobs, ours, desk):
    page = page_of(desk.get("/duplicates/"))

    for words in (
        "Robert Smith and Bob Smith",
        "Surely the same",
        "Bob is short for Robert",
        "<mark>303 555 0142</mark>",
        "88 Erb St",
        "Mar 4, 2026",
        "$1,240.00",
    ):
        assert words in page


def test_money_is_shown_to_who_may_see_it(bobs, ours, client_of):
    dispatcher = a_member(ours, Role.DISPATCHER)

    page = page_of(client_of(dispatcher).get("/duplicates/"))

    assert ("Robert Smith and Bob Smith" in page, "$1,240" in page) == (True, False)


def test_who_may_not_decide_sees_the_group_without_the_buttons(bobs, ours, client_of):
    reader = client_of(a_member(ours, Role.READ_ONLY))

    page = page_of(reader.get("/duplicates/"))
    assert ("Bob is short for Robert" in page, "Same Household" in page) == (True, False)
    assert decide(reader, groups(ours)[0], bobs).status_code == 403


def test_a_decision_goes_on_to_the_next_group(bobs, anns, ours, desk):
    first, second = groups(ours)
    shown = desk.get("/duplicates/").context["shown"]
    assert (shown.group.pk, shown.group.verdict) == (first, "sure")

    answer = decide(desk, first, shown.members, next=second, list="verdict=", reason="Called him.")

    assert answer.context["shown"].group.pk == second
    decision = ours.match_decisions.get()
    assert (decision.verdict, decision.reason) == ("same", "Called him.")
    assert "are noted as the same customer." in page_of(answer)


def test_the_list_stays_narrowed_when_something_was_decided(bobs, anns, ours, desk):
    first, _ = groups(ours)

    answer = decide(desk, first, bobs, list="verdict=sure&page=1")

    assert answer.redirect_chain == [("/duplicates/?verdict=sure&page=1", 302)]


def test_what_was_decided_last_is_undone_one_after_the_other(bobs, anns, ours, desk):
    first, second = groups(ours)
    decide(desk, first, bobs)
    decide(desk, second, anns, "not-the-same")
    assert "Nothing left to look at." in page_of(desk.get("/duplicates/"))

    answer = desk.post("/duplicates/undo/", follow=True)
    assert "Undone: Not the Same about Ann Lee and Anne Lee." in page_of(answer)
    assert answer.context["shown"].title == "Ann Lee and Anne Lee"
    desk.post("/duplicates/undo/")
    assert not ours.match_decisions.standing().exists()
    assert len(groups(ours)) == 2
    assert "There is nothing to undo." in page_of(desk.post("/duplicates/undo/", follow=True))


def test_nobody_undoes_what_a_colleague_decided(bobs, ours, desk, client_of):
    decide(desk, groups(ours)[0], bobs)

    other = client_of(a_member(ours, Role.MANAGER))
    assert "There is nothing to undo." in page_of(other.post("/duplicates/undo/", follow=True))
    assert ours.match_decisions.standing().count() == 1


def test_the_second_of_two_is_told_what_the_first_decided(bobs, ours, desk, client_of):
    group = groups(ours)[0]
    decide(desk, group, bobs, "same-household")

    answer = decide(client_of(a_member(ours)), group, bobs)

    assert "Ada Owner noted “Same Household” about" in page_of(answer)
    assert ours.match_decisions.get().verdict == "same-household"


def test_a_decision_about_one_is_refused_and_nothing_typed_is_lost(bobs, ours, desk):
    answer = decide(desk, groups(ours)[0], bobs[:1], reason="Asked them.")

    assert answer.status_code == 422
    page = page_of(answer)
    assert ("Tick at least two customers" in page, 'value="Asked them."' in page) == (True, True)


@pytest.mark.parametrize("verdict", ["banana", ""])
def test_a_made_up_verdict_decides_nothing(verdict, bobs, ours, desk):
    assert decide(desk, groups(ours)[0], bobs, verdict).status_code == 422
    assert not ours.match_decisions.exists()


@pytest.mark.parametrize("group", ["", "abc", "9" * 30, "-1", "\x00"])
def test_a_made_up_group_decides_nothing(group, bobs, ours, desk):
    assert decide(desk, group, bobs).status_code in (200, 422)
    assert not ours.match_decisions.exists()


@pytest.mark.parametrize(
    "asked", ["?group=abc", "?group=999999", "?verdict=x", "?page=99", "?group=last"]
)
def test_odd_addresses_show_a_group_all_the_same(asked, bobs, desk):
    answer = desk.get(f"/duplicates/{asked}", follow=True)

    assert answer.context["shown"].title == "Robert Smith and Bob Smith"


def test_a_group_that_is_gone_is_said_to_be(bobs, anns, ours, desk):
    first, second = groups(ours)
    decide(desk, first, bobs)

    answer = desk.get(f"/duplicates/?group={first}")

    assert "That group is no longer in the list" in page_of(answer)
    assert answer.context["shown"].group.pk == second


def test_kinds_are_counted_and_narrow_the_list(bobs, ours, ada, desk):
    a_customer(ours, "Mary Smith", phone="303 555 0142", by=ada)

    answer = desk.get("/duplicates/?verdict=household")

    assert {value: count for value, _, _, count in answer.context["kinds"]} == {
        "": 2,
        "sure": 1,
        "likely": 0,
        "household": 1,
        "desk": 0,
    }
    assert [group.verdict for group in answer.context["page"].rows] == ["household"]
    assert "No group of this kind is left." in page_of(desk.get("/duplicates/?verdict=desk"))


def test_of_three_those_ticked_are_decided_about_and_the_rest_stays(ours, ada, desk):
    three = [a_customer(ours, "Bob Smith", phone="303 555 0142", by=ada) for _ in range(3)]
    assert page_of(desk.get("/duplicates/")).count('name="ids"') == 3
    keys = [customer.pk for customer in three]

    answer = decide(desk, groups(ours)[0], three[:2], "not-the-same", members=keys)

    assert answer.context["shown"].group.size in (2, 3)
    assert ours.match_decisions.count() == 1


def test_a_crowd_shows_eight_with_none_ticked(ours, ada, desk):
    for name in ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ida", "Joe"):
        a_customer(ours, f"{name} Quill", phone="303 555 0142", street="88 Erb St", by=ada)
    compare_due(ours)

    page = page_of(desk.get("/duplicates/"))

    assert "These are 8 of 10." in page
    assert (page.count('name="ids"'), page.count("checked")) == (8, 0)


def test_earlier_words_and_what_is_new_since_are_shown(bobs, ours, ada, desk):
    not_the_same(*bobs, reason="Father and son.", by=ada)
    for each in bobs:
        each.emails.create(customer=each, text="bobby.smith@example.com")
        each.refreshed().mark_changed()

    page = page_of(desk.get("/duplicates/"))

    assert "Ada Owner noted “Not the Same”" in page
    assert "Father and son." in page
    assert "New since “Not the Same”: same email address" in page


def test_the_whole_book_is_compared_once_at_a_time(ours, desk):
    a_customer(ours)
    page = page_of(desk.post("/duplicates/comparing/", follow=True))
    assert ("waiting to start" in page, "Compare the Whole Book</button>" in page) == (True, False)
    assert "is being compared already." in page_of(desk.post("/duplicates/comparing/", follow=True))
    assert "HX-Refresh" not in desk.get("/duplicates/comparing/progress/").headers

    work_on(ours.book_runs.get())

    assert desk.get("/duplicates/comparing/progress/").headers["HX-Refresh"] == "true"
    assert "Nothing left to look at." in page_of(desk.get("/duplicates/"))


def test_a_book_that_is_not_compared_yet_is_said_not_to_be(ours, desk, monkeypatch):
    monkeypatch.setattr("carter.matching.comparing.WHILE_WAITING", 2)
    for number in range(5):
        a_customer(ours, f"Zoe{number} Quill{number}")

    page = page_of(desk.get("/duplicates/"))

    assert "Not all of the book has been compared yet." in page
    assert "3 customers still wait." in page


def test_what_gave_way_to_a_later_word_is_said_to_be_replaced(bobs, ours, ada, desk):
    same_household(*bobs, by=ada)
    withdraw(not_the_same(*bobs, by=ada), by=ada)

    page = page_of(desk.get("/duplicates/decided/"))

    assert [page.count(f"{word} by Ada Owner") for word in ("Replaced", "Undone")] == [1, 1]


def test_a_group_that_is_decided_while_it_is_fetched_is_said_to_be(bobs, ours, desk):
    (group,) = groups(ours)
    ours.possible_duplicates.filter(group=group).update(group=None)

    answer = desk.get(f"/duplicates/?group={group}")

    assert answer.status_code == 200
    assert "Somebody decided about this group just now." in page_of(answer)


def test_a_run_that_failed_is_said_to_have_failed(ours, desk, monkeypatch):
    a_customer(ours)

    def out_of_memory(*_, **__):
        raise MemoryError

    monkeypatch.setattr("carter.matching.whole_book.compare_all_with", lambda _: out_of_memory)
    work_on(start_comparing(ours, by=None))

    page = page_of(desk.get("/duplicates/"))
    assert "Comparing the whole book did not finish" in page


def test_what_was_decided_is_listed_narrowed_and_undone(bobs, anns, ours, ada, desk):
    decision = not_the_same(*bobs, reason="Asked them.", by=ada)

    page = page_of(desk.get("/duplicates/decided/"))
    for words in ("Robert Smith", "Not the Same", "Ada Owner", "Asked them."):
        assert words in page
    assert "Nothing was decided like this." in page_of(
        desk.get("/duplicates/decided/?verdict=same")
    )

    address = reverse("duplicates_decided_undo", args=[decision.pk])
    answer = desk.post(address, {"list": "verdict=not-the-same"}, follow=True)
    assert "Undone by Ada Owner" in page_of(answer)
    assert answer.redirect_chain == [("/duplicates/decided/?verdict=not-the-same", 302)]
    assert "already withdrawn" in page_of(desk.post(address, follow=True))
    assert len(groups(ours)) == 2


def test_a_strangers_group_and_customers_are_left_alone(bobs, theirs, stranger, desk):
    victims = [a_customer(theirs, "Zanzi Bar", phone="303 555 0142") for _ in range(2)]
    group = groups(theirs)[0]

    assert "Zanzi" not in page_of(desk.get(f"/duplicates/?group={group}"))
    for customers in (victims, bobs):
        assert "Zanzi" not in page_of(decide(desk, group, customers))
    assert not theirs.match_decisions.exists()
    assert len(groups(theirs)) == 1
