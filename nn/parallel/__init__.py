"""One model on several devices, or in several processes."""

import typing as _typing

from nn.parallel.data_parallel import *

if _typing.TYPE_CHECKING:
    from nn.parallel.distributed import DistributedDataParallel as DistributedDataParallel
else:

    def __getattr__(name):
        """What several processes need, loaded when it is first asked for."""
        if name == "DistributedDataParallel":
            from nn.parallel.distributed import DistributedDataParallel

            return DistributedDataParallel
        from autograd.script.absent import absent

        return absent(__name__, name)
