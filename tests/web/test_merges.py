"""Merging, undoing and splitting on screen, as somebody at the desk does it."""

import html
import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from carter.billing.ledger import log_charge, record_payment
from carter.companies.rights import Role
from carter.customers.adding import NewCustomer
from carter.customers.changing import add_detail, change_customer
from carter.customers.labelling import tag_customer
from carter.jobs.linking import link_job
from carter.matching.comparing import compare_due
from carter.matching.decide import same_customer
from carter.merging.merge import merge_customers
from carter.merging.recommending import recommended_merges
from carter.merging.split import split_customer
from carter.merging.undo import undo_merge
from tests.builders import a_charge, a_customer, a_job, a_lead, a_member, an_invoice


@pytest.fixture
def bob(ours):
    return a_customer(ours, "Bob Smith", phone="303 555 0142")


@pytest.fixture
def rob(ours):
    rob = a_customer(ours, "Robert Smith", phone="(303) 555-0142", email="rob@example.com")
    log_charge(customer=rob, job=a_job(rob), kind="labour", amount_cents=12_300, by=None)
    return rob


@pytest.fixture
def desk(ada, client_of):
    return client_of(ada)


def preview_of(*customers):
    return f"{reverse('merge_new')}?{urlencode({'ids': [each.pk for each in customers]}, True)}"


def filled_in(page, **said):
    """What the browser sends of a form as it is shown, with some of it changed."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page.content.decode()):
        attributes = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        is_choice = attributes.get("type") in ("radio", "checkbox")
        if "name" in attributes and (not is_choice or " checked" in tag):
            found.setdefault(attributes["name"], []).append(attributes.get("value", ""))
    return found | said


def test_ticked_customers_lead_to_the_preview(desk, bob, rob):
    answer = desk.post(reverse("merges_ticked"), {"ids": [bob.pk, rob.pk]})

    assert answer.url == preview_of(bob, rob)


def test_one_ticked_customer_is_not_enough(desk, bob):
    answer = desk.post(reverse("merges_ticked"), {"ids": [bob.pk], "list": "q=smith"}, follow=True)

    assert "Tick two customers or more" in answer.content.decode()


def test_the_preview_shows_who_survives_what_goes_the_money_and_the_evidence(desk, bob, rob):
    page = desk.get(preview_of(bob, rob)).content.decode()

    assert "Robert Smith stays" in page
    assert re.search(r"</b> phone\b", page)
    assert page.count("$123.00") == 4
    assert "Bob is short for Robert" in page


def test_the_preview_is_sent_and_done(desk, ada, bob, rob):
    page = desk.get(preview_of(bob, rob))

    answer = desk.post(reverse("merge_new"), filled_in(page, reason="Same voice."), follow=True)

    merge = ada.company.merges.get()
    assert (merge.survivor, merge.by, merge.reason) == (rob, ada, "Same voice.")
    assert bob.refreshed().leads_to == rob
    assert "are one customer now" in answer.content.decode()


def test_another_survivor_and_values_are_chosen_and_kept_in_the_preview(desk, bob, rob):
    said = filled_in(desk.get(preview_of(bob, rob)))
    said |= {"survivor": bob.pk, "choice-name": rob.pk, "show": "1"}
    page = desk.post(reverse("merge_new"), said)
    assert page.status_code == 200
    assert "Bob Smith stays" in page.content.decode()

    desk.post(reverse("merge_new"), filled_in(page))

    assert rob.refreshed().leads_to == bob
    assert bob.refreshed().name == "Robert Smith"


def read(page):
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_what_changed_since_is_named_and_nothing_is_merged(desk, bob, rob, ada):
    said = filled_in(desk.get(preview_of(bob, rob)), reason="Same voice.")
    change_customer(rob, values={"name": "Robin"}, was={"name": "Robert Smith"}, by=ada)
    record_payment(customer=rob, job=None, method="cash", amount_cents=5_000, by=ada)
    bob.add_note("Has a piano.", by=ada)

    page = desk.post(reverse("merge_new"), said)

    words = read(page)
    assert page.status_code == 422
    assert "Nothing is merged yet" in words
    assert "Robin (C-2) : Ada Owner changed the details: name Robert Smith → Robin" in words
    assert "Robin (C-2) : Ada Owner recorded a payment" in words
    assert "payments $0.00 → $50.00, balance $123.00 → $73.00" in words
    assert "Bob Smith (C-1) : Ada Owner noted “Has a piano.”" in words
    assert 'value="Same voice."' in page.content.decode()
    assert bob.refreshed().is_current
    assert desk.post(reverse("merge_new"), filled_in(page)).status_code == 302


def test_without_a_preview_nothing_is_merged(desk, bob, rob):
    answer = desk.post(reverse("merge_new"), {"ids": [bob.pk, rob.pk], "survivor": bob.pk})

    assert (answer.status_code, rob.refreshed().is_current) == (422, True)


def test_who_is_merged_already_is_refused_with_the_reason(desk, bob, rob, ours):
    merge_customers(survivor=bob, duplicates=[rob], by=None)

    page = desk.get(preview_of(a_customer(ours, "Third"), rob))

    assert "is already part of Bob Smith (C-1)" in page.content.decode()
    assert desk.post(reverse("merge_new"), filled_in(page)).status_code == 422


def test_the_same_customer_twice_is_refused(desk, bob):
    assert "chosen twice" in desk.get(preview_of(bob, bob)).content.decode()


def test_a_stranger_s_customer_is_not_found(desk, bob, theirs):
    assert desk.get(preview_of(bob, a_customer(theirs))).status_code == 404


def test_merge_with_finds_the_other_and_leads_to_the_preview(desk, bob, rob):
    address = reverse("customer_merge", args=[bob.pk])
    assert "Robert Smith" in desk.get(address, {"q": "robert"}).content.decode()

    assert desk.post(address, {"ids": [rob.pk]}).url == preview_of(bob, rob)
    assert desk.post(address, {"q": "robert"}).status_code == 422


def test_the_duplicate_s_address_leads_on_and_shows_the_original_to_those_allowed(
    desk, client_of, ours, bob, rob
):
    merge_customers(survivor=bob, duplicates=[rob], by=None)

    answer = desk.get(rob.get_absolute_url())
    assert (answer.status_code, answer.url) == (302, bob.get_absolute_url())
    original = desk.get(f"{rob.get_absolute_url()}?as=record").content.decode()
    assert "rob@example.com" in original
    assert "nothing can be changed here" in original
    sam = client_of(a_member(ours, Role.SALES))
    assert sam.get(f"{rob.get_absolute_url()}?as=record").status_code == 403


def test_history_leads_to_the_undo(desk, bob, rob, ours):
    merge_customers(survivor=bob, duplicates=[rob], by=None)
    history = reverse("customer_history", args=[bob.pk])
    merge = ours.merges.get()
    assert "Undo Merge</a>" in desk.get(history).content.decode()

    page = desk.get(reverse("merge", args=[merge.pk]))
    desk.post(reverse("merge", args=[merge.pk]), filled_in(page))

    assert rob.refreshed().is_current
    assert "see the merge</a>" in desk.get(history).content.decode()
    assert desk.get(reverse("merge", args=[merge.pk])).status_code == 200


def test_on_undo_what_was_made_since_is_handed_over_and_values_are_put_back(desk, bob, rob, ours):
    choices = {"name": rob.pk}
    done = merge_customers(survivor=bob, duplicates=[rob], choices=choices, by=None)
    bob.refreshed().add_note("Has a piano.", by=None)
    change_customer(bob, values={"name": "Bert"}, was={"name": "Robert Smith"}, by=None)
    address = reverse("merge", args=[done.pk])
    page = desk.get(address)
    assert "Put back Bob Smith" in page.content.decode()
    note = ours.notes.get()

    said = {f"hand-note-{note.pk}": rob.pk, "put_back": "name"}
    desk.post(address, filled_in(page, **said))

    assert note.refreshed().customer == rob
    assert (bob.refreshed().name, rob.refreshed().name) == ("Bob Smith", "Robert Smith")


def test_an_undo_is_refused_when_something_changed_since_it_was_shown(desk, bob, rob):
    done = merge_customers(survivor=bob, duplicates=[rob], by=None)
    address = reverse("merge", args=[done.pk])
    said = filled_in(desk.get(address))
    a_job(bob.refreshed())

    page = desk.post(address, said)

    assert page.status_code == 422
    assert "Nothing is undone yet" in page.content.decode()
    assert "Since then: Bob Smith (C-1) : Carter took the lead" in read(page)


def test_a_split_is_refused_when_something_changed_since_it_was_shown(desk, bob, rob, ada):
    job, address = rob.jobs.get(), reverse("split_new", args=[rob.pk])
    said = {"rows": [f"job-{job.pk}"], "to": "other", "number": bob.code}
    shown = desk.post(address, said | {"show": "1"})
    add_detail(bob, "phones", text="720 555 0188", by=ada)

    page = desk.post(address, filled_in(shown, **said))

    assert page.status_code == 422
    assert "Nothing is split yet" in page.content.decode()
    assert "Bob Smith (C-1) : Ada Owner added the phone 720 555 0188" in read(page)
    assert desk.post(address, filled_in(page, **said)).status_code == 302


def test_what_is_no_longer_there_is_named(desk, ours, bob, rob):
    said = filled_in(desk.get(preview_of(bob, rob)))
    link_job(rob.jobs.get(), to=a_customer(ours, "Third"), by=None)

    page = desk.post(reverse("merge_new"), said)

    assert "Robert Smith (C-2) : 1 lead or job fewer" in read(page)


def test_a_preview_that_somebody_made_up_tells_nothing(desk, bob, rob):
    said = filled_in(desk.get(preview_of(bob, rob)), seen="made up")
    a_job(rob)

    page = desk.post(reverse("merge_new"), said)

    assert (page.status_code, "Since then" in read(page)) == (422, False)


def test_who_may_only_recommend_recommends(client_of, ours, bob, rob):
    sam = client_of(a_member(ours, Role.SALES))
    page = sam.get(preview_of(bob, rob))
    assert "Recommend Merge</button>" in page.content.decode()

    sam.post(reverse("merge_new"), filled_in(page, reason="Same voice."))

    assert bob.refreshed().is_current
    assert recommended_merges(ours).get().reason == "Same voice."


def test_recommended_merges_are_done_or_dismissed_from_their_list(desk, bob, rob, ada):
    said = same_customer(bob, rob, reason="Same voice.", by=ada)
    page = desk.get(reverse("recommended_merges")).content.decode()
    assert "Same voice." in page
    assert preview_of(bob, rob).replace("&", "&amp;") in page

    desk.post(reverse("duplicates_decided_undo", args=[said.pk]))

    assert "No merge is recommended" in desk.get(reverse("recommended_merges")).content.decode()


def test_who_may_neither_is_told_who_may(client_of, ours, bob, rob):
    reader = client_of(a_member(ours, Role.READ_ONLY))

    assert reader.get(preview_of(bob, rob)).status_code == 403


def test_nobody_sees_money_who_may_not(client_of, ours, bob, rob):
    dispatcher = client_of(a_member(ours, Role.DISPATCHER))

    assert "$123.00" not in dispatcher.get(preview_of(bob, rob)).content.decode()


def test_a_change_of_a_field_is_reverted_from_history(desk, bob):
    change_customer(bob, values={"name": "Rob"}, was={"name": "Bob Smith"}, by=None)
    history = reverse("customer_history", args=[bob.pk])
    assert "Revert name" in " ".join(desk.get(history).content.decode().split())

    desk.post(reverse("field_reversal", args=[bob.pk, bob.field_writes.get().pk]))

    assert bob.refreshed().name == "Bob Smith"


def test_a_customer_is_split_after_a_preview_and_the_split_is_undone(desk, rob, ours):
    job, address = rob.jobs.get(), reverse("split_new", args=[rob.pk])
    said = {"rows": [f"job-{job.pk}"], "to": "new", "name": "Mary Smith"}
    page = desk.post(address, said | {"show": "1"})
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Goes to Mary Smith" in shown
    assert shown.count("$123.00") == 5

    desk.post(address, filled_in(page, rows=said["rows"], to="new"))

    mary = ours.customers.get(name="Mary Smith")
    assert job.refreshed().customer == mary
    split = ours.splits.get()
    undo = desk.get(reverse("split", args=[split.pk]))
    assert f"Job {job.code}" in undo.content.decode()
    assert "Goes back to C-1 Robert Smith 1 lead or job" in read(undo)
    assert "Mary Smith has nothing then: C-2 leads here" in read(undo)
    assert undo.content.decode().count("$123.00") == 4
    desk.post(reverse("split", args=[split.pk]), filled_in(undo))
    assert job.refreshed().customer == rob
    assert mary.refreshed().leads_to == rob


def test_a_phone_both_had_is_offered_once_and_goes_together(desk, bob, rob, ours):
    merge_customers(survivor=bob, duplicates=[rob], by=None)
    main = bob.phones.get(is_primary=True)
    address = reverse("split_new", args=[bob.pk])
    said = {"rows": [f"phone-{main.pk}"], "to": "new", "name": "Mary Smith"}
    page = desk.post(address, said | {"show": "1"})
    assert page.content.decode().count('value="phone-') == 1

    desk.post(address, filled_in(page, rows=said["rows"], to="new"))

    assert (bob.phones.count(), ours.customers.get(name="Mary Smith").phones.count()) == (0, 2)
    undo = reverse("split", args=[ours.splits.get().pk])
    desk.post(undo, filled_in(desk.get(undo)))
    assert bob.phones.count() == 2


@pytest.fixture
def split(rob, ada):
    """Robert's job, split to Mary, who was made for it."""
    mary = NewCustomer(name="Mary Smith")
    return split_customer(source=rob, rows=[rob.jobs.get()], new=mary, by=ada)


def test_the_undo_of_a_split_is_refused_when_something_changed_since_it_was_shown(desk, split):
    job, address = split.to_customer.jobs.get(), reverse("split", args=[split.pk])
    said = filled_in(desk.get(address))
    a_charge(job, 2_000)

    page = desk.post(address, said)

    assert page.status_code == 422
    assert "Nothing is undone yet" in page.content.decode()
    assert "Mary Smith (C-2) : Carter logged a charge" in read(page)
    assert "balance $123.00 → $143.00" in read(page)
    assert split.refreshed().stands
    assert desk.post(address, filled_in(page)).status_code == 302
    assert job.refreshed().customer == split.source


def test_a_split_is_not_undone_by_who_was_shown_nothing(desk, split):
    page = desk.post(reverse("split", args=[split.pk]))

    assert (page.status_code, split.refreshed().stands) == (422, True)


def test_on_undoing_a_split_what_was_made_since_is_handed_over(desk, split, ada):
    for text in ("mary@example.com", "m@example.com"):
        add_detail(split.to_customer, "emails", text=text, by=ada)
    first, second = split.to_customer.emails.order_by("pk")
    address = reverse("split", args=[split.pk])
    page = desk.get(address)
    assert "Made since, stays with Mary Smith Email m@example.com" in read(page)

    desk.post(address, filled_in(page, hand=[f"email-{first.pk}"]))

    assert first.refreshed().customer == split.source
    assert second.refreshed().customer == split.to_customer
    assert split.to_customer.refreshed().is_current


def test_what_is_in_the_way_of_undoing_a_split_is_said_before(desk, split):
    mary = split.to_customer
    an_invoice([a_charge(job) for job in (mary.jobs.get(), a_job(mary))])
    address = reverse("split", args=[split.pk])

    page = desk.get(address)
    answer = desk.post(address, filled_in(page))

    why = "Invoice INV-1 gathers its charges with others. Void that invoice first"
    assert f"It cannot be undone now: {why}" in read(page)
    assert (answer.status_code, why in read(answer)) == (422, True)
    assert split.refreshed().stands


@pytest.mark.parametrize("many", [1, 3])
def test_the_undo_of_a_split_asks_no_more_of_the_database_for_more_rows(
    desk, ours, rob, ada, many, django_assert_num_queries
):
    for place in range(many - 1):
        a_job(rob)
        add_detail(rob, "emails", text=f"{place}@example.com", by=ada)
    rows = [*rob.jobs.all(), *rob.emails.order_by("pk")[:many]]
    split = split_customer(source=rob, rows=rows, new=NewCustomer(name="Mary Smith"), by=ada)
    for place in range(many):
        add_detail(split.to_customer, "phones", text=f"720 555 01{place}0", by=ada)
    address = reverse("split", args=[split.pk])
    desk.get(address)

    with django_assert_num_queries(38):
        desk.get(address)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"to": "new", "name": "Mary"}, "Choose what goes to the other customer"),
        ({"to": "new", "rows": ["phone-1"]}, "Say what the new customer is called"),
        ({"to": "other", "number": "C-99"}, "No customer has this number"),
        ({"to": "other", "number": "C-1"}, "Choose another customer"),
    ],
)
def test_a_split_that_makes_no_sense_is_said(said, words, desk, rob):
    page = desk.post(reverse("split_new", args=[rob.pk]), said | {"show": "1"})

    assert page.status_code == 422
    assert words in page.content.decode()


def test_an_undone_split_cannot_be_undone_again(desk, rob, bob, ours):
    split_customer(source=rob, rows=[rob.jobs.get()], to=bob, by=None)
    address = reverse("split", args=[ours.splits.get().pk])
    said = filled_in(desk.get(address))
    desk.post(address, said)

    assert "undone already" in desk.post(address, said, follow=True).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_asks_as_often_for_many_as_for_few(
    count, desk, ours, bob, django_assert_num_queries
):
    others = [a_customer(ours, f"Rob {n}", phone="303 555 0142") for n in range(count)]
    address = preview_of(bob, *others)
    desk.get(address)

    with django_assert_num_queries(16):
        desk.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_recommended_merges_ask_as_often_for_many_as_for_few(
    count, desk, ours, bob, django_assert_num_queries
):
    for n in range(count):
        same_customer(bob, a_customer(ours, f"Rob {n}"), by=None)

    with django_assert_num_queries(3):
        desk.get(reverse("recommended_merges"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_undo_asks_as_often_for_many_as_for_few(
    count, desk, ours, bob, django_assert_num_queries
):
    others = [a_customer(ours, f"Rob {n}", phone="303 555 0142") for n in range(count)]
    done = merge_customers(survivor=bob, duplicates=others, by=None)
    for other in others:
        a_job(other)
    address = reverse("merge", args=[done.pk])

    with django_assert_num_queries(19):
        desk.get(address)


def test_a_tag_both_wore_is_shown_once_and_both_wear_it_again_after_the_undo(desk, bob, rob):
    for customer in (bob, rob):
        tag_customer(customer, "VIP", by=None)
    done = merge_customers(survivor=bob, duplicates=[rob], by=None)

    assert desk.get(bob.get_absolute_url()).content.decode().count("Remove the tag VIP") == 1
    assert desk.get(reverse("customers")).content.decode().count('plain">VIP<') == 1

    undo_merge(done, by=None)
    assert (bob.customer_tags.count(), rob.customer_tags.count()) == (1, 1)


def test_a_phone_both_had_is_listed_once_and_is_no_longer_in_use_for_both(desk, bob, rob):
    merge_customers(survivor=bob, duplicates=[rob], by=None)
    page = desk.get(bob.get_absolute_url()).content.decode()
    assert page.count('aria-label="More for 303 555 0142"') == 1
    assert 'aria-label="More for (303) 555-0142"' not in page

    main = bob.phones.get(is_primary=True)
    address = reverse("customer_detail_standing", args=[bob.pk, "phones", main.pk])
    desk.post(address, {"standing": "former"})

    assert [phone.is_former for phone in bob.phones.all()] == [True, True]


def test_the_survivor_s_page_says_who_was_merged_into_it(desk, bob, rob, ours):
    merge_customers(survivor=bob, duplicates=[rob], by=None)

    page = desk.get(bob.get_absolute_url()).content.decode()

    assert "Merged into this customer" in page
    assert reverse("merge", args=[ours.merges.get().pk]) in page


def test_a_group_of_duplicates_and_a_candidate_lead_to_the_preview(desk, ours, bob, rob):
    compare_due(ours)
    assert reverse("merges_ticked") in desk.get(reverse("duplicates")).content.decode()

    lead = a_lead(ours, "Bob Smith", phone="303 555 0142")
    view = desk.get(reverse("job_candidates", args=[lead.pk])).content.decode()
    assert preview_of(lead.customer, bob).replace("&", "&amp;") in view
