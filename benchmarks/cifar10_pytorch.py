"""The two recipes of benchmarks/cifar10.py in PyTorch: seconds a step beside labs', and the time to 80 %.

    python benchmarks/cifar10_pytorch.py --torch /path/to/python      # an environment with torch and numpy
    python benchmarks/cifar10_pytorch.py --torch ... --train          # also trains fast-80 there, to the end

Same networks, batches, optimizers and cores, float32, channels last in both; each side in a process of its own, in turns.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
RECIPES = {"textbook": 32, "fast-80": 256}  # pictures a step
SIDES = ((16, 2), (24, 1), (32, 2))  # of fast-80: size of the pictures, epochs of them
WARM, STEPS = 5, 40


def timed(step):
    """{"cpu", "wall"}: milliseconds a step, after a warm-up."""
    for _ in range(WARM):
        step()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(STEPS):
        step()
    return {
        "cpu": 1000 * (time.process_time() - cpu) / STEPS,
        "wall": 1000 * (time.perf_counter() - wall) / STEPS,
    }


def labs_side(recipe, x, y):
    """A step as `fit` makes it: Keras' compiled train function on one batch."""
    import keras

    from labs import nets, train

    size = RECIPES[recipe]
    if recipe == "textbook":
        model = nets.cifar10_textbook()
        model.compile("adam", "sparse_categorical_crossentropy")
        truth = y[:size]
    else:
        train.keep_memory()
        model = nets.cifar10_fast(x, depth=2)
        model.compile(train.Turn(0.05), train.smoothed_loss())
        truth = np.eye(10, dtype="float32")[y[:size]]
    batch = keras.ops.convert_to_tensor(x[:size]), keras.ops.convert_to_tensor(truth)
    return timed(lambda: model.train_on_batch(*batch))


def pytorch_side(recipe, x, y):
    """The same step in PyTorch, eager, as its tutorials write it."""
    import torch

    model, optimizer, loss = pytorch_recipe(recipe, x)
    pictures = torch.tensor(x[: RECIPES[recipe]]).permute(0, 3, 1, 2)  # NHWC in memory: channels last
    truth = torch.tensor(y[: RECIPES[recipe]])

    def step():
        optimizer.zero_grad()
        loss(model(pictures.float()), truth).backward()
        optimizer.step()

    return timed(step)


def pytorch_recipe(recipe, x):
    """Network, optimizer and loss of a recipe."""
    import torch
    from torch import nn

    if recipe == "textbook":
        parts = [
            nn.Conv2d(3, 64, 3),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 32, 3),
            nn.ReLU(),
            nn.Flatten(),
        ]
        network = nn.Sequential(Scale(255, 0), *parts, nn.Linear(5408, 80), nn.ReLU(), nn.Linear(80, 10))
        network = network.to(memory_format=torch.channels_last)
        return network, torch.optim.Adam(network.parameters()), nn.CrossEntropyLoss()
    filters = whitening(x, 12)
    first = nn.Conv2d(3, 24, 4, stride=2, padding=1, bias=False)
    first.weight = nn.Parameter(torch.cat([filters, -filters]), requires_grad=False)
    parts, channels = [Scale(255, x.mean() / 255), first, nn.ReLU()], 24
    for width, pool in ((32, True), (64, False), (64, True), (64, False), (64, False)):
        parts += [nn.Conv2d(channels, width, 3, padding=1, bias=False), *([nn.MaxPool2d(2)] if pool else [])]
        parts += [nn.BatchNorm2d(width, eps=1e-4, momentum=0.2), nn.ReLU()]
        nn.init.xavier_uniform_(parts[-3 if not pool else -4].weight)
        parts[-2].weight.requires_grad = False  # no scale, as in labs.train.Normalization
        channels = width
    head = [nn.Upsample(size=4), nn.Flatten(), nn.Linear(1024, 10)]  # Upsample: for the smaller pictures
    network = nn.Sequential(*parts, *head).to(memory_format=torch.channels_last)
    return network, Turn(network), nn.CrossEntropyLoss(label_smoothing=0.05)


def whitening(x, filters):
    """labs.train.whitening_filters in PyTorch's order of axes."""
    import importlib.util

    import torch

    # By its path, so that labs.train's TensorFlow is not needed.
    place = importlib.util.spec_from_file_location("whitening", ROOT / "labs" / "train" / "whitening.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return torch.tensor(module.whitening_filters(x, 4, filters)).permute(3, 2, 0, 1).contiguous()


def Scale(by, less):
    """The Rescaling layer."""
    import torch

    class Module(torch.nn.Module):
        def forward(self, pictures):
            return pictures / by - less

    return Module()


class Turn:
    """labs.train.Turn: kernels by orthogonalised gradients, all else by Adam at 0.03 of the rate."""

    def __init__(self, network):
        import torch

        trained = [p for p in network.parameters() if p.requires_grad]
        self.kernels = {p: torch.zeros_like(p) for p in trained if p.ndim == 4}
        self.adam = torch.optim.Adam([p for p in trained if p.ndim != 4], betas=(0.9, 0.99))
        self.rate = 0.05

    def zero_grad(self):
        self.adam.zero_grad()
        for kernel in self.kernels:
            kernel.grad = None

    def step(self):
        import torch

        self.adam.param_groups[0]["lr"] = self.rate * 0.03
        self.adam.step()
        with torch.no_grad():
            for kernel, average in self.kernels.items():
                average.mul_(0.6).add_(kernel.grad)
                direction = (kernel.grad + 0.6 * average).flatten(1)
                direction = orthogonalised(direction).view_as(kernel)
                length = kernel.norm()
                kernel.sub_(direction, alpha=float(self.rate * length / (direction.norm() + 1e-7)))
                kernel.mul_(length / (kernel.norm() + 1e-7))


def orthogonalised(matrix):
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        product = x @ x.T
        x = 3.4445 * x + (-4.7750 * product + 2.0315 * product @ product) @ x
    return x.T if tall else x


def pytorch_training(x, y, x_test, y_test):
    """fast-80 to its end: accuracy of six looks, process-CPU seconds without reading and testing."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    model, optimizer, loss = pytorch_recipe("fast-80", x)
    pictures = torch.tensor(x).permute(0, 3, 1, 2)
    truth, mirrored = torch.tensor(y), torch.rand(len(x)) < 0.5
    size, begin, number = RECIPES["fast-80"], time.process_time(), 0
    steps = len(x) // size
    total = steps * sum(epochs for _, epochs in SIDES)
    for side, epochs in SIDES:
        small = nn.functional.interpolate(pictures.float(), side, mode="area").round().to(torch.uint8)
        padded = nn.functional.pad(small.float(), (1, 1, 1, 1), "reflect").to(torch.uint8)
        for step in range(epochs * steps):
            if step % steps == 0:
                order, mirrored = torch.randperm(len(x)), ~mirrored
            done = number / total
            optimizer.rate = 0.14 * min(done / 0.1, (1 - done) / 0.9)
            chosen = order[step % steps * size :][:size]
            top, left = np.random.default_rng(number).integers(0, 3, 2)  # one shift a batch
            batch = padded[chosen, :, top : top + side, left : left + side]
            turn = mirrored[chosen][:, None, None, None]
            batch = torch.where(turn, batch.flip(3), batch).contiguous(memory_format=torch.channels_last)
            optimizer.zero_grad()
            loss(model(batch.float()), truth[chosen]).backward()
            optimizer.step()
            number += 1
    seconds = time.process_time() - begin
    model.eval()
    with torch.no_grad():
        pictures = torch.tensor(x_test).permute(0, 3, 1, 2).float()
        padded = nn.functional.pad(pictures, (1, 1, 1, 1), "reflect")
        scores = 0
        for view, weight in ((pictures, 2), (padded[:, :, 2:, 2:], 1), (padded[:, :, :32, :32], 1)):
            for looked in (view, view.flip(3)):
                parts = [model(part).softmax(1) for part in looked.split(500)]
                scores = scores + weight * torch.cat(parts)
    return {"accuracy": float((scores.argmax(1).numpy() == y_test).mean()), "cpu": seconds}


def child(python, *arguments):
    code = [python, __file__, "--child", *arguments]
    done = subprocess.run(code, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_child(what, recipe, file):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with np.load(file) as arrays:
        x, y, x_test, y_test = (arrays[name] for name in ("x_train", "y_train", "x_test", "y_test"))
    y, y_test = y.ravel().astype("int64"), y_test.ravel().astype("int64")
    if what == "training":
        return pytorch_training(x, y, x_test, y_test)
    return {"labs": labs_side, "pytorch": pytorch_side}[what](recipe, x, y)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--torch", default=sys.executable, help="the Python of an environment with torch and numpy"
    )
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        print(json.dumps(run_child(*given.child)))
        return
    from labs.data import locate

    file, source = locate("cifar10")
    print(source)
    for recipe in RECIPES:
        ours = child(sys.executable, "labs", recipe, str(file))
        theirs = child(given.torch, "pytorch", recipe, str(file))
        for kind in ("cpu", "wall"):
            print(
                f"{recipe:9} {kind:4} ms a step of {RECIPES[recipe]:3}: labs {ours[kind]:7.1f}, "
                f"PyTorch {theirs[kind]:7.1f}, ratio {theirs[kind] / ours[kind]:.2f}",
                flush=True,
            )
    if given.train:
        result = child(given.torch, "training", "fast-80", str(file))
        print(f"fast-80 in PyTorch: {result['accuracy']:.2%} after {result['cpu']:.0f} process-CPU seconds")


if __name__ == "__main__":
    main()
