"""Repeats in a scene as one of them: blocks of the same make, and the steps of a loop.

At each level (the top, or inside a group) the operations and groups are a sequence, in the order of
their making; each is given a number that says what it is (its name without numbers, shape and kind
of parameters; of a group also what is in it). A run with the period p is where the sequence is the
same p places on. Of the runs that save most, those become one repeat whose repeats are also wired
alike within themselves, and follow on each other, or all stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograd.drawing.folding.merging import (
    bundled,
    gradients_along,
    ranged,
    repeated,
    without_numbers,
)
from autograd.drawing.scene import Edge, Group, Scene

_IN_A_ROW = 3  # repeats that are worth a box of their own: two are seen as they are
_SIDE_BY_SIDE = 4  # the query, key and value of attention stay themselves
_LONGEST = 512  # operations in one repeat
_SAID = 6  # notes
_NAMED = 3  # of what a repeat consists of, in its note


def rolled(scene: Scene) -> Scene:
    """``scene`` with each run of repeats as one of them, that says how many it stands for.

    >>> from autograd.drawing.scene import Node
    >>> nodes = {f"{i}": Node(f"{i}", "op", ("sin", "cos")[i % 2]) for i in range(10)}
    >>> edges = [Edge(f"{i}", f"{i + 1}") for i in range(9)]
    >>> small = rolled(Scene(nodes, edges))
    >>> [node.label for node in small.nodes.values()]
    ['sin', 'cos']
    >>> [group.count for group in small.groups.values()]
    [5]
    """
    for _ in range(4):  # a run of runs: a few levels are all that there are
        rolling = _Rolling(scene)
        if not rolling.roll():
            break
        scene = rolling.scene()
    return scene


@dataclass
class _Level:
    """What lies directly in a group, or in none."""

    items: list[str] = field(default_factory=list)  # keys of operations and groups, in order
    place: dict[str, int] = field(default_factory=dict)
    edges: list[tuple[int, int, Edge]] = field(default_factory=list)  # between places


class _Rolling:
    """One walk over the levels of a scene, the innermost first."""

    def __init__(self, scene: Scene) -> None:
        self.old = scene
        self.nodes, self.groups = dict(scene.nodes), dict(scene.groups)
        self.notes: list[str] = []
        self.stands: dict[str, str] = {}  # what is rolled up, and the node that stands for it
        self.run_of: dict[str, str] = {}  # node, by the run it was rolled up in
        self.step_of: dict[str, int] = {}
        made = {edge.end for edge in scene.edges}
        self.leaves = {
            key for key, node in scene.nodes.items() if key not in made and node.role != "op"
            and node.role != "module"
        }  # fmt: skip
        self.users: dict[str, list[str]] = {}
        self.taken: dict[str, list[Edge]] = {}
        for edge in scene.edges:
            self.users.setdefault(edge.start, []).append(edge.end)
            self.taken.setdefault(edge.end, []).append(edge)
        self.content: dict[str, list[str]] = {}  # of a group, the operations and groups in it
        self.numbers: dict[Any, int] = {}  # of what things are
        self.levels = self._levels()

    def _levels(self) -> dict[str, _Level]:
        paths = {key: ("", *self.old.path(key)) for key in ("", *self.groups)}
        levels = {key: _Level() for key in paths}
        for key, node in self.nodes.items():
            if key not in self.leaves and node.role != "output":
                inner = key
                for group in reversed(paths[node.group]):
                    level = levels[group]
                    if inner in level.place:
                        break
                    level.place[inner] = len(level.items)
                    level.items.append(inner)
                    inner = group
        for edge in self.old.edges:
            if edge.start not in self.leaves and self.nodes[edge.end].role != "output":
                one, other = self.nodes[edge.start].group, self.nodes[edge.end].group
                start, end, group = edge.start, edge.end, one
                if one != other:  # the innermost group around both
                    way, back = (*paths[one], edge.start), (*paths[other], edge.end)
                    i = next(i for i in range(len(way)) if way[i] != back[i])
                    start, end, group = way[i], back[i], way[i - 1]
                level = levels[group]
                level.edges.append((level.place[start], level.place[end], edge))
        return levels

    # -- what things are --------------------------------------------------------------------------

    def _of_node(self, key: str) -> int:
        """Nodes of one make have the same number."""
        node = self.nodes[key]
        parameters = [
            (edge.place, self.old.nodes[edge.start].shape)  # it may have been rolled up by now
            for edge in self.taken.get(key, ())
            if self.old.nodes[edge.start].role == "parameter"
        ]
        lines = tuple(node.lines) if node.role == "module" else ()
        facts = (node.role, without_numbers(node.label), node.shape, node.dtype, node.count)
        return self.numbers.setdefault((facts, lines, tuple(parameters)), len(self.numbers))

    def _of_group(self, key: str, inside: list[int]) -> int:
        """So have groups in which the same is wired in the same way."""
        group = self.groups[key]
        wires = sorted([(i, j, edge.place) for i, j, edge in self.levels[key].edges])
        facts = (group.kind, group.count, tuple(inside), tuple(wires))
        return self.numbers.setdefault(facts, len(self.numbers))

    # -- runs -------------------------------------------------------------------------------------

    def roll(self) -> bool:
        """Roll up what can be; whether there was anything."""
        found = False
        made: dict[str, int] = {}  # the numbers of groups
        for group in (*reversed(self.groups), ""):
            level = self.levels[group]
            inside = [made[key] if key in made else self._of_node(key) for key in level.items]
            self.content[group] = [inner for key in level.items for inner in self._inside(key)]
            if group:
                made[group] = self._of_group(group, inside)
            sequence = np.array(inside, np.int64)
            taken = np.zeros(len(sequence), bool)
            for start, period, length in _runs(sequence):
                if not taken[start : start + length].any():
                    run = self._steady(level, start, period, length)
                    if run is not None:
                        begin, count = run
                        taken[begin : begin + count * period] = True
                        self._join(group, level, begin, period, count)
                        found = True
        return found

    def _inside(self, key: str) -> list[str]:
        return [key, *self.content[key]] if key in self.groups else [key]

    def _steady(
        self, level: _Level, start: int, period: int, length: int
    ) -> tuple[int, int] | None:
        """Where repeats begin and how many there are that are wired alike; None: too few."""
        ends = start + length
        crossing = np.zeros(len(level.items) + 1, np.int64)  # edges over each boundary
        for i, j, _ in level.edges:
            crossing[i + 1] += 1
            crossing[j + 1] -= 1
        crossing = np.cumsum(crossing)
        phases = [
            (float(np.mean(crossing[start + shift + period : ends - period + 1 : period])), shift)
            for shift in range(min(period, length - 2 * period))
        ] or [(0.0, 0)]
        begin = start + min(phases)[1]
        count = (ends - begin) // period
        within: list[set[Any]] = [set() for _ in range(count)]
        between: list[bool] = [False] * count
        mixed = False
        for i, j, edge in level.edges:
            if begin <= i < begin + count * period and begin <= j < begin + count * period:
                one, other = (i - begin) // period, (j - begin) // period
                if one == other:
                    inner = (i - begin) % period, (j - begin) % period, edge.place
                    within[one].add(inner)
                elif other == one + 1:
                    between[other] = True
                mixed = mixed or one != other
        best = (0, 0)
        first = 0
        for step in range(1, count + 1):  # the longest stretch that is wired alike
            alike = step < count and within[step] == within[first]
            if not (
                alike and between[step] == (between[first + 1] if first + 1 < count else False)
            ):
                best = max(best, (step - first, -first))
                first = step
        repeats, first = best[0], -best[1]
        least = _IN_A_ROW if repeats > 1 and between[first + 1] else _SIDE_BY_SIDE
        if repeats < least or (mixed and not between[first + 1]):
            return None
        return begin + first * period, repeats

    # -- joining ----------------------------------------------------------------------------------

    def _join(self, group: str, level: _Level, begin: int, period: int, count: int) -> None:
        """Let the first of ``count`` repeats stand for all."""
        steps = [
            level.items[begin + step * period : begin + (step + 1) * period]
            for step in range(count)
        ]
        inside = [[key for item in step for key in self._inside(item)] for step in steps]
        run = f"{inside[0][0]}×{count}"
        for step, keys in enumerate(inside):
            self.run_of.update(dict.fromkeys(keys, run))
            self.step_of.update(dict.fromkeys(keys, step))
        for same in zip(*inside):
            self._stand(list(same))
        own = self._own_leaves(inside)
        if period > 1:
            self.groups[run] = Group(run, "repeated", parent=group, count=count)
            self.content[group].append(run)
            for key in steps[0]:
                if key in self.groups:
                    self.groups[key] = replace(self.groups[key], parent=run)
                else:
                    self.nodes[key] = replace(self.nodes[key], group=run)
            for key in own:
                if self.nodes[key].group == group:
                    self.nodes[key] = replace(self.nodes[key], group=run)
        else:
            (key,) = steps[0]
            of: Any = self.groups if key in self.groups else self.nodes
            of[key] = replace(of[key], count=of[key].count * count)
            if key in self.nodes:
                for leaf in own:
                    self.nodes[leaf] = replace(self.nodes[leaf], count=count)
        self.notes.append(self._said(steps, count))

    def _said(self, steps: list[list[str]], count: int) -> str:
        keys = steps[0]
        what = ", ".join([self._label(key) for key in keys[:_NAMED]])
        if len(keys) > _NAMED:
            what += f" and {len(keys) - _NAMED} more"
        return f"× {count:,}: {what} stand for {count:,} repeats of the same structure."

    def _label(self, key: str) -> str:
        return self.groups[key].label if key in self.groups else self.nodes[key].label

    def _stand(self, keys: list[str]) -> None:
        """Let the first of ``keys``, nodes or groups that are alike, stand for them."""
        first = keys[0]
        if first in self.groups:
            labels = [self.groups[key].label for key in keys]
            self.groups[first] = replace(self.groups[first], label=ranged(labels))
            for key in keys[1:]:
                del self.groups[key]
        elif first in self.nodes:
            same = [self.nodes[key] for key in keys]
            self.nodes[first] = repeated(same)
            if self.old.backward:  # how it vanishes or explodes is what one looks for
                self.nodes[first].lines += gradients_along(same)
            for key in keys[1:]:
                del self.nodes[key]
        for key in keys[1:]:
            self.stands.setdefault(key, first)

    def _own_leaves(self, inside: list[list[str]]) -> list[str]:
        """Join the leaves that each repeat has for itself; those of the first."""
        own: list[str] = []
        for same in zip(*inside):
            operands = [
                {edge.place: edge.start for edge in self.taken.get(key, ())} for key in same
            ]
            for place, leaf in operands[0].items():
                found = [one.get(place, "") for one in operands]
                if leaf in self.nodes and self._is_own(found, inside):
                    self._stand(found)
                    own.append(leaf)
        return own

    def _is_own(self, found: list[str], inside: list[list[str]]) -> bool:
        """Whether the leaves ``found`` are alike, and each used in its own repeat only."""
        if len(set(found)) < len(found) or not self.leaves.issuperset(found):
            return False
        first = self.old.nodes[found[0]]
        for step, key in enumerate(found):
            node = self.old.nodes[key]
            if key in self.stands or (node.role, node.shape) != (first.role, first.shape):
                return False
            run = self.run_of[inside[0][0]]
            for user in self.users[key]:
                if self.run_of.get(user) != run or self.step_of[user] != step:
                    return False
        return True

    # -- the result -------------------------------------------------------------------------------

    def scene(self) -> Scene:
        """The scene after all runs have been joined."""
        order = {key: i for i, key in enumerate(self.old.nodes)}
        bundles: dict[Any, list[Edge]] = {}
        for edge in self.old.edges:
            start, end = self._stand_in(edge.start), self._stand_in(edge.end)
            run = self.run_of.get(edge.start)
            leaves = run is not None and run != self.run_of.get(edge.end)
            again = edge.again
            if (
                run is not None
                and not leaves
                and self.step_of[edge.start] != self.step_of[edge.end]
            ):
                if start == end:
                    continue
                again = order[start] >= order[end]
            bundles.setdefault(
                (start, end, None if leaves else edge.place, edge.data, again), []
            ).append(edge)
        edges = []
        for (start, end, place, _, again), bundle in bundles.items():
            edge = replace(bundled(bundle[0], bundle), start=start, end=end, again=again)
            if place is None:
                edge.count = sum([one.count for one in bundle])
            edges.append(edge)
        for key, node in self.nodes.items():  # a leaf that only one of the repeats has
            if node.group and node.group not in self.groups:
                self.nodes[key] = replace(node, group=self._stand_in(node.group))
        levels = Scene(groups=self.groups)
        parents = sorted(self.groups, key=lambda key: len(levels.path(key)))
        said = list(dict.fromkeys(self.notes))
        notes = [*self.old.notes, *said[:_SAID]]
        if len(said) > _SAID:
            notes.append(f"{len(said) - _SAID} more runs of repeats are shown as one.")
        groups = {key: self.groups[key] for key in parents}
        return replace(self.old, nodes=self.nodes, edges=edges, groups=groups, notes=notes)

    def _stand_in(self, key: str) -> str:
        while key in self.stands:
            key = self.stands[key]
        return key


def _runs(sequence: np.ndarray[Any, Any]) -> Iterator[tuple[int, int, int]]:
    """Stretches (start, period, length) in which a sequence repeats, what saves most first."""
    found: list[tuple[int, int, int, int]] = []
    for period in range(1, min(len(sequence) // _IN_A_ROW, _LONGEST) + 1):
        same = sequence[period:] == sequence[:-period]
        steps = np.diff(np.concatenate(([0], same.view(np.int8), [0])))
        begins, ends = (np.flatnonzero(steps == sign).tolist() for sign in (1, -1))
        for start, end in zip(begins, ends):
            length = end - start + period
            if length >= _IN_A_ROW * period:
                found.append((-(length // period - 1) * period, period, start, length))
    for _, period, start, length in sorted(found):
        yield start, period, length
