"""The sentence of the segments page: which group stands out, or that none can be told to."""

from dataclasses import replace

from metrics.definitions import load_catalogue
from metrics.segment_findings import segment_findings
from tests.metrics.test_three_things import group

KEPT = load_catalogue().metrics["promise_kept"]
WHOLE = replace(group("promise_kept", "all", 0.86, 0.01, n=3000), group=())


def test_the_group_that_fell_is_named_with_its_fall_and_that_of_the_others():
    groups = [
        group("promise_kept", c, v, 0.02, before=0.88) for c, v in (("north", 0.71), ("east", 0.88), ("west", 0.88))
    ]
    (found,) = segment_findings(KEPT, WHOLE, groups, "region")
    assert found.key == "finding.segment.moved"
    assert found.holes["group"] == ("north", "code:region")
    assert round(found.holes["change"][0], 2) == -0.17
    assert found.holes["n"] == (1000, "count")


def test_noise_is_said_to_be_noise_with_how_many_were_compared():
    groups = [group("promise_kept", c, v, 0.02) for c, v in (("north", 0.872), ("east", 0.880), ("west", 0.876))]
    (found,) = segment_findings(KEPT, WHOLE, groups, "region")
    assert found.key == "finding.segment.alike"
    assert found.holes["comparisons"] == (3, "count")


def test_a_private_or_empty_whole_tells_no_number():
    private = replace(WHOLE, value=None, n=None, status="private")
    empty = replace(WHOLE, value=None, n=0, status="empty")
    assert segment_findings(KEPT, private, [], "region")[0].key == "finding.segment.private"
    assert segment_findings(KEPT, empty, [], "region")[0].key == "finding.segment.empty"


def test_groups_too_small_to_compare_leave_the_whole():
    few = [group("promise_kept", "north", 0.5, 0.2, status="unreliable")]
    assert segment_findings(KEPT, WHOLE, few, "region")[0].key == "finding.segment.whole"
