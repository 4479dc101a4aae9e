"""Two hosts with names of their own, as two network namespaces of this machine (Linux, as root)."""

import os
import shutil
import subprocess
import sys

import pytest

from tests import mpi

pytestmark = [pytest.mark.mpi, pytest.mark.slow]


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"two hosts need network namespaces: {' '.join(words)}: {done.stderr.strip()}")


@pytest.fixture
def hosts(tmp_path):
    """``run(script, ...)`` on two ranks of each of two hosts."""
    launcher = mpi.mpiexec()
    if not all(map(shutil.which, ("ip", "unshare", "mount"))) or os.getuid() != 0:
        pytest.skip("two hosts need network namespaces: ip, unshare and mount, as root")
    one, two = f"gla{os.getpid()}", f"glb{os.getpid()}"
    (tmp_path / "hosts").write_text(f"127.0.0.1 localhost\n10.77.0.1 {one}\n10.77.0.2 {two}\n")
    entered = tmp_path / "enter"  # what mpiexec takes for ssh: options, a host, a command
    entered.write_text(
        '#!/bin/sh\nwhile [ "${1#-}" != "$1" ]; do shift; done\nhost=$1; shift\n'
        'exec ip netns exec "$host" unshare --uts --mount sh -c "mount --bind '
        f'{tmp_path}/hosts /etc/hosts && hostname $host && $*"\n'
    )
    entered.chmod(0o755)

    def run(script, *arguments):
        start = f"{launcher} -launcher ssh -launcher-exec {entered} -hosts {one}:2,{two}:2 -n 4"
        words = [sys.executable, "-m", "autograd", mpi.SCRIPTS / script, *arguments]
        start += "".join([f" '{word}'" for word in words])
        return mpi.Ended([entered, one, start], 120, tmp_path)

    try:
        command("ip", "netns", "add", one)
        command("ip", "netns", "add", two)
        command(*f"ip link add glv1 netns {one} type veth peer name glv2 netns {two}".split())
        for host, end, address in ((one, "glv1", "10.77.0.1"), (two, "glv2", "10.77.0.2")):
            command(*f"ip -n {host} addr add {address}/24 dev {end}".split())
            command(*f"ip -n {host} link set lo up".split())
            command(*f"ip -n {host} link set {end} up".split())
        run.names = one, two
        yield run
    finally:
        for host in (one, two):
            subprocess.run(["ip", "netns", "del", host], capture_output=True)


def test_two_hosts_train_as_one_process(hosts, tmp_path):
    together, alone = tmp_path / "together", tmp_path / "alone"
    together.mkdir(), alone.mkdir()
    hosts("training.py", together, "float32", 4, "SGD,Adam").well()
    mpi.run(0, "training.py", alone, "float32", 4, "SGD,Adam").well()
    (expected,) = mpi.results(alone, 1)
    assert mpi.results(together, 4) == [expected] * 4


def test_a_rank_of_either_host_is_named(hosts, tmp_path):
    ended = hosts("failing.py", "raise", tmp_path / "started")
    assert ended.code and f"rank 1 of 4 ({hosts.names[0]}) failed" in ended.err
    ended = hosts("failing.py", "asleep", tmp_path / "started")
    assert ended.code and "rank 1 is at failing.py:" in ended.err
