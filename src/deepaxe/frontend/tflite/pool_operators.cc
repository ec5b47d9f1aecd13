// Pools, and reductions over height and width.
#include <fmt/format.h>

#include <algorithm>

#include "deepaxe/frontend/tflite/operators.h"

namespace deepaxe::frontend::tflite {

void read_pool(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 1, 1);
  const auto& options = require(builder, op, op.table->builtin_options_as_Pool2DOptions());
  const int input = builder.input_node(op, 0);
  const bool is_max = op.code == fb::BuiltinOperator_MAX_POOL_2D;
  const model::Pool pool{.kind = is_max ? model::PoolKind::kMax : model::PoolKind::kAverage,
                         .window = make_window(builder, op,
                                               {options.filter_h(), options.filter_w(),
                                                options.stride_h(), options.stride_w(), 1, 1},
                                               options.padding(), image_input(builder, op, input))};
  const int tensor = builder.file.only_output(op);
  DraftNode node = builder.make_node(tensor, pool, {input});
  expect_equal_quantization(builder, op, node);
  set_activation(builder, op, node, options.fused_activation());
  builder.add_node(std::move(node), tensor);
}

void read_reduction(GraphBuilder& builder, const OperatorView& op) {
  expect_inputs(builder.file, op, 2, 2);
  const int input = builder.input_node(op, 0);
  image_input(builder, op, input);
  std::vector<std::int64_t> axes = integer_values(builder, op, 1);
  for (std::int64_t& axis : axes) axis += axis < 0 ? 4 : 0;
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<std::int64_t>{1, 2}) {
    builder.file.refuse(op.place, "a reduction over other axes", "height and width");
  }
  if (op.code == fb::BuiltinOperator_REDUCE_MAX) {
    add_code_keeping_node(builder, op, model::GlobalPool{.kind = model::PoolKind::kMax}, {input});
    return;
  }
  const int tensor = builder.file.only_output(op);
  DraftNode node =
      builder.make_node(tensor, model::GlobalPool{.kind = model::PoolKind::kAverage}, {input});
  expect_factor(builder, op, double{builder.node(input).quant.scale} / double{node.quant.scale});
  builder.add_node(std::move(node), tensor);
}

}  // namespace deepaxe::frontend::tflite
