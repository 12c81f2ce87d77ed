"""What every test needs before TensorFlow and matplotlib are imported."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow's start-up remarks hide a test's own output
os.environ["MPLBACKEND"] = "Agg"  # figures without a screen
