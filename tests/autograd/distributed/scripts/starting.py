"""What scripts that torchrun starts read before they do anything, and how they print."""

import os
import sys
import time

rank, world = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
local = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])

import torch
import torch.distributed as dist
from torch.distributed.elastic.multiprocessing.errors import record
from torch.distributed.nn.functional import all_reduce


@record
def main():
    dist.init_process_group("gloo", rank=rank, world_size=world)
    model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(2, 1))
    assert model.device_ids is None and model.output_device is None
    assert torch.nn.utils.clip_grad_norm_ and torch.nn.utils.parametrizations
    state = model.state_dict()
    torch.nn.modules.utils.consume_prefix_in_state_dict_if_present(state, "module.")
    assert list(state) == ["weight", "bias"]
    x = torch.ones(1, requires_grad=True)
    (rank * all_reduce(x * x)).sum().backward()
    print("through", rank, world, *local, x.grad.item(), file=sys.stdout)
    for i in range(200):
        print("line", rank, i, "." * 40)
    if len(sys.argv) > 1:
        time.sleep(float(sys.argv[1]))


main()
