"""What the processor can do that matters here: wide registers and bfloat16."""

import ctypes
import os
import platform
import subprocess
import sys
from dataclasses import dataclass

_BFLOAT16 = {"amx_bf16", "avx512_bf16"}
_OF_INTEREST = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "bf16")
_WINDOWS = {"avx2": 40, "avx512f": 41}  # PF_..._INSTRUCTIONS_AVAILABLE of IsProcessorFeaturePresent


@dataclass(frozen=True)
class Processor:
    """`name` and `features` are for people; `advice` is one sentence."""

    name: str
    features: str
    advice: str


def describe():
    """The processor of this machine; what cannot be found out is "unknown"."""
    name, features = _read()
    if features is None:
        return Processor(name, "unknown", "keep float32: whether bfloat16 would be fast here is unknown")
    known = [feature for feature in _OF_INTEREST if feature in features]
    if _BFLOAT16 & features:
        advice = "bfloat16 is fast here: keras.config.set_dtype_policy('mixed_bfloat16') trains about twice as fast"
    else:
        advice = "no AMX or avx512_bf16, which make bfloat16 fast: keep float32"
    return Processor(name, ", ".join(known) or "none of interest", advice)


def fast_bfloat16():
    """Whether this processor computes in bfloat16 faster than in float32 (AMX or avx512_bf16)."""
    _, features = _read()
    return bool(_BFLOAT16 & (features or set()))


def usable_cores():
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read():
    """(name, set of features or None) in this system's way."""
    try:
        return {"linux": _linux, "darwin": _macos, "win32": _windows}[sys.platform]()
    except (KeyError, OSError, AttributeError, subprocess.SubprocessError):
        return platform.processor() or "unknown", None


def _linux(path="/proc/cpuinfo"):
    facts = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            key, _, value = line.partition(":")
            facts.setdefault(key.strip(), value.strip())
    features = facts.get("flags") or facts.get("Features")  # x86 or ARM
    name = facts.get("model name") or platform.machine()
    return name, set(features.split()) if features else None


def _macos():
    def ask(name):
        done = subprocess.run(["sysctl", "-n", name], capture_output=True, text=True, timeout=10)
        return done.stdout.strip()

    name = ask("machdep.cpu.brand_string") or platform.machine()
    features = {"avx2"} if "AVX2" in ask("machdep.cpu.leaf7_features") else set()
    if ask("hw.optional.arm.FEAT_BF16") == "1":
        features.add("bf16")
    if platform.machine() == "arm64":
        features.add("asimd")
    return name, features


def _windows():
    present = ctypes.windll.kernel32.IsProcessorFeaturePresent
    return platform.processor(), {feature for feature, number in _WINDOWS.items() if present(number)}
