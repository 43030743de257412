import shutil
from pathlib import Path

import pytest

from plugfest.embedded import recipe


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "recipe"
    shutil.copytree(recipe.FOLDER, copy)
    monkeypatch.setattr(recipe, "FOLDER", copy)
    return copy


@pytest.mark.parametrize("name", ["packages.txt", "modules.txt", "customize"])
def test_a_change_of_the_recipe_changes_the_hash(folder: Path, name: str) -> None:
    before = recipe.recipe_hash()
    with (folder / name).open("a") as file:
        file.write("\nsomething-else\n")
    assert recipe.recipe_hash() != before


def test_the_hash_does_not_depend_on_where_the_project_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = recipe.recipe_hash()
    shutil.copytree(recipe.FOLDER, tmp_path / "elsewhere")
    monkeypatch.setattr(recipe, "FOLDER", tmp_path / "elsewhere")
    assert recipe.recipe_hash() == here


def test_package_names_come_without_their_reasons() -> None:
    names = recipe.packages()
    assert "perftest" in names
    assert all(" " not in name and "#" not in name for name in names)
