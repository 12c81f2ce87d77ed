"""labs.train.fit_together: workers are processes of this machine, as TensorFlow's own tests have it."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
WORKER = ROOT / "tests" / "worker.py"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start(arguments):
    """Start one process for each list of arguments; several are each other's workers."""
    addresses = [f"127.0.0.1:{port}" for port in free_ports(len(arguments))]
    processes = []
    for index, own in enumerate(arguments):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
        environment.pop("TF_CONFIG", None)
        if len(arguments) > 1:
            task = {"type": "worker", "index": index}
            environment["TF_CONFIG"] = json.dumps({"cluster": {"worker": addresses}, "task": task})
        command = [sys.executable, str(WORKER), *map(str, own)]
        processes.append(
            subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )
    return processes


def finish(processes, seconds=120):
    outputs = []
    try:
        for process in processes:
            outputs.append(process.communicate(timeout=seconds)[0])
    finally:
        for process in processes:
            process.kill()
    return outputs


def weights(path):
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def close(first, second, tolerance):
    return all(np.abs(first[name] - second[name]).max() <= tolerance for name in first if name != "losses")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What one process with the whole batch learns in three epochs."""
    out = tmp_path_factory.mktemp("alone") / "alone.npz"
    (output,) = finish(start([[out, "-", 3]]))
    assert out.exists(), output
    return weights(out)


def test_two_workers_agree_with_each_other_and_with_one_of_the_doubled_batch(tmp_path, alone):
    outs = [tmp_path / "0.npz", tmp_path / "1.npz"]
    outputs = finish(start([[out, "-", 3] for out in outs]))
    assert all(out.exists() for out in outs), outputs
    first, second = map(weights, outs)
    assert close(first, second, 0)
    assert close(first, alone, 1e-5)
    assert first["losses"] == pytest.approx(alone["losses"], rel=1e-4)


def test_a_dead_worker_is_reported_and_training_goes_on_from_the_checkpoint(tmp_path, alone):
    checkpoint = tmp_path / "checkpoint.npz"
    processes = start(
        [[tmp_path / "0.npz", checkpoint, 3], [tmp_path / "1.npz", "-", 3, 6]]
    )  # in the second epoch
    processes[1].wait(timeout=120)
    died = time.monotonic()
    (output, _) = finish(processes, seconds=60)
    assert time.monotonic() - died < 60
    assert "has stopped or cannot be reached: start all of them again, it goes on from" in output
    assert processes[0].returncode not in (0, None)
    assert not (tmp_path / "0.npz").exists()

    outputs = finish(start([[tmp_path / f"{n}.npz", checkpoint, 3] for n in range(2)]))
    assert (tmp_path / "1.npz").exists(), outputs
    resumed = weights(tmp_path / "1.npz")
    assert len(resumed["losses"]) == 2  # one of the three was in the checkpoint
    assert close(resumed, alone, 1e-5)


@pytest.mark.parametrize("config", ["no json", "{}", '{"cluster": {"worker": ["a:1", "b:2"]}}'])
def test_a_broken_tf_config_is_refused(config, monkeypatch):
    from labs.errors import LabsError
    from labs.train import join_workers

    monkeypatch.setenv("TF_CONFIG", config)
    with pytest.raises(LabsError, match="TF_CONFIG"):
        join_workers()


def test_a_foreign_checkpoint_is_refused(tmp_path):
    import keras

    import labs
    from labs.errors import LabsError

    path = tmp_path / "checkpoint.npz"
    np.savez(path, epochs=1, w=np.zeros(3))
    model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(10)])
    model.compile("sgd", "mse")
    batches = labs.train.batches(np.zeros((8, 4, 4, 3), "uint8"), np.zeros(8, int), 4)
    with pytest.raises(LabsError, match="no checkpoint of this network"):
        labs.train.fit_together(model, batches, 2, checkpoint=path)
