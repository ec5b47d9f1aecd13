// Per-channel arithmetic: BatchNormalization (as it acts after training) and Rescaling.
#include <cmath>

#include "deepaxe/frontend/keras/builders.h"

namespace deepaxe::frontend::keras {
namespace {

// Normalization over any other axis would not be one factor a channel.
void check_axis(const LayerCall& call, Value input) {
  const int rank = static_cast<int>(call.graph.shape(input).size()) + 1;  // With the batch.
  const int channel_axis = input.channels_first ? 1 : rank - 1;
  const std::vector<int> axes = call.fields.integers("axis");
  if (axes.empty()) return;
  if (axes.size() != 1 || (axes[0] + rank) % rank != channel_axis) {
    call.fields.refuse("axis", brief(call.fields.raw("axis")), "the axis of the channels");
  }
}

}  // namespace

Value build_batch_normalization(const LayerCall& call) {
  const Value input = call.input();
  check_axis(call, input);
  if (call.fields.integer("mode", 0) != 0) {
    call.fields.refuse("mode", brief(call.fields.raw("mode")), "0, normalization by feature");
  }
  const int channels = model::num_channels(call.graph.shape(input));
  const bool has_gamma = call.fields.boolean("scale", true);
  const bool has_beta = call.fields.boolean("center", true);
  const std::size_t first = (has_gamma ? 1U : 0U) + (has_beta ? 1U : 0U);
  call.expect_weights(first + 2);
  const std::vector<float>& mean = call.weight(first, {channels});
  const std::vector<float>& variance = call.weight(first + 1, {channels});
  const double epsilon = call.fields.number("epsilon", 1e-3);
  std::vector<float> factors;
  std::vector<float> offsets;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    const double gamma = has_gamma ? call.weight(0, {channels})[c] : 1.0;
    const double beta = has_beta ? call.weight(has_gamma ? 1 : 0, {channels})[c] : 0.0;
    const double factor = gamma / std::sqrt(variance[c] + epsilon);
    factors.push_back(static_cast<float>(factor));
    offsets.push_back(static_cast<float>(beta - mean[c] * factor));
  }
  return call.graph.append(call.name, {.op = model::Affine{},
                                       .inputs = {input},
                                       .weights = std::move(factors),
                                       .bias = std::move(offsets)});
}

Value build_rescaling(const LayerCall& call) {
  const Value input = call.input();
  const auto channels = static_cast<std::size_t>(model::num_channels(call.graph.shape(input)));
  call.graph.expect_room(call.name, 2 * channels);
  const auto per_channel = [&](const char* field, double otherwise) {
    std::vector<double> values = call.fields.numbers(field);
    if (values.empty()) values = {otherwise};
    if (values.size() == 1) values.resize(channels, values.front());
    if (values.size() != channels) {
      call.fields.refuse(field, std::to_string(values.size()) + " values",
                         "1 or " + std::to_string(channels));
    }
    return std::vector<float>(values.begin(), values.end());
  };
  return call.graph.append(call.name, {.op = model::Affine{},
                                       .inputs = {input},
                                       .weights = per_channel("scale", 1),
                                       .bias = per_channel("offset", 0)});
}

}  // namespace deepaxe::frontend::keras
