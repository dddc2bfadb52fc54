"""Build hook of the wheel: make the course bundles, and put them in."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CourseBundles(BuildHookInterface):  # type: ignore[type-arg]
    """Build the bundles of the course from the checkout, and include them as nnedu/bundles/*.zip.

    A bundle is what a student may have: the stubs, and the graders with recorded answers. The wheel therefore never
    holds solutions/ or graders/ themselves.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the bundles to what goes in the wheel; an editable install reads the checkout and needs none."""
        if version == "editable":
            return
        root = Path(self.root)
        folder = root / "src" / "nnedu" / "bundles"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sys.path.insert(0, str(root / "src"))
        try:
            importlib.import_module("nnedu.sandbox.threads").one_thread()
            importlib.import_module("nnedu.publishing.build").build_all(root, folder)
        finally:
            sys.path.remove(str(root / "src"))
        bundles = sorted(folder.glob("*.zip"))
        if not bundles:
            message = f"The course in {root} gave no bundle, and a wheel without one is of no use to a student."
            raise RuntimeError(message)
        for bundle in bundles:
            build_data["force_include"][str(bundle)] = f"nnedu/bundles/{bundle.name}"
