"""Every call between processes, on tensors of several dtypes: each rank writes down what it got."""

import json
import sys

import torch
import torch.distributed as dist
from torch.distributed import ReduceOp

dist.init_process_group("gloo")
rank, size = dist.get_rank(), dist.get_world_size()
got = {"rank": rank, "size": size}


def values(*shape, dtype=torch.float32, seed=0):
    generator = torch.arange(1, 1 + torch.Size(shape).numel(), dtype=torch.float64)
    x = torch.sin(generator * (seed + 1.7) + rank * 0.9).reshape(shape)
    return x.to(dtype) if dtype.is_floating_point else (x * 50).to(dtype)


def note(name, *tensors):
    got[name] = [[str(t.dtype), list(t.shape), t.flatten().tolist()] for t in tensors]


FLOATS = [torch.float32, torch.float64]
WHOLE = [torch.int64, torch.int32, torch.uint8]
for dtype in FLOATS + WHOLE:
    ops = ["SUM", "PRODUCT", "MIN", "MAX"] + (["BAND", "BOR", "BXOR"] if dtype in WHOLE else [])
    for op in ops:
        x = values(3, 2, dtype=dtype)
        dist.all_reduce(x, op=getattr(ReduceOp, op))
        note(f"all_reduce {op} {dtype}", x)
for shape in [(), (0,), (1,), (70_000,)]:
    x = values(*shape)
    dist.all_reduce(x)
    note(f"all_reduce {shape}", x.flatten()[:: max(1, x.numel() // 7)])
x = values(4)
dist.reduce(x, dst=size - 1)
if rank == size - 1:
    note("reduce", x)
for src in range(size):
    x = values(2, 3)
    dist.broadcast(x, src)
    note(f"broadcast {src}", x)
parts = [torch.zeros(2) for _ in range(size)]
dist.all_gather(parts, values(2))
note("all_gather", *parts)
flat = torch.zeros(size * 2, 3)
dist.all_gather_into_tensor(flat, values(2, 3))
note("all_gather_into_tensor", flat)
parts = [torch.zeros(2) for _ in range(size)] if rank == 0 else None
dist.gather(values(2), parts, dst=0)
note("gather", *(parts or []))
x = torch.zeros(2)
dist.scatter(x, [values(2, seed=i) for i in range(size)] if rank == 1 else None, src=1)
note("scatter", x)
x = torch.zeros(2)
dist.reduce_scatter(x, [values(2, seed=i) for i in range(size)])
note("reduce_scatter", x)
x = torch.zeros(2)
dist.reduce_scatter_tensor(x, values(size * 2))
note("reduce_scatter_tensor", x)
x = torch.zeros(size, 2)
dist.all_to_all_single(x, values(size, 2))
note("all_to_all_single", x)

if rank == 0:
    dist.send(values(3), dst=1)
    dist.send(values(2, seed=1), dst=1, tag=7)
elif rank == 1:
    x, y = torch.zeros(3), torch.zeros(2)
    got["from"] = dist.recv(x, src=0), dist.recv(y, tag=7)
    note("recv", x, y)
to, by = (rank + 1) % size, (rank - 1) % size
x = torch.zeros(5)
works = [dist.isend(values(5), to), dist.irecv(x, by)]
for work in works:
    work.wait()
note("ring", x)
x = torch.zeros(5)
for work in dist.batch_isend_irecv(
    [dist.P2POp(dist.isend, values(5), to), dist.P2POp(dist.irecv, x, by)]
):
    work.wait()
note("batch", x)

several = [values(50_000, seed=i) for i in range(3)] + [values(2)]
works = [dist.all_reduce(x, async_op=True) for x in several]
works.append(dist.barrier(async_op=True))
for work in reversed(works):
    work.wait()
got["completed"] = [work.is_completed() for work in works]
note("several", *[x[:5] for x in several])

odd = dist.new_group([1, 0])
got["group"] = [dist.get_rank(odd), dist.get_world_size(odd)]
if rank < 2:
    x = values(3)
    dist.all_reduce(x, group=odd)
    note("in the group", x)
    got["ranks"] = dist.get_process_group_ranks(odd)
last = dist.new_group([size - 1])
if rank == size - 1:
    x = values(3)
    dist.all_reduce(x, group=last)
    note("alone", x)

found = [None] * size
dist.all_gather_object(found, {"rank": rank, "text": "é" * rank})
got["all_gather_object"] = found
found = [rank, [rank] * rank]
dist.broadcast_object_list(found, src=size - 1)
got["broadcast_object_list"] = found
found = [None] * size if rank == 0 else None
dist.gather_object((rank, None), found, dst=0)
got["gather_object"] = found
found = [None]
dist.scatter_object_list(found, [{"to": i} for i in range(size)] if rank == 0 else None, src=0)
got["scatter_object_list"] = found


def refused(name, call):
    try:
        call()
        got[name] = "taken"
    except Exception as error:
        kinds = (ValueError, TypeError, RuntimeError)
        got[name] = [kind.__name__ for kind in kinds if isinstance(error, kind)]


refused("init twice", lambda: dist.init_process_group("gloo"))
refused("send to itself", lambda: dist.send(values(2), rank))
refused("a list in place of a tensor", lambda: dist.all_reduce([1.0]))
refused("no list", lambda: dist.all_gather(torch.zeros(2), torch.zeros(2)))
refused("gather without a list", lambda: rank or dist.gather(values(2), dst=0))
dist.barrier()
dist.destroy_process_group()
got["initialized"] = dist.is_initialized()
refused("rank without a group", dist.get_rank)
refused("all_reduce without a group", lambda: dist.all_reduce(torch.zeros(2)))
with open(f"{sys.argv[1]}/{rank}.json", "w") as file:
    json.dump(got, file)
