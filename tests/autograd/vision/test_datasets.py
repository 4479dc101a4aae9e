"""Data sets of images, from files; grids of images, into files."""

import gzip
import os
import pickle
import struct

import numpy as np
import pytest

import autograd
from autograd.utils.data import DataLoader
from autograd.utils.data.dataset import rows_of
from autograd.vision import datasets, transforms, utils

pytest.importorskip("PIL")

IMAGES = (np.arange(5 * 28 * 28) % 255).reshape(5, 28, 28).astype("u1")
LABELS = np.array([3, 1, 4, 1, 5], "u1")


def idx(array):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_mnist(root, name="MNIST", part="train", pack=lambda content: content, ending=""):
    folder = root / name / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    for kind, array in (("images-idx3", IMAGES), ("labels-idx1", LABELS)):
        (folder / f"{part}-{kind}-ubyte{ending}").write_bytes(pack(idx(array)))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["MNIST", "FashionMNIST", "KMNIST"])
def test_mnist(tmp_path, name, packed):
    write_mnist(tmp_path, name, "t10k", *((gzip.compress, ".gz") if packed else ()))
    data = getattr(datasets, name)(tmp_path, train=False, download=True)
    assert len(data) == 5 and len(data.classes) == len(data.class_to_idx) == 10
    np.testing.assert_array_equal(data.data.numpy(), IMAGES)
    assert data.targets.tolist() == [3, 1, 4, 1, 5] and data.targets.dtype == np.int64
    image, target = data[2]
    assert (image.mode, image.size, target) == ("L", (28, 28), 4)
    np.testing.assert_array_equal(np.array(image), IMAGES[2])
    with pytest.raises(RuntimeError, match="must hold train-images-idx3-ubyte.*nothing is downl"):
        getattr(datasets, name)(tmp_path, download=True)


def test_mnist_in_batches(tmp_path):
    write_mnist(tmp_path)
    prepare = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    data = datasets.MNIST(str(tmp_path), transform=prepare, target_transform=lambda t: t + 1)
    first, *_ = DataLoader(data, batch_size=4)
    assert first[0].shape == (4, 1, 28, 28) and first[1].tolist() == [4, 2, 5, 2]
    assert repr(data).splitlines() == [
        "Dataset MNIST",
        "    Number of datapoints: 5",
        f"    Root location: {tmp_path}",
        "    Split: Train",
        "    StandardTransform",
        "Transform: Compose(",
        "               ToTensor()",
        "               Normalize(mean=(0.5,), std=(0.5,))",
        "           )",
        f"Target transform: {data.target_transform!r}",
    ]
    data.targets = data.targets.tolist()  # as some scripts have them
    assert data[0][1] == 4


@pytest.mark.parametrize("normalized", [False, True])
def test_images_read_at_once_are_those_read_one_by_one(tmp_path, normalized):
    write_mnist(tmp_path)
    meta = ("batches.meta", "label_names")
    write_cifar(tmp_path, "cifar-10-batches-py", ["test_batch"], "labels", meta)
    prepare = transforms.ToTensor()
    if normalized:
        prepare = transforms.Compose([prepare, transforms.Normalize((0.5,), (0.3,))])
    for data in (
        datasets.MNIST(tmp_path, transform=prepare),
        datasets.CIFAR10(tmp_path, train=False, transform=prepare),
    ):
        assert rows_of(data) is not None
        loader = DataLoader(data, 3, sampler=[2, -1, 0])
        ((images, targets),) = loader
        expected = loader.collate_fn([data[i] for i in (2, -1, 0)])
        np.testing.assert_array_equal(images.numpy(), expected[0].numpy())
        np.testing.assert_array_equal(targets.numpy(), expected[1].numpy())
        assert images.is_contiguous() and targets.dtype == np.int64
        data.transform = transforms.Compose([prepare, transforms.RandomHorizontalFlip()])
        assert rows_of(data) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: b"\0\0\x08\x03" + b"\xff" * 12,
        lambda content: b"<html>",
        lambda content: gzip.compress(content)[:-9],
        lambda content: b"",
    ],
)
def test_a_damaged_file_of_mnist(tmp_path, damage):
    write_mnist(tmp_path, pack=damage)
    with pytest.raises(ValueError, match="expected"):
        datasets.MNIST(tmp_path)


def write_cifar(root, folder, files, labels, meta, protocol=2, **more):
    (root / folder).mkdir(exist_ok=True)
    rows = (np.arange(3 * 3072) % 251).reshape(3, 3072).astype("u1")
    for file in files:
        content = {"data": rows, labels: [1, 0, 2], "filenames": ["a.png"] * 3, **more}
        (root / folder / file).write_bytes(pickle.dumps(content, protocol))
    names = {meta[1]: ["plane", "car", "bird"]}
    (root / folder / meta[0]).write_bytes(pickle.dumps(names, protocol))
    return rows


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_cifar(tmp_path, protocol):
    files = [f"data_batch_{i}" for i in range(1, 6)]
    meta = ("batches.meta", "label_names")
    rows = write_cifar(tmp_path, "cifar-10-batches-py", files, "labels", meta, protocol)
    data = datasets.CIFAR10(tmp_path)
    assert len(data) == 15 and data.class_to_idx == {"plane": 0, "car": 1, "bird": 2}
    image, target = data[4]
    assert (image.mode, image.size, target) == ("RGB", (32, 32), 0)
    np.testing.assert_array_equal(np.array(image), rows[1].reshape(3, 32, 32).transpose(1, 2, 0))
    with pytest.raises(RuntimeError, match="missing: test_batch"):
        datasets.CIFAR10(tmp_path, train=False)
    meta = ("meta", "fine_label_names")
    write_cifar(tmp_path, "cifar-100-python", ["test"], "fine_labels", meta, protocol)
    assert datasets.CIFAR100(tmp_path, train=False).targets == [1, 0, 2]


class Hostile:
    def __init__(self, function, *args):
        self.function, self.args = function, args

    def __reduce__(self):
        return self.function, self.args


@pytest.mark.parametrize(
    "thing",
    [
        Hostile(os.mkdir, "reached"),
        Hostile(np.ndarray, (2**40,)),
        Hostile(eval, "1"),
        np.array([{}], dtype=object),
    ],
)
def test_a_hostile_file_makes_nothing(tmp_path, thing, monkeypatch):
    monkeypatch.chdir(tmp_path)
    meta = ("batches.meta", "label_names")
    write_cifar(tmp_path, "cifar-10-batches-py", ["test_batch"], "labels", meta, more=thing)
    with pytest.raises(ValueError, match="expected a pickle of arrays"):
        datasets.CIFAR10(tmp_path, train=False)
    assert not (tmp_path / "reached").exists()


@pytest.mark.parametrize("content", [b"", b"\x80\x02}q", pickle.dumps([1]), pickle.dumps({})])
def test_a_damaged_file_of_cifar(tmp_path, content):
    meta = ("batches.meta", "label_names")
    write_cifar(tmp_path, "cifar-10-batches-py", ["test_batch"], "labels", meta)
    (tmp_path / "cifar-10-batches-py" / "test_batch").write_bytes(content)
    with pytest.raises(ValueError, match="expected"):
        datasets.CIFAR10(tmp_path, train=False)


def test_folders_of_images(tmp_path):
    for name, mode in (("dog", "RGB"), ("cat", "L")):
        (tmp_path / name / "more").mkdir(parents=True)
        image = transforms.ToPILImage()(np.zeros((4, 6, 3), "u1")).convert(mode)
        image.save(tmp_path / name / "b.PNG")
        image.save(tmp_path / name / "more" / "a.bmp")
        (tmp_path / name / "notes.txt").write_text("no image")
    data = datasets.ImageFolder(tmp_path)
    assert data.classes == ["cat", "dog"] and data.targets == [0, 0, 1, 1]
    assert [os.path.basename(path) for path, _ in data.imgs] == ["b.PNG", "a.bmp"] * 2
    assert data[0][0].mode == "RGB" and data[3][1] == 1
    texts = datasets.DatasetFolder(tmp_path, lambda path: open(path).close(), (".txt",))
    assert len(texts) == 2
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="none in empty"):
        datasets.ImageFolder(tmp_path)
    assert len(datasets.ImageFolder(tmp_path, allow_empty=True)) == 4
    with pytest.raises(FileNotFoundError, match="a folder for each class"):
        datasets.ImageFolder(tmp_path / "empty")
    with pytest.raises(ValueError, match="got both"):
        datasets.DatasetFolder(tmp_path, open, ".txt", is_valid_file=bool)


def test_fake_data():
    data = datasets.FakeData(4, (3, 5, 6), 7, random_offset=2)
    before = autograd.get_rng_state().tolist()
    one, again = data[1], data[1]
    assert np.array_equal(np.array(one[0]), np.array(again[0])) and one[1] == again[1] < 7
    assert autograd.get_rng_state().tolist() == before
    assert len(list(data)) == 4  # it ends by IndexError


def test_transforms_of_both_at_once():
    with pytest.raises(ValueError, match="one of the two"):
        datasets.VisionDataset(transforms=max, transform=min)
    both = datasets.VisionDataset(transform=abs, target_transform=str).transforms
    assert both(-1, 2) == (1, "2")


def test_a_grid():
    images = autograd.arange(5.0).reshape(5, 1, 1, 1).expand(5, 1, 2, 2)
    grid = utils.make_grid(images, nrow=3, padding=1, pad_value=9)
    assert grid.shape == (3, 7, 10)
    assert grid[0, 1].tolist() == [9, 0, 0, 9, 1, 1, 9, 2, 2, 9]
    assert grid[2, 5].tolist() == [9, 3, 3, 9, 4, 4, 9, 9, 9, 9]
    assert utils.make_grid(autograd.zeros(4, 5)).shape == (3, 4, 5)
    scaled = utils.make_grid(list(images), padding=0, normalize=True)
    assert scaled[0, 0].tolist() == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1]
    cut = utils.make_grid(images, padding=0, normalize=True, value_range=(1, 2), scale_each=True)
    assert cut[0, 0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    with pytest.raises(TypeError, match="list of tensors"):
        utils.make_grid([1])


def test_a_saved_image(tmp_path):
    from PIL import Image

    utils.save_image(autograd.tensor([[0.0, 0.5], [1.0, 2.0]]), tmp_path / "a.png")
    assert np.array(Image.open(tmp_path / "a.png"))[..., 0].tolist() == [[0, 128], [255, 255]]
