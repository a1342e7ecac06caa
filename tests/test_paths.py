from pathlib import Path

import pytest

from sim import paths

REPOSITORY = Path(__file__).resolve().parents[1]


def test_the_repository_serves_its_own_folders() -> None:
    assert paths.configs_dir() == REPOSITORY / "configs"
    assert paths.scenarios_dir() == REPOSITORY / "scenarios"


def test_a_clone_is_told_to_install_itself_and_a_wheel_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paths.install_hint("fast") == f"pip install -e '{REPOSITORY}[fast]'"
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "sim")
    assert paths.install_hint("fast") == "pip install 'four-islands[fast]'"


def test_what_the_wheel_carries_comes_before_the_repository(tmp_path: Path) -> None:
    package = tmp_path / "sim"
    (tmp_path / "configs").mkdir()
    assert paths._find(package, "configs") == tmp_path / "configs"
    (package / "_shipped/configs").mkdir(parents=True)
    assert paths._find(package, "configs") == package / "_shipped/configs"


def test_a_broken_installation_is_told_where_was_looked(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"_shipped/configs or .*configs, found neither; reinstall"
    ):
        paths._find(tmp_path / "sim", "configs")


def test_a_file_of_that_name_is_not_taken_for_the_folder(tmp_path: Path) -> None:
    (tmp_path / "configs").write_text("not a folder")
    with pytest.raises(FileNotFoundError):
        paths._find(tmp_path / "sim", "configs")
