"""Numbers of 16 bits where the processor is fast at them."""

import keras

from labs import cpu


def choose_precision():
    """Make Keras compute in bfloat16 where the CPU has AMX or avx512_bf16, else in float32; say which and why.

    Returns the name of the policy, "mixed_bfloat16" or "float32". Weights are float32 either way.
    Networks made after the call follow it.

    Example: `print(choose_precision())`.
    """
    fast = cpu.fast_bfloat16()
    policy = "mixed_bfloat16" if fast else "float32"
    keras.config.set_dtype_policy(policy)
    print(f"{policy}: {cpu.describe().advice}")
    return policy
