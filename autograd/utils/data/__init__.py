"""Data sets, samplers, and the loader that makes batches of them: ``torch.utils.data``.

    loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True)
    for images, labels in loader: ...

The same seed gives the batches that PyTorch gives. A data set of tensors is read by one indexing
call per tensor and batch; any other, sample by sample, here or in ``num_workers`` processes.
"""

from autograd.utils.data.collate import (
    default_collate as default_collate,
    default_convert as default_convert,
)
from autograd.utils.data.dataloader import DataLoader as DataLoader
from autograd.utils.data.dataset import (
    ChainDataset as ChainDataset,
    ConcatDataset as ConcatDataset,
    Dataset as Dataset,
    IterableDataset as IterableDataset,
    StackDataset as StackDataset,
    Subset as Subset,
    TensorDataset as TensorDataset,
    random_split as random_split,
)
from autograd.utils.data.distributed import DistributedSampler as DistributedSampler
from autograd.utils.data.sampler import (
    BatchSampler as BatchSampler,
    RandomSampler as RandomSampler,
    Sampler as Sampler,
    SequentialSampler as SequentialSampler,
    SubsetRandomSampler as SubsetRandomSampler,
    WeightedRandomSampler as WeightedRandomSampler,
)
from autograd.utils.data.worker import WorkerInfo as WorkerInfo, get_worker_info as get_worker_info

__all__ = [
    "BatchSampler",
    "ChainDataset",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "DistributedSampler",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "WeightedRandomSampler",
    "WorkerInfo",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "random_split",
]
