"""Trees of tuples, lists and dicts: taken apart and put together again."""

from collections import OrderedDict, defaultdict, deque, namedtuple

import pytest

from autograd.arrays.trees import LEAF, flatten, map_leaves, spread, unflatten

Pair = namedtuple("Pair", "first second")


class Own(list):
    pass


TREES = [
    1,
    None,
    (),
    [],
    {},
    (1,),
    [1, (2, [3, {"a": 4}])],
    {"b": 1, "a": (2, None)},
    OrderedDict(z=1, a=[2]),
    Pair(1, Pair((2,), 3)),
    deque([1, (2,)], 5),
    {("key", 1): 1},
]


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_is_put_together_as_it_was(tree):
    leaves, spec = flatten(tree)
    again = unflatten(leaves, spec)
    assert again == tree and type(again) is type(tree) and spec == flatten(again)[1]
    assert spec.leaves == len(leaves) and hash(spec) is not None
    assert repr(map_leaves(lambda leaf: "*", tree)) == repr(spec)


def test_what_a_dict_or_a_deque_is_besides_its_values_stays():
    tree = defaultdict(list, a=1)
    again = unflatten([2], flatten(tree)[1])
    assert again == {"a": 2} and again["b"] == []
    assert unflatten([1, 2], flatten(deque([0, 0], 2))[1]).maxlen == 2


def test_leaves_come_in_the_order_of_the_tree():
    assert flatten({"b": 1, "a": (2, [3])})[0] == [1, 2, 3]
    own = Own([1])
    assert flatten((own, "ab", {1, 2})) == ([own, "ab", {1, 2}], flatten((0, 0, 0))[1])
    assert flatten(3) == ([3], LEAF)


def test_forms_differ_by_kind_keys_and_length():
    specs = [flatten(tree)[1] for tree in ([1], (1,), [1, 2], {"a": 1}, {"b": 1}, [[1]], 1)]
    assert len(set(specs)) == len(specs)


def test_wrong_numbers_and_forms_are_refused():
    with pytest.raises(ValueError, match=r"^unflatten: .* as it has, 2; got 1\.$"):
        unflatten([1], flatten((0, 0))[1])
    with pytest.raises(ValueError, match=r"^map_leaves: .*; got \('\*',\) and \['\*'\]\.$"):
        map_leaves(max, (1,), [1])


def test_a_prefix_is_spread_over_what_is_below_it():
    spec = flatten(({"a": 1, "b": 2}, [3, (4,)], 5))[1]
    assert spread(0, spec) == [0] * 5
    assert spread((None, [1, 2], 3), spec) == [None, None, 1, 2, 3]
    assert spread(({"a": 0, "b": 1}, 2, 3), spec) == [0, 1, 2, 2, 3]
    for wrong in ([0, 0, 0], (0, 0), ({"a": 0}, 0, 0), (0, 0, (0,))):
        assert spread(wrong, spec) is None
