"""Writing a saved model: `labs.export` is in folder.py, each format in a file of its own.

graph.py traces the network once; frozen.py, onnx.py, tfjs.py and saved_model.py write that trace.
card.py describes the folder; it alone is imported by those who read one, and without TensorFlow.
"""
