"""A process alone is a world of one; what is asked in vain says why."""

import gc
import re
import weakref

import numpy as np
import pytest

import autograd
import nn
import optim
from autograd import distributed as dist
from autograd.distributed import mpi
from autograd.engine import early
from autograd.utils.data import DistributedSampler
from optim.zero import ZeroRedundancyOptimizer


@pytest.fixture
def world(monkeypatch):
    """A world of one, which is gone afterwards, as are the variables that it sets."""
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", *mpi.LAUNCHERS):
        monkeypatch.delenv(name, raising=False)
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "MASTER_ADDR"):
        monkeypatch.setenv(name, "0" if "RANK" in name else "1")
    dist.init_process_group("gloo")
    yield
    if dist.is_initialized():
        dist.destroy_process_group()


def test_each_call_is_its_own(world):
    assert dist.is_initialized() and (dist.get_rank(), dist.get_world_size()) == (0, 1)
    x = autograd.tensor([1.0, 2.0])
    for op in (dist.ReduceOp.SUM, dist.ReduceOp.AVG, dist.ReduceOp.MAX):
        assert dist.all_reduce(x, op) is None and x.tolist() == [1, 2]
    work = dist.all_reduce(x, async_op=True)
    assert work.is_completed() and work.wait() and work.is_success()
    found = [None]
    dist.all_gather_object(found, "a")
    assert found == ["a"]
    assert dist.get_world_size(dist.new_group([0])) == 1
    dist.destroy_process_group()
    assert not dist.is_initialized()


def test_views_and_zero_dimensions_are_written_to(world):
    x = autograd.zeros(3, 2)
    found = [x.T[1]]
    dist.all_gather(found, autograd.ones(3))
    assert x.tolist() == [[0, 1]] * 3
    y = (autograd.ones(3) * 2).sum()  # a NumPy scalar inside
    dist.all_reduce(y)
    assert y.item() == 6


def test_a_tensor_that_a_pass_needs_is_known_to_have_changed(world):
    x = autograd.ones(2, requires_grad=True)
    y = x * 1.0
    z = (y * y).sum()
    dist.broadcast(y.detach(), src=0)  # as the sender it stays as it is
    with autograd.no_grad():
        dist.all_gather([y.detach()], autograd.zeros(2))
    with pytest.raises(RuntimeError, match="changed"):
        z.backward()


REFUSED = [
    (lambda: dist.init_process_group(), ValueError, "has been initialized already"),
    (lambda: dist.all_reduce([1.0]), TypeError, "tensor must be a tensor; got list"),
    (lambda: dist.all_reduce(autograd.ones(1), "sum"), TypeError, "must be a ReduceOp; got str"),
    (
        lambda: dist.all_reduce(autograd.ones(1), dist.ReduceOp.BAND),
        RuntimeError,
        "BAND has no meaning for every dtype",
    ),
    (lambda: dist.broadcast(autograd.ones(1), src=3), ValueError, "src must be a rank of the"),
    (lambda: dist.all_gather([], autograd.ones(1)), ValueError, "for each of 1 ranks; got 0"),
    (
        lambda: dist.all_gather([autograd.ones(2)], autograd.ones(1)),
        ValueError,
        "must have one shape and dtype",
    ),
    (lambda: dist.gather(autograd.ones(1)), ValueError, "must give gather_list; got None"),
    (lambda: dist.new_group([0, 0]), ValueError, "must be different numbers below 1"),
    (lambda: dist.get_group_rank(dist.group.WORLD, 4), ValueError, "must be a member"),
    (lambda: dist.all_reduce(autograd.ones(1), group=4), TypeError, "must be a ProcessGroup"),
    (lambda: dist.broadcast_object_list((1,)), TypeError, "must be a list; got tuple"),
    (lambda: dist.recv(autograd.ones(1)), ValueError, "alone in its group"),
    (lambda: dist.P2POp(dist.recv, autograd.ones(1), 0), ValueError, "must be isend or irecv"),
    (lambda: nn.parallel.DistributedDataParallel(3), TypeError, "expected a module; got int"),
    (
        lambda: nn.parallel.DistributedDataParallel(nn.ReLU()),
        RuntimeError,
        "at least one parameter must need a gradient",
    ),
]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_what_is_refused(world, number):
    call, kind, text = REFUSED[number]
    with pytest.raises(kind, match=re.escape(text)):
        call()


def test_before_there_is_a_group():
    for call in (dist.get_rank, dist.get_world_size, dist.get_backend, dist.destroy_process_group):
        with pytest.raises(ValueError, match="Call init_process_group first"):
            call()
    with pytest.raises(ValueError, match="Call init_process_group first"):
        nn.parallel.DistributedDataParallel(nn.Linear(1, 1))
    for call in (
        lambda: dist.init_process_group("smoke"),
        lambda: dist.init_process_group(rank=2, world_size=1),
    ):
        with pytest.raises(ValueError):
            call()
    with pytest.raises(TypeError, match="must be a datetime.timedelta"):
        dist.init_process_group(timeout=3)


def test_another_launcher_is_told_apart(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "4")
    with pytest.raises(RuntimeError, match="Run: mpiexec -n 4 python -m autograd train.py"):
        dist.init_process_group("nccl")
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "1")
    with pytest.raises(RuntimeError, match="torchrun has started this one as one of 4"):
        dist.init_process_group("nccl")
    assert not dist.is_initialized()


def test_launchers_are_known_by_their_variables(monkeypatch):
    assert not mpi.launched()
    monkeypatch.setenv("PMI_RANK", "0")
    monkeypatch.setenv("PMI_SIZE", "1")
    assert not mpi.launched()
    monkeypatch.setenv("PMI_SIZE", "2")
    assert mpi.launched()
    monkeypatch.setenv("GRADLOOM_MPI_PROCESS", "1")  # another process's
    assert not mpi.launched() and mpi.is_child()


def test_training_alone_is_training(world):
    def train(wrap):
        autograd.manual_seed(0)
        net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        model = wrap(net)
        optimizer = optim.Adam(model.parameters())
        for _ in range(3):
            optimizer.zero_grad()
            model(autograd.ones(2, 3)).sum().backward()
            optimizer.step()
        return [p.detach().numpy() for p in net.parameters()]

    for one, other in zip(
        train(nn.parallel.DistributedDataParallel), train(lambda net: net), strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_gradients_are_sent_while_the_pass_goes_on(world):
    net = nn.Sequential(*[nn.Linear(8, 8) for _ in range(4)])
    model = nn.parallel.DistributedDataParallel(net, bucket_cap_mb=0.0003)  # a layer a bucket
    sent = []

    def watch(layer, args, result):
        result.register_hook(lambda g: sent.append(len(model.reducer.begun)))

    for layer in net:
        layer.register_forward_hook(watch)
    model(autograd.ones(2, 8)).sum().backward()
    assert sent == [0, 0, 1, 2] and len(model.reducer.begun) == 4  # from the last layer on
    assert not early.awaited


def test_shares_of_a_data_set(world):
    assert list(DistributedSampler(range(3), shuffle=False)) == [0, 1, 2]
    with pytest.raises(ValueError, match="num_replicas must be 1 or more"):
        DistributedSampler(range(3), num_replicas=0, rank=0)


def test_a_model_whose_backward_never_comes_goes(world):
    model = nn.parallel.DistributedDataParallel(nn.Linear(2, 1))
    model(autograd.ones(3, 2))
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None and not early.awaited


def test_what_is_received_may_lie_otherwise_in_memory(world):
    received = autograd.zeros(2, 3).t()
    dist.scatter(received, [autograd.full((3, 2), 2.0)], src=0)
    assert (received == 2).all()
    dist.all_to_all([received], [autograd.arange(6.0).reshape(2, 3).t()])
    assert received.tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]


def test_a_loaded_state_is_not_the_one_brought_together_before(world):
    net = nn.Linear(1, 1)
    sharded = ZeroRedundancyOptimizer(net.parameters(), optim.SGD, lr=0.1, momentum=0.9)
    net(autograd.ones(1, 1)).sum().backward()
    sharded.step()
    sharded.consolidate_state_dict()
    state = sharded.state_dict()
    state["state"][0]["momentum_buffer"] = autograd.tensor([[42.0]])
    sharded.load_state_dict(state)
    with pytest.raises(RuntimeError, match="consolidate_state_dict"):
        sharded.state_dict()
    sharded.consolidate_state_dict()
    assert sharded.state_dict()["state"][0]["momentum_buffer"].item() == 42.0


def test_sums_of_numbers_in_any_order(world):
    dist.destroy_process_group()
    dist.init_process_group(in_rank_order=False)
    total = autograd.tensor(3.0)
    dist.all_reduce(total)
    assert total.item() == 3.0
    dist.destroy_process_group(dist.GroupMember.NON_GROUP_MEMBER)
    dist.destroy_process_group()
