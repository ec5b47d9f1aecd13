// Lowering: a float network rewritten into the layers that have an int8 form, values unchanged.
#pragma once

#include "deepaxe/model/graph.h"

namespace deepaxe::calibrate {

/// The same function of the image, up to the order of float additions:
///  - Add of more than two: a chain of additions of two ("name/1", "name/2"..., "name");
///  - Affine (unfolded BatchNormalization, Rescaling): a 1x1 depthwise convolution. It is exact,
///  but
///    it multiplies: it is a computing layer with an assignment and faults of its own;
///  - an average pool over the whole image: a global average, which TFLite lets rescale (on
///  ResNet-8
///    that wins back 0.5 to 1 points of accuracy);
///  - a convolution padded neither as `same` nor as `valid`: a Pad ("name/pad") before it;
///  - a linear Activate: dropped; one is put between a tanh, sigmoid or softmax and a
///  concatenation,
///    to rescale ("name/rescale_0"...).
/// Throws InputError, naming layer and op, for what has no int8 form: a ReLU with threshold, a
/// leaky ReLU with a maximum.
model::FloatModel lower(const model::FloatModel& model);

}  // namespace deepaxe::calibrate
