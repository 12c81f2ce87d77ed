"""Writing a saved model: `labs.export` is in folder.py, each format in a file of its own.

graph.py traces the network once; frozen.py, onnx.py, tfjs.py and saved_model.py write that trace.
rewrite.py replaces operations in it, by the rules of everywhere.py and, for one reader each, of for_opencv.py,
for_onnx.py and for_tfjs.py. network.py and signature.py are what an export asks of a Keras network and of a
SavedModel; source.py and scaling.py read a file of one's own for `labs export` (labs/convert.py).
card.py describes the folder; it alone is imported by those who read one, and without TensorFlow.
"""
