"""What averages the gradients of several processes: filled by hooks, sent in buckets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Tensor, from_numpy
from autograd.arrays import notices
from autograd.distributed.averaging import any_of, averaged
from autograd.distributed.futures import Future
from autograd.distributed.gradients import GradBucket
from autograd.distributed.work import carry_on
from autograd.engine import early, versions
from autograd.engine.graph import nodes_behind
from autograd.tensors.buckets import Bucket, pack

_MB = 1 << 20
_FIRST = 1  # MB: the last layers' gradients, which come first, are sent soon
_PASS = "DistributedDataParallel.forward"


class _Bucket(Bucket):
    """Parameters whose gradients are sent together, and which of them are there."""

    def __init__(self, tensors: list[Any]) -> None:
        super().__init__(tensors)
        self.missing: Counter[int] = Counter()  # by id: how many times a gradient is to come
        self.untouched: set[int] = set()  # those that no process has used
        self.buffer = np.empty(sum([p._data.size for p in tensors]), tensors[0]._data.dtype)

    def take(self, total: Any) -> None:
        """Put the parts of ``total`` in the place of the gradients."""
        for p, part in zip(self.tensors, self.views(total)):
            if id(p) in self.untouched:
                continue
            if p.grad is None:
                p.grad = from_numpy(np.array(part))
            else:
                array = p.grad._array()
                array[...] = part
                versions.note_change(array)


class _Hooked:
    """What a communication hook has begun; ``take`` is given its result."""

    def __init__(self, future: Any, take: Callable[[Any], None]) -> None:
        if not isinstance(future, Future):
            raise TypeError(
                "DistributedDataParallel: a communication hook must return a torch.futures.Future; "
                f"got {type(future).__name__}. Return dist.all_reduce(bucket.buffer(), "
                "async_op=True).get_future(), or its then(...)."
            )
        self.future, self.take = future, take

    def wait(self) -> None:
        """Wait, and take what has come."""
        value = self.future.wait()
        self.take((value if isinstance(value, Tensor) else value[0])._array().reshape(-1))


class Reducer:
    """Averages the gradients of ``named`` parameters over the processes of ``group``.

    :param finds_unused: looks in the graph of each pass for parameters that it does not use.
    :param static: learns from the first pass which gradients come, and how many times.
    """

    def __init__(
        self,
        group: Any,
        named: Sequence[tuple[str, Any]],
        megabytes: float,
        finds_unused: bool,
        static: bool,
    ) -> None:
        self.group, self.named = group, named
        self.finds_unused, self.static = finds_unused and not static, static
        self.buckets = self._packed(megabytes)
        self.place = {id(p): one for one in self.buckets for p in one.tensors}
        self.expecting = False
        self.some = False  # whether gradients of this pass have come
        self.over = False  # whether those of the last pass have been sent
        self.begun: list[Any] = []
        self.unused: set[int] = set()  # those that this process's pass has not used
        self.first: Counter[int] | None = None  # a static graph's first pass: what has come
        self.uses: Counter[int] | None = None  # and what comes in each pass
        self.untouched: set[int] = set()
        self.hook: Callable[[GradBucket], Any] | None = None
        self.divisor: int | None = None  # None: the number of processes

    def _packed(self, megabytes: float) -> list[_Bucket]:
        """The parameters in buckets, the last ones first: their gradients come first."""
        order = [p for _, p in reversed(self.named)]
        made = []
        for dtype in dict.fromkeys([p.dtype for p in order]):
            alike = [p for p in order if p.dtype == dtype]
            size = alike[0]._data.itemsize
            first = list(pack(alike, lambda p: None, int(min(_FIRST, megabytes) * _MB) // size))[0]
            made.append(first)
            if rest := alike[len(first) :]:
                made += list(pack(rest, lambda p: None, int(megabytes * _MB) // size))
        return [_Bucket(tensors) for tensors in made]

    # -- a pass begins -----------------------------------------------------------------------------

    def expect(self, results: Sequence[Tensor]) -> None:
        """From now on gradients are sent when they come; ``results`` are the forward pass's."""
        self._clear()
        self.expecting, self.some, self.over = True, False, False
        early.awaited.update([p._edge for _, p in self.named])
        if self.static:
            self.first = Counter() if self.uses is None else None
            come = self.uses or Counter()
            for bucket in self.buckets:  # + leaves out those that do not come
                bucket.missing = +Counter({id(p): come[id(p)] for p in bucket.tensors})
        elif self.finds_unused:
            found = {*nodes_behind([one._edge for one in results])}
            used = [p._edge in found for _, p in self.named]
            self._agree(used)
            for (_, p), here in zip(self.named, used):
                if not here:
                    self.place[id(p)].missing.pop(id(p))
                    self.unused.add(id(p))

    def _clear(self) -> None:
        for bucket in self.buckets:
            bucket.missing = Counter([id(p) for p in bucket.tensors])
            bucket.untouched = self.untouched
        self.begun, self.unused = [], set()

    def _agree(self, used: Sequence[bool]) -> None:
        """Tell the others which parameters this process has used, and hear which none has."""
        anywhere = any_of(self.group, _PASS, used)
        nowhere = {id(p) for (_, p), somewhere in zip(self.named, anywhere) if not somewhere}
        for bucket in self.buckets:
            bucket.untouched = nowhere
        if self.static:
            self.untouched = nowhere

    def check_last_pass(self) -> None:
        """Raise RuntimeError where gradients of the last pass have come in part."""
        if not (self.expecting and self.some):
            return
        missing = {key for bucket in self.buckets for key in bucket.missing}
        names = [name for name, p in self.named if id(p) in missing]
        self.expecting = False
        instead = (
            "With static_graph=True every pass uses the parameters of the first one"
            if self.static
            else "Pass find_unused_parameters=True, or use all of the forward pass's results in "
            "the loss"
        )
        raise RuntimeError(
            "DistributedDataParallel: every parameter must have had its gradient before the next "
            f"forward pass; {', '.join(names[:5])}{' and others' if names[5:] else ''} had none. "
            f"{instead}."
        )

    # -- gradients come ----------------------------------------------------------------------------

    def arrived(self, p: Any) -> None:
        """A gradient is there: send what can be sent."""
        if not self.expecting:
            if self.over and self.group.size() > 1:
                self._tell_late(p)
            return
        self.some = True
        if self.first is not None:
            if not self.first:
                early.at_the_end(self._learn)
            self.first[id(p)] += 1
            return
        if id(p) in self.unused:
            raise RuntimeError(
                "DistributedDataParallel: with find_unused_parameters, what has a gradient must be "
                f"under the forward pass's result; {self._name(p)} has one and is not. Return "
                "tensors in tuples, lists, dicts or dataclasses, and use parameters in forward "
                "alone; or pass static_graph=True."
            )
        bucket = self.place[id(p)]
        if bucket in self.buckets[: len(self.begun)]:
            raise RuntimeError(
                "DistributedDataParallel: each gradient must be whole when it comes; another part "
                f"of that of {self._name(p)} comes after it was sent. Add up the losses and call "
                "backward once, or pass static_graph=True."
            )
        if bucket.missing[id(p)] <= 1:
            del bucket.missing[id(p)]
        else:
            bucket.missing[id(p)] -= 1
        self._send_whole_ones()
        if self.begun:
            carry_on()
        if len(self.begun) == len(self.buckets):
            self._finish()

    def _name(self, p: Any) -> str:
        return next(name for name, one in self.named if one is p)

    def _tell_late(self, p: Any) -> None:
        notices.once(
            "DistributedDataParallel: gradients are averaged once after each forward pass; that of "
            f"{self._name(p)} comes after this, and what it adds is this process's alone. Add up "
            "the losses of several forward passes before backward()."
        )

    def _send_whole_ones(self) -> None:
        """In their order, as all processes must begin them in one."""
        while len(self.begun) < len(self.buckets):
            bucket = self.buckets[len(self.begun)]
            if bucket.missing:
                break
            self.begun.append(self._send(bucket))

    def _learn(self) -> None:
        """The first pass of a static graph is over: send all, and expect the same from now on."""
        assert self.first is not None
        self.uses, self.first = self.first, None
        self._agree([self.uses[id(p)] > 0 for _, p in self.named])
        for bucket in self.buckets:
            bucket.missing.clear()
        self._send_whole_ones()
        self._finish()

    def _send(self, bucket: _Bucket) -> Any:
        arrays = []
        for p in bucket.tensors:
            if p.grad is not None and not p.grad._whole:
                raise NotImplementedError(
                    "DistributedDataParallel: gradients must be dense; one of shape "
                    f"{tuple(p.shape)} is sparse. Make the layer with sparse=False."
                )
            arrays.append(np.zeros_like(p._data) if p.grad is None else p.grad._array())
        return self._exchange(bucket, bucket.flat(arrays, bucket.buffer))

    def _exchange(self, bucket: _Bucket, flat: Any) -> Any:
        index, count = len(self.begun), len(self.buckets)
        if self.hook is not None:
            given = GradBucket(index, count, from_numpy(flat), bucket)
            return _Hooked(self.hook(given), bucket.take)
        what = f"gradients {index + 1} of {count} of DistributedDataParallel"
        return averaged(self.group, "backward", what, flat, bucket.take, self.divisor)

    def _finish(self) -> None:
        """Wait for what was sent; it is in the place of the gradients then."""
        self.expecting, self.over = False, True
        for _, p in self.named:
            early.awaited.discard(p._edge)
        for work in self.begun:
            work.wait()

    def take_part(self) -> None:
        """Without a pass of its own, take part in that of the others, with zeros."""
        self._clear()
        if self.finds_unused or (self.static and self.uses is None):
            self._agree([False] * len(self.named))
        if self.static and self.uses is None:
            self.uses = Counter([id(p) for _, p in self.named if id(p) not in self.untouched])
        for bucket in self.buckets:
            bucket.buffer[...] = 0
            self.begun.append(self._exchange(bucket, bucket.buffer))
        self._finish()
