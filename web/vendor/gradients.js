// The way back through a network, for Grad-CAM. A graph model runs forward, but what it runs are TensorFlow.js's own
// operations, and those have gradients once they are registered. Two we write ourselves, since in 4.22 the wasm backend
// has no kernel for the one (depthwise convolution) and a wrong one for the other (max pooling).
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { add, backend_util, cast, depthwiseConv2d, equal, grad, mul, ones, pad, registerGradient, relu, reshape, reverse, slice, stridedSlice, sub, sum, mean, tensor, tidy } from "@tensorflow/tfjs-core";

// Put zeros between the places of t (n, h, w, c), and what comes out at (top, left) into zeros of height x width.
function spread(t, stride, [top, left], [height, width]) {
  const [n, h, w, c] = t.shape;
  const rows = reshape(pad(reshape(t, [n, h, 1, w * c]), [[0, 0], [0, 0], [0, stride - 1], [0, 0]]), [n * h * stride, w, 1, c]);
  const all = reshape(pad(rows, [[0, 0], [0, 0], [0, stride - 1], [0, 0]]), [n, h * stride, w * stride, c]);
  const room = pad(all, [[0, 0], [Math.max(0, top), Math.max(0, height - top - h * stride)], [Math.max(0, left), Math.max(0, width - left - w * stride)], [0, 0]]);
  return slice(room, [0, Math.max(0, -top), Math.max(0, -left), 0], [n, height, width, c]);
}

// What went in at each place of a kernel meets what came out: the same kernel, turned by half a turn.
function throughDepthwise(dy, [x, filter], { strides, pad: padding, dilations = 1 }) {
  const { inHeight, inWidth, filterHeight, filterWidth, outChannels, inChannels, dilationHeight, padInfo, strideHeight } = backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, padding, "floor", true);
  if (dilationHeight > 1 || outChannels !== inChannels) throw new Error("Grad-CAM knows plain depthwise convolutions only");
  const at = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
  const room = spread(dy, strideHeight, at, [inHeight + filterHeight - 1, inWidth + filterWidth - 1]);
  return depthwiseConv2d(room, reverse(filter, [0, 1]), 1, "valid");
}

// The largest of a window takes all; of equals the first, as in TensorFlow.
function throughMaxPool(dy, [x, y], { filterSize, strides, pad: padding }) {
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight: stride, padInfo } = backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, padding);
  const { top, left, bottom, right } = padInfo;
  const [height, width] = [inHeight + top + bottom, inWidth + left + right];
  const all = pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]], -1e30);
  let free = ones(y.shape);
  let back = null;
  for (let place = 0; place < filterHeight * filterWidth; place++) {
    const [row, column] = [Math.floor(place / filterWidth), place % filterWidth];
    const end = [x.shape[0], row + (outHeight - 1) * stride + 1, column + (outWidth - 1) * stride + 1, x.shape[3]];
    const taken = mul(free, cast(equal(stridedSlice(all, [0, row, column, 0], end, [1, stride, stride, 1]), y), "float32"));
    free = sub(free, taken);
    const part = spread(mul(dy, taken), stride, [row, column], [height, width]);
    back = back ? add(back, part) : part;
  }
  return slice(back, [0, top, left, 0], x.shape);
}

registerGradient({ kernelName: "DepthwiseConv2dNative", inputsToSave: ["x", "filter"], gradFunc: (dy, saved, attributes) => ({ x: () => throughDepthwise(dy, saved, attributes) }) });
registerGradient({ kernelName: "MaxPool", inputsToSave: ["x"], outputsToSave: [true], gradFunc: (dy, saved, attributes) => ({ x: () => throughMaxPool(dy, saved, attributes) }) });

export { grad, mean, mul, relu, sum, tensor, tidy };
