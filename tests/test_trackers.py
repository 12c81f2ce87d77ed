"""benchmarks/trackers.py: its reports, and what it makes of an error."""

import pytest

from benchmarks import trackers


def test_thirty_reports_each_with_a_tool_a_format_and_a_row_in_the_table():
    pytest.importorskip("tensorflow")
    from benchmarks import stock_tools
    from benchmarks.tracker_networks import REPORTS

    table = (trackers.ROOT / "benchmarks" / "trackers.md").read_text(encoding="utf-8")
    assert len(REPORTS) == 30
    for report in REPORTS.values():
        assert callable(getattr(stock_tools, report.tool))
        assert report.wanted in trackers.WANTED
        assert f"[{report.key}]({report.link})" in table


def test_an_error_becomes_one_sentence_without_this_machine_s_folders():
    raised = 'Traceback\n  File "/home/me/x.py"\ncv2.error: OpenCV(5.0.0) /io/dnn.cpp:12: error: (-215:Assertion failed) a > b'
    assert trackers.sentence(raised) == "error: (-215:Assertion failed) a > b"
    assert trackers.sentence("KeyError: 'keras_tensor_1'") == "KeyError: 'keras_tensor_1'"
    assert len(trackers.sentence("ValueError: " + "very " * 100)) <= 150
