from carter.matching.batch.counts import Counts, key_digest

COMMON, RARE = ("phone", "3035550142"), ("email", "bob@acme.com")


def test_counts_are_found_by_key():
    counts = Counts(sorted((key_digest(key), held) for key, held in ((COMMON, 40), (RARE, 3))))

    assert (counts.get(COMMON, 2), counts.get(RARE, 2)) == (40, 3)
    assert counts.get(("phone", "3035550143"), 2) == 2
    assert Counts().get(COMMON, 2) == 2


def test_the_kind_of_a_key_is_part_of_it():
    assert key_digest(("user", "info")) != key_digest(("company", "info"))


def test_any_text_has_a_digest():
    assert key_digest(("name", "\ud800 王")) == key_digest(("name", "? 王"))
