"""Similar works: copies are found through their disguises, what all share is not one, and no text is too hostile."""

from __future__ import annotations

import io
import itertools
import re
import tokenize
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnedu.authoring.disguise import disguised
from nnedu.classroom.fingerprints import LONGEST, Reader, winnowed
from nnedu.classroom.similarity import COMMON_LEAST, similar

STUB = '''"""The lesson."""

import numpy as np


def forward(X, params, output="sigmoid"):
    """Return the output of the network."""
    raise NotImplementedError


def backward(dZ, A, W):
    """Return the gradients."""
    raise NotImplementedError
'''
CALLS = ("np.exp", "np.tanh", "np.sqrt", "np.abs", "np.cumsum", "np.sort", "np.mean", "np.var", "np.ravel", "np.sin")


def function(rng, name, args):
    """A function such as nobody else writes: statements of random calls and operators."""
    lines = [f"def {name}({args}):", f'    """What {name} does."""', f"    a = {args.split(',')[0]}"]
    for _ in range(12):
        first, second = (CALLS[i] for i in rng.integers(len(CALLS), size=2))
        sign = "+-*/@"[rng.integers(5)]
        kinds = (
            f"    a = {first}(a) {sign} {rng.integers(90)} * {second}(a)",
            f"    b = {first}(a[{rng.integers(9)}:], axis={rng.integers(3)})\n    a = a {sign} b",
            f"    if a.size > {rng.integers(9)}:\n        a = {first}(a {sign} {second}(a))",
            f"    for k in range({rng.integers(2, 90)}):\n        a = a {sign} {first}(k)",
        )
        lines.append(kinds[rng.integers(len(kinds))])
    return "\n".join([*lines, "    return a", "", ""])


def program(rng):
    return "import numpy as np\n\n\n" + "\n".join(
        function(rng, name, args)
        for name, args in (("forward", "X, params"), ("backward", "dZ, A, W"), ("loss", "X, Y"))
    )


def works(number=20, seed=1):
    rng = np.random.default_rng(seed)
    return {f"s{i:02}": {"net": program(rng)} for i in range(number)}


def found(texts, stub=STUB):
    return {(pair.first, pair.second) for cluster in similar(texts, {"net": stub}) for pair in cluster.pairs}


def renamed(text):
    return re.sub(r"\b(a|b|k|X|Y|A|W|dZ)\b", r"other_\1", text)


def commented(text):
    return re.sub(r"\n    (?=\S)", "\n    # step by step\n\n    ", text).replace('"""What', '"""Now what')


def squeezed(text):
    return text.replace(" * ", "*").replace(" = ", "   =").replace("    ", "\t").replace("\n", "\r\n")


def reordered(text):
    head, *functions = text.split("\ndef ")
    return "\ndef ".join([head, *reversed(functions)])


def in_numbers(text):
    return re.sub(r"\b(\d+) \*", r"\1.0 *", text)


def all_of_it(text):
    return squeezed(commented(reordered(renamed(in_numbers(text)))))


@pytest.mark.parametrize("change", [str, renamed, commented, squeezed, reordered, in_numbers, all_of_it])
def test_a_copy_is_found_however_it_is_disguised(change):
    texts = works()
    texts["s11"] = {"net": change(texts["s04"]["net"])}
    assert texts["s11"] != texts["s04"] or change is str
    assert found(texts) == {("s04", "s11")}


def test_a_copy_in_which_statements_were_changed_is_found():
    texts = works()
    texts["s11"] = {"net": disguised(texts["s04"]["net"], np.random.default_rng(3))}
    assert found(texts) == {("s04", "s11")}


def test_nobody_is_found_who_worked_alone():
    assert similar(works(60), {"net": STUB}) == ()


def test_a_pair_has_its_share_and_its_passages_by_line():
    texts = works()
    lines = texts["s04"]["net"].splitlines()
    second = next(i for i, line in enumerate(lines) if line.startswith("def backward"))
    third = next(i for i, line in enumerate(lines) if line.startswith("def loss"))
    own = function(np.random.default_rng(77), "backward", "dZ, A, W").splitlines()
    texts["s11"] = {"net": "\n".join(["# mine", *lines[:second], *own, *lines[third:]])}
    (cluster,) = similar(texts, {"net": STUB})
    assert cluster.students == ("s04", "s11")
    (pair,) = cluster.pairs
    assert 0.5 < pair.share < 0.8
    assert {match.module for match in pair.matches} == {"net"}
    covered = {n for match in pair.matches for n in range(match.first[0], match.first[1] + 1)}
    assert set(range(4, second - 2)) <= covered, "the first function is shared"
    assert set(range(third + 2, len(lines))) <= covered, "the third function is shared"
    assert len(covered & set(range(second + 4, third - 4))) <= 4, "the second function is not, but for a line by chance"
    for match in pair.matches:
        if match.first[1] < second - 2:
            assert (match.second[0] - match.first[0], match.second[1] - match.first[1]) == (1, 1)


def test_a_passage_that_was_moved_is_shown_where_it_is_now():
    texts = works()
    texts["s11"] = {"net": reordered(texts["s04"]["net"])}
    ((pair,),) = [cluster.pairs for cluster in similar(texts, {"net": STUB})]
    ours, theirs = (texts[name]["net"].split("\n") for name in ("s04", "s11"))
    inner = [m for m in pair.matches if m.first[1] - m.first[0] > 5]
    assert len(inner) >= 3
    for match in inner:
        assert ours[match.first[0] + 3 : match.first[1] - 4] == theirs[match.second[0] + 3 : match.second[1] - 4]


def test_one_module_is_enough_where_it_is_long():
    texts = {
        name: {"net": work["net"], "train": program(np.random.default_rng(i + 500))}
        for i, (name, work) in enumerate(works().items())
    }
    for i, name in enumerate(texts):
        texts[name]["train"] += program(np.random.default_rng(i + 900))
    texts["s11"]["net"] = renamed(texts["s04"]["net"])
    ((pair,),) = [cluster.pairs for cluster in similar(texts, {"net": STUB, "train": ""})]
    assert (pair.first, pair.second) == ("s04", "s11")
    shown = {
        name: sum(m.first[1] - m.first[0] + 1 for m in pair.matches if m.module == name) for name in ("net", "train")
    }
    assert shown["net"] > len(texts["s04"]["net"].splitlines()) * 0.8
    assert shown["train"] < len(texts["s04"]["train"].splitlines()) * 0.2


def test_what_was_given_is_nobody_s_work():
    given = program(np.random.default_rng(5))
    texts = {name: {"net": given + f"\n\nVALUE = {i}\n"} for i, name in enumerate(works(5))}
    assert found(texts, stub=given) == set()
    assert found(texts, stub=STUB) != set(), "without the stub it would be theirs"


def test_what_many_have_is_nobody_s_work():
    shared = program(np.random.default_rng(5))
    many = works(COMMON_LEAST + 1)
    few = dict(itertools.islice(works().items(), COMMON_LEAST))
    everyone = {name: {"net": shared} for name in many}
    assert found(everyone) == set()
    assert len(found({name: {"net": shared} for name in few})) == COMMON_LEAST * (COMMON_LEAST - 1) / 2


def test_in_a_large_class_more_may_have_the_same():
    texts = works(120)
    for name in list(texts)[10:22]:
        texts[name] = {"net": texts["s10"]["net"]}
    (cluster,) = similar(texts, {"net": STUB})
    assert len(cluster.students) == 12
    assert len(cluster.pairs) == 66
    texts["s22"] = texts["s10"]
    assert similar(texts, {"net": STUB}) == (), "thirteen of 120 are more than a tenth"


@pytest.mark.parametrize("names", [("s03", "s05", "s07"), ("s07", "s03", "s05"), ("s05", "s07", "s03")])
def test_a_cluster_holds_all_that_are_connected(names):
    texts = works()
    halves = {name: work["net"].split("def loss")[0] for name, work in works(4, seed=9).items()}
    first, second, third = (halves[name].replace("import numpy as np", "") for name in ("s00", "s01", "s02"))
    texts |= zip(names, ({"net": first + second}, {"net": second + third}, {"net": third}), strict=True)
    texts |= {"s12": {"net": renamed(texts["s13"]["net"])}}
    clusters = similar(texts, {"net": STUB})
    assert {cluster.students for cluster in clusters} == {("s03", "s05", "s07"), ("s12", "s13")}
    assert sorted(len(cluster.pairs) for cluster in clusters) == [1, 2]
    assert clusters[0].pairs[0].share >= clusters[1].pairs[0].share


def test_a_broken_program_is_compared_as_it_stands():
    texts = works()
    broken = texts["s04"]["net"].replace("):\n", ":\n", 1).replace("    return a", '  return """a', 1)
    with pytest.raises(SyntaxError):
        compile(broken, "net", "exec")
    texts["s11"] = {"net": renamed(texts["s04"]["net"]).replace("):\n", ":\n", 1) + "\n)]} $ ? `"}
    assert found(texts) == {("s04", "s11")}


def test_a_class_without_works_has_no_clusters():
    assert similar({}, {"net": STUB}) == ()
    assert similar({"ada": {"net": STUB}}, {"net": STUB}) == ()
    assert similar({"ada": {}, "ben": {}}, {"net": STUB}) == ()
    assert similar({"ada": {"other": "x"}, "ben": {"net": ""}}, {"net": STUB}) == ()
    assert similar({"ada": {"net": "x = 1"}, "ben": {"net": "x = 1"}}, {}) == ()


def test_it_makes_no_difference_in_which_order_they_come():
    texts = works()
    texts["s11"] = {"net": renamed(texts["s04"]["net"])}
    assert similar(dict(reversed(texts.items())), {"net": STUB}) == similar(texts, {"net": STUB})


MANY = 1 << 20
HOSTILE = {
    "a line of 1 MB": "x + " * (MANY // 4),
    "one word of 1 MB": "a" * MANY,
    "digits": "9" * MANY,
    "null bytes": "def f(x):\n    return \x00" * 1000 + "\x00" * MANY,
    "deep nesting": "(" * MANY,
    "nested lists": "[" * (MANY // 2) + "]" * (MANY // 2),
    "a text that never ends": '"""' + "\\'''" * (MANY // 4),
    "quotes that never match": "'''\\" * (MANY // 4),
    "texts within texts": "\"'" * (MANY // 2),
    "backslashes": "\\" * MANY,
    "newlines": "\n" * MANY,
    "indentation": "".join(" " * n + "if x:\n" for n in range(1000)),
    "surrogates": "\ud800 " * 1000 + "x = 1\n" * 1000,
    "comments": "#" * MANY,
    "exponents": "1e" * (MANY // 2),
    "prefixes": "rb" * (MANY // 2),
    "dots": ".1" * (MANY // 2),
    "not latin": "变量 = 变量 + 1\n" * 1000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_is_too_hostile(text):
    texts = works(8) | {"mallory": {"net": text}, "trudy": {"net": text + "\n"}, "eve": {"net": "\n" + text}}
    texts["s07"] = {"net": renamed(texts["s04"]["net"])}
    pairs = found(texts)
    assert ("s04", "s07") in pairs
    assert not [pair for pair in pairs if len({"mallory", "trudy", "eve"} & set(pair)) == 1]


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab1.\"'\\\n\r\f #()=\x00é")) | st.text())
def test_any_text_is_read_to_its_end(text):
    tokens = Reader().read(text, 0)
    assert len(tokens.codes) == len(tokens.lines)
    assert all(1 <= line <= len(text.splitlines()) for line in tokens.lines.tolist())
    assert tokens.lines.tolist() == sorted(tokens.lines.tolist())


def python_s_own(source):
    """The line of every token that counts, by Python's tokenizer."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row, column = token.start
        docstring = token.type == tokenize.STRING and not lines[row - 1][:column].strip()
        if token.type not in layout and not docstring:
            yield row


@pytest.mark.parametrize("module", ["heapq", "bisect", "shlex", "queue", "string", "colorsys", "sched", "cmd"])
def test_lines_are_those_of_python_s_own_tokens(module):
    source = import_module(module).__spec__.loader.get_source(module)
    source = re.sub(r"(?<![\\\w])[fF](?=[\"'])", "", source)  # which are several tokens from Python 3.12 on
    assert len(source) < LONGEST
    assert Reader().read(source, 0).lines.tolist() == list(python_s_own(source))


LINE = "def f(Z):\n    a = np.sum(Z[1:] * 12, axis=0) + len('abc')\n    return a / 5.0\n"
ALIKE = {
    "names": LINE.replace("Z", "activation").replace("a ", "result "),
    "numbers": LINE.replace("12", "12.0").replace("5.0", "5"),
    "small numbers": LINE.replace("12", "1_2").replace("5.0", ".5e1"),
    "texts": LINE.replace("'abc'", 'f"x # y"'),
    "comments": LINE.replace("\n", "  # 'done' \n"),
    "docstrings": LINE.replace(":\n", ':\n    """What\n    it does."""\n', 1),
    "layout": LINE.replace(" * ", "*")
    .replace(", ", ",\n   ")
    .replace("    ", "\t")
    .replace("return a", "return \\\n a"),
}
DIFFERENT = {
    "operators": LINE.replace(" * ", " - "),
    "methods": LINE.replace("np.sum", "np.mean"),
    "builtins": LINE.replace("len", "int"),
    "keywords": LINE.replace("return", "yield"),
    "numbers": LINE.replace("12", "13"),
}


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE)
def test_what_a_copier_changes_first_is_not_read(text):
    reader = Reader()
    assert text != LINE
    assert reader.read(text, 0).hashes.tolist() == reader.read(LINE, 0).hashes.tolist()


@pytest.mark.parametrize("text", DIFFERENT.values(), ids=DIFFERENT)
def test_what_a_program_does_is_read(text):
    reader = Reader()
    assert set(reader.read(text, 0).hashes.tolist()) != set(reader.read(LINE, 0).hashes.tolist())


def test_the_same_in_another_module_is_another_thing():
    reader = Reader()
    assert not set(reader.read(LINE, 0).hashes.tolist()) & set(reader.read(LINE, 1).hashes.tolist())


def test_a_text_is_read_no_further_than_a_module_may_be_long():
    assert len(Reader().read("x\n" * MANY, 0).lines) == LONGEST // 2


def test_a_passage_that_is_long_enough_has_a_fingerprint_wherever_it_stands():
    rng = np.random.default_rng(4)
    passage = function(rng, "shared", "x")
    reader = Reader()
    one = reader.read(function(rng, "f", "x") + passage, 0)
    other = reader.read(passage + function(rng, "g", "x"), 0)
    assert len(np.intersect1d(winnowed(one.hashes), winnowed(other.hashes))) >= 20
