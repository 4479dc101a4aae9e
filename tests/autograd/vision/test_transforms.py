"""Transforms: what torchvision 0.28 gave for the same seed, and what they refuse."""

import sys

import numpy as np
import pytest

import autograd
from autograd.vision import transforms as T
from autograd.vision.transforms import functional as F

PIXELS = (np.arange(12 * 16 * 3).reshape(12, 16, 3) * 37 % 251).astype("u1")


def summary(array):
    return (array.reshape(-1).astype("f8") * (np.arange(array.size) % 7 + 1)).sum()


@pytest.fixture
def image():
    pytest.importorskip("PIL")
    return T.ToPILImage()(PIXELS)


# transform, its printed options, the shape, a weighted sum, the number drawn next
ON_TENSORS = [
    (
        T.RandomCrop(8, padding=2),
        "size=(8, 8), padding=2",
        (3, 8, 8), 364.0431, 0.285842,
    ),
    (
        T.RandomCrop((9, 20), pad_if_needed=True, padding_mode="reflect"),
        "size=(9, 20), padding=None",
        (3, 9, 20), 1062.1490, 0.285842,
    ),
    (
        T.RandomResizedCrop(6),
        (
            "size=(6, 6), scale=(0.08, 1.0), ratio=(0.75, 1.3333), interpolation=bilinear, "
            "antialias=True"
        ),
        (3, 6, 6), 226.0477, 0.471614,
    ),
    (
        T.RandomHorizontalFlip(),
        "p=0.5",
        (3, 12, 16), 1129.6392, 0.105569,
    ),
    (
        T.RandomVerticalFlip(0.7),
        "p=0.7",
        (3, 12, 16), 1136.8588, 0.105569,
    ),
    (
        T.RandomRotation(30),
        "degrees=[-30.0, 30.0], interpolation=nearest, expand=False, fill=0",
        (3, 12, 16), 941.9137, 0.105569,
    ),
    (
        T.RandomRotation(30, interpolation=2, expand=True, fill=0.5),
        "degrees=[-30.0, 30.0], interpolation=bilinear, expand=True, fill=0.5",
        (3, 20, 20), 2320.4879, 0.105569,
    ),
    (
        T.RandomAffine(10, translate=(0.2, 0.2), scale=(0.8, 1.2), shear=10),
        (
            "degrees=[-10.0, 10.0], translate=(0.2, 0.2), scale=(0.8, 1.2), shear=[-10.0, "
            "10.0]"
        ),
        (3, 12, 16), 637.4039, 0.060116,
    ),
    (
        T.RandomPerspective(p=1.0),
        "p=1.0",
        (3, 12, 16), 537.8609, 0.887857,
    ),
    (
        T.ColorJitter(0.4, 0.3, 0.2, 0.1),
        (
            "brightness=(0.6, 1.4), contrast=(0.7, 1.3), saturation=(0.8, 1.2), hue=(-0.1, "
            "0.1)"
        ),
        (3, 12, 16), 660.9421, 0.743699,
    ),
    (
        T.RandomGrayscale(0.9),
        "p=0.9",
        (3, 12, 16), 1124.8511, 0.105569,
    ),
    (
        T.RandomErasing(1.0),
        "p=1.0, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0, inplace=False",
        (3, 12, 16), 1086.0471, 0.060116,
    ),
    (
        T.RandomErasing(1.0, value="random"),
        "p=1.0, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=random, inplace=False",
        (3, 12, 16), 1095.7190, 0.379548,
    ),
    (
        T.GaussianBlur(3),
        "kernel_size=(3, 3), sigma=(0.1, 2.0)",
        (3, 12, 16), 1134.5765, 0.105569,
    ),
    (
        T.Resize(7),
        "size=7, interpolation=bilinear, max_size=None, antialias=True",
        (3, 7, 9), 371.2035, 0.004264,
    ),
    (
        T.Resize((5, 20), interpolation=3),
        "size=(5, 20), interpolation=bicubic, max_size=None, antialias=True",
        (3, 5, 20), 586.1127, 0.004264,
    ),
    (
        T.Resize(20, antialias=False),
        "size=20, interpolation=bilinear, max_size=None, antialias=False",
        (3, 20, 26), 3046.9576, 0.004264,
    ),
    (
        T.Resize(9, interpolation=0),
        "size=9, interpolation=nearest, max_size=None, antialias=True",
        (3, 9, 12), 641.1843, 0.004264,
    ),
    (
        T.CenterCrop((14, 9)),
        "size=(14, 9)",
        (3, 14, 9), 641.2157, 0.004264,
    ),
    (
        T.Pad((1, 2), padding_mode="symmetric"),
        "padding=(1, 2), fill=0, padding_mode=symmetric",
        (3, 16, 18), 1691.2942, 0.004264,
    ),
    (
        T.Grayscale(3),
        "num_output_channels=3",
        (3, 12, 16), 1124.8511, 0.004264,
    ),
    (
        T.Normalize((0.5, 0.4, 0.3), (0.2, 0.3, 0.1)),
        "mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.1)",
        (3, 12, 16), 1685.4183, 0.004264,
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", ON_TENSORS, ids=lambda case: type(case[0]).__name__)
def test_tensors(case):
    transform, printed, shape, total, after = case
    autograd.manual_seed(3)
    made = transform(T.ToTensor()(PIXELS))
    assert repr(transform) == f"{type(transform).__name__}({printed})"
    assert tuple(made.shape) == shape and made.dtype == np.float32
    assert summary(made.numpy()) == pytest.approx(total, abs=0.01)
    assert float(autograd.rand(1)) == pytest.approx(after, abs=1e-6)


@pytest.mark.parametrize(
    ("transform", "shape", "total"),
    [
        (T.RandomCrop(8, padding=2), (8, 8, 3), 92831),
        (T.RandomResizedCrop(6), (6, 6, 3), 57419),
        (T.RandomRotation(30), (12, 16, 3), 239703),
        (T.RandomAffine(10, (0.2, 0.2), (0.8, 1.2), 10), (12, 16, 3), 163123),
        (T.ColorJitter(0.4, 0.3, 0.2, 0.1), (12, 16, 3), 165840),
        (T.Resize(7), (7, 9, 3), 94435),
        (T.Grayscale(), (12, 16), 95422),
        (T.Pad(2, fill=9), (16, 20, 3), 309921),
    ],
    ids=lambda value: type(value).__name__,
)
def test_images(image, transform, shape, total):
    autograd.manual_seed(3)
    made = np.array(transform(image))
    assert made.shape == shape
    # another release of Pillow may round otherwise
    assert summary(made) == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "1", "F", "I"])
def test_an_image_of_each_mode_comes_back(image, mode):
    before = image.convert(mode)
    x = F.to_tensor(before)
    assert x.dtype == (np.int32 if mode == "I" else np.float32)
    assert x.shape == (len(before.getbands()), 12, 16)
    if mode in ("RGB", "L", "RGBA"):
        assert x.max() <= 1
        after = F.to_pil_image(x)
        assert after.mode == mode
        # times 255 is cut off, not rounded, as in torchvision
        assert np.abs(np.asarray(after, int) - np.asarray(before, int)).max() <= 1
    assert F.pil_to_tensor(before).shape == x.shape


def test_dtypes_keep_white_white():
    white = autograd.ones(3, 1, 1)
    for dtype in (np.uint8, np.int16, np.int32):
        x = white.double() if dtype == np.int32 else white
        made = F.convert_image_dtype(x, dtype)
        assert made.max().item() == np.iinfo(dtype).max
        assert F.convert_image_dtype(made, np.float32).max() == 1
    with pytest.raises(RuntimeError, match="does not determine"):
        F.convert_image_dtype(white, np.int32)
    assert F.convert_image_dtype(F.convert_image_dtype(white, np.uint8), np.int16).max() == 32640


def test_a_pipeline(image):
    pipeline = T.Compose(
        [
            T.RandomApply([T.RandomHorizontalFlip(1.0)], p=1.0),
            T.RandomOrder([T.CenterCrop(4)]),
            T.RandomChoice([T.Lambda(lambda x: x)]),
            T.ToTensor(),
        ]
    )
    expected = F.hflip(F.to_tensor(image))[:, 4:8, 6:10]
    np.testing.assert_array_equal(pipeline(image).numpy(), expected.numpy())
    assert repr(pipeline).splitlines()[:4] == [
        "Compose(", "    RandomApply(", "    p=1.0", "    RandomHorizontalFlip(p=1.0)"
    ]  # fmt: skip


def test_several_crops():
    x = T.ToTensor()(PIXELS)
    crops = T.FiveCrop(3)(x)
    assert len(crops) == 5 and len(T.TenCrop(3)(x)) == 10
    np.testing.assert_array_equal(crops[3].numpy(), x[:, -3:, -3:].numpy())
    assert T.functional.crop(x, -1, 14, 3, 4)[0, 0].sum() == 0


def test_a_resized_tensor_has_a_gradient():
    x = autograd.ones(1, 4, 4, requires_grad=True)
    F.resize(x, 2).sum().backward()
    assert x.grad.sum() == pytest.approx(4)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: F.to_tensor(x), TypeError),
        (lambda x: F.to_tensor(np.zeros(3)), ValueError),
        (lambda x: F.to_pil_image(autograd.zeros(5, 2, 2)), ValueError),
        (lambda x: F.normalize(x.byte(), [0.5], [0.5]), TypeError),
        (lambda x: F.normalize(x, [0.5], [0.0]), ValueError),
        (lambda x: F.normalize(x, [0.5, 0.5], [0.5]), RuntimeError),
        (lambda x: F.hflip(np.zeros((2, 2))), TypeError),
        (lambda x: F.resize(x, 3, "bilinear"), TypeError),
        (lambda x: F.resize(x, 3, T.InterpolationMode.LANCZOS), ValueError),
        (lambda x: F.pad(x, (1, 2, 3)), ValueError),
        (lambda x: F.pad(x, 1, padding_mode="wrap"), ValueError),
        (lambda x: F.adjust_brightness(x, -1), ValueError),
        (lambda x: F.adjust_hue(x, 0.7), ValueError),
        (lambda x: F.gaussian_blur(x, 2), ValueError),
        (lambda x: T.RandomCrop(20)(x), ValueError),
        (lambda x: T.Resize("large"), (TypeError, ValueError)),
        (lambda x: T.ColorJitter(hue=0.7), ValueError),
        (lambda x: T.RandomRotation(-3), ValueError),
        (lambda x: T.RandomErasing(value="noise"), ValueError),
        (lambda x: T.Lambda(3), TypeError),
        (lambda x: F.affine(x, 0, (0, 0), 0, 0), ValueError),
    ],
)
def test_what_is_refused(call, error):
    with pytest.raises(error):
        call(autograd.zeros(3, 4, 4))


def test_without_pillow(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "PIL.Image", raising=False)
    assert T.ToTensor()(PIXELS).shape == (3, 12, 16)
    with pytest.raises(ImportError, match=r'pip install "gradloom\[vision\]"'):
        T.ToPILImage()(PIXELS)


@pytest.mark.parametrize("name", ["models.resnet18", "datasets.SVHN", "transforms.AutoAugment"])
def test_what_is_missing_is_said_at_use(name):
    module, _, name = name.partition(".")
    with pytest.raises(AttributeError, match=f"vision.{module}.{name} is not in gradloom; "):
        getattr(getattr(autograd.vision, module), name)
    assert not hasattr(autograd.vision.datasets, "__nothing__")
