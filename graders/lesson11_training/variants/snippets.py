"""Right answers to snippets.py, written differently."""

from nnedu.checking import variant
from snippets import SNIPPETS


@variant("repair", "with Xavier's spread for the deep network")
def with_xavier():
    return {
        "income": SNIPPETS["income"] | {"scale": True},
        "deep": SNIPPETS["deep"] | {"hidden": "relu", "init": "xavier"},
        "squared": SNIPPETS["squared"] | {"loss": "bce"},
    }


@variant("repair", "with other rates")
def with_other_rates():
    return {
        "squared": SNIPPETS["squared"] | {"loss": "bce", "lr": 0.3},
        "deep": SNIPPETS["deep"] | {"hidden": "relu", "init": "he", "lr": 0.03},
        "income": SNIPPETS["income"] | {"scale": True, "lr": 0.15},
    }


@variant("repair", "as a copy that is changed")
def as_a_copy():
    found = {name: dict(one) for name, one in SNIPPETS.items()}
    for name, key, value in (
        ("income", "scale", True),
        ("deep", "hidden", "relu"),
        ("deep", "init", "he"),
        ("squared", "loss", "bce"),
    ):
        found[name][key] = value
    found["squared"]["lr"] = 0.2
    return found
