"""Stored results are found again only while nothing they rest on has changed."""

from __future__ import annotations

from pathlib import Path

from benchmarks.records import Record, Records, digest, digest_of_files


def test_result_is_found_by_a_later_run(tmp_path: Path) -> None:
    Records(tmp_path / "sets.json", "run 1").store("xsid_de/ours", "data", "ours", {"right": "101"})

    later = Records(tmp_path / "sets.json", "run 2")

    assert later.find("xsid_de/ours", "data", "ours") == {"right": "101"}
    assert later.all == {"xsid_de/ours": Record("data", "ours", "run 1", {"right": "101"})}


def test_result_on_other_data_or_of_another_pipeline_is_not_found(tmp_path: Path) -> None:
    records = Records(tmp_path / "sets.json", "run 1")
    records.store("xsid_de/ours", "data", "ours", {"right": "101"})

    assert records.find("xsid_de/ours", "more data", "ours") is None
    assert records.find("xsid_de/ours", "data", "ours, improved") is None
    assert records.find("xsid_de/stock", "data", "ours") is None


def test_fresh_run_finds_its_own_results_only_and_keeps_the_others(tmp_path: Path) -> None:
    Records(tmp_path / "sets.json", "run 1").store("a/ours", "data", "ours", {"right": "1"})

    fresh = Records(tmp_path / "sets.json", "run 2", fresh=True)
    fresh.store("b/ours", "data", "ours", {"right": "0"})

    assert fresh.find("a/ours", "data", "ours") is None
    assert fresh.find("b/ours", "data", "ours") == {"right": "0"}
    assert set(Records(tmp_path / "sets.json", "run 3").all) == {"a/ours", "b/ours"}


def test_each_result_is_on_disk_at_once(tmp_path: Path) -> None:
    records = Records(tmp_path / "new" / "sets.json", "run 1")
    for key in ("a/ours", "b/ours"):
        records.store(key, "data", "ours", {})
        assert key in Records(tmp_path / "new" / "sets.json", "run 2").all


def test_digest_tells_order_and_values_apart() -> None:
    assert digest([1, 2], "a") == digest([1, 2], "a")
    assert len({digest([1, 2], "a"), digest([2, 1], "a"), digest([1, 2], "b"), digest([1, 2], None)}) == 4


def test_digest_of_files_follows_content_and_name_but_not_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one", encoding="utf-8")
    before = digest_of_files(tmp_path, ["*.yml"])

    (tmp_path / "notes.txt").write_text("other", encoding="utf-8")
    assert digest_of_files(tmp_path, ["*.yml"]) == before

    (tmp_path / "a.yml").write_text("two", encoding="utf-8")
    changed = digest_of_files(tmp_path, ["*.yml"])
    (tmp_path / "a.yml").rename(tmp_path / "b.yml")

    assert len({before, changed, digest_of_files(tmp_path, ["*.yml"])}) == 3
