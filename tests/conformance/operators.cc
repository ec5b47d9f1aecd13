#include "operators.h"

#include <array>

namespace deepaxe::conformance {
namespace {

constexpr bool kImage = true;
constexpr bool kAnyRank = false;

constexpr std::array kTable{
    OperatorEntry{"conv2d", kImage, append_convolution},
    OperatorEntry{"grouped_conv2d", kImage, append_grouped_convolution},
    OperatorEntry{"depthwise_conv2d", kImage, append_depthwise},
    OperatorEntry{"dense", kAnyRank, append_dense},
    OperatorEntry{"max_pool", kImage, append_max_pool},
    OperatorEntry{"average_pool", kImage, append_average_pool},
    OperatorEntry{"global_average_pool", kImage, append_global_average_pool},
    OperatorEntry{"global_max_pool", kImage, append_global_max_pool},
    OperatorEntry{"add", kAnyRank, append_add},
    OperatorEntry{"subtract", kAnyRank, append_subtract},
    OperatorEntry{"multiply", kAnyRank, append_multiply},
    OperatorEntry{"add_constant", kAnyRank, append_add_constant},
    OperatorEntry{"subtract_constant", kAnyRank, append_subtract_constant},
    OperatorEntry{"multiply_constant", kAnyRank, append_multiply_constant},
    OperatorEntry{"prelu", kAnyRank, append_prelu},
    OperatorEntry{"relu", kAnyRank, append_relu},
    OperatorEntry{"relu6", kAnyRank, append_relu6},
    OperatorEntry{"linear_n1_to_1", kAnyRank, append_relu_n1_to_1},
    OperatorEntry{"leaky_relu", kAnyRank, append_leaky_relu},
    OperatorEntry{"tanh", kAnyRank, append_tanh},
    OperatorEntry{"sigmoid", kAnyRank, append_sigmoid},
    OperatorEntry{"hard_swish", kAnyRank, append_hard_swish},
    OperatorEntry{"linear_quantize", kAnyRank, append_quantize},
    OperatorEntry{"softmax", kAnyRank, append_softmax},
    OperatorEntry{"reshape", kAnyRank, append_reshape},
    OperatorEntry{"reshape_by_one", kAnyRank, append_squeeze_or_expand},
    OperatorEntry{"pad", kAnyRank, append_pad},
    OperatorEntry{"pad_with_value", kAnyRank, append_pad_with_value},
    OperatorEntry{"slice", kAnyRank, append_slice},
    OperatorEntry{"permute", kAnyRank, append_permute},
    OperatorEntry{"concatenate", kAnyRank, append_concatenate},
};

}  // namespace

std::span<const OperatorEntry> operator_table() { return kTable; }

}  // namespace deepaxe::conformance
